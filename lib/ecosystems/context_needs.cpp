#include "ecosystems/context_needs.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/makefile.hpp"
#include "effects/context_origins.hpp"
#include "effects/unix_effects.hpp"
#include "model/context_path.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

using AnyOf = ContextNeeds::AnyOf;

// A file that installs more often than that needs the same as before, and the guess takes no longer for it.
constexpr std::size_t most_projects = 40;

// Whether a command makes a file of the project before a tool looks for it: `npm init`, `git clone`, a redirection.
bool may_make(const Site& site, const ShellCommand& command, const ToolUse& use, const std::string& path) {
  if (command.use != nullptr && command.use->tool == use.tool && command.use->action->kind == ActionKind::other)
    return true;
  if (derives_manifest(command, path)) return true;
  // What a download is called is not asked: it is hardly a manifest.
  const auto& facts = site.file.facts();
  if (command.use == nullptr && !command.words.empty() && !facts.is_plain(command.name()) &&
      !has_operands(facts, command, {Operands::cloned}))
    return false;
  const auto effects = project_effects(site, command);
  return std::ranges::any_of(effects.writes.paths,
                             [&](const AffectedPath& written) { return path_is_under(path, written.path); });
}

// The context paths of which one must be there so that `path` is in the image before `command`; none when that cannot
// be told. `makes`: whether a command before may make it.
template <typename Makes>
AnyOf origins_of(const Site& site, const ShellCommand& command, const std::string& path, const Makes& makes) {
  ContextOrigins origins;
  auto& given = origins.given;
  for (const auto* stage : chain_of(site.file, site.stage))
    for (const auto& earlier : stage->steps) {
      if (given || (stage == &site.stage && earlier.index >= site.step.index)) break;
      if (earlier.copy) add_origins(*earlier.copy, path, origins);
      if (earlier.script && !earlier.script->opaque)
        given |= std::ranges::any_of(earlier.script->commands,
                                     [&](const ShellCommand& each) { return makes(site.at(earlier), each); });
    }
  for (const auto& each : site.step.script->commands) {
    if (given || &each == &command) break;
    given = makes(site, each);
  }
  return given ? AnyOf() : std::move(origins.paths);
}

// What a tool looks for.
AnyOf origins_of(const Site& site, const ToolUse& use, const std::string& path) {
  return origins_of(site, *use.command, path,
                    [&](const Site& at, const ShellCommand& each) { return may_make(at, each, use, path); });
}

// A script: another program than a package manager, `configure`, may write one. A package manager may bring a program,
// `node_modules/.bin/tsc`.
AnyOf origins_of(const Site& site, const ShellCommand& command, const std::string& path) {
  const bool is_written_by_people = path.ends_with(".sh") || is_make(command);
  return origins_of(site, command, path, [&](const Site& at, const ShellCommand& each) {
    if (each.use != nullptr) return !is_written_by_people && !each.use->tool->packages.of_system;
    if (each.words.empty()) return false;
    if (!at.file.facts().is_plain(each.name())) return true;
    const auto effects = project_effects(at, each);
    return std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& made) {
      return !effects.makes_directories && path_is_under(path, made.path);
    });
  });
}

// A directory of the image and those above it.
std::vector<std::string> upwards(std::string directory) {
  std::vector<std::string> all = {directory};
  while (directory != "/") all.push_back(directory = path_parent(directory));
  return all;
}

class Reader {
 public:
  explicit Reader(const Dockerfile& file) : file_(file) {}

  ContextNeeds read() {
    for (const auto& stage : file_.stages())
      for (const auto& step : stage.steps) {
        if (step.copy && step.copy->from_context()) read_copy(*step.copy);
        if (!step.script || step.script->opaque) continue;
        for (const auto& use : step.script->uses) read_use({file_, stage, step}, use);
        for (const auto& command : step.script->commands) read_script({file_, stage, step}, command);
      }
    return std::move(needs_);
  }

 private:
  void read_copy(const Copy& copy) {
    ++copies_;
    AnyOf wild;
    bool only_wild = true;
    for (const auto& source : copy.sources) {
      const bool plain = source.known && !source.heredoc && !is_remote(source);
      only_wild &= plain && has_wildcard(source.text);
      if (!plain) continue;
      if (has_wildcard(source.text)) wild.push_back(in_context(source.text));
      else needs_.copied.push_back(in_context(source.text));
    }
    if (only_wild && !wild.empty()) needs_.expected.push_back(std::move(wild));
  }

