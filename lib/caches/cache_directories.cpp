#include "caches/cache_directories.hpp"

#include <algorithm>

#include "effects/environment.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"
#include "syntax/word_lexer.hpp"
#include "text/path.hpp"

namespace dockhew {

namespace {

// `npm set cache /x`, `pnpm config set store-dir /x`: the tool itself was told where its cache is.
bool is_configured(const Site& site, const Tool& tool) {
  const auto sets_cache = [&](const ShellCommand& command) {
    const auto has_part = [&](std::string_view part) {
      return std::ranges::any_of(command.words,
                                 [&](const ShellWord& word) { return word.raw.find(part) != word.raw.npos; });
    };
    const bool of_tool =
        std::ranges::any_of(tool.commands, [&](Words pattern) { return command.name() == pattern[0]; });
    const bool moves = has_part("cache") || has_part("store-dir") || has_part("storeDir");
    const bool bundler =
        tool.id == "bundler" && command.has_word("config") && (has_part("path") || has_part("deployment"));
    return of_tool && ((command.has_word("set") && moves) || bundler);
  };
  const auto configures = [&](const Step& any) {
    return any.script && std::ranges::any_of(any.script->commands, sets_cache);
  };
  return configures(site.step) || site.any_earlier(configures);
}

// The directory that RubyGems names after the interpreter: "3.3.0" for all of Ruby 3.3. Nothing when the base image is
// not Ruby's own, or its tag does not tell.
std::optional<std::string> ruby_abi(const Stage& stage) {
  if (!stage.image || stage.image->entry->language != "ruby") return std::nullopt;
  const auto numbers = version_numbers(stage.image->version);
  if (numbers.size() < 2) return std::nullopt;
  return std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]) + ".0";
}

// On the command line, or in a variable that the tool reads options from.
bool is_given(const Site& site, const ToolUse& use, std::string_view option) {
  if (use.has_option(option)) return true;
  const auto holds = [&](const std::string& text) { return text.find(option) != text.npos; };
  return std::ranges::any_of(use.tool->option_variables, [&](std::string_view name) {
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

}  // namespace

bool is_placed_by_option(const Site& site, const ToolUse& use) {
  return std::ranges::any_of(use.tool->place_options,
                             [&](std::string_view option) { return is_given(site, use, option); });
}

std::vector<CacheDirectory> cache_directories(const Site& site, const ToolUse& use) {
  std::vector<CacheDirectory> result;
  const bool configured = is_configured(site, *use.tool) || is_placed_by_option(site, use);
  for (const auto& cache : use.tool->caches) {
    if (cache.builds_only && use.action->kind == ActionKind::fetch) continue;
    // Options may come by a variable, and parts of the command may not.
    const auto given = [&](std::string_view word) {
      return word.starts_with('-') ? is_given(site, use, word) : use.command->has_word(word);
    };
    if (std::ranges::any_of(cache.unless_words, given)) continue;
    CacheDirectory directory;
    directory.cache = &cache;
    bool unknown = configured;
    const auto variable = [&](std::string_view name) -> std::optional<std::string> {
      if (name == "IMAGE_RUBY_ABI") {
        auto abi = ruby_abi(site.stage);
        unknown |= !abi;
        return abi;
      }
      const auto [value, setter, by] = find_variable(site, *use.command, name);
      if (value.is_known()) return value.text;
      if (!value.is_unknown()) return std::nullopt;
      if (setter != Setter::nobody) {
        unknown = true;
        return std::nullopt;
      }
      // Nothing in the file sets it, so only a base image that was never seen could.
      directory.assumed = true;
      if (name == "HOME") {
        if (site.step.user.is_unknown()) return "/root";
        unknown = true;
      }
      return std::nullopt;
    };
    const auto* path = &cache.path;
    for (const auto& alternative : cache.alternatives) {
      if (!alternative.distribution.empty()) {
        if (!site.stage.image || site.stage.image->distribution != alternative.distribution) continue;
        unknown |= site.stage.image->version.empty();  // `latest` is another release every year
        if (!alternative.from.empty() && !version_at_least(site.stage.image->version, alternative.from)) continue;
        path = &alternative.path;
        break;
      }
      if (!alternative.if_file.empty()) {
        if (!site.context().is_known() || !site.context().exists(std::string(alternative.if_file))) continue;
        path = &alternative.path;
        break;
      }
      const bool holds = alternative.if_set.empty() ? alternative.user == "root" && may_be_root(site.step.user)
                                                    : !variable(alternative.if_set).value_or("").empty();
      if (!holds) continue;
      directory.assumed |= alternative.if_set.empty() && site.step.user.is_unknown();
      path = &alternative.path;
      break;
    }
    const auto expanded = lex_word(*path, variable);
    // A list of directories, as GOPATH may be, does not name one.
    const bool usable = !unknown && expanded.error.empty() && expanded.text.starts_with('/') &&
                        expanded.text.find(':') == std::string::npos;
    directory.path = usable ? Value::known(clean_path(expanded.text)) : Value::unknown();
    result.push_back(std::move(directory));
  }
  return result;
}

const Mount* mount_over(const Step& step, std::string_view path) {
  for (const auto& mount : step.mounts)
    if (mount.hides_writes() && mount.target.is_known() && path_is_under(path, mount.target.text)) return &mount;
  return nullptr;
}

bool mounted_earlier(const Site& site, const Tool& tool, std::string_view directory) {
  return site.any_earlier([&](const Step& earlier) {
    if (!earlier.script || mount_over(earlier, directory) == nullptr) return false;
    const auto& uses = earlier.script->uses;
    return std::ranges::any_of(uses, [&](const ToolUse& use) { return use.tool == &tool; });
  });
}

const Mount* misplaced_mount(const Step& step, const Tool& tool, const CacheDirectory& directory) {
  if (!directory.path.is_known()) return nullptr;
  const auto links_cache = [&] {
    return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
             return command.name() == "ln" || command.has_word("--cache-dir");
           });
  };
  // "cache/pip", "pkg/mod", "cargo/registry", ".npm": enough of the end to tell tools apart.
  const auto tail = [](std::string_view path) {
    const auto name = path_basename(path);
    if (name.starts_with('.')) return std::string(name);
    auto parent = path_basename(path_parent(path));
    if (parent.starts_with('.')) parent.remove_prefix(1);
    return std::string(parent) + '/' + std::string(name);
  };
  const auto& path = directory.path.text;
  for (const auto& mount : step.mounts) {
    if (mount.type != Mount::Type::cache || !mount.target.is_known()) continue;
    const auto& target = mount.target.text;
    if (tool.id == "apk" && target == "/var/cache/apk" && !links_cache()) return &mount;
    if (target != path && !tool.system_packages && tail(target) == tail(path)) return &mount;
  }
  return nullptr;
}

}  // namespace dockhew
