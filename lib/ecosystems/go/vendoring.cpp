#include "ecosystems/go/vendoring.hpp"

#include <algorithm>
#include <optional>

#include "ecosystems/go/modules.hpp"
#include "effects/effects.hpp"
#include "effects/environment.hpp"
#include "effects/source_copy.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view vendored = "-mod=vendor";

// `go run tool@v1.2.3` works outside the project's module, and what changes modules reads them where they come from.
bool builds_module(const ToolUse& use) {
  const auto& words = use.action->words;
  if (use.action->kind != ActionKind::build || words.empty() || words.front() == "mod") return false;
  return std::ranges::none_of(use.operands, [&](std::size_t i) {
    return use.command->words[i].raw.find('@') != std::string::npos || !use.command->words[i].value.is_known();
  });
}

// An option says where modules come from, or a variable that holds options may.
bool is_told_otherwise(const Site& site, const ToolUse& use) {
  for (const auto* option : {"-C", "-mod", "-modfile"})
    if (use.has_option(option)) return true;
  const auto flags = environment(site, *use.command, "GOFLAGS");
  const auto workspace = environment(site, *use.command, "GOWORK");
  return flags.is_unknown() || flags.text.find("-mod") != std::string::npos || workspace.is_unknown() ||
         (workspace.is_known() && !workspace.text.empty() && workspace.text != "off");
}

// The directory of go.mod, in the image: the one that Go finds from where it runs, if no workspace is in between.
std::optional<std::string> module_directory(const Site& site, std::string directory) {
  for (;; directory = path_parent(directory)) {
    if (file_in_context(site, resolve_path(directory, "go.work"))) return std::nullopt;
    if (file_in_context(site, resolve_path(directory, "go.mod"))) return directory;
    if (directory == "/") return std::nullopt;
  }
}

// A workspace may be above the module.
bool is_in_workspace(const Site& site, std::string directory) {
  while (directory != "/") {
    directory = path_parent(directory);
    if (file_in_context(site, resolve_path(directory, "go.work"))) return true;
  }
  return false;
}

// Each of them is looked at for each directory in which Go runs.
bool has_many_copies(const Site& site) {
  const auto copies = [](const Site& other) { return other.step.copy && other.step.copy->from_context(); };
  return site.file.answers({"copies from the context"}, copies).places().size() > limits::copies_before;
}

}  // namespace

bool is_told_to_use_vendor(const ToolUse& use) {
  return use.has_option(vendored) || std::ranges::any_of(use.command->assignments, [](const ShellAssignment& each) {
           return each.name == "GOFLAGS" && each.value.raw.find(vendored) != std::string::npos;
         });
}

bool go_leaves_cache(const Site& site, const ToolUse& use, const ToolCache& cache) {
  const auto& directory = use.command->directory;
  if (!cache.store || !site.context().is_known() || !directory.is_known() || !builds_module(use) ||
      is_told_otherwise(site, use))
    return false;
  if (has_many_copies(site)) return false;
  const auto module = module_directory(site, directory.text);
  if (!module || is_in_workspace(site, *module)) return false;
  if (!file_in_context(site, resolve_path(*module, "vendor/modules.txt"))) return false;
  const auto manifest = file_in_context(site, resolve_path(*module, "go.mod"));
  const auto text = manifest ? site.context().read(*manifest) : std::nullopt;
  return text && version_at_least(value_in_go_mod(*text, "go"), "1.14");
}

}  // namespace dockhew::inline ecosystems
