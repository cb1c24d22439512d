#include "flow/missing_sources.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/manifests.hpp"
#include "ecosystems/repository_files.hpp"
#include "effects/context_origins.hpp"
#include "flow/project_tree.hpp"
#include "flow/secret_files.hpp"
#include "flow/shell_words.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/edit_distance.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_names = 12000, most_recipes = 300;
constexpr int deepest = 4;

// ---- what is there --------------------------------------------------------------------------------------------------

// Links are not followed, so what lies behind one may be there.
bool may_be_there(const BuildContext& context, const std::string& path) {
  for (auto at = path; at != "." && at != "/"; at = std::string(path_parent(at)))
    if (context.kind_if_not_ignored(at) == PathKind::other) return true;
  return context.kind_if_not_ignored(path) != PathKind::absent;
}

bool is_missing_everywhere(const Dockerfile& file, const std::string& path) {
  const auto there = [&](const BuildContext& context) { return may_be_there(context, path); };
  return !there(file.context()) && std::ranges::none_of(file.context().others(), there);
}

// ---- who may make it ------------------------------------------------------------------------------------------------

bool is_manifest(const Facts& facts, std::string_view name) {
  return std::ranges::any_of(facts.tools, [&](const Tool& tool) {
    return std::ranges::any_of(tool.project.manifests,
                               [&](std::string_view manifest) { return glob_match(path_basename(manifest), name); });
  });
}

// A directory that a tool fills, or that people give to what is not part of the source.
bool is_for_results(std::string_view name) {
  constexpr std::string_view usual[] = {"_build",  "_site",   "artifacts", "bin",    "build", "certs",     "coverage",
                                        "data",    "deps",    "dist",      "gen",    "keys",  "generated", "logs",
                                        "models",  "obj",     "out",       "output", "ssl",   "public",    "site",
                                        "secrets", "release", "publish",   "target", "tmp",   "uploads",   "vendor",
                                        "wheels",  "weights", "wheelhouse"};
  return std::ranges::find(usual, name) != std::end(usual) || name.starts_with('.') ||
         std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
           return std::ranges::any_of(ecosystem->generated_directories,
                                      [&](const GeneratedDirectory& each) { return each.path == name; });
         });
}

// Whether the path is in a submodule, which a clone may lack: `path = bot/library`, where the context is `bot`.
bool is_in_submodule(std::string_view modules, const std::string& path) {
  return std::ranges::any_of(split_lines(modules), [&](std::string_view line) {
    const auto words = split_words(line);
    if (words.size() != 3 || words[0] != "path" || words[1] != "=") return false;
    for (std::string_view at = path; at != "." && at != "/"; at = path_parent(at))
      if (words[2] == at || words[2].ends_with('/' + std::string(at))) return true;
    return false;
  });
}

// Where Git leaves it alone, whoever builds has it.
bool is_left_alone(const BuildContext& context, const std::string& path) {
  const auto tree = project_tree(context);
  for (auto at = path; at != "." && at != "/"; at = std::string(path_parent(at)))
    if (tree->ignored.ignores(at, false) || tree->ignored.ignores(at, true)) return true;
  constexpr const char* list = ".gitmodules";
  return is_in_submodule(context.read_if_not_ignored(list).value_or(""), path) ||
         is_in_submodule(repository_of(context).read(list).value_or(""), path);
}

// `config.json` for `config.example.json` and `config.json.dist`.
bool has_sample(const BuildContext& context, const std::string& path) {
  const auto name = to_lower_ascii(path_basename(path));
  const auto stem = name.substr(0, name.find('.', 1));
  return std::ranges::any_of(context.entries(std::string(path_parent(path))), [&](const std::string& other) {
    const auto small = to_lower_ascii(other);
    const auto has = [&](std::string_view part) { return small.find(part) != small.npos; };
    return has(stem) &&
           (has("example") || has("sample") || has("dist") || has("template") || has(".in") || has("default"));
  });
}

