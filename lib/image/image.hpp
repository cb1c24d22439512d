// What a container image is: a configuration and a tree of files, its layers merged. Values only; the code that reads
// an image fills them in.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "image/elf.hpp"

namespace dockhew::inline image {

enum class FileType : std::uint8_t { regular, directory, symbolic_link, device, fifo };

struct ImageFile {
  FileType type = FileType::regular;
  std::uint32_t mode = 0;  // the lower twelve bits
  std::uint32_t user = 0, group = 0;
  std::uint64_t size = 0;  // bytes of a regular file
  std::array<std::uint64_t, 2>
      digest{};                         // of its content; equal content has equal hashes, and collisions do not matter
  std::string link;                     // target of a symbolic link
  std::string text;                     // first line of a script; all of any file where the reader was asked
  std::shared_ptr<const ElfNeeds> elf;  // of programs and shared libraries; most files are neither
};

// The `config` of the OCI image specification.
struct ImageConfiguration {
  std::map<std::string, std::string> environment, labels;
  std::vector<std::string> entrypoint, command, shell, triggers;
  std::set<std::string> ports, volumes;
  std::string user, directory, stop_signal, health_check;
};

struct Image {
  ImageConfiguration configuration;
  std::map<std::string, ImageFile> files;  // by absolute path
};

// The path without symbolic links, as they are inside the image; nothing if there is nothing.
std::optional<std::string> real_path(const Image& image, std::string path);
// What is there; null if there is nothing.
const ImageFile* find_file(const Image& image, std::string path);

}  // namespace dockhew::inline image
