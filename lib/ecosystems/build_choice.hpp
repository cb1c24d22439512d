// A build that is one of several: `if [ "$MODE" = release ]; then cargo build --release; else cargo build; fi`.
// Whatever comes before it must come before the whole choice, and who repeats it repeats the choice, so that both
// choose alike.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// The element of the chain that chooses; null where it does anything besides asking for values and building with this
// tool in this directory, and what comes after each build, or where it is written in several lines of a heredoc.
const ChainElement* choice_of_builds(const Site& site, const ToolUse& use);

// Its text without what comes after the builds: `cargo build && cp target/debug/app /app` is only `cargo build`.
std::string text_of_choice(const Site& site, const ToolUse& use, const ChainElement& choice);

}  // namespace dockhew::inline ecosystems
