#include "ecosystems/dotnet/projects.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "ecosystems/dotnet/package_settings.hpp"
#include "ecosystems/dotnet/project_file.hpp"
#include "ecosystems/dotnet/solution_file.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

// With more directories, nobody would keep one COPY for each.
constexpr std::size_t most_directories = 20;
constexpr std::size_t most_files = 20000;

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_project(std::string_view name) {
  return name.ends_with(".csproj") || name.ends_with(".fsproj") || name.ends_with(".vbproj");
}

// MSBuild's own imports: Directory.Build.props, Directory.Packages.props and whatever else is called so.
bool is_read_by_restore(std::string_view name) {
  const auto small = lower(name);
  return is_project(small) || is_solution(small) || small.ends_with(".props") || small.ends_with(".targets") ||
         small == "nuget.config" || small == "global.json" || small == "packages.lock.json";
}

// `$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', …))`, as Microsoft's documentation has it: whatever it
// finds in the context is among the files that are copied.
bool finds_only_properties(std::string_view text) {
  constexpr std::string_view call = "GetPathOfFileAbove(";
  for (auto at = text.find("GetPathOfFileAbove"); at != text.npos; at = text.find("GetPathOfFileAbove", at + 1)) {
    if (text.substr(at, call.size()) != call) return false;
    const auto name = text.substr(at + call.size(), text.find_first_of(",)", at) - at - call.size());
    const auto bare = name.substr(name.starts_with('\'') ? 1 : 0);
    const auto file = bare.substr(0, bare.find('\''));
    if (file.find_first_of("$(/\\") != file.npos || !(file.ends_with(".props") || file.ends_with(".targets")))
      return false;
  }
  return true;
}

// Without MSBuild's own variables and patterns.
bool is_plain(const std::string& reference) { return reference.find_first_of("$*;") == reference.npos; }

class Search {
 public:
  explicit Search(const BuildContext& context) : context_(context) {}

  // `start`: the project or solution of the command, in the context; empty where it is not known.
  Outcome<std::vector<std::string>> find(const std::string& directory, const std::string& start) {
    walk(directory);
    const bool alone = !start.empty() && !is_solution(start);
    if (alone) leave_out_others(start);
    found_ = files_.size();
    if (!alone) read_solutions(start);
    for (const auto& place : outputs_)
      if (has_project(path_parent(place)))
        decline("the build context contains `" + place +
                "`, which a later COPY would put over the result of the restore; exclude it in .dockerignore");
    for (std::size_t i = 0; i < files_.size() && !obstacle_; ++i) check(std::string(files_[i]));
    if (files_.size() > found_)
      std::ranges::stable_sort(files_, {}, [](const std::string& file) { return path_parent(file); });
    if (files_.empty()) decline("there is no project in the build context");
    std::set<std::string_view> directories;
    for (const auto& file : files_) directories.insert(path_parent(file));
    if (directories.size() > most_directories)
      decline("the projects are in " + std::to_string(directories.size()) +
              " directories, each of which would need a COPY");
    if (obstacle_) return *obstacle_;
    return std::move(files_);
  }

 private:
  void decline(std::string reason) {
    if (!obstacle_) obstacle_ = Declined{std::move(reason)};
  }

  void walk(const std::string& directory) {
    const auto join = [&](const std::string& name) { return directory == "." ? name : directory + '/' + name; };
    std::vector<std::string> below;
    for (const auto& name : context_.entries(directory)) {
      if (++seen_ > most_files) return decline("the build context is too large to be searched");
      const auto path = join(name);
      const auto kind = context_.kind(path);
      if (kind == PathKind::directory) {
        if (name == "obj") outputs_.push_back(path);
        else if (name != "bin" && name != "node_modules" && !name.starts_with('.')) below.push_back(path);
      } else if (kind == PathKind::file && is_read_by_restore(name)) {
        files_.push_back(path);
      }
    }
    for (const auto& path : below) walk(path);
  }

  // Solutions other than the one of the command are only copied, where that is known.
  void read_solutions(const std::string& start) {
    const bool told = is_solution(start);
    if (told && std::ranges::find(files_, start) == files_.end())
      return decline("`" + start + "` is not among the files that are searched for projects");
    for (std::size_t i = 0; i < found_ && !obstacle_; ++i)
      if (is_solution(files_[i]) && (!told || files_[i] == start)) follow_solution(std::string(files_[i]));
  }

