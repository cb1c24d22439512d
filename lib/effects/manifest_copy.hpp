// Files that declare dependencies, as opposed to a project's source: package.json, go.sum, requirements.txt. A COPY of
// nothing else is not affected by source edits.
#pragma once

#include <string_view>

#include "model/dockerfile.hpp"

namespace dockhew::inline effects {

// `path`: in the build context, cleaned, from "/".
bool is_manifest(const Facts& facts, std::string_view path);

// Whether a COPY contains only such files.
bool copies_only_manifests(const Dockerfile& file, const Copy& copy);

// `*` and `*.*`: a name that is a pattern for nearly all names, those of manifests included.
bool matches_everything(std::string_view name);

}  // namespace dockhew::inline effects
