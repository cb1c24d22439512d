// An edit that changes a file but not its meaning, so that a build sees a changed source or a changed list of
// dependencies: a comment at the end, or a JSON key that nobody reads.
#pragma once

#include <string>
#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline verify {

// What a person would most likely edit among the files of the context that the Dockerfile copies; empty when there is
// none. Paths are relative to the context.
std::string choose_source_file(const Dockerfile& file);
std::string choose_manifest(const Dockerfile& file);

// The text with an edit that contains `mark`; nothing when it is not known how to edit such a file.
std::string edited(std::string_view path, const std::string& text, const std::string& mark);

}  // namespace dockhew::inline verify
