// From which paths of the build context a file of the image may come: what a COPY of a directory, of a pattern or of the
// file itself says about that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline effects {

struct ContextOrigins {
  std::vector<std::string> paths;  // in the context, of which one must be there; some with wildcards
  bool given = false;              // it is there in any case, or nobody knows
};

// Adds where a COPY or ADD would take `path`, absolute in the image, from; nothing when it brings another path.
void add_origins(const Copy& copy, const std::string& path, ContextOrigins& origins);

// A source of a COPY as a path in the context, where sources are rooted.
std::string in_context(const std::string& source);

// Whether a source is downloaded.
bool is_remote(const CopySource& source);

bool has_wildcard(std::string_view path);

}  // namespace dockhew::inline effects
