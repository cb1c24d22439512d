// The parsers for the parts of an instruction, on any bytes: flags, JSON, words, mounts, ports, platforms, image names,
// check options, parser directives.
#include <cstdlib>

#include "facts/image_reference.hpp"
#include "lint/check_options.hpp"
#include "model/mount.hpp"
#include "model/platform.hpp"
#include "model/port.hpp"
#include "syntax/arguments.hpp"
#include "syntax/csv.hpp"
#include "syntax/duration.hpp"
#include "syntax/parser_directive.hpp"

using namespace dockhew;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto inside = [&](Span span) { return span.begin <= span.end && span.end <= text.size(); };
  for (const char escape : {'\\', '`'}) {
    const auto flags = split_flags(text, escape);
    if (flags.rest > text.size()) std::abort();
    for (const auto& flag : flags.flags)
      if (!inside(flag.span)) std::abort();
    for (const auto& word : split_words(text, escape))
      if (!inside(word)) std::abort();
  }
  if (const auto array = parse_json_array(text))
    for (const auto& element : array->elements)
      if (!inside(element.span)) std::abort();
  for (const auto& word : split_blanks(text))
    if (!inside(word)) std::abort();
  if (split_csv(text).fields.empty()) std::abort();
  Flag flag;
  flag.value = text;
  read_mount(flag, Value::known("/"), [](std::string_view word) { return Value::known(std::string(word)); });
  const auto port = parse_port(text);
  if (port.error.empty() && (port.first > port.last || port.last > 65535)) std::abort();
  parse_platform(text);
  parse_image_reference(text);
  image_reference_error(text);
  parse_check_options(text);
  parse_duration(std::string(text));
  find_parser_directive(text, "check");
  find_syntax(text);
  return 0;
}
