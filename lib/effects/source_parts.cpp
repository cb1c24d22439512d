#include "effects/source_parts.hpp"

#include <algorithm>
#include <memory>
#include <span>

#include "effects/manifest_copy.hpp"
#include "effects/plain_add.hpp"
#include "effects/source_copy.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

std::string context_path(const CopySource& source) {
  const auto path = clean_path("/" + source.text);  // sources are rooted at the context
  return path == "/" ? "." : path.substr(1);
}

bool has_wildcard(std::string_view path) { return path.find_first_of("*?[") != path.npos; }

// Without the context, a name without an extension, such as `src`, is assumed to be a directory.
bool is_directory(const Dockerfile& file, const std::string& path) {
  if (file.context().is_known()) return file.context().kind(path) == PathKind::directory;
  return path_basename(path).find('.') == std::string_view::npos && !has_wildcard(path);
}

// A directory of the context and the directory of the image that has its files.
struct Pair {
  std::string context, image;

  friend bool operator==(const Pair&, const Pair&) = default;
};

std::optional<Pair> directories_of(const Dockerfile& file, const Copy& copy, const std::string& path, bool into) {
  if (is_directory(file, path)) return Pair{path, copy.destination.text};
  const auto parent = std::string(path_parent(path));
  if (copy.directory || into) return Pair{parent, copy.destination.text};
  if (path_basename(copy.destination.text) != path_basename(path)) return std::nullopt;  // another name
  return Pair{parent, std::string(path_parent(copy.destination.text))};
}

// The same for all sources of a COPY. `project` is a directory, whether the COPY says so or not.
std::optional<Pair> directories_of(const Dockerfile& file, const Copy& copy, const std::string& project) {
  std::optional<Pair> all;
  for (const auto& source : copy.sources) {
    if (!source.known || source.heredoc) return std::nullopt;
    const auto path = context_path(source);
    const auto paths = file.context().is_known() ? file.context().expand(path) : std::vector<std::string>{path};
    if (paths.empty() && has_wildcard(path)) continue;  // `yarn.lock*`, where there is none
    if (paths.empty()) return std::nullopt;
    const bool into = copy.sources.size() > 1 || paths.size() > 1 || copy.destination.is(project);
    for (const auto& each : paths) {
      const auto pair = directories_of(file, copy, each, into);
      if (!pair || (all && *all != *pair)) return std::nullopt;
      all = pair;
    }
  }
  return all;
}

// Where `project` is in the context, given a pair whose image directory is inside it.
std::optional<std::string> directory_of(const Pair& pair, const std::string& project) {
  if (pair.image == project) return pair.context;
  if (!path_is_under(pair.image, project)) return std::nullopt;
  const auto below = pair.image.substr(project.size() + 1);
  if (pair.context == below) return ".";
  if (!pair.context.ends_with('/' + below)) return std::nullopt;
  return pair.context.substr(0, pair.context.size() - below.size() - 1);
}

// Everything that the COPYs copy into `project`, including plain manifests.
struct Brought {
  SourceParts source;
  bool alone = false;  // the whole, and nothing but manifests before it
};

std::optional<Brought> look_at(const Dockerfile& file, const Stage& stage, std::span<const StepPlace> copies,
                               const std::string& project) {
  Brought brought;
  auto& result = brought.source;
  bool found = false;
  const auto only_manifests = [](const Site& site) {
    return site.step.copy && copies_only_manifests(site.file, *site.step.copy);
  };
  const auto& copies_of_manifests = file.answers({"copies only manifests"}, only_manifests);
  for (const auto& place : copies) {
    const std::size_t i = place.step;
    const auto& step = stage.steps[i];
    const auto& copy = *step.copy;
    if (!copy.destination.is_known()) return std::nullopt;
    const bool manifests = copies_of_manifests.contains(stage, i);
    if (copy.destination.text != project && path_is_under(project, copy.destination.text) && !manifests) {
      if (copies_only_files(file, copy)) continue;  // `COPY entrypoint.sh /`
      return std::nullopt;
    }
    if (!path_is_under(copy.destination.text, project)) continue;
    // `COPY requirements.txt /app` creates a file if nothing has created a directory before.
    if (manifests && copy.destination.is(project) && !copy.directory && !step.workdir.is(project)) return std::nullopt;
    const auto pair = only_copies(*step.instruction, copy) ? directories_of(file, copy, project) : std::nullopt;
    const auto directory = pair ? directory_of(*pair, project) : std::nullopt;
    if (!directory || (found && *directory != result.directory)) return std::nullopt;
    const bool whole = pair->image == project && std::ranges::any_of(copy.sources, [&](const CopySource& source) {
                         return context_path(source) == pair->context;
                       });
    result.directory = *directory;
    found = true;
    if (!manifests) result.parts.push_back({i, pair->context});
    brought.alone = whole && result.parts.size() == 1;
  }
  return found ? std::optional(std::move(brought)) : std::nullopt;
}

