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

// `a.json` or `./a.json`, which is a file of the context. An ADD may unpack an archive, and with --parents a name with
// directories keeps them.
bool is_single_file(const BuildContext& context, const CopySource& source) {
  constexpr std::string_view archives[] = {".bz2", ".gz", ".tar", ".tgz", ".txz", ".xz", ".zst"};
  if (!source.known || source.heredoc || !context.is_known()) return false;
  const auto name = clean_path("/" + source.text).substr(1);
  return name.find('/') == name.npos && context.kind(name) == PathKind::file &&
         std::ranges::none_of(archives, [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

bool commutes(const Effects& one, const Effects& other) {
  if (one.changes_shell || other.changes_shell) return false;
  const auto by_one = touched(one), by_other = touched(other);
  return !overlap(by_one, by_other) && !overlap(by_one, other.reads) && !overlap(by_other, one.reads);
}

Effects copy_effects(const Site& beside, const Copy& copy) {
  if (!copy.destination.is_known()) return unknown_effects();
  // WORKDIR makes its directory, and a COPY the one that it copies to: what comes after counts on that.
  const auto& workdir = beside.step.workdir;
  const bool is_there = workdir.is_known() && path_is_under(workdir.text, copy.destination.text);
  if (!is_there || !copy.directory || !std::ranges::all_of(copy.sources, [&](const CopySource& source) {
        return copy.from_context() && is_single_file(beside.context(), source);
      }))
    return writes_below(copy.destination.text);
  Effects effects;
  for (const auto& source : copy.sources)
    effects.writes.paths.push_back({resolve_path(copy.destination.text, path_basename(source.text)), {}, {}});
  return effects;
}

Effects writes_below(std::string_view directory) {
  Effects effects;
  effects.writes.paths.push_back({std::string(directory), {}, {}});
  return effects;
}

}  // namespace dockhew::inline effects
