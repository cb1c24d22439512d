// Rust: Cargo.
#include "ecosystems/cargo/build_settings.hpp"
#include "ecosystems/cargo/caches.hpp"
#include "ecosystems/cargo/dependency_step.hpp"
#include "ecosystems/cargo/effects.hpp"
#include "ecosystems/cargo/features.hpp"
#include "ecosystems/cargo/loaded_libraries.hpp"
#include "ecosystems/cargo/missing_manifest.hpp"
#include "ecosystems/cargo/published_tools.hpp"
#include "ecosystems/cargo/refusal.hpp"
#include "ecosystems/cargo/runtime.hpp"
#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"cargo"};

// Programs that `cargo install` makes and that work with a database alone. Others call Cargo: `sqlx prepare`.
bool cargo_runs_no_tool(const ShellCommand& command) { return command.name() == "diesel"; }

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = "target", .beside = "Cargo.toml", .holds = Holds::results, .workspace = "[workspace"},
};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "vergen",
    "git-version",
    "git_version!",
    "shadow-rs",
    "shadow_rs",
    "gitver",
    "git-testament",
    "build-data",
    "built::",
    "built =",
    "rustc-tools-util",
    "tauri-build-info",
    "GIT_HASH",
    "GIT_COMMIT",
    "GIT_SHA",
    "git2",
    "crate-git-revision",
    "crate_git_revision",
    "dependencies.built",
    "gix =",
    "gix::",
};

// Packages and programs that read settings from a file in the project. Macros of SQLx ask the database that it names,
// when they are compiled: https://docs.rs/sqlx/latest/sqlx/macro.query.html#requirements. Of Diesel, the program alone:
// https://diesel.rs/guides/getting-started.
constexpr std::string_view settings_readers[] = {
    "dotenv",          "query!(",       "query_as!(",   "query_scalar!(", "query_file!(",
    "query_file_as!(", "sqlx database", "sqlx migrate", "diesel setup",   "diesel migration",
};

}  // namespace

extern constinit const Ecosystem cargo = {
    .id = "cargo",
    .language = "rust",
    .tools = tools,
    .fills_nothing_in = cargo_fills_nothing_in,
    .intermediate_files = cargo_intermediate_files,
    .effects = cargo_effects,
    .derived_manifests = cargo_recipe,
    .installation = cargo_installation,
    .local_settings = cargo_local_settings,
    .dependency_layer = cargo_dependency_layer,
    .dependency_step = cargo_dependency_step,
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = {},
    .settings_readers = settings_readers,
    .links_c_library = cargo_links_c_library,
    .loaded_libraries = cargo_loaded_libraries,
    .unused_compilation = cargo_unused_compilation,
    .partly_unused_compilation = cargo_partly_unused_compilation,
    .compiles_nothing = cargo_compiles_nothing,
    .missing_manifest = cargo_missing_manifest,
    .refusal = cargo_refusal,
    .compiled_tools = cargo_compiled_tools,
    .instead_of_compiling = "cargo binstall --no-confirm",
    .runs_no_tool = cargo_runs_no_tool,
    .runtime = &cargo_runtime,
};

}  // namespace dockhew::inline ecosystems