std::size_t size_of(const std::optional<Brought>& brought) {
  std::size_t size = sizeof(brought);
  if (!brought) return size;
  for (const auto& part : brought->source.parts) size += sizeof(part) + part.root.size();
  return size + brought->source.directory.size();
}

// Every installation asks it of all COPYs before it, and some rules ask it of each of these again.
std::shared_ptr<const std::optional<Brought>> find_brought(const Dockerfile& file, const Stage& stage,
                                                           std::size_t before, const std::string& project) {
  static const auto none = std::make_shared<const std::optional<Brought>>();
  const auto copies = copies_of_context(file, stage, before);
  if (project == "/" || copies.size() > limits::copies_before) return none;
  const auto question = "what the first " + std::to_string(copies.size()) + " copies of stage " +
                        std::to_string(stage.index) + " bring to " + project;
  return file.answer(
      question, [&] { return look_at(file, stage, copies, project); }, size_of);
}

}  // namespace

std::optional<SourceParts> find_source_parts(const Dockerfile& file, const Stage& stage, std::size_t before,
                                             const std::string& project) {
  const auto found = find_brought(file, stage, before, project);
  const auto& brought = *found;
  if (!brought || brought->source.parts.empty() || brought->alone) return std::nullopt;
  return brought->source;
}

std::optional<std::string> project_in_context(const Dockerfile& file, const Stage& stage, std::size_t before,
                                              const std::string& project) {
  if (const auto brought = find_brought(file, stage, before, project); *brought) return (*brought)->source.directory;
  const auto copy = find_source_copy(file, stage, before, project);
  auto directory = copy ? context_directory(*stage.steps[*copy].copy, project) : std::nullopt;
  const bool is_file = directory && file.context().kind(*directory) == PathKind::file;
  return is_file ? std::nullopt : std::move(directory);
}

bool brings_source(const Dockerfile& file, const Stage& stage, std::size_t before, const std::string& project) {
  return find_source_copy(file, stage, before, project) || find_source_parts(file, stage, before, project);
}

bool copies_only_files(const Dockerfile& file, const Copy& copy) {
  return file.context().is_known() && std::ranges::all_of(copy.sources, [&](const CopySource& source) {
           return source.heredoc || (source.known && file.context().kind(context_path(source)) == PathKind::file);
         });
}

bool copies_directory(const Dockerfile& file, const Copy& copy) {
  return std::ranges::any_of(copy.sources, [&](const CopySource& source) {
    return source.known && !source.heredoc && is_directory(file, context_path(source));
  });
}

bool copy_brings(const Dockerfile& file, const Copy& copy, const std::string& path) {
  return std::ranges::any_of(copy.sources, [&](const CopySource& source) {
    if (!source.known || source.heredoc) return false;
    const auto named = context_path(source);
    if (named == "." || path_is_under(path, named) || glob_match(named, path) || glob_match(path, named)) return true;
    return has_wildcard(named) && std::ranges::any_of(file.context().expand(named), [&](const std::string& each) {
             return path_is_under(path, each);
           });
  });
}

bool brings_into(const Dockerfile& file, const Step& step, const std::string& project, const std::string& path) {
  if (!step.copy || !step.copy->from_context() || !step.copy->destination.is_known()) return false;
  const auto& destination = step.copy->destination.text;
  return (path_is_under(destination, project) || path_is_under(project, destination)) &&
         copy_brings(file, *step.copy, path);
}

bool is_brought(const Site& site, const std::string& project, const std::string& path) {
  return site.any_earlier({"brings ", path, " into ", project},
                          [&](const Site& earlier) { return brings_into(earlier.file, earlier.step, project, path); });
}

bool is_brought(const Dockerfile& file, const Stage& stage, std::size_t end, const std::string& project,
                const std::string& path) {
  return std::ranges::any_of(std::span(stage.steps).first(end),
                             [&](const Step& step) { return brings_into(file, step, project, path); });
}

}  // namespace dockhew::inline effects
