// The COPY lines that copy a few files of a directory before the COPY of all of it, with the same owner and to the same
// places.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline edits {

// `base` is the context directory `root`, as COPY takes it; `paths` are context paths below it, wildcards
// included. Files of one directory share a line, with the owner that `like` sets. Nothing when a path cannot be written
// (edits/copy_line.hpp).
std::optional<std::string> copy_files(const Dockerfile& file, const Step& like, std::string base,
                                      const std::string& root, const std::vector<std::string>& paths);

// The same, where `whole` copies the context directory `root` to the base.
std::optional<std::string> copy_ahead(const Dockerfile& file, const Step& whole, const std::string& root,
                                      const std::vector<std::string>& paths);

// The lines of a COPY of several files without those that are copied before: `COPY manage.py ./` of `COPY
// pyproject.toml uv.lock manage.py ./`. `lines`: of the instruction, with the comments above it. Nothing where all of
// them are left or none, where the destination would no longer be a directory, and where the instruction has more than
// one line.
std::optional<std::string> without_copied(const Dockerfile& file, const Step& step, Span lines,
                                          const std::string& destination, const std::vector<std::string>& copied);

}  // namespace dockhew::inline edits
