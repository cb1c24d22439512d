#include "effects/commutes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "text/overlapping_paths.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

bool is_nothing(const AffectedPaths& affected) { return affected.paths.empty() && !affected.anything; }

std::vector<std::string> plain_paths(const AffectedPaths& affected) {
  std::vector<std::string> paths;
  paths.reserve(affected.paths.size());
  for (const auto& each : affected.paths) paths.push_back(without_wildcards(each.path));
  return paths;
}

bool overlap(const AffectedPaths& one, const AffectedPaths& other) {
  if (is_nothing(one) || is_nothing(other)) return false;
  if (one.anything || other.anything) return true;
  return paths_overlap(plain_paths(one), plain_paths(other));
}

// All that is other than before.
AffectedPaths touched(const Effects& effects) {
  AffectedPaths all;
  for (const auto* affected : {&effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners})
    all.add(*affected);
  return all;
}

constexpr std::size_t most_entries = 200;  // of a directory, that are looked at one by one

// What is in a directory of the context that a source names; nothing where that is not known, or is too much. With
// --parents a name with directories keeps them.
std::optional<std::vector<std::string>> copied_entries(const BuildContext& context, const CopySource& source) {
  if (!source.known || source.heredoc || !context.is_known()) return std::nullopt;
  const auto name = clean_path("/" + source.text).substr(1);
  const auto directory = name.empty() ? std::string(".") : name;
  if (name.find('/') != name.npos || context.kind(directory) != PathKind::directory) return std::nullopt;
  auto entries = context.entries(directory);
  return entries.size() > most_entries ? std::nullopt : std::optional(std::move(entries));
}

// `a.json` or `./a.json`, which is a file of the context. An ADD may unpack an archive.
bool is_single_file(const BuildContext& context, const CopySource& source) {
  constexpr std::string_view archives[] = {".bz2", ".gz", ".tar", ".tgz", ".txz", ".xz", ".zst"};
  if (!source.known || source.heredoc || !context.is_known()) return false;
  const auto name = clean_path("/" + source.text).substr(1);
  return name.find('/') == name.npos && context.kind(name) == PathKind::file &&
         std::ranges::none_of(archives, [&](std::string_view ending) { return name.ends_with(ending); });
}

// Whether the directory is there without the COPY: WORKDIR makes its own, and a COPY the one that it copies to, on
// which what comes after counts.
bool is_there(const Step& beside, const Copy& copy) {
  return beside.workdir.is_known() && path_is_under(beside.workdir.text, copy.destination.text);
}

// What a COPY writes, by the names of what its sources bring; its whole destination where one is not known.
// `directories`: also of what is in a directory today.
Effects copied_files(const Site& beside, const Copy& copy, bool directories) {
  if (!copy.destination.is_known()) return unknown_effects();
  const auto whole = [&] { return writes_below(copy.destination.text); };
  if (!copy.from_context() || !is_there(beside.step, copy)) return whole();
  Effects effects;
  const auto add = [&](std::string_view name) {
    effects.writes.paths.push_back({resolve_path(copy.destination.text, name), {}, {}});
  };
  for (const auto& source : copy.sources) {
    if (copy.directory && is_single_file(beside.context(), source)) {
      add(path_basename(source.text));
    } else if (const auto entries = directories ? copied_entries(beside.context(), source) : std::nullopt) {
      for (const auto& entry : *entries) add(entry);
    } else {
      return whole();
    }
  }
  return effects;
}

}  // namespace

bool commutes(const Effects& one, const Effects& other) {
  if (one.changes_shell || other.changes_shell) return false;
  const auto by_one = touched(one), by_other = touched(other);
  return !overlap(by_one, by_other) && !overlap(by_one, other.reads) && !overlap(by_other, one.reads);
}

std::vector<std::string> left_alone(const Effects& effects, std::vector<std::string> paths) {
  auto all = touched(effects);
  all.add(effects.reads);
  if (effects.changes_shell || all.anything) return {};
  const auto overlapped = overlapped_paths(paths, plain_paths(all));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (!overlapped[i]) std::swap(paths[kept++], paths[i]);
  paths.resize(kept);
  return paths;
}

Effects copy_effects(const Site& beside, const Copy& copy) { return copied_files(beside, copy, false); }

bool copies_apart(const Site& beside, const Copy& one, const Copy& other) {
  const bool same_names = one.directory && other.directory;
  return commutes(copied_files(beside, one, same_names), copied_files(beside, other, same_names));
}

Effects writes_below(std::string_view directory) {
  Effects effects;
  effects.writes.paths.push_back({std::string(directory), {}, {}});
  return effects;
}

}  // namespace dockhew::inline effects
