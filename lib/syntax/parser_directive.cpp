#include "syntax/parser_directive.hpp"

#include <algorithm>

#include "text/json.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {
namespace {

struct NameAndValue {
  std::string name;
  std::string_view value;
};

// ^([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$
std::optional<NameAndValue> split_directive(std::string_view text) {
  text = trim_left_unicode(text);
  const auto is_letter = [](char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); };
  const auto end = std::ranges::find_if_not(text, [&](char c) { return is_letter(c) || ('0' <= c && c <= '9'); });
  const auto name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  if (name.empty() || !is_letter(name[0])) return std::nullopt;
  auto rest = trim_left_unicode(text.substr(name.size()));
  if (!rest.starts_with('=')) return std::nullopt;
  rest = trim_unicode(rest.substr(1));
  if (rest.empty()) return std::nullopt;
  return NameAndValue{to_lower_ascii(name), rest};
}

std::optional<ParserDirective> find_after(std::string_view source, std::string_view marker, std::string_view wanted) {
  std::uint32_t begin = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (bool first = true; begin < source.size(); first = false) {
    const auto end = static_cast<std::uint32_t>(std::min(source.find('\n', begin), source.size()));
    const auto line = source.substr(begin, end - begin);
    if (!(first && line.starts_with("#!"))) {
      if (!line.starts_with(marker)) return std::nullopt;
      const auto directive = split_directive(line.substr(marker.size()));
      const bool known =
          directive && (directive->name == "syntax" || directive->name == "escape" || directive->name == "check");
      if (!known) return std::nullopt;
      if (directive->name == wanted)
        return ParserDirective{std::string(directive->value.substr(0, directive->value.find(' '))),
                               std::string(directive->value),
                               {begin, end}};
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ParserDirective> find_parser_directive(std::string_view source, std::string_view name) {
  return find_after(source, "#", name);
}

std::optional<ParserDirective> find_syntax(std::string_view source) {
  if (auto found = find_after(source, "#", "syntax")) return found;
  if (auto found = find_after(source, "//", "syntax")) return found;
  if (const auto first = source.find_first_not_of(" \t\r\n"); first == source.npos || source[first] != '{')
    return std::nullopt;
  const auto document = parse_json(source).value;
  const auto* syntax = document.find("syntax");
  if (syntax == nullptr || !syntax->is_string()) return std::nullopt;
  const auto& value = *syntax->string();
  return ParserDirective{value.substr(0, value.find(' ')), value, {0, 0}};
}

}  // namespace dockhew::inline syntax
