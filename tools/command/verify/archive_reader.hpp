// Reads tar archives with libarchive, block by block, and archives inside of them. What is wrong with one ends the
// reading as an exception with a sentence for the user, which read_image catches; so does an interrupt, at any moment.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace dockhew::cli {

// What cannot be read, or is more than is read.
[[noreturn]] void refuse(const std::string& why);

class ArchiveReader {
 public:
  explicit ArchiveReader(const std::string& path);
  // The current entry of another one is an archive itself; an empty one has no entries.
  explicit ArchiveReader(ArchiveReader& outer);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  // The next entry; null at the end.
  archive_entry* next();
  // The content of the current entry, block by block.
  void read(const std::function<void(std::string_view)>& on_bytes);
  // The same as one text; a larger one than `most` is refused, as `name`.
  std::string read_text(std::size_t most, const std::string& name);

 private:
  struct Source;
  struct Close {
    void operator()(archive* a) const { archive_read_free(a); }
  };
  void open(const std::string& what);
  [[noreturn]] void fail(const std::string& what) const;

  std::unique_ptr<Source> source_;
  std::unique_ptr<archive, Close> archive_;
};

// Null in damaged archives, and where an archive names nothing.
std::string text_or_empty(const char* text);

}  // namespace dockhew::cli
