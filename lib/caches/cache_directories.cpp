#include "caches/cache_directories.hpp"

#include <algorithm>
#include <optional>

#include "ecosystems/ecosystem.hpp"
#include "effects/environment.hpp"
#include "effects/unix_effects.hpp"
#include "model/user.hpp"
#include "syntax/word_lexer.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {

namespace {

// What is known about a place besides its path.
struct Findings {
  bool unknown = false;  // something that decides about it is
  bool assumed = false;  // see CacheDirectory
};

// `npm set cache /x`, `bundle config path /x`: a command that tells the tool itself where its cache is.
bool configures_place(const Tool& tool, const ShellCommand& command) {
  const std::string_view name = command.name();
  if (name.empty() || std::ranges::none_of(tool.commands, [&](Words words) { return name == words[0]; })) return false;
  const bool sets =
      command.has_word("set") || (command.has_word("config") && !command.has_word("get") && !command.has_word("list"));
  return sets && std::ranges::any_of(tool.cache_use.place_settings, [&](std::string_view part) {
           return std::ranges::any_of(command.words,
                                      [&](const ShellWord& word) { return word.raw.find(part) != word.raw.npos; });
         });
}

bool is_configured(const Site& site, const Tool& tool) {
  if (tool.cache_use.place_settings.empty()) return false;
  const auto configures = [&](const Site& any) {
    const auto& script = any.step.script;
    return script && std::ranges::any_of(script->commands,
                                         [&](const ShellCommand& command) { return configures_place(tool, command); });
  };
  const std::initializer_list<std::string_view> question = {"configures the cache of ", tool.id};
  return site.holds_here(question, configures) || site.any_earlier(question, configures);
}

// On the command line, or in a variable from which the tool reads options.
bool is_given(const Site& site, const ToolUse& use, std::string_view option) {
  if (use.has_option(option)) return true;
  const auto holds = [&](const std::string& text) { return text.find(option) != text.npos; };
  return std::ranges::any_of(use.tool->cache_use.option_variables, [&](std::string_view name) {
    const auto variable = find_variable(site, *use.command, name);
    // Of a value that is not known a part may be: `MAVEN_OPTS="-Dmaven.repo.local=$M2"`.
    const bool written = variable.value.is_unknown() && variable.by != nullptr &&
                         (std::ranges::any_of(variable.by->words, holds, &ShellWord::raw) ||
                          std::ranges::any_of(variable.by->assignments, [&](const ShellAssignment& assignment) {
                            return assignment.name == name && holds(assignment.value.raw);
                          }));
    return written || holds(variable.value.text);
  });
}

// A variable that a path of the tables names, as the command sees it.
std::optional<std::string> variable_in_path(const Site& site, const ToolUse& use, std::string_view name,
                                            Findings& findings) {
  if (name.starts_with("IMAGE_")) {
    const auto* ecosystem = find_ecosystem(*use.tool);
    auto of_image = ecosystem != nullptr && ecosystem->image_variable != nullptr
                        ? ecosystem->image_variable(site.stage, name)
                        : std::nullopt;
    findings.unknown |= !of_image;
    return of_image;
  }
  const auto [value, setter, by] = find_variable(site, *use.command, name);
  if (value.is_known()) return value.text;
  if (!value.is_unknown()) return std::nullopt;
  if (setter != Setter::nobody) {
    findings.unknown = true;
    return std::nullopt;
  }
  // Nothing in the file sets it, so only a base image that is not known could.
  findings.assumed = true;
  if (name != "HOME") return std::nullopt;
  if (site.step.user.is_unknown()) return "/root";
  findings.unknown = true;
  return std::nullopt;
}

bool holds(const Site& site, const ToolUse& use, const CacheAlternative& alternative, Findings& findings) {
  if (!alternative.distribution.empty()) {
    const auto& image = site.stage.image;
    if (!image || image->distribution != alternative.distribution) return false;
    // `latest` is a different release every year, and a later one each time.
    const std::string_view version = image->version.empty() ? image->oldest_release : std::string_view(image->version);
    findings.unknown |= version.empty();
    return alternative.from.empty() || version_at_least(version, alternative.from);
  }
  if (!alternative.if_file.empty())
    return site.context().is_known() && site.context().exists(std::string(alternative.if_file));
  if (!alternative.if_set.empty())
    return !variable_in_path(site, use, alternative.if_set, findings).value_or("").empty();
  const bool as_root = alternative.user == "root" && may_be_root(site.step.user);
  findings.assumed |= as_root && site.step.user.is_unknown();
  return as_root;
}

std::string_view path_of_cache(const Site& site, const ToolUse& use, const ToolCache& cache, Findings& findings) {
  for (const auto& alternative : cache.alternatives)
    if (holds(site, use, alternative, findings)) return alternative.path;
  return cache.path;
}

bool leaves_alone(const Site& site, const ToolUse& use, const ToolCache& cache) {
  const auto* ecosystem = find_ecosystem(*use.tool);
  return ecosystem != nullptr && ecosystem->leaves_cache != nullptr && ecosystem->leaves_cache(site, use, cache);
}

// Whether this use of the tool does something with a cache.
bool concerns(const Site& site, const ToolUse& use, const ToolCache& cache) {
  if (cache.builds_only && use.action->kind == ActionKind::fetch) return false;
  if (leaves_alone(site, use, cache)) return false;
  // Options may come from a variable, but parts of the command may not.
  const auto given = [&](std::string_view word) {
    return word.starts_with('-') ? is_given(site, use, word) : use.command->has_word(word);
  };
  return std::ranges::none_of(cache.unless_words, given) &&
         std::ranges::none_of(cache.unless_settings,
                              [&](std::string_view setting) { return has_setting(site, *use.command, setting); });
}

bool has_mount_over(const Stage& stage, const std::string& path) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) { return mount_over(step, path) != nullptr; });
}