  void add(std::vector<AnyOf>& list, AnyOf paths) {
    if (!paths.empty() && added_.emplace(&list, paths).second) list.push_back(std::move(paths));
  }

  // A file that the command names.
  void read_named(const Site& site, const ToolUse& use, std::size_t word) {
    if (const auto path = path_of(*use.command, use.command->words[word]))
      add(needs_.read, origins_of(site, use, *path));
  }

  // A script, or a Makefile, that the RUN starts.
  void read_script(const Site& site, const ShellCommand& command) {
    const auto names = scripts_named_by(command);
    if (names.empty() || ++scripts_ > most_projects) return;
    AnyOf any;
    for (const auto& name : names) {
      auto origins = origins_of(site, command, name);
      if (origins.empty()) return;
      std::ranges::move(origins, std::back_inserter(any));
    }
    add(needs_.read, std::move(any));
  }

  void read_use(const Site& site, const ToolUse& use) {
    const auto kind = use.action->kind;
    if (kind != ActionKind::install && kind != ActionKind::fetch && kind != ActionKind::build) return;
    if (!use.command->directory.is_known() || use.action->independent) return;
    if (use.operands.empty() && use.manifests.empty() &&
        !seen_.insert({site.stage.index, copies_, use.tool, use.command->directory.text}).second)
      return;
    if (++looked_at_ > most_projects) return;
    for (const auto word : use.manifests) read_named(site, use, word);
    bool named = !use.manifests.empty();
    for (const auto word : use.operands) {
      const auto name = path_basename(use.command->words[word].text());
      const auto matches = [&](std::string_view manifest) { return glob_match(manifest, name); };
      if (name.empty() || std::ranges::none_of(use.tool->project.manifests, matches)) continue;
      read_named(site, use, word);
      named = true;
    }
    const auto is_given = [&](std::string_view option) { return use.has_option(option); };
    if (named || std::ranges::any_of(use.tool->project.directory_options, is_given) ||
        std::ranges::any_of(use.tool->project.manifest_options, is_given))
      return;
    if (kind != ActionKind::install || installs_own_manifest(use)) read_project(site, use);
  }

  // What a tool looks for in the directory that it runs in. It finds most manifests above that, too.
  void read_project(const Site& site, const ToolUse& use) {
    const auto& tool = *use.tool;
    const auto& directory = use.command->directory.text;
    const auto& required = tool.project.required_manifests;
    for (std::size_t i = 0; i < required.size(); ++i) {
      AnyOf any;
      for (const auto& above : upwards(directory)) {
        auto origins = origins_of(site, use, resolve_path(above, required[i]));
        if (origins.empty() && above == directory) break;
        std::ranges::move(origins, std::back_inserter(any));
        // The root of a workspace may have no manifest of a package: `go.work`.
        for (const auto& root : tool.project.workspace_roots)
          if (i == 0 && root.text.empty())
            std::ranges::move(origins_of(site, use, resolve_path(above, root.file)), std::back_inserter(any));
      }
      add(i == 0 ? needs_.read : needs_.expected, std::move(any));
    }
    if (required.empty() && use.operands.empty()) {
      AnyOf any;
      for (const auto manifest : tool.project.manifests)
        std::ranges::move(origins_of(site, use, resolve_path(directory, manifest)), std::back_inserter(any));
      add(needs_.read, std::move(any));
    }
    if (!tool.project.workspace_roots.empty())
      if (auto places = origins_of(site, use, directory); !places.empty())
        needs_.projects.push_back({&tool, std::move(places)});
  }

  const Dockerfile& file_;
  ContextNeeds needs_;
  // By stage, the COPYs before, tool and directory: those that need no more than what their directory has.
  std::set<std::tuple<std::uint32_t, std::size_t, const Tool*, std::string>> seen_;
  std::set<std::pair<const void*, AnyOf>> added_;  // to which list
  std::size_t copies_ = 0, looked_at_ = 0, scripts_ = 0;
};

// `COPY pnpm-lock.yaml ./` would bring the manifest only if it copied a directory.
bool is_below_file(const BuildContext& context, const std::string& path) {
  const std::string above(path_parent(path));
  return above != "." && above != "/" && !has_wildcard(above) && context.kind(above) == PathKind::file;
}

bool has_one(const BuildContext& context, const AnyOf& paths) {
  return std::ranges::any_of(paths, [&](const std::string& path) { return !context.expand(path).empty(); }) ||
         std::ranges::all_of(paths, [&](const std::string& path) { return is_below_file(context, path); });
}

