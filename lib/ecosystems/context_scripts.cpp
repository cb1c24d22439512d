#include "ecosystems/context_scripts.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/makefile.hpp"
#include "ecosystems/own_directory.hpp"
#include "ecosystems/script_values.hpp"
#include "effects/environment.hpp"
#include "effects/hidden_effects.hpp"
#include "effects/source_copy.hpp"
#include "effects/unix_effects.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/shebang.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 3;                            // scripts that scripts start
constexpr std::size_t longest_script = 64U << 10U;    // people write some kilobytes
constexpr std::size_t most_bytes = 512U << 10U;       // of the scripts of a file
constexpr std::size_t most_commands = 8192;           // in all of them
constexpr std::size_t most_scripts = 512;             // that are looked for
constexpr std::size_t most_judged = 1U << 16U;        // commands that may have changed one
constexpr std::size_t most_looked_at = 4096;          // commands that may start one
constexpr std::size_t most_commands_of_run = 1000;    // of a RUN that starts one
constexpr std::size_t most_assignments = 64U << 10U;  // that commands of a script are given

using Scripts = std::map<std::pair<const Step*, std::size_t>, ContextScript>;  // by a command of a step

bool is_shell(std::string_view name) { return name == "sh" || name == "bash" || name == "dash" || name == "ash"; }

// The word that names the script: the first, or of `bash -ex build.sh` the first that is no option.
std::optional<std::size_t> script_word(const ShellCommand& command) {
  const auto& words = command.words;
  if (words.empty() || command.use != nullptr || !words[0].value.is_known()) return std::nullopt;
  if (!is_shell(command.name()))
    return words[0].text().find('/') != std::string::npos ? std::optional<std::size_t>(0) : std::nullopt;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view raw = words[i].raw;
    if (!words[i].value.is_known()) return std::nullopt;
    if (raw == "-o" && i + 1 < words.size() && words[i + 1].value.is("pipefail")) ++i;
    else if (!raw.starts_with('-')) return i;
    else if (raw.size() == 1 || raw.find_first_not_of("euxv", 1) != raw.npos) return std::nullopt;
  }
  return std::nullopt;
}

// Whether the kernel, or the shell in its place, starts a shell for the text. A carriage return in the first line, or
// in any other, is a word to both.
bool is_shell_script(std::string_view text, std::string_view name, bool by_shell) {
  if (text.find('\r') != text.npos || text.find('\0') != text.npos) return false;
  if (by_shell) return true;
  const auto program = shebang_program(text);
  return program.empty() ? !text.starts_with("#!") && name.ends_with(".sh") : is_shell(program);
}

// As whom it runs counts for where its files are.
bool keeps_user(const ShellCommand& command) {
  return std::ranges::none_of(command.wrappers, [](const ShellWord& word) {
    return word.raw == "-i" || word.raw == "-" || word.raw.starts_with("-u") || word.raw == "-H" ||
           word.raw.starts_with("--");
  });
}

class Reader {
 public:
  explicit Reader(const Dockerfile& file) : file_(file) {}

  Scripts read() {
    if (!file_.context().is_known()) return {};
    for (const auto& stage : file_.stages())
      for (const auto& step : stage.steps)
        if (step.script && !step.script->opaque && step.posix) read_step({file_, stage, step});
    return std::move(found_);
  }

 private:
  struct Source {
    std::string path, text;  // in the context
    std::string place;       // in the image
  };

