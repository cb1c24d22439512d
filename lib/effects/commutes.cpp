#include "effects/commutes.hpp"

#include <algorithm>
#include <string>

#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

bool is_nothing(const AffectedPaths& affected) { return affected.paths.empty() && !affected.anything; }

bool overlap(const std::string& one, const std::string& other) {
  const auto a = without_wildcards(one), b = without_wildcards(other);
  return path_is_under(a, b) || path_is_under(b, a);
}

bool overlap(const AffectedPaths& one, const AffectedPaths& other) {
  if (is_nothing(one) || is_nothing(other)) return false;
  if (one.anything || other.anything) return true;
  return std::ranges::any_of(one.paths, [&](const AffectedPath& a) {
    return std::ranges::any_of(other.paths, [&](const AffectedPath& b) { return overlap(a.path, b.path); });
  });
}

// All that is other than before.
AffectedPaths touched(const Effects& effects) {
  AffectedPaths all;
  for (const auto* affected : {&effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners})
    all.add(*affected);
  return all;
}

}  // namespace

bool commutes(const Effects& one, const Effects& other) {
  if (one.changes_shell || other.changes_shell) return false;
  const auto by_one = touched(one), by_other = touched(other);
  return !overlap(by_one, by_other) && !overlap(by_one, other.reads) && !overlap(by_other, one.reads);
}

Effects copy_effects(const Copy& copy) {
  return copy.destination.is_known() ? writes_below(copy.destination.text) : unknown_effects();
}

Effects writes_below(std::string_view directory) {
  Effects effects;
  effects.writes.paths.push_back({std::string(directory), {}, {}});
  return effects;
}

}  // namespace dockhew::inline effects
