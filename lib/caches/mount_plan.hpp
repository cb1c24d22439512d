// How a RUN is made to use cache mounts for one tool: the mounts, and the removal of everything in the RUN that would
// defeat them. If the result could differ from the original in more than caches, it is declined with the reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/assumption.hpp"
#include "model/builder.hpp"
#include "model/outcome.hpp"
#include "model/site.hpp"
#include "text/edit.hpp"

namespace dockhew::inline caches {

// Of the assumption that a base image that is not known leaves the caches of a tool where they are by default.
inline constexpr std::string_view base_image_defaults_id = "base-image-defaults";

struct CacheMounts {
  std::vector<TextEdit> edits;  // add the mounts, and remove what would defeat them; none when nothing is missing
  std::vector<Assumption> assumptions;
  bool makes_parents = false;  // a RUN before makes directories above the mounts
};

struct CacheMountPlan {
  std::vector<std::string> missing;  // targets that have no mount yet
  bool store = false;                // one of them holds what later steps read from there
  bool results_only = false;         // the rest stays in layers; no RUN has such a mount unless all that compile do
  bool unknown = false;              // a cache directory whose path is not known
  Outcome<CacheMounts> mounts = CacheMounts();

  bool is_needed() const { return !mounts || !mounts->edits.empty(); }
};

enum class Mounted {
  all,
  results,  // only what the tool compiles: an earlier RUN keeps in its layer what it downloads
};

// For all uses of one tool in one RUN.
CacheMountPlan plan_cache_mounts(const Site& site, const Tool& tool, Builder builder, Mounted mounted = Mounted::all);

// Whether RUN may have mounts: with BuildKit or Buildah, unless `# syntax=` names a non-experimental Docker frontend
// before 1.2.
bool has_run_mounts(const Dockerfile& file, Builder builder);

// What is assumed when the base image comes from a build argument.
Assumption default_base_image(const Stage& stage);

}  // namespace dockhew::inline caches
