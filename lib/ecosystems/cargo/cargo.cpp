// Rust: Cargo.
#include "ecosystems/cargo/caches.hpp"
#include "ecosystems/cargo/dependency_step.hpp"
#include "ecosystems/cargo/effects.hpp"
#include "ecosystems/cargo/runtime.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"cargo"};

// Programs that `cargo install` makes and that work with a database alone. Others call Cargo: `sqlx prepare`.
bool cargo_runs_no_tool(const ShellCommand& command) { return command.name() == "diesel"; }

}  // namespace

extern constinit const Ecosystem cargo = {
    .id = "cargo",
    .language = "rust",
    .tools = tools,
    .intermediate_files = cargo_intermediate_files,
    .effects = cargo_effects,
    .derived_manifests = cargo_recipe,
    .installation = cargo_installation,
    .local_settings = cargo_local_settings,
    .dependency_layer = cargo_dependency_layer,
    .dependency_step = cargo_dependency_step,
    .runs_no_tool = cargo_runs_no_tool,
    .runtime = &cargo_runtime,
};

}  // namespace dockhew::inline ecosystems
