// What a name in a Dockerfile means where it stands: a stage, or a variable of ARG and ENV. Hovering shows it, and
// going to its definition leads there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::cli {

// Where a byte of the file is.
struct FilePlace {
  const Instruction* instruction = nullptr;  // null between two
  const Stage* stage = nullptr;              // null before the first
  const Step* step = nullptr;                // null in FROM and before the first stage
};
FilePlace place_at(const Dockerfile& file, std::uint32_t offset);

struct StageName {
  const Stage* stage = nullptr;
  Span span;  // of the name
};
// The stage that is named in FROM, --from= or a mount; the stage itself behind AS.
std::optional<StageName> stage_name_at(const Dockerfile& file, std::uint32_t offset);

struct VariableName {
  std::string name;
  Span span;
  bool defined_here = false;  // by this ARG or ENV
};
std::optional<VariableName> variable_name_at(const Dockerfile& file, std::uint32_t offset);

// The value that it has there; of one that is defined there, from then on.
Value value_at(const Dockerfile& file, const FilePlace& place, const VariableName& variable, std::uint32_t offset);

struct Definition {
  const Instruction* instruction = nullptr;
  Span span;  // of the name in it
};
// What gives it this value: an ENV, or an ARG and the one of that name above the first FROM. None for what comes from
// the base image or from nowhere.
std::vector<Definition> definitions_of(const Dockerfile& file, const FilePlace& place, const VariableName& variable);

}  // namespace dockhew::cli
