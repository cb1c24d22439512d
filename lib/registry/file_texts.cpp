#include "registry/file_texts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace dockhew::inline registry {
namespace {

constexpr std::size_t most_entries = 20'000;
constexpr std::size_t longest_word = 256;

// Calls `visit` for each line, without its ending.
template <typename Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool is_plain(std::string_view word) {
  return !word.empty() && word.size() <= longest_word &&
         std::ranges::all_of(word, [](char c) { return '!' <= c && c <= '~'; });
}

std::string_view unquoted(std::string_view value) {
  const bool quoted =
      value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

// Debian is known by the name of a release, as tags have it, Ubuntu and Alpine by its number.
void read_os_release(std::string_view text, ImageFiles& files) {
  std::string_view id, codename, version;
  for_each_line(text, [&](std::string_view line) {
    const auto equals = line.find('=');
    if (equals == line.npos) return;
    const auto name = line.substr(0, equals), value = unquoted(line.substr(equals + 1));
    if (!is_plain(value)) return;
    if (name == "ID") id = value;
    if (name == "VERSION_CODENAME") codename = value;
    if (name == "VERSION_ID") version = value;
  });
  // "3.20.3": tags and packages are those of 3.20. Alpine's edge has a date there and is no release.
  const auto alpine = version.substr(0, std::min(version.find('.', version.find('.') + 1), version.size()));
  const bool edge = version.find_first_not_of("0123456789.") != version.npos;
  // What is made of Red Hat's sources is one family with one number: "9" of 9.4.
  constexpr std::array<std::string_view, 5> of_redhat = {"almalinux", "centos", "ol", "rhel", "rocky"};
  const bool redhat = std::ranges::find(of_redhat, id) != of_redhat.end();
  const auto release = id == "debian"                                     ? codename
                       : id == "ubuntu" || id == "fedora" || id == "amzn" ? version
                       : id == "alpine" && !edge                          ? alpine
                       : redhat                                           ? version.substr(0, version.find('.'))
                                                                          : std::string_view();
  if (release.empty()) return;
  files.distribution = redhat ? "redhat" : id == "amzn" ? "amazon" : id;
  files.release = release;
}

void read_users(std::string_view text, const OwnerOf& owner, ImageFiles& files) {
  for_each_line(text, [&](std::string_view line) {
    std::vector<std::string_view> fields;
    for (auto rest = line;;) {
      const auto colon = rest.find(':');
      fields.push_back(rest.substr(0, colon));
      if (colon == rest.npos || fields.size() > 7) break;
      rest.remove_prefix(colon + 1);
    }
    if (fields.size() != 7 || files.homes.size() > most_entries) return;
    const auto name = fields[0], number = fields[2], home = fields[5];
    if (!is_plain(name) || !is_plain(number) || !is_plain(home) || !home.starts_with('/')) return;
    if (owner(std::string(home)) != number) return;
    const auto group = fields[3];
    const auto is_number = [](std::string_view text) {
      return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == text.npos;
    };
    if (is_number(number) && is_number(group))
      files.users.emplace(name, number == group ? std::string(number) : std::string(number) + ':' + std::string(group));
    // The first of equal names, and of equal numbers, counts.
    files.homes.emplace(name, home);
    files.homes.emplace(number, home);
  });
}

void read_packages(std::string_view text, bool always_installed, ImageFiles& files) {
  std::string_view name;
  bool installed = always_installed;
  const auto end_paragraph = [&] {
    if (installed && is_plain(name) && files.packages.size() < most_entries) files.packages.emplace(name);
    name = {};
    installed = always_installed;
  };
  for_each_line(text, [&](std::string_view line) {
    constexpr std::string_view package = "Package: ", status = "Status: ";
    if (line.empty()) end_paragraph();
    else if (line.starts_with(package)) name = line.substr(package.size());
    else if (line.starts_with(status)) installed = line.ends_with(" ok installed");
  });
  end_paragraph();
  files.has_packages = true;
}

// Of a package, the lines with one letter and a colon stand together; P is its name.
void read_apk_packages(std::string_view text, ImageFiles& files) {
  constexpr std::string_view package = "P:";
  for_each_line(text, [&](std::string_view line) {
    if (!line.starts_with(package) || files.packages.size() >= most_entries) return;
    const auto name = line.substr(package.size());
    if (is_plain(name)) files.packages.emplace(name);
  });
  files.has_packages = true;
}

// Anything about what is downloaded may empty it, so it need not be understood.
void read_apt_settings(std::string_view text, ImageFiles& files) {
  constexpr std::array<std::string_view, 5> signs = {"/var/cache/apt", "Dir::Cache", "Keep-Downloaded-Packages",
                                                     "Clean", "archives"};
  for_each_line(text, [&](std::string_view line) {
    const auto first = line.find_first_not_of(" \t");
    if (first == line.npos || line.substr(first).starts_with("//") || line[first] == '#') return;
    files.empties_apt_cache |=
        std::ranges::any_of(signs, [&](std::string_view sign) { return line.find(sign) != line.npos; });
  });
}

}  // namespace dockhew::inline registry
