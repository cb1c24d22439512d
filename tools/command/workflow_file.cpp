#include "workflow_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "facts/facts.hpp"
#include "model/dockerfile.hpp"
#include "text/limits.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

std::string text_of(const YAML::Node& node, const char* fallback) {
  return node && node.IsScalar() ? node.Scalar() : std::string(fallback);
}

// The context that the action takes without a local one: the repository, or a directory of it.
std::string local_context(std::string context) {
  constexpr std::string_view whole = "{{defaultContext}}";
  if (!context.starts_with(whole)) return context;
  context.erase(0, whole.size());
  return context.starts_with(':') ? context.substr(1) : context.empty() ? "." : context;
}

// https://github.com/docker/build-push-action: paths are relative to the repository.
Build build_of_action(const YAML::Node& step, const std::string& job, const std::string& root) {
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
  build.target = value("target", "");
  build.cache_from = build.fetches_layers = !value("cache-from", "").empty();
  build.cache_to = !value("cache-to", "").empty();
  return build;
}

// What the words of `docker build` say; nothing when the context is not known.
std::optional<Build> build_of_words(const ShellCommand& command, std::size_t first) {
  // All other options have a value.
  constexpr std::array<std::string_view, 13> switches = {
      "--check",    "--compress", "--debug",    "--disable-content-trust",
      "--force-rm", "--load",     "--no-cache", "--pull",
      "--push",     "--quiet",    "--rm",       "--squash",
      "-q"};
  std::string dockerfile, context;
  Build build;
  for (auto i = first; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    const auto equals = word.raw.find('=');
    const bool option = word.raw.starts_with('-') && word.raw != "-";
    if (!option) {
      if (!word.value.is_known() || word.text() == "-") return std::nullopt;
      context = word.text();
      continue;
    }
    if (std::ranges::find(switches, word.raw) != switches.end()) continue;
    const bool joined = word.raw.starts_with("--") && equals != word.raw.npos;
    const auto name = word.raw.substr(0, joined ? equals : word.raw.npos);
    if (!joined && ++i == command.words.size()) break;
    const auto& value = command.words[i];
    const bool file = name == "-f" || name == "--file", argument = name == "--build-arg";
    const bool target = name == "--target";
    if (file && !value.value.is_known()) return std::nullopt;
    // Without the quotes that are in it, the equals sign is elsewhere.
    const auto& whole = value.text();
    const auto text = joined ? whole.substr(std::min(whole.find('='), whole.size() - 1) + 1) : whole;
    if (file) dockerfile = text;
    if (target) build.target = text;
    const auto raw = joined ? value.raw.substr(equals + 1) : value.raw;
    if (argument) build.arguments.insert(raw.substr(0, raw.find('=')));
  }
  if (context.empty() || is_elsewhere(context)) return std::nullopt;
  build.context = context;
  build.dockerfile = dockerfile;
  return build;
}

// Expressions of GitHub stand for what is only known when the workflow runs.
std::string without_expressions(std::string_view script) {
  std::string result;
  for (auto at = script.find("${{"); at != script.npos; at = script.find("${{")) {
    const auto end = script.find("}}", at);
    if (end == script.npos) break;
    result.append(script.substr(0, at)).append("$EXPRESSION");
    script.remove_prefix(end + 2);
  }
  return result.append(script);
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

// A step that keeps cache mounts from one run to the next, or uses a builder that is elsewhere.
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

// The script is read as that of a RUN is: its commands, and the directory that each runs in.
void read_script(const YAML::Node& step, const std::string& name, const std::string& root, std::vector<Build>& builds) {
  constexpr std::string_view end_of_script = "END_OF_SCRIPT";
  const auto script = without_expressions(step["run"].Scalar());
  const auto directory = text_of(step["working-directory"], ".");
  if (script.find("build") == script.npos || is_elsewhere(directory)) return;
  std::string text = "FROM scratch\nWORKDIR " + joined_path("/", directory) + "\nRUN <<'";
  text.append(end_of_script).append("'\n").append(script).append("\n").append(end_of_script).append("\n");
  const Dockerfile file(std::move(text), builtin_facts(), {});
  if (file.stages().empty() || file.stages()[0].steps.size() != 2 || !file.stages()[0].steps[1].script) return;
  for (const auto& command : file.stages()[0].steps[1].script->commands) {
    constexpr std::array<std::string_view, 3> builders = {"buildah", "docker", "podman"};
    std::size_t first = 1;
    if (std::ranges::find(builders, command.name()) == builders.end() || !command.directory.is_known()) continue;
    while (first < command.words.size() &&
           (command.words[first].raw == "buildx" || command.words[first].raw == "image"))
      ++first;
    if (first == command.words.size() || (command.words[first].raw != "build" && command.words[first].raw != "bud"))
      continue;
    auto build = build_of_words(command, first + 1);
    if (!build) continue;
    const auto base = joined_path(root, "." + command.directory.text);
    build->name = name.substr(0, limits::longest_name);
    build->line = line_of(step);
    build->context = joined_path(base, build->context);
    // Unlike in Compose, `-f` is relative to where the command runs.
    build->dockerfile =
        build->dockerfile.empty() ? joined_path(build->context, "Dockerfile") : joined_path(base, build->dockerfile);
    build->cache_from = build->cache_to = true;  // what it does about its cache is its own matter
    build->fetches_layers =
        std::ranges::any_of(command.words, [](const ShellWord& word) { return word.raw.starts_with("--cache-from"); });
    builds.push_back(std::move(*build));
    if (builds.size() >= most_builds) return;
  }
}

}  // namespace

bool is_workflow(const std::string& path) {
  if (!path.ends_with(".yaml") && !path.ends_with(".yml")) return false;
  return fs::absolute(path).parent_path().lexically_normal().string().ends_with(".github/workflows");
}

Builds read_workflow(const std::string& path) {
  Builds result;
  const auto root = joined_path(fs::path(path).parent_path().string(), "../..");
  result.error = read_yaml(path, [&](const YAML::Node& document) {
    if (!document.IsMap()) throw WrongValue(document.Mark(), "there are no jobs in this file");
    if (!document["jobs"] || !document["jobs"].IsMap()) return;
    for (const auto& job : document["jobs"]) {
      const auto steps = job.second.IsMap() ? job.second["steps"] : YAML::Node();
      if (!steps || !steps.IsSequence()) continue;
      const auto name = text_of(job.first, "").substr(0, limits::longest_name);
      const auto before = result.builds.size();
      for (const auto& step : steps) {
        if (!step.IsMap() || result.builds.size() >= most_builds) continue;
        if (text_of(step["uses"], "").starts_with("docker/build-push-action"))
          result.builds.push_back(build_of_action(step, name, root));
        else if (step["run"] && step["run"].IsScalar())
          read_script(step, text_of(step["name"], name.c_str()), root, result.builds);
      }
      const bool hosted = is_hosted(job.second["runs-on"]) && !keeps_mounts(steps);
      for (auto i = before; i < result.builds.size(); ++i) result.builds[i].hosted = hosted;
    }
  });
  return result;
}

}  // namespace dockhew::cli
