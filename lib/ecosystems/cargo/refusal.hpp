// Packages that the Rust of an image certainly refuses: their edition, their `rust-version` or their lock file came
// with a later one.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Without a reason where nothing is known to speak against it. Sources:
// https://doc.rust-lang.org/edition-guide/editions/, https://doc.rust-lang.org/cargo/reference/rust-version.html and
// https://github.com/rust-lang/cargo/pull/12852 for the lock file.
Refusal cargo_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
