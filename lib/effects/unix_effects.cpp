#include "effects/unix_effects.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "effects/command_words.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

using Operation = std::span<const ShellWord>;

// Of a command of which only the user's tables know that its effects are files named by its operands.
constexpr UnixCommand user_plain = [] {
  UnixCommand row;
  row.operands = Operands::written;
  return row;
}();
constexpr UnixCommand user_printing = [] {
  UnixCommand row;
  row.operands = Operands::read;
  return row;
}();

void add_all(AffectedPaths& to, const ShellCommand& command, Operation words) {
  for (const auto& word : words) to.add(command, word);
}

// The names under which files are put into a directory; nothing where they cannot be told: `src/*`, `.`, `$FILE`.
std::vector<std::string> names_of(Operation files) {
  std::vector<std::string> names;
  for (const auto& word : files) {
    const auto cleaned = word.value.is_known() ? clean_path(word.text()) : std::string();
    const auto name = path_basename(cleaned);
    const bool pattern = word.raw.find_first_of("*?[") != word.raw.npos;
    const bool contents = word.raw.ends_with('/');  // rsync copies what is in it
    if (pattern || contents || name.empty() || name == "." || name == ".." || name == "/") return {};
    names.emplace_back(name);
  }
  return names;
}

// `cp a b /opt/` makes /opt/a and /opt/b and nothing else there; what `cp a /opt` makes depends on what is there.
void add_destination(Effects& effects, const ShellCommand& command, Operation sources, const ShellWord& destination,
                     bool is_directory) {
  AffectedPaths target;
  target.add(command, destination);
  const auto names = is_directory ? names_of(sources) : std::vector<std::string>();
  if (names.empty() || target.paths.empty()) return effects.writes.add(target);
  for (const auto& name : names)
    effects.writes.paths.push_back({clean_path(target.paths[0].path + '/' + name), destination.span, {}});
}

// The operands of cp, mv and install.
void add_copies(Effects& effects, const ShellCommand& command, const CommandWords& words, bool moves) {
  Operation sources = words.operands;
  if (words.into.empty() && !sources.empty()) sources = sources.first(sources.size() - 1);
  add_all(effects.reads, command, sources);
  if (moves) add_all(effects.removes, command, sources);
  if (!words.into.empty()) return add_destination(effects, command, sources, words.into.back(), true);
  if (words.operands.empty()) return;
  const auto& destination = words.operands.back();
  add_destination(effects, command, sources, destination, destination.raw.ends_with('/'));
}

// What a symbolic link points to counts from where the link lies.
ShellWord link_target(const ShellWord& target, const ShellWord& link) {
  const bool relative = target.value.is_known() && !target.text().starts_with('/') && !target.raw.starts_with('~');
  if (!relative || !link.value.is_known()) return target;
  auto result = target;
  const auto directory = link.raw.ends_with('/') ? link.text() : std::string(path_parent(link.text()));
  result.value.text = directory + '/' + target.text();
  return result;
}

void add_links(Effects& effects, const ShellCommand& command, const CommandWords& words) {
  if (words.into.empty() && words.operands.size() == 1) {
    effects.reads.add(command, words.operands[0]);
    const auto names = names_of(words.operands);
    ShellWord here{words.operands[0].span, Value::known(names.empty() ? "." : names[0]), "."};
    return effects.writes.add(command, here);
  }
  if (words.operands.empty()) return;
  const bool into = !words.into.empty();
  const auto targets = Operation(words.operands).first(words.operands.size() - (into ? 0 : 1));
  const auto& link = into ? words.into.back() : words.operands.back();
  const bool symbolic = words.has("-s") || words.has("--symbolic");
  for (const auto& target : targets) effects.reads.add(command, symbolic ? link_target(target, link) : target);
  add_destination(effects, command, targets, link, into || link.raw.ends_with('/'));
}

// `a.gz` for `a` and the other way round. How a file is called that has no such ending yet is for the options to say.
void add_packed(Effects& effects, const ShellCommand& command, const CommandWords& words) {
  constexpr std::array<std::string_view, 6> endings = {".bz2", ".gz", ".lzma", ".tgz", ".xz", ".zst"};
  add_all(effects.reads, command, words.operands);
  if (!words.has("-k") && !words.has("--keep")) add_all(effects.removes, command, words.operands);
  AffectedPaths packed;
  add_all(packed, command, words.operands);
  effects.writes.anything |= packed.anything;
  for (auto& file : packed.paths) {
    const auto ending = std::ranges::find_if(endings, [&](auto each) { return file.path.ends_with(each); });
    if (ending == endings.end()) file.path += ".*";
    else file.path.resize(file.path.size() - ending->size());
    effects.writes.paths.push_back(std::move(file));
  }
}