  // A restore of a solution fails where a project that it names is not there, whatever kind that is of.
  void follow_solution(const std::string& path) {
    const auto text = context_.read(path);
    if (!text) return decline("`" + path + "` could not be read");
    const auto files = files_of_solution(path, *text);
    const bool part = lower(path).ends_with(".slnf");
    if (part && files.empty()) return decline("`" + path + "` names no solution in a way that is known");
    for (const auto& file : files) {
      const bool known = std::ranges::find(files_, file) != files_.end();
      if (!known && is_solution(file))
        return decline("`" + path + "` is a part of `" + file + "`, which was not found");
      if (!known && context_.kind(file) != PathKind::file)
        return decline("`" + path + "` names `" + file + "`, which is not in the build context");
      // https://learn.microsoft.com/visualstudio/javascript/javascript-project-system-msbuild-reference
      if (lower(file).ends_with(".esproj"))
        return decline("`" + path + "` names `" + file + "`, and a restore of that runs `npm install`");
      if (!known) files_.push_back(file);
    }
    if (part && !lower(files.front()).ends_with(".slnf")) follow_solution(files.front());
  }

  // Whether a project that is restored may be in a directory: one that was not left out.
  bool has_project(std::string_view directory) const {
    const auto is_in = [&](const std::string& file) {
      return path_parent(file) == directory && is_project(lower(file));
    };
    const bool left_out = std::ranges::any_of(left_out_, is_in);
    return !left_out || std::ranges::any_of(files_, is_in);
  }

