// The lines that a .dockerignore lacks: those that keep out what is no part of the project, and of which it can be
// shown that nothing else goes with them.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct IgnoreLines {
  struct Left {
    std::string path;
    std::string reason;     // why no line keeps it out
    bool packages = false;  // what an installation makes
  };

  std::vector<std::string> lines;
  std::string text;        // of the ignore file with them; empty where there are none
  std::vector<Left> left;  // what is copied nevertheless
};

// For the context of the file. A .dockerignore is everybody's, so the other Dockerfiles that may be built with it must
// not need what is kept out either.
IgnoreLines find_ignore_lines(const Dockerfile& file);

// Takes out `web/dist` where there is `**/dist`.
void remove_covered(std::vector<std::string>& lines);

}  // namespace dockhew::inline flow
