#include "layers/owned_copies.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/manifests.hpp"
#include "edits/copy_flags.hpp"
#include "edits/run_edits.hpp"
#include "effects/accounts.hpp"
#include "effects/plain_effects.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "layers/accounts_ahead.hpp"
#include "layers/made_paths.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline layers {
namespace {

constexpr std::size_t most_directories = 5;

struct Contents {
  std::vector<const Step*> copies;      // that need the flag
  std::set<std::string> others;         // directories and small files below it, which chown is still to be given
  std::vector<Assumption> assumptions;  // about what is installed beside it
};

// Directories that base images fill: those of the system, and of programs that have images of their own. `/usr/src/app`
// and `/var/www/html` are made for the project.
bool is_of_base(std::string_view path) {
  constexpr std::string_view filled[] = {"/bin",
                                         "/boot",
                                         "/etc",
                                         "/lib",
                                         "/lib64",
                                         "/opt/bitnami",
                                         "/opt/conda",
                                         "/opt/java",
                                         "/opt/jboss",
                                         "/opt/keycloak",
                                         "/root",
                                         "/sbin",
                                         "/usr/bin",
                                         "/usr/include",
                                         "/usr/lib",
                                         "/usr/lib64",
                                         "/usr/libexec",
                                         "/usr/local/apache2",
                                         "/usr/local/bin",
                                         "/usr/local/bundle",
                                         "/usr/local/cargo",
                                         "/usr/local/etc",
                                         "/usr/local/go",
                                         "/usr/local/include",
                                         "/usr/local/lib",
                                         "/usr/local/nginx",
                                         "/usr/local/openresty",
                                         "/usr/local/rustup",
                                         "/usr/local/sbin",
                                         "/usr/local/share",
                                         "/usr/local/tomcat",
                                         "/usr/sbin",
                                         "/usr/share",
                                         "/var/cache",
                                         "/var/lib",
                                         "/var/log",
                                         "/var/run"};
  constexpr std::string_view roots[] = {"/", "/home", "/opt", "/srv", "/usr", "/usr/local", "/usr/src", "/var"};
  return std::ranges::find(roots, path) != std::end(roots) ||
         std::ranges::any_of(filled, [&](std::string_view each) { return path_is_under(path, each); });
}

// A path, and the directories between it and one above.
void add_path(const std::string& above, std::string_view path, Contents& contents) {
  for (; path.size() > above.size(); path = path_parent(path)) contents.others.emplace(path);
}

Obstacle add_copy(const Step& step, const LateOwnership& late, const std::string& flag, Contents& contents) {
  const auto& directory = late.owned.path;
  const auto& copy = *step.copy;
  if (!copy.destination.is_known()) return Declined{"it is not known where a COPY puts its files"};
  const auto& to = copy.destination.text;
  if (!path_is_under(to, directory)) {
    if (path_is_under(directory, to)) return Declined{"a COPY to `" + to + "` may bring files of several owners"};
    return std::nullopt;
  }
  const auto* owner = step.instruction->flag("chown");
  if (owner != nullptr && "--chown=" + owner->value == flag) return std::nullopt;
  if (step.instruction->keyword == Keyword::add || step.in_child || !allows_flag(*step.instruction, flag))
    return Declined{"a COPY to `" + to + "` has flags, or unpacks files, that decide about owners already"};
  contents.copies.push_back(&step);
  const auto parent = copy.directory ? to : std::string(path_parent(to));
  add_path(directory, parent, contents);
  return std::nullopt;
}

// Whether one of the COPYs that get the flag brings the path: another mode leaves its owner as it is.
bool is_copied(const Contents& contents, const std::string& path) {
  return std::ranges::any_of(contents.copies,
                             [&](const Step* step) { return path_is_under(path, step->copy->destination.text); });
}

// `echo '{}' > users.json`: it makes a small file, which chown can be given too.
bool only_prints_words(const Facts& facts, const ShellCommand& command, const Effects& effects) {
  return facts.is_plain(command.name()) && has_operands(facts, command, {Operands::none}) && !command.piped &&
         effects.reads.paths.empty() && !effects.reads.anything;
}

// `pip install /wheels/*`: packages and archives that are not in the directory, installed outside of it.
bool installs_from_elsewhere(const ToolUse& use, const std::string& directory) {
  const auto installation = installation_of(use);
  return installation.declares == Declares::names && installation.global && !installs_by_name(use) &&
         use.manifests.empty() && !use.action->reads_source && std::ranges::all_of(use.operands, [&](std::size_t i) {
           const std::string_view word = use.command->words[i].raw;
           if (word.find('$') != word.npos || word.starts_with('.')) return false;
           return word.find('/') == word.npos || (word.starts_with('/') && !path_is_under(word, directory));
         });
}

// `pip install -r requirements.txt`: where an installation from a manifest that needs nothing else of the project puts
// its packages. Nothing where that is not known.
std::optional<Effects> effects_of_installation(const Site& site, const ShellCommand& command,
                                               const std::string& directory, Contents& contents) {
  const auto* use = command.use;
  if (use == nullptr) return std::nullopt;
  if (installs_from_elsewhere(*use, directory)) return command_effects(site, command);
  if (installation_of(*use).declares != Declares::manifest || use->action->reads_source ||
      !command.directory.is_known())
    return std::nullopt;
  auto effects = command_effects(site, command);
  if (effects.writes.anything) return std::nullopt;
  const auto project = project_in_context(site.file, site.stage, site.step.index, command.directory.text);
  const auto manifests = find_manifests(site, *use, {project.value_or("."), project.value_or(".")});
  if (!manifests) return std::nullopt;
  std::ranges::copy(manifests->assumptions, std::back_inserter(contents.assumptions));
  return effects;
}

// `HOME=/app pip install`: what lies in a cache, or only the directory in which a mount is, belongs to who runs it.
bool fills_cache(const Site& site, const ShellCommand& command, const std::string& directory) {
  if (command.use == nullptr) return false;
  return std::ranges::any_of(cache_directories(site, *command.use), [&](const auto& cache) {
    return cache.path.is_known() ? path_is_under(cache.path.text, directory) : path_is_under(directory, "/home");
  });
}

// What a command before the chown has made in the directory.
Obstacle add_command(const Site& site, const ShellCommand& command, const LateOwnership& late, Contents& contents) {
  const auto& facts = site.file.facts();
  const bool of_system = command.use != nullptr && command.use->tool->packages.of_system;
  if (of_system || creates_accounts(facts, command) || &command == late.command) return std::nullopt;
  if (fills_cache(site, command, late.owned.path))
    return Declined{"the cache of `" + command.name() + "` may lie in `" + late.owned.path +
                    "` as well, and `chown` would leave it to root"};
  // Packages that are installed by name lie elsewhere, unless it is the system's directories that get another owner.
  const bool own_place = !late.owned.path.starts_with("/usr") && !late.owned.path.starts_with("/opt");
  auto known = only_substitutes(facts, command) ? std::optional(unix_effects(facts, command))
                                                : effects_of_installation(site, command, late.owned.path, contents);
  if (!known) known = own_place ? project_effects(site, command) : command_effects(site, command);
  auto& effects = *known;
  if (const auto home = home_of(site); home.is_known()) effects.resolve_home(home.text);
  const auto named = [&] { return "`" + first_words(site.step.script->text.view(command.span), 40) + "`"; };
  for (const auto* affected : {&effects.writes, &effects.changes, &effects.modes}) {
    if (affected->may_be_anywhere()) return Declined{"what " + named() + " makes there is not known"};
    for (const auto& path : known_paths(*affected)) {
      if (!path_is_under(path, late.owned.path)) continue;
      if (affected == &effects.modes && is_copied(contents, path)) continue;
      const bool small = effects.makes_directories || only_prints_words(facts, command, effects);
      if (affected != &effects.writes || !small)
        return Declined{"what " + named() + " makes in `" + late.owned.path + "` would have to be made by this user"};
      add_path(late.owned.path, path, contents);
    }
  }
  return std::nullopt;
}

Obstacle add_step(const Site& site, const LateOwnership& late, const std::string& flag, Contents& contents) {
  const auto& step = site.step;
  switch (step.instruction->keyword) {
    case Keyword::copy:
    case Keyword::add: return add_copy(step, late, flag, contents);
    case Keyword::run: break;
    default: return std::nullopt;
  }
  if (!step.script || step.script->opaque) return Declined{"a RUN that cannot be analyzed may make files there"};
  for (const auto& command : step.script->commands) {
    if (&step == late.run && command.span.begin > late.command->span.begin) break;
    if (auto obstacle = add_command(site, command, late, contents)) return obstacle;
  }
  return std::nullopt;
}

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

bool creates(const Facts& facts, const Step& step, const std::string& name) {
  return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
           return creates_accounts(facts, command) && command.has_word(name);
         });
}

