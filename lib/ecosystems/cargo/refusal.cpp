#include "ecosystems/cargo/refusal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "ecosystems/tag_versions.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Whether the use reads the package in its directory, and all of it, with the Rust of the image.
bool is_plain_build(const ToolUse& use) {
  constexpr std::string_view builders[] = {"b", "build", "check", "clippy", "rustc", "test"};
  const auto& words = use.action->words;
  if (words.size() != 1 || std::ranges::find(builders, words.front()) == std::end(builders)) return false;
  constexpr std::string_view others[] = {"--config", "--manifest-path", "-C", "-Z"};
  return std::ranges::none_of(use.command->words, [&](const ShellWord& word) {
    const auto& text = word.text();
    return !word.value.is_known() || text.starts_with('+') ||
           std::ranges::any_of(others, [&](std::string_view option) { return text.starts_with(option); });
  });
}

// Whether a step before the use may install another Rust, or change or replace a file of the package.
bool may_differ(const Site& site, const ToolUse& use, const std::string& file) {
  constexpr std::string_view words[] = {"rustup", "RUSTUP", "RUSTC", "toolchain"};
  const auto names_rust = [&](const Site& at) {
    const auto text = at.step.instruction->text.view();
    return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
  };
  const auto names_file = [&](const Site& at) {
    return at.step.instruction->keyword == Keyword::run &&
           at.step.instruction->text.view().find(path_basename(file)) != std::string_view::npos;
  };
  const auto runs_anything = [](const Site& at, const ShellCommand& command) {
    return may_bring_anything(at.file.facts(), command);
  };
  const auto may_change = [&](const Site& at) {
    if (names_file(at) || may_write_file(at, file)) return true;
    return at.step.script && std::ranges::any_of(at.step.script->commands, [&](const ShellCommand& command) {
             return runs_anything(at, command);
           });
  };
  const auto changes = [&](const Site& at) {
    if (names_rust(at)) return true;
    if (!at.step.copy) return may_change(at);
    const auto& copy = *at.step.copy;
    return !copy.from_context() && (!copy.destination.is_known() || path_is_under(file, copy.destination.text) ||
                                    path_is_under(copy.destination.text, path_parent(file)));
  };
  if (names_rust(site) || names_file(site) || site.any_earlier({"may bring another Rust, or write ", file}, changes))
    return true;
  for (const auto& command : site.step.script->commands) {
    if (&command == use.command) break;
    if (runs_anything(site, command) || may_write_file(site, command, file)) return true;
  }
  return false;
}

bool chooses_toolchain(const BuildContext& context, const std::string& directory) {
  constexpr std::string_view names[] = {"rust-toolchain", "rust-toolchain.toml", ".cargo"};
  return std::ranges::any_of(names, [&](std::string_view name) {
    return context.exists(join_context_path(directory, name)) || context.exists(std::string(name));
  });
}

// The first Rust that takes an edition; empty for the first.
std::string_view first_with(std::string_view edition) {
  if (edition == "2024") return "1.85";
  if (edition == "2021") return "1.56";
  return edition == "2018" ? "1.31" : "";
}

bool is_older(const std::vector<int>& has, std::string_view wanted) {
  return !wanted.empty() && tag_is_older(has, version_numbers(wanted));
}

// A package of the build context, and the image whose Cargo builds it.
struct Build {
  const Site& site;
  const ToolUse& use;
  std::string directory;  // in the context
  std::vector<int> has;   // the version of Rust

  std::string file(std::string_view name) const { return join_context_path(directory, name); }
  // Whether the build finds the file as it is in the context.
  bool is_as_written(std::string_view name) const {
    const auto& place = use.command->directory.text;
    return is_brought(site, place, file(name)) && !may_differ(site, use, resolve_path(place, name));
  }
  std::string image() const { return '`' + shown_base(site.stage) + "` has " + site.stage.image->version; }
  std::string came_with(std::string_view first) const {
    return ", which came with Rust " + std::string(first) + ", and " + image() + ", so Cargo stops here";
  }
};

std::string edition_refusal(const Build& build, const toml::table& package) {
  const auto edition = package["package"]["edition"].value_or(std::string());
  const auto first = first_with(edition);
  if (!is_older(build.has, first) || !build.is_as_written("Cargo.toml")) return {};
  return '`' + build.file("Cargo.toml") + "` has `edition = \"" + edition + "\"`" + build.came_with(first);
}

std::string version_refusal(const Build& build, const toml::table& package) {
  constexpr std::string_view first_that_checks = "1.56";
  const auto wanted = package["package"]["rust-version"].value_or(std::string());
  const bool for_all = std::ranges::none_of(build.use.command->words, [](const ShellWord& word) {
    return word.text().starts_with("-p") || word.text().starts_with("--ignore") || word.text().starts_with("--pack") ||
           word.text().starts_with("--ex");
  });
  if (!for_all || !version_at_least(build.site.stage.image->version, first_that_checks) ||
      !is_older(build.has, wanted) || !build.is_as_written("Cargo.toml"))
    return {};
  return '`' + build.file("Cargo.toml") + "` has `rust-version = \"" + wanted + "\"`, and " + build.image() +
         ", so Cargo stops here";
}

std::string lock_refusal(const Build& build) {
  constexpr std::string_view first_with_lock_4 = "1.78";
  const auto locked = build.site.context().read(build.file("Cargo.lock"));
  if (!locked || !is_older(build.has, first_with_lock_4)) return {};
  const auto lines = std::string_view(*locked).substr(0, 1000);
  if (lines.find("\nversion = 4\n") == lines.npos && !lines.starts_with("version = 4\n")) return {};
  if (!build.is_as_written("Cargo.toml") || !build.is_as_written("Cargo.lock")) return {};
  return '`' + build.file("Cargo.lock") + "` has the format of version 4" + build.came_with(first_with_lock_4);
}

// Whether the stage is on an official image of Rust that tells its version.
bool has_known_rust(const Stage& stage) {
  const auto& image = stage.image;
  return image && image->entry != nullptr && image->entry->language == "rust" && !image->only_configured &&
         !stage.base_from_argument && version_numbers(image->version).size() > 1;
}

}  // namespace

std::string cargo_refusal(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.tool->id != "cargo" || command.conditional || command.piped || command.nested ||
      !command.directory.is_known() || !is_plain_build(use) || !has_known_rust(site.stage))
    return {};
  const auto& context = site.context();
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  if (!directory) return {};
  const Build build{site, use, *directory, version_numbers(site.stage.image->version)};
  const auto text = context.read(build.file("Cargo.toml"));
  const auto package = text ? parse_toml(*text) : std::nullopt;
  if (!package || package->contains("cargo-features") || chooses_toolchain(context, *directory)) return {};
  if (auto refusal = edition_refusal(build, *package); !refusal.empty()) return refusal;
  if (auto refusal = version_refusal(build, *package); !refusal.empty()) return refusal;
  return lock_refusal(build);
}

}  // namespace dockhew::inline ecosystems
