// One Dockerfile, read: its line tree and its instructions with flags and arguments. A document owns its source, and
// every view and span in it points there. Errors are in `errors`; everything else is still available.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syntax/keyword.hpp"
#include "syntax/lines.hpp"

namespace dockhew::inline syntax {

struct Flag {
  std::string name;   // "mount" of --mount=type=cache
  std::string value;  // "type=cache"; empty without '='
  bool has_value = false;
  Span span;  // in the source, from the dashes on
};

struct Argument {
  std::string text;  // quotes as BuildKit's tree has them: kept, except in JSON form
  Span span;         // in the source; for a JSON element, without its quotes
};

struct NameValue {  // ENV and LABEL
  std::string name;
  std::string value;
  bool legacy = false;  // "NAME value" without '='
  Span span;            // in the source, of the pair
  Span name_span;
  Span value_span;
};

struct Instruction {
  Keyword keyword = Keyword::unknown;
  std::string word;            // the keyword as written
  Span span;                   // in the source, heredocs included
  Span keyword_span;           // in the source
  std::uint32_t node = 0;      // of the instruction in the line tree
  LogicalText text;            // keyword, flags and arguments
  LogicalText arguments_text;  // after the flags
  std::vector<Flag> flags;
  bool json = false;                // the arguments are a JSON array
  std::vector<Argument> arguments;  // empty for ENV and LABEL
  std::vector<NameValue> pairs;     // only for ENV and LABEL
  std::vector<Heredoc> heredocs;
  bool empty_continuation = false;
  std::vector<Instruction> trigger;  // ONBUILD: the single instruction after it

  const Flag* flag(std::string_view name) const;
  Span head_span() const;  // without heredoc bodies
};

class Document {
 public:
  std::string_view source() const { return *source_; }
  const ParsedLines& lines() const { return lines_; }
  char escape() const { return lines_.escape; }
  std::string_view newline() const { return newline_; }  // "\n", or "\r\n" if the first line ends that way
  const std::vector<Instruction>& instructions() const { return instructions_; }
  // What BuildKit's parser rejects, sorted by place. For instructions that can be read but not executed, see
  // instruction_errors.hpp.
  const std::vector<SyntaxError>& errors() const { return errors_; }
  // One of them, where the file is so large that nothing was read from there on.
  const std::optional<SyntaxError>& too_large() const { return too_large_; }

  friend Document parse_document(std::string source);

 private:
  std::unique_ptr<const std::string> source_;
  ParsedLines lines_;
  std::string_view newline_ = "\n";
  std::vector<Instruction> instructions_;
  std::vector<SyntaxError> errors_;
  std::optional<SyntaxError> too_large_;
};

// Reads any bytes. The time is linear in their number.
Document parse_document(std::string source);

// BuildKit's own dump of its tree: one s-expression per instruction.
std::string dump_buildkit(const Document& document);

// The line tree with kinds, spans and text, one node per line; the leaves printed in order are the source.
std::string dump_lines(const Document& document);

}  // namespace dockhew::inline syntax
