#include "writing.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <random>
#include <set>
#include <string_view>

#include "clean_up.hpp"
#include "files.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  operator int() const { return number_; }
  void reset(int number) {
    close();
    number_ = number;
  }
  bool close() {
    const int number = number_;
    number_ = -1;
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_;
};

std::string system_error(const char* what) { return std::string(what).append(": ").append(std::strerror(errno)); }

// The mask can only be read by setting it, for all threads; once is enough.
mode_t mode_of_new_file() {
  static const mode_t mask = [] {
    const auto old = ::umask(0);
    ::umask(old);
    return old;
  }();
  return 0666 & ~mask;
}

bool write_all(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

// ---- temporary files ------------------------------------------------------------------------------------------------

constexpr std::string_view name_begins = ".dockhew-", name_ends = ".tmp";
constexpr std::size_t random_letters = 8;

std::string temporary_name() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  static std::random_device random;  // only used by the thread that writes
  std::string name(name_begins);
  for (std::size_t i = 0; i < random_letters; ++i) name += letters[random() % letters.size()];
  return name.append(name_ends);
}

bool is_temporary_name(std::string_view name) {
  return name.starts_with(name_begins) && name.ends_with(name_ends) &&
         name.size() == name_begins.size() + random_letters + name_ends.size();
}

// What a run that was killed has left in this directory. One that lives holds a lock on its file.
void remove_abandoned(const fs::path& directory, int folder) {
  static std::set<fs::path> seen;  // only used by the thread that writes
  if (!seen.insert(directory).second) return;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    if (!is_temporary_name(name)) continue;
    const Descriptor file(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, name.c_str(), 0);
  }
}

