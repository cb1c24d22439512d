#include "effects/removed_files.hpp"

#include <algorithm>

#include "effects/unix_effects.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

// `*` stands for no name that begins with a dot.
bool matches(std::string_view pattern, std::string_view path) {
  if (!glob_match_above(pattern, path)) return false;
  const auto name = path_basename(pattern);
  const bool hides = name.starts_with('*') || name.starts_with('?') || name.starts_with('[');
  return !hides || path_is_under(path, pattern) || !path.substr(path_parent(pattern).size()).starts_with("/.");
}

}  // namespace

Removal removal_by(const Facts& facts, const Script& script, const ShellCommand& command, std::string_view path) {
  if (command.use != nullptr || command.words.empty()) return Removal::no;
  if (const auto* row = facts.unix_command(command.name()); row != nullptr && row->builds) return Removal::no;
  const auto removes = unix_effects(facts, command).removes;
  if (removes.anything) return Removal::perhaps;
  const bool finds = has_operands(facts, command, {Operands::searched});
  const bool certain = !command.conditional && !finds && std::ranges::none_of(script.chain, [](const ChainElement& e) {
    return e.joint == Joint::or_if;
  });
  for (const auto& removed : removes.paths) {
    if (matches(removed.path, path)) return certain ? Removal::yes : Removal::perhaps;
  }
  return Removal::no;
}

Removal removal_by(const Facts& facts, const Step& step, std::string_view path) {
  auto removal = Removal::no;
  if (step.script)
    for (const auto& command : step.script->commands)
      removal = std::max(removal, removal_by(facts, *step.script, command, path));
  return removal;
}

}  // namespace dockhew::inline effects
