#include "language_server/positions.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

std::uint32_t units_of(const Rune& rune, Encoding encoding) {
  if (encoding == Encoding::utf8) return static_cast<std::uint32_t>(rune.size);
  return encoding == Encoding::utf16 && rune.value >= 0x10000 ? 2 : 1;
}

// A number from 0 on; what is none counts as 0.
std::uint64_t count_at(const Json& position, std::string_view name) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(position.integer_at(name), 0));
}

}  // namespace

std::string_view to_string(Encoding encoding) {
  if (encoding == Encoding::utf8) return "utf-8";
  return encoding == Encoding::utf16 ? "utf-16" : "utf-32";
}

Positions::Positions(std::string_view text, Encoding encoding) : text_(text), encoding_(encoding), begins_{0} {
  for (auto at = text.find_first_of("\r\n"); at != text.npos; at = text.find_first_of("\r\n", at)) {
    at += text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
    begins_.push_back(static_cast<std::uint32_t>(at));
  }
}

std::uint32_t Positions::line(std::uint32_t offset) const {
  return static_cast<std::uint32_t>(std::ranges::upper_bound(begins_, offset) - begins_.begin()) - 1;
}

Span Positions::line_span(std::uint32_t line) const {
  const auto end = line + 1 < begins_.size() ? begins_[line + 1] : static_cast<std::uint32_t>(text_.size());
  Span span{begins_[line], end};
  if (!span.empty() && text_[span.end - 1] == '\n') --span.end;
  if (!span.empty() && text_[span.end - 1] == '\r') --span.end;
  return span;
}

std::uint32_t Positions::units(std::uint32_t begin, std::uint32_t end) const {
  std::uint32_t count = 0;
  for (auto at = begin; at < end;) {
    const auto rune = decode_rune(text_.substr(at));
    count += units_of(rune, encoding_);
    at += static_cast<std::uint32_t>(rune.size);
  }
  return count;
}

Json Positions::position(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto number = line(offset);
  const auto whole = line_span(number);
  return {{"line", number}, {"character", units(whole.begin, std::min(offset, whole.end))}};
}

Json Positions::range(Span span) const { return {{"start", position(span.begin)}, {"end", position(span.end)}}; }

std::uint32_t Positions::offset(const Json* position) const {
  if (position == nullptr) return 0;
  const auto number = count_at(*position, "line");
  if (number >= begins_.size()) return static_cast<std::uint32_t>(text_.size());
  const auto span = line_span(static_cast<std::uint32_t>(number));
  auto left = count_at(*position, "character");
  auto at = span.begin;
  while (at < span.end && left > 0) {
    const auto rune = decode_rune(text_.substr(at));
    const auto size = units_of(rune, encoding_);
    if (left < size) break;  // in the middle of a character: before it
    left -= size;
    at += static_cast<std::uint32_t>(rune.size);
  }
  return at;
}

Span Positions::span(const Json* range) const {
  if (range == nullptr) return {};
  const auto begin = offset(range->find("start"));
  return {begin, std::max(begin, offset(range->find("end")))};
}

}  // namespace dockhew::cli