// Creates a file that no other run removes; its name, or nothing when that fails.
std::string create_temporary(int folder, Descriptor& file) {
  constexpr int attempts = 100;
  for (int i = 0; i < attempts; ++i) {
    auto name = temporary_name();
    file.reset(::openat(folder, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file < 0 && errno == EEXIST) continue;
    if (file < 0) return {};
    ::flock(file, LOCK_EX | LOCK_NB);
    // Before it had the lock, another run may have taken it for an abandoned one.
    struct ::stat made {};
    if (::fstat(file, &made) == 0 && made.st_nlink > 0) return name;
  }
  return {};
}

// ---- what a file has beside its text --------------------------------------------------------------------------------

std::string attribute(int file, const char* name) {
  const auto size = ::fgetxattr(file, name, nullptr, 0);
  std::string value(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  return size > 0 && ::fgetxattr(file, name, value.data(), value.size()) == size ? value : std::string();
}

// Access lists are attributes too.
bool copy_attributes(int from, int to) {
  const auto size = ::flistxattr(from, nullptr, 0);
  if (size <= 0) return true;
  std::string names(static_cast<std::size_t>(size), '\0');
  if (::flistxattr(from, names.data(), names.size()) != size) return false;
  bool all = true;
  for (std::size_t at = 0; at < names.size(); at += std::strlen(names.c_str() + at) + 1) {
    const char* name = names.c_str() + at;
    const auto value = attribute(from, name);
    if (value != attribute(to, name) || ::fgetxattr(to, name, nullptr, 0) < 0)
      all &= ::fsetxattr(to, name, value.data(), value.size(), 0) == 0;
  }
  return all;
}

void add_note(std::string& notes, const std::string& note) { notes.append(notes.empty() ? "" : "; ").append(note); }

// Gives a new file what the old one has; the note says what could not be kept.
bool take_over(int folder, const std::string& name, const struct ::stat& old, int file, std::string& note) {
  struct ::stat made {};
  if (::fstat(file, &made) != 0) return false;
  const bool same_owner = made.st_uid == old.st_uid && made.st_gid == old.st_gid;
  if (!same_owner && ::fchown(file, old.st_uid, old.st_gid) != 0) add_note(note, "its owner could not be kept");
  if (::fchmod(file, old.st_mode & 07777) != 0) return false;
  const Descriptor from(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (from < 0 || !copy_attributes(from, file)) add_note(note, "not all of its extended attributes could be kept");
  if (old.st_nlink > 1)
    add_note(note, "it has " + std::to_string(old.st_nlink - 1) +
                       " other names (hard links), under which the old text stays");
  return true;
}

// ---- writing --------------------------------------------------------------------------------------------------------

// One file at a time, so that a run that is killed leaves at most one temporary file.
std::mutex& writing() {
  static std::mutex mutex;
  return mutex;
}

// Why a file that was read as `before` is not replaced; empty where it is as it was, or was not there.
std::string why_left_alone(const fs::path& target, bool existed, const std::string& before) {
  const auto now = read_regular_file(target.string(), largest_input, Links::refused);
  if (existed && !now.error.empty()) return now.error;
  return now.text == before ? "" : "it has changed since it was read, so it is left alone; run dockhew again";
}

Written write_whole(const fs::path& target, const std::string& text, ReadOnly read_only, const std::string* before) {
  const std::scoped_lock lock(writing());
  Written result;
  const auto directory = target.parent_path().empty() ? fs::path(".") : target.parent_path();
  const auto name = target.filename().string();
  const Descriptor folder(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder < 0) return {system_error("cannot write"), {}};
  struct ::stat old {};
  const bool existed = ::fstatat(folder, name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0;
  if (existed && read_only == ReadOnly::left_alone &&
      ((old.st_mode & 0222) == 0 || ::faccessat(folder, name.c_str(), W_OK, 0) != 0))
    return {"this file is read-only, so it is left alone", {}};
  remove_abandoned(directory, folder);

  Descriptor file;
  std::string temporary;
  Unfinished unfinished([&]() -> std::function<void()> {
    temporary = create_temporary(folder, file);
    if (temporary.empty()) return {};
    return [&] { ::unlinkat(folder, temporary.c_str(), 0); };
  });
  if (temporary.empty()) return {system_error("cannot create a temporary file next to it"), {}};
  bool done = write_all(file, text);
  done = done && (existed ? take_over(folder, name, old, file, result.note) : ::fchmod(file, mode_of_new_file()) == 0);
  done = done && ::fsync(file) == 0;
  if (!done) result.error = system_error("cannot write");
  else if (before != nullptr) result.error = why_left_alone(target, existed, *before);
  unfinished.end([&] {
    if (result.error.empty() && ::renameat(folder, temporary.c_str(), folder, name.c_str()) != 0)
      result.error = system_error("cannot write");
    if (!result.error.empty()) ::unlinkat(folder, temporary.c_str(), 0);
  });
  if (!result.error.empty()) result.note.clear();
  return result;
}

// Where a name leads to; an error when that is nowhere.
fs::path where_it_lies(const std::string& path, std::string& problem) {
  std::error_code error;
  if (fs::exists(path, error)) {
    auto target = fs::canonical(path, error);
    if (error) problem = error.message();
    return target;
  }
  if (fs::is_symlink(path, error)) problem = "a link to a file that does not exist";
  return path;
}

bool is_same_file(const struct ::stat& a, const struct ::stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Standard output or standard error under another name; -1 for everything else.
int open_already(const struct ::stat& found) {
  for (const int number : {STDOUT_FILENO, STDERR_FILENO}) {
    struct ::stat open {};
    if (::fstat(number, &open) == 0 && is_same_file(open, found)) return number;
  }
  return -1;
}

}  // namespace

Written write_file(const std::string& path, const std::string& text, ReadOnly read_only) {
  struct ::stat found {};
  const bool exists = ::stat(path.c_str(), &found) == 0;
  if (const int open = exists ? open_already(found) : -1; open >= 0)
    return {write_all(open, text) ? "" : system_error("cannot write"), {}};
  if (exists && S_ISDIR(found.st_mode)) return {"this is a directory", {}};
  if (exists && !S_ISREG(found.st_mode)) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
    const bool done = file >= 0 && write_all(file, text) && file.close();
    return {done ? "" : system_error("cannot write"), {}};
  }
  std::string problem;
  const auto target = where_it_lies(path, problem);
  return problem.empty() ? write_whole(target, text, read_only, nullptr) : Written{problem, {}};
}

Written replace_file(const std::string& path, const std::string& before, const std::string& after) {
  std::string problem;
  const auto target = where_it_lies(path, problem);
  if (!problem.empty()) return {problem, {}};
  auto result = write_whole(target, after, ReadOnly::left_alone, &before);
  std::error_code error;
  if (result.error.empty() && fs::is_symlink(path, error))
    add_note(result.note, "a link; the file that was written is " + target.string());
  return result;
}

}  // namespace dockhew::cli
