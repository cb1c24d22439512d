// Calls in a manifest that is itself a program, a Gemfile or a mix.exs: any of them may read a part of the source, so
// all must be known not to.
#pragma once

#include <string>
#include <string_view>

#include "facts/facts.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// The first call of a module's function that is not among the harmless ones: `System.cmd`, `YAML.load_file`, `Dir[`,
// `:os.cmd`. `harmless` has such names, or with `*` at the end beginnings of them. Comments, which `#` begins, and
// plain strings are not looked at.
Obstacle calls_unknown(std::string_view manifest, std::string_view text, Words harmless);

// The text without the comments that `#` begins.
std::string without_comments(std::string_view text);

}  // namespace dockhew::inline ecosystems
