#include "flow/ignore_lines.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "flow/other_dockerfiles.hpp"
#include "flow/project_tree.hpp"
#include "flow/unwanted_files.hpp"
#include "flow/wide_copies.hpp"
#include "model/context_path.hpp"
#include "model/ignore_text.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

using Cost = UnwantedFile::Cost;

// Whether one of the paths that a file names is, or lies in, what would be kept out.
bool names(const std::vector<std::string>& named, const std::string& path) {
  const auto name = path_basename(path);
  return std::ranges::any_of(named, [&](const std::string& each) {
    if (glob_match_above(path, each) || glob_match(each, path)) return true;
    // What is left of a path with wildcards may lie in another directory of that name.
    for (std::string_view rest = each; !rest.empty() && rest != "."; rest = path_parent(rest))
      if (path_basename(rest) == name) return true;
    return false;
  });
}

// Whether another stage's COPY takes what only the context has: what the build makes itself is there without it.
bool is_taken(const std::vector<std::string>& taken, const UnwantedFile& file) {
  if (file.cost == Cost::made_again || file.cost == Cost::replaces) return false;
  return std::ranges::any_of(taken, [&](const std::string& each) {
    return path_is_under(each, file.path) || glob_match(each, file.path) ||
           (!file.everywhere.empty() && path_basename(each) == file.everywhere);
  });
}

// Another Dockerfile that reads the same ignore file.
struct Neighbour {
  std::string path;
  std::vector<std::string> named;                     // paths that it copies by name
  std::optional<std::vector<UnwantedFile>> unwanted;  // what it copies and does not need
  std::vector<std::string> copied;                    // directories that it copies with all that is in them
};

// What Git leaves alone may be made before the build: `COPY dist` of a program that a workflow has built.
bool may_be_made(const ProjectTree& tree, std::string path) {
  for (; path != "." && path != "/" && !path.empty(); path = path_parent(path))
    if (tree.ignored.ignores(path, true) || tree.ignored.ignores(path, false)) return true;
  return false;
}

// Whether a Dockerfile that lies in another directory is built with this context: it copies what is here and not there.
bool belongs_here(const BuildContext& context, const ProjectTree& tree, const std::string& directory,
                  const std::vector<std::string>& named) {
  if (directory == ".") return true;
  const auto is_there = [&](const std::string& path) { return !context.expand(path).empty(); };
  const bool here = std::ranges::all_of(named, [&](const std::string& path) {
    const auto from_root = join_context_path(".", path);
    return is_there(from_root) || may_be_made(tree, from_root);
  });
  const bool there =
      std::ranges::all_of(named, [&](const std::string& path) { return is_there(join_context_path(directory, path)); });
  return here && !(context.entries(directory).size() > 1 && there);
}

constexpr std::size_t most_neighbours = 30;

// Nothing where it is built with another context.
std::optional<Neighbour> read_neighbour(const Dockerfile& file, const ProjectTree& tree, const std::string& directory,
                                        const std::string& path, const std::string& text) {
  const auto& context = file.context();
  const Dockerfile other(text, file.facts(), context);
  bool all_known = true;
  Neighbour found{path, named_paths(other, all_known), std::nullopt, {}};
  if (!belongs_here(context, tree, directory, found.named)) return std::nullopt;
  if (auto unwanted = find_unwanted_files(other)) found.unwanted = std::move(unwanted->files);
  for (auto& copy : find_wide_copies(other)) found.copied.push_back(std::move(copy.directory));
  return found;
}

using Neighbours = std::vector<std::shared_ptr<const std::optional<Neighbour>>>;

// Whether a Dockerfile has an ignore file of its own, which is read in place of this one.
bool has_own_ignore_file(const BuildContext& context, const std::string& dockerfile) {
  const auto has = [&](std::string_view ending) {
    return context.kind_if_not_ignored(dockerfile + std::string(ending)) == PathKind::file;
  };
  const bool of_podman = path_basename(context.origin().ignore_file) == ".containerignore";
  return has(".dockerignore") || (of_podman && has(".containerignore"));
}

// Nothing when there are too many.
std::optional<Neighbours> neighbours_of(const Dockerfile& file) {
  Neighbours found;
  const auto& context = file.context();
  if (context.origin().own_ignore_file) return found;
  const auto tree = project_tree(context);
  for (const auto& place : dockerfiles_of(context)->places) {
    const auto& path = place.path;
    const auto text = context.read_if_not_ignored(path);
    if (!text || *text == file.source() || has_own_ignore_file(context, path)) continue;
    if (found.size() == most_neighbours) return std::nullopt;
    auto other = context.answer("Dockerfile with the same ignore file: " + path,
                                [&] { return read_neighbour(file, *tree, place.directory, path, *text); });
    if (*other) found.push_back(std::move(other));
  }
  return found;
}

bool is_unwanted(const std::optional<std::vector<UnwantedFile>>& unwanted, const std::string& path) {
  return unwanted && std::ranges::any_of(
                         *unwanted, [&](const UnwantedFile& each) { return each.path == path && each.needed.empty(); });
}

// Why another Dockerfile needs the file, for a person; empty where none does.
std::string needed_by(const Neighbours& neighbours, const UnwantedFile& file, const std::string& ignore_file) {
  for (const auto& each : neighbours) {
    const auto& other = **each;
    if (names(other.named, file.path)) return "`" + other.path + "` copies it by name";
    const bool copied = std::ranges::any_of(other.copied, [&](const std::string& directory) {
      return directory == "." || path_is_under(file.path, directory);
    });
    if (copied && file.cost != Cost::nothing_used && !is_unwanted(other.unwanted, file.path))
      return "`" + other.path + "` may be built with the same `" + ignore_file + "`, and may need it";
  }
  return {};
}

