#include "ecosystems/dotnet/solution_file.hpp"

#include <algorithm>

#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

std::string with_slashes(std::string path) {
  std::ranges::replace(path, '\\', '/');
  return path;
}

// `Project("{9A19…}") = "Api", "src\Api\Api.csproj", "{…}"`. The first is the kind.
// https://learn.microsoft.com/visualstudio/extensibility/internals/solution-dot-sln-file
std::vector<std::string> projects_of_lines(const std::string& text) {
  constexpr std::string_view folder = "{2150E333-8FDC-42A3-9474-1A3956D46DE8}", project = "Project(";
  constexpr std::size_t kind = 1, place = 5;  // among what the quotes divide
  std::vector<std::string> paths;
  for (const auto line : split_lines(text)) {
    if (!line.starts_with(project)) continue;
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= line.size() && parts.size() <= place;) {
      const auto end = std::min(line.find('"', begin), line.size());
      parts.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (parts.size() > place && to_lower_ascii(parts[kind]) != to_lower_ascii(folder)) paths.emplace_back(parts[place]);
  }
  return paths;
}

// `<Project Path="src/Api/Api.csproj" />`
std::vector<std::string> projects_of_elements(const std::string& text) {
  constexpr std::string_view element = "<Project ", attribute = "Path=\"";
  std::vector<std::string> paths;
  for (auto at = text.find(element); at != text.npos; at = text.find(element, at + 1)) {
    const auto end = std::min(text.find_first_of("<>", at + 1), text.size());
    const auto tag = std::string_view(text).substr(at, end - at);
    const auto name = tag.find(attribute);
    if (name == tag.npos) continue;
    const auto value = tag.substr(name + attribute.size());
    paths.emplace_back(value.substr(0, value.find('"')));
  }
  return paths;
}

// `{"solution": {"path": "..\\App.sln", "projects": ["src\\Api\\Api.csproj"]}}`, the projects relative to that
// solution.
std::vector<std::string> files_of_part(std::string_view path, const std::string& text) {
  const auto json = parse_json(text);
  const auto* solution = json.value.find("solution");
  if (solution == nullptr) return {};
  const auto whole = join_context_path(path_parent(path), with_slashes(solution->string_at("path")));
  std::vector<std::string> files = {whole};
  for (const auto& project : solution->elements_at("projects"))
    if (const auto* name = project.string())
      files.push_back(join_context_path(path_parent(whole), with_slashes(*name)));
  return files;
}

}  // namespace

bool is_solution(std::string_view path) {
  const auto small = to_lower_ascii(path);
  return small.ends_with(".sln") || small.ends_with(".slnx") || small.ends_with(".slnf");
}

std::vector<std::string> files_of_solution(std::string_view path, const std::string& text) {
  const auto small = to_lower_ascii(path);
  if (small.ends_with(".slnf")) return files_of_part(path, text);
  std::vector<std::string> files;
  for (auto& project : small.ends_with(".slnx") ? projects_of_elements(text) : projects_of_lines(text))
    files.push_back(join_context_path(path_parent(path), with_slashes(std::move(project))));
  return files;
}

}  // namespace dockhew::inline ecosystems
