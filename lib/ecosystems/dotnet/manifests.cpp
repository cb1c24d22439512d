#include "ecosystems/dotnet/manifests.hpp"

#include <algorithm>

#include "ecosystems/dotnet/projects.hpp"
#include "ecosystems/dotnet/solution_file.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool reads_variable(std::string_view variable) {
  constexpr std::string_view read[] = {"DOTNET", "NUGET", "NuGet", "Nuget"};
  return changes_downloads(variable) || starts_with_any(variable, read);
}

// For the project that is published, with those of its options that choose packages. Where the publishing needs other
// packages still, it restores them itself.
Outcome<std::string> restore_command(const ToolUse& publish) {
  for (const auto* option : {"-a", "--arch", "--os", "--ucr", "--use-current-runtime"})
    if (publish.has_option(option))
      return Declined{"`" + std::string(option) + "` selects packages that a restore without it would not"};
  std::string text = "dotnet restore";
  const auto& words = publish.command->words;
  const auto chooses = [](std::string_view raw) {
    return raw == "-r" || raw == "--runtime" || raw == "-s" || raw == "--source" || raw == "--configfile";
  };
  for (std::size_t i = publish.first; i < words.size(); ++i) {
    const auto& raw = words[i].raw;
    const bool property = raw.starts_with("-p:") || raw.starts_with("/p:") || raw.starts_with("--property:");
    const bool operand = std::ranges::find(publish.operands, i) != publish.operands.end();
    if (raw == "--self-contained" || raw == "--sc") {
      const bool off = i + 1 < words.size() && words[i + 1].value.is("false");
      if (off || (i + 1 < words.size() && words[i + 1].value.is("true"))) ++i;
      text += std::string(" -p:SelfContained=") + (off ? "false" : "true");
      continue;
    }
    if (!property && !operand && !chooses(raw)) continue;
    text += ' ' + raw;
    if (chooses(raw) && i + 1 < words.size()) text += ' ' + words[++i].raw;
  }
  if (text.find('$') != text.npos)
    return Declined{"the command uses variables that may be set after the source is copied"};
  return text;
}

// What a directory has for the command: a project, or a solution.
std::string start_in(const BuildContext& context, const std::string& directory) {
  auto project = only_project_in(context, directory);
  return project.empty() ? only_solution_in(context, directory) : project;
}

// The project or solution that the command is about, in the context; empty where that is not known.
std::string started_project(const BuildContext& context, const ToolUse& use, const Project& project) {
  if (use.operands.empty()) return start_in(context, project.directory);
  const auto& word = use.command->words[use.operands.front()];
  if (use.operands.size() > 1 || !word.value.is_known() || word.text().starts_with('/')) return {};
  const auto path = join_context_path(project.directory, word.text());
  if (context.kind(path) == PathKind::directory) return start_in(context, path);
  const bool is_file = context.kind(path) == PathKind::file;
  return is_file && (path.ends_with("proj") || is_solution(path)) ? path : std::string();
}

}  // namespace

Installation dotnet_installation(const ToolUse& use) {
  if (use.action->kind == ActionKind::fetch && use.action->words.size() == 1) return {Declares::manifest, false};
  return named_installation(use, false);
}

Outcome<Manifests> dotnet_manifests(const Site& site, const ToolUse& use, const Project& project) {
  if (!site.context().is_known())
    return Declined{"without the build context, it is not known which projects there are"};
  const auto started = started_project(site.context(), use, project);
  auto files = find_dotnet_projects(site.context(), project.root, started);
  if (!files) return files.declined();
  // `dotnet restore dirs.proj`, which only lists others
  if (!started.empty() && std::ranges::find(*files, started) == files->end()) files->push_back(started);
  return Manifests{std::move(*files), {}};
}

std::optional<DependencyLayer> dotnet_dependency_layer(const Site&, const ToolUse& use) {
  // The operands of the others, as of `dotnet ef`, are no projects.
  const bool is_about_project = use.action->kind == ActionKind::build && use.action->reads_source;
  if (!is_about_project || !use.uses_cache()) return std::nullopt;
  return DependencyLayer{
      .title = "restore the packages in a separate layer", .writes_project = true, .reads = reads_variable};
}

Outcome<DependencyStep> dotnet_dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  auto manifests = find_manifests(site, use, project);
  if (!manifests) return manifests.declined();
  auto command = restore_command(use);
  if (!command) return command.declined();
  DependencyStep step;
  step.manifests = std::move(manifests->paths);
  step.commands = {std::move(*command)};
  step.assumptions = std::move(manifests->assumptions);
  return step;
}

}  // namespace dockhew::inline ecosystems
