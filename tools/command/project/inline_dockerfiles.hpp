// Dockerfiles that stand in a Compose file themselves, as the text of `dockerfile_inline`.
// https://docs.docker.com/reference/compose-file/build/#dockerfile_inline
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>

#include "project/build_files.hpp"

namespace dockhew::cli {

// `node`: the value of the key.
InlineDockerfile inline_dockerfile(const std::string& service, const YAML::Node& node);

// The lines of such a Dockerfile as they stand in the file, with their indentation, and an empty line for each line
// before them: so that what is found in it has the line and the column that it has in the file. Nothing where the text
// is not written line by line (`|`), or where Compose puts values into it.
std::optional<std::string> text_in_place(std::string_view file, const InlineDockerfile& said);

}  // namespace dockhew::cli
