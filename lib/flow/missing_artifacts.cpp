#include "flow/missing_artifacts.hpp"

#include <algorithm>
#include <optional>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
#include "effects/unix_effects.hpp"
#include "flow/readers.hpp"
#include "flow/wasted_builds.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

constexpr int deepest_trace = 8;  // stages that copy from stages

// What is known about a path in a stage.
struct Trace {
  bool made = false;              // by a known command, or by something that cannot be analyzed
  const Step* builder = nullptr;  // a RUN whose results are in a cache mount
  const Mount* mount = nullptr;
  std::uint32_t stage = 0;
  std::size_t step = 0;
  std::string path;
  bool in_branch = false;  // made only if another branch of the RUN is taken
};

bool is_system_path(std::string_view path) {
  for (const auto* directory : {"/bin", "/sbin", "/lib", "/lib64", "/etc", "/var", "/usr/bin", "/usr/sbin", "/usr/lib",
                                "/usr/share", "/usr/libexec", "/dev", "/proc"})
    if (path_is_under(path, directory)) return true;
  return false;
}

// A build of the step whose results are under a cache mount.
struct Build {
  const Mount* mount = nullptr;
  const ShellCommand* command = nullptr;
};

std::vector<Build> hidden_builds(const Site& site) {
  std::vector<Build> builds;
  for (const auto& use : site.step.script->uses)
    if (use.action->kind == ActionKind::build && use.action->reads_source)
      if (const auto* mount = results_mount(site, use)) builds.push_back({mount, use.command});
  return builds;
}

enum class Making { no, perhaps, yes };

struct Made {
  Making making = Making::no;
  std::vector<const ShellCommand*> makers;  // when it is `yes`
};

Made makes(const Site& site, const std::string& path) {
  Made made;
  if (!site.step.script || site.step.script->opaque) return {Making::perhaps, {}};
  if (mount_over(site.step, path) != nullptr) return made;
  for (const auto& command : site.step.script->commands) {
    const auto* use = command.use;
    if (use && use->tool->packages.of_system) {
      if (is_system_path(path)) made.making = std::max(made.making, Making::perhaps);
      continue;
    }
    if (is_sourcing(command)) continue;
    const auto effects = command_effects(site, command);
    // An empty directory does not provide the file that is meant to go into it.
    const bool named = std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& output) {
      return (effects.makes_directories ? path == output.path : path_is_under(path, output.path)) ||
             path_is_under(output.path, path);
    });
    if (named) made.making = Making::yes, made.makers.push_back(&command);
    // Package installations put programs into system directories.
    const bool installs = use && (use->action->kind == ActionKind::install || use->action->kind == ActionKind::fetch);
    if (effects.writes.may_be_anywhere() && (!installs || path.find("/bin/") != path.npos))
      made.making = std::max(made.making, Making::perhaps);
  }
  return made;
}

// A build in a branch that does not create the path, while another branch of the same `if` does.
const Build* build_without_copy(const std::vector<Build>& builds, const Made& made) {
  const auto found = std::ranges::find_if(builds, [&](const Build& build) {
    return std::ranges::all_of(made.makers,
                               [&](const ShellCommand* maker) { return exclude_each_other(*build.command, *maker); });
  });
  return found == builds.end() ? nullptr : &*found;
}

// The paths in the source of a COPY that may become `path`.
std::vector<std::string> sources_of(const Copy& copy, const std::string& path) {
  std::vector<std::string> result;
  const auto& destination = copy.destination.text;
  const auto rest = path == destination ? std::string() : path.substr(destination == "/" ? 0 : destination.size());
  for (const auto& source : copy.sources) {
    if (!source.known || source.text.find_first_of("*?[") != std::string::npos) return {};
    const auto from = resolve_path("/", source.text);
    if (path == destination) result.push_back(from);
    else if (path_basename(from) == path_basename(path) && rest == '/' + std::string(path_basename(path)))
      result.push_back(from);
    else result.push_back(clean_path(from + rest));
  }
  return result;
}

