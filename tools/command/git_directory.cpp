#include "git_directory.hpp"

#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "cache_directory.hpp"
#include "files.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

std::string first_line(const fs::path& path) {
  const auto read = read_regular_file(path.string(), largest_companion, Links::refused);
  auto line = read.text.substr(0, read.text.find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

// The value of a line of a configuration (git-config(1), Syntax): quotes go, and so does a comment behind it.
std::string unquoted(std::string_view written) {
  std::string value;
  bool quoted = false;
  std::size_t wanted = 0;  // up to here no blank may go
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    if (!quoted && (c == '#' || c == ';')) break;
    if (c == '"') {
      quoted = !quoted;
      wanted = value.size();
    } else if (c == '\\' && i + 1 < written.size()) {
      value += written[++i];
      wanted = value.size();
    } else {
      value += c;
      if (quoted) wanted = value.size();
    }
  }
  while (value.size() > wanted && (value.back() == ' ' || value.back() == '\t')) value.pop_back();
  return value;
}

// The last core.excludesFile of a configuration; nothing where it has none.
std::optional<std::string> excludes_file_in(const fs::path& path) {
  std::optional<std::string> found;
  bool core = false;
  const auto text = read_regular_file(path.string(), largest_companion, Links::followed).text;
  for (auto line : split_lines(text)) {
    line = trimmed(line);
    if (line.starts_with('[')) {
      const auto end = line.find(']');
      core = end != line.npos && to_lower_ascii(trimmed(line.substr(1, end - 1))) == "core";
      line = end == line.npos ? std::string_view() : trimmed(line.substr(end + 1));
    }
    const auto equals = line.find('=');
    if (core && equals != line.npos && to_lower_ascii(trimmed(line.substr(0, equals))) == "excludesfile")
      found = unquoted(trimmed(line.substr(equals + 1)));
  }
  return found;
}

// A home directory at the beginning is the only part that Git expands and a stranger cannot say.
fs::path expanded(const std::string& path) {
  const char* home = std::getenv("HOME");
  if (path.starts_with("~/") && home != nullptr) return fs::path(home) / path.substr(2);
  return fs::path(path).is_absolute() ? fs::path(path) : fs::path();
}

}  // namespace

GitDirectory git_directory(const fs::path& root) {
  std::error_code error;
  auto own = root / ".git";
  if (fs::is_regular_file(own, error)) {
    constexpr std::string_view key = "gitdir: ";
    const auto line = first_line(own);
    if (!line.starts_with(key)) return {};
    own = (root / line.substr(key.size())).lexically_normal();
  }
  if (!fs::exists(own / "HEAD", error)) return {};
  const auto common = first_line(own / "commondir");
  return {own, common.empty() ? own : (own / common).lexically_normal()};
}

fs::path global_excludes_file(const GitDirectory& git) {
  const char* home = std::getenv("HOME");
  const auto user = directory_variable("XDG_CONFIG_HOME");
  const auto settings = !user.empty() ? fs::path(user) : home != nullptr ? fs::path(home) / ".config" : fs::path();
  const char* global = std::getenv("GIT_CONFIG_GLOBAL");
  const char* system = std::getenv("GIT_CONFIG_SYSTEM");
  std::optional<std::string> found;
  // The most particular counts.
  const std::array<fs::path, 4> configurations = {
      system != nullptr                               ? fs::path(system)
      : std::getenv("GIT_CONFIG_NOSYSTEM") != nullptr ? fs::path()
                                                      : "/etc/gitconfig",
      global != nullptr || settings.empty() ? fs::path() : settings / "git/config",
      global != nullptr ? fs::path(global)
      : home != nullptr ? fs::path(home) / ".gitconfig"
                        : fs::path(),
      git.common / "config"};
  for (const auto& path : configurations)
    if (!path.empty())
      if (auto said = excludes_file_in(path)) found = std::move(said);
  if (found) return expanded(*found);
  return settings.empty() ? fs::path() : settings / "git/ignore";
}

}  // namespace dockhew::cli
