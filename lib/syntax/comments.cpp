#include "syntax/comments.hpp"

#include "text/utf8.hpp"

namespace dockhew::inline syntax {

std::vector<std::vector<std::string_view>> instruction_comments(const Document& document) {
  std::vector<std::vector<std::string_view>> result;
  std::vector<std::string_view> comments;
  const auto& nodes = document.lines().tree.nodes;
  bool indented = false;
  for (std::uint32_t i = 1; i < nodes.size(); i = nodes[i].next) {  // the children of the file
    const auto& node = nodes[i];
    const auto text = slice(document.source(), node.span());
    if (node.kind == LineKind::instruction) {
      result.push_back(std::move(comments));
      comments.clear();
    } else if (node.kind == LineKind::comment) {
      const auto comment = trim_unicode(indented ? text : text.substr(1));
      if (comment.empty()) comments.clear();
      else comments.push_back(comment);
    }
    indented = node.kind == LineKind::blank;
  }
  return result;
}

std::vector<ShellComment> find_shell_comments(const Document& document) {
  std::vector<ShellComment> result;
  for (const auto& node : document.lines().tree.nodes) {
    if (node.kind != LineKind::comment) continue;
    auto text = trim_unicode(slice(document.source(), node.span()).substr(1));
    const auto skip = [&](std::string_view prefix) {
      if (!text.starts_with(prefix)) return false;
      text = trim_left_unicode(text.substr(prefix.size()));
      return true;
    };
    if (!skip("dockhew ") && !skip("hadolint ")) continue;
    if (skip("shell") && skip("="))
      result.push_back({node.span().begin, to_lower_ascii(text.substr(0, text.find_first_of(" \t#")))});
  }
  return result;
}

}  // namespace dockhew::inline syntax
