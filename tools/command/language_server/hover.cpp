#include "language_server/hover.hpp"

#include <fmt/format.h>

#include "language_server/instruction_guide.hpp"
#include "language_server/names.hpp"
#include "model/runs.hpp"
#include "report/result.hpp"

namespace dockhew::cli {
namespace {

struct Told {
  std::string text;  // Markdown
  Span span;         // what it is about
};

// Markdown cannot be misled by what stands in a Dockerfile as long as that is code, without a backtick.
std::string code(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string plain;
  for (const char c : text.substr(0, longest)) plain += c == '`' ? '\'' : c == '\n' || c == '\r' ? ' ' : c;
  return "`" + plain + (text.size() > longest ? "…`" : "`");
}

std::uint32_t line_of(const Snapshot& snapshot, Span span) { return snapshot.positions.line(span.begin) + 1; }

std::string about_fix(const Fix& fix) {
  if (!fix.declined.empty()) return "\n\n*No fix*: " + fix.declined;
  auto text = fmt::format("\n\n*Fix ({})*: {}", to_string(fix.applicability), fix.title);
  for (const auto& assumption : fix.assumptions) text += "\n- assumed: " + assumption.sentence;
  for (const auto& check : fix.checklist) text += "\n- look whether " + check;
  return text;
}

std::string about_finding(const Finding& finding) {
  const auto& rule = *finding.rule;
  auto text = fmt::format("**{}** ({}): {}", rule.id, to_string(finding.severity), finding.message);
  for (const auto& fix : finding.fixes) text += about_fix(fix);
  if (!rule.rationale.empty()) text.append("\n\n").append(rule.rationale);
  return text + fmt::format("\n\n[{}]({})", rule.id, rule_url(rule.id));
}

std::string image_words(const Stage& stage) {
  if (stage.scratch) return "an empty image";
  if (!stage.base.is_known()) return "an image whose name is known only when it is built";
  auto text = code(stage.base.text);
  if (stage.base_from_argument) text += ", the default of a build argument";
  if (!stage.image) return text + ", of which the tables know nothing";
  const auto& image = *stage.image;
  if (!image.distribution.empty())
    text += ", " + image.distribution + (image.release.empty() ? "" : " " + image.release);
  if (!image.entry->language.empty())
    text += ", " + std::string(image.entry->language) + (image.version.empty() ? "" : " " + image.version);
  return text;
}

// "stage `build` ← stage `base` ← `golang:1.22`, debian bookworm, go 1.22"
std::string about_stage(const Snapshot& snapshot, const Stage& stage) {
  std::string text;
  const Stage* last = &stage;
  for (const auto* each : chain_of(*snapshot.file, stage)) {
    last = each;
    text += fmt::format("{}stage {} (line {})", text.empty() ? "" : " ← ",
                        each->name.empty() ? std::to_string(each->index) : code(each->name),
                        line_of(snapshot, each->from->span));
  }
  text += " ← " + image_words(*last);
  if (stage.user.is_known() && !stage.user.text.empty()) text += "\n- user at its end: " + code(stage.user.text);
  if (stage.workdir.is_known()) text += "\n- directory at its end: " + code(stage.workdir.text);
  return text;
}

std::string about_variable(const Snapshot& snapshot, const VariableName& variable, std::uint32_t offset) {
  const auto& file = *snapshot.file;
  const auto place = place_at(file, offset);
  const auto value = value_at(file, place, variable, offset);
  auto text = code(variable.name);
  if (value.is_known()) text += " is " + (value.text.empty() ? std::string("empty") : code(value.text));
  else text += value.is_unknown() ? " has a value that is known only when it is built" : " is not set here";
  const auto definitions = definitions_of(file, place, variable);
  for (const auto& definition : definitions)
    text += fmt::format("\n- {}, line {}", keyword_name(definition.instruction->keyword),
                        line_of(snapshot, definition.span));
  const bool is_argument = !definitions.empty() && definitions.front().instruction->keyword == Keyword::arg;
  if (value.is_known() && is_argument) text += "\n- the default, unless `--build-arg` says something else";
  return text;
}

// The base image of a FROM, where it is named.
std::optional<Told> about_base(const Snapshot& snapshot, const FilePlace& place, std::uint32_t offset) {
  if (place.stage == nullptr || place.instruction != place.stage->from || place.instruction->arguments.empty())
    return std::nullopt;
  const auto span = place.instruction->arguments[0].span;
  if (offset < span.begin || offset > span.end) return std::nullopt;
  return Told{about_stage(snapshot, *place.stage), span};
}

std::optional<Told> about_name(const Snapshot& snapshot, std::uint32_t offset) {
  const auto& file = *snapshot.file;
  if (const auto variable = variable_name_at(file, offset))
    return Told{about_variable(snapshot, *variable, offset), variable->span};
  if (const auto named = stage_name_at(file, offset)) return Told{about_stage(snapshot, *named->stage), named->span};
  const auto place = place_at(file, offset);
  if (auto base = about_base(snapshot, place, offset)) return base;
  if (place.instruction == nullptr || place.instruction->keyword == Keyword::unknown) return std::nullopt;
  const auto keyword = place.instruction->keyword;
  if (offset <= place.instruction->keyword_span.end) {
    const auto guide = guide_of(keyword);
    return Told{fmt::format("`{}`\n\n{}.", guide.form, guide.meaning), place.instruction->keyword_span};
  }
  for (const auto& flag : place.instruction->flags)
    if (const auto meaning = flag_meaning(keyword, flag.name);
        flag.span.begin <= offset && offset <= flag.span.end && !meaning.empty())
      return Told{fmt::format("`--{}`: {}", flag.name, meaning), flag.span};
  return std::nullopt;
}

}  // namespace

Json hover_at(const Snapshot& snapshot, std::uint32_t offset, const Client& client) {
  std::string text;
  std::optional<Span> span;
  const auto add = [&](const std::string& more, Span about) {
    if (!text.empty()) text += "\n\n---\n\n";
    text += more;
    if (!span) span = about;
  };
  // The name is what the cursor is at; findings are often about much more.
  if (const auto named = about_name(snapshot, offset)) add(named->text, named->span);
  for (const auto& finding : snapshot.findings)
    if (is_at(finding, {offset, offset})) add(about_finding(finding), finding.span);
  if (!span) return {};
  return {{"contents", {{"kind", client.markdown ? "markdown" : "plaintext"}, {"value", text}}},
          {"range", snapshot.positions.range(*span)}};
}

}  // namespace dockhew::cli
