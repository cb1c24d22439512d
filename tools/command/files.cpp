#include "files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include "git_exclusions.hpp"
#include "model/gitignore.hpp"
#include "project/build_files.hpp"
#include "project/repository_builds.hpp"
#include "project/workflow_file.hpp"
#include "remembered_files.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "versioned_files.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// All of it, or an error when it is larger.
ReadResult rest_of(int descriptor, std::size_t limit) {
  ReadResult result;
  std::array<char, 1U << 16U> part;
  for (;;) {
    const auto count = ::read(descriptor, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {{}, std::strerror(errno)};
    if (count == 0) return result;
    result.text.append(part.data(), static_cast<std::size_t>(count));
    if (result.text.size() > limit)
      return {{}, "larger than " + std::to_string(limit >> 20U) + " MiB, which is the most that is read"};
  }
}

std::string why_not_read(const struct ::stat& found) {
  if (S_ISREG(found.st_mode)) return {};
  if (S_ISDIR(found.st_mode)) return "this is a directory";
  if (S_ISLNK(found.st_mode)) return "this is a link";
  return "this is not a regular file, so it is not read; `-` stands for standard input";
}

PathKind kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return PathKind::directory;
  return S_ISREG(mode) ? PathKind::file : PathKind::other;
}

// Few file systems leave the kind to a question of its own.
PathKind kind_of(int directory, const ::dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return kind_of(static_cast<mode_t>(DTTOIF(entry.d_type)));
  struct ::stat found {};
  if (::fstatat(directory, entry.d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) return PathKind::absent;
  return kind_of(found.st_mode);
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
    for (auto& entry : list_directory((root_ / directory).string())) names.push_back(std::move(entry.name));
    std::ranges::sort(names);
    return names;
  }

  std::optional<std::string> read(const std::string& path) const override {
    if (kind(path) != PathKind::file) return std::nullopt;
    auto read = read_regular_file((root_ / path).string(), largest_in_context, Links::refused);
    return read.error.empty() ? std::optional(std::move(read.text)) : std::nullopt;
  }

  std::optional<bool> is_versioned(const std::string& path) const override {
    if (!versioned_) versioned_ = versioned_files(root_);
    return versioned_->contains(path);
  }

 private:
  fs::path root_;
  mutable std::optional<VersionedFiles> versioned_;  // read when it is first asked for
};

// What a name may end with that makes it something else: a template, a text about Dockerfiles, a copy that is kept.
constexpr auto other_endings =
    std::to_array<std::string_view>({".adoc",   ".backup",       ".bak",  ".bkp",      ".containerignore",
                                     ".diff",   ".dockerignore", ".eex",  ".ejs",      ".erb",
                                     ".gotmpl", ".hbs",          ".html", ".in",       ".j2",
                                     ".jinja",  ".jinja2",       ".json", ".liquid",   ".lock",
                                     ".m4",     ".markdown",     ".md",   ".mustache", ".old",
                                     ".orig",   ".patch",        ".rej",  ".rst",      ".save",
                                     ".swp",    ".template",     ".tmpl", ".tpl",      ".twig",
                                     ".txt",    ".xml",          ".yaml", ".yml",      "~"});
// The same for names that are not exactly "Dockerfile" before that: `DockerfileParser.java`, `dockerfile_test.go`.
constexpr auto source_endings = std::to_array<std::string_view>(
    {".c",   ".cc", ".clj",  ".cpp", ".cs",    ".css",  ".dart", ".erl",   ".ex",  ".exs", ".fs",  ".go", ".h",
     ".hpp", ".hs", ".java", ".jl",  ".js",    ".jsx",  ".kt",   ".lua",   ".ml",  ".nim", ".php", ".pl", ".ps1",
     ".py",  ".r",  ".rb",   ".rs",  ".scala", ".scss", ".sh",   ".swift", ".tsx", ".ts",  ".vue", ".zig"});

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

bool has_source_ending(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  return std::ranges::any_of(source_endings, [&](std::string_view ending) { return lower.ends_with(ending); });
}

// `Dockerfile.js` may be the Dockerfile for JavaScript, or JavaScript.
bool has_from(const fs::path& path) {
  const auto text = read_regular_file(path.string(), largest_companion, Links::refused).text;
  return std::ranges::any_of(split_lines(text), [](std::string_view line) {
    return to_lower_ascii(line.substr(0, line.find_first_of(" \t"))) == "from" && line.find(" import ") == line.npos;
  });
}

// Whether a link leads to something that is not below `root`, which is free of links.
bool leads_out(const fs::path& link, const fs::path& root) {
  std::error_code error;
  const auto target = fs::canonical(link, error);
  return error || !path_is_under(target.string(), root.string());
}

}  // namespace

