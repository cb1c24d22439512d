#include "ecosystems/cargo/dependency_step.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "ecosystems/build_choice.hpp"
#include "ecosystems/build_effects.hpp"
#include "ecosystems/cargo/layout.hpp"
#include "ecosystems/cargo/lints.hpp"
#include "ecosystems/named_files.hpp"
#include "effects/environment.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool reads_variable(std::string_view variable) {
  constexpr std::string_view of_programs[] = {"RUST_BACKTRACE", "RUST_LOG", "SQLX_OFFLINE"};
  return !is_about_program(variable) && !starts_with_any(variable, of_programs);
}

// What continued lines leave between words becomes one blank; within quotes all are kept.
std::string on_one_line(std::string_view text) {
  std::string line;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 ? c == quote : c == '"' || c == '\'') quote = quote != 0 ? '\0' : c;
    if (c == ' ' && quote == 0 && line.ends_with(' ')) continue;
    line += c;
  }
  return line;
}

// The command that compiles the dependencies: the build's own, so that flags and features agree. `cargo install --path
// .` becomes `cargo build`, in the same target directory.
std::string build_command(const Site& site, const ToolUse& whole) {
  const auto& command = *whole.command;
  const auto& script = *site.step.script;
  const auto* choice = choice_of_builds(site, whole);
  auto text = on_one_line(choice != nullptr ? text_of_choice(site, whole, *choice)
                                            : std::string(script.text.view(command.span)));
  const auto install = std::ranges::find_if(command.words, [](const ShellWord& word) { return word.raw == "install"; });
  if (install == command.words.end()) return text;
  // `cargo install --path .` builds in release mode unless told otherwise, in the same target directory.
  std::string build = "cargo build";
  bool debug = false, profile = false;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    debug |= raw == "--debug";
    if (raw == "--locked" || raw == "--frozen" || raw == "--offline" || raw == "--all-features" ||
        raw == "--no-default-features" || raw.starts_with("--features=") || raw.starts_with("--target=") ||
        raw.starts_with("--profile=") || raw.starts_with("--config=")) {
      build += ' ' + std::string(raw);
      profile |= raw.starts_with("--profile=");
    } else if ((raw == "--features" || raw == "--target" || raw == "--profile" || raw == "-F" || raw == "--config") &&
               i + 1 < command.words.size()) {
      build += ' ' + std::string(raw) + ' ' + command.words[++i].raw;
      profile |= raw == "--profile";
    }
  }
  return debug || profile ? build : build + " --release";
}

// Paths as words of a command that runs in `directory`, each with a blank before it. Their directories are added.
std::string as_words(const std::vector<std::string>& roots, const std::string& directory,
                     std::vector<std::string>& directories) {
  std::string text;
  for (const auto& root : roots) {
    const auto path = relative_path(directory, root);
    const std::string parent(path_parent(path));
    if (parent != "." && std::ranges::find(directories, parent) == directories.end()) directories.push_back(parent);
    text += ' ' + path;
  }
  return text;
}

// Adds what makes crate roots that are empty, and what makes them older than the real ones afterwards.
Obstacle add_dummy_roots(const CargoLayout& layout, const std::string& directory, const std::string& attribute,
                         DependencyStep& step) {
  std::vector<std::string> directories;
  const auto programs = as_words(layout.programs, directory, directories);
  const auto libraries = as_words(layout.libraries, directory, directories);
  if ((programs + libraries).find_first_of("'\"$`\\*?[(){};&|<>#") != std::string::npos)
    return Declined{"the name of a crate root has characters that are special to the shell"};
  if (!directories.empty()) {
    auto& make = step.commands.emplace_back("mkdir -p");
    for (const auto& each : directories) make += ' ' + each;
  }
  // Without a pipe, whose failure nobody would see.
  for (const auto& program : layout.programs)
    step.commands.push_back("echo '" + attribute + (attribute.empty() ? "" : " ") + "fn main() {}' > " +
                            relative_path(directory, program));
  if (!attribute.empty())
    for (const auto& library : layout.libraries)
      step.commands.push_back("echo '" + attribute + "' > " + relative_path(directory, library));
  else if (!libraries.empty()) step.commands.push_back("touch" + libraries);
  step.before_build.push_back("touch" + programs + libraries);
  return std::nullopt;
}

