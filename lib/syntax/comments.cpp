#include "syntax/comments.hpp"

#include "text/utf8.hpp"

namespace dockhew {

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

}  // namespace dockhew
