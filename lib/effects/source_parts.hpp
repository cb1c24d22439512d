// Projects whose source is copied into a stage by several COPYs, each with a part of it: `COPY package.json ./`,
// `COPY src ./src`. If every part is laid out in the image as in the build context, their order does not matter, and a
// part may be copied later.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"
#include "model/site.hpp"

namespace dockhew::inline effects {

struct SourcePart {
  std::size_t step = 0;  // index in the stage of a COPY that copies more than manifests
  std::string root;      // the directory of the context that its destination corresponds to
};

struct SourceParts {
  std::string directory;          // of the project, in the context
  std::vector<SourcePart> parts;  // ascending; not empty
};

// The parts before step `before`. Nothing when the last of them copies all of `project` (a directory of the image) and
// everything before it consists of manifests, or when a part is renamed or laid out differently from the others.
std::optional<SourceParts> find_source_parts(const Dockerfile& file, const Stage& stage, std::size_t before,
                                             const std::string& project);

// Where `project`, a directory of the image, is in the context, according to the COPY or COPYs before step `before`.
// Nothing when that is not known.
std::optional<std::string> project_in_context(const Dockerfile& file, const Stage& stage, std::size_t before,
                                              const std::string& project);

// Whether a COPY before step `before` copies the source of `project`, or several copy its parts.
bool brings_source(const Dockerfile& file, const Stage& stage, std::size_t before, const std::string& project);

// Whether all sources of a COPY are certainly files; never without the context.
bool copies_only_files(const Dockerfile& file, const Copy& copy);

// Whether a source of a COPY is a directory; without the context, by its name.
bool copies_directory(const Dockerfile& file, const Copy& copy);

// Whether a COPY from the context names the context path, with wildcards on either side, or a directory above it.
bool copy_brings(const Dockerfile& file, const Copy& copy, const std::string& path);

// Whether the step is a COPY that puts what the context path names below `project`, or brings it with a directory above
// that: `COPY . /src` for `/src/server`.
bool brings_into(const Dockerfile& file, const Step& step, const std::string& project, const std::string& path);
// Whether one before step `end` does.
bool is_brought(const Dockerfile& file, const Stage& stage, std::size_t end, const std::string& project,
                const std::string& path);
// Whether one before the site does, in its stage or in those that it is built on.
bool is_brought(const Site& site, const std::string& project, const std::string& path);

}  // namespace dockhew::inline effects
