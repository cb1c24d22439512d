// Whether a use of Go works with modules: what they fetch, and whether `go mod` runs at all, depends on that.
#pragma once

#include <string_view>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Whether modules are turned off, or may be: by GO111MODULE, by `go env -w`, or because Go is too old for them.
bool may_lack_modules(const Site& site, const ToolUse& use);

// Whether `go env -w` turned them off before a command of the site's step.
bool is_written_off(const Site& site, const ShellCommand& until);

// A module that go.mod names and whose program reads or loads files of its directory in the cache when it runs; empty
// where there is none.
std::string_view module_read_by_program(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
