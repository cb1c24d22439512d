#include "report/document_json.hpp"

#include "text/json.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {
namespace {

// `node`: of the instruction in the line tree, whose lines are BuildKit's; a trigger has the lines of its ONBUILD.
Json instruction_json(const Document& document, const LineIndex& lines, const Instruction& instruction,
                      std::uint32_t node) {
  const auto span = instruction.span;
  const auto whole = document.lines().tree.nodes[node].span();
  Json out = {{"instruction", keyword_name(instruction.keyword)},
              {"word", instruction.word},
              {"lines", Json::array(lines.line(whole.begin), lines.line(whole.empty() ? whole.end : whole.end - 1))},
              {"bytes", Json::array(span.begin, span.end)},
              {"flags", Json::array()},
              {"json", instruction.json},
              {"arguments", Json::array()}};
  for (const auto& flag : instruction.flags) {
    Json item = {{"name", flag.name}};
    if (flag.has_value) item["value"] = flag.value;
    item["bytes"] = Json::array(flag.span.begin, flag.span.end);
    out["flags"].push_back(std::move(item));
  }
  for (const auto& argument : instruction.arguments)
    out["arguments"].push_back(
        {{"text", argument.text}, {"bytes", Json::array(argument.span.begin, argument.span.end)}});
  for (const auto& pair : instruction.pairs)
    out["pairs"].push_back({{"name", pair.name},
                            {"value", pair.value},
                            {"legacy", pair.legacy},
                            {"bytes", Json::array(pair.span.begin, pair.span.end)}});
  for (const auto& heredoc : instruction.heredocs)
    out["heredocs"].push_back({{"name", heredoc.name},
                               {"expand", heredoc.expand},
                               {"stripTabs", heredoc.strip_tabs},
                               {"content", slice(document.source(), heredoc.body)}});
  for (const auto& trigger : instruction.trigger) out["trigger"] = instruction_json(document, lines, trigger, node);
  return out;
}

}  // namespace

std::string format_document_json(const std::string& path, const Document& document,
                                 const std::vector<SyntaxError>& errors) {
  const LineIndex lines(document.source());
  Json out = {{"version", 1}, {"path", path}, {"escape", std::string(1, document.escape())}};
  out["directives"] = Json::array();
  for (const auto& directive : document.lines().directives)
    out["directives"].push_back({{"name", directive.name}, {"value", directive.value}});
  out["instructions"] = Json::array();
  for (const auto& instruction : document.instructions())
    out["instructions"].push_back(instruction_json(document, lines, instruction, instruction.node));
  out["errors"] = Json::array();
  for (const auto& error : errors)
    out["errors"].push_back({{"message", error.message},
                             {"line", lines.line(error.span.begin)},
                             {"bytes", Json::array(error.span.begin, error.span.end)}});
  return out.dump(2) + '\n';
}

}  // namespace dockhew::inline report
