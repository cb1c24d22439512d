#include "project/workflow_steps.hpp"

#include <algorithm>
#include <array>

#include "project/changing_values.hpp"
#include "project/said_in_file.hpp"
#include "text/limits.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

// The context that the action takes without a local one: the repository, or a directory of it.
std::string local_context(std::string context) {
  constexpr std::string_view whole = "{{defaultContext}}";
  if (!context.starts_with(whole)) return context;
  context.erase(0, whole.size());
  return context.starts_with(':') ? context.substr(1) : context.empty() ? "." : context;
}

// GitHub's own machines, which are new for every job: `ubuntu-24.04`, `[windows-latest]`. What an expression or another
// label stands for is not known. https://docs.github.com/actions/reference/runners/github-hosted-runners
bool is_hosted(const YAML::Node& runs_on) {
  if (!runs_on) return false;
  if (runs_on.IsSequence()) return runs_on.size() == 1 && is_hosted(runs_on[0]);
  if (!runs_on.IsScalar()) return false;
  const auto label = runs_on.Scalar();
  constexpr std::array<std::string_view, 3> systems = {"ubuntu-", "windows-", "macos-"};
  const bool known = std::ranges::any_of(systems, [&](std::string_view system) { return label.starts_with(system); });
  return known && label.find("${{") == label.npos && label.find("self") == label.npos;
}

// The values of `${{ matrix.NAME }}`: those of the list, and those that `include` adds. Nothing where they come from
// elsewhere.
std::vector<YAML::Node> values_in_matrix(const YAML::Node& job, std::string_view expression) {
  std::vector<YAML::Node> values;
  constexpr std::string_view open = "${{", close = "}}", prefix = "matrix.";
  if (!expression.starts_with(open) || !expression.ends_with(close)) return values;
  auto name = trim_unicode(expression.substr(open.size(), expression.size() - open.size() - close.size()));
  const auto strategy = job["strategy"];
  const auto matrix = strategy && strategy.IsMap() ? strategy["matrix"] : YAML::Node();
  if (!name.starts_with(prefix) || !matrix || !matrix.IsMap()) return values;
  const std::string key(name.substr(prefix.size()));
  if (const auto list = matrix[key]; list && list.IsSequence())
    for (const auto& value : list) values.push_back(value);
  if (const auto include = matrix["include"]; include && include.IsSequence())
    for (const auto& entry : include)
      if (entry.IsMap() && entry[key]) values.push_back(entry[key]);
  return values;
}

}  // namespace

std::string text_of(const YAML::Node& node, const char* fallback) {
  return node && node.IsScalar() ? node.Scalar() : std::string(fallback);
}

std::string with_environment(std::string_view text, const Environments& environments) {
  std::string result;
  for (auto at = text.find("${{"); at != text.npos; at = text.find("${{")) {
    const auto end = text.find("}}", at);
    if (end == text.npos) break;
    if (result.size() > limits::longest_value) return {};
    auto name = trim_unicode(text.substr(at + 3, end - at - 3));
    auto value = std::string(text.substr(at, end + 2 - at));
    if (name.starts_with("env."))
      for (const auto& environment : environments) {
        if (!environment || !environment.IsMap()) continue;
        YamlBudget::look_at(environment.size());
        if (const auto found = environment[std::string(name.substr(4))])
          value = text_of(found, "").substr(0, limits::longest_value);
      }
    result.append(text.substr(0, at)).append(value);
    text.remove_prefix(end + 2);
  }
  return result.append(text);
}

