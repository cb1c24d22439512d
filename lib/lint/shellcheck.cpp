#include "lint/shellcheck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "lint/rule.hpp"
#include "lint/shellcheck_judgement.hpp"
#include "syntax/array_attempt.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
namespace {

// What `sh` is depends on the distribution.
ScriptDialect dialect_of(const Stage& stage, std::string_view shell) {
  if (shell == "bash") return ScriptDialect::bash;
  if (shell == "ksh") return ScriptDialect::ksh;
  if (shell == "dash") return ScriptDialect::dash;
  if (shell == "ash" || shell == "busybox") return ScriptDialect::busybox;
  if (shell != "sh" || !stage.image) return ScriptDialect::unknown;
  const auto& distribution = stage.image->distribution;
  if (distribution == "debian" || distribution == "ubuntu") return ScriptDialect::dash;
  return distribution == "alpine" ? ScriptDialect::busybox : ScriptDialect::unknown;
}

// The name under which ShellCheck knows a dialect, if it does. Only its newer releases know BusyBox's.
std::string_view shellcheck_name(ScriptDialect dialect, std::string_view shell) {
  switch (dialect) {
    case ScriptDialect::bash: return "bash";
    case ScriptDialect::ksh: return "ksh";
    case ScriptDialect::dash:
    case ScriptDialect::busybox: return "dash";
    case ScriptDialect::unknown: break;
  }
  return shell == "sh" ? shell : std::string_view();
}

// What hadolint puts before a script: the shell as SHELL names it, and every variable with a value.
std::string hadolint_header(const Stage& stage, const Step& step) {
  std::set<std::string_view> names = {"FTP_PROXY", "HTTPS_PROXY", "HTTP_PROXY",  "NO_PROXY",
                                      "ftp_proxy", "http_proxy",  "https_proxy", "no_proxy"};
  for (std::size_t i = 0; i < step.bindings; ++i) names.insert(stage.environment[i].name);
  std::string header;
  for (const auto name : names) header.append("export ").append(name).append("=1\n");
  return header;
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

void add_script(const Stage& stage, const Step& step, ScriptReader reader, std::vector<ShellScript>& scripts) {
  const bool for_hadolint = reader == ScriptReader::hadolint;
  if (!step.posix || (for_hadolint && step.instruction->keyword != Keyword::run)) return;
  ShellScript script;
  script.dialect = dialect_of(stage, step.shell);
  const auto shell = for_hadolint ? std::string_view(step.shell) : shellcheck_name(script.dialect, step.shell);
  auto text = script_text(step);
  if (shell.empty() || !text || text->view().empty() || is_template(text->view())) return;
  if (!for_hadolint && read_array_attempt(text->view())) return;  // `invalid-json-form` says what it is
  if (!text->view().starts_with("#!")) script.header = fmt::format("#!/bin/{}\n", shell);
  if (for_hadolint) script.header += hadolint_header(stage, step);
  script.reader = reader;
  script.text = std::move(*text);
  script.in_child = step.in_child;
  script.environment = stage.environment;
  script.bindings = step.bindings;
  scripts.push_back(std::move(script));
}

// Offset in the script's text of a line and a column, both counted from 1, columns in characters.
std::optional<std::uint32_t> offset_of(const ShellScript& script, std::size_t line, std::size_t column) {
  const auto text = script.text.view();
  const auto headers = static_cast<std::size_t>(std::ranges::count(script.header, '\n'));
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

// Its words about dash are about what dash and BusyBox have in common.
std::string message_for(const ShellScript& script, std::string message) {
  constexpr std::string_view dash = "In dash, ";
  while (message.ends_with('.') || message.ends_with(' ')) message.pop_back();
  if (script.dialect == ScriptDialect::busybox && message.starts_with(dash))
    message.replace(0, dash.size(), "In BusyBox's shell, ");
  return message;
}

std::optional<Finding> read_comment(const std::vector<ShellScript>& scripts, const Json& comment) {
  const auto name = comment.string_at("file");
  const auto digits = path_basename(name);
  if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != digits.npos) return std::nullopt;
  const auto index = static_cast<std::size_t>(std::stoul(std::string(digits)));
  if (index >= scripts.size()) return std::nullopt;
  const auto& script = scripts[index];
  const auto code = static_cast<int>(comment.integer_at("code"));
  auto message = comment.string_at("message");
  const auto span = span_of(script, comment);
  if (!span) return std::nullopt;
  if (script.reader == ScriptReader::dockhew && is_refuted(script, code, script.text.view(*span), message))
    return std::nullopt;
  Finding finding;
  finding.severity = severity_of(comment.string_at("level"));
  const bool remark = is_remark(code, finding.severity);
  if (remark && script.reader == ScriptReader::dockhew) finding.severity = std::min(finding.severity, Severity::info);
  finding.rule = find_rule(remark ? "shellcheck-remark" : "shellcheck");
  finding.span = script.text.to_source(*span);
  finding.message = message_for(script, std::move(message));
  finding.aliases = {"SC" + std::to_string(code)};
  if (const auto* fix = comment.find("fix"); fix != nullptr && fix->is_object())
    finding.fixes.push_back(read_fix(script, *fix));
  return finding;
}

Obstacle read_document(const std::vector<ShellScript>& scripts, std::string_view text, std::vector<Finding>& findings) {
  const auto document = parse_json(text);
  if (!document.error.empty()) return Declined{"shellcheck's answer cannot be read: " + document.error};
  for (const auto& comment : document.value.elements_at("comments"))
    if (auto finding = read_comment(scripts, comment)) findings.push_back(*std::move(finding));
  return {};
}

}  // namespace

std::vector<ShellScript> shell_scripts(const Dockerfile& file, ScriptReader reader) {
  std::vector<ShellScript> scripts;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      add_script(stage, step, reader, scripts);
      for (const auto& triggered : step.triggered) add_script(stage, triggered, reader, scripts);
    }
  return scripts;
}

Outcome<std::vector<Finding>> read_shellcheck(const std::vector<ShellScript>& scripts, std::string_view answer) {
  std::vector<Finding> findings;
  while (!answer.empty()) {
    const auto line = answer.substr(0, answer.find('\n'));
    answer.remove_prefix(std::min(line.size() + 1, answer.size()));
    if (line.empty()) continue;
    if (auto obstacle = read_document(scripts, line, findings)) return *std::move(obstacle);
  }
  return findings;
}

}  // namespace dockhew::inline lint
