#include "effects/independence.hpp"

#include "ecosystems/installation.hpp"
#include "text/path.hpp"

namespace dockhew {

bool is_independent_of(const Dockerfile& file, const Step& step, std::string_view directory) {
  if (!step.script || step.script->opaque || step.script->commands.empty()) return false;
  const auto touches = [&](const std::string& path) {
    return path_is_under(path, directory) || path_is_under(directory, path);
  };
  for (const auto& command : step.script->commands) {
    for (const auto& redirect : command.redirects) {
      const auto path = path_of(command, redirect.target);
      if (redirect.operation == ">&" || redirect.operation == "<&") continue;
      if (!path || touches(*path)) return false;
    }
    if (command.words.empty()) continue;
    if (const auto* use = command.use) {
      if (!installs_by_name(*use)) return false;
      continue;
    }
    const auto name = command.name();
    if (!file.facts().is_plain(name)) return false;
    if (name == "echo" || name == "printf" || name == "set" || name == "true" || name == ":" || name == "export" ||
        name == "useradd" || name == "groupadd" || name == "adduser" || name == "addgroup")
      continue;
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      const auto& raw = command.words[i].raw;
      if (raw.starts_with('-') || raw.starts_with("~/")) continue;  // the home directory: see may_hold_settings
      const auto path = path_of(command, command.words[i]);
      if (!path || touches(*path)) return false;
    }
  }
  return true;
}

bool may_hold_settings(const Site& site, std::string_view directory) {
  if (path_is_under("/etc", directory) || path_is_under(directory, "/etc") || path_is_under("/root", directory))
    return true;
  const auto home = site.home();
  return home.is_known() && path_is_under(home.text, directory);
}

}  // namespace dockhew
