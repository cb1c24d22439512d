#include "project/railway.hpp"

#include <algorithm>
#include <filesystem>

#include "files.hpp"
#include "project/image_runs.hpp"
#include "project/mentions.hpp"
#include "project/repository_builds.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view reason = "is for Railway, which takes no cache mount without the id of its service";
constexpr std::size_t most_names = 1000;

// Not that of one service of several, `railway.api.json`, nor of something else that has to do with trains.
bool has_usual_name(std::string_view name) {
  return equals_ignoring_case(name, "railway.toml") || equals_ignoring_case(name, "railway.json");
}

// `railway.toml`, `.railwayignore`, `RAILWAY_SETUP.md`, `deploy-railway.sh`; not a program about trains.
bool is_for_railway(const std::string& name) {
  constexpr std::string_view endings[] = {".bat", ".md", ".sh"};
  const auto lower = to_lower_ascii(name);
  if (lower == ".railwayignore" || is_railway_settings(name)) return true;
  const bool service =
      name.find("RAILWAY") != name.npos || (lower.find("railway") != lower.npos && lower.find("deploy") != lower.npos);
  return service && std::ranges::any_of(endings, [&](std::string_view ending) { return lower.ends_with(ending); });
}

// `dockerfilePath = "docker/Dockerfile"`, with the line that says so; empty where none is named.
struct NamedDockerfile {
  std::string path;
  std::size_t line = 0;
};
NamedDockerfile named_dockerfile(std::string_view text) {
  constexpr std::string_view key = "dockerfilePath";
  const auto at = text.find(key);
  if (at == text.npos) return {};
  const auto begin = text.find_first_of("\"'", text.find_first_of("=:", at));
  const auto end = begin == text.npos ? begin : text.find(text[begin], begin + 1);
  if (end == text.npos) return {};
  const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
  return {clean_path("/" + std::string(text.substr(begin + 1, end - begin - 1))).substr(1),
          static_cast<std::size_t>(line)};
}

// The Dockerfiles that this may be: from the root of the repository, as Railway takes it, or beside the settings, where
// a service has a directory of its own as its root.
std::vector<std::string> dockerfiles_of(const std::string& settings, const std::string& named,
                                        const std::vector<std::string>& directories) {
  std::vector<std::string> found;
  std::error_code error;
  const auto own = directory_of(settings);
  for (const auto& directory : directories)
    if (path_is_under(own, directory))
      if (auto path = joined_path(directory, named); fs::is_regular_file(path, error)) found.push_back(std::move(path));
  return found;
}

// Whether settings name a builder that needs no Dockerfile.
bool is_built_otherwise(std::string_view settings) {
  const auto lower = to_lower_ascii(settings);
  return lower.find("nixpacks") != lower.npos || lower.find("railpack") != lower.npos;
}

// Whether settings say that another Dockerfile is built, or none. One that is nowhere may be any.
bool names_another(const std::string& settings, const std::string& path, const std::vector<std::string>& directories) {
  if (!is_railway_settings(path_basename(settings))) return false;
  const auto text = read_regular_file(settings, largest_companion, Links::refused).text;
  const auto named = named_dockerfile(text);
  if (named.path.empty()) {
    return !has_usual_name(path_basename(settings)) || is_built_otherwise(text);
  }
  const auto found = dockerfiles_of(settings, named.path, directories);
  std::error_code error;
  const auto here = fs::weakly_canonical(path, error);
  return !found.empty() &&
         std::ranges::none_of(found, [&](const auto& each) { return fs::weakly_canonical(each, error) == here; });
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

bool is_by_railway(const UnplacedBuild& build) { return build.refuses_mounts == reason; }

bool builds_without_dockerfile(const std::vector<std::string>& directories) {
  return std::ranges::any_of(directories, [](const std::string& directory) {
    for (const auto* name : {"railway.toml", "railway.json"})
      if (const auto text = read_regular_file(joined_path(directory, name), largest_companion, Links::refused).text;
          named_dockerfile(text).path.empty() && is_built_otherwise(text))
        return true;
    return false;
  });
}

bool is_railway_settings(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  return lower.starts_with("railway.") && (lower.ends_with(".toml") || lower.ends_with(".json"));
}

Builds read_railway_settings(const std::string& path, std::string_view text) {
  Builds result;
  const auto named = named_dockerfile(text);
  if (named.path.empty()) return result;
  for (const auto& dockerfile : dockerfiles_of(path, named.path, surroundings_of(path).directories)) {
    auto build = named_build({}, ".", dockerfile, "/", named.line);
    build.refuses_mounts = reason;
    result.named.push_back(std::move(build));
  }
  return result;
}

bool may_speak_of_railway(std::string_view text) {
  return text.find("ailway") != text.npos || text.find("RAILWAY_") != text.npos;
}

std::optional<RefusedMounts> refused_by_railway(const std::string& path, std::string_view text,
                                                const std::vector<std::string>& directories) {
  if (is_at_railway(path)) return RefusedMounts{path, std::string(reason)};
  for (const auto& directory : directories)
    for (const auto& entry : list_directory(directory, most_names))
      if (entry.kind == PathKind::file && is_for_railway(entry.name))
        if (auto settings = joined_path(directory, entry.name); !names_another(settings, path, directories))
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
  // A remark in a script or a workflow is no command; a heading of a document says where to deploy.
  const bool remarks = is_document(path_basename(path));
  const auto speaks = [&](std::string_view line) {
    return speaks_of_railway(line) && (remarks || !trim_unicode(line).starts_with('#'));
  };
  if (const auto line = first_line(text, speaks); line != 0)
    result.unplaced.push_back({path + ':' + std::to_string(line), false, false, std::string(reason)});
}

}  // namespace dockhew::cli
