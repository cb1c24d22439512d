#include "ecosystems/installation.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/named_files.hpp"
#include "model/script.hpp"

namespace dockhew::inline ecosystems {
namespace {

// With one of these packages are installed to a directory, which may be one of the project.
bool names_directory(const ToolUse& use) {
  constexpr std::array<std::string_view, 7> options = {"--install-dir", "--prefix", "--root", "--src",
                                                       "--target",      "-p",       "-t"};
  return std::ranges::any_of(options, [&](std::string_view option) { return use.has_option(option); });
}

bool is_archive(std::string_view word) {
  constexpr std::array<std::string_view, 11> endings = {".apk", ".bz2", ".deb", ".gem", ".gz", ".rpm",
                                                        ".tar", ".tgz", ".whl", ".xz",  ".zip"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return word.ends_with(ending); });
}

// `requests==2.32`, `@angular/cli`; not `./package`, `/tmp/a.deb`, a URL, `*.whl`, or a variable that could be any of
// them.
bool is_name(const ShellWord& word) {
  const std::string_view text = word.value.is_known() ? word.text() : word.raw;
  if (text.empty() || text.starts_with('.') || text.starts_with('$') || text.starts_with("\"$")) return false;
  if (text.find_first_of("*?`") != text.npos || text.find("$(") != text.npos || is_archive(text)) return false;
  return text.find('/') == text.npos || text.starts_with('@');
}

}  // namespace

Installation installation_of(const ToolUse& use) {
  const auto* ecosystem = find_ecosystem(*use.tool);
  if (ecosystem != nullptr) return ecosystem->installation ? ecosystem->installation(use) : Installation();
  if (use.tool->packages.of_system && use.action->kind == ActionKind::install) return {Declares::names, true};
  return named_installation(use, false);
}

bool installs_from_manifest(const ToolUse& use) {
  const auto declares = installation_of(use).declares;
  return declares == Declares::manifest || declares == Declares::project;
}

bool installs_own_manifest(const ToolUse& use) { return use.manifests.empty() && installs_from_manifest(use); }

bool installs_project(const ToolUse& use) { return installation_of(use).declares == Declares::project; }

bool removes_development(const ToolUse& use) {
  return installs_from_manifest(use) &&
         std::ranges::any_of(use.tool->packages.pruning_options,
                             [&](std::string_view option) { return use.has_option(option); });
}

bool names_versions(const ToolUse& use) {
  return !use.operands.empty() && std::ranges::all_of(use.operands, [&](std::size_t i) {
    return use.command->words[i].raw.find('@') != std::string::npos;
  });
}

bool installs_by_name(const ToolUse& use) {
  const auto kind = use.action->kind;
  if (use.action->independent || kind == ActionKind::refresh || kind == ActionKind::clean) return true;
  if (kind == ActionKind::remove) return use.tool->packages.of_system;
  const auto installation = installation_of(use);
  if (installation.declares != Declares::names || !installation.global) return false;
  if (!use.manifests.empty() || use.has_option("-e") || use.has_option("--editable")) return false;
  if (names_local_file(use)) return false;
  return std::ranges::all_of(use.operands, [&](std::size_t i) { return is_name(use.command->words[i]); });
}

bool is_told_global(const ToolUse& use) {
  const auto& words = use.action->words;
  return use.has_option("-g") || use.has_option("--global") || (!words.empty() && words[0] == "global");
}

Installation named_installation(const ToolUse& use, bool into_system) {
  if (use.action->kind != ActionKind::install || use.operands.empty()) return {};
  return {Declares::names, (into_system || is_told_global(use)) && !names_directory(use)};
}

bool is_plain_installation(const ToolUse& use) {
  constexpr std::array<std::string_view, 5> plain = {"ci", "clean-install", "i", "install", "sync"};
  const auto& words = use.action->words;
  if (use.action->kind != ActionKind::install || words.size() > 1 || !use.operands.empty()) return false;
  if (!words.empty() && std::ranges::find(plain, words.front()) == plain.end()) return false;
  return !is_told_global(use) && !use.has_option("--prefix");
}

}  // namespace dockhew::inline ecosystems