std::string rust_flags(const Site& site, const ToolUse& use) {
  std::string flags;
  for (const auto* name : {"RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"}) {
    auto value = environment(site, *use.command, name).text;
    std::ranges::replace(value, '\x1f', ' ');  // between the words of CARGO_ENCODED_RUSTFLAGS
    flags += value + ' ';
  }
  return flags;
}

// What dummies must say first so that the project's lints allow them: `#![allow(missing_docs)]`.
Outcome<std::string> attribute_of_dummies(const Site& site, const ToolUse& use, const CargoLayout& layout) {
  const auto lints = lints_of_dummies(site.context(), layout.workspace, layout.manifests, rust_flags(site, use));
  if (!lints) return lints.declined();
  std::string names;
  for (const auto& lint : *lints) names += (names.empty() ? "" : ", ") + lint;
  return names.empty() ? names : "#![allow(" + names + ")]";
}

// Adds the files that `--config ci.toml` names. What has `=` in it is a setting itself.
Obstacle add_named_settings(const Site& site, const ToolUse& use, const Project& project, CargoLayout& layout) {
  constexpr std::string_view option = "--config";
  const auto& words = use.command->words;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string_view raw = words[i].raw;
    if (!raw.starts_with(option)) continue;
    const bool joined = raw.substr(option.size()).starts_with('=');
    if ((!joined && raw != option) || (!joined && ++i == words.size())) continue;
    const auto& word = words[i];
    const std::string_view written = word.value.is_known() ? std::string_view(word.text()) : std::string_view(word.raw);
    const std::string value(joined ? written.substr(option.size() + 1) : written);
    if (value.find('=') != value.npos) continue;
    const auto path = join_context_path(project.directory, value);
    const bool inside = project.root == "." ? !path.starts_with("..") : path_is_under(path, project.root);
    if (!word.value.is_known() || value.starts_with('/') || !inside || site.context().kind(path) != PathKind::file)
      return Declined{"it is not known where in the build context `" + value + "` is, which `--config` names"};
    if (auto obstacle = obstacle_in_cargo_settings(site.context(), path)) return obstacle;
    if (std::ranges::find(layout.manifests, path) == layout.manifests.end()) layout.manifests.push_back(path);
  }
  return std::nullopt;
}

// A target without the standard library, or one that a file of the source describes, and a script for the linker: the
// dummies do not compile without what the source has.
Obstacle obstacle_of_target(const Site& site, const ToolUse& use, const Project& project, const CargoLayout& layout) {
  for (const auto& target : option_values(*use.command, "--target"))
    if (target.is_known() && target.text.ends_with(".json"))
      return Declined{"`" + target.text + "`, which `--target` names, is part of the source"};
  auto flags = rust_flags(site, use);
  std::ranges::replace_if(
      flags, [](char c) { return c == '=' || c == ','; }, ' ');
  for (auto word : split_words(flags)) {
    if (word.starts_with("-T")) word.remove_prefix(2);
    const auto path = join_context_path(project.directory, std::string(word));
    if (!word.empty() && site.context().kind(path) == PathKind::file)
      return Declined{"the flags of rustc name `" + path + "`, which is part of the source"};
  }
  for (const auto& program : layout.programs) {
    const auto text = site.context().read(program).value_or("");
    for (const auto* attribute : {"#![no_main]", "#![no_std]"})
      if (text.find(attribute) != text.npos)
        return Declined{"`" + program + "` has `" + attribute + "`, and a dummy of it may not compile"};
  }
  return std::nullopt;
}

Obstacle obstacle_of_command(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  const auto& script = *site.step.script;
  const bool chosen = command.conditional && !command.has_word("install") && choice_of_builds(site, use) != nullptr;
  if (!script.is_straight() || script.chain.empty() || command.nested || (command.conditional && !chosen) ||
      command.piped)
    return Declined{"the build is not a top-level command of its RUN"};
  constexpr std::array<std::string_view, 4> others = {"check", "clippy", "doc", "test"};
  if (std::ranges::any_of(others, [&](std::string_view word) { return command.has_word(word); }))
    return Declined{"`cargo " + command.words[1].text() + "` is not a build"};
  const bool locked = use.has_option("--locked") || use.has_option("--frozen");
  if (command.has_word("install") && !locked)
    return Declined{
        "`cargo install` ignores Cargo.lock, so it would compile other versions than a dependency layer; add "
        "`--locked`"};
  return std::nullopt;
}

}  // namespace

