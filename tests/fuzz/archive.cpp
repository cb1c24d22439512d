// An image from whom nobody knows: any bytes give an image or an error. The input is a manifest, a configuration and a
// layer, with a NUL after each of the first two; or, when it begins with one, an archive. Sums of tar headers are made
// right, so that fuzzing is about what they say.
#include <cstdio>

#include "image/comparison.hpp"
#include "image/moving_files.hpp"
#include "scratch.hpp"
#include "verify/image_archive.hpp"
#include "verify/started_program.hpp"

using namespace dockhew;

namespace {

constexpr std::size_t block = 512, sum_at = 148, sum_size = 8, magic_at = 257;

void correct_sum(char* header) {
  std::fill_n(header + sum_at, sum_size, ' ');
  unsigned sum = 0;
  for (std::size_t i = 0; i < block; ++i) sum += static_cast<unsigned char>(header[i]);
  std::snprintf(header + sum_at, sum_size, "%06o", sum);
}

std::string with_sums(std::string tar) {
  for (std::size_t at = 0; at + block <= tar.size(); at += block)
    if (tar.compare(at + magic_at, 5, "ustar") == 0) correct_sum(tar.data() + at);
  return tar;
}

std::string entry(const std::string& name, const std::string& content) {
  std::string header(block, '\0');
  name.copy(header.data(), name.size());
  std::snprintf(header.data() + 124, 12, "%011zo", content.size());
  header.replace(magic_at, 8,
                 std::string("ustar\0"
                             "00",
                             8));
  header[156] = '0';
  correct_sum(header.data());
  return header + content + std::string((block - content.size() % block) % block, '\0');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string input(reinterpret_cast<const char*>(data), size), archive;
  if (input.starts_with('\0')) {
    archive = with_sums(input.substr(1));
  } else {
    const auto first = std::min(input.find('\0'), size), second = std::min(input.find('\0', first + 1), size);
    archive = entry("manifest.json", input.substr(0, first)) +
              entry("c", input.substr(std::min(first + 1, size), second - std::min(first + 1, second))) +
              entry("l", with_sums(input.substr(std::min(second + 1, size)))) + std::string(2 * block, '\0');
  }
  static const auto path = scratch_directory() + "/image.tar";
  write_bytes(path, archive);
  auto read = cli::read_image(path, is_followed_text);
  if (!read.error.empty()) return 0;
  for (const auto& [name, file] : read.image.files)
    if (!name.starts_with('/') || name.size() < 2) std::abort();
  const auto same = compare_images(read.image, read.image, {}, [](const std::string&) { return std::string_view(); });
  if (!same.equivalent()) std::abort();
  const Image none;
  follow_started_program(read.image, none, {}, {});
  Movable may_move(read.image, none);
  for (const auto& difference :
       compare_images(read.image, none, {}, [](const std::string&) { return std::string_view(); }).files)
    may_move(difference);
  return 0;
}
