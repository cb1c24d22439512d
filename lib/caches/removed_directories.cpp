#include "caches/removed_directories.hpp"

#include <algorithm>
#include <optional>

#include "caches/cache_directories.hpp"
#include "ecosystems/ecosystem.hpp"
#include "effects/accounts.hpp"
#include "effects/unix_effects.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

bool walks_directories(const Facts& facts, const ShellCommand& command) {
  return has_operands(facts, command, {Operands::searched});
}

bool removes_operands(const Facts& facts, const ShellCommand& command) {
  if (has_operands(facts, command, {Operands::removed, Operands::moved})) return true;
  return walks_directories(facts, command) &&
         (command.has_word("-delete") || command.has_word("-exec") || command.has_word("-execdir"));
}

// An operand that may be one of the directories without naming it in full. A variable that nothing here sets could
// still be set elsewhere.
bool may_name(const ShellWord& word, const std::vector<std::string>& directories) {
  const std::string_view raw = word.raw;
  if (word.value.is_known() && word.text().empty()) return true;
  if (raw.find("ache") != raw.npos) return true;
  return raw.find('/') != raw.npos && std::ranges::any_of(directories, [&](const std::string& directory) {
           return raw.find(path_basename(directory)) != raw.npos;
         });
}

bool is_inside(const std::string& path, const std::string& directory) {
  std::string_view contents = path;
  if (contents.ends_with("/*")) contents.remove_suffix(2);
  if (path_is_under(contents, directory)) return true;
  // `rm -rf /var/lib/apt/lists*` would remove the mount point itself, which fails.
  if (path == directory + '*') return true;
  // A pattern for its parents; one for its own name also covers other directories.
  return path_basename(path).find_first_of("*?[{") == std::string_view::npos && glob_match(path, directory);
}

// Whether a path or a shell pattern matches the directory or one that contains it.
bool is_above(const std::string& path, const std::string& directory) {
  const auto brace = path.find('{');
  if (brace != path.npos) return directory.starts_with(std::string_view(path).substr(0, brace));
  for (auto each = std::string_view(directory); each != "/" && each != "."; each = path_parent(each))
    if (glob_match(path, each)) return true;
  return path == "/" || path == "/*";
}

// `find` walks through everything below its directories.
bool is_walked(std::string path, const std::string& directory) {
  path.resize(std::min(path.find_first_of("*?[{"), path.size()));
  return path_is_under(directory, clean_path(path)) || path_is_under(path, directory);
}

}  // namespace

std::optional<std::string> absolute_path(const Site& site, const ShellCommand& command, const ShellWord& word) {
  auto raw = word.raw;
  std::erase(raw, '"');
  for (const std::string_view form : {"~", "$HOME", "${HOME}"}) {
    if (raw != form && !raw.starts_with(std::string(form) + '/')) continue;
    const auto home = home_of(site);
    if (!home.is_known() && !may_be_root(site.step.user)) return std::nullopt;
    return clean_path((home.is_known() ? home.text : "/root") + raw.substr(form.size()));
  }
  if (!word.value.is_known() || word.text().empty()) return std::nullopt;
  return path_of(command, word);
}

bool holds_only_caches(const Site& site, std::string_view path, const std::vector<std::string>& directories) {
  if (path.ends_with("/*")) path.remove_suffix(2);
  const auto is_in = [&](std::string_view other) { return path_is_under(other, path); };
  if (path_basename(path) != ".cache" || std::ranges::none_of(directories, is_in)) return false;
  const auto is_mounted = [&](const std::string& place) {
    return std::ranges::any_of(directories, [&](const std::string& each) { return path_is_under(place, each); });
  };
  for (const auto* ecosystem : all_ecosystems())
    if (ecosystem->kept_directories != nullptr)
      for (const auto& kept : ecosystem->kept_directories(site))
        if (is_in(kept.path)) return false;
  return std::ranges::all_of(site.step.script->commands, [&](const ShellCommand& command) {
    if (const auto* use = command.use)
      return std::ranges::all_of(cache_directories(site, *use), [&](const CacheDirectory& cache) {
        return cache.path.is_known() && (!is_in(cache.path.text) || is_mounted(cache.path.text));
      });
    if (command.words.empty() || removes_operands(site.file.facts(), command)) return true;
    if (!site.file.facts().is_plain(command.name()) && !site.file.facts().is_printing(command.name())) return false;
    const auto effects = unix_effects(site.file.facts(), command);
    return !effects.writes.may_be_anywhere() && std::ranges::none_of(effects.writes.paths, is_in, &AffectedPath::path);
  });
}

RemovedOperands operands_inside(const Site& site, const ShellCommand& command,
                                const std::vector<std::string>& directories) {
  RemovedOperands result;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (word.raw.starts_with('-')) continue;
    ++result.all;
    const auto path = absolute_path(site, command, word);
    const auto inside = [&](const std::string& directory) { return is_inside(*path, directory); };
    if (path && (std::ranges::any_of(directories, inside) || holds_only_caches(site, *path, directories)))
      result.inside.push_back(i);
  }
  return result;
}

std::optional<std::string> removes_above(const Site& site, const Script& script,
                                         const std::vector<std::string>& directories) {
  const auto& facts = site.file.facts();
  for (const auto& command : script.commands) {
    if (!removes_operands(facts, command)) continue;
    const bool walks = walks_directories(facts, command);
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      const auto& word = command.words[i];
      if (word.raw.starts_with('-')) {
        if (walks) break;  // only the directories come before the first test
        continue;
      }
      const auto path = absolute_path(site, command, word);
      if (!path && may_name(word, directories)) return word.raw;
      const bool is_rm = &script == &*site.step.script && has_operands(facts, command, {Operands::removed});
      if (!path || (is_rm && holds_only_caches(site, *path, directories))) continue;
      for (const auto& directory : directories)
        if (walks ? is_walked(*path, directory) : !is_inside(*path, directory) && is_above(*path, directory))
          return word.raw;
    }
  }
  return std::nullopt;
}

}  // namespace dockhew::inline caches
