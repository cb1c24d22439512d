// Fires on a line that was meant as an instruction and continues the one above it, whose last line ends with `\`: its
// words are arguments there. `rm -rf /cache \` and `RUN mkdir /data` below it remove `/data`.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

std::uint32_t line_begin(std::string_view source, std::uint32_t at) {
  return static_cast<std::uint32_t>(source.substr(0, at).rfind('\n') + 1);
}

// Whether the word is written like the beginning of an instruction: a keyword in upper case, as far to the right as
// that of the instruction that it is in, with something after it.
bool looks_like_instruction(const Dockerfile& file, const Instruction& instruction, Span word) {
  const auto source = file.source();
  const auto text = slice(source, word);
  const auto keyword = find_keyword(text);
  if (keyword == Keyword::unknown || text != keyword_name(keyword)) return false;
  const auto begin = line_begin(source, word.begin), own = line_begin(source, instruction.keyword_span.begin);
  return begin != own && word.begin - begin == instruction.keyword_span.begin - own &&
         trim_unicode(source.substr(begin, word.begin - begin)).empty() && word.end < source.size() &&
         (source[word.end] == ' ' || source[word.end] == '\t');
}

// The `\` at the end of the line that the word continues, with the blanks before it. Comments and empty lines between
// them belong to neither.
std::optional<Span> continuation_before(const Dockerfile& file, const LineIndex& lines, Span word) {
  for (auto line = lines.line(word.begin) - 1; line > 0; --line) {
    const auto text = trim_right_unicode(lines.line_text(line));
    if (text.empty() || trim_unicode(text).starts_with('#')) continue;
    if (text.back() != file.document().escape()) return std::nullopt;
    const auto kept = trim_right_unicode(text.substr(0, text.size() - 1)).size(),
               begin = std::size_t{lines.line_begin(line)};
    return Span{static_cast<std::uint32_t>(begin + kept), static_cast<std::uint32_t>(begin + text.size())};
  }
  return std::nullopt;
}

Fix end_instruction(const Dockerfile& file, const LineIndex& lines, Span word) {
  Fix fix;
  fix.title = "end the instruction above";
  const auto continuation = continuation_before(file, lines, word);
  if (!continuation) return decline(fix, "it is not known where the instruction above ends");
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back({"meant-as-instruction", "the line is meant as an instruction of its own"});
  fix.edits = {{*continuation, ""}};
  return fix;
}

// Goes through a file, whose lines are counted when the first such word is found.
class Search {
 public:
  Search(const Dockerfile& file, Report& report) : file_(file), report_(report) {}

  void look_at_run(const Step& step) {
    const auto& script = *step.script;
    if (script.from_heredoc || step.instruction->json) return;
    for (const auto& command : script.commands) {
      if (command.nested) continue;
      for (const auto& word : command.words) {
        if (find_keyword(word.raw) == Keyword::unknown) continue;
        const auto place = script.to_source(word.span);
        if (looks_like_instruction(file_, *step.instruction, place))
          return report_word(*step.instruction, place, &command);
      }
    }
  }

  void look_at(const Instruction& instruction) {
    constexpr Keyword others[] = {Keyword::healthcheck, Keyword::onbuild, Keyword::run};
    if (instruction.json || std::ranges::find(others, instruction.keyword) != std::end(others)) return;
    const auto swallowed = std::ranges::find_if(instruction.arguments, [&](const Argument& argument) {
      return looks_like_instruction(file_, instruction, argument.span);
    });
    if (swallowed != instruction.arguments.end()) report_word(instruction, swallowed->span, nullptr);
  }

 private:
  void report_word(const Instruction& instruction, Span word, const ShellCommand* command) {
    if (!lines_) lines_.emplace(file_.source());
    const auto name = std::string(slice(file_.source(), word));
    const auto escape = std::string(1, file_.document().escape());
    const bool program = command != nullptr && command->words.front().raw == name;
    const auto taken = program ? "the shell looks for a program called `" + name + "`, and the build fails"
                               : '`' + name + "` and what follows are arguments of `" +
                                     (command != nullptr ? command->name() : instruction.word) + '`';
    auto& finding =
        report_.add(word, "this line continues the instruction of line " +
                              std::to_string(lines_->line(instruction.span.begin)) + ", because a `" + escape +
                              "` ends the line before it, so " + taken + "; remove the `" + escape + '`');
    finding.build_goes_on = !program;
    if (!program) finding.fixes.push_back(end_instruction(file_, *lines_, word));
  }

  const Dockerfile& file_;
  Report& report_;
  std::optional<LineIndex> lines_;
};

void check(const Dockerfile& file, Report& report) {
  Search search(file, report);
  for_each_script(file, [&](const Stage&, const Step& step) { search.look_at_run(step); });
  for (const auto& instruction : file.instructions()) search.look_at(instruction);
}

}  // namespace

extern constinit const Rule swallowed_instruction = {
    .id = "swallowed-instruction",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a line that looks like an instruction continues the one above",
    .rationale = R"(A `\` at the end of a line makes the next one a part of the same instruction, also over comments and
empty lines. Where the last line of a RUN keeps its `\`, the instruction below it is not carried out: its words are
arguments of the command above, and `rm -rf /cache \` with `RUN mkdir /data` below it removes `/data`. After `&& \` the
shell looks for a program called `RUN`.

The rule looks for keywords in upper case in the column in which the instruction itself begins, outside of quotes and
heredocs.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
