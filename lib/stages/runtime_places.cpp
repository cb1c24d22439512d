#include "stages/runtime_places.hpp"

#include <algorithm>

#include "effects/unix_effects.hpp"
#include "model/image_directories.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

// A file that is copied into a directory is there alone; of anything else the directory is taken.
void add_copy(const Dockerfile& file, const Copy& copy, RuntimePlaces& places) {
  const auto& destination = copy.destination.text;
  const bool in_context = copy.from_context() && file.context().is_known();
  for (const auto& source : copy.sources) {
    const bool plain = source.known && !source.heredoc && source.text.find_first_of("*?[") == source.text.npos;
    const bool is_file = plain && in_context && file.context().kind(clean_path(source.text)) == PathKind::file;
    places.files.push_back(is_file && copy.directory ? resolve_path(destination, path_basename(source.text))
                                                     : destination);
  }
}

void add_run(const Facts& facts, const Script& script, RuntimePlaces& places) {
  for (const auto& command : script.commands) {
    if (!has_operands(facts, command, {Operands::written, Operands::linked})) continue;
    const auto effects = unix_effects(facts, command);
    for (const auto& made : effects.writes.paths)
      (effects.makes_directories ? places.directories : places.files).push_back(made.path);
  }
}

}  // namespace

bool RuntimePlaces::has(std::string_view path, bool recursive) const {
  const auto affects = [&](const std::string& place) { return recursive && path_is_under(place, path); };
  return is_in_every_image(path) ||
         std::ranges::any_of(files,
                             [&](const std::string& place) { return path_is_under(path, place) || affects(place); }) ||
         std::ranges::any_of(directories, [&](const std::string& place) { return path == place || affects(place); });
}

Outcome<RuntimePlaces> find_runtime_places(const Dockerfile& file, const Stage& stage, const Placement& placement,
                                           std::size_t end) {
  RuntimePlaces places;
  for (std::size_t i = 0; i < end; ++i) {
    const auto& step = stage.steps[i];
    if (!placement.places[i].runtime) continue;
    if (step.script) add_run(file.facts(), *step.script, places);
    const auto& workdir = i + 1 < stage.steps.size() ? stage.steps[i + 1].workdir : stage.workdir;
    if (step.instruction->keyword == Keyword::workdir && workdir.is_known()) places.directories.push_back(workdir.text);
    if (!step.copy || is_covered_later(file, stage, placement, i)) continue;
    if (!step.copy->destination.is_known()) return Declined{"it is not known where a COPY puts its files"};
    add_copy(file, *step.copy, places);
  }
  return places;
}

}  // namespace dockhew::inline stages
