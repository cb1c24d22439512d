// The script of one RUN in the form that rules need: a chain of elements at the top level and the simple commands in
// it, with wrappers (sudo, env, exec, `sh -c`) removed, the directory each runs in, and the words whose value is known.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/tool_use.hpp"
#include "model/value.hpp"
#include "syntax/document.hpp"
#include "syntax/shell.hpp"
#include "text/limits.hpp"

namespace dockhew::inline model {

struct ShellWord {
  Span span;        // in the script's text
  Value value;      // quotes removed, known variables expanded
  std::string raw;  // as written

  const std::string& text() const { return value.text; }  // empty unless known
};

struct ShellRedirect {
  std::string operation;  // ">", ">>", "<", …
  ShellWord target;
};

struct ShellAssignment {
  std::string name;
  ShellWord value;
};

// One of the alternatives of an `if` or a `case`.
struct ShellBranch {
  std::uint32_t compound = 0;  // numbers the `if`s and `case`s of a script
  std::uint32_t branch = 0;    // numbers the branches after `then` and `else`, or the items

  friend bool operator==(const ShellBranch&, const ShellBranch&) = default;
};

struct ShellCommand {
  Span span;                        // in the script's text, the wrapper included
  std::vector<ShellWord> words;     // words[0] is the command; wrappers have been removed
  std::vector<ShellWord> wrappers;  // the wrappers that were removed: `sudo -E`, `env`, `nice -n 5`
  std::vector<ShellAssignment> assignments;
  std::vector<ShellRedirect> redirects;
  std::vector<ShellBranch> branches;  // that contain it, outermost first
  Value directory;                    // where it runs
  std::uint32_t element = 0;          // of the chain
  bool conditional = false;           // inside if, case, loop, function, subshell, `&`, or after ||
  bool nested = false;                // inside the string of `sh -c '…'`: spans are those of the string
  bool piped = false;                 // one of several commands in a pipeline
  const ToolUse* use = nullptr;       // index into the script's uses, if the tables know the tool

  const std::string& name() const { return name_; }  // command_name of its first word
  void find_name();                                  // when the words are complete
  bool has_word(std::string_view word) const;
  // Whether it may set, export or remove variables of its shell for what follows it, which few commands do.
  bool may_change_variables() const;
  // Gives everything one place: that of the quoted word which contains the command. An option still looks like one.
  void move_to(Span place);

 private:
  std::string name_;
};

// The base name of a program that a word names, without a version suffix: "pip" for /usr/bin/pip3.12. Empty when
// unknown.
std::string command_name(const ShellWord& word);

// The absolute path that a word names where its command runs; nothing when the word or the directory is not known.
std::optional<std::string> path_of(const ShellCommand& command, const ShellWord& word);

// Whether two commands of a script are in different branches of one `if` or `case`, so that only one of them runs.
bool exclude_each_other(const ShellCommand& a, const ShellCommand& b);

enum class Joint { none, and_if, or_if, semicolon, newline, background };

struct ChainElement {
  Span span;                  // in the script's text, without blanks around it
  Joint joint = Joint::none;  // what follows it
  Span joint_span;
  bool simple = false;  // one simple command and nothing else
  // Found once for all elements (model/failure.hpp), because each command of a long chain is asked about.
  bool caught = false;          // a later `||` handles its failure: `a && b || true`
  bool passed_on = false;       // and the handler only fails as well: `a && b || exit 1`
  bool after_stop = false;      // a `set -e` stands before it
  bool decides_in_end = false;  // nothing but `&&` follows, so where it fails, the script does
};

// Uses point to commands and commands to uses, so a script is moved and never copied.
struct Script {
  Script() = default;
  Script(Script&&) = default;
  Script& operator=(Script&&) = default;

  LogicalText text;
  ShellTree shell;
  std::vector<ChainElement> chain;
  std::vector<ShellCommand> commands;  // in order of appearance
  std::vector<ToolUse> uses;           // of the tools of the tables, in the same order
  std::vector<std::uint32_t> setters;  // indices of the commands that may change variables
  std::vector<std::string> launchers;  // compiler caches that the build uses: "ccache", "sccache"
  bool opaque = false;                 // not shell, or it could not be read
  bool from_heredoc = false;           // the text is the body of `RUN <<EOF`

  // Elements may be inserted and removed: only `&&`, `;` and newlines join the chain.
  bool is_straight() const;
  Span to_source(Span span) const { return text.to_source(span); }
  void find_setters();  // when the commands are complete
};

// Builtins that take names of variables: `export`, `read`.
bool is_about_variables(std::string_view builtin);

// Variables of the build, as this RUN sees them.
using ValueLookup = std::function<Value(std::string_view name)>;

// `directory` is the working directory before the script runs; of a word whose variables stand for more than
// `longest_value` bytes the value is not known.
Script parse_script(LogicalText text, const ValueLookup& lookup, Value directory,
                    std::size_t longest_value = limits::longest_value);

// The exec form: one command, no shell. Its text is the whole source, so spans are source spans.
Script exec_script(const Instruction& instruction, std::string_view source, Value directory, const ValueLookup& lookup,
                   std::size_t longest_value = limits::longest_value);

}  // namespace dockhew::inline model
