// Who reads the files of a stage: later commands and the container itself, the stages that copy from it, bind mounts,
// and the variables that name directories to look into. What a mount hides from them is missing.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct Reader {
  enum class Kind { run, copy, bind_mount, command, variable };

  std::string path;  // absolute, in the stage that is read; wildcards as written
  Kind kind = Kind::copy;
  std::uint32_t stage = 0;  // where it reads
  std::size_t step = 0;
  Span span;                  // the word that names the path, in the source
  bool is_program = false;    // the container starts with it, and no shell looks for it
  bool is_directory = false;  // it is written as a directory, with a slash at its end
};

// The stage's own steps, its variables where the image ships, COPY and mounts of all stages, and the steps of those
// that continue it directly, each in order.
std::vector<Reader> find_readers(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline flow
