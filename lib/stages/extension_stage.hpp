// Extensions of an interpreter that the final stage compiles get a stage of their own. The final stage stays as it is,
// on the same image, but for the headers: it installs the libraries instead and takes the extensions from there.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"
#include "model/site.hpp"
#include "text/edit.hpp"

namespace dockhew::inline stages {

struct ExtensionStage {
  std::vector<TextEdit> edits;
  std::vector<std::string> checklist;
};

// Whether the final stage compiles extensions with commands of its image.
bool builds_extensions(const Dockerfile& file);

// Requires a file whose final stage does.
Outcome<ExtensionStage> plan_extension_stage(const Dockerfile& file);

}  // namespace dockhew::inline stages
