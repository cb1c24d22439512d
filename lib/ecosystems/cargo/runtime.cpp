// Rust programs in an image of their own: what `cargo build` and `cargo install` make, in the distribution's own image.
#include "ecosystems/cargo/runtime.hpp"

#include <algorithm>

#include "ecosystems/cargo/layout.hpp"
#include "ecosystems/cargo/linked_libraries.hpp"
#include "ecosystems/cargo/read_outputs.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/compiled_program.hpp"
#include "ecosystems/runtime_image.hpp"
#include "effects/source_parts.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool builds_from_registry(const ToolUse& use) { return use.command->has_word("install") && !use.has_option("--path"); }

// Whether a build puts its programs into the directory of `path`: `target/release`, or `target/<triple>/release`.
bool builds_into_directory_of(const ShellCommand& command, const AffectedPaths& outputs, std::string_view path) {
  const auto writes = [&](std::string_view wanted) {
    return std::ranges::find(outputs.paths, wanted, &AffectedPath::path) != outputs.paths.end();
  };
  const auto directory = path_parent(path);
  if (command.has_word("install")) return writes(directory);
  std::string profile = command.has_word("--release") || command.has_word("-r") ? "release" : "debug";
  if (const auto named = known_values(command, {"--profile"}); !named.empty())
    profile = *named.begin() == "dev" ? "debug" : *named.begin();
  auto above = path_parent(directory);
  if (const auto triple = known_values(command, {"--target"}); !triple.empty()) {
    if (path_basename(above) != *triple.begin()) return false;
    above = path_parent(above);
  }
  return path_basename(directory) == profile && writes(above);
}

// The programs that `cargo build` or `cargo install --path` makes in addition to the one at `path`, in the same
// directory.
void add_programs(const Site& site, const ToolUse& use, const std::string& path, OtherPrograms& programs) {
  const auto& command = *use.command;
  if (builds_from_registry(use)) return;
  for (const auto* other : {"--lib", "--example", "--examples", "--test", "--tests", "--bench", "--benches"})
    if (command.has_word(other)) return;
  if (!command.directory.is_known() || !makes(site, command, path)) return;
  const auto outputs = command_effects(site, command).writes;
  if (command.has_word("--exclude") || !builds_into_directory_of(command, outputs, path)) {
    programs.complete = false;
    return;
  }
  const auto named = known_values(command, {"--bin"}), packages = known_values(command, {"-p", "--package"});
  auto project = command.directory.text;
  if (const auto paths = known_values(command, {"--path"}); !paths.empty())
    project = resolve_path(project, *paths.begin());
  const auto root = project_in_context(site.file, site.stage, site.earlier().size(), project);
  const Outcome<CargoLayout> layout = root && site.context().is_known() ? read_cargo_layout(site.context(), *root, ".")
                                                                        : Declined{"the project is not known"};
  if (!layout || layout->manifests.empty()) {
    if (named.size() != 1) programs.complete = false;
    return;
  }
  const bool whole = command.has_word("--workspace") || command.has_word("--all");
  // A package is built alone, and a workspace without its own package as a whole.
  const bool in_package = std::ranges::any_of(
      layout->binaries, [&](const CargoBinary& binary) { return clean_path(binary.directory) == clean_path(*root); });
  const auto directory = path_parent(path);
  for (const auto& binary : layout->binaries) {
    if (!named.empty() && !named.contains(binary.name)) continue;
    if (!packages.empty() ? !packages.contains(binary.package)
                          : !whole && in_package && clean_path(binary.directory) != clean_path(*root))
      continue;
    programs.paths.push_back(std::string(directory) + '/' + binary.name);
  }
}

std::string_view toolchain(const Dockerfile&, const Stage&) { return "Rust toolchain"; }

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  if (auto obstacle = linked_libraries_unknown(conversion.file, conversion.stage)) return *obstacle;
  if (auto obstacle = obstacle_of_read_outputs(conversion)) return *obstacle;
  return find_compiled_program(conversion, {"cargo", "/usr/local/cargo/bin", builds_from_registry, add_programs});
}

constexpr std::string_view tools[] = {"cargo"};
constexpr std::string_view setup_commands[] = {"rustup"};
constexpr std::string_view source_endings[] = {".rs"};
constexpr std::string_view toolchain_programs[] = {"cargo", "rustc", "rustfmt", "rustup"};
constexpr std::string_view building_files[] = {"build.rs"};
constexpr std::string_view directory_readers[] = {"ServeDir::new(@)", "read_dir(@)"};

// Those that Cargo builds on demand alone, and tasks for developers (https://github.com/matklad/cargo-xtask).
bool is_of_other_program(std::string_view path, std::string_view) {
  constexpr std::string_view directories[] = {"/benches/", "/examples/", "/fuzz/", "/tests/", "/xtask/"};
  const auto whole = '/' + std::string(path);
  return path_basename(path) == "tests.rs" || std::ranges::any_of(directories, [&](std::string_view directory) {
           return whole.find(directory) != whole.npos;
         });
}
constexpr std::string_view starting_calls[] = {"Command::new", "async_process::Command::new", "process::Command::new",
                                               "std::process::Command::new", "tokio::process::Command::new"};

std::string started_build(const Stage& stage) { return started_run(stage, "cargo"); }

}  // namespace

extern constinit const Runtime cargo_runtime = {
    .compiled = true,
    .tools = tools,
    .titles = "cargo",
    .setup_commands = setup_commands,
    .source_endings = source_endings,
    .toolchain_programs = toolchain_programs,
    .building_files = building_files,
    .directory_readers = directory_readers,
    .starting_calls = starting_calls,
    .toolchain = toolchain,
    .started_build = started_build,
    .part = part_of_action,
    .image = distribution_image,
    .program = program,
    .needed_packages = linked_libraries,
    .is_of_other_program = is_of_other_program,
};

}  // namespace dockhew::inline ecosystems
