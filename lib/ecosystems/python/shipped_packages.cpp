#include "ecosystems/python/shipped_packages.hpp"

#include <algorithm>
#include <span>

#include "model/tool_use.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view shipped[] = {"pip", "setuptools", "wheel"};
constexpr std::string_view without_setuptools = "3.12";  // it, and all after it

std::span<const std::string_view> shipped_with(std::string_view version) {
  return std::span(shipped).first(version_at_least(version, without_setuptools) ? 1 : std::size(shipped));
}

bool is_name_of(std::string_view line, std::string_view package) {
  if (!line.starts_with(package)) return false;
  line.remove_prefix(package.size());
  return line.empty() || std::string_view(" ;<>=!~[").find(line.front()) != line.npos;
}

// `dependencies = ["setuptools>=68", "flask"]`
bool is_listed(std::string_view line, std::string_view package) {
  if (!line.starts_with("dependencies")) return false;
  for (auto at = line.find(package); at != line.npos; at = line.find(package, at + 1))
    if (at > 0 && (line[at - 1] == '"' || line[at - 1] == '\'')) {
      const auto end = line.substr(at + package.size(), 1);
      if (end.find_first_of("\"' ;<>=!~[") != end.npos) return true;
    }
  return false;
}

// `setuptools==68.0.0` in requirements, `setuptools = "^68"` in pyproject.toml, `name = "setuptools"` in a lock file;
// what an isolated build needs follows `requires =`.
bool is_named(std::string_view names, std::string_view package) {
  const auto lines = split_lines(names);
  return std::ranges::any_of(lines, [&](std::string_view line) {
    return is_name_of(line, package) || is_listed(line, package) || line == "name = \"" + std::string(package) + '"';
  });
}

bool is_removed(const Conversion& conversion, std::string_view package) {
  return std::ranges::any_of(conversion.builder_runs, [&](const Step* step) {
    return std::ranges::any_of(step->script->uses, [&](const ToolUse& use) {
      return use.action->kind == ActionKind::remove && !use.tool->packages.of_system &&
             std::ranges::any_of(use.operands,
                                 [&](std::size_t i) { return is_name_of(use.command->words[i].raw, package); });
    });
  });
}

}  // namespace

std::string removal_of_shipped_packages(const Conversion& conversion, std::string_view names) {
  const auto packages = shipped_with(conversion.stage.image->version);
  const auto changes = [&](std::string_view package) {
    return is_named(names, package) || is_removed(conversion, package);
  };
  if (std::ranges::none_of(packages, changes)) return {};
  std::string command = "pip uninstall -y";
  for (const auto package : packages) command.append(" ").append(package);
  return command;
}

}  // namespace dockhew::inline ecosystems
