#include "rewrite_notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "lint/rule.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

std::string counted(std::size_t number, std::string_view kind) {
  return fmt::format("{} {}{}", number, kind, number == 1 ? " change" : " changes");
}

std::string sum_of(const ChangeCounts& counts) {
  std::string text;
  const auto add = [&](std::size_t number, std::string_view kind) {
    if (number > 0)
      text += (text.empty() ? "" : ", ") + (text.empty() ? counted(number, kind) : fmt::format("{} {}", number, kind));
  };
  add(counts.safe, "safe");
  add(counts.conditional, "conditional");
  add(counts.unsafe, "unsafe");
  return text;
}

// As a shell reads it: most words as they are.
std::string shell_word(const std::string& word) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-=:,@%+";
  return word.empty() || word.find_first_not_of(plain) != word.npos ? quoted_for_shell(word) : word;
}

// Options that say how this run works and looks; each has a value. And those that are said anew.
constexpr std::string_view about_this_run[] = {"--jobs", "-j", "--color", "--format"};
constexpr std::string_view how_much_is_taken[] = {"--safe", "--conditional", "--unsafe", "-w", "--write"};

}  // namespace

void ChangeCounts::add(const std::vector<AppliedFix>& fixes) {
  for (const auto& fix : fixes)
    if (fix.applicability != Applicability::display_only)
      ++(fix.applicability == Applicability::safe          ? safe
         : fix.applicability == Applicability::conditional ? conditional
                                                           : unsafe);
}

void ChangeCounts::add(const ChangeCounts& more) {
  safe += more.safe;
  conditional += more.conditional;
  unsafe += more.unsafe;
}

std::string writing_command(const Options& options, const std::string& how_much) {
  std::string text = "dockhew optimize --write" + (how_much.empty() ? "" : " " + how_much);
  bool skips = false;
  for (const auto& word : options.words) {
    const auto is_one_of = [&](std::span<const std::string_view> names) {
      return std::ranges::any_of(names, [&](std::string_view name) {
        return word == name || (word.starts_with(name) && word[name.size()] == '=');
      });
    };
    const bool is_value = std::exchange(skips, is_one_of(about_this_run) && word.find('=') == word.npos);
    if (!is_value && !is_one_of(about_this_run) && !is_one_of(how_much_is_taken)) text += ' ' + shell_word(word);
  }
  return text;
}

std::string how_to_take(const Options& options, const ChangeCounts& shown, const ChangeCounts& alone,
                        bool takes_unsafe) {
  if (std::ranges::find(options.operands, "-") != options.operands.end()) return {};
  const auto limit = options.least == Applicability::safe          ? "--safe"
                     : options.least == Applicability::conditional ? "--conditional"
                     : options.least == Applicability::unsafe      ? "--unsafe"
                                                                   : "";
  std::vector<std::pair<std::string, std::string>> lines;
  const bool apart = !options.least && !takes_unsafe && shown.unsafe > 0;
  if (apart && alone.all() > 0)
    lines.emplace_back(writing_command(options, limit), "without what is unsafe: " + sum_of(alone));
  lines.emplace_back(
      writing_command(options, apart ? "--unsafe" : limit),
      shown.all() == 0 ? "the lines of the ignore file" : (lines.empty() ? "" : "all of it: ") + sum_of(shown));
  std::size_t width = 0;
  for (const auto& line : lines) width = std::max(width, line.first.size());
  std::string text = "\nTo take this:\n";
  for (const auto& [command, what] : lines)
    text += fmt::format("  {:<{}}{}{}\n", escape_for_terminal(command), what.empty() ? 0 : width,
                        what.empty() ? "" : "  # ", what);
  return text;
}

std::string applied_notes(const std::string& path, const std::string& target, const Rewrite& rewrite) {
  const auto name = escape_for_terminal(path);
  std::string notes, checks;
  for (const auto& fix : rewrite.applied) {
    notes += fmt::format("{}:{}: {} [{}, {}]\n", name, fix.line, escape_for_terminal(fix.title), fix.rule->id,
                         to_string(fix.applicability));
    for (const auto& assumption : fix.assumptions)
      notes += fmt::format("  assuming {}: {}\n", assumption.id, escape_for_terminal(assumption.sentence));
    for (const auto& item : fix.checklist) checks += fmt::format("  check: {}\n", escape_for_terminal(item));
  }
  if (rewrite.applied.empty()) return notes;
  ChangeCounts counts;
  counts.add(rewrite.applied);
  return notes + fmt::format("{}: written with {}\n", escape_for_terminal(target), sum_of(counts)) + checks;
}

std::string left_notes(const Options& options, const std::string& path, const Rewrite& more) {
  std::string notes;
  for (const auto& fix : more.applied)
    if (fix.applicability == Applicability::unsafe)
      notes += fmt::format("{}: left as it is: {} [{}, unsafe]\n", escape_for_terminal(path),
                           escape_for_terminal(fix.title), fix.rule->id);
  if (!notes.empty() && options.output.empty())
    notes += fmt::format("  `{}` takes it; it changes the image by design, and says what to check\n",
                         escape_for_terminal(writing_command(options, "--unsafe")));
  else if (!notes.empty()) notes += "  `--unsafe` takes it; it changes the image by design, and says what to check\n";
  return notes;
}

}  // namespace dockhew::cli
