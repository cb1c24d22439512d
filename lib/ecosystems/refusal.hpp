// Why an image certainly refuses an installation, or a build certainly fails, and what would mend it. The reason is for
// a person; a newer image, or other words of a command, is what a fix offers.
#pragma once

#include <string>
#include <vector>

#include "text/edit.hpp"

namespace dockhew::inline ecosystems {

struct Refusal {
  std::string reason;  // empty where nothing is known to speak against it
  // The version of the language that the tag of the base image names, and the one that it would have to name; empty
  // where the reason is another one.
  std::string has = {}, needs = {};
  std::vector<TextEdit> edits = {};  // of a command, after which it succeeds
  std::string title = {};            // of these, imperative
};

}  // namespace dockhew::inline ecosystems
