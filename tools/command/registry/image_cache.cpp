#include "registry/image_cache.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "cache_directory.hpp"
#include "files.hpp"
#include "registry/manifest.hpp"
#include "text/json.hpp"
#include "text/sha256.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20U;  // of all that is kept
constexpr std::size_t most_files = 20'000;

struct Kept {
  fs::path path;
  fs::file_time_type used;
  std::uintmax_t size = 0;
};

std::vector<Kept> kept_in(const fs::path& directory) {
  std::vector<Kept> files;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;
    Kept file{it->path(), it->last_write_time(gone), it->file_size(gone)};
    if (!gone) files.push_back(std::move(file));
  }
  return files;
}

// Makes room for so many bytes: what was not used for longest goes first, until half is free, so that this is rare.
void make_room(const fs::path& directory, std::uintmax_t bytes) {
  auto files = kept_in(directory);
  std::uintmax_t size = bytes;
  for (const auto& file : files) size += file.size;
  auto count = files.size() + 1;
  if (size <= most_bytes && count <= most_files) return;
  std::ranges::sort(files, {}, &Kept::used);
  for (const auto& file : files) {
    if (size <= most_bytes / 2 && count <= most_files / 2) return;
    std::error_code error;
    fs::remove(file.path, error);
    size -= file.size;
    --count;
  }
}

void write_kept(const fs::path& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return;  // what cannot be kept is asked for again
  make_room(path.parent_path(), text.size());
  write_file(path.string(), text);
}

}  // namespace

ImageCache::ImageCache() : directory_(cache_directory("images")) {}

std::optional<std::string> ImageCache::find(const std::string& digest) const {
  if (directory_.empty() || !is_verifiable(digest)) return std::nullopt;
  const auto path = fs::path(directory_) / "sha256" / digest.substr(digest.find(':') + 1);
  auto read = read_regular_file(path.string(), largest_configuration, Links::refused);
  if (!read.error.empty() || !has_digest(read.text, digest)) return std::nullopt;
  std::error_code error;
  fs::last_write_time(path, fs::file_time_type::clock::now(), error);  // used
  return std::move(read.text);
}

void ImageCache::keep(const std::string& digest, const std::string& bytes) {
  if (directory_.empty() || !has_digest(bytes, digest)) return;
  const std::scoped_lock lock(mutex_);
  write_kept(fs::path(directory_) / "sha256" / digest.substr(digest.find(':') + 1), bytes);
}

std::optional<std::string> ImageCache::digest_of(const std::string& name) const {
  if (directory_.empty()) return std::nullopt;
  const auto path = fs::path(directory_) / "names" / sha256_hex(name);
  const auto read = read_regular_file(path.string(), largest_companion, Links::refused);
  const auto json = parse_json(read.text).value;
  auto digest = json.string_at("digest");
  if (!read.error.empty() || json.string_at("name") != name || !is_verifiable(digest)) return std::nullopt;
  return digest;
}

void ImageCache::keep_name(const std::string& name, const std::string& digest) {
  if (directory_.empty() || !is_verifiable(digest) || digest_of(name) == digest) return;
  const std::scoped_lock lock(mutex_);
  write_kept(fs::path(directory_) / "names" / sha256_hex(name), Json{{"name", name}, {"digest", digest}}.dump() + '\n');
}

}  // namespace dockhew::cli
