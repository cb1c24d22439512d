#include "project/inline_dockerfiles.hpp"

#include <algorithm>

#include "text/limits.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {

InlineDockerfile inline_dockerfile(const std::string& service, const YAML::Node& node) {
  InlineDockerfile said;
  said.service = service.substr(0, limits::longest_name);
  if (!node.IsScalar()) return said;
  YamlBudget::keep(node.Scalar().size());
  said.text = node.Scalar();
  said.line = static_cast<std::size_t>(std::max(node.Mark().line, 0));
  said.column = static_cast<std::size_t>(std::max(node.Mark().column, 0));
  return said;
}

std::optional<std::string> text_in_place(std::string_view file, const InlineDockerfile& said) {
  const auto lines = split_lines(file);
  const auto wanted = split_lines(said.text);
  const auto first = said.line + 1;
  if (said.text.empty() || said.text.find('$') != said.text.npos || first + wanted.size() > lines.size())
    return std::nullopt;
  if (!lines[said.line].substr(std::min(said.column, lines[said.line].size())).starts_with('|')) return std::nullopt;
  std::string text(first, '\n');
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto line = lines[first + i];
    if (line.ends_with('\r')) line.remove_suffix(1);
    // Before it there is only the indentation of the block.
    if (!line.ends_with(wanted[i]) || !trim_unicode(line.substr(0, line.size() - wanted[i].size())).empty())
      return std::nullopt;
    text.append(line).append("\n");
  }
  return text;
}

}  // namespace dockhew::cli
