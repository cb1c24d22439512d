// What changes the order of a Dockerfile's steps so that fewer of them run again, as edits of its source.
#pragma once

#include <vector>

#include "model/assumption.hpp"
#include "text/edit.hpp"

namespace dockhew::inline layers {

struct Reordering {
  std::vector<TextEdit> edits;          // all or nothing
  std::vector<Span> moves;              // what they remove here to put it elsewhere
  std::vector<Assumption> assumptions;  // that could not be checked
};

}  // namespace dockhew::inline layers
