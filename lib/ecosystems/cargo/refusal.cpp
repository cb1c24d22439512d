#include "ecosystems/cargo/refusal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "ecosystems/runtime_image.hpp"
#include "ecosystems/tag_versions.hpp"
#include "ecosystems/toolchain_changes.hpp"
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

// Of what may install another Rust.
constexpr std::string_view other_rust[] = {"rustup", "RUSTUP", "RUSTC", "toolchain"};

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
  bool is_as_written(std::string_view name) const { return finds_as_written(site, use, other_rust, file(name)); }
  const std::string& version() const { return site.stage.image->version; }
  std::string image() const { return '`' + shown_base(site.stage) + "` has " + version(); }
  std::string came_with(std::string_view first) const {
    return ", which came with Rust " + std::string(first) + ", and " + image() + ", so Cargo stops here";
  }
};

Refusal edition_refusal(const Build& build, const toml::table& package) {
  const auto edition = package["package"]["edition"].value_or(std::string());
  const auto first = first_with(edition);
  if (!is_older(build.has, first) || !build.is_as_written("Cargo.toml")) return {};
  return {'`' + build.file("Cargo.toml") + "` has `edition = \"" + edition + "\"`" + build.came_with(first),
          build.version(), std::string(first)};
}

Refusal version_refusal(const Build& build, const toml::table& package) {
  constexpr std::string_view first_that_checks = "1.56";
  const auto wanted = package["package"]["rust-version"].value_or(std::string());
  const bool for_all = std::ranges::none_of(build.use.command->words, [](const ShellWord& word) {
    return word.text().starts_with("-p") || word.text().starts_with("--ignore") || word.text().starts_with("--pack") ||
           word.text().starts_with("--ex");
  });
  if (!for_all || !version_at_least(build.site.stage.image->version, first_that_checks) ||
      !is_older(build.has, wanted) || !build.is_as_written("Cargo.toml"))
    return {};
  return {'`' + build.file("Cargo.toml") + "` has `rust-version = \"" + wanted + "\"`, and " + build.image() +
              ", so Cargo stops here",
          build.version(), wanted};
}

Refusal lock_refusal(const Build& build) {
  constexpr std::string_view first_with_lock_4 = "1.78";
  const auto locked = build.site.context().read(build.file("Cargo.lock"));
  if (!locked || !is_older(build.has, first_with_lock_4)) return {};
  const auto lines = std::string_view(*locked).substr(0, 1000);
  if (lines.find("\nversion = 4\n") == lines.npos && !lines.starts_with("version = 4\n")) return {};
  if (!build.is_as_written("Cargo.toml") || !build.is_as_written("Cargo.lock")) return {};
  return {'`' + build.file("Cargo.lock") + "` has the format of version 4" + build.came_with(first_with_lock_4),
          build.version(), std::string(first_with_lock_4)};
}

// Whether the stage is on an official image of Rust that tells its version.
bool has_known_rust(const Stage& stage) {
  const auto& image = stage.image;
  return image && image->entry != nullptr && image->entry->language == "rust" && !image->only_configured &&
         !stage.base_from_argument && version_numbers(image->version).size() > 1;
}

}  // namespace

Refusal cargo_refusal(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (use.tool->id != "cargo" || !command.directory.is_known() || !is_plain_build(use) || !has_known_rust(site.stage))
    return {};
  const auto& context = site.context();
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  if (!directory) return {};
  const Build build{site, use, *directory, version_numbers(site.stage.image->version)};
  const auto text = context.read(build.file("Cargo.toml"));
  const auto package = text ? parse_toml(*text) : std::nullopt;
  if (!package || package->contains("cargo-features") || chooses_toolchain(context, *directory)) return {};
  if (auto refusal = edition_refusal(build, *package); !refusal.reason.empty()) return refusal;
  if (auto refusal = version_refusal(build, *package); !refusal.reason.empty()) return refusal;
  return lock_refusal(build);
}

}  // namespace dockhew::inline ecosystems