  void read_step(const Site& site) {
    const auto& commands = site.step.script->commands;
    if (commands.size() > most_commands_of_run) return;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const auto& setters = site.step.script->setters;
      // What is exported afterwards would be taken for what the script sees.
      if (!setters.empty() && setters.back() > i) continue;
      ContextScript script;
      if (read_started(site, commands[i], std::span(commands).first(i), script, 0))
        found_.emplace(std::pair(&site.step, i), std::move(script));
    }
  }

  // `before`: what the RUN and the scripts in it have run until then.
  bool read_started(const Site& site, const ShellCommand& command, std::span<const ShellCommand> before,
                    ContextScript& found, int depth) {
    if (depth == deepest || ++looked_at_ > most_looked_at || !keeps_user(command)) return false;
    if (is_make(command) && command.use == nullptr)
      return command.directory.is_known() && read_makefile(site, command, before, found, depth);
    const auto word = script_word(command);
    if (!word) return false;
    const auto place = path_of(command, command.words[*word]);
    auto source = place ? source_of(site, *place, before) : std::nullopt;
    if (!source || !is_shell_script(source->text, path_basename(*place), *word > 0)) return false;
    if (is_named(found.files, source->path)) return false;  // one that starts itself
    found.files.push_back({source->path, source->place});
    const auto look = [&](std::string_view name) {
      auto value = environment(site, command, name);
      return value.state == Value::State::undefined ? Value::unknown() : value;
    };
    const auto text = with_own_directory(std::move(source->text), path_parent(source->place));
    auto script = parse_script(LogicalText(text, 0), look, command.directory);
    if (script.opaque) return false;
    forget_unsure_values(script);
    if (!attach_variables(script, [&](std::string_view name) { return environment(site, command, name); }))
      return false;
    const LineIndex lines(text);
    std::vector<std::string> places;
    for (const auto& each : script.commands)
      places.push_back(source->path + ':' + std::to_string(lines.line(each.span.begin)));
    const bool has_arguments = command.words.size() > *word + 1;
    return add(site, command, std::move(script), places, has_arguments, found, depth);
  }

  bool read_makefile(const Site& site, const ShellCommand& command, std::span<const ShellCommand> before,
                     ContextScript& found, int depth) {
    std::optional<Source> source;
    for (const auto& path : scripts_named_by(command))
      if (!source) source = source_of(site, path, before);
    if (!source || is_named(found.files, source->path)) return false;
    const auto recipes = read_recipes(source->text, command);
    if (!recipes.complete) return false;
    if (depth == 0) found.by_make = true;
    found.files.push_back({source->path, source->place});
    const auto look = [&](std::string_view name) {
      return is_unseen_by_recipes(name) ? Value::unknown() : environment(site, command, name);
    };
    const auto directory = Value::known(resolve_path(command.directory.text, directory_of_make(command)));
    for (std::size_t i = 0; i < recipes.lines.size(); ++i) {
      auto script = parse_script(LogicalText(recipes.lines[i], 0), look, directory);
      if (script.opaque) return false;
      const auto number = recipes.numbers[i];
      const std::vector<std::string> places(script.commands.size(),
                                            source->path + (number > 0 ? ':' + std::to_string(number) : ""));
      if (!add(site, command, std::move(script), places, true, found, depth)) return false;
    }
    return true;
  }

  static bool is_named(const std::vector<ScriptFile>& files, const std::string& path) {
    return std::ranges::find(files, path, &ScriptFile::source) != files.end();
  }

  // The commands of a script in the place of the one that starts it.
  bool add(const Site& site, const ShellCommand& command, Script script, const std::vector<std::string>& places,
           bool has_arguments, ContextScript& found, int depth) {
    commands_ += script.commands.size();
    for (const auto& each : script.commands) assignments_ += each.assignments.size() + command.assignments.size();
    if (commands_ > most_commands || assignments_ > most_assignments) return false;
    const auto& facts = file_.facts();
    const auto functions = functions_of(script);
    for (auto& each : script.commands) {
      each.assignments.insert(each.words.empty() ? each.assignments.end() : each.assignments.begin(),
                              command.assignments.begin(), command.assignments.end());
      if (each.words.empty()) each.assignments.resize(each.assignments.size() - command.assignments.size());
      each.wrappers.insert(each.wrappers.begin(), command.wrappers.begin(), command.wrappers.end());
    }
    find_tool_uses(facts, script);
    // Whether the strings of `sh -c` are among its commands is told by where they stand.
    std::vector<bool> read(script.commands.size());
    for (std::size_t i = 0; i < read.size(); ++i) read[i] = runs_read_commands(script, script.commands[i]);
    // A function in the place of a program whose words are known.
    if (std::ranges::any_of(functions, [&](const auto& name) { return facts.unix_command(name) != nullptr; }) ||
        std::ranges::any_of(script.uses, [&](const ToolUse& use) { return functions.contains(use.command->name()); }))
      return false;
    found.hidden.add(hidden_effects(script));
    script.text = LogicalText();
    for (auto& each : script.commands) {
      each.move_to(command.span);
      each.nested = true;
      each.conditional |= command.conditional;
      each.element = command.element;
    }
    const std::span<const ShellCommand> all = script.commands;  // which stay where they are
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& each = all[i];
      const bool calls_function = !each.name().empty() && functions.contains(each.name());
      const bool nothing = !has_arguments && each.words.size() == 1 &&
                           (each.words[0].raw == "\"$@\"" || each.words[0].raw == "$@");  // `exec "$@"`
      if (read[i] || calls_function || nothing) continue;
      if (read_nested(site, each, all.first(i), found, depth)) found.started.push_back(&each);
      else found.commands.push_back({&each, places[i]});
    }
    found.scripts.push_back(std::move(script));
    return true;
  }

  bool read_nested(const Site& site, const ShellCommand& command, std::span<const ShellCommand> before,
                   ContextScript& found, int depth) {
    ContextScript nested;
    nested.files = found.files;
    if (!read_started(site, command, before, nested, depth + 1)) return false;
    found.files = std::move(nested.files);
    std::ranges::move(nested.scripts, std::back_inserter(found.scripts));
    std::ranges::move(nested.commands, std::back_inserter(found.commands));
    std::ranges::move(nested.started, std::back_inserter(found.started));
    found.hidden.add(nested.hidden);
    return true;
  }

  // ---- where the text is ----

  std::optional<Source> source_of(const Site& site, const std::string& place, std::span<const ShellCommand> before) {
    if (++scripts_ > most_scripts || any_may_change(site, before, place)) return std::nullopt;
    const auto* mount = mount_over(site.step, place);
    std::optional<std::string> path;
    if (mount == nullptr) path = unchanged_source(site, place);
    else if (mount->type == Mount::Type::bind && mount->from.empty() && mount->error.empty() &&
             mount->target.is_known())
      path = clean_path(mount->source + '/' + relative_path(mount->target.text, place));
    if (path && path->starts_with('/')) path->erase(0, 1);
    if (!path || site.context().kind(*path) != PathKind::file) return std::nullopt;
    auto text = site.context().read(*path);
    if (!text || text->size() > longest_script) return std::nullopt;
    bytes_ += text->size();
    if (bytes_ > most_bytes) return std::nullopt;
    return Source{*std::move(path), *std::move(text), place};
  }

  // A mount that the path is in; also one of which it is not known where it is.
  static const Mount* mount_over(const Step& step, const std::string& place) {
    const auto found = std::ranges::find_if(step.mounts, [&](const Mount& mount) {
      return !mount.target.is_known() || path_is_under(place, mount.target.text);
    });
    return found == step.mounts.end() ? nullptr : &*found;
  }

  // Where a COPY has it from, if nothing between that and the site may have changed it.
  std::optional<std::string> unchanged_source(const Site& site, const std::string& place) {
    auto brought = find_brought_file(site, place);
    if (!brought) return std::nullopt;
    for (const auto* stage : chain_of(file_, site.stage)) {
      const auto begin = stage == brought->stage ? brought->step + 1 : 0;
      const auto end = stage == &site.stage ? site.earlier().size() : stage->steps.size();
      for (auto i = begin; i < end; ++i)
        if (may_change({file_, *stage, stage->steps[i]}, place)) return std::nullopt;
      if (stage == brought->stage) break;
    }
    return std::move(brought->source);
  }

  bool may_change(const Site& site, const std::string& place) {
    const auto& step = site.step;
    if (step.copy) {
      if (!step.copy->destination.is_known()) return true;
      if (!path_is_under(place, step.copy->destination.text)) return false;
      // One from the context that brings the file would be the last that does.
      return !step.copy->from_context() || std::ranges::any_of(step.copy->sources, [](const CopySource& source) {
        return !source.known || source.heredoc || source.text.find("://") != std::string::npos ||
               source.text.find(".t") != std::string::npos;  // an archive, perhaps
      });
    }
    if (step.instruction->keyword != Keyword::run) return false;
    return !step.script || step.script->opaque || any_may_change(site, step.script->commands, place);
  }

  bool any_may_change(const Site& site, std::span<const ShellCommand> commands, const std::string& place) {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const bool own = site.step.script && commands.data() == site.step.script->commands.data();
      const auto found = own ? found_.find(std::pair(&site.step, i)) : found_.end();
      if (found == found_.end() ? may_change(*site.step.script, commands[i], place)
                                : std::ranges::any_of(found->second.commands, [&](const ScriptCommand& each) {
                                    return may_change(*site.step.script, *each.command, place);
                                  }))
        return true;
    }
    return false;
  }

  bool may_change(const Script& script, const ShellCommand& command, const std::string& place) {
    if (++judged_ > most_judged) return true;
    const auto& facts = file_.facts();
    Effects effects;
    const auto* row = facts.unix_command(command.name());
    // A tool, or a build, makes files of its own.
    const bool builds = command.use != nullptr || runs_no_tool(command) || other_effects(script, command) ||
                        runs_read_commands(script, command) || is_sourcing(command) ||
                        (row != nullptr && row->anything && (row->builds || row->bystander));
    if (builds) add_surroundings(effects, command);
    else effects = unix_effects(facts, command);
    if (effects.makes_directories) return false;
    for (const auto* affected : {&effects.writes, &effects.changes, &effects.removes}) {
      if (affected->anything) return true;
      for (const auto& each : affected->paths)
        if (path_is_under(place, without_wildcards(each.path))) return true;
    }
    return false;
  }

  const Dockerfile& file_;
  Scripts found_;
  std::size_t scripts_ = 0, bytes_ = 0, commands_ = 0, looked_at_ = 0, assignments_ = 0, judged_ = 0;
};

