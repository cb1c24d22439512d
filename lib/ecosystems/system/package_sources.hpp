// Where a distribution's packages come from besides its own archives: lists, keys and settings that a step adds, files
// of packages, and options that name another release. What is installed from there cannot be installed without them.
#pragma once

#include <string>

#include "facts/facts.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

// For a person: the path or the command that adds something; empty where the step adds nothing. Another mirror, as
// `sed -i` names it, has the same packages.
std::string added_source(const Facts& facts, const Step& step);

// For a person: what a step sets that downloads of packages below it may need: a proxy, certificates, or files for the
// package manager. Empty where it sets none of these; commands are not looked at.
std::string download_setting(const Step& step);

// For a person: an installation of the step that is more than names of packages of the release; empty without one.
std::string special_installation(const Step& step);

}  // namespace dockhew::inline ecosystems
