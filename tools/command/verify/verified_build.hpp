// One verification: a Dockerfile and what it is compared with, built on a real builder, timed and compared. Whoever
// asks says what the two forms are; `dockhew verify` of a Dockerfile asks once, that of a Compose file for each
// service.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "report/verification.hpp"
#include "temporary_directory.hpp"
#include "verify/build_driver.hpp"

namespace dockhew::cli {

// A builder that works, and the directory for all that it makes, which is removed at the end.
class Workshop {
 public:
  explicit Workshop(const std::string& builder);
  const std::string& error() const { return error_; }  // for the user: why there is none
  BuildDriver& driver() const { return *driver_; }
  const std::string& directory() const { return directory_.path(); }

 private:
  TemporaryDirectory directory_;  // outlives the driver, which works in it
  std::unique_ptr<BuildDriver> driver_;
  std::string error_;
};

// One of the two forms.
struct BuiltForm {
  std::string path;                        // of the Dockerfile, whose ignore file counts
  std::string context;                     // a directory
  std::vector<std::string> arguments{};    // "NAME=value"
  std::shared_ptr<const Dockerfile> file;  // as it is built
};

struct Subject {
  std::string name;  // among several that are verified, for a person
  BuiltForm original, optimized;
  bool changes_base = false;  // by design: the final stage of the optimized form differs
};

// Whether a rewrite gives the final stage another base image, by design. A slim image that is the base of both stages
// is shipped without what was installed for the build.
bool changes_base(const Rewrite& rewrite);

// Returns an error message for the user; its first line says what is wrong, and after it there may be the end of a
// builder's output, already escaped. An interrupt is none: the verification says so.
std::string verify_build(const Options& options, const Subject& subject, Workshop& workshop,
                         Verification& verification);

// Such a message, on standard error.
void complain_with_output(const std::string& path, const std::string& message);

}  // namespace dockhew::cli
