#include "report/xml.hpp"

#include <cstdint>
#include <string>

#include "text/utf8.hpp"

namespace dockhew::inline report {

std::string xml_escaped(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string out;
  while (!text.empty()) {
    const auto rune = decode_rune(text);
    const auto bytes = text.substr(0, rune.size);
    text.remove_prefix(rune.size);
    switch (bytes[0]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      // No `##[error]`, which CI services take for a command when a report is printed into their logs.
      case '#': out += out.ends_with('#') ? "&#35;" : "#"; break;
      case '\n': out += "&#10;"; break;
      case '\r': out += "&#13;"; break;
      case '\t': out += "&#9;"; break;
      default: {
        const bool control = static_cast<unsigned char>(bytes[0]) < 0x20;
        const bool noncharacter = bytes == "\xEF\xBF\xBE" || bytes == "\xEF\xBF\xBF";
        const bool ascii = bytes.size() == 1 && bytes[0] != '\x7F';
        if (control || noncharacter || !rune.valid) out += replacement;
        else if (ascii || escape_for_terminal(bytes) == bytes) out += bytes;
        else out += "&#" + std::to_string(static_cast<std::uint32_t>(rune.value)) + ';';  // commands a terminal
      }
    }
  }
  return out;
}

}  // namespace dockhew::inline report
