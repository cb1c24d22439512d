// What `optimize` makes of Compose files and workflows: entries for the cache are added to the text, and everything
// else must mean what it meant.
#pragma once

#include <optional>
#include <string>

#include "commands.hpp"
#include "report/result.hpp"
#include "rewrite_notes.hpp"

namespace dockhew::cli {

struct OptimizedBuildFile {
  std::string output, notes;         // for standard output, and for standard error
  std::optional<FileResult> result;  // for a report
  ChangeCounts shown;
  bool failed = false, improved = false;
};
OptimizedBuildFile optimize_build_file(const Options& options, const Facts& facts, const std::string& path,
                                       const RepositoryBuilds& repositories);

// Whether two YAML texts say the same, but for entries that say where a cache is, which may be new or have become
// complete, and for a context that has become an entry of its own. False also where one cannot be read, or is too large
// to be compared.
bool same_but_for_caches(const std::string& before, const std::string& after);

}  // namespace dockhew::cli
