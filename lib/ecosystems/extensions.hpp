// Languages whose images compile extensions of their interpreter, with commands of the images' own. What such a command
// makes is in a few directories, so it can be made in a stage of its own, without the headers that only it needs.
#pragma once

#include <string_view>

#include "facts/facts.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

struct ExtensionTools {
  // Whether a command compiles or enables extensions, and does nothing else.
  bool (*builds)(const ShellCommand&) = nullptr;
  Words directories;      // that these commands write, beside what the compiler needs
  Words build_variables;  // of the image, with packages that only compile
  Words companions;       // other commands, which compile nothing
  Words tools;            // of the tables, whose commands compile nothing: "composer"
  Words mentions;         // in a script: it may compile extensions when the container starts
  // Whether the image starts a server where the file says nothing.
  bool (*starts_server)(const Stage&) = nullptr;
};

// Of the image that a stage begins with; null for others.
const ExtensionTools* extension_tools_of(const Stage& stage);

}  // namespace dockhew::inline ecosystems
