// What the base images of what is shipped weigh, and the smaller ones that could take their place: what their registry
// said, where it was asked. Nothing here is estimated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew::inline stages {

// As a registry sends it, compressed.
struct ImageSize {
  std::string image;   // `python:3.12`
  std::string digest;  // of what the name stands for
  std::int64_t bytes = 0;
};

// An image that is another form of the base, or for the same language.
struct OtherForm {
  ImageSize size;
  std::string_view difference;  // for a person: "musl in place of glibc"; may be empty
};

struct ShippedBase {
  const Stage* stage = nullptr;  // whose FROM names it
  ImageSize base;
  std::optional<ImageSize> smaller;  // where the registry has it, and it is smaller
  std::vector<OtherForm> others;     // that are smaller too, the smallest first
};

// The stages that name the base images of what can be built and shipped, in their order.
std::vector<const Stage*> stages_of_shipped_bases(const Dockerfile& file);

// Of those whose size is known.
std::vector<ShippedBase> shipped_bases(const Dockerfile& file);

// "; `node:22` is 400 MB to download, `node:22-slim` 77 MB"; empty where that is not known.
std::string size_comparison(const Dockerfile& file, const Stage& stage);

}  // namespace dockhew::inline stages
