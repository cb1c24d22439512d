// COPY takes what is in a directory and not the directory itself, so that directories which a wildcard matches, or
// which are named beside other sources, fall together in the destination.
#pragma once

#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct FlattenedCopy {
  const Stage* stage = nullptr;
  const Step* step = nullptr;
  std::vector<std::size_t> sources;      // those that bring directories
  std::vector<std::string> directories;  // in the context, whose contents are copied
  bool by_wildcard = false;              // a wildcard matches one of them, and something else
  // For a person: why that cannot be meant: "`app.py` imports `routes`"; empty where nothing says so.
  std::string evidence;
  bool is_needed = false;  // the evidence is that something looks for a directory
};

// In order. None where the context is not known.
std::vector<FlattenedCopy> find_flattened_copies(const Dockerfile& file);

}  // namespace dockhew::inline flow
