#include "layers/late_removal.hpp"

#include <algorithm>
#include <iterator>

#include "caches/cache_directories.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/pruning.hpp"
#include "effects/accounts.hpp"
#include "effects/unix_effects.hpp"
#include "layers/made_paths.hpp"
#include "model/failure.hpp"
#include "model/site.hpp"
#include "text/limits.hpp"
#include "text/overlapping_paths.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline layers {
namespace {

// A command that makes something, or takes something away.
struct Deed {
  const Stage* stage;
  std::uint32_t step;  // index in the document
  const ShellCommand* command;
  std::string text;                          // as written
  std::vector<std::string> paths;            // that it makes or removes
  std::vector<std::string_view> names = {};  // that its words end with, of an installation into a project; sorted
  bool leaves_cache = false;
  bool elsewhere = false;  // what it makes besides caches is nowhere that is known
  bool partly = false;     // it removes only some of what is there, or stores it once more with another owner
};

// What a tool leaves in the layer besides what it installs: its caches, unless they are in mounts or it is told to keep
// none.
std::vector<std::string> left_caches(const Site& site, const ToolUse& use) {
  std::vector<std::string> paths;
  const auto given = [&](std::string_view option) { return use.has_option(option); };
  if (!use.uses_cache() || std::ranges::any_of(use.tool->cache_defeat.options, given)) return paths;
  for (auto& directory : cache_directories(site, use))
    if (directory.path.is_known() && mount_over(site.step, directory.path.text) == nullptr)
      paths.push_back(std::move(directory.path.text));
  return paths;
}

// What a command takes away. `partly`: only some of what is there, or only its owner or mode.
std::vector<std::string> removed_paths(const Site& site, const ShellCommand& command, bool partly) {
  const auto& facts = site.file.facts();
  if (partly)
    if (auto directory = tidied_dependencies(command)) return {*std::move(directory)};
  const bool searches = has_operands(facts, command, {Operands::searched});
  const bool removes = has_operands(facts, command, {Operands::removed});
  const bool changes = has_operands(facts, command, {Operands::moded, Operands::owned}) && is_recursive(command);
  if (command.use != nullptr || (partly ? !searches && !changes : !removes)) return {};
  auto effects = unix_effects(facts, command);
  if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
  auto all = effects.removes;
  // A layer holds whole files, whatever has changed of them.
  if (partly)
    for (const auto* more : {&effects.changes, &effects.modes, &effects.owners}) all.add(*more);
  if (searches && feeds_removal(facts, *site.step.script, command)) all.add(effects.reads);
  auto paths = known_paths(all);
  if (!searches) std::erase(paths, "/");
  return paths;
}

// The same of a script of the context that it starts.
std::vector<std::string> removed_partly(const Site& site, const ShellCommand& command) {
  auto paths = removed_paths(site, command, true);
  const auto script = command.use == nullptr ? context_script(site, command) : nullptr;
  if (!script) return paths;
  for (const auto& each : script->commands)
    for (const bool partly : {false, true})
      std::ranges::move(removed_paths(site, *each.command, partly), std::back_inserter(paths));
  return paths;
}

bool is_removal(const Deed& deed) {
  const auto* use = deed.command->use;
  if (use == nullptr) return !deed.paths.empty();
  return use->action->kind == ActionKind::remove || use->action->kind == ActionKind::clean;
}

bool have_common_word(const ToolUse& one, const ToolUse& other) {
  const auto& words = one.command->words;
  for (auto i = one.first; i < words.size(); ++i)
    if (!words[i].raw.starts_with('-') && other.command->has_word(words[i].raw)) return true;
  return false;
}

// `apt-get purge gcc` after `apt-get install gcc`, `npm prune` after `npm ci`, `pip cache purge` after `pip install`.
bool tool_removes(const ToolUse& remover, const Deed& made) {
  const auto* use = made.command->use;
  if (use == nullptr || use->tool != remover.tool) return false;
  if (remover.action->kind == ActionKind::clean) return made.leaves_cache;
  if (use->action->kind != ActionKind::install) return false;
  if (remover.action->kind == ActionKind::install) return installs_from_manifest(*use) && !removes_development(*use);
  return installs_from_manifest(*use) || have_common_word(remover, *use);
}

bool may_make_unknown(const ToolUse* use) {
  return use != nullptr && use->action->kind == ActionKind::install && !use->tool->packages.of_system;
}

// Whole words, and the part of each that follows a slash or an equals sign.
std::vector<std::string_view> ends_of_words(const ShellCommand& command) {
  std::vector<std::string_view> names;
  for (const auto& word : command.words) {
    const std::string_view text = word.raw;
    names.push_back(text);
    for (auto at = text.find_first_of("=/"); at != text.npos; at = text.find_first_of("=/", at + 1))
      names.push_back(text.substr(at + 1));
  }
  std::ranges::sort(names);
  return names;
}

// `rm -rf .npm` after `npm ci --cache .npm`, or after `ENV npm_config_cache=.npm`.
bool is_named_by_installation(const Deed& made, std::string_view name) {
  const auto has_name = [&](std::string_view text) {
    return text == name || (text.ends_with(name) &&
                            (text[text.size() - name.size() - 1] == '=' || text[text.size() - name.size() - 1] == '/'));
  };
  if (std::ranges::binary_search(made.names, name)) return true;
  constexpr std::size_t most_variables = 100;
  const auto& environment = made.stage->environment;
  for (auto i = environment.size(); i > 0 && environment.size() - i < most_variables; --i)
    if (const auto& value = environment[i - 1].value; value.is_known() && has_name(value.text)) return true;
  return false;
}

// Whether an installation may have made what is removed, though the tables do not say so: in the project a directory
// that it names or that is called a cache, and elsewhere anything where programs and homes are.
bool may_have_made(const Deed& removal, const Deed& made, const std::string& removed) {
  constexpr std::string_view places[] = {"/opt", "/usr"}, homes[] = {"/home", "/root"};
  if (!may_make_unknown(made.command->use)) return false;
  const auto& directory = made.command->directory;
  if (directory.is_known() && directory.text != "/" && path_is_under(removed, directory.text)) {
    const auto name = path_basename(removed);
    return removed != directory.text && (name.find("cache") != name.npos || is_named_by_installation(made, name));
  }
  const auto is_in = [&](std::string_view place) { return path_is_under(removed, place); };
  // What is removed from a home as a whole is a cache, and known.
  return made.elsewhere &&
         (std::ranges::any_of(places, is_in) || (removal.partly && std::ranges::any_of(homes, is_in)));
}

bool undoes(const Deed& removal, const Deed& made) {
  if (const auto* use = removal.command->use; use != nullptr && !removal.partly) return tool_removes(*use, made);
  return paths_overlap(removal.paths, made.paths) ||
         std::ranges::any_of(removal.paths,
                             [&](const std::string& removed) { return may_have_made(removal, made, removed); });
}

// The deeds of the shipped stages, in order, each with what it makes and what it removes.
struct Deeds {
  std::vector<Deed> made, removals;
};

std::string text_of(const Script& script, const ShellCommand& command) {
  if (command.nested) return command.name();  // its span is one of the string that contains it
  return std::string(trim_unicode(script.text.view(command.span)));
}

void add_deeds(const Site& site, Deeds& deeds) {
  if (!site.step.script || site.step.script->opaque) return;
  if (deeds.made.size() + deeds.removals.size() > limits::commands_compared) return;
  for (const auto& command : site.step.script->commands) {
    if (command.words.empty()) continue;
    Deed deed{&site.stage, site.step.index, &command, text_of(*site.step.script, command),
              removed_paths(site, command, false)};
    const auto* use = command.use;
    if (auto partly = deed.paths.empty() ? removed_partly(site, command) : std::vector<std::string>();
        !partly.empty()) {
      auto tidying = deed;
      tidying.paths = std::move(partly);
      tidying.partly = true;
      deeds.removals.push_back(std::move(tidying));
    }
    if (is_removal(deed) || (use != nullptr && removes_development(*use))) deeds.removals.push_back(deed);
    if (is_removal(deed)) continue;
    deed.paths = made_paths(site, command);
    deed.elsewhere = deed.paths.empty();
    if (use != nullptr) {
      auto caches = left_caches(site, *use);
      deed.leaves_cache = !caches.empty();
      std::ranges::move(caches, std::back_inserter(deed.paths));
    }
    if (may_make_unknown(use)) deed.names = ends_of_words(command);
    if (!deed.paths.empty() || use != nullptr) deeds.made.push_back(std::move(deed));
  }
}

Deeds deeds_of(const Dockerfile& file) {
  Deeds deeds;
  for (const auto& stage : file.stages())
    if (file.ships(stage))
      for (const auto& step : stage.steps) add_deeds({file, stage, step}, deeds);
  return deeds;
}

bool comes_later(const Dockerfile& file, const Deed& removal, const Deed& made) {
  return made.step < removal.step && continues(file, *removal.stage, *made.stage);
}

// `composer install` after `composer install --no-scripts`: it finds the packages in place and stores none again.
bool completes(const Deed& made, const Deed& earlier) {
  const auto* use = made.command->use;
  return use != nullptr && earlier.command->use != nullptr && use->tool == earlier.command->use->tool &&
         installs_from_manifest(*use) && !made.paths.empty() && made.paths == earlier.paths;
}

// All that a command made, but for directories, which weigh nothing.
bool removes_all_of(const Dockerfile& file, const Deed& removal, const Deed& made) {
  const auto* use = removal.command->use;
  if (use != nullptr) return use->action->kind != ActionKind::clean && tool_removes(*use, made);
  // What a redirection writes is small.
  const bool large = has_operands(file.facts(), *made.command,
                                  {Operands::archived, Operands::cloned, Operands::copied, Operands::packed});
  if (made.command->use != nullptr || made.paths.empty() || !large) return false;
  return all_are_under(made.paths, removal.paths);
}

// Cheaper than to find out what all commands make.
bool may_remove(const Facts& facts, const ShellCommand& command) {
  const auto* use = command.use;
  if (use == nullptr) return has_operands(facts, command, {Operands::removed});
  return use->action->kind == ActionKind::remove || removes_development(*use);
}

}  // namespace

