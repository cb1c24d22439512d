#include "ecosystems/system/runtime_packages.hpp"

#include <algorithm>
#include <set>

namespace dockhew {
namespace {

// The library behind a -dev package, or a compiler's own. Without a release it must be the same in all current ones.
std::string library_of(const Facts& facts, const std::string& package, const std::string& release) {
  std::string library;
  for (const auto& [name, table] : facts.runtime_packages) {
    if (!release.empty() ? name != release : name == "bullseye" || name == "alpine") continue;
    const auto found = table.find(package);
    if (found == table.end() || (!library.empty() && library != found->second)) return {};
    library = found->second;
  }
  return library;
}

}  // namespace

bool is_build_package(const Facts& facts, std::string_view package) {
  if (package.ends_with("-dev")) return true;
  return std::ranges::find(facts.build_packages, package) != facts.build_packages.end();
}

bool has_package_archive(const Facts& facts, const ImageFacts& image) {
  if (!image.release.empty()) return facts.runtime_packages.contains(image.release);
  if (image.version.empty()) return true;
  return version_at_least(image.version, image.entry->language == "python" ? "3.8" : "16");
}

RuntimePackages runtime_packages(const Facts& facts, const std::vector<std::string>& installed,
                                 const std::string& release) {
  RuntimePackages result;
  std::set<std::string> names;
  for (const auto& written : installed) {
    const auto package = written.substr(0, written.find_first_of("=<>~@"));
    const bool only_for_building = std::ranges::find(facts.build_packages, package) != facts.build_packages.end();
    if (const auto library = library_of(facts, package, release); !library.empty()) {
      names.insert(library);
    } else if (!only_for_building && package.ends_with("-dev")) {
      result.declined = "which package holds the run-time library of `" + package + "` is not known";
      return result;
    } else if (!only_for_building) {
      names.insert(written);
    }
  }
  result.names.assign(names.begin(), names.end());
  return result;
}

}  // namespace dockhew
