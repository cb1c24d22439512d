// Mirrors of registries, from what Docker's daemon and Podman are told: whoever pulls through one asks it first, and
// the registry itself only for what it lacks. So an answer is the one that a build gets, also where the registry cannot
// be reached. Facts: dockerd(8), registry-mirrors; containers-registries.conf(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/image_reference.hpp"

namespace dockhew::inline registry {

struct Mirror {
  std::string place;  // a host with its port, and the path under which it keeps the images: "mirror.example.org/hub"
  bool by_tag = true, by_digest = true;  // what it is asked for
};

// Of all images whose complete name begins so: "docker.io", "registry.example.org/team".
struct MirroredPrefix {
  std::string prefix;
  std::vector<Mirror> mirrors;  // in the order in which they are asked
};

// What cannot be read says nothing, nor does a mirror that would be asked without encryption on another machine.
std::vector<MirroredPrefix> read_docker_mirrors(std::string_view json);
std::vector<MirroredPrefix> read_registries_conf(std::string_view toml);

// The same image as mirrors have it: by the longest prefix, of several equal ones the last.
std::vector<ImageReference> mirrored(const ImageReference& image, const std::vector<MirroredPrefix>& prefixes);

}  // namespace dockhew::inline registry
