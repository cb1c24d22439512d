// Whether a use of Go works with modules: what they fetch, and whether `go mod` runs at all, depends on that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/local_import.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Whether modules are turned off, or may be: by GO111MODULE, by `go env -w`, or because Go is too old for them.
bool may_lack_modules(const Site& site, const ToolUse& use);

// Whether `go env -w` turned them off before a command of the site's step.
bool is_written_off(const Site& site, const ShellCommand& until);

// What follows a word at the beginning of a line of go.mod: `go 1.21`, `module example.org/app`; empty without one.
std::string_view value_in_go_mod(std::string_view go_mod, std::string_view word);

// What a file imports of the module that it is in: see Ecosystem::local_imports.
std::vector<LocalImport> go_local_imports(const BuildContext& context, const std::string& file, std::string_view text);

// A module that go.mod names and whose program reads or loads files of its directory in the cache when it runs; empty
// where there is none.
std::string_view module_read_by_program(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
