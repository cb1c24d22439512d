#include "layers/mixed_copy.hpp"

#include <algorithm>
#include <string_view>

#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline layers {
namespace {

// Whether the RUN or a variable names an entry of a directory, which is elsewhere in the context than in the image.
bool is_named(const Site& run, const std::string& name) {
  constexpr std::string_view joined = "-_.";
  if (find_name(run.step.instruction->text.view(), name, joined) != std::string_view::npos) return true;
  const auto& environment = run.stage.environment;
  for (std::size_t i = 0; i < environment.size(); ++i)
    if (find_name(environment[i].value.text, name, joined) != std::string_view::npos) return true;
  return false;
}

bool may_be_manifest(const ToolUse& use, const std::string& name) {
  return name.starts_with('.') || name == "node_modules" || name.ends_with(".prisma") ||
         std::ranges::any_of(use.tool->project.manifests, [&](std::string_view manifest) {
           return glob_match(manifest.substr(0, manifest.find('/')), name);
         });
}

}  // namespace

std::optional<std::string> directory_of_files(const Site& run, const Copy& copy, const ToolUse& use) {
  const auto& context = run.context();
  const auto& directory = use.command->directory;
  if (!context.is_known() || copy.sources.size() < 2 || !directory.is_known() || copy.destination != directory)
    return std::nullopt;
  std::optional<std::string> found;
  for (const auto& source : copy.sources) {
    if (!source.known || source.heredoc || source.text.find_first_of("*?[") != source.text.npos) return std::nullopt;
    const auto path = join_context_path(".", source.text);
    const auto is_one = [&](const std::string& name) { return may_be_manifest(use, name) || is_named(run, name); };
    if (context.kind(path) != PathKind::file) {
      if (std::ranges::any_of(context.entries(path), is_one)) return std::nullopt;
      continue;
    }
    if (context.read(path).value_or("").find("\"workspaces\"") != std::string::npos) return std::nullopt;
    std::string parent(path_parent(path));
    if (found && *found != parent) return std::nullopt;
    found = std::move(parent);
  }
  return found && found->empty() ? "." : found;
}

}  // namespace dockhew::inline layers
