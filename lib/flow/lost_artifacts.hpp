// Artifact flow through cache and tmpfs mounts. Such a mount keeps writes out of the layer, so what a later step reads
// below its target is missing unless it was copied out in the same RUN. The formal rule: reference
// `produces ∧ ¬copied ∧ consumed`, see docs/rules/lost-cache-artifact.md.
#pragma once

#include <string>
#include <vector>

#include "flow/readers.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline flow {

struct LostArtifact {
  std::uint32_t stage = 0;       // that produces it
  std::size_t producer = 0;      // index of the step in that stage
  const Mount* mount = nullptr;  // that hides it
  std::string path;              // absolute
  bool certain = false;          // a known tool writes there, and nothing else could

  using Consumer = Reader::Kind;
  Consumer consumer = Consumer::copy;
  std::uint32_t consumer_stage = 0;
  std::size_t consumer_step = 0;
  Span consumer_span;  // the word that names it, in the source
};

std::vector<LostArtifact> find_lost_artifacts(const Dockerfile& file);

}  // namespace dockhew::inline flow
