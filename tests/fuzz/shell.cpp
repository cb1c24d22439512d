// The shell grammar on any bytes: leaves tile the script, and children are inside their parents.
#include <cstdlib>
#include <string>

#include "syntax/shell.hpp"

using namespace dockhew;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto shell = parse_shell(text);
  std::string leaves;
  const auto& nodes = shell.tree.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (shell.tree.is_leaf(i)) leaves += slice(text, nodes[i].span());
    if (nodes[i].next <= i || nodes[i].next > nodes.size()) std::abort();
    for (const auto child : children(shell.tree, i))
      if (!nodes[i].span().contains(nodes[child].span())) std::abort();
  }
  if (leaves != text) std::abort();
  return 0;
}
