#include "ecosystems/python/package_versions.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

using Table = NameMap<std::string_view>;

const Table& table_of(const Facts& facts, std::string_view name) {
  static const Table none;
  const auto found = facts.needed_packages.find(name);
  return found == facts.needed_packages.end() ? none : found->second;
}

bool continues_name(char c) {
  return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '.' || c == '/';
}

// Bytes around a name that are read: a requirement is short, and a line need not be.
constexpr std::size_t longest_requirement = 256;

bool is_in_comment(std::string_view before) {
  if (before.size() > longest_requirement) before.remove_prefix(before.size() - longest_requirement);
  const auto line = trim_unicode(before.substr(before.rfind('\n') + 1));
  return line.starts_with('#') || line.find(" #") != line.npos;
}

// What follows each place where a package is named.
std::vector<std::string_view> find_requirements_of(std::string_view names, std::string_view package) {
  std::vector<std::string_view> found;
  for (auto at = names.find(package); at != names.npos; at = names.find(package, at + 1)) {
    const auto end = at + package.size();
    if ((at > 0 && continues_name(names[at - 1])) || (end < names.size() && continues_name(names[end]))) continue;
    if (is_in_comment(names.substr(0, at))) continue;
    found.push_back(names.substr(end, longest_requirement));
  }
  return found;
}

constexpr std::string_view digits = "0123456789.";

// Whether a requirement allows nothing as new as a version: `==4.6.3`, `<5`, `~=4.6`, Poetry's `version = "4.6.3"`.
bool is_older(std::string_view requirement, std::string_view than) {
  const auto number_at = [&](std::size_t at) {
    const auto text = requirement.substr(std::min(at, requirement.size()));
    return text.substr(0, text.find_first_not_of(digits));
  };
  constexpr std::string_view locked = "\"\nversion = \"";
  if (requirement.starts_with(locked)) return !version_at_least(number_at(locked.size()), than);
  const auto line = requirement.substr(0, requirement.find_first_of("\n;#"));
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::string_view rest = line.substr(at);
    const bool below = rest.starts_with('<') && !rest.starts_with("<=");
    if (!below && !rest.starts_with("==") && !rest.starts_with("<=") && !rest.starts_with("~=") &&
        !rest.starts_with('^'))
      continue;
    const auto number = number_at(line.find_first_of(digits, at));
    if (number.empty()) continue;
    if (below ? version_at_least(than, number) : !version_at_least(number, than)) return true;
  }
  return false;
}

bool has_older(std::string_view names, std::string_view package, std::string_view than) {
  return std::ranges::any_of(find_requirements_of(names, package),
                             [&](std::string_view requirement) { return is_older(requirement, than); });
}

// The version with the first wheel for a minor version of Python, in "3.11=4.9.1 3.12=4.9.3". For one newer than all of
// these, which the table does not know, the last; for an older one nothing.
std::string_view first_wheel(std::string_view versions, std::string_view python) {
  std::string_view found;
  for (const auto entry : split_words(versions)) {
    const auto minor = entry.substr(0, entry.find('='));
    if (version_at_least(python, minor)) found = entry.substr(minor.size() + 1);
  }
  return found;
}

// An extra of a requirement, as the tables call it.
struct Extra {
  std::string name;       // "postgresql"
  std::string qualified;  // "sqlalchemy[postgresql]"
};

// The name before the list of extras: `sqlalchemy[…]`, Poetry's `sqlalchemy = {extras = […]}`. Empty where the list is
// none of extras.
std::string_view extended_by(std::string_view before) {
  if (before.size() > longest_requirement) before.remove_prefix(before.size() - longest_requirement);
  const auto line = trim_unicode(before.substr(before.rfind('\n') + 1));
  if (before.empty() || line.empty()) return {};
  if (continues_name(before.back())) return line.substr(line.find_last_of(" \t\"'[{,") + 1);
  const auto key = line.rfind("extras");
  if (key == line.npos || trim_unicode(line.substr(key + std::string_view("extras").size())) != "=") return {};
  const auto name = line.substr(0, line.find_first_of(" =\t"));
  return name == "extras" ? std::string_view() : name;
}

