// The configuration of the image a Dockerfile makes, by abstract interpretation of its final stage: what `docker
// inspect` would show, relative to the base image. The gate compares it before and after a rewrite.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline buildkit {

struct Configuration {
  std::string base;  // the image the chain of stages starts from
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> labels;
  std::vector<std::string> exposed;   // sorted
  std::vector<std::string> volumes;   // sorted
  std::vector<std::string> triggers;  // ONBUILD
  std::string user, workdir, stop_signal;
  std::string entrypoint, command, health_check, shell;  // canonical text of the instruction that counts
};

Configuration final_configuration(const Dockerfile& file);

// Whether the file says what the container runs. If it does not, the image is one to work in, or a base for others.
bool starts_process(const Configuration& configuration);

// Names of the parts that differ, for people: "ENV RUST_LOG", "CMD". `ignore_base`: a new base is meant.
std::vector<std::string> differences(const Configuration& before, const Configuration& after, bool ignore_base);

}  // namespace dockhew::inline buildkit