bool is_recipe(const Facts& facts, std::string_view name) {
  constexpr std::string_view endings[] = {".bash", ".bat", ".cmd", ".gradle", ".hcl", ".js",   ".kts", ".mk",
                                          ".ps1",  ".py",  ".rb",  ".sh",     ".ts",  ".yaml", ".yml"};
  const auto small = to_lower_ascii(name);
  return std::ranges::any_of(endings, [&](std::string_view ending) { return small.ends_with(ending); }) ||
         small.find("makefile") != small.npos || small.ends_with("file") || is_manifest(facts, name);
}

// A command that makes files, or brings them from elsewhere.
bool makes_files(const Facts& facts, std::string_view word) {
  const auto* row = facts.unix_command(word);
  if (row == nullptr) return false;
  constexpr Operands making[] = {Operands::written, Operands::changed, Operands::copied, Operands::moved,
                                 Operands::linked};
  return row->bystander || !row->written_options.empty() ||
         std::ranges::find(making, row->operands) != std::end(making);
}

// Whether a line may say how a file is made, as opposed to what reads it.
bool may_make(const Facts& facts, std::string_view line, std::string_view name) {
  constexpr std::string_view signs[] = {">",       " -o",  "--out", "compile", "dest", "download", "export",
                                        "generat", "lock", "open(", "path:",   "save", "write",    "freeze"};
  const auto trimmed = trim_unicode(line);
  if (trimmed.starts_with(name) && trim_unicode(trimmed.substr(name.size())).starts_with(':')) return true;
  const auto stands_there = [&](std::string_view sign) {
    for (auto at = line.find(sign); at != line.npos; at = line.find(sign, at + 1)) {
      const auto named = line.rfind(name, at);  // `package-lock.json` says nothing of locking
      if (named == line.npos || named + name.size() < at + sign.size()) return true;
    }
    return false;
  };
  return std::ranges::any_of(signs, stands_there) ||
         std::ranges::any_of(split_words(trimmed), [&](std::string_view word) { return makes_files(facts, word); });
}

bool names_it(const Facts& facts, std::string_view text, std::string_view name, bool only_makers) {
  constexpr std::string_view joining = "-_";
  for (auto at = find_name(text, name, joining); at != text.npos; at = find_name(text, name, joining, at + 1)) {
    if (at > 0 && text[at - 1] == '.') continue;
    const auto begins = text.rfind('\n', at);
    const auto line = text.substr(begins + 1, text.find('\n', at) - begins - 1);
    if (!only_makers || may_make(facts, line, name)) return true;
  }
  return false;
}

// Looks through the scripts, workflows and build files of a directory and those below it.
class Recipes {
 public:
  Recipes(const Facts& facts, const FileSource& files, std::string_view name, bool only_makers)
      : facts_(facts), files_(files), name_(name), only_makers_(only_makers) {}

  // True also where there is too much to be looked at.
  bool name_it(const std::string& directory, int depth) {
    for (const auto& name : files_.entries(directory)) {
      if (++names_ > most_names) return true;
      const auto path = join_context_path(directory, name);
      const auto kind = files_.kind(path);
      if (kind == PathKind::directory) {
        const bool hidden = name.starts_with('.') && (name == ".git" || depth < deepest);
        if (depth > 0 && !hidden && !is_filled_by_tool(name) && name_it(path, depth - 1)) return true;
      } else if (kind == PathKind::file && is_recipe(facts_, name) && name.find("ockerfile") == name.npos) {
        if (++recipes_ > most_recipes) return true;
        const auto text = files_.read(path);
        if (!text || names_it(facts_, *text, name_, only_makers_)) return true;
      }
    }
    return false;
  }

 private:
  const Facts& facts_;
  const FileSource& files_;
  std::string_view name_;
  bool only_makers_;
  std::size_t names_ = 0, recipes_ = 0;
};

