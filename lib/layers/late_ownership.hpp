// A RUN that gives whole directories of earlier layers to another user, or other modes: a layer holds whole files, so
// all of them are in the image twice.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline layers {

// `chown -R node:node /app` after what is heavy has come into /app.
struct LateOwnership {
  const Stage* stage;
  const Step* run;
  const ShellCommand* command;
  AffectedPath owned;   // the directory, and as text the owner as written
  const Step* maker;    // a COPY from another stage, or a RUN that installs
  std::string content;  // what the maker has made in the directory
};

// Of the stages that an image contains, one for each directory, in the order of the file.
std::vector<LateOwnership> find_late_ownership(const Dockerfile& file);

// The same of modes, which are the text of `owned`: `chmod -R a+rX /opt/venv`.
std::vector<LateOwnership> find_late_modes(const Dockerfile& file);

}  // namespace dockhew::inline layers