// The user and the group of the flag, as far as they are not there when a COPY asks for them.
std::vector<std::string> missing_names(const Site& copy, std::string_view flag) {
  const auto names = flag.substr(flag.find('=') + 1);
  const auto& image = copy.stage.image;
  const auto is_there = [&](const std::string& name) {
    if (is_number(name) || name == "root" || (image && image->entry != nullptr && image->entry->users.contains(name)))
      return true;
    return std::ranges::any_of(copy.earlier(),
                               [&](const Step& step) { return creates(copy.file.facts(), step, name); });
  };
  std::vector<std::string> missing;
  for (const auto name : {names.substr(0, names.find(':')), names.substr(names.find(':') + 1)})
    if (!is_there(std::string(name))) missing.emplace_back(name);
  return missing;
}

// Lets the RUN that creates them later do so before the first COPY.
Outcome<std::vector<TextEdit>> create_before(const Site& first, const LateOwnership& late,
                                             const std::vector<std::string>& names) {
  const auto& steps = late.stage->steps;
  const auto creator =
      std::ranges::find_if(steps, [&](const Step& step) { return creates(first.file.facts(), step, names.front()); });
  if (creator == steps.end() || creator->index > late.run->index)
    return Declined{"it is not known whether the base image has the user"};
  auto edits = create_accounts_before(first.at(*creator), first.step, names);
  if (edits) return edits;
  return Declined{"the user is created after the first COPY, and " + edits.reason() +
                  "; create it before, and let COPY set the owner"};
}