// Of a path, the first part that is not there.
std::string missing_part(const BuildContext& context, std::string path) {
  for (auto above = std::string(path_parent(path)); above != "." && !may_be_there(context, above);
       above = std::string(path_parent(above)))
    path = above;
  return path;
}

// Whether a script or a workflow runs what writes a lock file: `cd app && npm install`, `poetry lock`.
bool is_locked_by_repository(const Dockerfile& file, const FileSource& files, std::string_view name) {
  constexpr std::string_view writing[] = {" install", " i ", " lock", " update", " add ", "-compile", " export"};
  if (!is_lock_file(name)) return false;
  for (const auto& tool : file.facts().tools) {
    if (std::ranges::find(tool.project.manifests, name) == tool.project.manifests.end()) continue;
    for (const auto& command : tool.commands)
      for (const auto word : writing)
        if (Recipes(file.facts(), files, std::string(command[0]) + std::string(word), false).name_it(".", deepest))
          return true;
  }
  return false;
}

bool is_made_by_repository(const Dockerfile& file, const std::string& path) {
  const auto& context = file.context();
  const auto names = [&](const FileSource& files, const std::string& what, bool only_makers) {
    return Recipes(file.facts(), files, path_basename(what), only_makers).name_it(".", deepest);
  };
  const auto makes = [&](const FileSource& files) {
    const auto part = missing_part(context, path);
    if (is_locked_by_repository(file, files, path_basename(path))) return true;
    return names(files, path, is_manifest(file.facts(), path_basename(path))) ||
           (part != path && names(files, part, false));
  };
  return makes(context.files()) || (context.origin().repository && makes(*context.origin().repository));
}

// ---- what was meant -------------------------------------------------------------------------------------------------

// A name of the same directory that is nearly the same.
std::optional<std::string> similar_name(const BuildContext& context, const std::string& path) {
  constexpr std::size_t shortest = 4;
  const auto name = std::string(path_basename(path));
  const auto small = to_lower_ascii(name);
  for (const auto& other : context.entries(std::string(path_parent(path)))) {
    const bool same = to_lower_ascii(other) == small;
    if (same || (name.size() >= shortest && edit_distance(name, other) == 1))
      return join_context_path(path_parent(path), other);
  }
  return std::nullopt;
}

// The path without the name of the context, which it begins with.
std::optional<std::string> without_own_name(const BuildContext& context, const std::string& path) {
  const auto own = path_basename(context.origin().directory);
  if (own.empty() || own == "." || !path_is_under(path, own)) return std::nullopt;
  auto rest = path == own ? std::string(".") : path.substr(own.size() + 1);
  return context.exists(rest) ? std::optional(std::move(rest)) : std::nullopt;
}

// Another directory that has a file or directory of that name; nothing where several have.
std::optional<std::string> other_place(const BuildContext& context, const std::string& path) {
  std::optional<std::string> found;
  for (const auto& directory : project_tree(context)->directories) {
    if (std::ranges::find(directory.names, path_basename(path)) == directory.names.end()) continue;
    if (found) return std::nullopt;
    found = join_context_path(directory.path, path_basename(path));
  }
  return found;
}

struct Hint {
  std::string text;
  bool strong = false;  // it is what was meant, whatever kind of file it is
};

Hint hint_for(const BuildContext& context, const std::string& path) {
  if (const auto rest = without_own_name(context, path))
    return {"the context is `" + path.substr(0, path.find('/')) + "` itself, where this is `" + *rest + "`", true};
  if (const auto similar = similar_name(context, path))
    return {"there is `" + *similar + "`", to_lower_ascii(*similar) == to_lower_ascii(path)};
  if (const auto other = other_place(context, path)) return {"there is `" + *other + "`", false};
  return {};
}