namespace {

// The lines of the form NAME=value, but for those of certain names.
std::set<std::string, std::less<>> constant_arguments(std::string_view lines,
                                                      const std::set<std::string, std::less<>>& changing) {
  std::set<std::string, std::less<>> arguments;
  for (const auto line : split_lines(lines)) {
    const auto argument = trim_unicode(line);
    YamlBudget::keep(argument.size());
    if (!argument.empty() && !changing.contains(argument.substr(0, argument.find('=')))) arguments.emplace(argument);
  }
  return arguments;
}

Build build_by_buildx(const YAML::Node& step, const std::string& job, const std::string& root,
                      const Environments& environments) {
  const auto with = step["with"];
  const bool given = with && with.IsMap();
  const auto value = [&](const char* key, const char* fallback) {
    return given ? text_of(with[key], fallback) : std::string(fallback);
  };
  auto build = local_build(text_of(step["name"], job.c_str()), local_context(value("context", ".")), "Dockerfile", root,
                           line_of(step));
  // Unlike in Compose, `file` is relative to the repository, not to the context.
  if (const auto file = value("file", ""); !file.empty() && !build.dockerfile.empty())
    build.dockerfile = is_elsewhere(file) ? "" : joined_path(root, file);
  if (given) build.arguments = argument_names(with["build-args"]);
  build.changing = changing_names(with_environment(value("build-args", ""), environments));
  build.given_arguments = constant_arguments(value("build-args", ""), build.changing);
  build.target = value("target", "");
  build.program = "docker";
  if (given) {
    build.said_block = block_said_in(step, "with");
    build.said_target = said_in(with["target"]);
    build.said_arguments = names_said_in(with["build-args"]);
    build.said_cache_to = said_in(with["cache-to"], Variables::allowed);
  }
  add_platforms(build, value("platforms", ""));
  auto tags = without_expressions(with_environment(value("tags", ""), environments));
  std::ranges::replace(tags, ',', ' ');
  for (const auto tag : split_words(tags)) {
    YamlBudget::keep(tag.size());
    build.images.insert(image_name(tag));
  }
  build.cache_from = build.fetches_layers = !value("cache-from", "").empty();
  build.cache_to = !value("cache-to", "").empty();
  build.without_cache = value("no-cache", "") == "true" || !value("no-cache-filters", "").empty();
  return build;
}

Build build_for_publication(const YAML::Node& step, const std::string& job, const std::string& root,
                            const Environments& /*environments*/) {
  const auto with = step["with"];
  const auto value = [&](const char* key, const char* fallback) {
    return with && with.IsMap() ? text_of(with[key], fallback) : std::string(fallback);
  };
  const auto directory = value("workdir", "."), dockerfile = value("dockerfile", "Dockerfile");
  const auto base = is_elsewhere(directory) ? root : joined_path(root, directory);
  auto build =
      local_build(text_of(step["name"], job.c_str()), value("context", "."), "Dockerfile", base, line_of(step));
  if (!build.dockerfile.empty())
    build.dockerfile = is_elsewhere(directory) || is_elsewhere(dockerfile) ? "" : joined_path(base, dockerfile);
  build.target = value("target", "");
  add_platforms(build, value("platforms", ""));
  auto arguments = value("buildargs", "");
  std::ranges::replace(arguments, ',', ' ');
  for (const auto argument : split_words(arguments)) build.arguments.emplace(argument.substr(0, argument.find('=')));
  build.images.insert(image_name(without_expressions(value("name", ""))));
  build.cache_from = build.cache_to = true;  // its own option says what it does about its cache
  build.fetches_layers = value("cache", "") == "true";
  build.by_docker = true;
  return build;
}

// Of several files, the first: they are parts of one image.
Build build_by_buildah(const YAML::Node& step, const std::string& job, const std::string& root,
                       const Environments& environments) {
  const auto with = step["with"];
  const auto value = [&](const char* key, const char* fallback = "") {
    return with && with.IsMap() ? text_of(with[key], fallback) : std::string(fallback);
  };
  auto build = local_build(text_of(step["name"], job.c_str()), local_context(value("context", ".")), "Dockerfile", root,
                           line_of(step));
  auto named = value("containerfiles") + ' ' + value("dockerfiles");  // the second is the former name
  std::ranges::replace(named, '\n', ' ');
  if (const auto words = split_words(named); !words.empty() && !build.dockerfile.empty())
    build.dockerfile = is_elsewhere(std::string(words[0])) ? "" : joined_path(root, std::string(words[0]));
  if (with && with.IsMap()) build.arguments = argument_names(with["build-args"]);
  build.changing = changing_names(with_environment(value("build-args"), environments));
  build.program = "buildah";
  add_platforms(build, value("platforms"));
  build.images.insert(image_name(without_expressions(with_environment(value("image"), environments))));
  build.cache_from = build.cache_to = true;  // it has neither
  return build;
}

// Actions by how their names begin, in lower case.
struct BuildAction {
  std::string_view name;
  Build (*build)(const YAML::Node& step, const std::string& job, const std::string& root, const Environments&);
};
constexpr BuildAction actions[] = {{"docker/build-push-action", build_by_buildx},
                                   {"elgohr/publish-docker-github-action", build_for_publication},
                                   {"redhat-actions/buildah-build", build_by_buildah}};

const BuildAction* action_of(const YAML::Node& step) {
  const auto name = to_lower_ascii(text_of(step["uses"], ""));
  const auto found =
      std::ranges::find_if(actions, [&](const BuildAction& each) { return name.starts_with(each.name); });
  return found == std::end(actions) ? nullptr : found;
}

}  // namespace

