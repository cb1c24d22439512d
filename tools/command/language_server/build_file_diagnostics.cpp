#include "language_server/build_file_diagnostics.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "build_file_lint.hpp"
#include "language_server/diagnostics.hpp"
#include "language_server/positions.hpp"

namespace dockhew::cli {
namespace {

// What two texts have in common at their ends, in bytes.
class Unchanged {
 public:
  Unchanged(std::string_view before, std::string_view after)
      : grown_(static_cast<std::int64_t>(after.size()) - static_cast<std::int64_t>(before.size())) {
    const auto shorter = std::min(before.size(), after.size());
    while (front_ < shorter && before[front_] == after[front_]) ++front_;
    std::size_t back = 0;
    while (back < shorter - front_ && before[before.size() - 1 - back] == after[after.size() - 1 - back]) ++back;
    back_begin_ = before.size() - back;
  }

  // Where a place of the text before is in the other; nothing where it was changed.
  std::optional<Span> moved(Span span) const {
    if (span.end <= front_) return span;
    if (span.begin < back_begin_) return std::nullopt;
    return Span{static_cast<std::uint32_t>(span.begin + grown_), static_cast<std::uint32_t>(span.end + grown_)};
  }

 private:
  std::int64_t grown_;
  std::size_t front_ = 0, back_begin_ = 0;
};

}  // namespace

Json build_file_diagnostics(const OpenDocument& document, ProjectMemory& memory, const Client& client) {
  const auto settings = memory.settings(document.path);
  const Positions positions(document.text, client.encoding);
  auto all = Json::array();
  if (!settings->error.empty()) {
    all.push_back(configuration_diagnostic(*settings, positions));
    return all;
  }
  std::string error;  // it may not be on disk yet
  const auto file = read_declared_builds(document.path, memory.facts(), error, &memory.repositories());
  if (!file) return all;
  const Unchanged unchanged(file->text, document.text);
  for (const auto& finding : lint_build_file(*file, settings->lint))
    if (const auto span = unchanged.moved(finding.span))
      all.push_back(diagnostic_at(positions.range(*span), finding, *settings, client));
  return all;
}

}  // namespace dockhew::cli
