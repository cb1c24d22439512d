// The commands that bring a project's dependencies alone, made of the command that builds all of it: what they fetch or
// compile is what the build then asks for.
#pragma once

#include <string>
#include <string_view>

#include "ecosystems/cargo/layout.hpp"
#include "model/script.hpp"
#include "model/tool_use.hpp"

namespace dockhew {

struct DependencyCommand {
  std::string text;
  std::string declined;  // why there is none
};

// `dotnet restore` for the project that is published, with those of its options that choose packages. Where the
// publishing needs other packages still, it restores them itself.
DependencyCommand dotnet_restore_command(const ToolUse& publish);

// The command that compiles the dependencies: the build's own, so that flags and features agree. `cargo install --path
// .` becomes `cargo build`, in the same target directory.
std::string cargo_dependency_command(const ToolUse& whole, const Script& script);

// Cargo compiles the dependencies of a crate whose roots are empty: what makes such roots, and what makes them older
// than the real ones afterwards. Both end with `joint`.
struct DummyRoots {
  std::string making, touching;
  std::string declined;  // why there are none
};

// `directory`: of the context, where the build runs.
DummyRoots dummy_crate_roots(const CargoLayout& layout, const std::string& directory, const std::string& joint);

// Whether `go mod download` or `dotnet restore` reads the variable.
bool changes_downloads(std::string_view tool, std::string_view variable);

// Whether what compiles a dependency may ask for the variable: for any but those that are about the program itself.
bool may_change_compilation(std::string_view variable);

}  // namespace dockhew