Value directory_of(const ShellCommand& command) {
  return command.directory.is_known() ? Value::known(command.directory.text) : Value::unknown();
}

// The directory that a command writes into, where an option or the working directory says so.
void add_into(AffectedPaths& to, const ShellCommand& command, const CommandWords& words) {
  if (words.into.empty()) to.add(command, ShellWord{command.span, directory_of(command), "."});
  else add_all(to, command, words.into);
}

void add_archive(Effects& effects, const ShellCommand& command, const CommandWords& words) {
  const bool extracts = words.has("-x") || words.has("--extract") || words.has("--get");
  const bool creates = words.has("-c") || words.has("--create");
  const bool lists = words.has("-t") || words.has("--list");
  if (creates) {
    // Operands count from the last directory that was named before them.
    if (words.into.size() > 1) effects.reads.anything = true;
    auto from = command;
    if (words.into.size() == 1) {
      const auto path = path_of(command, words.into[0]);
      from.directory = path ? Value::known(*path) : Value::unknown();
    }
    add_all(effects.reads, from, words.operands);
    return add_all(effects.writes, command, words.archives);
  }
  add_all(effects.reads, command, words.archives);
  if (extracts && (words.has("-O") || words.has("--to-stdout"))) return;
  if (extracts) return add_into(effects.writes, command, words);
  if (!lists) effects.writes.anything = effects.changes.anything = true;
}

// Where find starts to search: what stands before the first test.
std::vector<ShellWord> find_roots(const ShellCommand& command) {
  std::vector<ShellWord> roots;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw == "-L" || raw == "-H" || raw == "-P") continue;
    if (raw.starts_with('-') || raw == "!" || raw == "(" || raw == "\\(") break;
    roots.push_back(command.words[i]);
  }
  if (roots.empty()) roots.push_back({command.span, directory_of(command), "."});
  return roots;
}

bool starts_command(std::string_view option) {
  return option == "-exec" || option == "-execdir" || option == "-ok" || option == "-okdir";
}

// The commands that find starts, with `root` in place of what it found.
std::vector<ShellCommand> started_commands(const ShellCommand& command, const ShellWord& root) {
  std::vector<ShellCommand> started;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    if (!starts_command(command.words[i].raw)) continue;
    ShellCommand next;
    next.span = command.span;
    next.directory = command.words[i].raw.ends_with("dir") ? Value::unknown() : command.directory;
    for (++i; i < command.words.size(); ++i) {
      const std::string_view raw = command.words[i].raw;
      if (raw == ";" || raw == "\\;" || raw == "';'" || raw == "\";\"" || raw == "+") break;
      next.words.push_back(raw == "{}" || raw == "'{}'" || raw == "\"{}\"" ? root : command.words[i]);
    }
    next.find_name();
    started.push_back(std::move(next));
  }
  return started;
}

// What was found is there already, so who would make it only changes it.
void add_started(const Facts& facts, Effects& effects, const ShellCommand& started, const AffectedPaths& root) {
  auto found = unix_effects(facts, started);
  std::erase_if(found.writes.paths, [&](AffectedPath& made) {
    const bool is_root = !root.paths.empty() && made.path == root.paths[0].path;
    if (is_root) found.changes.paths.push_back(std::move(made));
    return is_root;
  });
  effects.add(found);
}

void add_found(const Facts& facts, Effects& effects, const ShellCommand& command) {
  for (auto root : find_roots(command)) {
    AffectedPaths searched;
    searched.add(command, root);
    effects.reads.add(searched);
    if (command.has_word("-delete")) effects.removes.add(searched);
    if (!searched.paths.empty() && !searched.paths[0].path.starts_with('~'))
      root.value = Value::known(searched.paths[0].path), root.raw = root.value.text + "/*";  // by any name
    for (const auto& started : started_commands(command, root)) add_started(facts, effects, started, searched);
  }
  for (std::size_t i = 1; i + 1 < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw == "-fprint" || raw == "-fprint0" || raw == "-fprintf" || raw == "-fls")
      effects.writes.add(command, command.words[i + 1]);
  }
}

