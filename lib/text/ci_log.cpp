#include "text/ci_log.hpp"

#include "text/utf8.hpp"

namespace dockhew::inline text {

bool is_workflow_command(std::string_view line) { return trim_left_unicode(line).starts_with("::"); }

bool is_command_anywhere(std::string_view text) { return text.starts_with("##[") || text.starts_with("##vso["); }

std::string escape_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    out += escape_for_terminal(text.substr(0, newline));
    if (newline == text.npos) return out;
    out += '\n';
    text.remove_prefix(newline + 1);
  }
  return out;
}

}  // namespace dockhew::inline text
