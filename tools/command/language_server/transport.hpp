// The outermost layer of the protocol: messages of JSON, each after a header that says how long it is. What comes in is
// not trusted: a broken header is passed over, a message that is too long is skipped, and neither ends the server.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "text/json.hpp"

namespace dockhew::cli {

// Bytes of one message, and of one line of its header.
constexpr std::size_t largest_message = std::size_t{64} << 20U;
constexpr std::size_t longest_header_line = 4096;

class MessageReader {
 public:
  // Gives the next bytes, at most so many; none at the end.
  using Source = std::function<std::string(std::size_t most)>;
  explicit MessageReader(Source source) : source_(std::move(source)) {}

  struct Body {
    std::string text;
    std::string error;  // why there is no text, for whoever wrote the message
  };
  // Nothing at the end of the input.
  std::optional<Body> next();

 private:
  bool fill();
  std::optional<std::string> line();
  bool skip(std::size_t bytes);

  Source source_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what was not used yet
};

// A message with its header.
std::string framed(const Json& message);

}  // namespace dockhew::cli
