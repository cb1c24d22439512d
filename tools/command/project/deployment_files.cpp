#include "project/deployment_files.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "files.hpp"
#include "project/build_files.hpp"
#include "project/image_runs.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

// A file of a service, and the keys whose values are commands. Of a JSON file all objects are read, of the others only
// lines with a key and its value; a command that is written in another way is not known. `section`: all keys below it
// count too.
struct DeploymentFile {
  std::string_view name;
  std::array<std::string_view, 4> keys;
  std::string_view section;
};
constexpr DeploymentFile files[] = {
    {"Procfile", {"release", "", "", ""}, ""},
    {"fly.toml", {"release_command", "cmd", "entrypoint", "exec"}, "processes"},
    {"railway.json", {"preDeployCommand", "startCommand", "", ""}, ""},
    {"railway.toml", {"preDeployCommand", "startCommand", "", ""}, ""},
};
constexpr int deepest = 12;
constexpr std::size_t most_starts = 20, longest_start = 4096;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r,-");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r,") + 1 - first);
}

// `npm run migrate`, `"npm run migrate"`, `["npm", "run", "migrate"]`
std::string command_of(std::string_view value) {
  if (!value.starts_with('[')) return std::string(unquoted(value));
  std::string command;
  value = value.substr(1, value.rfind(']') - 1);
  while (!value.empty()) {
    const auto comma = value.find(',');
    const auto word = unquoted(trimmed(value.substr(0, comma)));
    if (!word.empty()) command += (command.empty() ? "" : " ") + quoted_for_shell(word);
    value.remove_prefix(comma == value.npos ? value.size() : comma + 1);
  }
  return command;
}

// The name of a line's section: `[processes]`, `run:`.
std::optional<std::string_view> section_of(std::string_view line) {
  if (line.starts_with('[')) return line.substr(1, line.find(']') - 1);
  const bool heads = !line.empty() && line[0] != ' ' && line[0] != '\t' && trimmed(line).ends_with(':');
  return heads ? std::optional(line.substr(0, line.find(':'))) : std::nullopt;
}

void read_lines(const DeploymentFile& file, const std::string& path, std::string_view text,
                std::vector<ContainerStart>& starts) {
  std::string_view section;
  std::size_t number = 0;
  for (const auto line : split_lines(text)) {
    if (starts.size() == most_starts) return;
    ++number;
    if (const auto begun = section_of(line)) section = *begun;
    const auto entry = trimmed(line);
    const auto separator = entry.find_first_of("=:");
    if (separator == entry.npos || entry.starts_with('#') || entry.starts_with("//")) continue;
    const auto key = unquoted(trimmed(entry.substr(0, separator)));
    const bool counts =
        std::ranges::find(file.keys, key) != file.keys.end() || (!file.section.empty() && section == file.section);
    const auto value = trimmed(entry.substr(separator + 1));
    auto command = command_of(value);
    const bool unread = (value.starts_with('[') && value.find(']') == value.npos) || value.starts_with("\"\"\"") ||
                        value.starts_with("'''") || command.size() > longest_start;
    if (key.empty() || !counts || (command.empty() && !unread)) continue;
    if (unread) command.clear();  // it stands on several lines
    starts.push_back({std::move(command), path + ':' + std::to_string(number)});
  }
}

void read_json(const DeploymentFile& file, const std::string& path, const YAML::Node& node, int depth,
               std::vector<ContainerStart>& starts) {
  if (depth == 0) return;
  if (node.IsSequence())
    for (const auto& each : node) read_json(file, path, each, depth - 1, starts);
  if (!node.IsMap()) return;
  for (const auto& entry : node) {
    const bool counts = std::ranges::find(file.keys, scalar_of(entry.first)) != file.keys.end();
    if (!counts) read_json(file, path, entry.second, depth - 1, starts);
    auto command = counts ? command_line_of(entry.second) : std::string();
    if (command.size() > longest_start) command.clear();
    if (!command.empty() && starts.size() < most_starts)
      starts.push_back({std::move(command), place_of(path, entry.second)});
  }
}

}  // namespace

std::vector<ContainerStart> deployment_starts(const std::string& directory) {
  std::vector<ContainerStart> starts;
  for (const auto& file : files) {
    const auto path = joined_path(directory, std::string(file.name));
    const auto read = read_regular_file(path, largest_companion, Links::refused);
    if (!read.error.empty()) continue;
    if (file.name.ends_with(".json"))
      read_json_with_comments(path, [&](const YAML::Node& root) { read_json(file, path, root, deepest, starts); });
    else read_lines(file, path, read.text, starts);
  }
  return starts;
}

}  // namespace dockhew::cli
