// Where a YAML file says something about a build: first the line and column that the YAML reader knows, then, with the
// text of the file, the bytes themselves.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/build_file.hpp"
#include "project/build_files.hpp"
#include "text/position.hpp"

namespace dockhew::cli {

// What a scalar says, line by line, or each scalar of a list, or the keys of a map. Nothing of a value with a variable
// of Compose or an expression of a workflow, unless `variables` may be in it.
enum class Variables { refused, allowed };
std::vector<SaidInFile> said_in(const YAML::Node& node, Variables variables = Variables::refused);

// The names of arguments in that: what precedes `=`.
std::vector<SaidInFile> names_said_in(const YAML::Node& node);

// The block below a key of a map; nothing where the map itself has no such key.
std::optional<SaidBlock> block_said_in(const YAML::Node& map, const std::string& key);

// Where entries can be added to it: below its last one, in its indentation. Nothing where it is not written line by
// line.
std::optional<NewEntries> room_in(const LineIndex& lines, std::string_view text, const std::string& newline,
                                  const SaidBlock& block);

// The place in the text: the value itself where it is written on one line as it is, else something for a message: where
// it stands behind the place that is known, or the rest of that line. `whole_name`: not within a longer name.
enum class Match { text, whole_name };
SaidValue place_in(const LineIndex& lines, std::string_view text, const SaidInFile& said, Match match = Match::text);

}  // namespace dockhew::cli
