// Whether an ADD only copies: it downloads nothing, clones no repository, and unpacks no archive.
#pragma once

#include "model/dockerfile.hpp"

namespace dockhew::inline effects {

// By the names of its sources and by its flags. A file that is an archive under another name is unpacked all the same.
// True for every COPY.
bool only_copies(const Instruction& instruction, const Copy& copy);

}  // namespace dockhew::inline effects
