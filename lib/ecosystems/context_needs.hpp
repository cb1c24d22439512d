// What a directory must hold to be the build context of a Dockerfile: what the file copies, and what the tools that it
// runs look for where they run. Where nothing says which directory the build starts from, this tells it apart.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/build_context.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline ecosystems {

struct ContextNeeds {
  // Paths of which one must be there, wildcards included.
  using AnyOf = std::vector<std::string>;
  // A project, in one of these directories, whose tool takes a workspace above it into account.
  struct Project {
    const Tool* tool = nullptr;
    AnyOf directories;
  };

  std::vector<std::string> copied;  // the build fails without each of these
  std::vector<AnyOf> read;          // a tool fails without them,
  std::vector<AnyOf> expected;      // or usually has them: lock files, what a wildcard names
  std::vector<Project> projects;
};

ContextNeeds context_needs(const Dockerfile& file);

struct FittingContext {
  std::size_t index = 0;
  bool has_manifests = true;  // all that its tools look for
};

// Of a directory and those above it, nearest first, the one that the needs fit best; without ignore files, which belong
// to the one that is chosen. Where none of them has what the tools look for, the nearest one that is seen to be a
// project without it. Nothing when the context may be any other directory.
std::optional<FittingContext> fitting_context(const ContextNeeds& needs, std::span<const BuildContext> candidates);

}  // namespace dockhew::inline ecosystems
