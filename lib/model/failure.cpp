#include "model/failure.hpp"

namespace dockhew::inline model {

bool is_failure_caught(const Script& script, const ShellCommand& command) {
  for (auto at = command.element; at < script.chain.size(); ++at) {
    if (script.chain[at].joint == Joint::or_if) return true;
    if (script.chain[at].joint != Joint::and_if) return false;
  }
  return false;
}

}  // namespace dockhew::inline model
