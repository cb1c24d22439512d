// Reads what a few files of an image say from its layers, one on top of the other, without unpacking any: a layer is
// read once from its beginning to its end, and of most files only the name is looked at. Layers come from strangers, so
// how much is read, and for how long, is limited.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "facts/base_image.hpp"
#include "facts/image_files.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// Bytes of all layers of an image, as they are sent. The largest official image of a language has 0.4 GB.
inline constexpr std::int64_t largest_layers = std::int64_t{1} << 30U;

class LayerFiles {
 public:
  // `image`: whose PATH says where programs are.
  explicit LayerFiles(const BaseImage& image);

  // The next layer, from the lowest on: a file with a tar archive, which may be compressed. Throws a sentence for the
  // user where it cannot be read.
  void add(const std::string& path);

  ImageFiles result() const;

 private:
  using Texts = std::map<std::string, std::string>;
  // What one layer has: texts, links in their place, and programs.
  struct Layer {
    Texts texts, links;
    std::set<std::string> programs;
    Texts owners;  // of directories, as numbers
  };

  static std::size_t weight(const Layer& layer);
  bool wants_text(const std::string& path) const;
  bool is_program(const std::string& path) const;  // or a library that is asked about
  void remove(const std::string& path);
  void remove_below(const std::string& directory);
  const std::string* text(const std::string& path) const;

  std::set<std::string, std::less<>> directories_;  // for programs
  Layer image_;
  bool has_apt_ = false;
  std::size_t entries_ = 0;
  std::uint64_t bytes_ = 0;  // unpacked
  std::chrono::steady_clock::time_point deadline_;
};

// Empty where the file cannot be read.
std::string digest_of_file(const std::string& path);

// As the cache and lock files have it.
Json json_of(const ImageFiles& files);
ImageFiles files_of(const Json& json);

}  // namespace dockhew::cli
