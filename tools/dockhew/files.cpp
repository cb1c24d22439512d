#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <istream>

#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t largest_dockerfile = 64u << 20;
constexpr std::uintmax_t largest_context_file = 1u << 20;

std::string rest_of(std::istream& in) {
  std::string text;
  char part[1 << 14];
  while (in.read(part, sizeof part), in.gcount() > 0) text.append(part, static_cast<std::size_t>(in.gcount()));
  return text;
}

class DirectoryFiles : public FileSource {
 public:
  explicit DirectoryFiles(fs::path root) : root_(std::move(root)) {}

  PathKind kind(const std::string& path) const override {
    std::error_code error;
    // A link anywhere in the path could lead out of the context.
    fs::path at = root_;
    for (const auto& part : fs::path(path)) {
      at /= part;
      const auto status = fs::symlink_status(at, error);
      if (error || status.type() == fs::file_type::not_found) return PathKind::absent;
      if (fs::is_symlink(status)) return PathKind::other;
    }
    const auto status = fs::symlink_status(at, error);
    if (fs::is_directory(status)) return PathKind::directory;
    return fs::is_regular_file(status) ? PathKind::file : PathKind::other;
  }

  std::vector<std::string> entries(const std::string& directory) const override {
    std::vector<std::string> names;
    if (kind(directory) != PathKind::directory) return names;
    std::error_code error;
    for (fs::directory_iterator it(root_ / directory, error), end; !error && it != end; it.increment(error))
      names.push_back(it->path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  std::optional<std::string> read(const std::string& path) const override {
    std::error_code error;
    if (kind(path) != PathKind::file || fs::file_size(root_ / path, error) > largest_context_file || error)
      return std::nullopt;
    std::ifstream in(root_ / path, std::ios::binary);
    if (!in) return std::nullopt;
    return rest_of(in);
  }

 private:
  fs::path root_;
};

// What a name may end with that makes it something else: a template, a text about Dockerfiles, a copy that is kept.
constexpr auto other_endings = std::to_array<std::string_view>(
    {".adoc",   ".bak",  ".diff", ".dockerignore", ".erb",  ".hbs",      ".html", ".in",   ".j2",    ".jinja",
     ".jinja2", ".json", ".lock", ".m4",           ".md",   ".mustache", ".old",  ".orig", ".patch", ".rej",
     ".rst",    ".save", ".swp",  ".template",     ".tmpl", ".tpl",      ".txt",  ".yaml", ".yml",   "~"});
// The same for names that are not exactly "Dockerfile" before that: `DockerfileParser.java`, `dockerfile_test.go`.
constexpr auto source_endings = std::to_array<std::string_view>(
    {".c",   ".cc", ".cpp", ".cs", ".css", ".go", ".h",     ".hpp",  ".java", ".js",    ".jsx", ".kt", ".lua",
     ".php", ".pl", ".ps1", ".py", ".rb",  ".rs", ".scala", ".scss", ".sh",   ".swift", ".tsx", ".ts"});

bool is_dockerfile_name(const std::string& name) {
  const auto lower = to_lower_ascii(name);
  const auto ends = [&](std::string_view ending) { return lower.ends_with(ending); };
  if (std::ranges::any_of(other_endings, ends)) return false;
  if (name.starts_with("Dockerfile.") || name.starts_with("Containerfile.")) return true;  // in Go: `Dockerfile.go`
  if (std::ranges::any_of(source_endings, ends)) return false;
  return lower.starts_with("dockerfile") || lower.starts_with("containerfile") || lower.ends_with(".dockerfile") ||
         lower.ends_with(".containerfile");
}

// The builder reads a NUL like any other byte, but a file that is full of them, or has other bytes that are no text, is
// a program or a picture. `text` may end inside of a character.
bool is_binary(std::string_view text) {
  const auto zeros = static_cast<std::size_t>(std::ranges::count(text, '\0'));
  if (zeros == 0 || zeros * 10 > text.size()) return zeros > 0;
  for (std::size_t size = 0; text.size() > 3; text.remove_prefix(size)) {
    const auto rune = decode_rune(text);
    if (!rune.valid) return true;
    size = rune.size;
  }
  return false;
}

// The patterns of a .gitignore that name files or directories; negations are ignored.
std::vector<std::string> read_gitignore(const fs::path& path) {
  std::vector<std::string> patterns;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '/')) line.pop_back();
    if (!line.empty() && line[0] != '#' && line[0] != '!') patterns.push_back(line);
  }
  return patterns;
}

