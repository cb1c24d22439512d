#include "caches/cache_readers.hpp"

#include <algorithm>
#include <string>

#include "caches/cache_directories.hpp"
#include "caches/cached_uses.hpp"
#include "caches/mount_parents.hpp"
#include "caches/removed_directories.hpp"
#include "effects/command_words.hpp"
#include "effects/unix_effects.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

bool is_tidying(const Facts& facts, const ShellCommand& command) {
  return has_operands(facts, command, {Operands::removed, Operands::owned, Operands::moded});
}

// `find / -name "*.pyc" -delete`, `find / … | xargs rm`: what is found gets nowhere.
bool only_tidies(const Facts& facts, const Script& script, const ShellCommand& find) {
  const auto keeps = [](const ShellWord& word) { return word.raw.starts_with("-fprint") || word.raw == "-fls"; };
  if (find.nested || !find.redirects.empty() || std::ranges::any_of(find.words, keeps)) return false;
  const auto started = searched_by(find).started;
  if (!std::ranges::all_of(started, [&](const ShellCommand& each) { return is_tidying(facts, each); })) return false;
  return !find.piped || feeds_removal(facts, script, find);
}

// Removing files, or changing their owner, does not depend on what they contain.
bool is_indifferent(const Dockerfile& file, const Script& script, const ShellCommand& command) {
  const auto& facts = file.facts();
  const auto reads = [](const ShellRedirect& redirect) { return redirect.operation.starts_with('<'); };
  const bool is_fed = command.piped || std::ranges::any_of(command.redirects, reads);  // as tee is
  if (has_operands(facts, command, {Operands::searched})) return only_tidies(facts, script, command);
  return has_operands(facts, command, {Operands::removed, Operands::owned, Operands::moded, Operands::tested}) ||
         (has_operands(facts, command, {Operands::written}) && !is_fed) ||
         (facts.is_printing(command.name()) && command.redirects.empty());
}

// The directories that a command's relative operands may refer to: where it runs, and where `tar -C` or `make -C` goes.
std::vector<std::string> working_directories(const ShellCommand& command) {
  std::vector<std::string> directories;
  if (command.directory.is_known()) directories.push_back(command.directory.text);
  for (std::size_t i = 1; i + 1 < command.words.size(); ++i)
    if (command.words[i].raw == "-C" || command.words[i].raw == "--directory")
      if (auto path = path_of(command, command.words[i + 1])) directories.push_back(std::move(*path));
  return directories;
}

// The part of a path behind the home; empty when it is in none. One home may be a link to another, as in the images of
// Gradle, and nothing in the file shows it, so all are treated as one.
std::string_view below_home(std::string_view path) {
  constexpr std::string_view homes = "/home/";
  if (path.starts_with("/root/")) return path.substr(5);
  const auto end = path.starts_with(homes) ? path.find('/', homes.size()) : path.npos;
  return end == path.npos ? std::string_view() : path.substr(end);
}

bool is_below(std::string_view path, std::string_view directory) {
  if (path_is_under(path, directory)) return true;
  const auto inner = below_home(directory);
  return !inner.empty() && path_is_under(below_home(path), inner);
}

// Whether a relative path without ".." can lead from a directory to the target or below it, as far as a glance tells.
bool may_meet(std::string_view directory, std::string_view path, std::string_view target) {
  if (path_is_under(directory, target)) return true;
  if (!path_is_under(target, directory)) return false;
  const auto next = target[directory == "/" ? 1 : directory.size() + 1];
  return path[0] == next || path[0] == '.';
}

bool names(const ShellWord& word, const std::vector<std::string>& from, const std::string& target) {
  std::string_view text = word.value.is_known() ? word.text() : word.raw;
  std::string at_root;
  if (text.starts_with("~/")) text = at_root = "/root" + std::string(text.substr(1));
  if (is_below(text, target)) return true;
  for (auto at = text.find(target); at != text.npos; at = text.find(target, at + 1)) {
    const auto end = at + target.size();
    if (end == text.size() || text[end] == '/' || text[end] == '*' || text[end] == '"') return true;
  }
  const bool relative = word.value.is_known() && !text.empty() && text[0] != '/' && text[0] != '-';
  const bool upward = relative && text.find("..") != text.npos;
  return relative && std::ranges::any_of(from, [&](const std::string& directory) {
           return (upward || may_meet(directory, text, target)) && path_is_under(resolve_path(directory, text), target);
         });
}

