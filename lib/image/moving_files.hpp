// What differs between two images of one and the same Dockerfile: times that a package manager writes down, names that
// are made up anew, caches of byte code. A rewrite is not to blame for these.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "image/comparison.hpp"

namespace dockhew::inline image {

// Names by how they were made up: a directory may hold very many, so they are not compared with each other.
class MadeUpNames {
 public:
  void add(std::string_view name);
  // Whether one of them looks as if it was made up in the same way.
  bool has_alike(std::string_view name) const;

 private:
  std::set<std::string> shapes_;
  std::set<std::size_t> random_;  // lengths of those that have no shape
};

struct MovingFiles {
  std::map<std::string, std::uint64_t> contents;  // files with another content in the second image: the larger size
  std::map<std::string, MadeUpNames> names;       // per directory, what is in it in only one of the two images
};

MovingFiles find_moving_files(const Image& first, const Image& second);

// Whether a difference could be of this kind at all, so that it is worth building the Dockerfile once more.
class Movable {
 public:
  Movable(const Image& original, const Image& optimized) : original_(original), optimized_(optimized) {}
  bool operator()(const Difference& difference);

 private:
  bool has_counterpart(const Image& other, const std::string& directory, std::string_view name);

  const Image &original_, &optimized_;
  std::map<std::pair<const Image*, std::string>, MadeUpNames> names_;  // of directories that were asked for
};

// Takes out of the comparison what differs in the same way between two images of the original, and notes it there.
// A difference in mode or owner stays, as does a file that the rewrite lost.
void discount_moving_files(Comparison& comparison, const Image& original, const Image& optimized,
                           const MovingFiles& moving);

}  // namespace dockhew::inline image
