// Fires on a line that was meant as an instruction and continues the one above it, whose last line ends with `\`: its
// words are arguments there. `rm -rf /cache \` and `RUN mkdir /data` below it remove `/data`.
#include <algorithm>
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
// that of the instruction that it is in, with something behind it.
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

// Takes the `\` away, and the blanks before it.
Fix end_instruction(const Dockerfile& file, const Instruction& instruction, Span word) {
  const auto source = file.source();
  Fix fix;
  fix.title = "end the instruction above";
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back({"meant-as-instruction", "the line is meant as an instruction of its own"});
  const auto escape = source.substr(0, word.begin).rfind(file.document().escape());
  const auto end = escape == source.npos ? escape : source.find_last_not_of(" \t", escape - 1);
  if (end == source.npos || end < instruction.keyword_span.end)
    return decline(fix, "it is not known where the instruction above ends");
  fix.edits = {{{static_cast<std::uint32_t>(end + 1), static_cast<std::uint32_t>(escape + 1)}, ""}};
  return fix;
}

void report_word(const Dockerfile& file, const Instruction& instruction, Span word, const ShellCommand* command,
                 Report& report) {
  const LineIndex lines(file.source());
  const auto name = std::string(slice(file.source(), word));
  const auto escape = std::string(1, file.document().escape());
  const bool program = command != nullptr && command->words.front().raw == name;
  const auto taken = program ? "the shell looks for a program called `" + name + "`, and the build fails"
                     : command != nullptr
                         ? '`' + name + "` and what follows are arguments of `" + command->name() + "`"
                         : '`' + name + "` and what follows are arguments of `" + instruction.word + "`";
  auto& finding = report.add(word, "this line continues the instruction of line " +
                                       std::to_string(lines.line(instruction.span.begin)) + ", because a `" + escape +
                                       "` ends the line before it, so " + taken + "; remove the `" + escape + "`");
  finding.build_goes_on = !program;
  if (!program) finding.fixes.push_back(end_instruction(file, instruction, word));
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    const auto& script = *step.script;
    if (script.from_heredoc || step.instruction->json) return;
    for (const auto& command : script.commands) {
      if (command.nested) continue;
      for (const auto& word : command.words) {
        if (find_keyword(word.raw) == Keyword::unknown) continue;
        const auto place = script.to_source(word.span);
        if (looks_like_instruction(file, *step.instruction, place))
          return report_word(file, *step.instruction, place, &command, report);
      }
    }
  });
  for (const auto& instruction : file.instructions()) {
    constexpr Keyword others[] = {Keyword::healthcheck, Keyword::onbuild, Keyword::run};
    if (instruction.json || std::ranges::find(others, instruction.keyword) != std::end(others)) continue;
    const auto swallowed = std::ranges::find_if(instruction.arguments, [&](const Argument& argument) {
      return looks_like_instruction(file, instruction, argument.span);
    });
    if (swallowed != instruction.arguments.end()) report_word(file, instruction, swallowed->span, nullptr, report);
  }
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
