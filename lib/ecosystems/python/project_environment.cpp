#include "ecosystems/python/project_environment.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/started_programs.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/toml.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// One clause of `requires-python`: ">=3.10". Of the image only the minor version is known, so a clause that a patch
// release decides is not taken for true.
bool holds(std::string_view clause, const std::array<int, 2>& version) {
  const auto digits = clause.find_first_of("0123456789");
  if (digits == clause.npos) return false;
  const auto operation = trim_unicode(clause.substr(0, digits));
  auto number = trim_unicode(clause.substr(digits));
  const bool wildcard = number.ends_with(".*");
  if (wildcard) number.remove_suffix(2);
  if (number.find_first_not_of("0123456789.") != number.npos) return false;
  const auto parts = version_numbers(number);
  if (parts.empty()) return false;
  const bool minor = parts.size() > 1;
  const std::array<int, 2> bound = {static_cast<int>(parts[0]), minor ? static_cast<int>(parts[1]) : 0};
  if (operation == ">=") return version >= bound;
  if (operation == "<") return version < bound;
  if (operation == "==") return wildcard && minor && version == bound;
  if (operation == "~=") return parts.size() > 2 ? version == bound : version >= bound && version[0] == bound[0];
  if (operation == "!=") return version != bound;
  return operation == "<=" && version < bound;
}

// uv takes the interpreter of the image if the project allows it, and fetches another one if not.
Obstacle obstacle_of_interpreter(const Conversion& conversion, const ToolUse& use, const std::string& version) {
  const auto numbers = version_numbers(version);
  const std::array<int, 2> known = {static_cast<int>(numbers[0]), static_cast<int>(numbers[1])};
  if (use.has_option("--python") || use.has_option("-p"))
    return Declined{"`--python` may name another Python than the image's"};
  const auto& file = conversion.file;
  const auto& at = use.command->directory;
  const auto project =
      at.is_known() ? project_in_context(file, conversion.stage, conversion.stage.steps.size(), at.text) : std::nullopt;
  const auto& context = file.context();
  const auto text =
      project && context.is_known() ? context.read(join_context_path(*project, "pyproject.toml")) : std::nullopt;
  if (!text) return Declined{"which Python the project asks for is not known, and uv may fetch another one"};
  const auto parsed = parse_toml(*text);
  if (!parsed) return Declined{"pyproject.toml could not be read, and uv may fetch another Python than the image's"};
  const std::string_view wanted = (*parsed)["project"]["requires-python"].value_or(std::string_view());
  for (std::size_t begin = 0, end = 0; begin < wanted.size(); begin = end + 1) {
    end = std::min(wanted.find(',', begin), wanted.size());
    if (!holds(trim_unicode(wanted.substr(begin, end - begin)), known))
      return Declined{"`requires-python = \"" + std::string(wanted) +
                      "\"` may make uv fetch another Python than the image's"};
  }
  const auto pinned = context.read(join_context_path(*project, ".python-version"));
  if (!pinned) return std::nullopt;
  const auto line = trim_unicode(std::string_view(*pinned).substr(0, pinned->find('\n')));
  if (line == version) return std::nullopt;
  return Declined{"`.python-version` names " + std::string(line.substr(0, 20)) +
                  ", and uv may fetch another Python than the image's"};
}

}  // namespace

bool is_poetry_told(const Site& site, std::string_view setting, std::string_view value) {
  return std::ranges::any_of(site.stage.steps, [&](const Step& earlier) {
    return earlier.index <= site.step.index && earlier.script &&
           std::ranges::any_of(earlier.script->commands, [&](const ShellCommand& command) {
             return command.name() == "poetry" && command.has_word(setting) && command.has_word(value);
           });
  });
}

std::optional<std::string> project_environment(const Site& site, const ToolUse& use) {
  const auto& id = use.tool->id;
  const auto& directory = use.command->directory;
  if (!directory.is_known() || use.command->has_word("pip")) return std::nullopt;
  for (const auto* option : {"--directory", "-C", "--project", "--active", "--script"})
    if (use.has_option(option)) return std::nullopt;
  if (id == "uv") {
    const auto variable = site.variable("UV_PROJECT_ENVIRONMENT");
    if (variable.is_unknown() || !use.command->has_word("sync")) return std::nullopt;
    const bool set = variable.is_known() && !variable.text.empty();
    return set ? resolve_path(directory.text, variable.text) : resolve_path(directory.text, ".venv");
  }
  const bool inside = id == "poetry" ? is_switched_on(site.variable("POETRY_VIRTUALENVS_IN_PROJECT")) ||
                                           is_poetry_told(site, "virtualenvs.in-project", "true")
                      : id == "pipenv" ? is_switched_on(site.variable("PIPENV_VENV_IN_PROJECT"))
                                       : false;
  return inside ? std::optional(resolve_path(directory.text, ".venv")) : std::nullopt;
}

Obstacle obstacle_of_project_environment(const Conversion& conversion, const Site& site, const ToolUse& use,
                                         const std::string& directory, const std::string& version) {
  const auto& stage = conversion.stage;
  const auto programs = directory + "/bin";
  const auto path = conversion.file.lookup(stage, stage.environment.size(), "PATH");
  const auto start = find_start_command(stage);
  const bool by_path = path.is_known() && path.text.starts_with(programs + ':');
  const bool by_name = start && start->words.front().starts_with(programs + '/');
  const auto name = "`" + use.command->name() + "`";
  if (!by_path && !by_name)
    return Declined{name + " makes a virtual environment, and where the container looks for it is not known"};
  if (!is_root(site.step.user)) return Declined{name + " runs as a user who is not root"};
  if (site.variable("UV_LINK_MODE").is("symlink") || use.command->has_word("symlink"))
    return Declined{"packages may be links into the cache"};
  const auto& runtime = *runtime_of(stage);
  const auto started = find_started_programs(conversion.file, stage, runtime);
  if (started->names.contains(use.command->name()))
    return Declined{"the container runs " + name + ", which may install again; start the program itself"};
  return use.tool->id == "uv" ? obstacle_of_interpreter(conversion, use, version) : std::nullopt;
}

}  // namespace dockhew::inline ecosystems
