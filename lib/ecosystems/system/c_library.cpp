#include "ecosystems/system/c_library.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

using Release = std::pair<std::string_view, int>;

// Of each release the glibc: the packages libc6 of Debian and Ubuntu.
constexpr std::array<Release, 22> glibc_of_release = {{
    {"stretch", 24},  {"9", 24},     {"buster", 28},   {"10", 28},    {"bullseye", 31}, {"11", 31},
    {"bookworm", 36}, {"12", 36},    {"trixie", 41},   {"13", 41},    {"xenial", 23},   {"16.04", 23},
    {"bionic", 27},   {"18.04", 27}, {"focal", 31},    {"20.04", 31}, {"jammy", 35},    {"22.04", 35},
    {"noble", 39},    {"24.04", 39}, {"questing", 42}, {"25.10", 42},
}};

// 0 where it is not known.
int glibc_of(std::string_view release) {
  const auto found = std::ranges::find(glibc_of_release, release, &Release::first);
  return found == glibc_of_release.end() ? 0 : found->second;
}

CLibrary of_distroless(std::string_view name) {
  if (name.starts_with("static")) return {CLibrary::Kind::none, 0};
  const auto debian = name.rfind("-debian");
  if (debian == name.npos) return {};
  return {CLibrary::Kind::glibc, glibc_of(name.substr(debian + std::string_view("-debian").size()))};
}

// What the tag of a language's image stands for, where it changes over time: `rust:1`, `golang:latest`.
bool moves(const ImageFacts& image) { return image.entry->is_compiler && version_numbers(image.version).size() < 2; }

}  // namespace

CLibrary c_library_of(const Stage& stage) {
  if (stage.scratch) return {CLibrary::Kind::none, 0};
  if (!stage.reference.digest.empty() && stage.reference.tag.empty()) return {};
  if (const auto found = of_distroless(stage.reference.distroless()); found.kind != CLibrary::Kind::unknown)
    return found;
  if (!stage.image || stage.image->windows || stage.base_from_argument) return {};
  const auto& image = *stage.image;
  if (image.distribution == "alpine") return {CLibrary::Kind::musl, 0};
  if (image.distribution != "debian" && image.distribution != "ubuntu") return {};
  if (const auto minor = glibc_of(image.release); minor > 0) return {CLibrary::Kind::glibc, minor};
  if (image.release.empty() && moves(image)) return {CLibrary::Kind::glibc, glibc_of("bookworm")};
  return {CLibrary::Kind::glibc, 0};
}

std::string reason_against(const CLibrary& linked, const CLibrary& there) {
  constexpr int new_symbols = 34;
  if (linked.kind != CLibrary::Kind::glibc) return {};
  if (there.kind == CLibrary::Kind::none) return "which has no C library";
  if (there.kind == CLibrary::Kind::musl) return "whose C library is musl";
  if (there.kind != CLibrary::Kind::glibc || linked.minor < new_symbols || there.minor == 0 ||
      there.minor >= new_symbols)
    return {};
  return "whose glibc is 2." + std::to_string(there.minor);
}

// A whole tree, or what goes where the system's libraries are.
static bool may_bring_libraries(const Copy& copy) {
  const auto& to = copy.destination;
  if (to.is_unknown()) return true;
  if (to.text == "/")
    return std::ranges::any_of(copy.sources, [](const CopySource& source) {
      return !source.known || source.text.ends_with('/') || source.text.ends_with('*');
    });
  return std::ranges::any_of(std::array<std::string_view, 3>{"/lib", "/lib64", "/usr/lib"},
                             [&](std::string_view directory) { return path_is_under(to.text, directory); });
}

bool installs_c_library(const Dockerfile& file, const Stage& stage) {
  constexpr std::array<std::string_view, 5> names = {"gcompat", "libc6-compat", "glibc", "ld-linux", "patchelf"};
  for (const auto* each : chain_of(file, stage))
    for (const auto& step : each->steps) {
      if (step.copy && may_bring_libraries(*step.copy)) return true;
      const auto text = step.instruction->text.view();
      if (std::ranges::any_of(names, [&](std::string_view name) { return text.find(name) != text.npos; })) return true;
    }
  return false;
}

}  // namespace dockhew::inline ecosystems
