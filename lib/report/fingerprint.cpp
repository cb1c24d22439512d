#include "report/fingerprint.hpp"

namespace dockhew::inline report {
namespace {

std::uint64_t fnv(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

}  // namespace

std::string fingerprint(const Finding& finding, const LineIndex& lines, SeenFingerprints& seen) {
  const auto line = lines.line(finding.span.begin);
  const auto [known, fresh] = seen.hashes.try_emplace({finding.rule->id, line});
  auto& hash = known->second;
  if (fresh) {
    hash = fnv(14695981039346656037ull, finding.rule->id);
    for (const char c : lines.line_text(line))
      if (c != ' ' && c != '\t') hash = fnv(hash, std::string_view(&c, 1));
  }
  const int number = seen.counts[hash]++;
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(hash >> shift) & 15];
  return out + ':' + std::to_string(number + 1);
}

}  // namespace dockhew::inline report