// The bytes that they take, about.
std::size_t size_of(const Scripts& scripts) {
  constexpr std::size_t of_command = 1024;
  std::size_t size = 0;
  for (const auto& [place, script] : scripts)
    for (const auto& each : script.scripts) size += of_command * (each.commands.size() + 1);
  return size;
}

// Whether nothing but what the tables know may run.
bool is_known(const Facts& facts, const ShellCommand& command) {
  const auto* use = command.use;
  if (use != nullptr) return use->action->stores_results_in.empty();
  return command.words.empty() || facts.is_bystander(command.name()) || facts.is_printing(command.name()) ||
         runs_no_tool(command);
}

}  // namespace

std::vector<std::string> scripts_named_by(const ShellCommand& command) {
  std::vector<std::string> paths;
  if (command.use == nullptr && is_make(command)) {
    if (!command.directory.is_known()) return paths;
    for (const auto& path : makefiles_of(command)) paths.push_back(resolve_path(command.directory.text, path));
  } else if (const auto word = script_word(command)) {
    if (auto path = path_of(command, command.words[*word])) paths.push_back(*std::move(path));
  }
  return paths;
}

std::shared_ptr<const ContextScript> context_script(const Site& site, const ShellCommand& command) {
  if (command.use != nullptr || command.words.empty() || !site.step.script || !site.context().is_known())
    return nullptr;
  if (!is_make(command) && !script_word(command)) return nullptr;
  // What a script starts itself is among its commands.
  const auto& commands = site.step.script->commands;
  const auto* first = commands.data();
  if (std::less<>()(&command, first) || !std::less<>()(&command, first + commands.size())) return nullptr;
  const auto all = site.file.answer(
      "scripts that RUNs start", [&] { return Reader(site.file).read(); }, size_of);
  const auto found = all->find(std::pair(&site.step, static_cast<std::size_t>(&command - first)));
  return found == all->end() ? nullptr : std::shared_ptr<const ContextScript>(all, &found->second);
}

void for_each_use(const Site& site, const UseVisitor& visit) {
  if (!site.step.script) return;
  for (const auto& use : site.uses()) visit(use, *use.command, {});
  for (const auto& command : site.step.script->commands)
    if (const auto script = context_script(site, command))
      for (const auto& each : script->commands)
        if (each.command->use != nullptr) visit(*each.command->use, command, each.place);
}

std::shared_ptr<const ContextScript> known_context_script(const Site& site, const ShellCommand& command) {
  auto script = context_script(site, command);
  const auto known = [&](const ScriptCommand& each) { return is_known(site.file.facts(), *each.command); };
  return script && std::ranges::all_of(script->commands, known) ? script : nullptr;
}

}  // namespace dockhew::inline ecosystems
