#include "edits/copy_ahead.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline edits {

std::optional<std::string> copy_ahead(const Dockerfile& file, const Step& whole, const std::string& root,
                                      const std::vector<std::string>& paths) {
  return copy_files(file, whole, whole.copy->destination_text, root, paths);
}

std::optional<std::string> copy_files(const Dockerfile& file, const Step& like, std::string base,
                                      const std::string& root, const std::vector<std::string>& paths) {
  std::string flags;
  for (const auto& flag : like.instruction->flags)
    if (flag.name == "chown" || flag.name == "chmod") flags += std::string(slice(file.source(), flag.span)) + ' ';
  if (!base.ends_with('/')) base += '/';

  std::vector<std::pair<std::string, std::string>> lines;  // directory and the files of it
  for (const auto& path : paths) {
    if (path.find_first_of(" \t\"'$\\`") != std::string::npos) return std::nullopt;
    const std::string parent(path_parent(path));
    const auto line = std::ranges::find(lines, parent, &std::pair<std::string, std::string>::first);
    if (line == lines.end()) lines.emplace_back(parent, path + ' ');
    else line->second += path + ' ';
  }
  std::string text;
  for (const auto& [directory, files] : lines) {
    const auto below = directory == root ? "" : root == "." ? directory + '/' : directory.substr(root.size() + 1) + '/';
    text += "COPY " + flags + files + base + below + std::string(file.document().newline());
  }
  return text;
}

}  // namespace dockhew::inline edits