ReadResult read_regular_file(const std::string& path, std::size_t limit, Links links) {
  struct ::stat found {};
  const bool follow = links == Links::followed;
  // Opening a device may already do something, so what it is is asked before, and again of what was opened.
  if (::fstatat(AT_FDCWD, path.c_str(), &found, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0)
    return {{}, errno == ENOENT || errno == ENOTDIR ? "no such file or directory" : std::strerror(errno)};
  if (auto why = why_not_read(found); !why.empty()) return {{}, std::move(why)};
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
  if (descriptor < 0) return {{}, std::strerror(errno)};
  auto why = ::fstat(descriptor, &found) == 0 ? why_not_read(found) : std::string("could not be read");
  auto result = why.empty() ? rest_of(descriptor, limit) : ReadResult{{}, std::move(why)};
  ::close(descriptor);
  return result;
}

ReadResult read_file(const std::string& path, std::size_t limit) {
  auto result = path == "-" ? rest_of(STDIN_FILENO, limit) : read_regular_file(path, limit, Links::followed);
  if (is_binary(std::string_view(result.text).substr(0, 8000))) return {{}, "a binary file, not a Dockerfile"};
  return result;
}

std::vector<DirectoryEntry> list_directory(const std::string& directory, std::size_t most) {
  std::vector<DirectoryEntry> entries;
  const auto close = [](::DIR* open) { ::closedir(open); };
  const std::unique_ptr<::DIR, decltype(close)> open(::opendir(directory.c_str()), close);
  if (!open) return entries;
  while (const auto* entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (entries.size() == most) break;
    entries.push_back({std::string(name), kind_of(::dirfd(open.get()), *entry)});
  }
  return entries;
}

bool is_source_name(std::string_view name) { return has_source_ending(name) && !name.ends_with(".sh"); }

bool is_dockerfile_name(const std::string& name) {
  const auto lower = to_lower_ascii(name);
  const auto ends = [&](std::string_view ending) { return lower.ends_with(ending); };
  if (std::ranges::any_of(other_endings, ends)) return false;
  if (name.starts_with("Dockerfile.") || name.starts_with("Containerfile.")) return true;  // in Go: `Dockerfile.go`
  if (has_source_ending(name)) return false;
  return lower.starts_with("dockerfile") || lower.starts_with("containerfile") || lower.ends_with(".dockerfile") ||
         lower.ends_with(".containerfile");
}

namespace {

// What others have written, copied into the project by Go or by Composer.
bool is_vendored(const fs::path& directory) {
  std::error_code error;
  return directory.filename() == "vendor" &&
         (fs::exists(directory / "modules.txt", error) || fs::exists(directory / "autoload.php", error));
}

// What tests compare something with, or feed to what they test: Go looks into none of `testdata` and `_test`, and Jest
// keeps its own in the others. A change there makes a test fail.
bool holds_test_data(std::string_view name) {
  constexpr std::string_view names[] = {"__fixtures__", "__snapshots__", "_test", "_testdata", "testdata"};
  return std::ranges::find(names, name) != std::end(names);
}

void add(FoundDockerfiles more, FoundDockerfiles& found) {
  std::ranges::move(more.paths, std::back_inserter(found.paths));
  std::ranges::move(more.links_out, std::back_inserter(found.links_out));
  std::ranges::move(more.build_files, std::back_inserter(found.build_files));
  if (found.unsearched.empty()) found.unsearched = std::move(more.unsearched);
  if (found.error.empty()) found.error = std::move(more.error);
}

}  // namespace

FoundDockerfiles find_dockerfiles(const std::string& directory) {
  FoundDockerfiles found;
  GitExclusions git(directory);
  std::error_code error;
  const auto root = fs::canonical(directory, error);
  fs::recursive_directory_iterator it(directory, fs::directory_options::skip_permission_denied, error), end;
  for (; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    const auto relative = it->path().lexically_relative(directory).generic_string();
    if (it->is_directory(error)) {
      constexpr int deepest = 100;  // as each level keeps its path and an open directory
      const bool too_deep = it.depth() == deepest;
      if (too_deep && found.unsearched.empty()) found.unsearched = it->path().generic_string();
      if (too_deep || name == ".git" || name == "node_modules" || holds_test_data(name) || is_vendored(it->path()) ||
          it->is_symlink(error)) {
        it.disable_recursion_pending();
      } else if (is_repository(it->path())) {
        // Git knows nothing of what is in another repository, and from outside of all each is one of its own.
        it.disable_recursion_pending();
        if (!git.in_repository()) add(find_dockerfiles(it->path().string()), found);
      } else if (git.leaves_out(relative, true)) {
        it.disable_recursion_pending();
      }
    } else if (is_dockerfile_name(name) && it->is_regular_file(error) && !git.leaves_out(relative, false) &&
               (!has_source_ending(name) || has_from(it->path()))) {
      const bool out = it->is_symlink(error) && leads_out(it->path(), root);
      (out ? found.links_out : found.paths).push_back(it->path().generic_string());
    } else if (is_build_file(it->path().string()) && !is_nested_workflow(it->path().string()) &&
               it->is_regular_file(error) && !it->is_symlink(error) && !git.leaves_out(relative, false)) {
      found.build_files.push_back(it->path().generic_string());
    }
  }
  if (error) found.error = "not all of it was searched: " + error.message();
  std::ranges::sort(found.paths);
  std::ranges::sort(found.links_out);
  std::ranges::sort(found.build_files);
  return found;
}

namespace {

// What the .gitignore files of the directories above say, up to the root of the repository; nothing outside of one.
std::string unversioned_by_parents(const std::string& directory) {
  constexpr int most_levels = 20;
  std::error_code error;
  const auto start = fs::weakly_canonical(directory.empty() ? "." : directory, error);
  std::string lines;
  auto at = start;
  for (int level = 0; level < most_levels && !error; ++level) {
    if (at != start) {
      const auto text = read_regular_file((at / ".gitignore").string(), largest_companion, Links::refused).text;
      lines = gitignore_lines_below(text, start.lexically_relative(at).generic_string()) + lines;
    }
    if (fs::exists(at / ".git", error)) return lines;
    if (at == at.parent_path()) break;
    at = at.parent_path();
  }
  return {};
}

// A `.dockerignore` beside a Dockerfile that is built with another directory; empty where there is none.
std::string unread_ignore_file(const std::string& directory, const std::string& dockerfile) {
  const auto beside = fs::path(dockerfile).parent_path();
  const auto path = (beside.empty() ? fs::path(".") : beside) / ".dockerignore";
  std::error_code error;
  if (dockerfile == "-" || !fs::is_regular_file(path, error)) return {};
  const bool same = fs::equivalent(path.parent_path(), directory.empty() ? "." : directory, error);
  return same || error ? std::string() : path.lexically_normal().string();
}

}  // namespace

std::shared_ptr<const FileSource> files_of(const std::string& directory) {
  return std::make_shared<RememberedFiles>(std::make_shared<DirectoryFiles>(directory.empty() ? "." : directory));
}

BuildContext open_files(const std::string& directory) { return {files_of(directory), {}}; }

// The first that is there of those that may be read. BuildKit: `Dockerfile.dockerignore`, `.dockerignore`. Buildah, and
// Podman, whose builds are Buildah's: ContainerIgnoreFile in Buildah's pkg/parse/parse.go.
std::string ignore_file_of(const std::string& directory, const std::string& dockerfile, IgnoreReader reader) {
  std::error_code error;
  std::vector<fs::path> paths;
  if (dockerfile != "-") paths.emplace_back(dockerfile + ".dockerignore");
  if (dockerfile != "-" && reader == IgnoreReader::podman) paths.emplace_back(dockerfile + ".containerignore");
  if (reader == IgnoreReader::podman) paths.push_back(fs::path(directory) / ".containerignore");
  paths.push_back(fs::path(directory) / ".dockerignore");
  const auto found =
      std::ranges::find_if(paths, [&](const fs::path& path) { return fs::is_regular_file(path, error); });
  return found == paths.end() ? std::string() : found->string();
}

BuildContext open_context(const std::string& directory, const std::string& dockerfile, ContextOrigin origin,
                          IgnoreReader reader) {
  auto files = files_of(directory);
  // The Dockerfile's own ignore file takes precedence over that of the context.
  std::optional<std::string> ignore;
  const auto found = ignore_file_of(directory, dockerfile, reader);
  const bool has_own = !found.empty() && dockerfile != "-" && found.starts_with(dockerfile + '.');
  if (has_own && !is_of_project(found, dockerfile)) {
    // A link to a stranger's file, whose text is nobody's business. What the builder does with it is not known.
  } else if (has_own) {
    if (auto read = read_file(found, largest_companion); read.error.empty()) ignore = std::move(read.text);
  } else {
    const std::string name(found.empty() ? ".dockerignore" : path_basename(found));
    ignore = files->kind(name) == PathKind::file ? files->read(name) : "";
    // One name is often a link to the other.
    std::error_code unknown;
    const auto link = fs::read_symlink(found, unknown).string();
    const bool other = link == ".dockerignore" || link == ".containerignore";
    if (other && files->kind(link) == PathKind::file) ignore = files->read(link);
  }
  if (ignore && ignore->size() > largest_companion) ignore.reset();  // no more of it could be written
  origin.own_ignore_file = has_own;
  origin.ignore_file = found.empty() ? (fs::path(directory) / ".dockerignore").string() : found;
  origin.unread_ignore_file = unread_ignore_file(directory, dockerfile);
  origin.unversioned = unversioned_by_parents(directory);
  // Without it nothing is known of the context, nor with so many patterns, each of which is compared with each path.
  constexpr std::ptrdiff_t most_lines = 5000;
  if (!ignore || std::ranges::count(*ignore, '\n') > most_lines) return {nullptr, {}, std::move(origin)};
  return {std::move(files), IgnorePatterns::parse(*ignore), std::move(origin)};
}

}  // namespace dockhew::cli