bool builds_by_action(const YAML::Node& step) { return action_of(step) != nullptr; }

Build build_of_action(const YAML::Node& step, const std::string& job, const std::string& root,
                      const Environments& environments) {
  return action_of(step)->build(step, job, root, environments);
}

DockerScript script_of(const YAML::Node& step, const std::string& root, const std::string& path) {
  const auto& text = step["run"].Scalar();
  // Below `run: |`, or in the same line.
  const auto line = line_of(step["run"]) + (text.find('\n') == text.npos ? 0 : 1);
  return {without_expressions(text), text_of(step["working-directory"], "."), root, path, line};
}

bool runs_hosted(const YAML::Node& job, const WorkflowValues& given) {
  const auto runs_on = job["runs-on"];
  if (!runs_on || !runs_on.IsScalar()) return is_hosted(runs_on);
  if (!given.empty() && is_hosted(YAML::Node(with_values(runs_on.Scalar(), given)))) return true;
  const auto values = values_in_matrix(job, runs_on.Scalar());
  return values.empty() ? is_hosted(runs_on) : std::ranges::all_of(values, is_hosted);
}

bool uses_hosted_cache(const Build& build) {
  return std::ranges::any_of(build.said_cache_to,
                             [](const SaidInFile& said) { return said.text.starts_with("type=gha"); });
}

bool bakes_with_layers(const YAML::Node& step) {
  const auto with = step["with"];
  return text_of(step["uses"], "").starts_with("docker/bake-action") && with && with.IsMap() &&
         text_of(with["set"], "").find(".cache-from=") != std::string::npos;
}

bool prepares_checkout(const YAML::Node& steps) {
  // Words of commands, and parts of the names of actions.
  constexpr std::string_view commands[] = {"npm",    "yarn",  "pnpm", "bun",   "make",   "composer", "bundle", "pip",
                                           "poetry", "uv",    "mvn",  "mvnw",  "gradle", "gradlew",  "task",   "just",
                                           "nx",     "turbo", "mix",  "cargo", "go",     "dotnet",   "sh",     "bash"};
  constexpr std::string_view actions[] = {"npm", "yarn", "pnpm", "install", "download-artifact"};
  return std::ranges::any_of(steps, [&](const YAML::Node& step) {
    if (!step.IsMap()) return false;
    const auto uses = text_of(step["uses"], ""), text = text_of(step["run"], "");
    const auto names = [&](std::string_view word) { return find_name(text, word, "-_") != text.npos; };
    const auto calls = [&](std::string_view part) { return uses.find(part) != uses.npos; };
    return uses.starts_with("./") || std::ranges::any_of(actions, calls) || std::ranges::any_of(commands, names);
  });
}

bool keeps_mounts(const YAML::Node& steps) {
  for (const auto& step : steps) {
    if (!step.IsMap()) continue;
    const auto uses = text_of(step["uses"], "");
    if (uses.find("cache-dance") != uses.npos || uses.starts_with("depot/") || uses.find("blacksmith") != uses.npos ||
        uses.starts_with("namespacelabs/"))
      return true;
    const auto with = step["with"];
    if (!uses.starts_with("docker/setup-buildx-action") || !with || !with.IsMap()) continue;
    const auto driver = text_of(with["driver"], "docker-container");
    if ((driver != "docker-container" && driver != "docker") || with["endpoint"]) return true;
  }
  return false;
}

}  // namespace dockhew::cli
