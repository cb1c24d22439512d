// What the image of a Dockerfile may be called, by what builds it and by where that lies: whoever runs an image has
// only its name.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "project/build_files.hpp"

namespace dockhew::cli {

class ImageNames {
 public:
  // `directory`: of the Dockerfile. `repository`: the root of the one that it is in; empty where it is in none.
  ImageNames(std::string directory, const std::string& repository);

  void add(const Build& build);
  // Whether somebody builds the image and may have given it a name.
  bool has_builds() const { return !images_.empty() || !services_.empty(); }
  // There are Dockerfiles in other directories.
  void add_others() { only_ = false; }
  // There are others, wherever.
  void add_dockerfiles(std::size_t count) { dockerfiles_ += count; }

  // Whether something is run in this image.
  bool fit(const ImageRun& run) const;

 private:
  bool is_of_service(const std::string& image) const;
  bool is_container_of_service(const std::string& container) const;

  std::string directory_;
  bool own_directory_, only_ = true;
  std::size_t dockerfiles_ = 0;
  std::set<std::string, std::less<>> images_, last_parts_, services_;
};

}  // namespace dockhew::cli
