// What a registry keeps of an image, read from its JSON: an index of images for several platforms, the manifest of one,
// and its configuration. All of it comes from a stranger: what is not as the specification has it is declined.
// Facts: the OCI image specification (image-index.md, manifest.md, config.md) and Docker's image manifest version 2,
// schema 2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "facts/base_image.hpp"
#include "model/outcome.hpp"
#include "model/platform.hpp"

namespace dockhew::inline registry {

// Media types that are asked for, as a value of `Accept`.
inline constexpr std::string_view accepted_manifests =
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

// Bytes. The distribution specification has registries accept manifests of 4 MiB; real configurations have some KiB.
inline constexpr std::size_t largest_manifest = std::size_t{4} << 20U;
inline constexpr std::size_t largest_configuration = std::size_t{8} << 20U;

struct Descriptor {
  std::string digest;
  std::int64_t size = 0;
};

// One image of an index.
struct IndexEntry {
  Descriptor manifest;
  Platform platform;
  bool is_index = false;  // an index in an index
};

struct Manifest {
  bool is_index = false;
  std::vector<IndexEntry> images;  // of an index, without what is no image: attestations
  Descriptor configuration;        // of an image
  std::vector<Descriptor> layers;

  // The platforms of an index, as people write them, each once and sorted.
  std::vector<std::string> platforms() const;
};

// `media_type`: what the registry says it is, for texts that do not say so themselves; may be empty.
Outcome<Manifest> read_manifest(std::string_view text, std::string_view media_type);

// The image for a platform, as containerd chooses it: the same variant, or the best one that runs there. Null where
// there is none.
const IndexEntry* image_for(const Manifest& index, const Platform& platform);
// Whether an image of one platform is one for the other.
bool runs_on(const Platform& image, const Platform& platform);

// Of all layers of an image, as they are sent; 0 where what the manifest says of them cannot be.
std::int64_t layer_bytes(const Manifest& manifest);

Outcome<BaseImage> read_configuration(std::string_view text);

// Whether a text is a digest that can be verified.
bool is_verifiable(std::string_view digest);
// Whether bytes are what a digest names.
bool has_digest(std::string_view bytes, std::string_view digest);
std::string digest_of(std::string_view bytes);

}  // namespace dockhew::inline registry
