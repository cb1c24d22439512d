// Whether a Dockerfile makes a generated directory itself, such as `node_modules`, and whether it does so before a COPY
// that brings the one of the build context over it.
#pragma once

#include <cstdint>
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "flow/wide_copies.hpp"

namespace dockhew::inline flow {

enum class Made : std::uint8_t { no, after, before };  // the COPY

// What the steps of a stage, and of those it is built on or that are built on it, make of a path of the image.
class GeneratedMakers {
 public:
  GeneratedMakers(const Dockerfile& file, const WideCopy& copy) : file_(file), copy_(copy) {}

  // Which projects a tool works on: that of the directory in which it runs, or those below it too.
  enum class Of : std::uint8_t { this_one, any_above };

  Made made(const Ecosystem& ecosystem, const GeneratedDirectory& generated, const std::string& path,
            const std::string& project, Of of) const;

 private:
  const Dockerfile& file_;
  const WideCopy& copy_;
};

}  // namespace dockhew::inline flow