// What the stages below have put there would have to get the owner too.
Obstacle obstacle_in_parents(const Dockerfile& file, const LateOwnership& late, const std::string& flag) {
  Contents contents;
  for (const auto& [stage, step] : steps_of_chain(file, *late.stage)) {
    if (stage == late.stage) break;
    if (add_step({file, *stage, *step}, late, flag, contents) || !contents.copies.empty() || !contents.others.empty())
      return Declined{"the stage that this one is built on may have put files there"};
  }
  return std::nullopt;
}

// The build argument that names the owner: `chown -R $UID /app`. Empty without one.
std::string argument_in_owner(const Dockerfile& file, const LateOwnership& late) {
  const auto& text = late.run->script->text;
  const auto words = text.view(late.command->span);
  for (const auto& step : late.stage->steps) {
    if (step.instruction->keyword != Keyword::arg || step.index > late.run->index) continue;
    for (const auto& argument : step.instruction->arguments) {
      const auto name = argument.text.substr(0, argument.text.find('='));
      for (const auto& written : {"$" + name, "${" + name})
        if (find_name(words, written, "_") != words.npos) return name;
    }
  }
  for (const auto& name : file.context().origin().arguments)
    for (const auto& written : {"$" + name, "${" + name})
      if (find_name(words, written, "_") != words.npos) return name;
  return {};
}

// `chown -R a:b /app` becomes `chown a:b /app /app/logs`.
std::optional<std::vector<TextEdit>> without_recursion(const LateOwnership& late, const Contents& contents) {
  const auto& command = *late.command;
  const auto option = std::ranges::find_if(
      command.words, [](const ShellWord& word) { return word.raw == "-R" || word.raw == "--recursive"; });
  if (option == command.words.end() || command.words.size() != 4) return std::nullopt;
  const auto& script = *late.run->script;
  std::string more;
  for (const auto& directory : contents.others) more += ' ' + directory;
  const auto end = script.to_source(command.words.back().span).end;
  std::vector<TextEdit> edits = {remove_word(script, *option)};
  if (!more.empty()) edits.push_back({{end, end}, std::move(more)});
  return edits;
}

}  // namespace

Outcome<OwnedCopies> own_copies(const Dockerfile& file, const LateOwnership& late) {
  if (const auto name = argument_in_owner(file, late); !name.empty())
    return Declined{"the owner is the build argument `" + name + "`, and may be another one"};
  const auto flag = owner_flag(late.owned.text);
  if (flag.empty()) return Declined{"COPY has no equivalent flag"};
  if (!late.maker->copy)
    return Declined{"`" + late.content + "` is made by a RUN, which would have to run as this user"};
  if (auto obstacle = obstacle_in_parents(file, late, flag)) return *obstacle;
  // Of a stage that begins with another one of the file, all is known but for the image at its beginning.
  if (is_of_base(late.owned.path))
    return Declined{"the base image may have files of its own in `" + late.owned.path + "`"};
  Contents contents;
  const auto& steps = late.stage->steps;
  for (const auto& step : steps) {
    if (auto obstacle = add_step({file, *late.stage, step}, late, flag, contents)) return *obstacle;
    const auto& workdir = step.workdir;
    if (workdir.is_known() && path_is_under(workdir.text, late.owned.path))
      add_path(late.owned.path, workdir.text, contents);
    if (&step == late.run) break;
  }
  if (contents.copies.empty()) return Declined{"each COPY sets this owner already; give chown only what is new"};
  OwnedCopies owned;
  const Site first{file, *late.stage, *contents.copies.front()};
  if (const auto names = missing_names(first, flag); !names.empty()) {
    auto moved = create_before(first, late, names);
    if (!moved) return moved.declined();
    owned.edits = *std::move(moved);
  }
  if (contents.others.size() > most_directories)
    return Declined{"too many files and directories would have to be named one by one"};
  auto edits = without_recursion(late, contents);
  if (!edits) return Declined{"chown has other options, or several directories"};
  std::ranges::move(*edits, std::back_inserter(owned.edits));
  for (const auto* step : contents.copies) {
    const auto at = step->instruction->keyword_span.end;
    owned.edits.push_back({{at, at}, " " + flag});
    owned.copies.push_back(step->instruction->span);
  }
  owned.assumptions = std::move(contents.assumptions);
  owned.assumptions.push_back({"new-directory", "the base image has nothing in `" + late.owned.path + "`"});
  return owned;
}

}  // namespace dockhew::inline layers
