#include "edits/copy_ahead.hpp"

#include <algorithm>

#include "edits/copy_line.hpp"
#include "model/context_path.hpp"
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

  std::vector<std::pair<std::string, std::vector<std::string>>> lines;  // directory and the files of it
  for (const auto& path : paths) {
    const std::string parent(path_parent(path));
    auto line = std::ranges::find(lines, parent, [](const auto& each) { return each.first; });
    if (line == lines.end()) line = lines.insert(lines.end(), {parent, {}});
    line->second.push_back(path);
  }
  std::string text;
  for (const auto& [directory, files] : lines) {
    const auto below = directory == root ? "" : root == "." ? directory + '/' : directory.substr(root.size() + 1) + '/';
    const auto line = copy_line(flags, files, base + below);
    if (!line) return std::nullopt;
    text += *line + std::string(file.document().newline());
  }
  return text;
}

std::optional<std::string> without_copied(const Dockerfile& file, const Step& step, Span lines,
                                          const std::string& destination, const std::vector<std::string>& copied) {
  const auto& source = file.source();
  const auto& copy = *step.copy;
  const auto text = slice(source, step.instruction->span);
  if (text.find('\n') != text.npos || step.instruction->json || (!destination.ends_with('/') && destination != "."))
    return std::nullopt;
  std::string left;
  std::size_t gone = 0;
  for (const auto& each : copy.sources) {
    // What a pattern matches is not the same everywhere.
    const auto path = each.known && !each.heredoc ? join_context_path(".", each.text) : std::string();
    if (std::ranges::find(copied, path) != copied.end()) ++gone;
    else left.append(slice(source, each.span)).append(" ");
  }
  if (gone == 0 || left.empty()) return std::nullopt;
  return std::string(slice(source, {lines.begin, copy.sources.front().span.begin})) + left + destination +
         std::string(slice(source, {copy.destination_span.end, lines.end}));
}

}  // namespace dockhew::inline edits
