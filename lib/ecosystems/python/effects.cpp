#include "ecosystems/python/effects.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/build_effects.hpp"
#include "effects/environment.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// A command that writes what is locked as a list of requirements, and the lock file that it makes where there is none.
// Shown by running uv 0.13 and Pipenv 2026; of Poetry 2 and PDM 2 by their documentation.
struct Export {
  std::string_view tool;
  std::array<std::string_view, 2> words;
  std::string_view lock;
};
constexpr Export exports[] = {{"pdm", {"export"}, ""},
                              {"pipenv", {"requirements"}, ""},
                              {"poetry", {"export"}, "poetry.lock"},
                              {"uv", {"export"}, "uv.lock"},
                              {"uv", {"pip", "compile"}, ""}};

// Null for every other use.
const Export* export_of(const ToolUse& use) {
  const auto found = std::ranges::find_if(exports, [&](const Export& each) {
    const auto& words = use.action->words;
    return each.tool == use.tool->id && !words.empty() && words[0] == each.words[0] &&
           (words.size() > 1 ? words[1] : "") == each.words[1];
  });
  return found == std::end(exports) ? nullptr : found;
}

// `uv pip compile setup.py` reads what belongs to the source.
bool reads_manifests(const ToolUse& use) {
  return std::ranges::all_of(use.operands, [&](std::size_t i) {
    const auto name = path_basename(use.command->words[i].text());
    return name.ends_with(".in") || name.ends_with(".txt") || name == "pyproject.toml";
  });
}

Effects export_effects(const Export& exported, const ToolUse& use) {
  Effects effects;
  effects.reads.anything = true;
  for (const auto* option : {"-o", "--output", "--output-file"})
    for (const auto& value : option_values(*use.command, option)) add_value(effects.writes, *use.command, value);
  if (!exported.lock.empty()) add_value(effects.writes, *use.command, Value::known(std::string(exported.lock)));
  return effects;
}

// Adds the directory above `bin`, where a virtual environment is or the user's own packages are.
void add_environment(Effects& effects, const ShellCommand& command, std::string_view programs) {
  if (!programs.starts_with('/') || path_basename(programs) != "bin") return;
  const auto directory = path_parent(programs);
  if (directory != "/" && directory != "/usr" && directory != "/usr/local")
    add_path(effects.writes, command, std::string(directory));
}

// `/app/venv/bin/pip`, or a pip by which PATH or other variables lead into an environment or a directory.
void add_places_of_variables(Effects& effects, const Site& site, const ShellCommand& command) {
  // `pip` alone is looked for in PATH, and `.venv/bin/pip` in the working directory.
  const auto& program = command.words.front();
  if (const auto place = path_of(command, program); place && program.text().find('/') != std::string::npos)
    add_environment(effects, command, path_parent(*place));
  const auto path = environment(site, command, "PATH");
  for (std::string_view rest = path.is_known() ? std::string_view(path.text) : ""; !rest.empty();) {
    const auto directory = rest.substr(0, rest.find(':'));
    if (directory == "/usr/local/bin" || directory == "/usr/bin") break;
    add_environment(effects, command, directory);
    rest.remove_prefix(std::min(directory.size() + 1, rest.size()));
  }
  for (const auto* name : {"PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "VIRTUAL_ENV"})
    if (const auto value = environment(site, command, name); value.is_known() && value.text.starts_with('/'))
      add_value(effects.writes, command, value);
}

}  // namespace

// Packages go into Python's directories, into an environment, or where an option says.
Effects python_effects(const Site& site, const ToolUse& use) {
  if (const auto* exported = export_of(use)) return export_effects(*exported, use);
  if (use.tool->id == "python-environment") {
    Effects made;
    for (const auto i : use.operands) made.writes.add(*use.command, use.command->words[i]);
    return made;
  }
  if (use.tool->id != "pip" || use.action->reads_source) return general_effects(use);
  const auto& command = *use.command;
  Effects effects;
  effects.reads.anything = true;
  for (const auto* directory : {"/usr/local", "/usr/lib", "/root/.cache"}) add_path(effects.writes, command, directory);
  for (const auto* option : {"--prefix", "--root", "--target", "-t"})
    for (const auto& value : option_values(command, option)) add_value(effects.writes, command, value);
  add_places_of_variables(effects, site, command);
  return effects;
}

std::vector<std::string> exported_requirements(const ToolUse& use) {
  const auto* exported = export_of(use);
  if (exported == nullptr || !reads_manifests(use)) return {};
  auto written = export_effects(*exported, use).writes;
  for (const auto& redirect : use.command->redirects)
    if (redirect.operation == ">") written.add(*use.command, redirect.target);
  std::vector<std::string> paths;
  for (const auto& each : written.paths)
    if (path_basename(each.path) != exported->lock) paths.push_back(each.path);
  return paths;
}

}  // namespace dockhew::inline ecosystems
