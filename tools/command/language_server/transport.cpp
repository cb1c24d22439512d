#include "language_server/transport.hpp"

#include <algorithm>
#include <charconv>

#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t piece = 65536;  // bytes that are asked for at once

// The length that a line of the header says; nothing when it says something else.
std::optional<std::size_t> content_length(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos || !equals_ignoring_case(trim_unicode(line.substr(0, colon)), "content-length"))
    return std::nullopt;
  const auto digits = trim_unicode(line.substr(colon + 1));
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return length;
}

}  // namespace

// Appends what comes next; false at the end.
bool MessageReader::fill() {
  if (begin_ > piece) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  const auto more = source_(piece);
  buffer_ += more;
  return !more.empty();
}

// Without its ending. Of one that is too long only the end is kept, which is no header.
std::optional<std::string> MessageReader::line() {
  for (std::size_t searched = begin_;;) {
    const auto end = buffer_.find('\n', searched);
    if (end != buffer_.npos) {
      auto text = buffer_.substr(begin_, end - begin_);
      begin_ = end + 1;
      if (text.ends_with('\r')) text.pop_back();
      return text;
    }
    if (buffer_.size() - begin_ > longest_header_line) begin_ = buffer_.size() - 1;
    searched = buffer_.size();
    const auto before = begin_;
    if (!fill()) return std::nullopt;
    if (begin_ != before) searched -= before;
  }
}

bool MessageReader::skip(std::size_t bytes) {
  for (;;) {
    const auto here = std::min(bytes, buffer_.size() - begin_);
    begin_ += here;
    bytes -= here;
    if (bytes == 0) return true;
    if (!fill()) return false;
  }
}

std::optional<MessageReader::Body> MessageReader::next() {
  std::optional<std::size_t> length;
  for (;;) {
    const auto header = line();
    if (!header) return std::nullopt;
    if (const auto said = content_length(*header)) length = said;
    if (header->empty() && length) break;
  }
  if (*length > largest_message) {
    if (!skip(*length)) return std::nullopt;
    return Body{"", "the message has " + std::to_string(*length) + " bytes, and at most " +
                        std::to_string(largest_message) + " are read"};
  }
  while (buffer_.size() - begin_ < *length)
    if (!fill()) return std::nullopt;
  Body body{buffer_.substr(begin_, *length), ""};
  begin_ += *length;
  return body;
}

std::string framed(const Json& message) {
  auto body = message.dump();
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::move(body);
}

}  // namespace dockhew::cli
