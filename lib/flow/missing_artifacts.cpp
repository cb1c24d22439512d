#include "flow/missing_artifacts.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
#include "effects/unix_effects.hpp"
#include "flow/readers.hpp"
#include "flow/wasted_builds.hpp"
#include "model/site.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

constexpr int deepest_trace = 8;  // stages that copy from stages
// Beyond that many RUNs after the one that made it, it counts as made.
constexpr std::size_t most_steps_before = 100;

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

// What the commands of a RUN make. Each reader of a file asks for it, so it is found once for each step.
class Outputs {
 public:
  explicit Outputs(const Site& site) : step_(site.step) {
    if (!is_read()) return;
    builds_ = hidden_builds(site);
    for (const auto& command : site.step.script->commands) {
      const auto* use = command.use;
      if (use && use->tool->packages.of_system) {
        installs_packages_ = true;
        continue;
      }
      if (is_sourcing(command)) continue;
      const auto effects = command_effects(site, command);
      for (const auto& output : effects.writes.paths)
        named_.emplace(output.path, Maker{&command, effects.makes_directories});
      if (!effects.writes.may_be_anywhere()) continue;
      // Package installations put programs into system directories.
      const bool installs = use && (use->action->kind == ActionKind::install || use->action->kind == ActionKind::fetch);
      (installs ? programs_ : anywhere_) = true;
    }
  }

  const std::vector<Build>& builds() const { return builds_; }

  Made make(const std::string& path) const {
    Made made;
    if (!is_read()) return {Making::perhaps, {}};
    if (mount_over(step_, path) != nullptr) return made;
    const bool perhaps =
        anywhere_ || (programs_ && path.find("/bin/") != path.npos) || (installs_packages_ && is_system_path(path));
    if (perhaps) made.making = Making::perhaps;
    add_above(path, made);
    const auto below = path == "/" ? path : path + '/';
    for (auto at = named_.lower_bound(below); at != named_.end() && at->first.starts_with(below); ++at)
      if (at->first != path && made.makers.size() <= limits::commands_compared)
        made.makers.push_back(at->second.command);
    if (!made.makers.empty()) made.making = Making::yes;
    return made;
  }

 private:
  struct Maker {
    const ShellCommand* command;
    bool directory;  // and an empty one, which does not provide the file that is meant to go into it
  };

  bool is_read() const { return step_.script && !step_.script->opaque; }

  // Those that make the path, or a directory that it lies in.
  void add_above(std::string_view path, Made& made) const {
    for (auto at = path;; at = path_parent(at)) {
      const auto [begin, end] = named_.equal_range(at);
      for (auto each = begin; each != end && made.makers.size() <= limits::commands_compared; ++each)
        if (at == path || !each->second.directory) made.makers.push_back(each->second.command);
      if (at == "/" || at == ".") return;
    }
  }

  const Step& step_;
  std::vector<Build> builds_;
  std::multimap<std::string, Maker, std::less<>> named_;
  bool installs_packages_ = false, anywhere_ = false, programs_ = false;
};

// A build in a branch that does not create the path, while another branch of the same `if` does.
const Build* build_without_copy(const std::vector<Build>& builds, const Made& made) {
  if (made.makers.size() > limits::commands_compared) return nullptr;
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

class Tracer {
 public:
  explicit Tracer(const Dockerfile& file) : file_(file) {}

  Trace trace(const Stage& stage, const std::string& path, int depth = 0) {
    Trace result;
    result.stage = stage.index;
    result.path = path;
    const auto settled = [&] { return result.made = true, result; };
    if (depth > deepest_trace) return settled();
    bool perhaps = false;
    std::size_t looked_at = 0;
    for (auto i = stage.steps.size(); i-- > 0;) {
      const auto& step = stage.steps[i];
      if (step.copy) {
        const auto& copy = *step.copy;
        if (!copy.destination.is_known()) return settled();
        if (path_is_under(copy.destination.text, path)) return settled();  // it is a directory, and this is in it
        if (!path_is_under(path, copy.destination.text)) continue;
        if (copy.from_context()) {
          if (context_may_hold(file_, copy, path)) return settled();
          continue;
        }
        if (!copy.stage) return settled();
        const auto& source = file_.stages()[*copy.stage];
        const auto sources = sources_of(copy, path);
        if (sources.size() != 1) return settled();
        return trace(source, sources[0], depth + 1);
      }
      if (step.instruction->keyword != Keyword::run) continue;
      if (++looked_at > most_steps_before) return settled();
      const auto& outputs = outputs_of({file_, stage, step});
      const auto made = outputs.make(path);
      const auto& builds = outputs.builds();
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
      const auto& parent = file_.stages()[*stage.parent];
      auto inherited = trace(parent, path, depth + 1);
      if (inherited.made || result.builder == nullptr) return inherited;
      return result;
    }
    if (!stage.scratch && is_system_path(path)) return settled();
    return result;
  }

 private:
  const Outputs& outputs_of(const Site& site) {
    const auto found = outputs_.find(&site.step);
    return found != outputs_.end() ? found->second : outputs_.try_emplace(&site.step, site).first->second;
  }

  const Dockerfile& file_;
  std::map<const Step*, Outputs> outputs_;
};

// Whether the reader asks for one file, be it that a stage copies it or that the container starts with it.
bool wants_file(const Dockerfile& file, const Reader& reader) {
  if (reader.path.find_first_of("*?[") != std::string::npos) return false;
  if (reader.kind == Reader::Kind::copy) return !reader.is_directory;
  return reader.kind == Reader::Kind::command && reader.is_program && file.ships(file.stages()[reader.stage]);
}

std::optional<MissingArtifact> find_missing(Tracer& tracer, const Stage& stage, const Reader& reader) {
  const auto found = tracer.trace(stage, reader.path);
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
  Tracer tracer(file);
  for (const auto& stage : file.stages())
    for (const auto& reader : find_readers(file, stage)) {
      const bool inherits = reader.kind == Reader::Kind::command && reader.stage != stage.index;
      if (inherits || !wants_file(file, reader)) continue;  // it is a reader of its own stage too
      if (auto missing = find_missing(tracer, stage, reader)) files.push_back(std::move(*missing));
    }
  std::ranges::stable_sort(files, {}, [](const MissingArtifact& missing) { return missing.consumer_span.begin; });
  return files;
}

}  // namespace dockhew::inline flow
