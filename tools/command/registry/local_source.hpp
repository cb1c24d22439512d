// Images of this machine: in an OCI image layout, in the archive that `docker save` writes, or where Docker or Podman
// keep them. Who names one with `--image NAME=oci-layout:DIR` means it wherever a Dockerfile says NAME, whatever a
// registry has. Facts: the OCI image
// specification, image-layout.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "registry/image_source.hpp"

namespace dockhew::cli {

struct ImagePlace {
  enum class Kind : std::uint8_t { layout, archive, docker, podman };
  Kind kind = Kind::layout;
  std::string path;  // or the name there
};

// By canonical name, from values of the option; a reason for the user where one is wrong.
Outcome<std::map<std::string, ImagePlace>> image_places(const std::vector<std::string>& values);

// Answers from files where they are named, and asks another source about all else.
class LocalSource final : public ImageSource {
 public:
  LocalSource(ImageSource& source, std::map<std::string, ImagePlace> places, bool with_files)
      : source_(source), places_(std::move(places)), with_files_(with_files) {}

  ResolvedImage digest(const ImageReference& image) override;
  ResolvedImage image(const ImageReference& image, const std::string& platform) override;

 private:
  ImageSource& source_;
  std::map<std::string, ImagePlace> places_;
  bool with_files_;
};

}  // namespace dockhew::cli
