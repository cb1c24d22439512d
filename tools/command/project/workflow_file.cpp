#include "project/workflow_file.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "project/cache_exporters.hpp"
#include "project/cloud_commands.hpp"
#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "project/old_builders.hpp"
#include "project/workflow_calls.hpp"
#include "project/workflow_steps.hpp"
#include "text/limits.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

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

// Whether a job says something of BuildKit, so that an old Docker may use it too.
bool asks_for_buildkit(const YAML::Node& document, const YAML::Node& job) {
  constexpr const char* variable = "DOCKER_BUILDKIT";
  const auto sets = [&](const YAML::Node& env) { return env && env.IsMap() && env[variable]; };
  const auto steps = job["steps"];
  return sets(document["env"]) || sets(job["env"]) || std::ranges::any_of(steps, [&](const YAML::Node& step) {
           return step.IsMap() && (sets(step["env"]) || text_of(step["run"], "").find(variable) != std::string::npos ||
                                   text_of(step["uses"], "").starts_with("docker/setup-buildx-action"));
         });
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

}  // namespace

bool is_workflow(const std::string& path) {
  if (!path.ends_with(".yaml") && !path.ends_with(".yml")) return false;
  return fs::absolute(path).parent_path().lexically_normal().string().ends_with(".github/workflows");
}

bool is_nested_workflow(const std::string& path) {
  if (!is_workflow(path)) return false;
  std::error_code error;
  const auto own = fs::absolute(path).lexically_normal().parent_path().parent_path().parent_path();
  for (auto directory = own;; directory = directory.parent_path()) {
    if (fs::exists(directory / ".git", error)) return directory != own;
    if (directory == directory.parent_path()) return false;
  }
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

// https://github.com/actions/runner-images: Podman 3.4 and Buildah 1.23, one release before cache mounts.
void refuse_on_old_runner(const YAML::Node& runs_on, Build& build) {
  const auto runner = text_of(runs_on, "");
  if ((build.program != "podman" && build.program != "buildah") || !build.refuses_mounts.empty()) return;
  if (runner == "ubuntu-22.04" || runner == "ubuntu-20.04")
    build.refuses_mounts = "builds it on `" + runner + "`, whose Podman and Buildah know no cache mounts";
}

Builds read_workflow(const std::string& path, CalledWorkflows* known) {
  Builds result;
  CalledWorkflows own;
  auto& called = known != nullptr ? *known : own;
  const std::scoped_lock lock(called.reading());
  const auto root = joined_path(fs::path(path).parent_path().string(), "../..");
  result.error = read_yaml(path, [&](const YAML::Node& document) {
    if (!document.IsMap()) throw WrongValue(document.Mark(), "there are no jobs in this file");
    if (!document["jobs"] || !document["jobs"].IsMap()) return;
    const bool tags_only = runs_for_tags_only(document["on"]) || runs_by_schedule(document["on"]);
    WorkflowCalls calls(root, called, result);
    const WorkflowValues no_inputs;
    std::size_t scripts = 0;  // that were read for builds that depend on expressions
    for (const auto& job : document["jobs"]) {
      if (job.second.IsMap()) calls.read(document, job.second, no_inputs);
      const auto steps = job.second.IsMap() ? job.second["steps"] : YAML::Node();
      if (!steps || !steps.IsSequence()) continue;
      const auto name = text_of(job.first, "").substr(0, limits::longest_name);
      const auto before = result.builds.size(), before_unplaced = result.unplaced.size();
      const auto container = container_of(job.second);
      DependentBuilds dependent({path, root, document, job.second, name, no_inputs, scripts}, result);
      CacheExporters exporters(container);
      for (const auto& step : steps) {
        if (!step.IsMap() || result.builds.size() >= most_builds) continue;
        exporters.read(step);
        result.bakes_with_layers |= bakes_with_layers(step);
        if (builds_by_action(step)) {
          result.builds.push_back(build_of_action(step, name, root, {document["env"], job.second["env"], step["env"]}));
          result.builds.back().exports_cache = exporters.serve(step);
          result.builds.back().old_container = exporters.old_container();
        } else if (text_of(step["uses"], "").starts_with("google-github-actions/deploy-cloudrun")) {
          read_cloud_run(step, name, root, result);
        } else if (step["run"] && step["run"].IsScalar()) {
          const auto script = script_of(step, root, path);
          read_docker_commands(script, text_of(step["name"], name.c_str()), result);
          add_run(container, script.text, path + ':' + std::to_string(script.line), result);
        }
        read_container_step(step, path, result);
        dependent.add(step, exporters.serve(step));
      }
      const auto builder = old_builder_in(container);
      if (builder && (builder->of_podman || !asks_for_buildkit(document, job.second)))
        refuse_mounts_of(*builder, result, before, before_unplaced);
      name_images(steps, {document["env"], job.second["env"]}, result.builds, before);
      const auto strategy = job.second["strategy"];
      const bool in_matrix = strategy && strategy.IsMap() && strategy["matrix"];
      // `if: startsWith(github.ref, 'refs/tags/')`
      const bool job_for_tags = text_of(job.second["if"], "").find("refs/tags") != std::string::npos;
      const bool hosted = runs_hosted(job.second), keeps = keeps_mounts(steps), pushes = pushes_images(steps);
      const bool prepared = prepares_checkout(steps);
      for (auto i = before; i < result.builds.size(); ++i) {
        auto& build = result.builds[i];
        build.hosted = !keeps && (hosted || build.hosted || uses_hosted_cache(build));
        build.job = name;
        build.in_matrix = in_matrix;
        build.on_arm = text_of(job.second["runs-on"], "").ends_with("-arm");
        build.prepared |= prepared;
        refuse_on_old_runner(job.second["runs-on"], build);
        build.without_cache |= (tags_only || job_for_tags) && !build.fetches_layers;
        build.pushed = pushes;
        refuse_if_elsewhere(build, path, result);
      }
    }
  });
  return result;
}

}  // namespace dockhew::cli
