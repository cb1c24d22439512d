#include "verify/archive_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "process.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t block = 1 << 16;

}  // namespace

// Where the bytes of an archive come from: a file, or the content of another archive's entry.
struct ArchiveReader::Source {
  int descriptor = -1;
  archive* outer = nullptr;
  std::array<char, block> buffer;

  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (descriptor >= 0) ::close(descriptor);
  }

  la_ssize_t read() {
    if (outer != nullptr) return archive_read_data(outer, buffer.data(), buffer.size());
    ssize_t size = 0;
    do size = ::read(descriptor, buffer.data(), buffer.size());
    while (size < 0 && errno == EINTR);
    return size;
  }

  static la_ssize_t on_read(archive* a, void* data, const void** bytes) {
    auto& source = *static_cast<Source*>(data);
    *bytes = source.buffer.data();
    const auto size = interrupted() ? -1 : source.read();
    if (size >= 0) return size;
    const char* why = source.outer == nullptr ? std::strerror(errno) : archive_error_string(source.outer);
    archive_set_error(a, EIO, "%s", interrupted() ? "interrupted" : why == nullptr ? "unknown error" : why);
    return ARCHIVE_FATAL;
  }

  // Of a file, what nobody asks for need not be read.
  static la_int64_t on_skip(archive*, void* data, la_int64_t size) {
    const auto& source = *static_cast<Source*>(data);
    if (source.outer != nullptr) return 0;
    const auto here = ::lseek(source.descriptor, 0, SEEK_CUR), end = ::lseek(source.descriptor, 0, SEEK_END);
    const auto skipped = here < 0 || end < here ? 0 : std::min<la_int64_t>(size, end - here);
    return ::lseek(source.descriptor, here + skipped, SEEK_SET) < 0 ? ARCHIVE_FATAL : skipped;
  }
};

ArchiveReader::ArchiveReader(const std::string& path) : source_(new Source), archive_(archive_read_new()) {
  source_->descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);  // a pipe waits for ever
  struct stat found {};
  const bool is_file = source_->descriptor < 0 || ::fstat(source_->descriptor, &found) != 0 || S_ISREG(found.st_mode);
  if (!is_file) refuse("its archive is no regular file");
  if (source_->descriptor < 0) refuse(fmt::format("its archive cannot be opened: {}", std::strerror(errno)));
  open("its archive cannot be opened");
}

ArchiveReader::ArchiveReader(ArchiveReader& outer) : source_(new Source), archive_(archive_read_new()) {
  source_->outer = outer.archive_.get();
  archive_read_support_format_empty(archive_.get());
  open("a layer cannot be opened");
}

ArchiveReader::~ArchiveReader() = default;

// What builders write: tar, plain or compressed with gzip or zstd. `archive_read_support_filter_all` would draw every
// filter of libarchive, and the libraries that they need, into a static executable.
void ArchiveReader::open(const std::string& what) {
  auto* a = archive_.get();
  archive_read_support_filter_gzip(a);
  archive_read_support_filter_zstd(a);
  archive_read_support_format_tar(a);
  archive_read_set_read_callback(a, Source::on_read);
  archive_read_set_skip_callback(a, Source::on_skip);
  archive_read_set_callback_data(a, source_.get());
  if (archive_read_open1(a) != ARCHIVE_OK) fail(what);
}

archive_entry* ArchiveReader::next() {
  if (interrupted()) refuse("interrupted");
  archive_entry* entry = nullptr;
  const int result = archive_read_next_header(archive_.get(), &entry);
  if (result == ARCHIVE_EOF) return nullptr;
  if (result < ARCHIVE_WARN) fail("its archive is damaged");
  return entry;
}

void ArchiveReader::read(const std::function<void(std::string_view)>& on_bytes) {
  std::array<char, block> buffer;
  for (;;) {
    if (interrupted()) refuse("interrupted");
    const auto size = archive_read_data(archive_.get(), buffer.data(), buffer.size());
    if (size < 0) fail("its archive is damaged");
    if (size == 0) return;
    on_bytes({buffer.data(), static_cast<std::size_t>(size)});
  }
}

std::string ArchiveReader::read_text(std::size_t most, const std::string& name) {
  std::string text;
  read([&](std::string_view bytes) {
    if (text.size() + bytes.size() > most) refuse(fmt::format("its {} is larger than {} MiB", name, most >> 20U));
    text += bytes;
  });
  return text;
}

void ArchiveReader::fail(const std::string& what) const {
  const char* why = archive_error_string(archive_.get());
  refuse(what + ": " + (why != nullptr ? why : "unknown error"));
}

void refuse(const std::string& why) { throw std::runtime_error(why); }

std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

}  // namespace dockhew::cli
