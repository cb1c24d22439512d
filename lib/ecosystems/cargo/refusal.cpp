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

}  // namespace

std::string cargo_refusal(const Site& site, const ToolUse& use) {
  const auto& image = site.stage.image;
  const auto& command = *use.command;
  if (use.tool->id != "cargo" || command.conditional || command.piped || command.nested ||
      !command.directory.is_known() || !is_plain_build(use))
    return {};
  if (!image || image->entry == nullptr || image->entry->language != "rust" || image->only_configured ||
      site.stage.base_from_argument)
    return {};
  const auto has = version_numbers(image->version);
  if (has.size() < 2) return {};

  const auto& context = site.context();
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  const auto manifest = directory ? join_context_path(*directory, "Cargo.toml") : std::string();
  const auto text = directory ? context.read(manifest) : std::nullopt;
  const auto table = text ? parse_toml(*text) : std::nullopt;
  if (!table || table->contains("cargo-features") || chooses_toolchain(context, *directory)) return {};
  const auto is_as_written = [&](std::string_view name) {
    return is_brought(site, command.directory.text, join_context_path(*directory, name)) &&
           !may_differ(site, use, resolve_path(command.directory.text, name));
  };
  const auto refuses = [&](std::string_view first) {
    return ", which came with Rust " + std::string(first) + ", and `" + shown_base(site.stage) + "` has " +
           image->version + ", so Cargo stops here";
  };
  const auto& package = *table;
  const auto edition = package["package"]["edition"].value_or(std::string());
  if (const auto first = first_with(edition); is_older(has, first) && is_as_written("Cargo.toml"))
    return "`" + manifest + "` has `edition = \"" + edition + "\"`" + refuses(first);

  constexpr std::string_view first_that_checks = "1.56", first_with_lock_4 = "1.78";
  const auto wanted = package["package"]["rust-version"].value_or(std::string());
  const bool for_all = std::ranges::none_of(command.words, [](const ShellWord& word) {
    return word.text().starts_with("-p") || word.text().starts_with("--ignore") || word.text().starts_with("--pack") ||
           word.text().starts_with("--ex");
  });
  if (for_all && version_at_least(image->version, first_that_checks) && is_older(has, wanted) &&
      is_as_written("Cargo.toml"))
    return "`" + manifest + "` has `rust-version = \"" + wanted + "\"`, and `" + shown_base(site.stage) + "` has " +
           image->version + ", so Cargo stops here";

  const auto lock = join_context_path(*directory, "Cargo.lock");
  const auto locked = context.read(lock);
  if (!locked || !is_older(has, first_with_lock_4)) return {};
  const auto lines = std::string_view(*locked).substr(0, 1000);
  if (lines.find("\nversion = 4\n") == lines.npos && !lines.starts_with("version = 4\n")) return {};
  if (!is_as_written("Cargo.toml") || !is_as_written("Cargo.lock")) return {};
  return "`" + lock + "` has the format of version 4" + refuses(first_with_lock_4);
}

}  // namespace dockhew::inline ecosystems
