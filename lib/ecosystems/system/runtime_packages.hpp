// Which packages a runtime image needs when the build happens elsewhere: compilers and headers are dropped, the
// libraries for the headers stay, and whatever is not known to be only for building is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/outcome.hpp"

namespace dockhew::inline ecosystems {

// Sorted. Declined for a -dev package whose library is not known. `image`: that the stage stands on; the libraries are
// those of its release.
Outcome<std::vector<std::string>> runtime_packages(const Facts& facts, const std::vector<std::string>& installed,
                                                   const ImageFacts& image);

// False for what a tag says in place of a release of Debian, and is none.
bool is_known_release(const Facts& facts, const ImageFacts& image);

// Whether a release of Debian is another one or came after it; false for what is no release.
bool is_of_or_after(std::string_view release, std::string_view since);

// Whether packages are still served for the release that an image stands on: where the tag names none, by the version
// in it.
bool has_package_archive(const Facts& facts, const ImageFacts& image);

// A distribution and its release: what the tag names, or else what the image itself says, if a registry was asked.
struct Release {
  std::string_view distribution, name;
};
Release release_of_image(const ImageFacts& image);

// The package with a command that the slim form of an image may lack; empty for others.
std::string_view package_of_command(const ImageFacts& image, std::string_view command);

// Whether what the package has opens HTTPS, for which certificates are only recommended to it.
bool needs_certificates(std::string_view package);

// The packages of a program by what the tables say of it for Debian: a compiler has no headers of the C library with
// it.
std::vector<std::string> packages_of_program(const ImageFacts& image, std::string_view packages);

// True for compilers, headers and build systems.
bool is_build_package(const Facts& facts, std::string_view package);

// Whether a compiler's package brings this library, by its name on any distribution.
bool comes_with_compiler(std::string_view package);

// Whether a package has the same name on Debian and on Ubuntu, in all their releases.
bool has_one_name(std::string_view package);

}  // namespace dockhew::inline ecosystems