// Whether a path names what people write and keep in a repository, by its name alone.
bool is_kept_by_people(const Facts& facts, const std::string& path) {
  constexpr std::string_view endings[] = {".cfg", ".conf", ".css",  ".html", ".ini", ".js",  ".json", ".md",
                                          ".py",  ".sh",   ".toml", ".ts",   ".txt", ".xml", ".yaml", ".yml"};
  constexpr std::string_view private_parts[] = {"account", "auth",  "backup", "credential", "dump", "firebase",
                                                "key",     "local", "secret", "settings",   "token"};
  const auto name = to_lower_ascii(path_basename(path));
  if (name.starts_with('.') || secret_file(path) != nullptr) return false;
  for (auto at = std::string(path_parent(path)); at != "." && at != "/"; at = std::string(path_parent(at)))
    if (is_for_results(path_basename(at))) return false;
  if (std::ranges::any_of(private_parts, [&](std::string_view part) { return name.find(part) != name.npos; }))
    return false;
  const auto is_of = [&](std::string_view pattern) { return !pattern.ends_with('/') && glob_match(pattern, name); };
  return is_manifest(facts, path_basename(path)) || std::ranges::any_of(facts.build_files, is_of) ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

// Whether what is missing in the context is missing in every other that the build may have.
bool is_right_context(const BuildContext& context, const std::string& path) {
  return !context.origin().guess || is_nowhere(context, path_basename(path));
}

bool is_certain(const Dockerfile& file, const std::string& path, const Hint& hint) {
  const auto& context = file.context();
  if (is_left_alone(context, path) || secret_file(path) != nullptr) return false;
  if (hint.strong || path == "COPY" || path == "ADD") return true;  // written twice
  return is_kept_by_people(file.facts(), path) && !has_sample(context, path) && !is_made_by_repository(file, path);
}

// Whether the context has something that a COPY names. Where it has nothing, the Dockerfile may be one for other
// projects.
bool copies_anything(const Dockerfile& file) {
  const auto is_there = [&](const CopySource& source) {
    return source.known && !source.heredoc && !is_remote(source) && in_context(source.text) != "." &&
           !file.context().expand(in_context(source.text)).empty();
  };
  return std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return std::ranges::any_of(stage.steps, [&](const Step& step) {
      return step.copy && step.copy->from_context() && std::ranges::any_of(step.copy->sources, is_there);
    });
  });
}

}  // namespace

bool is_certainly_missing(const Dockerfile& file, const std::string& path) {
  const auto& context = file.context();
  return context.is_known() && is_missing_everywhere(file, path) && is_right_context(context, path) &&
         is_certain(file, path, hint_for(context, path));
}

std::string looked_for(const Dockerfile& file, const CopySource& source) {
  const auto written = slice(file.source(), source.span);
  if (!source.known || source.heredoc || source.text.empty() || is_remote(source) || has_wildcard(source.text) ||
      source.text.find('\\') != source.text.npos || written.find('$') != written.npos)
    return {};
  return in_context(source.text);
}

std::vector<MissingSource> find_missing_sources(const Dockerfile& file) {
  std::vector<MissingSource> missing;
  const auto& context = file.context();
  if (!context.is_known()) return missing;
  if (context.origin().guess && !copies_anything(file)) return missing;
  const auto built = built_stages(file);
  for (const auto& stage : file.stages()) {
    if (!built[stage.index]) continue;
    for (const auto& step : stage.steps) {
      if (!step.copy || !step.copy->from_context() || step.in_child || find_shell_word(step) != nullptr) continue;
      for (const auto& source : step.copy->sources) {
        auto path = looked_for(file, source);
        if (path.empty() || path == "." || !is_missing_everywhere(file, path) || !is_right_context(context, path))
          continue;
        auto hint = hint_for(context, path);
        const bool leaves = clean_path(source.text).starts_with("..");
        if (leaves && context.origin().guess) continue;
        if (leaves || is_certain(file, path, hint)) missing.push_back({&source, std::move(path), std::move(hint.text)});
      }
    }
  }
  return missing;
}

}  // namespace dockhew::inline flow
