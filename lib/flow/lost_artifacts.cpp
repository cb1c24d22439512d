#include "flow/lost_artifacts.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

bool reader_sees_mount(const Step& reader, const Mount& mount) {
  return std::ranges::any_of(reader.mounts, [&](const Mount& other) {
    return other.type == Mount::Type::cache && other.shares_cache_with(mount) && other.target == mount.target;
  });
}

enum class Origin { none, possible, certain };

// What the commands of the steps of a stage write, whether or not they run with the mount; of each step found out once.
class StageWrites {
 public:
  StageWrites(const Dockerfile& file, const Stage& stage) : file_(file), stage_(stage), steps_(stage.steps.size()) {}

  const Stage& stage() const { return stage_; }

  struct Written {
    std::set<std::string, std::less<>> paths;
    Origin otherwise = Origin::none;  // of all others
  };

  const Written& of(std::size_t step) {
    auto& written = steps_[step];
    if (!written) written = written_by({file_, stage_, stage_.steps[step]});
    return *written;
  }

  Origin origin_of(std::size_t step, std::string_view path) {
    const auto& written = of(step);
    for (auto at = path; !written.paths.empty(); at = path_parent(at)) {
      if (written.paths.contains(at)) return Origin::certain;
      if (at == "/" || at == ".") break;
    }
    return written.otherwise;
  }

 private:
  static Written written_by(const Site& site) {
    Written written;
    if (!site.step.script) {
      if (site.step.instruction->keyword == Keyword::run) written.otherwise = Origin::possible;
    } else if (site.step.script->opaque) {
      written.otherwise = Origin::possible;
    } else {
      for (const auto& command : site.step.script->commands) {
        auto by_command = command_effects(site, command).writes;
        for (auto& output : by_command.paths) written.paths.insert(std::move(output.path));
        if (by_command.anything) written.otherwise = Origin::possible;
      }
      const auto at_home = [](const std::string& path) { return path.starts_with('~'); };
      if (std::ranges::any_of(written.paths, at_home)) written.otherwise = Origin::possible;
    }
    return written;
  }

  const Dockerfile& file_;
  const Stage& stage_;
  std::vector<std::optional<Written>> steps_;
};

// Another step of the stage, one before `end`, may put the path into the layer.
Origin other_origin(StageWrites& writes, std::size_t producer, std::size_t end, const std::string& path) {
  const auto& stage = writes.stage();
  Origin best = Origin::none;
  for (std::size_t i = 0; i < end; ++i) {
    const auto& step = stage.steps[i];
    if (step.copy) {
      if (!step.copy->destination.is_known()) best = std::max(best, Origin::possible);
      else if (step.copy->from_context() == false && path_is_under(path, step.copy->destination.text))
        return Origin::certain;
      // COPY of the build context: it could contain the artifact, but rarely contains build output.
      else if (step.copy->from_context() && path_is_under(step.copy->destination.text, path)) return Origin::certain;
    }
    if (i == producer || step.instruction->keyword != Keyword::run) continue;
    if (mount_over(step, path) != nullptr) continue;
    const auto written = writes.origin_of(i, path);
    if (written == Origin::certain) return Origin::certain;
    if (i > producer) best = std::max(best, written);
  }
  return best;
}

// Whether the file that `reader` is about is hidden by the mount of a step, and from the reader.
bool hides(const Dockerfile& file, const Mount& mount, const Reader& reader, const std::string& path) {
  if (!path_is_under(path, mount.target.text)) return false;
  if (reader.kind != Reader::Kind::run) return true;
  const auto& step = file.stages()[reader.stage].steps[reader.step];
  return !reader_sees_mount(step, mount) && mount_over(step, path) == nullptr;
}

// A command of the same stage reads what is there by then.
bool reads_before(const Reader& reader, const Stage& stage, std::size_t step) {
  const bool own = reader.kind == Reader::Kind::run || reader.kind == Reader::Kind::command;
  return own && reader.stage == stage.index && reader.step <= step;
}

