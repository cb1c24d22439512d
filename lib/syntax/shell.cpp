#include "syntax/shell.hpp"

#include <array>

#include "syntax/shell_grammar.hpp"

namespace dockhew::inline syntax {
namespace {

namespace pegtl = tao::pegtl;

ShellKind token_kind(std::string_view bytes) {
  return bytes.find_first_not_of(" \t\r\n") == bytes.npos ? ShellKind::blank : ShellKind::token;
}

}  // namespace

std::string_view to_string(ShellKind kind) {
  constexpr std::array<std::string_view, 35> names = {"script",
                                                      "list",
                                                      "and-or",
                                                      "pipeline",
                                                      "command",
                                                      "subshell",
                                                      "group",
                                                      "if",
                                                      "loop",
                                                      "for",
                                                      "case",
                                                      "case-item",
                                                      "function",
                                                      "test",
                                                      "arithmetic",
                                                      "assignment",
                                                      "redirect",
                                                      "word",
                                                      "literal",
                                                      "single-quoted",
                                                      "double-quoted",
                                                      "parameter",
                                                      "command-substitution",
                                                      "arithmetic-expansion",
                                                      "backquoted",
                                                      "process-substitution",
                                                      "escaped",
                                                      "and-if",
                                                      "or-if",
                                                      "pipe",
                                                      "bang",
                                                      "separator",
                                                      "comment",
                                                      "heredoc-body",
                                                      "blank"};
  const auto index = static_cast<std::size_t>(kind);
  if (index < names.size()) return names[index];
  return kind == ShellKind::error ? "error" : "token";
}

ShellTree parse_shell(std::string_view text) {
  ShellTree result;
  ShellBuilder builder;
  builder.text = text;
  builder.nodes.reserve(text.size() / 3 + 8);
  pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf_crlf, const char*> in(text.data(),
                                                                                       text.data() + text.size(), "");
  pegtl::parse<shell_grammar::script, shell_action, build>(in, builder);
  if (builder.too_deep) {
    const auto end = static_cast<std::uint32_t>(text.size());
    builder.nodes = {{ShellKind::error, 0, end, 0}, {ShellKind::script, 0, end, 0}};
    builder.errors = {{{0, end}, "nested too deeply"}};
  }
  result.tree = to_preorder<ShellKind>(builder, token_kind);
  result.errors = std::move(builder.errors);
  return result;
}

}  // namespace dockhew::inline syntax