// The directory that `git clone` makes when it is told of none.
ShellWord clone_directory(const ShellWord& address) {
  auto directory = address;
  auto text = std::string_view(address.text());
  if (text.ends_with('/')) text.remove_suffix(1);
  if (text.ends_with(".git")) text.remove_suffix(4);
  const auto name = text.substr(text.find_last_of("/:") + 1);
  directory.value = name.empty() ? Value::unknown() : Value::known(std::string(name));
  directory.raw = directory.value.text;
  return directory;
}

void add_git(Effects& effects, const ShellCommand& command, const CommandWords& words) {
  constexpr std::array<std::string_view, 9> looking = {"describe",  "diff",     "log",  "ls-files", "ls-remote",
                                                       "rev-parse", "rev-list", "show", "status"};
  auto place = command;
  if (!words.into.empty()) {
    const auto path = path_of(command, words.into.back());
    place.directory = path ? Value::known(*path) : Value::unknown();
  }
  const Operation operands = words.operands;
  const auto is = [&](std::string_view action) { return !operands.empty() && operands[0].value.is(action); };
  ShellWord home{command.span, Value::known("~/.gitconfig"), "~/.gitconfig"};
  ShellWord system{command.span, Value::known("/etc/gitconfig"), "/etc/gitconfig"};
  if (is("config") && words.has("--global")) return effects.writes.add(place, home);
  if (is("config") && words.has("--system")) return effects.writes.add(place, system);
  if (is("clone") && operands.size() > 1)
    return effects.writes.add(place, operands.size() > 2 ? operands[2] : clone_directory(operands[1]));
  if (operands.empty()) return;  // `git --version`
  const ShellWord here{command.span, directory_of(place), "."};
  effects.reads.add(place, here);
  if (std::ranges::none_of(looking, is)) effects.changes.add(place, here), effects.writes.add(place, here);
}

void add_assignments(Effects& effects, const ShellCommand& command, const CommandWords& words) {
  for (const auto& word : words.operands) {
    if (word.raw.starts_with("if=")) effects.reads.add(command, without_prefix(word, 3));
    if (word.raw.starts_with("of=")) effects.writes.add(command, without_prefix(word, 3));
  }
}

void add_tested(Effects& effects, const ShellCommand& command) {
  constexpr std::string_view of_files = "bcdefghkprsuwxGLNOS";
  for (std::size_t i = 1; i + 1 < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw.size() == 2 && raw[0] == '-' && of_files.find(raw[1]) != of_files.npos)
      effects.reads.add(command, command.words[i + 1]);
    if (raw == "-nt" || raw == "-ot" || raw == "-ef")
      effects.reads.add(command, command.words[i - 1]), effects.reads.add(command, command.words[i + 1]);
  }
}

// The first operand and what gets it.
void add_attributes(AffectedPaths& to, const ShellCommand& command, const CommandWords& words, bool is_group) {
  Operation operands = words.operands;
  std::string text;
  if (!words.has("--reference") && !operands.empty()) {
    if (operands[0].value.is_known()) text = (is_group ? ":" : "") + operands[0].text();
    operands = operands.subspan(1);
  }
  for (const auto& operand : operands) to.add(command, operand, text);
}

// Mode and owner that options give to what the command makes.
void add_attributes_of_made(Effects& effects, const CommandWords& words) {
  for (const auto& made : effects.writes.paths) {
    if (!words.mode.empty()) effects.modes.paths.push_back({made.path, made.span, words.mode});
    if (!words.owner.empty()) effects.owners.paths.push_back({made.path, made.span, words.owner});
  }
}

void add_operands(const Facts& facts, Effects& effects, const UnixCommand& row, const ShellCommand& command,
                  const CommandWords& words) {
  const auto all = [&](AffectedPaths& to) { add_all(to, command, words.operands); };
  if (words.has_any(row.reading_options)) return all(effects.reads);
  if (words.has_any(row.directory_options)) return effects.makes_directories = true, all(effects.writes);
  if (words.has_any(row.in_place_options)) return all(effects.reads), all(effects.changes);
  switch (row.operands) {
    case Operands::none: return;
    case Operands::read: return all(effects.reads);
    case Operands::written: effects.makes_directories = command.name() == "mkdir"; return all(effects.writes);
    case Operands::changed:
      all(effects.reads);
      if (words.written.empty()) all(effects.changes);
      return;
    case Operands::removed: return all(effects.removes);
    case Operands::packed: return add_packed(effects, command, words);
    case Operands::copied: return add_copies(effects, command, words, false);
    case Operands::moved: return add_copies(effects, command, words, true);
    case Operands::linked: return add_links(effects, command, words);
    case Operands::moded: return add_attributes(effects.modes, command, words, false);
    case Operands::owned: return add_attributes(effects.owners, command, words, command.name() == "chgrp");
    case Operands::archived: return add_archive(effects, command, words);
    case Operands::searched: return add_found(facts, effects, command);
    case Operands::cloned: return add_git(effects, command, words);
    case Operands::assignments: return add_assignments(effects, command, words);
    case Operands::tested: return add_tested(effects, command);
  }
}