Removals find_removals(const Dockerfile& file) {
  const auto deeds = deeds_of(file);
  Removals removals;
  for (const auto& removal : deeds.removals) {
    ++removals.all[removal.text];
    std::vector<const Deed*> counted;
    for (const auto& made : deeds.made) {
      if (!comes_later(file, removal, made) || !undoes(removal, made)) continue;
      if (std::ranges::any_of(counted, [&](const Deed* earlier) { return completes(made, *earlier); })) continue;
      counted.push_back(&made);
      ++removals.late[{removal.text, made.text}];
    }
  }
  return removals;
}

std::vector<RemovedLater> find_removed_later(const Dockerfile& file) {
  bool any = false;
  for_each_script(file, [&](const Stage&, const Step& step) {
    any |= std::ranges::any_of(step.script->commands,
                               [&](const ShellCommand& command) { return may_remove(file.facts(), command); });
  });
  if (!any) return {};
  const auto deeds = deeds_of(file);
  std::vector<RemovedLater> found;
  const auto script_of = [](const Deed& deed) -> const Script& {
    const auto& steps = deed.stage->steps;
    return *std::ranges::find(steps, deed.step, [](const Step& each) { return each.index; })->script;
  };
  const auto place = [&](const Deed& deed) { return script_of(deed).to_source(deed.command->span); };
  for (const auto& removal : deeds.removals) {
    if (removal.command->nested || removal.partly) continue;
    if (may_be_skipped(script_of(removal), *removal.command)) continue;
    for (const auto& made : deeds.made)
      if (comes_later(file, removal, made) && removes_all_of(file, removal, made)) {
        found.push_back({place(removal), place(made)});
        break;
      }
  }
  return found;
}

std::optional<LateRemoval> new_late_removal(const Removals& before, const Removals& after) {
  // What is made may be written differently now, so each command that removes is counted.
  const auto late_of = [](const Removals& removals, const std::string& remover) {
    std::size_t count = 0;
    for (const auto& [pair, times] : removals.late) count += pair.remover == remover ? times : 0;
    return count;
  };
  for (const auto& each : after.all) {
    const auto& remover = each.first;
    const auto earlier = before.all.find(remover);
    if (earlier == before.all.end() || earlier->second < each.second) continue;
    if (late_of(after, remover) <= late_of(before, remover)) continue;
    const auto is_new = [&](const auto& late) {
      const auto same = before.late.find(late.first);
      return late.first.remover == remover && (same == before.late.end() || same->second < late.second);
    };
    const auto found = std::ranges::find_if(after.late, is_new);
    if (found != after.late.end()) return found->first;
  }
  return std::nullopt;
}

}  // namespace dockhew::inline layers
