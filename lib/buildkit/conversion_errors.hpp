// The third layer of what BuildKit rejects: values that turn out to be wrong only when variables are expanded and
// stages are put together. Wording and order are BuildKit's (dockerfile2llb/convert.go). A value that is not known is
// not wrong.
#pragma once

#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline buildkit {

// The order in which BuildKit goes over the whole file.
enum class ConversionPhase : std::uint8_t {
  global_arguments,
  from,     // every FROM: its base, its platform
  link,     // which stages COPY --from means
  cycle,    // stages that need each other
  resolve,  // names of images
  step,     // every instruction of every stage
  marshal,  // the build steps as a whole
};

struct ConversionError {
  SyntaxError error;
  ConversionPhase phase = ConversionPhase::step;
  std::uint32_t instruction = 0;  // in the document
};

// At most one per instruction and phase, in BuildKit's order.
std::vector<ConversionError> find_conversion_errors(const Dockerfile& file);

}  // namespace dockhew::inline buildkit
