#include "lint/shellcheck.hpp"

#include <algorithm>
#include <optional>

#include "lint/rule.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
namespace {

// What `sh` is depends on the distribution; if that is not known, ShellCheck assumes plain POSIX.
std::string_view dialect(const Stage& stage, std::string_view shell) {
  if (shell == "bash" || shell == "dash" || shell == "ksh") return shell;
  if (shell == "ash" || shell == "busybox") return "dash";
  if (shell != "sh") return {};
  if (!stage.image) return "sh";
  const auto& distribution = stage.image->distribution;
  if (distribution == "debian" || distribution == "ubuntu" || distribution == "alpine") return "dash";
  return "sh";
}

std::optional<LogicalText> script_text(const Step& step) {
  const auto& instruction = *step.instruction;
  switch (instruction.keyword) {
    case Keyword::run:
      // A program that gets its input from a heredoc is cut off after its first line.
      if (instruction.json || !step.script || (!instruction.heredocs.empty() && !step.script->from_heredoc))
        return std::nullopt;
      return step.script->text;
    case Keyword::cmd:
    case Keyword::entrypoint:
      if (instruction.json) return std::nullopt;
      return instruction.arguments_text;
    case Keyword::healthcheck: {
      const auto text = instruction.arguments_text.view();
      const auto blank = text.find_first_of(" \t");
      if (instruction.json || blank == text.npos || !equals_ignoring_case(text.substr(0, blank), "CMD"))
        return std::nullopt;
      const auto begin = text.find_first_not_of(" \t", blank);
      if (begin == text.npos) return std::nullopt;
      return instruction.arguments_text.part(
          {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text.size())});
    }
    default: return std::nullopt;
  }
}

void add_script(const Stage& stage, const Step& step, std::vector<ShellScript>& scripts) {
  if (!step.posix) return;
  const auto shell = dialect(stage, step.shell);
  auto text = script_text(step);
  if (shell.empty() || !text || text->view().empty()) return;
  ShellScript script;
  if (!text->view().starts_with("#!")) script.header = "#!/bin/" + std::string(shell) + '\n';
  script.text = std::move(*text);
  script.in_child = step.in_child;
  script.environment = stage.environment;
  script.bindings = step.bindings;
  scripts.push_back(std::move(script));
}

// Offset in the script's text of a line and a column, both counted from 1, columns in characters.
std::optional<std::uint32_t> offset_of(const ShellScript& script, std::size_t line, std::size_t column) {
  const auto text = script.text.view();
  const std::size_t headers = script.header.empty() ? 0 : 1;
  if (line <= headers) return std::nullopt;
  std::size_t at = 0;
  for (std::size_t i = headers + 1; i < line; ++i) {
    at = text.find('\n', at);
    if (at == text.npos) return std::nullopt;
    ++at;
  }
  for (std::size_t i = 1; i < column && at < text.size() && text[at] != '\n'; ++i)
    at += decode_rune(text.substr(at)).size;
  return static_cast<std::uint32_t>(std::min(at, text.size()));
}

std::optional<Span> span_of(const ShellScript& script, const Json& place) {
  const auto number = [&](const char* name) { return static_cast<std::size_t>(place.integer_at(name)); };
  const auto begin = offset_of(script, number("line"), number("column"));
  const auto end = offset_of(script, number("endLine"), number("endColumn"));
  if (!begin || !end || *end < *begin) return std::nullopt;
  return Span{*begin, *end};
}

// Its proposals change what a script does, above all for words that were meant to be split, so they need review.
Fix read_fix(const ShellScript& script, const Json& answer) {
  Fix fix;
  fix.title = "apply ShellCheck's proposal";
  fix.applicability = Applicability::unsafe;
  fix.checklist.push_back("the script does the same: words that were meant to be split still are");
  if (script.in_child) fix.changes = {"ONBUILD"};
  for (const auto& replacement : answer.elements_at("replacements")) {
    const auto span = span_of(script, replacement);
    const auto text = replacement.string_at("replacement");
    if (!span || text.find('\n') != text.npos) {
      fix.declined = "the proposal does not map to a place in the Dockerfile";
    } else if (const auto source = script.text.to_source(*span); source.size() != span->size()) {
      fix.declined = "the proposal spans several lines";
    } else {
      fix.edits.push_back({source, text});
    }
  }
  for (std::size_t i = 0; i < fix.edits.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (collide(fix.edits[i], fix.edits[j])) fix.declined = "the parts of the proposal overlap";
  if (fix.edits.empty() && fix.declined.empty()) fix.declined = "the proposal is empty";
  if (!fix.declined.empty()) fix.edits.clear();
  return fix;
}

Severity severity_of(std::string_view level) {
  if (level == "error") return Severity::error;
  if (level == "warning") return Severity::warning;
  return level == "style" ? Severity::style : Severity::info;
}

// A variable that ARG or ENV sets, or the build itself.
bool is_assigned(const ShellScript& script, std::string_view message) {
  constexpr std::string_view given[] = {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"};
  const auto name = message.substr(0, message.find(' '));
  return std::ranges::find(given, name) != std::end(given) || script.environment.find(name, script.bindings) != nullptr;
}

void read_document(const std::vector<ShellScript>& scripts, std::string_view text, std::vector<Finding>& findings) {
  const auto document = parse_json(text).value;
  const auto *rule = find_rule("shellcheck"), *style = find_rule("shellcheck-style");
  for (const auto& comment : document.elements_at("comments")) {
    const auto name = comment.string_at("file");
    const auto digits = path_basename(name);
    if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != digits.npos) continue;
    const auto index = static_cast<std::size_t>(std::stoul(std::string(digits)));
    if (index >= scripts.size()) continue;
    const auto& script = scripts[index];
    const auto code = comment.integer_at("code");
    const auto message = comment.string_at("message");
    constexpr int not_assigned = 2154;
    if (code == not_assigned && is_assigned(script, message)) continue;
    const auto span = span_of(script, comment);
    if (!span) continue;
    Finding finding;
    finding.severity = severity_of(comment.string_at("level"));
    finding.rule = finding.severity == Severity::style ? style : rule;
    finding.span = script.text.to_source(*span);
    finding.message = message;
    while (finding.message.ends_with('.') || finding.message.ends_with(' ')) finding.message.pop_back();
    finding.aliases = {"SC" + std::to_string(code)};
    if (const auto* fix = comment.find("fix"); fix != nullptr && fix->is_object())
      finding.fixes.push_back(read_fix(script, *fix));
    findings.push_back(std::move(finding));
  }
}

}  // namespace

std::vector<ShellScript> shell_scripts(const Dockerfile& file) {
  std::vector<ShellScript> scripts;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      add_script(stage, step, scripts);
      for (const auto& triggered : step.triggered) add_script(stage, triggered, scripts);
    }
  return scripts;
}

std::vector<Finding> read_shellcheck(const std::vector<ShellScript>& scripts, std::string_view answer) {
  std::vector<Finding> findings;
  while (!answer.empty()) {
    const auto line = answer.substr(0, answer.find('\n'));
    answer.remove_prefix(std::min(line.size() + 1, answer.size()));
    read_document(scripts, line, findings);
  }
  return findings;
}

}  // namespace dockhew::inline lint