// Whether a line would be read as a pattern where it is meant as a name.
bool is_plain(std::string_view path) { return path.find_first_of("*?[]\\!# ") == path.npos; }

class Lines {
 public:
  Lines(const Dockerfile& file, const UnwantedFiles& unwanted)
      : context_(file.context()), tree_(project_tree(context_)), unwanted_(unwanted) {}

  IgnoreLines find(const Dockerfile& file) {
    const auto neighbours = neighbours_of(file);
    const auto& path = context_.origin().ignore_file;
    const std::string ignore_file(path.empty() ? ".dockerignore" : path_basename(path));
    bool all_known = true;
    const auto named = named_paths(file, all_known);
    const auto taken = paths_taken_from_stages(file, find_wide_copies(file));
    for (const auto& each : unwanted_.files) {
      auto reason = each.needed;
      if (reason.empty() && !all_known) reason = "another COPY takes what is not known";
      if (reason.empty() && names(named, each.path)) reason = "this Dockerfile also copies it by name";
      if (reason.empty() && is_taken(taken, each)) reason = "a COPY takes it from the stage that copies it";
      if (reason.empty() && !neighbours)
        reason = "too many other Dockerfiles may be built with the same `" + ignore_file + "`";
      if (reason.empty()) reason = needed_by(*neighbours, each, ignore_file);
      if (reason.empty()) reason = needed_inline(each);
      if (reason.empty() && !is_plain(each.path)) reason = "its name would be read as a pattern";
      if (reason.empty()) kept_out_.push_back(&each);
      else result_.left.push_back({each.path, std::move(reason), each.packages});
    }
    write();
    return std::move(result_);
  }

 private:
  // What a build makes may be what another one copies.
  std::string needed_inline(const UnwantedFile& file) const {
    const auto& place = context_.origin().inline_build;
    const bool part = file.cost == Cost::made_again || file.cost == Cost::removed || file.cost == Cost::replaces;
    const bool result = part && !file.packages;
    return place.empty() || !result ? std::string() : "`" + place + "` has a Dockerfile of its own, which may copy it";
  }

  // One line for all directories of a name, where all of them may go.
  bool may_go_everywhere(std::string_view name) const {
    if (!tree_->complete) return false;
    return std::ranges::all_of(tree_->directories, [&](const ProjectTree::Directory& directory) {
      return std::ranges::find(directory.names, name) == directory.names.end() ||
             is_kept_out(join_context_path(directory.path, name));
    });
  }

  bool is_kept_out(const std::string& path) const {
    return std::ranges::any_of(kept_out_, [&](const UnwantedFile* each) {
      return each->path == path || (!each->everywhere.empty() && path_basename(path) == each->everywhere);
    });
  }

  void write() {
    std::map<std::string_view, std::size_t> counts;
    for (const auto* each : kept_out_) ++counts[path_basename(each->path)];
    std::vector<std::string> lines;
    for (const auto* each : kept_out_) {
      const auto name = path_basename(each->path);
      const bool everywhere = !each->everywhere.empty() || (counts[name] > 1 && may_go_everywhere(name));
      auto line = everywhere ? "**/" + std::string(name) : each->path;
      if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
    }
    remove_covered(lines);
    std::ranges::sort(lines);
    if (lines.empty()) return;
    auto text = with_ignored(context_.ignore().text(), lines);
    if (auto reason = obstacle(IgnorePatterns::parse(text)); !reason.empty()) {
      for (const auto* each : kept_out_) result_.left.push_back({each->path, reason, each->packages});
      return;
    }
    result_.lines = std::move(lines);
    result_.text = std::move(text);
  }

  // The proof: what was to go is gone, and of what lies there nothing else is.
  std::string obstacle(const IgnorePatterns& ignore) const {
    for (const auto* each : kept_out_)
      if (!ignore.excludes(each->path)) return "a line with `!` of the ignore file brings it back";
    for (const auto& directory : tree_->directories)
      for (const auto& name : directory.names)
        if (const auto path = join_context_path(directory.path, name); ignore.excludes(path) && !lies_in_kept_out(path))
          return "the lines would also keep out `" + path + "`";
    return {};
  }

  bool lies_in_kept_out(std::string_view path) const {
    for (; !path.empty() && path != "."; path = path_parent(path))
      if (is_kept_out(std::string(path))) return true;
    return false;
  }

  const BuildContext& context_;
  std::shared_ptr<const ProjectTree> tree_;
  const UnwantedFiles& unwanted_;
  std::vector<const UnwantedFile*> kept_out_;
  IgnoreLines result_;
};

}  // namespace

void remove_covered(std::vector<std::string>& lines) {
  const std::set<std::string, std::less<>> all(lines.begin(), lines.end());
  std::erase_if(lines, [&](const std::string& line) {
    const auto everywhere = "**/" + std::string(path_basename(line));
    return line != everywhere && all.contains(everywhere);
  });
}

IgnoreLines find_ignore_lines(const Dockerfile& file) {
  const auto unwanted = find_unwanted_files(file);
  if (!unwanted) return {};
  return Lines(file, *unwanted).find(file);
}

}  // namespace dockhew::inline flow
