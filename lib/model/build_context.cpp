#include "model/build_context.hpp"

#include <algorithm>
#include <set>

#include "text/encoding.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline model {

const std::vector<BuildContext>& BuildContext::others() const {
  static const std::vector<BuildContext> none;
  return others_ ? *others_ : none;
}

BuildContext BuildContext::with_others(std::vector<BuildContext> others) const {
  auto context = *this;
  context.others_ = std::make_shared<const std::vector<BuildContext>>(std::move(others));
  return context;
}

BuildContext BuildContext::with_ignore(IgnorePatterns ignore) const {
  auto context = *this;
  context.ignore_ = std::move(ignore);
  context.found_ = std::make_shared<Found>();
  return context;
}

BuildContext BuildContext::with_files(std::shared_ptr<const FileSource> files) const {
  auto context = *this;
  context.files_ = std::move(files);
  return context;
}

PathKind BuildContext::kind(const std::string& path) const {
  if (!files_) return PathKind::absent;
  // Each question is one for the disk, and the same ones are asked for COPY after COPY.
  if (const auto known = found_->kinds.find(path); known != found_->kinds.end()) return known->second;
  const auto kind = path != "." && ignore_.excludes(path) ? PathKind::absent : files_->kind(path);
  if (found_->names < limits::names_remembered && path.size() <= limits::longest_path) {
    ++found_->names;
    found_->kinds.emplace(path, kind);
  }
  return kind;
}

PathKind BuildContext::kind_if_not_ignored(const std::string& path) const {
  return files_ ? files_->kind(path) : PathKind::absent;
}

std::optional<std::string> BuildContext::read_if_not_ignored(const std::string& path) const {
  if (kind_if_not_ignored(path) != PathKind::file) return std::nullopt;
  auto bytes = files_->read(path);
  return bytes ? decode_text(std::move(*bytes)) : std::nullopt;
}

std::optional<bool> BuildContext::is_versioned(const std::string& path) const {
  return files_ ? files_->is_versioned(path) : std::nullopt;
}

template <typename Find>
BuildContext::Names BuildContext::remembered(std::map<std::string, Names, std::less<>>& kept, const std::string& key,
                                             const Find& find) const {
  if (const auto found = kept.find(key); found != kept.end()) return found->second;
  auto names = std::make_shared<const std::vector<std::string>>(find());
  const auto size = names->size() + 1;
  if (found_->names + size <= limits::names_remembered) {
    found_->names += size;
    kept.emplace(key, names);
  }
  return names;
}

BuildContext::Names BuildContext::listed(const std::string& directory) const {
  return remembered(found_->entries, directory, [&] {
    auto names = files_->entries(directory);
    std::erase_if(names, [&](const std::string& name) {
      return ignore_.excludes(directory == "." ? name : directory + '/' + name);
    });
    return names;
  });
}

std::vector<std::string> BuildContext::entries(const std::string& directory) const {
  return files_ ? *listed(directory) : std::vector<std::string>();
}

std::vector<std::string> BuildContext::entries_if_not_ignored(const std::string& directory) const {
  return files_ ? files_->entries(directory) : std::vector<std::string>();
}

std::optional<std::string> BuildContext::read(const std::string& path) const {
  return kind(path) == PathKind::file ? read_if_not_ignored(path) : std::nullopt;
}

std::vector<std::string> BuildContext::expand(const std::string& pattern) const {
  if (!files_) return {};
  // Sources are rooted at the context: a leading slash or ".." cannot leave it.
  const auto rooted = clean_path("/" + pattern);
  const auto path = rooted == "/" ? std::string(".") : rooted.substr(1);
  if (path.find_first_of("*?[") == std::string::npos) {
    if (exists(path)) return {path};
    return {};
  }
  return *remembered(found_->expanded, path, [&] { return match(path); });
}

std::vector<std::string> BuildContext::match(std::string_view path) const {
  std::vector<std::string> matches = {"."};
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto segment = path.substr(0, slash);
    path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    std::vector<std::string> next;
    for (const auto& directory : matches) {
      const auto names = listed(directory);
      for (const auto& name : *names)
        if (glob_match(segment, name)) next.push_back(directory == "." ? name : directory + '/' + name);
    }
    matches = std::move(next);
  }
  return matches;
}

PathKind MemoryFiles::kind(const std::string& path) const {
  if (files_.contains(path)) return PathKind::file;
  if (path == ".") return PathKind::directory;
  const auto below = files_.lower_bound(path + '/');
  return below != files_.end() && below->first.starts_with(path + '/') ? PathKind::directory : PathKind::absent;
}

std::vector<std::string> MemoryFiles::entries(const std::string& directory) const {
  const std::string prefix = directory == "." ? "" : directory + '/';
  std::set<std::string> names;
  for (const auto& [path, text] : files_)
    if (path.starts_with(prefix))
      names.insert(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
  return {names.begin(), names.end()};
}

std::optional<std::string> MemoryFiles::read(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

const ContainerStart* ContextOrigin::start_in_place() const {
  const auto found =
      std::ranges::find_if(starts, [](const ContainerStart& start) { return !start.text.empty() && !start.besides; });
  return found == starts.end() ? nullptr : &*found;
}

}  // namespace dockhew::inline model
