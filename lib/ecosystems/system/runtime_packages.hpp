// Which packages a runtime image needs when the build happens elsewhere: compilers and headers go, the libraries behind
// the headers stay, and whatever is not known to be for building only is kept.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

struct RuntimePackages {
  std::vector<std::string> names;  // sorted
  std::string declined;            // a -dev package whose library is not known
};

// `release`: of the runtime image, "alpine" for all of Alpine's; empty when only its distribution is known.
RuntimePackages runtime_packages(const Facts& facts, const std::vector<std::string>& installed,
                                 const std::string& release);

// Whether Debian still serves packages for the release that an image stands on: where the tag names none, by the age of
// the language in it.
bool has_package_archive(const Facts& facts, const ImageFacts& image);

// True for compilers, headers and build systems.
bool is_build_package(const Facts& facts, std::string_view package);

}  // namespace dockhew
