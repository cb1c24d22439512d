// The build context as the library sees it: an interface that answers questions about files. The library never opens a
// file itself; tools give it a directory, tests give it a map. .dockerignore has already been applied to the answers.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/dockerignore.hpp"
#include "model/remembered_answers.hpp"

namespace dockhew::inline model {

enum class PathKind { absent, file, directory, other };  // other: a link, a device; never followed

// Where files come from. Paths are relative to the context root and cleaned; "." is the root.
class FileSource {
 public:
  virtual ~FileSource() = default;
  virtual PathKind kind(const std::string& path) const = 0;
  virtual std::vector<std::string> entries(const std::string& directory) const = 0;  // names, sorted
  // Contents of a file of reasonable size (1 MiB), or nothing.
  virtual std::optional<std::string> read(const std::string& path) const = 0;
  // Whether Git keeps the file, or anything below the directory; nothing when that is not known.
  virtual std::optional<bool> is_versioned(const std::string& /*path*/) const { return std::nullopt; }
};

// What somebody else than the image says that its containers run: a Compose file, or a development container.
struct ContainerStart {
  std::string text;      // as a shell reads it: "cargo run --release"; empty where it may be anything
  std::string place;     // for a person: "compose.yaml:7"
  bool besides = false;  // what the image starts by itself, as `docker run app npm test` in a script does
};

// How it is known from which directory a build starts. Without a directory, whoever asks for the rewrite says so.
struct ContextOrigin {
  std::string directory = {};                         // for a person
  std::string reason = {};                            // "compose.yaml:3 names it"; empty where the user said so
  bool guess = false;                                 // nothing in the project says so: it may be another directory
  std::set<std::string, std::less<>> arguments = {};  // build arguments that every build known of passes
  // Those that any of them passes, where nothing else is known to build the file; and of these the ones whose values
  // differ from one run to the next.
  std::optional<std::set<std::string, std::less<>>> passed_arguments = {};
  std::set<std::string, std::less<>> changing_arguments = {};
  std::vector<ContainerStart> starts = {};              // besides ENTRYPOINT, CMD and HEALTHCHECK, or in their place
  std::set<std::string, std::less<>> environment = {};  // variables that containers get besides those of ENV
  // Values of variables that containers get, and where volumes are put in them, as Compose files write both.
  std::set<std::string, std::less<>> settings = {};
  // Directories of the container over which every build known of lays the source or parts of it, as developers do.
  std::set<std::string, std::less<>> mounted_over = {};
  // The same of any directory of the project.
  std::set<std::string, std::less<>> bound_over = {};
  std::set<std::string, std::less<>> targets = {};    // stages that builds known of stop at, in lower case
  std::set<std::string, std::less<>> images = {};     // names that builds of the project give to images
  std::set<std::string, std::less<>> platforms = {};  // that builds known of name: "linux/arm64"
  // Which builds known of run on machines that keep no cache mounts, for a person; empty when another may keep them.
  std::string hosted = {};
  bool prepared = false;  // one of them comes after steps that may leave something in the checkout
  // Why a service that builds the file takes no cache mounts, for a person; empty where none is known to.
  std::string refuses_mounts = {};
  std::string hosted_layers = {};  // one on such a machine that fetches layers of earlier runs (`cache-from`)
  // One that fetches layers of earlier builds, and keeps those of the stage alone that it stops at.
  std::string final_stage_kept = {};
  std::string unversioned = {};         // what the .gitignore files above the directory say of it, as lines of its own
  std::string ignore_file = {};         // where a line goes that keeps a file out; empty where none is known
  bool own_ignore_file = false;         // it is this Dockerfile's alone
  std::string unread_ignore_file = {};  // beside the Dockerfile, where no builder looks for it; empty without one
  // The repository that the directory is in, or what is known of it; null where nothing is.
  std::shared_ptr<const FileSource> repository = {};
  // What the file copies that is in none of the directories that were looked at; empty where one has all.
  std::string missing = {};
  // What else is built with this directory: paths in it, whatever the Dockerfiles are called, and a place, for a
  // person, that has the text of one itself; empty without one.
  std::set<std::string, std::less<>> other_dockerfiles = {};
  std::string inline_build = {};
  // What builds another Dockerfile beside this one, which nothing in the project names, for a person; else empty.
  std::string left_over = {};

