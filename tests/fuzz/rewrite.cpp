// The rewriter on any bytes: no new syntax errors, and a second rewrite changes nothing.
#include <cstdlib>

#include "lint/rule.hpp"
#include "rewrite/rewrite.hpp"

using namespace dockhew;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto first = rewrite_file(text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe);
  const auto errors = [](const std::string& source) { return parse_document(source).errors().size(); };
  if (errors(first.text) > errors(text)) std::abort();
  if (first.converged &&
      rewrite_file(first.text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe).text != first.text)
    std::abort();
  return 0;
}
