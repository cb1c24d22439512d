#include "git_exclusions.hpp"

#include "files.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr int most_levels = 100;

// Git does not follow a link of this name either.
std::string text_of(const fs::path& path) {
  return read_regular_file(path.string(), largest_companion, Links::refused).text;
}

fs::path repository_above(const fs::path& directory) {
  auto at = directory;
  for (int level = 0; level < most_levels; ++level, at = at.parent_path()) {
    if (is_repository(at)) return at;
    if (at == at.parent_path()) break;
  }
  return {};
}

}  // namespace

bool is_repository(const fs::path& directory) { return !git_directory(directory).own.empty(); }

GitExclusions::GitExclusions(const fs::path& directory) {
  std::error_code error;
  const auto start = fs::weakly_canonical(directory, error);
  root_ = repository_above(start);
  const bool found = !root_.empty();
  if (!found) root_ = start;
  if (found) {
    git_ = git_directory(root_);
    // Of the sources of patterns, in the order in which gitignore(5) has a later one win.
    auto& everywhere = levels_.emplace_back().ignore;
    if (const auto global = global_excludes_file(git_); !global.empty())
      everywhere.add(read_regular_file(global.string(), largest_companion, Links::followed).text, ".");
    everywhere.add(text_of(git_.common / "info/exclude"), ".");
  }
  add("");
  const auto below = start.lexically_relative(root_).generic_string();
  if (below == ".") return;
  for (std::size_t slash = 0; slash != below.npos;) {
    slash = below.find('/', slash + 1);
    const auto part = below.substr(0, slash);
    // Whoever names a directory that Git leaves alone wants what is in it, and no pattern from above counts there.
    if (is_said_to(part, true)) levels_.clear();
    add(part);
  }
  below_ = below + '/';
}

void GitExclusions::add(const std::string& directory) {
  levels_.push_back({directory, {}});
  levels_.back().ignore.add(text_of(root_ / directory / ".gitignore"), ".");
}

bool GitExclusions::is_said_to(const std::string& whole, bool is_directory) const {
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    const auto path = level->directory.empty() ? whole : whole.substr(level->directory.size() + 1);
    if (const auto said = level->ignore.says_of(path, is_directory)) return *said;
  }
  return false;
}

bool GitExclusions::leaves_out(const std::string& path, bool is_directory) {
  const auto whole = below_ + path;
  const auto is_kept = [&] {
    if (!in_repository()) return false;
    if (!versioned_) versioned_ = versioned_files(root_);
    return versioned_->contains(whole) == true;
  };
  if (!left_out_.empty() && path_is_under(whole, left_out_)) return !is_kept();
  while (!levels_.empty() && !levels_.back().directory.empty() && !path_is_under(whole, levels_.back().directory))
    levels_.pop_back();
  if (is_said_to(whole, is_directory)) {
    if (!is_kept()) return true;
    if (is_directory) left_out_ = whole;
    return false;
  }
  if (is_directory) add(whole);
  return false;
}

}  // namespace dockhew::cli
