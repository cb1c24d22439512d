#include "project/workflow_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "project/cache_exporters.hpp"
#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "project/said_in_file.hpp"
#include "project/workflow_values.hpp"
#include "text/limits.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
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

// The variables that a workflow, a job and a step set, the innermost last.
using Environments = std::vector<YAML::Node>;

// `${{ env.IMAGE }}:latest` with the value of the variable, where the file has it.
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

// https://github.com/docker/build-push-action: paths are relative to the repository.
Build build_of_action(const YAML::Node& step, const std::string& job, const std::string& root,
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

// https://github.com/elgohr/Publish-Docker-Github-Action: `docker build` in a directory, to which all paths are
// relative.
bool is_publication(const YAML::Node& step) {
  return to_lower_ascii(text_of(step["uses"], "")).starts_with("elgohr/publish-docker-github-action");
}

Build build_of_publication(const YAML::Node& step, const std::string& job, const std::string& root) {
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

// https://github.com/google-github-actions/deploy-cloudrun: Cloud Build builds the Dockerfile of the source, without
// BuildKit.
void read_cloud_run(const YAML::Node& step, const std::string& job, const std::string& root, Builds& result) {
  const auto with = step["with"];
  const auto source = with && with.IsMap() ? text_of(with["source"], "") : std::string();
  if (source.empty()) return;
  result.builds.push_back(submitted_build(text_of(step["name"], job.c_str()), source, root, line_of(step)));
}

// The image in which a job runs its commands: `container: node`, `container: {image: node}`.
std::string container_of(const YAML::Node& job) {
  const auto container = job["container"];
  return without_expressions(text_of(container && container.IsMap() ? container["image"] : container, ""));
}

// What docker/metadata-action calls images: the tags of a build come from there.
void name_images(const YAML::Node& steps, const Environments& environments, std::vector<Build>& builds,
                 std::size_t first) {
  for (const auto& step : steps) {
    if (!step.IsMap() || !text_of(step["uses"], "").starts_with("docker/metadata-action")) continue;
    const auto with = step["with"];
    auto images = without_expressions(
        with_environment(with && with.IsMap() ? text_of(with["images"], "") : std::string(), environments));
    std::ranges::replace(images, ',', ' ');
    std::ranges::replace(images, '\n', ' ');
    for (const auto image : split_words(images))
      for (auto i = first; i < builds.size(); ++i) {
        YamlBudget::keep(image.size());
        builds[i].images.insert(image_name(image));
      }
  }
}

// `uses: docker://ghcr.io/me/app:1`, with what it starts there.
void read_container_step(const YAML::Node& step, const std::string& path, Builds& result) {
  constexpr std::string_view prefix = "docker://";
  const auto uses = without_expressions(text_of(step["uses"], ""));
  const auto with = step["with"];
  if (!uses.starts_with(prefix) || !with || !with.IsMap()) return;
  const auto entrypoint = text_of(with["entrypoint"], ""), arguments = text_of(with["args"], "");
  add_run(uses.substr(prefix.size()), entrypoint + (entrypoint.empty() || arguments.empty() ? "" : " ") + arguments,
          place_of(path, step), result);
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

bool runs_hosted(const YAML::Node& job, const WorkflowValues& given = {}) {
  const auto runs_on = job["runs-on"];
  if (!runs_on || !runs_on.IsScalar()) return is_hosted(runs_on);
  if (!given.empty() && is_hosted(YAML::Node(with_values(runs_on.Scalar(), given)))) return true;
  const auto values = values_in_matrix(job, runs_on.Scalar());
  return values.empty() ? is_hosted(runs_on) : std::ranges::all_of(values, is_hosted);
}

// GitHub's own cache is there for its machines.
bool uses_hosted_cache(const Build& build) {
  return std::ranges::any_of(build.said_cache_to,
                             [](const SaidInFile& said) { return said.text.starts_with("type=gha"); });
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

// Whether a job logs in to a registry and pushes something.
bool pushes_images(const YAML::Node& steps) {
  bool logs_in = false, pushes = false;
  for (const auto& step : steps) {
    if (!step.IsMap()) continue;
    const auto uses = text_of(step["uses"], ""), script = text_of(step["run"], "");
    logs_in |= uses.starts_with("docker/login-action") || script.find("docker login") != script.npos;
    pushes |= script.find("docker push") != script.npos || script.find("--push") != script.npos;
    const auto with = step["with"];
    if (!uses.starts_with("docker/build-push-action") || !with || !with.IsMap()) continue;
    pushes |= text_of(with["push"], "false") != "false";
  }
  return logs_in && pushes;
}

DockerScript script_of(const YAML::Node& step, const std::string& root, const std::string& path) {
  const auto& text = step["run"].Scalar();
  // Below `run: |`, or in the same line.
  const auto line = line_of(step["run"]) + (text.find('\n') == text.npos ? 0 : 1);
  return {without_expressions(text), text_of(step["working-directory"], "."), root, path, line};
}

// ---- builds that depend on a matrix or on inputs --------------------------------------------------------------------

// How many workflows are read because others call them, and how deep: GitHub allows ten levels.
constexpr std::size_t most_calls = 200;
constexpr int deepest_call = 10;

// Builds whose paths have expressions, once for each value of these. What the file says of them it says of all.
class DependentBuilds {
 public:
  DependentBuilds(std::string path, std::string root, Builds& result)
      : path_(std::move(path)), root_(std::move(root)), result_(result) {}

  // Of a step, in each run of its job.
  void add(const YAML::Node& step, const std::string& job, const std::vector<WorkflowValues>& runs,
           const Environments& environments, bool exports_cache) {
    const bool builds = is_build_action(step) || is_publication(step);
    const bool is_script = step["run"] && step["run"].IsScalar();
    if (!(builds ? depends(step["with"])
                 : is_script && (has_expression(step["run"].Scalar()) ||
                                 has_expression(text_of(step["working-directory"], "")))))
      return;
    for (auto values : runs) {
      for (const auto& environment : environments) add_environment(environment, values);
      if (builds) add_actions(step, job, values, environments, exports_cache);
      else add_script(step, job, values);
    }
  }

 private:
  void add_actions(const YAML::Node& step, const std::string& job, WorkflowValues values,
                   const Environments& environments, bool exports_cache) {
    values.emplace("github.workspace", ".");
    const auto file = text_of(step["with"]["file"], "");
    const auto path = file.empty() ? text_of(step["with"]["context"], ".") + "/Dockerfile" : file;
    for (const auto& each : with_directories(path, root_, values)) {
      const auto replaced = step_with_values(step, each);
      auto build = is_publication(step) ? build_of_publication(replaced, job, root_)
                                        : build_of_action(replaced, job, root_, environments);
      build.exports_cache = exports_cache;
      keep(std::move(build), line_of(step));
    }
  }

  void add_script(const YAML::Node& step, const std::string& job, const WorkflowValues& values) {
    auto script = script_of(step, root_, path_);
    script.text = without_expressions(with_values(step["run"].Scalar(), values));
    script.directory = with_values(script.directory, values);
    Builds read;
    read_docker_commands(script, text_of(step["name"], job.c_str()), read);
    for (auto& build : read.builds) {
      const auto line = build.line;
      keep(std::move(build), line);
    }
  }

  static bool is_build_action(const YAML::Node& step) {
    return text_of(step["uses"], "").starts_with("docker/build-push-action");
  }

  static bool depends(const YAML::Node& with) {
    constexpr const char* paths[] = {"context", "file", "dockerfile", "workdir"};
    return with && with.IsMap() &&
           std::ranges::any_of(paths, [&](const char* key) { return has_expression(text_of(with[key], "")); });
  }

  void keep(Build build, std::size_t line) {
    if (build.dockerfile.empty() || result_.builds.size() >= most_builds) return;
    const bool known = std::ranges::any_of(result_.builds, [&](const Build& other) {
      return other.line == line && other.dockerfile == build.dockerfile && other.context == build.context &&
             other.target == build.target && other.platforms == build.platforms;
    });
    if (known) return;
    build.line = line;
    build.hosted = uses_hosted_cache(build);
    build.said_target.clear();
    build.said_arguments.clear();
    build.said_cache_to.clear();
    build.said_block.reset();
    result_.builds.push_back(std::move(build));
  }

  std::string path_, root_;
  Builds& result_;
};

// `uses: ./.github/workflows/build.yml` of a job, with the inputs that it passes: what the called workflow builds
// depends on them.
class Calls {
 public:
  Calls(const std::string& root, Builds& result) : root_(root), result_(result) {}

  void read(const YAML::Node& job, const WorkflowValues& values, int depth = 0) {
    constexpr std::string_view here = "./.github/workflows/";
    const auto uses = text_of(job["uses"], "");
    if (!uses.starts_with(here) || uses.find('/', here.size()) != uses.npos || depth > deepest_call) return;
    const auto path = joined_path(root_, uses);
    for (const auto& run : runs_of(job, values)) {
      if (++calls_ > most_calls) return;
      // What is wrong with the other file is said where it is read itself.
      read_yaml(path, [&](const YAML::Node& document) {
        if (!document.IsMap() || !document["jobs"] || !document["jobs"].IsMap()) return;
        auto inputs = inputs_of(job, run, document);
        add_environment(document["env"], inputs);
        for (const auto& each : document["jobs"])
          if (each.second.IsMap()) read_called(each.second, text_of(each.first, ""), path, inputs, document, depth);
      });
    }
  }

 private:
  void read_called(const YAML::Node& job, const std::string& name, const std::string& path,
                   const WorkflowValues& inputs, const YAML::Node& document, int depth) {
    read(job, inputs, depth + 1);
    const auto steps = job["steps"];
    if (!steps || !steps.IsSequence()) return;
    Builds found;
    DependentBuilds dependent(path, root_, found);
    const auto runs = runs_of(job, inputs);
    CacheExporters exporters;
    for (const auto& step : steps) {
      if (!step.IsMap()) continue;
      exporters.read(step);
      dependent.add(step, name, runs, {document["env"], job["env"], step["env"]}, exporters.serve(step));
    }
    const bool hosted = runs_hosted(job, inputs), keeps = keeps_mounts(steps);
    for (auto& build : found.builds) {
      if (result_.builds.size() >= most_builds) return;
      build.hosted = !keeps && (hosted || build.hosted);
      build.said_in = path;
      build.job = name.substr(0, limits::longest_name);
      result_.builds.push_back(std::move(build));
    }
  }

  const std::string& root_;
  Builds& result_;
  std::size_t calls_ = 0;
};

}  // namespace

bool is_workflow(const std::string& path) {
  if (!path.ends_with(".yaml") && !path.ends_with(".yml")) return false;
  return fs::absolute(path).parent_path().lexically_normal().string().ends_with(".github/workflows");
}

// A Dockerfile that is not where the workflow builds it may be that of this repository, checked out into a directory of
// its own.
void refuse_if_elsewhere(const Build& build, const std::string& path, Builds& result) {
  std::error_code error;
  if (!build.hosted || !build.fetches_layers || build.dockerfile.empty() || fs::exists(build.dockerfile, error)) return;
  result.unplaced.push_back({path + ':' + std::to_string(build.line), false, true,
                             "builds a Dockerfile of another directory on a hosted runner, which keeps layers but no "
                             "mounts, and it may be this one"});
}

// Whether a schedule starts some of the runs: they build anew what is meant to be fetched anew.
bool runs_by_schedule(const YAML::Node& on) {
  if (!on || on.IsScalar()) return on && on.Scalar() == "schedule";
  return std::ranges::any_of(
      on, [&](const auto& entry) { return text_of(on.IsMap() ? entry.first : entry, "") == "schedule"; });
}

// Whether all runs are for tags or releases, but for those that somebody starts by hand. What a run for one tag keeps
// in GitHub's cache, no run for another sees:
// https://docs.github.com/actions/reference/workflows-and-actions/dependency-caching#restrictions-for-accessing-a-cache
bool runs_for_tags_only(const YAML::Node& on) {
  if (on && on.IsScalar()) return on.Scalar() == "release";
  if (!on || on.size() == 0) return false;
  bool told = false;
  for (const auto& entry : on) {
    const auto event = text_of(on.IsMap() ? entry.first : entry, "");
    const auto push = on.IsMap() && event == "push" ? entry.second : YAML::Node();
    const bool tags = push.IsMap() && push["tags"] && !push["branches"] && !push["branches-ignore"];
    told |= tags || event == "release";
    if (!tags && event != "release" && event != "workflow_dispatch") return false;
  }
  return told;
}

Builds read_workflow(const std::string& path) {
  Builds result;
  const auto root = joined_path(fs::path(path).parent_path().string(), "../..");
  result.error = read_yaml(path, [&](const YAML::Node& document) {
    if (!document.IsMap()) throw WrongValue(document.Mark(), "there are no jobs in this file");
    if (!document["jobs"] || !document["jobs"].IsMap()) return;
    const bool tags_only = runs_for_tags_only(document["on"]) || runs_by_schedule(document["on"]);
    Calls calls(root, result);
    WorkflowValues environment;
    add_environment(document["env"], environment);
    for (const auto& job : document["jobs"]) {
      if (job.second.IsMap()) calls.read(job.second, environment);
      const auto steps = job.second.IsMap() ? job.second["steps"] : YAML::Node();
      if (!steps || !steps.IsSequence()) continue;
      const auto name = text_of(job.first, "").substr(0, limits::longest_name);
      const auto before = result.builds.size();
      const auto container = container_of(job.second);
      DependentBuilds dependent(path, root, result);
      const auto runs = runs_of(job.second, {});
      CacheExporters exporters;
      for (const auto& step : steps) {
        if (!step.IsMap() || result.builds.size() >= most_builds) continue;
        exporters.read(step);
        if (text_of(step["uses"], "").starts_with("docker/build-push-action")) {
          result.builds.push_back(build_of_action(step, name, root, {document["env"], job.second["env"], step["env"]}));
          result.builds.back().exports_cache = exporters.serve(step);
        } else if (is_publication(step)) {
          result.builds.push_back(build_of_publication(step, name, root));
        } else if (text_of(step["uses"], "").starts_with("google-github-actions/deploy-cloudrun")) {
          read_cloud_run(step, name, root, result);
        } else if (step["run"] && step["run"].IsScalar()) {
          const auto script = script_of(step, root, path);
          read_docker_commands(script, text_of(step["name"], name.c_str()), result);
          add_run(container, script.text, path + ':' + std::to_string(script.line), result);
        }
        read_container_step(step, path, result);
        dependent.add(step, name, runs, {document["env"], job.second["env"], step["env"]}, exporters.serve(step));
      }
      name_images(steps, {document["env"], job.second["env"]}, result.builds, before);
      const auto strategy = job.second["strategy"];
      const bool in_matrix = strategy && strategy.IsMap() && strategy["matrix"];
      // `if: startsWith(github.ref, 'refs/tags/')`
      const bool job_for_tags = text_of(job.second["if"], "").find("refs/tags") != std::string::npos;
      const bool hosted = runs_hosted(job.second), keeps = keeps_mounts(steps), pushes = pushes_images(steps);
      for (auto i = before; i < result.builds.size(); ++i) {
        auto& build = result.builds[i];
        build.hosted = !keeps && (hosted || build.hosted || uses_hosted_cache(build));
        build.job = name;
        build.in_matrix = in_matrix;
        build.without_cache |= (tags_only || job_for_tags) && !build.fetches_layers;
        build.pushed = pushes;
        refuse_if_elsewhere(build, path, result);
      }
    }
  });
  return result;
}

}  // namespace dockhew::cli
