// The eighteen words that can begin an instruction, and how a logical line is divided into that word and the rest.
#pragma once

#include <cstdint>
#include <string_view>

#include "text/span.hpp"

namespace dockhew::inline syntax {

enum class Keyword : std::uint8_t {
  add,
  arg,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  from,
  healthcheck,
  label,
  maintainer,
  onbuild,
  run,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
  unknown,
};

Keyword find_keyword(std::string_view word);     // in any case
std::string_view keyword_name(Keyword keyword);  // upper case; empty for unknown

struct KeywordSplit {
  Span keyword;
  Span rest;  // without white space around it
};

// Both spans refer to `line`.
KeywordSplit split_keyword(std::string_view line);

}  // namespace dockhew::inline syntax
