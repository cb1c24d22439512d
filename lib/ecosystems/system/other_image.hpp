// What a stage runs or installs that the image which it stands on has, and that one in its place may lack: programs of
// Debian's full images, packages of an older Alpine.
#pragma once

#include <string>

#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// A program of the full images that a RUN starts and the stage does not install; empty where there is none. What an
// image of a language on Ubuntu has as well is left out.
std::string program_of_full_image(const Dockerfile& file, const Stage& stage);

// A package that a RUN installs in a version of its own, or that newer releases of Alpine do not have; empty without
// one.
std::string package_of_old_alpine(const Stage& stage);

}  // namespace dockhew::inline ecosystems
