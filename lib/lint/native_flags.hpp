// Options of compilers for the processor of the machine that builds, wherever they are written: in a Dockerfile, in the
// settings of a project, in the value of a build argument.
#pragma once

#include <string_view>

#include "text/span.hpp"

namespace dockhew::inline lint {

// The first of them in a text; an empty place where there is none.
Span find_native_flag(std::string_view text);

// What comes of it, for a person.
constexpr std::string_view native_consequence =
    "the program is built for the processor of the machine that builds it, and ends with an illegal instruction on one "
    "that lacks what that has; name the oldest processor that it must run on";

}  // namespace dockhew::inline lint
