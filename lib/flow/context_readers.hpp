// What of a project reads Git's data, or a file `.env`: the build, or the program where it runs. Whoever keeps such a
// file out of the build context changes what they do.
#pragma once

#include <string>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

// Each says for a person what does: "`build.rs` runs `git describe`"; empty where nothing is known to.
struct ContextReaders {
  std::string git;
  std::string settings;
};

// Of the Dockerfile and of the texts of its context, which must be known. What is too large to be searched may do both.
ContextReaders find_context_readers(const Dockerfile& file);

}  // namespace dockhew::inline flow
