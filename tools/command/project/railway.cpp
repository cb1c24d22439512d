#include "project/railway.hpp"

#include <algorithm>
#include <filesystem>

#include "files.hpp"
#include "project/image_runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view reason = "is for Railway, which takes no cache mount without the id of its service";
constexpr std::size_t most_names = 1000;

// `railway.toml`, `.railwayignore`, `RAILWAY_SETUP.md`, `deploy-railway.sh`; not a program about trains.
bool is_for_railway(const std::string& name) {
  constexpr std::string_view endings[] = {".bat", ".md", ".sh"};
  const auto lower = to_lower_ascii(name);
  if (lower == ".railwayignore" || lower == "railway.toml" || lower == "railway.json") return true;
  const bool service =
      name.find("RAILWAY") != name.npos || (lower.find("railway") != lower.npos && lower.find("deploy") != lower.npos);
  return service && std::ranges::any_of(endings, [&](std::string_view ending) { return lower.ends_with(ending); });
}

// Whether settings say that another Dockerfile is built, or none: `dockerfilePath = "Dockerfile.railway"`.
bool names_another(const std::string& settings, const std::string& path) {
  const auto name = to_lower_ascii(path_basename(settings));
  if (name != "railway.toml" && name != "railway.json") return false;
  const auto read = read_regular_file(settings, largest_companion, Links::refused);
  const std::string_view text = read.text;
  constexpr std::string_view key = "dockerfilePath";
  const auto at = text.find(key);
  if (at == text.npos) {
    const auto upper = to_lower_ascii(text);
    return upper.find("nixpacks") != upper.npos || upper.find("railpack") != upper.npos;
  }
  const auto begin = text.find_first_of("\"'", text.find_first_of("=:", at));
  const auto end = begin == text.npos ? begin : text.find(text[begin], begin + 1);
  if (end == text.npos) return false;
  const auto named = joined_path(directory_of(settings), std::string(text.substr(begin + 1, end - begin - 1)));
  std::error_code error;
  return fs::weakly_canonical(named, error) != fs::weakly_canonical(path, error);
}

// `Dockerfile.railway`, `railway.dockerfile`, `deploy/railway/Dockerfile`
bool is_at_railway(const std::string& path) {
  const auto name = to_lower_ascii(path_basename(path));
  return name == "dockerfile.railway" || name == "railway.dockerfile" ||
         to_lower_ascii(path_basename(path_parent(path))) == "railway";
}

bool speaks_of_railway(std::string_view line) {
  constexpr std::string_view signs[] = {"railway up",   "RAILWAY_",     "railway.internal", "railway.app",
                                        "railway.com/", "@railway/cli", "railwayapp/",      "ghcr.io/railwayapp"};
  return std::ranges::any_of(signs, [&](std::string_view sign) { return line.find(sign) != line.npos; });
}

template <typename Speaks>
std::size_t first_line(std::string_view text, const Speaks& speaks) {
  std::size_t number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    if (speaks(line)) return number;
  }
  return 0;
}

}  // namespace

bool may_speak_of_railway(std::string_view text) {
  return text.find("ailway") != text.npos || text.find("RAILWAY_") != text.npos;
}

std::optional<RefusedMounts> refused_by_railway(const std::string& path, std::string_view text,
                                                const std::vector<std::string>& directories) {
  if (is_at_railway(path)) return RefusedMounts{path, std::string(reason)};
  for (const auto& directory : directories)
    for (const auto& entry : list_directory(directory, most_names))
      if (entry.kind == PathKind::file && is_for_railway(entry.name))
        if (auto settings = joined_path(directory, entry.name); !names_another(settings, path))
          return RefusedMounts{std::move(settings), std::string(reason)};
  const auto speaks = [](std::string_view line) {
    const bool comment = trim_unicode(line).starts_with('#');
    return speaks_of_railway(line) || (comment && line.find("Railway") != line.npos);
  };
  if (!may_speak_of_railway(text)) return std::nullopt;
  const auto line = first_line(text, speaks);
  if (line == 0) return std::nullopt;
  return RefusedMounts{path + ':' + std::to_string(line), std::string(reason)};
}

void mark_builds_on_railway(const std::string& path, std::string_view text, Builds& result) {
  if (text.find("railway") == text.npos && text.find("RAILWAY_") == text.npos) return;
  if (const auto line = first_line(text, speaks_of_railway); line != 0)
    result.unplaced.push_back({path + ':' + std::to_string(line), false, false, std::string(reason)});
}

}  // namespace dockhew::cli