  // The first start that is known and takes the place of the image's own; null where there is none.
  const ContainerStart* start_in_place() const;
};

// What is in a context does not change while a file is examined, so what was found there is kept, and a file belongs to
// one thread.
class BuildContext {
 public:
  BuildContext() = default;  // no context is known
  BuildContext(std::shared_ptr<const FileSource> files, IgnorePatterns ignore, ContextOrigin origin = {})
      : files_(std::move(files)),
        ignore_(std::move(ignore)),
        origin_(std::move(origin)),
        found_(std::make_shared<Found>()) {}

  bool is_known() const { return files_ != nullptr; }
  const ContextOrigin& origin() const { return origin_; }
  const FileSource& files() const { return *files_; }  // whatever the ignore file says; of one that is known
  const std::shared_ptr<const FileSource>& shared_files() const { return files_; }
  // Other contexts in which the same Dockerfile is built: what changes the file must be right in each of them.
  const std::vector<BuildContext>& others() const;
  BuildContext with_others(std::vector<BuildContext> others) const;
  const IgnorePatterns& ignore() const { return ignore_; }
  BuildContext with_ignore(IgnorePatterns ignore) const;  // the same files, where the ignore file says something else
  // The same directory, of which something else reads one of the Dockerfiles: what was found out about the others
  // stays.
  BuildContext with_files(std::shared_ptr<const FileSource> files) const;

  PathKind kind(const std::string& path) const;
  PathKind kind_if_not_ignored(const std::string& path) const;  // whatever the ignore file says
  std::optional<std::string> read_if_not_ignored(const std::string& path) const;
  std::optional<bool> is_versioned(const std::string& path) const;  // the same; see FileSource
  bool exists(const std::string& path) const { return kind(path) != PathKind::absent; }
  std::vector<std::string> entries(const std::string& directory) const;
  std::vector<std::string> entries_if_not_ignored(const std::string& directory) const;
  // The text of a file: in UTF-8 and without a byte order mark, whatever it is on disk. Nothing when it is no text.
  std::optional<std::string> read(const std::string& path) const;
  // What was worked out about the files, once for the context. `question` says what, and thereby of which type it is.
  template <typename Find>
  auto answer(const std::string& question, const Find& find) const {
    if (!found_) return RememberedAnswers().answer(question, find);
    return found_->answers.answer(question, find);
  }

  // Context paths that a COPY source names, wildcards expanded; nothing when the context is unknown.
  std::vector<std::string> expand(const std::string& pattern) const;

 private:
  using Names = std::shared_ptr<const std::vector<std::string>>;
  struct Found {
    std::map<std::string, Names, std::less<>> entries, expanded;
    std::map<std::string, PathKind, std::less<>> kinds;
    RememberedAnswers answers;
    std::size_t names = 0;  // in all of these
  };

  template <typename Find>
  Names remembered(std::map<std::string, Names, std::less<>>& kept, const std::string& key, const Find& find) const;
  Names listed(const std::string& directory) const;
  std::vector<std::string> match(std::string_view path) const;

  std::shared_ptr<const FileSource> files_;
  IgnorePatterns ignore_;
  ContextOrigin origin_;
  std::shared_ptr<Found> found_;  // where files_ is
  std::shared_ptr<const std::vector<BuildContext>> others_;
};

// Files in memory: for tests and for callers that have no directory.
class MemoryFiles : public FileSource {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}
  PathKind kind(const std::string& path) const override;
  std::vector<std::string> entries(const std::string& directory) const override;
  std::optional<std::string> read(const std::string& path) const override;

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace dockhew::inline model
