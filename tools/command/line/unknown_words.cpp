#include "line/unknown_words.hpp"

#include <algorithm>
#include <filesystem>

#include "text/edit_distance.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

// Who knows one command types its options at another, which does the same by another name.
struct Counterpart {
  std::string_view option, command, instead;
};
constexpr Counterpart counterparts[] = {
    {"write", "lint", "lint has `--fix`"},
    {"safe", "lint", "`lint --fix` applies nothing else"},
    {"conditional", "lint", "`lint --fix` applies only what is safe"},
    {"fix", "optimize", "optimize has `--write`"},
    {"fail-on", "optimize", "optimize exits with 1 where there is anything to improve"},
    {"no-color", "lint", "it has `--color never`"},
    // Of other linters.
    {"disable", "lint", "it has `--ignore`"},
    {"skip", "lint", "it has `--ignore`"},
    {"except", "lint", "it has `--ignore`"},
    {"extend-ignore", "lint", "it has `--ignore`"},
    {"enable", "lint", "it has `--select`"},
    {"only", "lint", "it has `--select`"},
    {"rule", "lint", "it has `--select`"},
    {"extend-select", "lint", "it has `--select default,RULE`"},
    {"output-format", "lint", "it has `--format`"},
    {"quiet", "lint", "it has `--format concise`, one line for each finding"},
    {"exit-zero", "lint", "it has `--fail-on never`"},
    {"diff", "lint", "`dockhew optimize` shows what it would change"},
    {"dry-run", "lint", "it changes nothing without `--fix`"},
    {"unsafe-fixes", "lint", "`--fix` applies only what is safe; `dockhew optimize` shows the rest"},
    {"fix-unsafe", "lint", "`--fix` applies only what is safe; `dockhew optimize` shows the rest"},
    {"diff", "optimize", "a diff is what it prints"},
    {"dry-run", "optimize", "it changes nothing without `--write`"},
    {"check", "optimize", "without `--write` it changes nothing, and exits with 1 where there is anything to improve"},
    {"in-place", "optimize", "it has `--write`"},
    {"no-fail", "lint", "it has `--fail-on never`"},
    {"failure-threshold", "lint", "it has `--fail-on`"},
    {"write", "layers", "`dockhew optimize --write` changes the file"},
    {"write", "verify", "`dockhew optimize --write` changes the file"},
    {"output", "layers", "layers has `--html`"},
    {"output", "verify", "verify has `--html`"},
    {"format", "dump", "dump has `--as`"},
    {"json", "lint", "lint has `--format json`"},
    {"json", "layers", "layers has `--format json`"},
    {"json", "verify", "verify has `--format json`"},
    {"json", "doctor", "doctor has `--format json`"},
};

// What other linters call a command.
struct Synonym {
  std::string_view command, instead;
};
constexpr Synonym synonyms[] = {
    {"check", "`dockhew lint` checks"},
    {"analyze", "`dockhew lint` checks"},
    {"scan", "`dockhew lint` checks"},
    {"fix", "`dockhew lint --fix` fixes what is safe, `dockhew optimize --write` rewrites"},
    {"format", "`dockhew optimize` rewrites, and leaves the form of lines alone"},
    {"rule", "`dockhew explain` is about one rule, `dockhew rules` lists them"},
    {"server", "`dockhew lsp` is the language server"},
    {"version", "`dockhew --version` says it"},
    {"build", "`dockhew verify` builds, to compare"},
};

// A letter of another command for an option that this one has too: `-f` for hadolint's `--format`.
bool has_by_name(std::string_view command, std::string_view option) {
  return std::ranges::any_of(options_of(command), [&](const OptionRow* row) { return row->name == option; });
}

std::size_t edits_of(std::string_view word) { return std::max<std::size_t>(3, word.size() / 3 + 1); }

std::string_view counterpart(std::string_view option, std::string_view command) {
  for (const auto& each : counterparts)
    if (each.option == option && each.command == command) return each.instead;
  return {};
}

bool is_spelled(const OptionRow& row, const std::string& spelled) {
  return spelled == "--" + std::string(row.name) || (row.letter != 0 && spelled == std::string("-") + row.letter);
}

// "write" of "--write" and of "-w"; empty for a letter that no command of ours knows.
std::string name_of_option(const std::string& spelled) {
  if (spelled.starts_with("--")) return spelled.substr(2);
  for (const auto& row : option_rows())
    if (is_spelled(row, spelled)) return std::string(row.name);
  return {};
}

// "`optimize` and `verify`": the commands that have the option.
std::string commands_with(const std::string& spelled) {
  std::vector<std::string> names;
  for (const auto& command : command_rows())
    if (std::ranges::any_of(options_of(command.name), [&](const OptionRow* row) { return is_spelled(*row, spelled); }))
      names.emplace_back(command.name);
  return names.empty() ? "" : list_quoted(names, 4);
}

}  // namespace

std::string unknown_command(const std::string& name) {
  for (const auto& synonym : synonyms)
    if (synonym.command == name) return "there is no command `" + name + "`; " + std::string(synonym.instead);
  std::vector<std::string_view> names;
  for (const auto& command : command_rows()) names.push_back(command.name);
  const auto meant = nearest_word(name, names, edits_of(name));
  if (!meant.empty()) return "there is no command `" + name + "`; is `" + std::string(meant) + "` meant?";
  std::error_code error;
  if (std::filesystem::exists(name, error))
    return "there is no command `" + name + "`; `dockhew lint " + name +
           "` says what is wrong with it, `dockhew optimize " + name + "` how it could be better";
  return "there is no command `" + name + "`; `dockhew help` lists them";
}

std::string unknown_option(const CommandRow& command, const std::string& spelled) {
  const std::string owner(command.name);
  const auto name = name_of_option(spelled);
  if (const auto others = commands_with(spelled); !others.empty()) {
    const auto instead =
        has_by_name(owner, name) ? owner + " has `--" + name + "`" : std::string(counterpart(name, owner));
    return "`" + spelled + "` is an option of " + others + (instead.empty() ? ", and not of `" + owner + "`" : "") +
           (instead.empty() ? "" : "; " + instead);
  }
  if (const auto instead = counterpart(name, owner); !instead.empty())
    return owner + " has no option `" + spelled + "`; " + std::string(instead);
  std::vector<std::string_view> names;
  for (const auto* row : options_of(owner)) names.push_back(row->name);
  const auto meant = name.empty() ? std::string_view() : nearest_word(name, names, edits_of(name));
  return owner + " has no option `" + spelled + "`" +
         (meant.empty() ? "; `dockhew " + owner + " -h` lists them" : "; is `--" + std::string(meant) + "` meant?");
}

}  // namespace dockhew::cli
