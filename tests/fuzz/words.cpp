// The word lexer on any bytes, with and without each option.
#include "syntax/arguments.hpp"
#include "syntax/heredoc.hpp"
#include "syntax/word_lexer.hpp"

using namespace dockhew;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lookup = [](std::string_view name) -> std::optional<std::string> {
    if (name.size() % 2 == 0) return std::string(name);
    return std::nullopt;
  };
  for (const bool raw : {false, true}) {
    LexOptions options;
    options.raw_quotes = options.raw_escapes = options.keep_unset = options.split = raw;
    lex_word(text, lookup, options);
  }
  find_heredocs(text, '\\');
  split_flags(text, '`');
  split_words(text, '\\');
  parse_json_array(text);
  return 0;
}
