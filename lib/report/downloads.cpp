#include "report/downloads.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace dockhew::inline report {
namespace {

// "9,120.5", of digits, commas and a point. libc++ has no std::from_chars for it before version 20, and std::strtod
// asks the locale.
std::optional<double> read_number(std::string_view text) {
  double digits = 0, parts = 0;
  bool any = false;
  for (const char c : text) {
    if (c == ',') continue;
    if (c == '.' && parts > 0) break;
    if (c == '.') {
      parts = 1;
      continue;
    }
    any = true;
    digits = digits * 10 + (c - '0');
    parts *= 10;
  }
  return any ? std::optional(parts > 0 ? digits / parts : digits) : std::nullopt;
}

// "46.4 MB", "9,120 kB", "1.9MiB", "62 M", "0 B"; nothing when the text does not start with an amount.
std::optional<std::uint64_t> read_amount(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto end = std::min(text.find_first_not_of("0123456789.,"), text.size());
  const auto value_read = read_number(text.substr(0, end));
  if (!value_read) return std::nullopt;
  auto value = *value_read;
  text.remove_prefix(end);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  constexpr std::string_view units = "bkmgt";
  const auto power =
      text.empty() ? 0 : units.find(static_cast<char>(std::tolower(static_cast<unsigned char>(text[0]))));
  if (power == units.npos) return std::nullopt;
  // DNF's "M" and everybody's "MiB" count in powers of two.
  const bool binary = text.size() < 2 || text[1] == 'i' || !std::isalpha(static_cast<unsigned char>(text[1]));
  for (std::size_t i = 0; i < power; ++i) value *= binary ? 1024 : 1000;
  constexpr double most = 1e18;  // more is not a download
  return value < most ? std::optional(static_cast<std::uint64_t>(value)) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> reported_download(std::string_view line) {
  // "Downloading numpy-2.1.3-cp312-manylinux.whl (16.0 MB)", "Downloaded 37 crates (3.2 MB) in 0.55s", and Maven's
  // "Downloaded from central: https://… (12 kB at 1.1 MB/s)"
  for (const std::string_view verb : {"Downloading ", "Downloaded "}) {
    const auto at = line.find(verb);
    const auto bracket = at == line.npos ? at : line.find('(', at);
    if (bracket != line.npos) return read_amount(line.substr(bracket + 1));
  }
  if (line.find("Using cached ") != line.npos) return 0;
  // APT announces what it needs and reports at the end what it fetched, except that it reports "nothing" only once.
  constexpr std::string_view announced = "Need to get ";
  if (const auto at = line.find(announced); at != line.npos) {
    const auto amount = read_amount(line.substr(at + announced.size()));
    return amount == 0 ? amount : std::nullopt;
  }
  for (const std::string_view phrase :
       {"Fetched ", "Total download size: ", "Overall download size: ", "Total Download Size: "})
    if (const auto at = line.find(phrase); at != line.npos) return read_amount(line.substr(at + phrase.size()));
  return std::nullopt;
}

}  // namespace dockhew::inline report
