#include "flow/project_words.hpp"

#include <algorithm>

#include "ecosystems/repository_files.hpp"
#include "flow/project_tree.hpp"
#include "model/context_path.hpp"
#include "text/words.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_files = 2000, most_bytes = std::size_t{16} << 20U;

bool is_dockerfile(std::string_view name) {
  return name.find("ockerfile") != name.npos || name.find("ontainerfile") != name.npos;
}

// What of a tree has been read so far.
class Search {
 public:
  explicit Search(std::string_view name) : name_(name) {}

  bool found() const { return found_; }

  void read(const FileSource& files, const std::string& path) {
    if (found_ || is_dockerfile(path)) return;
    if (++files_ > most_files || bytes_ > most_bytes) return void(found_ = true);
    const auto text = files.read(path);
    if (!text) return;
    bytes_ += text->size();
    found_ = find_name(*text, name_, "_") != text->npos;
  }

  // The files of a directory, and of those in it as far as `levels` go.
  void read_directory(const FileSource& files, const std::string& directory, int levels) {
    for (const auto& name : files.entries(directory)) {
      if (found_ || name == ".git" || is_filled_by_tool(name)) continue;
      const auto path = join_context_path(directory, name);
      const auto kind = files.kind(path);
      if (kind == PathKind::file) read(files, path);
      else if (kind == PathKind::directory && levels > 0) read_directory(files, path, levels - 1);
    }
  }

 private:
  std::string_view name_;
  std::size_t files_ = 0, bytes_ = 0;
  bool found_ = false;
};

}  // namespace

bool is_named_in_project(const BuildContext& context, std::string_view name) {
  constexpr int most_levels = 3;
  Search search(name);
  const auto tree = project_tree(context);
  if (!tree->complete) return true;
  for (const auto& directory : tree->directories)
    for (const auto& each : directory.names) {
      const auto path = join_context_path(directory.path, each);
      if (context.files().kind(path) == PathKind::file) search.read(context.files(), path);
    }
  if (const auto& repository = context.origin().repository; repository != nullptr && !search.found())
    search.read_directory(*repository, ".", most_levels);
  return search.found();
}

}  // namespace dockhew::inline flow
