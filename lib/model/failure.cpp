#include "model/failure.hpp"

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

}  // namespace

void find_failures(Script& script) {
  auto& chain = script.chain;
  const ChainElement none;
  for (auto i = chain.size(); i-- > 0;) {
    auto& element = chain[i];
    const auto& next = i + 1 < chain.size() ? chain[i + 1] : none;
    const bool goes_on = element.joint == Joint::and_if;
    element.caught = element.joint == Joint::or_if || (goes_on && next.caught);
    element.passed_on = (goes_on && next.passed_on) || (element.joint == Joint::or_if && i + 1 < chain.size() &&
                                                        passes_failure_on(script.text.view(next.span)));
    element.decides_in_end = i + 1 < chain.size() ? goes_on && next.decides_in_end : element.joint != Joint::background;
  }
  bool stops = false;
  for (auto& element : chain) {
    element.after_stop = stops;
    stops = stops || stops_on_failure(script, element);
  }
}

bool is_failure_caught(const Script& script, const ShellCommand& command) {
  return command.element < script.chain.size() && script.chain[command.element].caught &&
         !script.chain[command.element].passed_on;
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
  const auto& element = chain[command.element];
  return element.passed_on || element.after_stop || element.decides_in_end;
}

}  // namespace dockhew::inline model