bool has_one_of_each(const BuildContext& context, const std::vector<AnyOf>& needs) {
  return std::ranges::all_of(needs, [&](const AnyOf& paths) { return has_one(context, paths); });
}

bool is_workspace_root(const BuildContext& context, const Tool& tool) {
  return std::ranges::any_of(tool.project.workspace_roots, [&](const WorkspaceRoot& root) {
    const auto text = context.read(std::string(root.file));
    return text && (root.text.empty() || text->find(root.text) != text->npos);
  });
}

// A package without a lock file of its own has that of a workspace, and cannot be built without it.
bool lacks_workspace(const ContextNeeds::Project& project, const BuildContext& context,
                     std::span<const BuildContext> above) {
  const auto locked = [&](const std::string& directory) {
    return std::ranges::any_of(project.tool->project.manifests, [&](std::string_view manifest) {
      return manifest.find("lock") != manifest.npos && context.exists(join_context_path(directory, manifest));
    });
  };
  if (is_workspace_root(context, *project.tool) || std::ranges::any_of(project.directories, locked)) return false;
  return std::ranges::any_of(above, [&](const BuildContext& each) { return is_workspace_root(each, *project.tool); });
}

// A file of a program, as opposed to what surrounds one in any directory.
bool may_be_source(const BuildContext& context, const std::string& name) {
  constexpr std::string_view others[] = {".md", ".sh", ".txt", ".yaml", ".yml"};
  const auto ends = [&](std::string_view ending) { return name.ends_with(ending); };
  return !name.starts_with('.') && name.find('.') != name.npos && name.find("ockerfile") == name.npos &&
         name.find("ontainerfile") == name.npos && std::ranges::none_of(others, ends) &&
         context.kind(name) == PathKind::file;
}

// Whether a directory, or one below it, has a file that one of the paths names. True where there is too much to see.
bool has_below(const BuildContext& context, const std::string& directory, const AnyOf& paths, int depth,
               std::size_t& left) {
  for (const auto& name : context.entries(directory)) {
    if (left == 0) return true;
    --left;
    if (std::ranges::any_of(paths, [&](const std::string& path) { return glob_match(path_basename(path), name); }))
      return true;
    const auto path = join_context_path(directory, name);
    // One with a Dockerfile of its own is built with that.
    if (depth > 0 && !name.starts_with('.') && context.kind(path) == PathKind::directory &&
        !context.exists(join_context_path(path, "Dockerfile")) && has_below(context, path, paths, depth - 1, left))
      return true;
  }
  return false;
}

// A project without what its tools look for. What lies above a Dockerfile is one if it is a repository in which no
// other directory could be meant instead.
bool lacks_manifest(const ContextNeeds& needs, const BuildContext& context, bool is_own_directory) {
  constexpr int deepest = 3;
  std::size_t left = 2000;
  const auto names = context.entries(".");
  const auto is_source = [&](const std::string& name) {
    return may_be_source(context, name) ||
           (name.find('.') == name.npos && context.kind(name) == PathKind::directory);  // most directories have no dot
  };
  if (!context.exists(".git") && !(is_own_directory && std::ranges::any_of(names, is_source))) return false;
  if (is_own_directory) return true;
  return std::ranges::none_of(needs.read, [&](const AnyOf& paths) {
    return !has_one(context, paths) && has_below(context, ".", paths, deepest, left);
  });
}

}  // namespace

ContextNeeds context_needs(const Dockerfile& file) { return Reader(file).read(); }

std::optional<FittingContext> fitting_context(const ContextNeeds& needs, std::span<const BuildContext> candidates) {
  std::optional<FittingContext> nearest;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& context = candidates[i];
    const auto exists = [&](const std::string& path) { return context.exists(path); };
    if (!std::ranges::all_of(needs.copied, exists) || !has_one_of_each(context, needs.read)) continue;
    if (!nearest) nearest = {i};
    const auto lacks = [&](const ContextNeeds::Project& project) {
      return lacks_workspace(project, context, candidates.subspan(i + 1));
    };
    if (has_one_of_each(context, needs.expected) && std::ranges::none_of(needs.projects, lacks))
      return FittingContext{i};
  }
  for (std::size_t i = 0; i < candidates.size() && !nearest; ++i)
    if (std::ranges::all_of(needs.copied, [&](const std::string& path) { return candidates[i].exists(path); }) &&
        lacks_manifest(needs, candidates[i], i == 0))
      nearest = {i, false};
  return nearest;
}

}  // namespace dockhew::inline ecosystems
