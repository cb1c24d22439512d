// Where a Dockerfile names images of a registry, and how a digest is written there: FROM, COPY --from, RUN --mount=from
// and the line `# syntax=`. The names of its own stages, `scratch` and named build contexts are none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "facts/image_reference.hpp"
#include "model/dockerfile.hpp"
#include "text/edit.hpp"

namespace dockhew::inline registry {

// What a builder or a runner does with the image.
enum class UseKind : std::uint8_t {
  from,
  copy,     // COPY --from
  mount,    // RUN --mount=from
  syntax,   // # syntax=
  service,  // of a Compose file
  action,   // of a workflow
};
std::string_view to_string(UseKind kind);

struct ImageUse {
  Span place;                // in the source, for a person
  std::string text;          // with variables expanded, as far as they are known
  ImageReference reference;  // of it
  Span written;              // what ends with the tag, or with a digest: the name, or the default of an argument
  std::string obstacle;      // why no digest can be written there, for a person; empty where one can
  UseKind kind = UseKind::from;
};

// In their order.
std::vector<ImageUse> image_uses(const Dockerfile& file);

// What the name becomes with a digest. Its tag stays for people and for the programs that look for newer images, and
// where it has none, the one that is meant is written.
TextEdit with_digest(std::string_view source, const ImageUse& use, std::string_view digest);

}  // namespace dockhew::inline registry
