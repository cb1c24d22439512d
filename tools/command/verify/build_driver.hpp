// What `dockhew verify` needs from a real builder. Each driver keeps what it builds separate from the user's images and
// caches, and discards it at the end. The original and the optimized file are two variants with separate caches, so
// that neither benefits from what the other has built.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::cli {

enum class Variant { original, optimized };
std::string_view to_string(Variant variant);

struct BuildRequest {
  Variant variant = Variant::original;
  const Dockerfile* file = nullptr;
  std::string dockerfile;              // path of its text
  std::string context;                 // a directory
  std::vector<std::string> arguments;  // "NAME=value"
  std::vector<std::string> options;    // for the builder's own command line, as they are
};

// One step of the build, as the builder names it.
struct BuildStep {
  std::uint32_t stage = 0, step = 0;  // indices in the Dockerfile
  bool cached = false;
};

struct BuildResult {
  std::string error;  // for the user, with the last lines of the output; empty when the image was built
  double seconds = 0;
  std::vector<BuildStep> steps;               // in no particular order; without those that the builder did not mention
  std::optional<std::uint64_t> downloaded;    // bytes, as far as package managers report them
  void read_download(std::string_view line);  // of the output
};

struct RunResult {
  int status = -1;
  std::string output;
  std::string error;  // it could not be run
};

// Called with what the builder says it is doing.
using OnStep = std::function<void(std::string_view step)>;

class BuildDriver {
 public:
  virtual ~BuildDriver() = default;
  virtual std::string name() const = 0;  // "buildah 1.28.2"
  virtual Builder kind() const = 0;
  // Why this file cannot be built, before anything is started; empty when it can, as far as is known.
  virtual std::string unsupported(const Dockerfile&) const { return {}; }
  // Makes the base images available, so that no timed build has to fetch them. Returns an error message for the user.
  virtual std::string prepare(const std::vector<std::string>& base_images, const OnStep& on_step) = 0;
  virtual BuildResult build(const BuildRequest& request, const OnStep& on_step) = 0;
  // Writes the image that was built last as an archive. Returns an error message for the user.
  virtual std::string save(const BuildRequest& request, const std::string& archive) = 0;
  // Deletes everything that this variant has built and cached.
  virtual void forget(Variant variant) = 0;
  virtual RunResult run(Variant variant, const std::string& command) = 0;
};

struct FoundDriver {
  std::unique_ptr<BuildDriver> driver;
  std::string error;  // for the user: none is installed, or this one does not work
};

// `name` is docker, buildctl, podman or buildah; empty takes the first of them that works. `directory` is for the
// driver's own files; its creator removes it.
FoundDriver find_driver(const std::string& name, const std::string& directory);

// The end of a builder's output, for the user.
class LogTail {
 public:
  void add(std::string_view line);
  std::string text() const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace dockhew::cli