// Whether `find` searches a directory, or one above it.
bool searches(const ShellCommand& find, const std::string& directory) {
  return std::ranges::any_of(searched_by(find).roots, [&](const ShellWord& root) {
    if (!find.directory.is_known() && root.value.is_known() && !root.text().starts_with('/') &&
        !root.raw.starts_with("~"))
      return false;  // `cd ${SOMEWHERE} && find .`
    auto path = path_of(find, root);
    if (root.raw.starts_with("~")) path = "/root" + root.raw.substr(1);
    return !path || is_below(*path, directory) || is_below(directory, *path) || path_is_under("/root", *path) ||
           path_is_under("/home", *path);
  });
}

// `tar cf /backup.tar /var`: all that is in a directory above.
bool takes_above(const Facts& facts, const ShellCommand& command, const std::string& directory) {
  if (!has_operands(facts, command, {Operands::archived, Operands::copied})) return false;
  const auto reads = unix_effects(facts, command).reads;
  return std::ranges::any_of(
      reads.paths, [&](const AffectedPath& each) { return each.path != "/" && path_is_under(directory, each.path); });
}

// The command of a script that reads one of the directories; null when none does. Uses of `owner` do not count.
const ShellCommand* reading_command(const Dockerfile& file, const Step& step, const Tool* owner,
                                    const std::vector<std::string>& directories) {
  if (!step.script) return nullptr;
  for (const auto& command : step.script->commands) {
    if (command.words.empty()) continue;
    const auto* use = command.use;
    if (use && (use->tool == owner || use->action->kind == ActionKind::clean)) continue;
    const auto from = working_directories(command);
    const auto is_read = [&](const std::string& directory) {
      if (has_operands(file.facts(), command, {Operands::searched}) && searches(command, directory)) return true;
      if (takes_above(file.facts(), command, directory)) return true;
      const auto reads = [&](const ShellWord& word) { return names(word, from, directory); };
      return std::ranges::any_of(command.words, reads) ||
             std::ranges::any_of(command.redirects, reads, &ShellRedirect::target);
    };
    if (std::ranges::any_of(directories, is_read) && !is_indifferent(file, *step.script, command)) return &command;
  }
  return nullptr;
}

bool is_forced(const ShellCommand& command) {
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    return word.raw == "--force" ||
           (word.raw.starts_with('-') && !word.raw.starts_with("--") && word.raw.find('f') != word.raw.npos);
  });
}

// Whether a command fails where its operands do not exist: `rm -r`, `chmod -R`, `mv`, `find`.
bool needs_operands(const Facts& facts, const Script& script, const ShellCommand& command) {
  if (command.words.empty() || !ends_script(script, command)) return false;
  if (has_operands(facts, command, {Operands::removed})) return !is_forced(command);
  return has_operands(facts, command, {Operands::owned, Operands::moded, Operands::moved, Operands::searched});
}

// Whether a directory above a mount's is there only because something was put into the latter: `/root/.cache`,
// `/go/pkg`. Those of the system, and homes, are there in any case.
bool comes_with(std::string_view above, const std::string& directory) {
  if (!path_is_under(directory, above)) return false;
  if (!below_home(directory).empty()) return !below_home(above).empty();
  constexpr std::string_view of_system[] = {"/home", "/opt", "/usr", "/var"};
  const auto is_in = [&](std::string_view other) { return path_is_under(above, other); };
  return std::ranges::count(above, '/') > 1 && std::ranges::none_of(of_system, is_in);
}

// `mkdir -p /root/.cache/app`: the directory above the mount's is there whatever becomes of that.
bool is_made_by_hand(const Site& site, const std::string& directory) {
  const std::string parent(path_parent(directory));
  const auto& above = comes_with(parent, directory) ? parent : directory;
  return is_there(site, above) || makes_directory(site, above);
}