// Not even `cargo fetch` is content with the manifests: it asks for the crate roots.
Installation cargo_installation(const ToolUse& use) { return named_installation(use, true); }

Outcome<std::vector<Assumption>> cargo_local_settings(const ToolUse&, const BuildContext& context,
                                                      const std::optional<std::string>& directory) {
  if (!directory || !context.is_known())
    return std::vector<Assumption>{
        {"no-toolchain-file", "the source contains no rust-toolchain file and no .cargo/config.toml"}};
  for (const auto* name : {"rust-toolchain", "rust-toolchain.toml", ".cargo/config.toml", ".cargo/config"})
    if (context.exists(join_context_path(*directory, name)))
      return Declined{"the source contains `" + std::string(name) + "`, which decides how Cargo compiles the tools"};
  return std::vector<Assumption>();
}

namespace {

// Whether a table of dependencies has an entry. Those of a workspace are declared by its members.
bool declares(std::string_view cargo_toml) {
  if (cargo_toml.find("[workspace") != cargo_toml.npos) return true;
  for (auto at = cargo_toml.find("dependencies"); at != cargo_toml.npos; at = cargo_toml.find("dependencies", at + 1)) {
    const auto line = cargo_toml.find('\n', at);
    if (line == cargo_toml.npos) return false;
    if (cargo_toml[at + std::string_view("dependencies").size()] == '.') return true;  // `[dependencies.serde]`
    const auto next = cargo_toml.find_first_not_of(" \t\r\n", line);
    if (next != cargo_toml.npos && cargo_toml[next] != '[' && cargo_toml[next] != '#') return true;
  }
  return false;
}

}  // namespace

std::optional<DependencyLayer> cargo_dependency_layer(const Site&, const ToolUse& use) {
  if (use.action->kind != ActionKind::build) return std::nullopt;
  return DependencyLayer{.title = "compile the dependencies in a separate layer",
                         .own_command = true,
                         .repeats_choice = true,
                         .compiles = true,
                         .writes_project = true,
                         .kept_in_project = true,
                         .reads = reads_variable,
                         .declares = declares};
}

Outcome<DependencyStep> cargo_dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  if (!site.context().is_known())
    return Declined{
        "compiling only the dependencies requires the layout of the crate, and the build context is not known"};
  for (const auto option : use.tool->project.directory_options)
    if (use.has_option(option))
      return Declined{"`" + std::string(option) + "` names another location for the manifests"};
  auto layout = read_cargo_layout(site.context(), project.directory, project.root);
  if (!layout) return layout.declined();
  if (site.context().exists(join_context_path(layout->workspace, "target")))
    return Declined{
        "the build context contains a target directory, which the COPY would put over the compiled dependencies; "
        "exclude it in .dockerignore"};
  if (auto obstacle = obstacle_of_command(site, use)) return *obstacle;
  if (auto obstacle = variable_naming_file(site, use, project.directory)) return *obstacle;
  if (auto obstacle = obstacle_of_target(site, use, project, *layout)) return *obstacle;
  if (auto obstacle = add_named_settings(site, use, project, *layout)) return *obstacle;
  const auto attribute = attribute_of_dummies(site, use, *layout);
  if (!attribute) return attribute.declined();
  DependencyStep step;
  if (auto obstacle = add_dummy_roots(*layout, project.directory, *attribute, step)) return *obstacle;
  step.commands.push_back(build_command(site, use));
  step.needed = layout->manifests;
  step.manifests = std::move(layout->manifests);
  std::ranges::move(layout->programs, std::back_inserter(step.needed));
  std::ranges::move(layout->libraries, std::back_inserter(step.needed));
  if (site.file.ships(site.stage))
    step.assumptions.push_back(
        {"build-directory-is-scratch",
         "only the built programs are used from the `target` directory, which ends up in the image"});
  return step;
}

}  // namespace dockhew::inline ecosystems
