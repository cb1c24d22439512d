// Which build context a Dockerfile has: what the user says, what files of the project say, or a guess. Where builders
// may read different ignore files, there is one for each of them.
#include <algorithm>
#include <filesystem>
#include <iterator>

#include "commands.hpp"
#include "context_hints.hpp"
#include "ecosystems/context_needs.hpp"
#include "files.hpp"
#include "lint/cache_export.hpp"
#include "model/runs.hpp"
#include "project/deployed_images.hpp"
#include "project/deployment_files.hpp"
#include "project/hosting_file.hpp"
#include "project/railway.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// As a person would write it: relative to where the command was started, unless that leads away from it.
std::string shown_path(const std::string& path) {
  std::error_code error;
  const auto relative = fs::absolute(path, error).lexically_normal().lexically_relative(fs::current_path(error));
  const auto text = relative.string();
  if (text.empty() || text.starts_with("..")) return path;
  return text.size() > 1 && text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

std::string shown_if_any(const std::string& path) { return path.empty() ? path : shown_path(path); }

std::string canonical(const std::string& path) {
  std::error_code error;
  return fs::weakly_canonical(path, error).string();
}

// What any of them has.
std::set<std::string, std::less<>> platforms_of(const std::vector<NamedBuild>& builds) {
  std::set<std::string, std::less<>> platforms;
  for (const auto& each : builds) platforms.insert(each.build.platforms.begin(), each.build.platforms.end());
  return platforms;
}

// What all of them have: the arguments that they pass, the directories that they mount the source over.
using Names = std::set<std::string, std::less<>>;
Names common(const std::vector<NamedBuild>& builds, Names Build::*names) {
  auto all = builds.front().build.*names;
  for (const auto& each : builds)
    std::erase_if(all, [&](const std::string& name) { return !(each.build.*names).contains(name); });
  return all;
}

// What any of them passes; nothing where one may pass more than is seen, as a hosting service does.
std::optional<Names> passed_arguments(const Inputs& inputs, const std::vector<NamedBuild>& builds,
                                      const std::string& path) {
  auto all = builds;
  std::ranges::move(inputs.repositories->hints(path), std::back_inserter(all));
  Names names;
  for (const auto& each : all) {
    if (is_hosting_file(each.file)) return std::nullopt;
    for (const auto& name : each.build.arguments) {
      if (name.find_first_of("$`\"'") != std::string::npos) return std::nullopt;
      names.insert(name);
    }
  }
  return names;
}

Names changing_arguments(const std::vector<NamedBuild>& builds) {
  Names names;
  for (const auto& each : builds) names.insert(each.build.changing.begin(), each.build.changing.end());
  return names;
}

// What any of them starts, and what scripts, deployments and hosting services do, with places as a person would write
// them. `context`: a directory.
std::vector<ContainerStart> all_starts(const Inputs& inputs, const std::vector<NamedBuild>& builds,
                                       const std::string& path, const std::string& context) {
  std::vector<ContainerStart> starts;
  const auto add = [&](const std::vector<ContainerStart>& more) {
    for (auto start : more) {
      const auto colon = start.place.rfind(':');
      start.place = shown_path(start.place.substr(0, colon)) + start.place.substr(colon);
      const bool known = std::ranges::any_of(
          starts, [&](const ContainerStart& other) { return other.text == start.text && other.place == start.place; });
      if (!known) starts.push_back(std::move(start));
    }
  };
  for (const auto& each : builds) add(each.build.starts);
  add(inputs.repositories->runs(path, builds));
  const auto beside = fs::path(path).parent_path().string();
  add(deployment_starts(beside));
  std::set<std::string> seen = {canonical(beside.empty() ? "." : beside)};
  auto directories = inputs.repositories->around(path).directories;
  directories.push_back(context);
  for (const auto& directory : directories)
    if (seen.insert(canonical(directory)).second) add(deployment_starts(directory));
  return starts;
}

// What any of them gives containers.
std::set<std::string, std::less<>> environment_of(const std::vector<NamedBuild>& builds) {
  std::set<std::string, std::less<>> names;
  for (const auto& each : builds) names.insert(each.build.environment.begin(), each.build.environment.end());
  return names;
}

std::set<std::string, std::less<>> settings_of(const std::vector<NamedBuild>& builds) {
  std::set<std::string, std::less<>> settings;
  for (const auto& each : builds) settings.insert(each.build.settings.begin(), each.build.settings.end());
  return settings;
}

// The stages that one of them stops at.
std::set<std::string, std::less<>> targets_of(const std::vector<NamedBuild>& builds) {
  std::set<std::string, std::less<>> targets;
  for (const auto& each : builds)
    if (!each.build.target.empty()) targets.insert(to_lower_ascii(each.build.target));
  return targets;
}

// The first of them, if all run on machines that are new for every run.
std::string hosted_at(const std::vector<NamedBuild>& builds) {
  const bool all = std::ranges::all_of(builds, [](const NamedBuild& each) { return each.build.hosted; });
  return all ? place_of(builds.front()) : std::string();
}

// Whether it sends its layers to where it fetches those of earlier builds: nobody needs that whose machine keeps them,
// and keeps mounts. A bake file, a Compose file and a script do not say where they run.
bool carries_layers(const Build& build) {
  return build.fetches_layers &&
         (build.exports_layers ||
          std::ranges::any_of(build.said_cache_to, [](const SaidInFile& said) { return exports_layers(said.text); }));
}

// The first on a machine that is new for every run, and that fetches layers of earlier runs, or will when `optimize`
// has added that.
std::string layers_fetched_at(const std::vector<NamedBuild>& builds) {
  const auto found = std::ranges::find_if(builds, [](const NamedBuild& each) {
    const auto& build = each.build;
    if (build.without_cache) return false;
    return (build.hosted && (build.fetches_layers || build.exports_cache)) || carries_layers(build);
  });
  return found == builds.end() ? std::string() : place_of(*found);
}

// The first that fetches layers of earlier builds and keeps none of other stages than the one that it stops at.
std::string final_stage_kept_at(const std::vector<NamedBuild>& builds) {
  const auto keeps_one = [](const NamedBuild& each) {
    const auto& build = each.build;
    if (build.without_cache || !build.fetches_layers) return false;
    const auto is_partial = [](const SaidInFile& said) { return exports_final_stage_alone(said.text); };
    return build.said_cache_to.empty() ? build.keeps_final_stage || build.arguments.contains("BUILDKIT_INLINE_CACHE")
                                       : std::ranges::all_of(build.said_cache_to, is_partial);
  };
  const auto found = std::ranges::find_if(builds, keeps_one);
  return found == builds.end() ? std::string() : place_of(*found);
}

// The repository of a Dockerfile; where it is in none, the directory of a file that names it.
std::shared_ptr<const FileSource> repository_of(const Inputs& inputs, const std::string& path,
                                                const std::vector<NamedBuild>& builds) {
  const auto around = inputs.repositories->around(path);
  if (!around.repository.empty()) return files_of(around.repository);
  if (builds.empty()) return files_of(around.directories.front());
  auto directory = fs::path(builds.front().file).parent_path();
  while (directory.filename().string().starts_with('.') || directory.filename() == "workflows")
    directory = directory.parent_path();
  return files_of(directory.string());
}

// Whether something is built by one of these alone, by others alone, or it is not known.
enum class Builders : std::uint8_t { unknown, docker, podman };

Builders builders_of(const Options& options, const std::set<std::string>& programs) {
  if (options.builder == Builder::buildah) return Builders::podman;
  if (options.builder) return Builders::docker;
  const auto all = [&](std::string_view one, std::string_view other) {
    return !programs.empty() && std::ranges::all_of(programs, [&](const std::string& program) {
      return program == one || program == other;
    });
  };
  return all("podman", "buildah") ? Builders::podman : all("docker", "nerdctl") ? Builders::docker : Builders::unknown;
}

// A directory as its builders see it: twice, where they may read different ignore files. The first is the one that the
// project writes.
std::vector<BuildContext> open_for(Builders builders, const std::string& directory, const std::string& path,
                                   const ContextOrigin& origin) {
  const auto of_docker = ignore_file_of(directory, path, IgnoreReader::docker),
             of_podman = ignore_file_of(directory, path, IgnoreReader::podman);
  if (of_docker == of_podman || builders == Builders::docker) return {open_context(directory, path, origin)};
  auto podman = origin;
  podman.reason += (podman.reason.empty() ? "" : ", ") +
                   ("for Podman and Buildah, which read `" + std::string(path_basename(of_podman)) + "`");
  if (builders == Builders::podman) return {open_context(directory, path, origin, IgnoreReader::podman)};
  std::vector<BuildContext> both = {open_context(directory, path, origin),
                                    open_context(directory, path, podman, IgnoreReader::podman)};
  if (of_docker.empty()) std::ranges::reverse(both);
  return both;
}

// The first, with the others of the list.
BuildContext joined(std::vector<BuildContext> contexts) {
  auto main = contexts.front();
  contexts.erase(contexts.begin());
  return main.with_others(std::move(contexts));
}

// Whether settings of a deployment build the Dockerfile, `fly.toml` beside it: nobody mounts the source there.
bool is_deployed(const Inputs& inputs, const std::string& path) {
  return std::ranges::any_of(inputs.repositories->hints(path),
                             [](const NamedBuild& hint) { return is_deployed_images_file(hint.file); });
}

BuildContext named_context(const Options& options, const Inputs& inputs, const std::vector<NamedBuild>& builds,
                           const std::string& path, const Dockerfile& file) {
  std::vector<BuildContext> contexts;
  std::set<std::string> seen;
  const auto arguments = common(builds, &Build::arguments);
  const bool deployed = is_deployed(inputs, path);
  const auto mounted_over = deployed ? Names() : common(builds, &Build::mounted_over),
             bound_over = deployed ? Names() : common(builds, &Build::bound_over);
  const auto passed = passed_arguments(inputs, builds, path);
  const auto changing = changing_arguments(builds);
  const auto starts = all_starts(inputs, builds, path, builds.front().build.context);
  const auto environment = environment_of(builds);
  const auto settings = settings_of(builds);
  const auto targets = targets_of(builds), platforms = platforms_of(builds);
  const auto images = inputs.repositories->images(path);
  const auto hosted = hosted_at(builds);
  const bool prepared = std::ranges::any_of(builds, [](const NamedBuild& each) { return each.build.prepared; });
  const auto refusal = refusal_of_mounts(inputs, builds, path, file.source());
  const auto hosted_layers = layers_fetched_at(builds);
  const auto final_stage_kept = final_stage_kept_at(builds);
  const auto repository = repository_of(inputs, path, builds);
  for (const auto& each : builds) {
    if (!seen.insert(canonical(each.build.context)).second) continue;
    auto others = inputs.repositories->built_with(path, each.build.context);
    std::set<std::string> programs;
    for (const auto& other : builds)
      if (canonical(other.build.context) == canonical(each.build.context)) programs.insert(other.build.program);
    std::ranges::move(open_for(builders_of(options, programs), each.build.context, path,
                               {.directory = shown_path(each.build.context),
                                .reason = place_of(each) + " names it",
                                .arguments = arguments,
                                .passed_arguments = passed,
                                .changing_arguments = changing,
                                .starts = starts,
                                .environment = environment,
                                .settings = settings,
                                .mounted_over = mounted_over,
                                .bound_over = bound_over,
                                .targets = targets,
                                .images = images,
                                .platforms = platforms,
                                .hosted = hosted,
                                .prepared = prepared,
                                .refuses_mounts = refusal,
                                .hosted_layers = hosted_layers,
                                .final_stage_kept = final_stage_kept,
                                .repository = repository,
                                .other_dockerfiles = std::move(others.dockerfiles),
                                .inline_build = shown_if_any(others.inline_in)}),
                      std::back_inserter(contexts));
  }
  return joined(std::move(contexts));
}

// The first path that the file copies and that none of the directories has; empty where there is none.
std::string missing_everywhere(const ContextNeeds& needs, const std::vector<BuildContext>& candidates) {
  const auto found = std::ranges::find_if(needs.copied, [&](const std::string& path) {
    return std::ranges::none_of(candidates, [&](const BuildContext& each) { return each.exists(path); });
  });
  return found == needs.copied.end() ? std::string() : *found;
}

// What builds another Dockerfile of the directory, where nothing names this one; else empty.
std::string built_beside(const Inputs& inputs, const std::string& path) {
  const auto beside = inputs.repositories->named_beside(path);
  return beside ? "`" + place_of(*beside) + "` builds `" + std::string(path_basename(beside->build.dockerfile)) + "`"
                : std::string();
}

// Ignore files belong to the context that is chosen, so they do not decide which one it is.
BuildContext guessed_context(const Options& options, const Inputs& inputs, const std::string& path,
                             const Dockerfile& file) {
  const auto& directories = inputs.repositories->around(path).directories;
  std::vector<BuildContext> candidates;
  for (const auto& directory : directories) candidates.push_back(open_files(directory));
  const auto needs = context_needs(file);
  const auto found = fitting_context(needs, candidates);
  const auto hinted = hinted_context(inputs, path, file, needs, candidates);
  const auto left_over = built_beside(inputs, path);
  if (!found && !hinted)
    return {nullptr, {}, {.missing = missing_everywhere(needs, candidates), .left_over = left_over}};
  const auto& directory = directories[hinted ? hinted->index : found->index];
  auto others = inputs.repositories->built_with(path, directory);
  const std::string why = hinted ? shown_path(hinted->place.substr(0, hinted->place.rfind(':'))) +
                                       hinted->place.substr(hinted->place.rfind(':')) + " says so"
                          : found->has_manifests
                              ? "the nearest directory that has what the file copies and its tools read"
                              : "the nearest directory of a project, although its tools read files "
                                "that are not there";
  return joined(open_for(builders_of(options, inputs.repositories->programs(path)), directory, path,
                         {.directory = shown_path(directory),
                          .reason = "a guess: " + why,
                          .guess = true,
                          .starts = all_starts(inputs, {}, path, directory),
                          .images = inputs.repositories->images(path),
                          .refuses_mounts = refusal_of_mounts(inputs, {}, path, file.source()),
                          .other_dockerfiles = std::move(others.dockerfiles),
                          .inline_build = shown_if_any(others.inline_in),
                          .left_over = left_over}));
}

}  // namespace

