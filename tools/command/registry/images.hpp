// All that one run asks about images: each question once, several at a time, of the sources that the command line
// names. Nothing here asks a registry unless a command is told to.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "options.hpp"
#include "registry/local_source.hpp"
#include "registry/lock_file.hpp"

namespace dockhew::cli {

struct ImageQuestion {
  ImageReference image;
  std::string platform;  // empty: only the digest is asked for
};

class Images {
 public:
  // `use`: of the lock file, if one is named.
  static Outcome<std::unique_ptr<Images>> open(const Options& options, LockUse use);

  // In the order of the questions.
  std::vector<ResolvedImage> ask(const std::vector<ImageQuestion>& questions);

  // Writes what was resolved into the lock file, if that changed; an error message for the user.
  std::string save();

  std::size_t requests() const { return client_ ? client_->requests() : 0; }

 private:
  Images() = default;
  Obstacle open_lock(const Options& options, LockUse use);
  ResolvedImage ask(const ImageQuestion& question);

  std::unique_ptr<RegistryClient> client_;
  std::unique_ptr<RegistrySource> registry_;
  std::unique_ptr<LockedSource> locked_;
  std::unique_ptr<LocalSource> local_;
  ImageSource* source_ = nullptr;      // the outermost of these
  std::string lock_path_, lock_text_;  // as it was read
  std::map<std::string, ResolvedImage> answers_;
};

}  // namespace dockhew::cli
