#include "syntax/keyword.hpp"

#include <array>

#include "syntax/arguments.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {
namespace {

constexpr std::array<std::string_view, 18> names = {"ADD",    "ARG",   "CMD",         "COPY",  "ENTRYPOINT", "ENV",
                                                    "EXPOSE", "FROM",  "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
                                                    "RUN",    "SHELL", "STOPSIGNAL",  "USER",  "VOLUME",     "WORKDIR"};

}  // namespace

Keyword find_keyword(std::string_view word) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (equals_ignoring_case(word, names[i])) return static_cast<Keyword>(i);
  return Keyword::unknown;
}

std::string_view keyword_name(Keyword keyword) {
  const auto index = static_cast<std::size_t>(keyword);
  return index < names.size() ? names[index] : std::string_view();
}

KeywordSplit split_keyword(std::string_view line) {
  const auto trimmed = trim_unicode(line);
  const auto begin = static_cast<std::uint32_t>(trimmed.empty() ? 0 : trimmed.data() - line.data());
  std::uint32_t size = 0;
  while (size < trimmed.size() && !is_argument_blank(trimmed[size])) ++size;
  const auto end = begin + static_cast<std::uint32_t>(trimmed.size());
  auto rest = begin + size;
  while (rest < end && is_argument_blank(line[rest])) ++rest;
  return {{begin, begin + size}, {rest, end}};
}

}  // namespace dockhew::inline syntax
