// What differs between two images of one and the same Dockerfile: times that a package manager writes down, names that
// are made up anew, caches of byte code. A rewrite is not to blame for these.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "image/comparison.hpp"

namespace dockhew::inline image {

struct MovingFiles {
  std::map<std::string, std::uint64_t> contents;  // files with another content in the second image: the larger size
  std::map<std::string, std::set<std::string>> names;  // per directory, what is in it in only one of the two images
};

MovingFiles find_moving_files(const Image& first, const Image& second);

// Whether a difference could be of this kind at all, so that it is worth building the Dockerfile once more.
bool may_move(const Image& original, const Image& optimized, const Difference& difference);

// Takes out of the comparison what differs in the same way between two images of the original, and notes it there.
// A difference in mode or owner stays, as does a file that the rewrite lost.
void discount_moving_files(Comparison& comparison, const Image& original, const Image& optimized,
                           const MovingFiles& moving);

}  // namespace dockhew::inline image
