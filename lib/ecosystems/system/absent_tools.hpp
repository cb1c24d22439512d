// Programs of a language, such as its package managers, that an official image certainly does not have although files
// count on it: Maven in an image of the JDK. Which images lack which is in the tables of the ecosystems.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// What would bring a program that a container of the stage certainly does not have, for a person; empty where the
// image may have it.
std::string_view advice_for_absent(const Dockerfile& file, const Stage& stage, std::string_view program);

// The same for a command of a RUN, where the image, or a step or command before it, may have brought the program, or
// where the script asks for it first.
std::string_view advice_for_absent(const Site& site, const ShellCommand& command);

// The line that brings it, for the top of the stage; empty where which version is meant is not certain.
std::string_view line_for_absent(const Site& site, const ShellCommand& command);

}  // namespace dockhew::inline ecosystems
