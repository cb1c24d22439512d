// The C library of an image. A program that is linked to one starts only where it finds that one, and glibc of the same
// version or a later one.
#pragma once

#include <cstdint>
#include <string>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

struct CLibrary {
  enum class Kind : std::uint8_t { unknown, none, glibc, musl };

  Kind kind = Kind::unknown;
  int minor = 0;  // of glibc 2; 0 where the release is not known
};

// Of the image that a stage begins with. Of a tag that moves it is a lower bound: what the tag has been since 2024.
CLibrary c_library_of(const Stage& stage);

// Why a program that is linked to one certainly does not start with the other, for a person; empty where it may. From
// glibc 2.34 on every program asks for a symbol that is new in that version.
std::string reason_against(const CLibrary& linked, const CLibrary& there);

// Whether the stage, or one that it is built on, installs another C library or what stands for one, or may copy one.
bool installs_c_library(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline ecosystems