bool context_may_hold(const Dockerfile& file, const Copy& copy, const std::string& path) {
  if (path == copy.destination.text) return true;
  for (const auto& source : copy.sources)
    if (!source.known || path_basename(source.text) == path_basename(path)) return true;
  if (!file.context().is_known()) return false;
  const auto rest = path.substr(copy.destination.text == "/" ? 1 : copy.destination.text.size() + 1);
  return std::ranges::any_of(copy.sources, [&](const CopySource& source) {
    return file.context().exists(clean_path(source.text + '/' + rest));
  });
}

Trace trace(const Dockerfile& file, const Stage& stage, std::size_t before, const std::string& path, int depth) {
  Trace result;
  result.stage = stage.index;
  result.path = path;
  const auto settled = [&] { return result.made = true, result; };
  if (depth > deepest_trace) return settled();
  bool perhaps = false;
  for (auto i = before; i-- > 0;) {
    const auto& step = stage.steps[i];
    if (step.copy) {
      const auto& copy = *step.copy;
      if (!copy.destination.is_known()) return settled();
      if (path_is_under(copy.destination.text, path)) return settled();  // it is a directory, and this is in it
      if (!path_is_under(path, copy.destination.text)) continue;
      if (copy.from_context()) {
        if (context_may_hold(file, copy, path)) return settled();
        continue;
      }
      if (!copy.stage) return settled();
      const auto& source = file.stages()[*copy.stage];
      const auto sources = sources_of(copy, path);
      if (sources.size() != 1) return settled();
      return trace(file, source, source.steps.size(), sources[0], depth + 1);
    }
    if (step.instruction->keyword != Keyword::run) continue;
    const auto made = makes({file, stage, step}, path);
    const auto builds = step.script ? hidden_builds({file, stage, step}) : std::vector<Build>();
    if (made.making == Making::yes) {
      const auto* build = build_without_copy(builds, made);
      if (build == nullptr || result.builder != nullptr) return settled();
      result.builder = &step, result.step = i, result.mount = build->mount, result.in_branch = true;
      return result;
    }
    if (result.builder == nullptr) {
      // Only what runs with the build or after it could have copied its results out.
      perhaps |= made.making == Making::perhaps;
      if (perhaps) return settled();
      if (!builds.empty()) result.mount = builds[0].mount, result.builder = &step, result.step = i;
    }
  }
  if (stage.parent) {
    const auto& parent = file.stages()[*stage.parent];
    auto inherited = trace(file, parent, parent.steps.size(), path, depth + 1);
    if (inherited.made || result.builder == nullptr) return inherited;
    return result;
  }
  if (!stage.scratch && is_system_path(path)) return settled();
  return result;
}

// Whether the reader asks for one file, be it that a stage copies it or that the container starts with it.
bool wants_file(const Dockerfile& file, const Reader& reader) {
  if (reader.path.find_first_of("*?[") != std::string::npos) return false;
  if (reader.kind == Reader::Kind::copy) return !reader.is_directory;
  return reader.kind == Reader::Kind::command && reader.is_program && file.ships(file.stages()[reader.stage]);
}

std::optional<MissingArtifact> find_missing(const Dockerfile& file, const Stage& stage, const Reader& reader) {
  if (!wants_file(file, reader)) return std::nullopt;
  const auto found = trace(file, stage, stage.steps.size(), reader.path, 0);
  if (found.made || found.builder == nullptr) return std::nullopt;
  return MissingArtifact{found.path, found.stage, found.step, found.mount, reader.span, found.in_branch};
}

}  // namespace

std::vector<MissingArtifact> find_missing_artifacts(const Dockerfile& file) {
  std::vector<MissingArtifact> files;
  // Without cache mounts nothing can be hidden, and most files have none.
  const bool mounts = std::ranges::any_of(file.stages(), [](const Stage& stage) {
    return std::ranges::any_of(stage.steps, [](const Step& step) { return !step.mounts.empty(); });
  });
  if (!mounts) return files;
  for (const auto& stage : file.stages())
    for (const auto& reader : find_readers(file, stage)) {
      const bool inherits = reader.kind == Reader::Kind::command && reader.stage != stage.index;
      if (inherits) continue;  // it is a reader of its own stage too
      if (auto missing = find_missing(file, stage, reader)) files.push_back(std::move(*missing));
    }
  std::ranges::stable_sort(files, {}, [](const MissingArtifact& missing) { return missing.consumer_span.begin; });
  return files;
}

}  // namespace dockhew::inline flow
