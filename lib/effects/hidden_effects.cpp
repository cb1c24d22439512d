#include "effects/hidden_effects.hpp"

#include <string_view>

namespace dockhew::inline effects {
namespace {

bool runs_commands(std::string_view text) {
  return text.find("$(") != text.npos || text.find('`') != text.npos || text.find("<(") != text.npos;
}

// `[[ -f x ]]`, `[[ a -nt b ]]`, and not `[[ -n $A && $A == b ]]`.
bool tests_files(std::string_view text) {
  constexpr std::string_view of_strings = "nzvoR";  // and of variables and options
  for (auto at = text.find('-'); at != text.npos; at = text.find('-', at + 1)) {
    const bool word = at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n');
    const auto end = text.find_first_of(" \t\n", at);
    if (!word || end == text.npos) continue;
    const auto option = text.substr(at + 1, end - at - 1);
    if (option.size() == 1 && of_strings.find(option[0]) == of_strings.npos) return true;
    if (option == "nt" || option == "ot" || option == "ef") return true;
  }
  return false;
}

class Reader {
 public:
  explicit Reader(const Script& script) : script_(script) {}

  Effects read() {
    const auto& nodes = script_.shell.tree.nodes;
    // Each node stands behind its parent, so what the parent is was found before.
    std::vector<ShellKind> parents(nodes.size(), ShellKind::script);
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      for (const auto child : children(script_.shell.tree, i)) parents[child] = nodes[i].kind;
      look_at(nodes[i].kind, parents[i], script_.text.view(nodes[i].span()));
    }
    return std::move(effects_);
  }

 private:
  void look_at(ShellKind kind, ShellKind parent, std::string_view text) {
    switch (kind) {
      case ShellKind::redirect:
        if (parent != ShellKind::command) look_at_redirect(text);
        return;
      case ShellKind::word:
        // Of a command or of an assignment they are among the commands.
        if (parent == ShellKind::for_clause || parent == ShellKind::case_clause)
          effects_.reads.anything |= text.find_first_of("*?[") != text.npos || runs_commands(text);
        return;
      case ShellKind::test: effects_.reads.anything |= tests_files(text) || runs_commands(text); return;
      case ShellKind::arithmetic:
      case ShellKind::arithmetic_expansion:
        effects_.reads.anything |= runs_commands(text.substr(std::min<std::size_t>(text.size(), 3)));
        return;
      case ShellKind::heredoc_body: effects_.reads.anything |= runs_commands(text); return;
      case ShellKind::backquoted: effects_.reads.anything = effects_.writes.anything = true; return;
      default: return;
    }
  }

  // Of a group or a loop. Its own number, and what leads nowhere, do not count.
  void look_at_redirect(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of("0123456789&"), text.size()));
    if (text.starts_with("<<")) return;
    const auto target = text.substr(std::min(text.find_first_not_of("<>|& \t"), text.size()));
    const bool duplicates = text.starts_with(">&") && target.find_first_not_of("0123456789-") == target.npos;
    if (duplicates || target.starts_with("/dev/")) return;
    if (text.starts_with('<')) effects_.reads.anything = true;
    else effects_.writes.anything = effects_.changes.anything = true;
  }

  const Script& script_;
  Effects effects_;
};

}  // namespace

Effects hidden_effects(const Script& script) { return Reader(script).read(); }

}  // namespace dockhew::inline effects