std::vector<NamedBuild> builds_of(const Inputs& inputs, const std::string& path) {
  std::vector<NamedBuild> builds;
  const auto [first, last] = inputs.builds.equal_range(path);
  for (auto it = first; it != last; ++it) builds.push_back(it->second);
  std::ranges::move(inputs.repositories->of(path), std::back_inserter(builds));
  return builds;
}

std::string place_of(const NamedBuild& named) {
  return shown_path(named.file) + ":" + std::to_string(named.build.line);
}

std::string refusal_of_mounts(const Inputs& inputs, const std::vector<NamedBuild>& builds, const std::string& path,
                              std::string_view text) {
  for (const auto& each : builds)
    if (!each.build.refuses_mounts.empty()) return "`" + place_of(each) + "` " + each.build.refuses_mounts;
  if (path == "-") return {};
  if (const auto refused = inputs.repositories->refusal_of_mounts(path))
    return "`" + shown_path(refused->path) + "` " + refused->reason;
  if (const auto refused = refused_by_railway(path, text, inputs.repositories->around(path).directories))
    return "`" + shown_path(refused->path) + "` " + refused->reason;
  return {};
}

BuildContext default_context(const Options& options, const Inputs& inputs, const std::string& path) {
  auto directory = options.context;
  const auto named = inputs.builds.find(path);
  if (directory.empty() && named != inputs.builds.end()) directory = named->second.build.context;
  if (directory.empty() && path != "-") directory = fs::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  return open_context(directory, path, {.directory = directory});
}

BuildContext context_of(const Options& options, const Inputs& inputs, const std::string& path, const Dockerfile& file) {
  const auto builds = path == "-" ? std::vector<NamedBuild>() : builds_of(inputs, path);
  if (!options.context.empty())
    return joined(open_for(builders_of(options, inputs.repositories->programs(path)), options.context, path,
                           {.directory = options.context,
                            .starts = all_starts(inputs, builds, path, options.context),
                            .environment = environment_of(builds),
                            .settings = settings_of(builds),
                            .refuses_mounts = refusal_of_mounts(inputs, builds, path, file.source()),
                            .repository = path == "-" ? nullptr : repository_of(inputs, path, builds)}));
  if (path == "-") return {};
  if (!builds.empty()) return named_context(options, inputs, builds, path, file);
  // There is nothing to guess by, and nothing that would come from it.
  if (takes_from_context(file)) return guessed_context(options, inputs, path, file);
  return {
      nullptr,
      {},
      {.refuses_mounts = refusal_of_mounts(inputs, {}, path, file.source()), .left_over = built_beside(inputs, path)}};
}

}  // namespace dockhew::cli