// `path`: of the reader, without wildcards.
std::optional<LostArtifact> find_lost(const Dockerfile& file, StageWrites& writes, std::size_t producer,
                                      const Mount& mount, const Reader& reader, const std::string& path) {
  const auto& stage = writes.stage();
  if (reads_before(reader, stage, producer) || !hides(file, mount, reader, path)) return std::nullopt;
  const auto produced = writes.origin_of(producer, path);
  if (produced == Origin::none) return std::nullopt;
  const bool in_stage = reader.kind == Reader::Kind::run && reader.stage == stage.index;
  const auto other = other_origin(writes, producer, in_stage ? reader.step : stage.steps.size(), path);
  if (other == Origin::certain) return std::nullopt;
  LostArtifact artifact;
  artifact.stage = stage.index;
  artifact.producer = producer;
  artifact.mount = &mount;
  artifact.path = reader.path;
  artifact.certain = produced == Origin::certain && other == Origin::none;
  artifact.consumer = reader.kind;
  artifact.consumer_stage = reader.stage;
  artifact.consumer_step = reader.step;
  artifact.consumer_span = reader.span;
  return artifact;
}

// The last RUN that wrote it is the one to fix; an earlier one with the same mount only prepared it.
void add(std::vector<LostArtifact>& lost, LostArtifact artifact) {
  const auto same = std::ranges::find(lost, artifact.consumer_span, &LostArtifact::consumer_span);
  if (same == lost.end()) lost.push_back(std::move(artifact));
  else if (same->stage == artifact.stage && same->producer < artifact.producer) *same = std::move(artifact);
}

// A file may have thousands of mounts and of readers, and most have nothing to do with each other.
class ReadersByPath {
 public:
  explicit ReadersByPath(const std::vector<std::string>& paths) {
    for (std::size_t i = 0; i < paths.size(); ++i) readers_.emplace(paths[i], i);
  }

  // Those of what a step may have written below the target of a mount, in their order.
  std::vector<std::size_t> of(const std::string& target, const StageWrites::Written& written) const {
    std::vector<std::size_t> found;
    if (written.otherwise != Origin::none) {
      add_below(target, found);
    } else {
      for (const auto& path : written.paths)
        if (path_is_under(path, target)) add_below(path, found);
        else if (path_is_under(target, path)) add_below(target, found);
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

 private:
  void add_below(const std::string& directory, std::vector<std::size_t>& found) const {
    const auto [begin, end] = readers_.equal_range(directory);
    for (auto at = begin; at != end; ++at) found.push_back(at->second);
    const auto inside = directory == "/" ? directory : directory + '/';
    for (auto at = readers_.lower_bound(inside); at != readers_.end() && at->first.starts_with(inside); ++at)
      if (at->first != directory) found.push_back(at->second);
  }

  std::multimap<std::string, std::size_t, std::less<>> readers_;
};

bool has_hiding_mount(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return std::ranges::any_of(step.mounts, [](const Mount& mount) { return mount.hides_writes(); });
  });
}

}  // namespace

std::vector<LostArtifact> find_lost_artifacts(const Dockerfile& file) {
  std::vector<LostArtifact> lost;
  for (const auto& stage : file.stages()) {
    if (!has_hiding_mount(stage)) continue;
    const auto readers = find_readers(file, stage);
    std::vector<std::string> paths;
    for (const auto& reader : readers) paths.push_back(without_wildcards(reader.path));
    const ReadersByPath by_path(paths);
    StageWrites writes(file, stage);
    for (std::size_t i = 0; i < stage.steps.size(); ++i)
      for (const auto& mount : stage.steps[i].mounts) {
        if (!mount.hides_writes() || !mount.target.is_known()) continue;
        for (const auto reader : by_path.of(mount.target.text, writes.of(i)))
          if (auto artifact = find_lost(file, writes, i, mount, readers[reader], paths[reader]))
            add(lost, std::move(*artifact));
      }
  }
  return lost;
}

}  // namespace dockhew::inline flow
