// What of a project reads Git's data, or a file `.env`: the build, or the program where it runs. Whoever keeps such a
// file out of the build context changes what they do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

// A text that reads some file `.env`, which need not be the one that is asked about.
struct SettingsReader {
  std::string path;                // of the text; empty: of a RUN, or of what is not known
  std::vector<std::string> names;  // that it names: ".env.production", or ".env." for one that is not known; else any
  std::string reason;              // for a person
};

// Each says for a person what does: "`build.rs` runs `git describe`"; empty where nothing is known to.
struct ContextReaders {
  std::string git;
  std::vector<SettingsReader> settings;

  // What reads the file `.env` at a path. Where there is only a reader of others, it may read this one as well, and no
  // name is given.
  std::string reader_of(std::string_view path) const;
};

// Of the Dockerfile and of the texts of its context, which must be known. What is too large to be searched may do both.
ContextReaders find_context_readers(const Dockerfile& file);

}  // namespace dockhew::inline flow
