#include "ecosystems/named_installation.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/named_files.hpp"
#include "model/script.hpp"

namespace dockhew {
namespace {

// Their plain `install NAME` goes into the system. For the others that is what `--global` is for; without it they add
// to the manifests of the project.
constexpr std::array<std::string_view, 6> into_the_system = {"pip", "pipx", "cargo", "gem", "corepack", "conda"};
// With one of these they install to a directory, which may be one of the project.
constexpr std::array<std::string_view, 7> into_a_directory = {"--target",      "-t",   "--prefix", "-p", "--root",
                                                              "--install-dir", "--src"};

bool is_global(const ToolUse& use) {
  const auto& words = use.action->words;
  return use.has_option("-g") || use.has_option("--global") || (!words.empty() && words[0] == "global");
}

bool is_archive(std::string_view word) {
  constexpr std::array<std::string_view, 9> endings = {".whl", ".gz",  ".tgz", ".bz2", ".zip",
                                                       ".gem", ".rpm", ".deb", ".apk"};
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

bool installs_by_name(const ToolUse& use) {
  const auto& tool = *use.tool;
  const auto kind = use.action->kind;
  if (use.action->independent) return true;
  if (kind == ActionKind::refresh || kind == ActionKind::clean) return true;
  if (kind != ActionKind::install || !use.manifests.empty() || use.has_option("-e") || use.has_option("--editable"))
    return false;
  const bool plain = std::ranges::find(into_the_system, tool.id) != into_the_system.end();
  if (!tool.system_packages && !plain && !is_global(use)) return false;
  const auto has = [&](std::string_view option) { return use.has_option(option); };
  if (!tool.system_packages && std::ranges::any_of(into_a_directory, has)) return false;
  // Without a name it is the project that is installed.
  if (!tool.system_packages && use.operands.empty()) return false;
  if (names_local_file(use)) return false;
  return std::ranges::all_of(use.operands, [&](std::size_t i) { return is_name(use.command->words[i]); });
}

}  // namespace dockhew