// The base image may have two names for a directory, one by way of a link. The path by the name that mounts of the
// stage have, those of this step first.
std::string by_name_of_mounts(const Site& site, std::string path) {
  if (!site.stage.image || mount_over(site.step, path) != nullptr) return path;
  for (const auto& [link, directory] : site.stage.image->entry->links) {
    if (!path_is_under(path, link)) continue;
    auto other = std::string(directory) + path.substr(link.size());
    const bool here = mount_over(site.step, other) != nullptr;
    if (here || (has_mount_over(site.stage, other) && !has_mount_over(site.stage, path))) return other;
  }
  return path;
}

CacheDirectory directory_of(const Site& site, const ToolUse& use, const ToolCache& cache) {
  Findings findings;
  const auto path = path_of_cache(site, use, cache, findings);
  const auto expanded =
      lex_word(path, [&](std::string_view name) { return variable_in_path(site, use, name, findings); });
  // A list of directories, as GOPATH may be, does not name a single one.
  const bool usable = !findings.unknown && expanded.error.empty() && expanded.text.starts_with('/') &&
                      expanded.text.find(':') == std::string::npos;
  if (!usable) return {&cache, Value::unknown(), findings.assumed};
  return {&cache, Value::known(by_name_of_mounts(site, clean_path(expanded.text))), findings.assumed};
}

// The cache is used by way of a link, or of an option, to where the mount is.
bool leads_elsewhere(const Site& site) {
  const auto& script = site.step.script;
  return script && std::ranges::any_of(script->commands, [&](const ShellCommand& command) {
           return has_operands(site.file.facts(), command, {Operands::linked}) || command.has_word("--cache-dir");
         });
}

// "cache/pip", "pkg/mod", "cargo/registry", ".npm": enough of the end of the path to tell tools apart.
std::string tail_of(std::string_view path) {
  const auto name = path_basename(path);
  if (name.starts_with('.')) return std::string(name);
  auto parent = path_basename(path_parent(path));
  if (parent.starts_with('.')) parent.remove_prefix(1);
  return std::string(parent) + '/' + std::string(name);
}

}  // namespace

bool is_placed_by_option(const Site& site, const ToolUse& use) {
  return std::ranges::any_of(use.tool->cache_use.place_options,
                             [&](std::string_view option) { return is_given(site, use, option); });
}

std::vector<CacheDirectory> cache_directories(const Site& site, const ToolUse& use) {
  std::vector<CacheDirectory> result;
  if (use.tool->caches.empty()) return result;
  const bool configured = is_configured(site, *use.tool) || is_placed_by_option(site, use);
  for (const auto& cache : use.tool->caches) {
    if (!concerns(site, use, cache)) continue;
    result.push_back(directory_of(site, use, cache));
    if (configured) result.back().path = Value::unknown();
  }
  return result;
}

const Mount* mount_over(const Step& step, std::string_view path) {
  for (const auto& mount : step.mounts)
    if (mount.hides_writes() && mount.target.is_known() && path_is_under(path, mount.target.text)) return &mount;
  return nullptr;
}

bool mounted_earlier(const Site& site, const Tool& tool, std::string_view directory) {
  return site.any_earlier({"mounts ", directory, " for ", tool.id}, [&](const Site& earlier) {
    return mount_over(earlier.step, directory) != nullptr && uses_tool(earlier.step, tool);
  });
}

bool has_literal_home(const Mount& mount) {
  return mount.target.is_known() && mount.target.text.find("/~/") != std::string::npos;
}

const Mount* misplaced_mount(const Site& site, const Tool& tool, const CacheDirectory& directory) {
  if (!directory.path.is_known()) return nullptr;
  const auto& path = directory.path.text;
  const auto& mistaken = directory.cache->mistaken;
  for (const auto& mount : site.step.mounts) {
    if (mount.type != Mount::Type::cache || !mount.target.is_known()) continue;
    const auto& target = mount.target.text;
    if (has_literal_home(mount) && !tool.packages.of_system) return &mount;
    const auto is_target = [&](std::string_view each) {
      return each == (each.starts_with('/') ? std::string_view(target) : path_basename(target));
    };
    if (std::ranges::any_of(mistaken, is_target) && !leads_elsewhere(site)) return &mount;
    if (target != path && !tool.packages.of_system && tail_of(target) == tail_of(path)) return &mount;
  }
  return nullptr;
}

}  // namespace dockhew::inline caches
