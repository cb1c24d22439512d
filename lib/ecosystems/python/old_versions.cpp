#include "ecosystems/python/old_versions.hpp"

#include <algorithm>
#include <optional>

#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `before`: the first version that needs none of them. Source: its documentation.
struct Older {
  std::string_view package, before, system;
};
constexpr Older older[] = {
    {"weasyprint", "53", "libcairo2 libgdk-pixbuf-2.0-0 libpangocairo-1.0-0 shared-mime-info"},
};

// The first version with a wheel for a minor version of Python 3, by the files on PyPI in 2026. What an older one is
// compiled against is in `system`.
struct FirstWheel {
  std::string_view package;
  int minor;
  std::string_view version, system;
};
constexpr std::string_view for_lxml = "libxml2-dev libxslt1-dev";
constexpr std::string_view for_pillow =
    "libfreetype-dev libjpeg62-turbo-dev liblcms2-dev libopenjp2-7-dev libtiff-dev libwebpdemux2 libwebpmux3 libxcb1";
constexpr FirstWheel first_wheels[] = {
    {"lxml", 9, "4.5.2", for_lxml},       {"lxml", 10, "4.6.3", for_lxml},      {"lxml", 11, "4.9.1", for_lxml},
    {"lxml", 12, "4.9.3", for_lxml},      {"lxml", 13, "5.3.0", for_lxml},      {"lxml", 14, "6.0.1", for_lxml},
    {"pillow", 9, "8.0.0", for_pillow},   {"pillow", 10, "8.3.2", for_pillow},  {"pillow", 11, "9.2.0", for_pillow},
    {"pillow", 12, "10.0.0", for_pillow}, {"pillow", 13, "10.4.0", for_pillow}, {"pillow", 14, "11.3.0", for_pillow},
};

bool continues_name(char c) {
  return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
}

// The version behind a name: `lxml==4.6.3`, `lxml[html] ~= 4.6`, `name = "lxml"` and on the next line `version =
// "4.6.3"`.
std::optional<std::string_view> version_behind(std::string_view text) {
  text = text.substr(0, 80);
  if (text.starts_with('[')) text.remove_prefix(std::min(text.find(']') + 1, text.size()));
  const auto skip = [&](std::string_view letters) {
    text.remove_prefix(std::min(text.find_first_not_of(letters), text.size()));
  };
  skip("\" \t\r\n:{");
  if (text.starts_with("version")) text.remove_prefix(7);
  skip(" \t\"'");
  const auto sign = text.find_first_not_of("=~<:");
  if (sign == 0 || sign == text.npos) return std::nullopt;
  text.remove_prefix(sign);
  skip(" \t\"'=");
  const auto version = text.substr(0, text.find_first_not_of("0123456789."));
  return version.empty() ? std::nullopt : std::optional(version);
}

// Whether a package is named, and `holds` of what is behind its name.
template <typename Holds>
bool names(std::string_view text, std::string_view package, const Holds& holds) {
  for (auto at = text.find(package); at != text.npos; at = text.find(package, at + 1)) {
    const auto end = at + package.size();
    const bool whole = (at == 0 || !continues_name(text[at - 1])) && (end == text.size() || !continues_name(text[end]));
    if (whole && holds(text.substr(end))) return true;
  }
  return false;
}

bool is_pinned_before(std::string_view text, std::string_view package, std::string_view version) {
  return names(text, package, [&](std::string_view behind) {
    const auto pinned = version_behind(behind);
    return pinned && !version_at_least(*pinned, version);
  });
}

}  // namespace

std::vector<std::string> needed_by_old_versions(std::string_view text, const ImageFacts& image) {
  std::vector<std::string> packages;
  const auto add = [&](std::string_view system) {
    for (const auto each : split_words(system)) packages.emplace_back(each);
  };
  for (const auto& [package, before, system] : older)
    if (is_pinned_before(text, package, before)) add(system);
  const auto numbers = version_numbers(image.version);
  if (numbers.size() < 2 || numbers[0] != 3) return packages;
  for (const auto& [package, minor, version, system] : first_wheels)
    if (minor == numbers[1] && is_pinned_before(text, package, version)) add(system);
  return packages;
}

std::string_view find_compiling_package(std::string_view text) {
  constexpr std::string_view packages[] = {"aesara", "cmdstanpy", "cppyy",  "pymc",       "pymc3",
                                           "pystan", "pytensor",  "theano", "theano-pymc"};
  for (const auto package : packages)
    if (names(text, package, [](std::string_view) { return true; })) return package;
  return {};
}

}  // namespace dockhew::inline ecosystems
