// The COPYs that take a directory of the build context with all that lies in it, whoever has put it there.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct WideCopy {
  const Stage* stage = nullptr;
  const Step* step = nullptr;
  std::string directory;  // in the context
  std::string image;      // where it goes, absolute; empty when that is not known
  Span span;              // of the source
};

// In the order of the file; the context must be known.
std::vector<WideCopy> find_wide_copies(const Dockerfile& file);

// The context paths that the file names apart from those: in a COPY, or as the source of a bind mount. With wildcards.
// `all_known`: false where one of them is not known.
std::vector<std::string> named_paths(const Dockerfile& file, bool& all_known);

// The context paths of what a COPY takes from another stage that has it by one of the wide copies: `.env` of
// `COPY --from=build /app/.env ./`. With wildcards.
std::vector<std::string> paths_taken_from_stages(const Dockerfile& file, const std::vector<WideCopy>& copies);

}  // namespace dockhew::inline flow
