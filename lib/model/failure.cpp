#include "model/failure.hpp"

namespace dockhew::inline model {

bool is_failure_caught(const Script& script, const ShellCommand& command) {
  return command.element < script.chain.size() && script.chain[command.element].caught;
}

}  // namespace dockhew::inline model
