#include "versioned_files.hpp"

#include "files.hpp"
#include "git_directory.hpp"
#include "text/limits.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

using Paths = std::set<std::string, std::less<>>;

constexpr std::size_t header_size = 12, stat_size = 60;  // of an entry: before its flags, with a hash of 20 bytes

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

// How many bytes of the name before are left out: Git's own form of a number. Nothing at the end of the bytes.
std::optional<std::size_t> take_number(std::string_view bytes, std::size_t& at) {
  constexpr unsigned continues = 0x80, value = 0x7f;
  if (at >= bytes.size()) return std::nullopt;
  auto byte = static_cast<unsigned char>(bytes[at++]);
  std::size_t number = byte & value;
  while ((byte & continues) != 0) {
    if (at >= bytes.size() || number > bytes.size()) return std::nullopt;
    byte = static_cast<unsigned char>(bytes[at++]);
    number = ((number + 1) << 7U) + (byte & value);
  }
  return number;
}

}  // namespace

std::optional<Paths> paths_of_index(std::string_view bytes) {
  if (bytes.size() < header_size || !bytes.starts_with("DIRC")) return std::nullopt;
  const auto version = number_at(bytes, 4), count = number_at(bytes, 8);
  if (version < 2 || version > 4) return std::nullopt;
  Paths paths;
  std::string name;
  std::size_t at = header_size, kept = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto begin = at;
    if (bytes.size() - at < stat_size + 4) return std::nullopt;
    const bool extended = version >= 3 && (static_cast<unsigned char>(bytes[at + stat_size]) & 0x40U) != 0;
    at += stat_size + (extended ? 4 : 2);
    if (version == 4) {
      const auto left_out = take_number(bytes, at);
      if (!left_out || *left_out > name.size()) return std::nullopt;
      name.resize(name.size() - *left_out);
    } else {
      name.clear();
    }
    const auto end = bytes.find('\0', at);
    if (end == bytes.npos) return std::nullopt;
    name.append(bytes, at, end - at);
    at = version == 4 ? end + 1 : begin + (end - begin + 8) / 8 * 8;
    if (at > bytes.size() || name.empty() || name.size() > limits::longest_path) return std::nullopt;
    kept += name.size();  // in version 4 a few bytes stand for a long name
    if (kept > largest_input) return std::nullopt;
    // Git sorts them, so other bytes are another format: hashes of another length, say.
    if (!paths.empty() && name < *paths.rbegin()) return std::nullopt;
    paths.insert(paths.end(), name);
  }
  return paths;
}

std::optional<bool> VersionedFiles::contains(const std::string& path) const {
  if (!paths_) return std::nullopt;
  const auto whole = below_ + path;
  if (paths_->contains(whole)) return true;
  const auto below = paths_->lower_bound(whole + '/');
  return below != paths_->end() && below->starts_with(whole + '/');
}

VersionedFiles versioned_files(const fs::path& directory) {
  constexpr int most_levels = 20;
  std::error_code error;
  const auto start = fs::weakly_canonical(directory, error);
  auto at = start;
  for (int level = 0; level < most_levels && !error; ++level, at = at.parent_path()) {
    if (const auto git = git_directory(at).own; !git.empty()) {
      const auto read = read_regular_file((git / "index").string(), largest_input, Links::refused);
      auto paths = read.error.empty() ? paths_of_index(read.text) : std::nullopt;
      if (!paths) return {};
      const auto below = start.lexically_relative(at).generic_string();
      return {std::move(*paths), below == "." ? "" : below + '/'};
    }
    if (fs::exists(at / ".git", error) || at == at.parent_path()) break;
  }
  return {};
}

}  // namespace dockhew::cli
