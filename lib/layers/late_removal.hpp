// What one RUN makes and a later one removes stays in the image, in the layer of the first. A rewrite that tears the
// two apart makes the image larger, whatever else it gains.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/dockerfile.hpp"

namespace dockhew::inline layers {

// One command that comes too late to make the image smaller, and one whose results it removes; as written.
struct LateRemoval {
  std::string remover, maker;

  friend auto operator<=>(const LateRemoval&, const LateRemoval&) = default;
};

struct Removals {
  std::map<std::string, std::size_t> all;   // how often each removing command is there
  std::map<LateRemoval, std::size_t> late;  // and each pair
};

// In the stages that an image contains. Only what is known counts: packages by their names, directories that a tool
// installs into, caches, files that a word names.
Removals find_removals(const Dockerfile& file);

// Where a command of one RUN removes what a command of an earlier one has made, so that the image still holds it.
struct RemovedLater {
  Span remover, maker;  // the commands, in the source
};
// Only what is certain: all of what was made is removed, and not merely a directory. In the order of the file.
std::vector<RemovedLater> find_removed_later(const Dockerfile& file);

// A pair that was in one RUN, or was not there, and that now makes the image larger. A removing command that is there
// more often than before is no loss.
std::optional<LateRemoval> new_late_removal(const Removals& before, const Removals& after);

}  // namespace dockhew::inline layers
