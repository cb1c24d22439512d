// The line grammar, the argument grammars and the model on any bytes: trees tile the text and every span is inside it.
#include <cstdlib>

#include "model/dockerfile.hpp"

using namespace dockhew;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Dockerfile file(text, builtin_facts(), {});
  std::string leaves;
  const auto& tree = file.document().lines().tree;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (tree.is_leaf(i)) leaves += slice(text, tree.nodes[i].span());
  if (leaves != text) std::abort();
  const auto inside = [&](Span span) { return span.begin <= span.end && span.end <= text.size(); };
  for (const auto& instruction : file.instructions()) {
    if (!inside(instruction.span) || !inside(instruction.keyword_span)) std::abort();
    for (const auto& argument : instruction.arguments)
      if (!inside(argument.span)) std::abort();
    for (const auto& flag : instruction.flags)
      if (!inside(flag.span)) std::abort();
  }
  return 0;
}
