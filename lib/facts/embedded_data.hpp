// The tables of rules/data as text, written into a source file at build time by tools/gen/embed_data.
#pragma once

#include <string_view>

namespace dockhew {

struct EmbeddedData {
  const char* name;
  std::string_view text;
};
extern const EmbeddedData embedded_data[];
extern const unsigned embedded_data_count;

}  // namespace dockhew
