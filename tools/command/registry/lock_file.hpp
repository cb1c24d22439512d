// What was resolved, in a file that a project keeps: names and their digests, and the configurations that were read.
// With it the same command gives the same result later and elsewhere, without a network. The format is described in
// docs/pin.md.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "registry/image_source.hpp"

namespace dockhew::cli {

struct LockedImage {
  std::string digest;
  std::vector<std::string> platforms;             // of an index, where that was read
  std::map<std::string, BaseImage> of_platforms;  // by what was asked for
};

using LockedImages = std::map<std::string, LockedImage>;  // by canonical name

Outcome<LockedImages> read_lock(std::string_view text);
// Sorted, so that the same images give the same text.
std::string write_lock(const LockedImages& images);

enum class LockUse : std::uint8_t { read, renewed };  // renewed: every name is asked for again

// Answers from a lock file, and records there what another source answers.
class LockedSource final : public ImageSource {
 public:
  // `with_files`: what the files of an image say is asked for too, and is left out otherwise.
  LockedSource(ImageSource& source, LockedImages images, LockUse use, bool with_files)
      : source_(source), images_(std::move(images)), use_(use), with_files_(with_files) {}

  ResolvedImage digest(const ImageReference& image) override;
  ResolvedImage image(const ImageReference& image, const std::string& platform) override;

  // Not while others ask.
  const LockedImages& images() const { return images_; }

 private:
  bool known(const std::string& name) const;

  ImageSource& source_;
  std::mutex mutex_;
  LockedImages images_;
  LockUse use_;
  bool with_files_;
  std::map<std::string, bool> renewed_;  // names that were asked for again
};

}  // namespace dockhew::cli
