#include "lint/check_options.hpp"

#include "syntax/instruction_errors.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
namespace {

bool is_true(std::string_view text) { return text == "1" || to_lower_ascii(text).starts_with('t'); }

std::set<std::string, std::less<>> split_names(std::string_view text) {
  std::set<std::string, std::less<>> names;
  for (;;) {
    const auto comma = text.find(',');
    names.emplace(trim_unicode(text.substr(0, comma)));
    if (comma == text.npos) return names;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

CheckOptions parse_check_options(std::string_view text) {
  CheckOptions options;
  const auto fail = [](std::string message) {
    CheckOptions wrong;
    wrong.error = "failed to parse check options: " + std::move(message);
    return wrong;
  };
  for (;;) {
    const auto semicolon = text.find(';');
    const auto part = trim_unicode(text.substr(0, semicolon));
    const auto equals = part.find('=');
    const auto key = trim_unicode(part.substr(0, equals));
    const auto value = equals == part.npos ? std::string_view() : trim_unicode(part.substr(equals + 1));
    if (key == "skip") {
      if (value == "all") options.skip_all = true;
      else options.skip = split_names(value);
    } else if (key == "experimental") {
      if (value == "all") options.experimental_all = true;
      else options.experimental = split_names(value);
    } else if (key == "error") {
      if (!is_go_boolean(value))
        return fail("failed to parse check option " + go_quote(part) + ": strconv.ParseBool: parsing " +
                    go_quote(value) + ": invalid syntax");
      options.fail = is_true(value);
    } else {
      return fail("invalid check option " + go_quote(key));
    }
    if (semicolon == text.npos) return options;
    text.remove_prefix(semicolon + 1);
  }
}

CheckOptions check_options_of_comment(std::string_view comment) {
  if (!comment.starts_with("check")) return {};
  const auto rest = trim_left_unicode(comment.substr(5));
  if (!rest.starts_with('=')) return {};
  const auto value = trim_unicode(rest.substr(1));
  return parse_check_options(value.substr(0, value.find(' ')));
}

}  // namespace dockhew::inline lint