// `touch /root/.cache/stamp`, `ln -s /data /root/.cache/models`: what makes no directories above what it writes.
bool makes_file_beside(const Facts& facts, const ShellCommand& command, const std::vector<std::string>& directories) {
  if (command.words.empty() || command.use != nullptr) return false;
  const auto effects = unix_effects(facts, command);
  if (effects.makes_directories && makes_parents(facts, command)) return false;
  return std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& written) {
    return std::ranges::any_of(directories, [&](const std::string& directory) {
      const auto parent = path_parent(written.path);
      return (comes_with(parent, directory) && !below_home(parent).empty()) || comes_with(written.path, directory);
    });
  });
}

// The command of a script that fails where nothing is in these directories: BuildKit takes the mount point away again
// that it has made (https://github.com/moby/buildkit/pull/3307), and a pattern matches nothing. Null where none does.
const ShellCommand* failing_command(const Site& site, const std::vector<std::string>& directories) {
  const auto& [file, stage, step] = site;
  if (!step.script) return nullptr;
  std::vector<std::string> gone;
  std::ranges::copy_if(directories, std::back_inserter(gone),
                       [&](const std::string& directory) { return !is_made_by_hand(site, directory); });
  for (const auto& command : step.script->commands) {
    if (makes_file_beside(file.facts(), command, gone) && ends_script(*step.script, command)) return &command;
    if (!needs_operands(file.facts(), *step.script, command)) continue;
    const bool searches = has_operands(file.facts(), command, {Operands::searched});
    const auto words = searches ? searched_by(command).roots : command.words;
    const auto is_gone = [&](const ShellWord& word) {
      auto path = absolute_path(site, command, word);
      if (!path || path->empty() || word.raw.starts_with('-')) return false;
      const bool contents = path->ends_with("/*");
      if (contents) path->resize(path->size() - 2);
      const auto is_inside = [&](const std::string& directory) {
        return is_below(*path, directory) && (contents || *path != directory);
      };
      return std::ranges::any_of(directories, is_inside) ||
             std::ranges::any_of(gone, [&](const std::string& directory) {
               return is_below(*path, directory) || comes_with(*path, directory);
             });
    };
    if (std::ranges::any_of(words.begin() + (searches ? 0 : 1), words.end(), is_gone)) return &command;
  }
  return nullptr;
}

// ENTRYPOINT or CMD.
bool is_start_with(const Step& step, const std::vector<std::string>& directories) {
  const auto keyword = step.instruction->keyword;
  if (keyword != Keyword::cmd && keyword != Keyword::entrypoint) return false;
  const auto text = step.instruction->text.view();
  return std::ranges::any_of(directories,
                             [&](const std::string& directory) { return text.find(directory) != text.npos; });
}

bool has_mounts_over(const Step& step, const std::vector<std::string>& directories) {
  return std::ranges::all_of(directories,
                             [&](const std::string& directory) { return mount_over(step, directory) != nullptr; });
}

// The command of a RUN that reads one of the directories, not all of which are in mounts.
const ShellCommand* unmounted_reader(const Dockerfile& file, const Step& step,
                                     const std::vector<std::string>& directories) {
  return has_mounts_over(step, directories) ? nullptr : reading_command(file, step, nullptr, directories);
}

const ShellCommand* unmounted_failure(const Site& site, const std::vector<std::string>& directories) {
  return has_mounts_over(site.step, directories) ? nullptr : failing_command(site, directories);
}

// Of a source with a variable that is not known, the directory that it lies in: `/app/target/release` of
// `/app/target/release/${BINARY}`.
std::string known_directory(const Dockerfile& file, const CopySource& source) {
  const auto written = slice(file.source(), source.span);
  const auto before = written.substr(0, written.find('$'));
  if (before.size() == written.size() || before.find_first_of("\"'\\") != before.npos) return "/";
  return resolve_path("/", path_parent(std::string(before) + "any"));
}

bool takes(const std::string& source, const std::vector<std::string>& directories, bool with_parents) {
  const auto path = resolve_path("/", source);
  return std::ranges::any_of(directories, [&](const std::string& directory) {
    return is_below(path, directory) || (with_parents && is_below(directory, path));
  });
}