// Whether the working directory, or the one that an option names, is written into besides.
bool writes_into(const UnixCommand& row, const CommandWords& words) {
  if (words.has_any(row.reading_options)) return false;
  if (row.here) return words.written.empty() || !words.into.empty();
  if (words.has_any(row.here_options)) return true;
  const bool understood = row.operands == Operands::copied || row.operands == Operands::moved ||
                          row.operands == Operands::linked || row.operands == Operands::archived ||
                          row.operands == Operands::cloned;
  return !understood && !words.into.empty();
}

void add_row(const Facts& facts, Effects& effects, const UnixCommand& row, const ShellCommand& command) {
  if (row.anything) effects = unknown_effects();
  auto words = read_words(row, command);
  if (row.pattern && !words.has_any(row.pattern_options) && !words.operands.empty())
    words.operands.erase(words.operands.begin());
  add_all(effects.reads, command, words.read);
  add_operands(facts, effects, row, command, words);
  add_attributes_of_made(effects, words);
  add_all(effects.writes, command, words.written);
  if (writes_into(row, words)) add_into(effects.writes, command, words);
  for (const auto& path : row.writes) effects.writes.paths.push_back({std::string(path), command.span, {}});
  effects.changes_shell = row.shell;
}

const UnixCommand* row_of(const Facts& facts, const std::string& name) {
  if (const auto* row = facts.unix_command(name)) return row;
  if (facts.is_printing(name)) return &user_printing;
  return facts.is_plain(name) ? &user_plain : nullptr;
}

}  // namespace

namespace {

// `pry --version`: a program of the image tells something of itself. What a file of the source does then, only it
// knows.
bool asks_about_program(const ShellCommand& command) {
  constexpr std::string_view questions[] = {"--help", "--version", "-version"};
  return command.words.size() == 2 && command.words[0].value.is_known() &&
         command.words[0].text().find('/') == std::string::npos &&
         std::ranges::find(questions, command.words[1].raw) != std::end(questions);
}

}  // namespace

bool only_reads(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  if (!asks_about_program(command) && (row == nullptr || row->anything || row->builds || row->shell || row->accounts))
    return false;
  auto effects = unix_effects(facts, command);
  const auto changes_nothing = [](const AffectedPaths& paths) {
    return !paths.may_be_anywhere() && std::ranges::all_of(paths.paths, [](const AffectedPath& affected) {
      return affected.path.starts_with("/dev/");
    });
  };
  return changes_nothing(effects.writes) && changes_nothing(effects.changes) && changes_nothing(effects.removes) &&
         changes_nothing(effects.modes) && changes_nothing(effects.owners);
}

bool has_operands(const Facts& facts, const ShellCommand& command, std::initializer_list<Operands> any_of) {
  const auto* row = facts.unix_command(command.name());
  return row != nullptr && std::ranges::find(any_of, row->operands) != any_of.end();
}

bool is_waiting(std::span<const std::string_view> words) {
  constexpr std::string_view shells[] = {"ash", "bash", "dash", "sh", "zsh"};
  if (words.empty()) return false;
  const auto name = path_basename(words.front());
  // `bash --login`, `sh -i`
  const bool told_nothing = std::ranges::all_of(words.subspan(1), [](std::string_view word) {
    return word == "--login" || (word.starts_with('-') && word.find_first_not_of("ils", 1) == word.npos);
  });
  return (told_nothing && std::ranges::find(shells, name) != std::end(shells)) || name == "sleep" || name == "tail";
}

