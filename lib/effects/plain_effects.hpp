// Commands that do nothing but what their words say, to files that these name, so that a step with them can be placed
// by the files alone.
#pragma once

#include "facts/facts.hpp"
#include "model/script.hpp"

namespace dockhew::inline effects {

// The plain commands of the table, `git config --global`, and `sed -i` with one substitution in files of the image's
// own, outside of the directories of the system.
bool has_plain_effects(const Facts& facts, const ShellCommand& command);

// `sed -i` with substitutions alone, in whatever files it names: it changes these and nothing else.
bool only_substitutes(const Facts& facts, const ShellCommand& command);

}  // namespace dockhew::inline effects