  // Keeps the project and those that it refers to, and what is read for all: `dotnet restore src/Api/Api.csproj` reads
  // no solution and no other project. Nothing is left out where references cannot be followed.
  void leave_out_others(const std::string& start) {
    std::vector<std::string> kept = {start};
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const auto text = context_.read(kept[i]);
      if (!text || kept.size() > most_files) return;
      for (const auto& reference : project_references_in(*text)) {
        if (!is_plain(reference)) return;
        auto target = join_context_path(path_parent(kept[i]), reference);
        if (std::ranges::find(kept, target) == kept.end()) kept.push_back(std::move(target));
      }
    }
    // A file that all projects read may give them more references.
    for (const auto& file : files_)
      if (!is_project(lower(file)) && context_.read(file).value_or("").find("<ProjectReference") != std::string::npos)
        return;
    std::erase_if(files_, [&](const std::string& file) {
      const auto small = lower(file);
      const bool other = is_project(small) && std::ranges::find(kept, file) == kept.end();
      if (other) left_out_.push_back(file);
      return other || is_solution(small);
    });
    std::erase_if(files_, [&](const std::string& file) {
      return lower(path_basename(file)) == "packages.lock.json" && !has_project(path_parent(file));
    });
  }

  // What else a restore could read: files whose existence is tested, imports with other names, packages in the source.
  void check(const std::string& path) {
    const auto text = context_.read(path);
    if (!text) return decline("`" + path + "` could not be read");
    for (const std::string_view reads : {"Exists(", "System.IO", "GetPathOfFileAbove", "GetDirectoryNameOfFileAbove"})
      if (text->find(reads) != text->npos && !(reads == "GetPathOfFileAbove" && finds_only_properties(*text)))
        return decline("`" + path + "` uses `" + std::string(reads) +
                       "`, which may refer to other files in the source");
    for (const auto& imported : imports_in(*text)) follow_import(path, imported);
    if (auto target = target_of_restore(*text); !target.empty())
      return decline("the target `" + target + "` of `" + path +
                     "` runs commands when packages are restored, which may read other files in the source");
    check_references(path, *text);
    check_properties(path, *text);
    if (lower(path_basename(path)) != "nuget.config") return;
    if (const auto source = local_source_in(*text); !source.empty())
      return decline("`" + path + "` names the directory `" + source + "`");
    constexpr std::string_view value = "value=\"";
    for (auto at = text->find(value); at != text->npos; at = text->find(value, at + 1)) {
      const auto begin = at + value.size();
      const auto place = text->substr(begin, text->find('"', begin) - begin);
      if (place.find_first_of("/\\") != place.npos && place.find("://") == place.npos)
        return decline("`" + path + "` names the directory `" + place + "`");
    }
  }

  // Properties that tell NuGet of files. https://learn.microsoft.com/nuget/reference/msbuild-targets
  void check_properties(const std::string& path, const std::string& text) {
    constexpr std::size_t longest_element = 1000;
    for (const std::string_view property : {"RestoreConfigFile", "RestoreRootConfigDirectory", "RestoreFallbackFolders",
                                            "RestoreAdditionalProjectFallbackFolders", "NuGetLockFilePath",
                                            "RestoreSources", "RestoreAdditionalProjectSources"}) {
      const auto element = '<' + std::string(property);
      for (auto at = text.find(element); at != text.npos; at = text.find(element, at + 1)) {
        const auto after = at + element.size();
        const auto open = after + std::string_view(text).substr(after, longest_element).find('>');
        if (open < after || (open != after && text[after] != ' ' && text[after] != '\n')) continue;
        if (property.ends_with("Sources")) check_sources(path, text, open + 1);
        else return decline("`" + path + "` says with `" + std::string(property) + "` where NuGet finds other files");
      }
    }
  }

  // `https://example.com/index.json;../../pkgs`: where packages come from, besides what nuget.config says.
  void check_sources(const std::string& path, const std::string& text, std::size_t begin) {
    for (std::string_view rest = std::string_view(text).substr(begin, text.find('<', begin) - begin); !rest.empty();) {
      const auto end = std::min(rest.find(';'), rest.size());
      const auto source = trim_unicode(rest.substr(0, end));
      if (!source.empty() && !source.starts_with("$(") && source.find("://") == source.npos)
        return decline("`" + path + "` names the directory `" + std::string(source) + "`");
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  // What is imported by a plain path goes with the projects, wherever it lies: `.build/common.targets`. What MSBuild's
  // own variables begin is not in the source.
  void follow_import(const std::string& path, std::string imported) {
    if (imported.starts_with("$([MSBuild]::GetPathOfFileAbove(")) return;  // looked at before
    std::ranges::replace(imported, '\\', '/');
    if (!imported.ends_with(".props") && !imported.ends_with(".targets"))
      return decline("`" + path + "` imports `" + imported + "`");
    for (const std::string_view own : {"$(MSBuildThisFileDirectory)", "$(MSBuildProjectDirectory)"})
      if (imported.starts_with(own) && (own.find("This") != own.npos || is_project(lower(path))))
        imported.replace(0, own.size(), "./");
    if (!is_plain(imported)) {
      if (imported.find("/.") != imported.npos || imported.find(").") != imported.npos)
        decline("`" + path + "` imports `" + imported + "`, and which files these are is not known");
      return;
    }
    auto target = join_context_path(path_parent(path), imported);
    if (std::ranges::find(files_, target) != files_.end()) return;
    if (context_.kind(target) != PathKind::file)
      return decline("`" + path + "` imports `" + imported + "`, which is not in the build context");
    files_.push_back(std::move(target));  // and is looked at in its turn
  }

  // A restore reads the projects that a project refers to. One that is not there may be in a Git submodule, and the
  // layer would be without it.
  void check_references(const std::string& path, const std::string& text) {
    for (const auto& reference : project_references_in(text)) {
      if (!is_plain(reference)) continue;
      const auto target = join_context_path(path_parent(path), reference);
      if (context_.kind(target) != PathKind::file)
        return decline("`" + path + "` refers to `" + reference + "`, which is not in the build context");
      if (!is_project(lower(reference)))
        return decline("`" + path + "` refers to `" + reference + "`, a kind of project of which more may be read");
      const auto is_it = [&](const std::string& file) { return file == target; };
      if (std::ranges::none_of(files_, is_it) && std::ranges::none_of(left_out_, is_it))
        return decline("`" + path + "` refers to `" + reference +
                       "`, which is outside of the directory that is copied");
    }
  }

  const BuildContext& context_;
  std::vector<std::string> files_, left_out_;
  std::vector<std::string> outputs_;  // directories that restores and builds write
  Obstacle obstacle_;
  std::size_t seen_ = 0, found_ = 0;
};

}  // namespace

Outcome<std::vector<std::string>> find_dotnet_projects(const BuildContext& context, const std::string& directory,
                                                       const std::string& start) {
  return Search(context).find(directory, start);
}

std::string only_solution_in(const BuildContext& context, const std::string& directory) {
  std::string found;
  for (const auto& name : context.entries(directory)) {
    if (!is_solution(name) || lower(name).ends_with(".slnf")) continue;
    if (!found.empty()) return {};
    found = join_context_path(directory, name);
  }
  return found;
}

std::string only_project_in(const BuildContext& context, const std::string& directory) {
  std::string found;
  for (const auto& name : context.entries(directory)) {
    const auto small = lower(name);
    if (is_solution(small)) return {};
    if (!is_project(small)) continue;
    if (!found.empty()) return {};
    found = join_context_path(directory, name);
  }
  return found;
}

}  // namespace dockhew::inline ecosystems
