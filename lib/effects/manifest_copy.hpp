// Files that declare dependencies, as against the source of a project: package.json, go.sum, requirements.txt. A COPY
// of nothing else is what an edit of the source does not touch.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew {

// `path`: in the build context, cleaned, from "/".
bool is_manifest(const Facts& facts, std::string_view path);

// Whether a COPY brings only such files.
bool copies_only_manifests(const Dockerfile& file, const Copy& copy);

}  // namespace dockhew
