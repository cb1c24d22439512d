// Where facts about images come from, behind one interface: a registry with the cache before it, the cache alone, or
// what a file of the project records. Whoever asks need not know which.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "facts/base_image.hpp"
#include "model/platform.hpp"
#include "registry/image_cache.hpp"
#include "registry/registry_client.hpp"

namespace dockhew::cli {

class ImageSource {
 public:
  virtual ~ImageSource() = default;
  // What a name stands for now; its configuration is not asked for. May be called by several threads, as what follows.
  virtual ResolvedImage digest(const ImageReference& image) = 0;
  // Its configuration for a platform.
  virtual ResolvedImage image(const ImageReference& image, const std::string& platform) = 0;
};

// For sources: that nothing is known, why; that there is something with this digest; that there is an image, but none
// for this platform.
ResolvedImage no_answer(std::string reason);
ResolvedImage only_digest(std::string digest);
ResolvedImage without_platform(std::string digest, std::vector<std::string> platforms, const std::string& wanted);

// Something that a digest names, or why it is not there: then the digest is empty.
struct Bytes {
  std::string text = {}, media_type = {}, digest = {};
  ResolvedImage absent = {};
};

// What the files of an image say, or why that is not known.
using FilesAnswer = Outcome<std::shared_ptr<const ImageFiles>>;

// How a source gets at what a manifest names.
struct Contents {
  std::function<Bytes(const std::string& digest)> manifest;
  std::function<Bytes(const Descriptor& descriptor)> configuration;
  // Null where the files are not asked for. `digest`: of the manifest.
  std::function<FilesAnswer(const Manifest& manifest, const std::string& digest, const BaseImage& image)> files = {};
};
// From the layers of an image, each of which `fetch` puts into a file; a reason where it cannot.
using FetchLayer = std::function<Outcome<std::string>(const Descriptor& layer)>;
FilesAnswer read_files(const Manifest& manifest, const BaseImage& image, const FetchLayer& fetch);

// From a manifest or an index, by way of what these name, to the configuration for a platform.
ResolvedImage describe(Bytes top, const std::string& platform, const Contents& contents);

// What the cache has, and a registry sends if need be.
class RegistrySource final : public ImageSource {
 public:
  // Without a client nothing is asked for. `with_files`: the layers are read too.
  RegistrySource(RegistryClient* client, bool with_files) : client_(client), with_files_(with_files) {}

  ResolvedImage digest(const ImageReference& image) override;
  ResolvedImage image(const ImageReference& image, const std::string& platform) override;

 private:
  Bytes manifest(const ImageReference& image);
  Bytes configuration(const ImageReference& image, const Descriptor& descriptor);
  FilesAnswer files(const ImageReference& image, const Manifest& manifest, const std::string& digest,
                    const BaseImage& configuration);

  RegistryClient* client_;
  bool with_files_;
  std::mutex layers_;  // of one image at a time: they are large
  ImageCache cache_;
};

}  // namespace dockhew::cli
