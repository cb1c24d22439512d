// One thing in a RUN that works against a cache mount there, and how it is removed: what the searches for such things
// give to the plan that removes all of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/assumption.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"
#include "text/edit.hpp"

namespace dockhew::inline caches {

struct Defeat {
  Span span;  // in the source
  std::string message;
};

struct DefeatingPart {
  Defeat defeat;
  std::vector<TextEdit> edits;         // that remove it
  std::optional<std::size_t> element;  // of the chain, that goes as a whole
  std::vector<Assumption> assumptions;
  Obstacle obstacle;  // why it cannot be removed
};

// Removes the command's whole element of the chain, if it contains no other command.
inline void remove_element(const Script& script, const ShellCommand& command, DefeatingPart& part) {
  const bool alone = !command.conditional && !command.nested && command.element < script.chain.size() &&
                     script.chain[command.element].simple;
  if (alone) part.element = command.element;
  else part.obstacle = Declined{"`" + command.words[0].raw + "` is inside a compound command"};
}

}  // namespace dockhew::inline caches