bool runs_read_commands(const Script& script, const ShellCommand& command) {
  constexpr std::string_view shells[] = {"ash", "bash", "dash", "sh"};
  constexpr std::string_view options[] = {"-c", "-ec", "-ce", "-exc", "-lc", "-xc"};
  if (command.words.size() != 3 || std::ranges::find(shells, command.name()) == std::end(shells)) return false;
  const auto& text = command.words[2];
  if (std::ranges::find(options, command.words[1].raw) == std::end(options) || !text.value.is_known()) return false;
  return parse_shell(text.text()).errors.empty() && std::ranges::any_of(script.commands, [&](const ShellCommand& each) {
           return each.nested && each.element == command.element && each.span.begin == text.span.begin;
         });
}

bool is_sourcing(const ShellCommand& command) { return command.name() == "." || command.name() == "source"; }

void add_program(Effects& effects, const ShellCommand& command) {
  const bool named = !command.words.empty() && command.words[0].value.is_known() &&
                     command.words[0].text().find('/') != std::string::npos;
  if (named) effects.reads.add(command, command.words[0]);
}

void add_surroundings(Effects& effects, const ShellCommand& command) {
  add_program(effects, command);
  for (const auto& redirect : command.redirects) {
    const auto& operation = redirect.operation;
    if (operation.starts_with("<<")) continue;  // the text stands in the script
    const bool duplicates = operation.starts_with(">&") || operation.starts_with("<&");
    if (duplicates && redirect.target.raw.find_first_not_of("0123456789-") == redirect.target.raw.npos) continue;
    if (operation.starts_with('<')) effects.reads.add(command, redirect.target);
    if (!operation.starts_with('<') || operation == "<>") effects.writes.add(command, redirect.target);
  }
}

Effects unix_effects(const Facts& facts, const ShellCommand& command) {
  Effects effects;
  if (command.words.empty()) {
    effects.changes_shell = !command.assignments.empty();
  } else if (asks_about_program(command)) {
    // It changes nothing, and reads no file but itself.
  } else if (const auto* row = row_of(facts, command.name())) {
    add_row(facts, effects, *row, command);
  } else {
    effects = unknown_effects();
  }
  add_surroundings(effects, command);
  return effects;
}

bool is_settled(const Facts& facts, const ShellCommand& command) {
  if (command.words.empty()) return true;
  const auto& name = command.name();
  const auto* row = facts.unix_command(name);
  if (row == nullptr || !row->settled) return facts.is_plain(name) || facts.is_printing(name);
  return row->operands != Operands::searched ||
         std::ranges::all_of(started_commands(command, {}),
                             [&](const ShellCommand& started) { return is_settled(facts, started); });
}

Searched searched_by(const ShellCommand& find) { return {find_roots(find), started_commands(find, {})}; }

bool feeds_removal(const Facts& facts, const Script& script, const ShellCommand& find) {
  const auto removes = [&](const ShellWord& word) {
    const auto* row = word.value.is_known() ? facts.unix_command(word.text()) : nullptr;
    return row != nullptr && row->operands == Operands::removed;
  };
  const auto next = std::ranges::find_if(script.commands, [&](const ShellCommand& other) {
    return other.span.begin > find.span.begin && other.element == find.element;
  });
  return find.piped && next != script.commands.end() && next->name() == "xargs" &&
         std::ranges::any_of(next->words, removes);
}

bool starts_no_tool(const Facts& facts, const ShellCommand& command) {
  constexpr std::string_view questions[] = {"--help", "--version", "-V", "-version"};
  if (command.words.empty()) return true;
  if (command.words.size() == 2 && std::ranges::find(questions, command.words[1].raw) != std::end(questions))
    return true;
  if (has_operands(facts, command, {Operands::searched}))
    return std::ranges::all_of(started_commands(command, {}),
                               [&](const ShellCommand& started) { return starts_no_tool(facts, started); });
  if (command.name() != "xargs") return facts.is_bystander(command.name());
  constexpr std::string_view with_value[] = {"-I", "-L", "-P", "-d", "-n"};
  std::size_t i = 1;
  for (; i < command.words.size() && command.words[i].raw.starts_with('-'); ++i)
    if (std::ranges::find(with_value, command.words[i].raw) != std::end(with_value)) ++i;
  return i >= command.words.size() ||
         (command.words[i].value.is_known() && facts.is_bystander(path_basename(command.words[i].text())));
}

bool is_recursive(const ShellCommand& command) {
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    const std::string_view raw = word.raw;
    return raw == "--recursive" || (raw.starts_with('-') && !raw.starts_with("--") && raw.find('R') != raw.npos);
  });
}

}  // namespace dockhew::inline effects
