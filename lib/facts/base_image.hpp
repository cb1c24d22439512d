// What a registry says of one base image: facts that were asked for, in place of those of the tables. They belong to
// one run, and are read by the model as the tables are (facts.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dockhew::inline facts {

struct ImageReference;
struct ImageEntry;
struct ImageFiles;

// The configuration of an image for one platform.
struct BaseImage {
  std::string platform;                                          // "linux/arm64"
  std::vector<std::pair<std::string, std::string>> environment;  // in its order
  std::string user, workdir;                                     // empty: it says nothing
  std::vector<std::string> command, entrypoint, shell;
  std::vector<std::string> triggers;  // ONBUILD
  std::int64_t bytes = 0;             // of its layers, as a registry sends them; 0 where that is not known
  // What its history says that it was made of, whatever was installed since: "debian" and "bookworm", "ubuntu" and
  // "22.04". Empty where it says nothing, or where a later step may have changed it.
  std::string distribution = {}, release = {};
  std::shared_ptr<const ImageFiles> files = {};  // null where they were not asked for, or could not be read

  friend bool operator==(const BaseImage&, const BaseImage&) = default;
};

enum class Found {
  image,
  no_image,     // the registry has no such name, tag or digest
  no_platform,  // it has the image, but not for this platform
  no_answer,    // nothing is known
};

// The answer to one question: a name, and the platform that is built for.
struct ResolvedImage {
  Found found = Found::no_answer;
  std::string digest;                  // "sha256:…" of what the name stands for: an index, or a manifest
  std::vector<std::string> platforms;  // of an index
  BaseImage image;
  std::string reason;  // why there is no image: a sentence for people, in lower case and without a full stop
};

// All answers of a run. Filled before any file is read with it, and then only read.
class ResolvedImages {
 public:
  ResolvedImages();
  ~ResolvedImages();

  // `known`: what the tables say of it; null where they say nothing.
  void add(const ImageReference& reference, std::string_view platform, ResolvedImage answer, const ImageEntry* known);
  // Null where nobody asked.
  const ResolvedImage* find(const ImageReference& reference, std::string_view platform) const;
  // The row of the tables, or an empty one, with what the image itself says. Null where that is not all.
  const ImageEntry* entry(const ImageReference& reference, std::string_view platform) const;

  bool empty() const { return answers_.empty(); }

 private:
  struct Answer;
  const Answer* answer(const ImageReference& reference, std::string_view platform) const;
  std::map<std::string, std::unique_ptr<Answer>, std::less<>> answers_;
};

// The first digits of a digest, by which people recognise it: "sha256:0123456789ab".
std::string short_digest(std::string_view digest);

}  // namespace dockhew::inline facts
