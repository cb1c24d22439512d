#include "ecosystems/python/manifests.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/plain_manifest.hpp"
#include "ecosystems/python/pyproject.hpp"
#include "ecosystems/python/requirements.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

Obstacle pipfile_obstacle(std::string_view text) {
  constexpr std::string_view words[] = {"path", "editable", "file =", "file:"};
  return names_source("Pipfile", text, words);
}

// A tool that installs what the manifest of the project declares.
struct ProjectTool {
  std::string_view id;
  PlainManifest manifest;
  std::array<std::string_view, 2> without_project;  // options, either of which leaves the project out; empty: it is out
};

constexpr ProjectTool project_tools[] = {
    {"pdm",
     {.file = "pyproject.toml",
      .lock = "pdm.lock",
      .in_source = ".venv",
      .obstacle = pyproject_obstacle,
      .settings = {}},
     {"--no-self"}},
    {"pipenv",
     {.file = "Pipfile", .lock = "Pipfile.lock", .in_source = ".venv", .obstacle = pipfile_obstacle, .settings = {}},
     {}},
    {"poetry",
     {.file = "pyproject.toml",
      .lock = "poetry.lock",
      .in_source = ".venv",
      .obstacle = pyproject_obstacle,
      .settings = {}},
     {"--no-root"}},
    {"uv",
     {.file = "pyproject.toml",
      .lock = "uv.lock",
      .in_source = ".venv",
      .obstacle = pyproject_obstacle,
      .settings = uv_settings},
     {"--no-install-project", "--no-install-workspace"}},
};

// Null for a tool that installs from lists of requirements alone.
const ProjectTool* project_tool(const ToolUse& use) {
  const auto found = std::ranges::find(project_tools, use.tool->id, &ProjectTool::id);
  return found == std::end(project_tools) ? nullptr : found;
}

// `pip install`, `uv pip install`
bool installs_as_pip(const ToolUse& use) {
  const auto& words = use.action->words;
  return use.tool->id == "pip" || (use.tool->id == "uv" && !words.empty() && words.front() == "pip");
}

// The option that would leave the project out; empty where it is out.
std::string missing_option(const ToolUse& use) {
  const auto* tool = project_tool(use);
  if (tool == nullptr) return {};
  for (const auto option : tool->without_project)
    if (!option.empty() && use.has_option(option)) return {};
  return std::string(tool->without_project.front());
}

}  // namespace

Installation python_installation(const ToolUse& use) {
  if (installs_as_pip(use)) {
    const bool from_list = use.action->kind == ActionKind::install && !use.manifests.empty() && use.operands.empty() &&
                           !use.has_option("-e") && !use.has_option("--editable");
    if (from_list) return {Declares::manifest, false};
  } else if (project_tool(use) != nullptr && is_plain_installation(use)) {
    const bool project = use.manifests.empty() && !missing_option(use).empty();
    return {project ? Declares::project : Declares::manifest, false};
  }
  return named_installation(use, use.tool->id == "pip" || use.tool->id == "pipx");
}

Outcome<Manifests> python_manifests(const Site& site, const ToolUse& use, const Project& project) {
  if (installs_as_pip(use)) return find_requirements(site, use, project);
  if (const auto* tool = project_tool(use)) return find_plain_manifests(site, use, project, tool->manifest);
  return Declined{"what " + std::string(use.tool->title) + " reads to install dependencies is not known"};
}

std::optional<DependencyLayer> python_dependency_layer(const Site&, const ToolUse& use) {
  if (!installs_project(use)) return std::nullopt;
  return own_command_layer();
}

Outcome<DependencyStep> python_dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  auto step = own_command_step(site, use, project, missing_option(use));
  if (!step) return step;
  for (const auto& path : step->manifests)
    if (path_basename(path) == "pyproject.toml" &&
        site.context().read(path).value_or("").find("dynamic") != std::string::npos)
      return Declined{"pyproject.toml has fields that are read from the source (`dynamic`)"};
  return step;
}

}  // namespace dockhew::inline ecosystems
