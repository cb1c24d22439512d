// The directives that BuildKit reads before it parses: `syntax` chooses the frontend and `check` configures the checks.
// It looks for them separately from the parser, by different rules: a first line "#!…" is skipped, and nothing may
// precede the '#'. Facts: frontend/dockerfile/parser/directives.go.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/span.hpp"

namespace dockhew::inline syntax {

struct ParserDirective {
  std::string value;  // up to the first space
  std::string whole;  // "docker/dockerfile:1 with options"
  Span span;          // of the line
};

// `name` in lower case: "syntax" or "check".
std::optional<ParserDirective> find_parser_directive(std::string_view source, std::string_view name);

// The frontend image; also from "//" lines and from a JSON document, as for files in other languages.
std::optional<ParserDirective> find_syntax(std::string_view source);

}  // namespace dockhew::inline syntax