// Extras bring packages of their own: `sqlalchemy[asyncio,postgresql]`.
std::vector<Extra> find_extras(std::string_view names) {
  std::vector<Extra> found;
  for (auto at = names.find('['); at != names.npos; at = names.find('[', at + 1)) {
    const auto package = extended_by(names.substr(0, at));
    const auto list = names.substr(at + 1, longest_requirement);
    const auto end = list.find(']');
    if (package.empty() || end == list.npos || is_in_comment(names.substr(0, at))) continue;
    for (std::string_view rest = list.substr(0, end); !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      auto name = trim_unicode(rest.substr(0, comma));
      while (!name.empty() && (name.front() == '"' || name.front() == '\'')) name.remove_prefix(1);
      while (!name.empty() && (name.back() == '"' || name.back() == '\'')) name.remove_suffix(1);
      if (!name.empty()) found.push_back({std::string(name), std::string(package) + '[' + std::string(name) + ']'});
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return found;
}

}  // namespace

std::vector<std::string> packages_of_extras(const Facts& facts, std::string_view names) {
  std::set<std::string> packages;
  std::string text(names);
  std::ranges::replace(text, '_', '-');
  const auto& extras = table_of(facts, "pip-extras");
  const auto& requirements = table_of(facts, "pip");
  for (const auto& extra : find_extras(text)) {
    auto row = extras.find(extra.qualified);
    if (row == extras.end()) row = extras.find(extra.name);
    if (row == extras.end()) {
      row = requirements.find(extra.name);  // most are called like the package that they bring
      if (row == requirements.end()) continue;
    }
    const auto words = split_words(row->second);
    packages.insert(words.begin(), words.end());
  }
  return {packages.begin(), packages.end()};
}

std::vector<std::string> packages_of_versions(const Facts& facts, std::string_view names, std::string_view python) {
  std::set<std::string> packages;
  std::string text(names);
  std::ranges::replace(text, '_', '-');
  for (const auto& [package, until] : table_of(facts, "pip-until")) {
    const auto words = split_words(until);
    if (!words.empty() && has_older(text, package, words[0])) packages.insert(words.begin() + 1, words.end());
  }
  const auto& wheels = table_of(facts, "pip-first-wheels");
  for (const auto& [package, libraries] : table_of(facts, "pip-compiled")) {
    const auto versions = wheels.find(package);
    const auto first = versions == wheels.end() ? std::string_view() : first_wheel(versions->second, python);
    if (first.empty() || !has_older(text, package, first)) continue;
    const auto words = split_words(libraries);
    packages.insert(words.begin(), words.end());
  }
  return {packages.begin(), packages.end()};
}

Obstacle obstacle_of_requirements(const Facts& facts, std::string_view names, std::string_view runtime_image) {
  for (const auto& [package, compiler] : table_of(facts, "pip-compiles-when-run"))
    if (!find_requirements_of(names, package).empty())
      return Declined{"`" + std::string(package) + "` compiles code with " + std::string(compiler) +
                      " when it runs, and `" + std::string(runtime_image) + "` has no compiler"};
  for (std::string_view rest = names; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = trim_unicode(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with("-e ") || line.starts_with("--editable"))
      return Declined{"the requirements say `" + std::string(line) +
                      "`, and an editable installation leaves files in the source"};
  }
  return std::nullopt;
}

Obstacle obstacle_of_libraries_beside(const Facts& facts, std::string_view names) {
  std::string text(names);
  std::ranges::replace(text, '_', '-');
  for (const auto& [package, nothing] : table_of(facts, "pip-beside-packages"))
    if (!find_requirements_of(text, package).empty())
      return Declined{"`" + std::string(package) +
                      "` has its libraries in `/usr/local/lib` itself, or needs some there, beside Python's own"};
  return std::nullopt;
}

Obstacle obstacle_of_compiled_packages(const Facts& facts, std::string_view names) {
  std::string text(names);
  std::ranges::replace(text, '_', '-');
  for (const auto& [package, libraries] : table_of(facts, "pip-without-wheels"))
    if (!find_requirements_of(text, package).empty())
      return Declined{"`" + std::string(package) + "` has no wheel, so it is compiled with what the builder has (" +
                      std::string(libraries) + "), and what of that it links to is not known"};
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