// An installation from the cache without a network needs what is in it, as with a store.
bool is_store(const Dockerfile& file, const Tool& tool) {
  if (std::ranges::any_of(tool.caches, [](const ToolCache& cache) { return cache.store; })) return true;
  const auto works_offline = [&](const Site& site) { return has_cached_use(site, tool); };
  return !file.answers({"works offline with ", tool.id}, works_offline).places().empty();
}

}  // namespace

bool takes_from(const Dockerfile& file, const Stage& stage, const Stage& other, const Step& step,
                const std::vector<std::string>& directories, bool with_parents) {
  const auto of_stage = [&](std::uint32_t index) { return continues(file, file.stages()[index], stage); };
  if (step.copy && step.copy->stage && of_stage(*step.copy->stage))
    return std::ranges::any_of(step.copy->sources, [&](const CopySource& source) {
      return source.known ? takes(source.text, directories, with_parents)
                          : takes(known_directory(file, source), directories, true);
    });
  return std::ranges::any_of(step.mounts, [&](const Mount& mount) {
    const auto from = file.find_stage(mount.from, other.index);
    return from && of_stage(*from) && takes(mount.source.empty() ? "/" : mount.source, directories, with_parents);
  });
}

namespace {

// Whether a step of the same file, which runs later or in another stage, reads one of the directories as `filler`
// leaves them.
Obstacle later_reader(const Site& filler, const Site& later, const std::vector<std::string>& directories, bool store) {
  if (continues(later.file, later.stage, filler.stage)) {
    if (const auto* command = unmounted_reader(later.file, later.step, directories))
      return Declined{"`" + command->name() + "` in a later RUN uses the cache directory, which would be empty"};
    if (const auto* command = unmounted_failure(later, directories))
      return Declined{"`" + command->name() + "` in a later RUN would fail: the cache directory would be empty"};
  }
  if (is_start_with(later.step, directories) &&
      (continues(later.file, later.stage, filler.stage) || continues(later.file, filler.stage, later.stage)))
    return Declined{"the container uses the cache directory, which would be empty"};
  if (takes_from(later.file, filler.stage, later.stage, later.step, directories, store))
    return Declined{std::string(later.step.copy ? "a COPY" : "a RUN") +
                    " takes the cache directory from this stage, where it would be empty"};
  return std::nullopt;
}

// Every step for which there is a stage whose later reader it is.
const std::vector<StepPlace>& possible_readers(const Dockerfile& file, const std::vector<std::string>& directories) {
  std::string names;
  for (const auto& directory : directories) names.append(directory).append(" ");
  const auto may_read = [&](const Site& site) {
    const auto& step = site.step;
    const auto is_taken = [&](const std::string& source) { return takes(source, directories, true); };
    if (step.copy && step.copy->stage) return std::ranges::any_of(step.copy->sources, is_taken, &CopySource::text);
    const auto mounts_it = [&](const Mount& mount) {
      return !mount.from.empty() && is_taken(mount.source.empty() ? "/" : mount.source);
    };
    return unmounted_reader(file, step, directories) != nullptr || unmounted_failure(site, directories) != nullptr ||
           is_start_with(step, directories) || std::ranges::any_of(step.mounts, mounts_it);
  };
  return file.answers({"may read ", names}, may_read).places();
}

}  // namespace

Obstacle cache_reader(const Site& site, const Tool& tool, const std::vector<std::string>& directories) {
  if (const auto* command = reading_command(site.file, site.step, &tool, directories))
    return Declined{"`" + command->name() +
                    "` uses the cache directory in the same RUN, and would find what other builds left there"};
  const bool store = is_store(site.file, tool);
  for (const auto& place : possible_readers(site.file, directories)) {
    const auto& other = site.file.stages()[place.stage];
    const auto& later = other.steps[place.step];
    const bool is_before = other.index == site.stage.index && later.index <= site.step.index;
    if (is_before && !is_start_with(later, directories)) continue;
    if (auto reader = later_reader(site, {site.file, other, later}, directories, store)) return reader;
  }
  return std::nullopt;
}

bool fails_without(const Site& site, const std::vector<std::string>& directories) {
  return failing_command(site, directories) != nullptr;
}

}  // namespace dockhew::inline caches
