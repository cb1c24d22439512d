// Reads the script of a RUN: POSIX shell with the bash that people write in Dockerfiles. The tree is lossless and
// parsing never fails; anything missing is an error, and the commands around it are kept.
#pragma once

#include <string_view>
#include <vector>

#include "syntax/tree.hpp"

namespace dockhew::inline syntax {

enum class ShellKind : std::uint8_t {
  script,
  list,      // and-or lists between ';', '&' and newlines
  and_or,    // pipelines between '&&' and '||'
  pipeline,  // commands between '|'
  command,   // a simple command: assignments, words, redirects
  subshell,
  group,  // { …; }
  if_clause,
  loop,  // while, until
  for_clause,
  case_clause,
  case_item,
  function,
  test,        // [[ … ]]
  arithmetic,  // (( … ))
  assignment,
  redirect,
  word,
  literal,
  single_quoted,
  double_quoted,
  parameter,
  command_substitution,
  arithmetic_expansion,
  backquoted,
  process_substitution,
  escaped,
  and_if,  // &&
  or_if,   // ||
  pipe,
  bang,
  separator,  // ; & newline
  comment,
  heredoc_body,
  blank,
  error,  // what could not be read
  token,  // punctuation and reserved words
};

std::string_view to_string(ShellKind kind);

using ShellNode = TreeNode<ShellKind>;

struct ShellTree {
  Tree<ShellKind> tree;
  std::vector<SyntaxError> errors;
};

// Spans refer to `text`. Nesting deeper than 200 levels turns the whole script into one error node.
ShellTree parse_shell(std::string_view text);

}  // namespace dockhew::inline syntax
