// Why an image certainly refuses an installation, and what would make it accept. The reason is for a person; a newer
// image, or another word of the command, is what a fix offers.
#pragma once

#include <string>
#include <vector>

#include "text/edit.hpp"

namespace dockhew::inline ecosystems {

struct Refusal {
  std::string reason;  // empty where nothing is known to speak against the installation
  // The version of the language that the tag of the base image names, and the one that it would have to name; empty
  // where the reason is another one.
  std::string has = {}, needs = {};
  std::vector<TextEdit> edits = {};  // of the command, after which it is accepted
  std::string title = {};            // of these, imperative
};

}  // namespace dockhew::inline ecosystems
