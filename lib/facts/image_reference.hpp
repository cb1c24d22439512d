// The name of an image, split into its parts: registry/repository:tag@digest. Facts: the distribution reference
// grammar.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::inline facts {

struct ImageReference {
  std::string registry;    // empty for Docker Hub
  std::string repository;  // "library/rust" becomes "rust"
  std::string tag;         // empty when absent
  std::string digest;      // "sha256:…", empty when absent

  // The name by which the image table knows it: "rust", "gcr.io/distroless/static".
  std::string name() const { return registry.empty() ? repository : registry + '/' + repository; }
  // Where it is kept: "docker.io", "localhost:5000"; and there as what: "library/rust".
  std::string host() const { return registry.empty() ? "docker.io" : registry; }
  std::string path() const;
  // All of it, so that two ways to write the same name are equal: "docker.io/library/rust:latest". A digest decides
  // alone what the image is, and the tag is left out.
  std::string canonical() const;
  // What a registry is asked for: the digest, or the tag.
  std::string tag_or_digest() const { return !digest.empty() ? digest : tag.empty() ? "latest" : tag; }
  // Whether its name says that it is an image of Windows: "sdk:8.0-nanoserver-ltsc2022", "dotnet/framework/sdk:4.8".
  bool names_windows() const;
  // Which of Google's distroless images it is, "static-debian12"; empty for others. A view of the repository.
  // https://github.com/GoogleContainerTools/distroless
  std::string_view distroless() const;
};

ImageReference parse_image_reference(std::string_view text);

// Why a builder rejects a name, in the words of the distribution library; empty when it is a reference.
std::string image_reference_error(std::string_view text);

// The same for "sha256:…" alone, in the words of opencontainers/go-digest.
std::string checksum_error(std::string_view text);

}  // namespace dockhew::inline facts
