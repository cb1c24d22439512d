#include "text/overlapping_paths.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "text/path.hpp"

namespace dockhew::inline text {
namespace {

// Where one list has no more, each of its paths is compared with each of the other's sooner than all are sorted.
constexpr std::size_t few = 8;

struct Named {
  std::string_view path;
  std::size_t place = 0;  // in its list
  int list = 0;
};

// With the slash before all other characters, so that what is below a path stands right after it.
bool is_before(const Named& one, const Named& other) {
  const auto [a, b] = std::ranges::mismatch(one.path, other.path);
  const bool ends = a == one.path.end(), other_ends = b == other.path.end();
  if (ends && other_ends) return one.list < other.list;
  if (ends || other_ends) return ends;
  if (*a == '/' || *b == '/') return *a == '/';
  return static_cast<unsigned char>(*a) < static_cast<unsigned char>(*b);
}

// Calls `visit` with each path of both lists and those that it is or lies below, the nearest last, until one is true. A
// path of the first list comes before the same path of the second.
template <typename Visit>
bool any_nested(std::span<const std::string> first, std::span<const std::string> second, const Visit& visit) {
  std::vector<Named> all;
  all.reserve(first.size() + second.size());
  for (std::size_t i = 0; i < first.size(); ++i) all.push_back({first[i], i, 0});
  for (std::size_t i = 0; i < second.size(); ++i) all.push_back({second[i], i, 1});
  std::ranges::sort(all, is_before);
  std::vector<const Named*> around;
  for (const auto& named : all) {
    while (!around.empty() && !path_is_under(named.path, around.back()->path)) around.pop_back();
    if (visit(named, around)) return true;
    around.push_back(&named);
  }
  return false;
}

bool lies_in(const std::vector<const Named*>& around, int list) {
  return std::ranges::find(around, list, &Named::list) != around.end();
}

bool is_under_any(const std::string& path, std::span<const std::string> directories) {
  return std::ranges::any_of(directories, [&](const std::string& directory) { return path_is_under(path, directory); });
}

bool overlaps_any(const std::string& path, std::span<const std::string> others) {
  return std::ranges::any_of(
      others, [&](const std::string& other) { return path_is_under(path, other) || path_is_under(other, path); });
}

}  // namespace

bool paths_overlap(std::span<const std::string> one, std::span<const std::string> other) {
  if (std::min(one.size(), other.size()) <= few)
    return std::ranges::any_of(one, [&](const std::string& path) { return overlaps_any(path, other); });
  return any_nested(one, other, [](const Named& named, const auto& around) { return lies_in(around, 1 - named.list); });
}

std::vector<bool> overlapped_paths(std::span<const std::string> paths, std::span<const std::string> others) {
  std::vector<bool> found(paths.size());
  if (std::min(paths.size(), others.size()) <= few) {
    for (std::size_t i = 0; i < paths.size(); ++i) found[i] = overlaps_any(paths[i], others);
    return found;
  }
  any_nested(others, paths, [&](const Named& named, const auto& around) {
    if (named.list == 1) found[named.place] = lies_in(around, 0);
    else
      for (const auto* each : around)
        if (each->list == 1) found[each->place] = true;
    return false;
  });
  return found;
}

bool all_are_under(std::span<const std::string> paths, std::span<const std::string> directories) {
  if (std::min(paths.size(), directories.size()) <= few)
    return std::ranges::all_of(paths, [&](const std::string& path) { return is_under_any(path, directories); });
  return !any_nested(directories, paths,
                     [](const Named& named, const auto& around) { return named.list == 1 && !lies_in(around, 0); });
}

}  // namespace dockhew::inline text
