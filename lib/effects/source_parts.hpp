// Projects whose source comes into a stage by several COPYs, each with a part of it: `COPY package.json ./`, `COPY src
// ./src`. Where every part lies in the image as it lies in the build context, their order means nothing, and a part may
// come later than it does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

struct SourcePart {
  std::size_t step = 0;  // index in the stage of a COPY that brings more than manifests
  std::string root;      // the directory of the context that its destination stands for
};

struct SourceParts {
  std::string directory;          // of the project, in the context
  std::vector<SourcePart> parts;  // ascending; not empty
};

// The parts that come before step `before`. Nothing where the last of them brings the whole of `project` (a directory
// of the image) and all before it are manifests, and where a part is renamed or put elsewhere than the others.
std::optional<SourceParts> find_source_parts(const Dockerfile& file, const Stage& stage, std::size_t before,
                                             const std::string& project);

// Where `project`, a directory of the image, lies in the context, by the COPYs before step `before`, be it one or
// several. Nothing when that cannot be said.
std::optional<std::string> project_in_context(const Dockerfile& file, const Stage& stage, std::size_t before,
                                              const std::string& project);

// Whether a COPY before step `before` brings the source of `project`, or several bring its parts.
bool brings_source(const Dockerfile& file, const Stage& stage, std::size_t before, const std::string& project);

// Whether a COPY from the context names the context path, wildcards on either side included, or a directory above it.
bool copy_brings(const Dockerfile& file, const Copy& copy, const std::string& path);

// Whether the step is a COPY that puts what the context path names below `project`.
bool brings_into(const Dockerfile& file, const Step& step, const std::string& project, const std::string& path);
// Whether one before step `end` does.
bool is_brought(const Dockerfile& file, const Stage& stage, std::size_t end, const std::string& project,
                const std::string& path);

}  // namespace dockhew