bool is_ignored(const std::vector<std::string>& patterns, const std::string& relative, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    if (pattern.find('/') == std::string::npos) return glob_match(pattern, name);
    return glob_match(pattern.starts_with('/') ? pattern.substr(1) : pattern, relative);
  });
}

std::string system_error(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

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

}  // namespace

ReadResult read_file(const std::string& path) {
  ReadResult result;
  if (path == "-") {
    result.text = rest_of(std::cin);
  } else {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) return {{}, "no such file or directory"};
    if (fs::is_directory(status)) return {{}, "this is a directory"};
    if (fs::is_regular_file(status) && fs::file_size(path, error) > largest_dockerfile)
      return {{}, "larger than 64 MiB, so this is hardly a Dockerfile"};
    std::ifstream in(path, std::ios::binary);
    if (!in) return {{}, std::strerror(errno)};
    result.text = rest_of(in);
    if (in.bad()) return {{}, "could not be read"};
  }
  if (is_binary(std::string_view(result.text).substr(0, 8000))) return {{}, "a binary file, not a Dockerfile"};
  return result;
}

std::vector<std::string> find_dockerfiles(const std::string& directory) {
  std::vector<std::string> found;
  const auto patterns = read_gitignore(fs::path(directory) / ".gitignore");
  std::error_code error;
  fs::recursive_directory_iterator it(directory, fs::directory_options::skip_permission_denied, error), end;
  for (; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    const auto relative = it->path().lexically_relative(directory).generic_string();
    if (it->is_directory(error)) {
      if (name == ".git" || name == "node_modules" || it->is_symlink(error) || is_ignored(patterns, relative, name))
        it.disable_recursion_pending();
    } else if (is_dockerfile_name(name) && it->is_regular_file(error) && !is_ignored(patterns, relative, name)) {
      found.push_back(it->path().generic_string());
    }
  }
  std::ranges::sort(found);
  return found;
}

BuildContext open_files(const std::string& directory) { return {std::make_shared<DirectoryFiles>(directory), {}}; }

BuildContext open_context(const std::string& directory, const std::string& dockerfile, ContextOrigin origin) {
  auto files = std::make_shared<DirectoryFiles>(directory.empty() ? "." : directory);
  // The Dockerfile's own ignore file takes precedence over that of the context.
  IgnorePatterns ignore;
  const auto own = dockerfile + ".dockerignore";
  std::error_code error;
  if (dockerfile != "-" && fs::is_regular_file(own, error)) ignore = IgnorePatterns::parse(read_file(own).text);
  else if (const auto text = files->read(".dockerignore")) ignore = IgnorePatterns::parse(*text);
  return {std::move(files), std::move(ignore), std::move(origin)};
}

std::string write_file(const std::string& path, const std::string& text) {
  std::error_code error;
  // For a link, the file it points to is replaced, never the link itself.
  const auto target = fs::exists(path, error) ? fs::canonical(path, error).string() : path;
  if (error) return error.message();
  auto pattern = (fs::path(target).parent_path() / ("." + fs::path(target).filename().string() + ".XXXXXX")).string();
  const int descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (descriptor < 0) return system_error("cannot create a temporary file next to it");
  struct ::stat old {};
  const bool existed = ::stat(target.c_str(), &old) == 0;
  bool done = write_all(descriptor, text);
  if (existed && ::fchown(descriptor, old.st_uid, old.st_gid) != 0) errno = 0;  // the owner is kept if permitted
  done = done && ::fchmod(descriptor, existed ? old.st_mode & 07777 : mode_of_new_file()) == 0;
  done = done && ::fsync(descriptor) == 0;
  done = ::close(descriptor) == 0 && done;
  done = done && ::rename(pattern.c_str(), target.c_str()) == 0;
  if (done) return {};
  const auto message = system_error("cannot write");
  ::unlink(pattern.c_str());
  return message;
}

}  // namespace dockhew::cli
