#include "model/failure.hpp"

#include <algorithm>
#include <string_view>

namespace dockhew::inline model {

namespace {

// `exit 1`, `false`, `{ echo failed; exit 1; }`: what only says that something has failed.
bool passes_failure_on(std::string_view handler) {
  if (handler == "false") return true;
  const bool group = handler.starts_with('{');
  for (const std::string_view word : {"exit ", "return "}) {
    const auto at = handler.find(word);
    if (at == handler.npos || (at != 0 && !group)) continue;
    const auto status = handler.substr(at + word.size(), 1);
    if (!status.empty() && status[0] >= '1' && status[0] <= '9') return true;
  }
  return false;
}

// Whether the `||` behind an element, or behind what follows it with `&&`, only passes its failure on.
bool fails_by_handler(const Script& script, std::size_t element) {
  const auto& chain = script.chain;
  for (auto i = element; i + 1 < chain.size(); ++i) {
    if (chain[i].joint == Joint::or_if) return passes_failure_on(script.text.view(chain[i + 1].span));
    if (chain[i].joint != Joint::and_if) return false;
  }
  return false;
}

}  // namespace

bool is_failure_caught(const Script& script, const ShellCommand& command) {
  return command.element < script.chain.size() && script.chain[command.element].caught &&
         !fails_by_handler(script, command.element);
}

bool may_be_skipped(const Script& script, const ShellCommand& command) {
  const auto i = command.element;
  return command.conditional || i >= script.chain.size() ||
         (is_failure_caught(script, command) && i > 0 && script.chain[i - 1].joint == Joint::and_if);
}

bool sets_option(const Script& script, const ChainElement& element) {
  return element.simple && script.text.view(element.span).starts_with("set ");
}

bool stops_on_failure(const Script& script, const ChainElement& element) {
  if (!sets_option(script, element)) return false;
  const auto text = script.text.view(element.span);
  for (auto at = text.find(" -"); at != text.npos; at = text.find(" -", at + 1)) {
    const auto word = text.substr(at + 2, text.find(' ', at + 2) - at - 2);
    if (word.find('e') != word.npos) return true;
  }
  return text.find("errexit") != text.npos;
}

bool ends_script(const Script& script, const ShellCommand& command) {
  const auto& chain = script.chain;
  if (command.conditional || command.element >= chain.size() || is_failure_caught(script, command)) return false;
  // Of a pipeline the last command decides.
  if (command.piped && command.span.end != chain[command.element].span.end) return false;
  if (fails_by_handler(script, command.element)) return true;
  const auto at = chain.begin() + static_cast<std::ptrdiff_t>(command.element);
  if (std::any_of(chain.begin(), at, [&](const ChainElement& each) { return stops_on_failure(script, each); }))
    return true;
  return std::all_of(at, chain.end() - 1, [](const ChainElement& each) { return each.joint == Joint::and_if; }) &&
         chain.back().joint != Joint::background;
}

}  // namespace dockhew::inline model
