#include "flow/absent_manifest.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/manifests.hpp"
#include "effects/context_origins.hpp"
#include "facts/official_images.hpp"
#include "flow/missing_sources.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

// Variables that make a tool look elsewhere. Sources: the documentation of Bundler, Composer, Go, Mix, npm, Pipenv, uv.
constexpr std::string_view place_variables[] = {
    "BUNDLE_GEMFILE", "COMPOSER",          "GO111MODULE",    "GOFLAGS",    "GOWORK",
    "MIX_EXS",        "NPM_CONFIG_PREFIX", "PIPENV_PIPFILE", "UV_PROJECT", "npm_config_prefix"};

// What the base image has is known to be no project.
bool begins_empty(const Site& site) {
  const auto chain = chain_of(site.file, site.stage);
  const auto& first = *chain.back();
  const auto in_child = [](const Stage* stage) {
    return std::ranges::any_of(stage->steps,
                               [](const Step& step) { return step.instruction->keyword == Keyword::onbuild; });
  };
  return first.image && first.image->entry != nullptr && !first.image->only_configured && !first.image->windows &&
         !first.base_from_argument && first.reference.registry.empty() &&
         is_official_image(site.file.facts(), first.reference.repository) &&
         first.reference.tag.find("onbuild") == std::string::npos && std::ranges::none_of(chain, in_child);
}

bool is_plain(const Site& site, const ShellCommand& command) {
  const bool usual_shell = last_step(site.file, site.stage, Keyword::shell) == nullptr;  // one may go elsewhere first
  return usual_shell && !site.step.in_child && !command.conditional && !command.nested && !command.piped &&
         command.directory.is_known();
}

// It looks for its own manifest, where it runs.
bool looks_for_own(const Site& site, const ToolUse& use) {
  const auto& action = *use.action;
  const auto is_given = [&](std::string_view option) { return use.has_option(option); };
  const auto& project = use.tool->project;
  // `pnpm fetch` reads the lock file alone, `cargo chef cook` a list that another stage made of the manifests.
  const bool fetches = action.kind == ActionKind::fetch && !action.reads_source && !action.compiles_dependencies &&
                       project.required_manifests.size() == 1;
  // `bundle --version`
  constexpr std::string_view questions[] = {"--help", "--version", "-V", "-h", "-v", "-version", "help", "version"};
  const auto asks = [&](const ShellWord& word) {
    return std::ranges::find(questions, word.raw) != std::end(questions);
  };
  if (std::ranges::any_of(use.command->words, asks)) return false;
  return (fetches || installs_own_manifest(use)) && !action.independent && use.operands.empty() &&
         !project.required_manifests.empty() && std::ranges::none_of(project.directory_options, is_given) &&
         std::ranges::none_of(project.manifest_options, is_given) &&
         std::ranges::none_of(place_variables, [&](std::string_view name) {
           const auto value = site.variable(name);
           return value.is_known() || value.is_unknown();
         });
}

// What a RUN, or the commands of this one before, may write there.
bool may_write(const Effects& effects, const std::string& path) {
  return effects.writes.may_be_anywhere() ||
         (!effects.makes_directories && std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& written) {
           return path_is_under(path, written.path);
         }));
}

bool may_be_made(const Site& site, const ShellCommand& command, const std::string& path) {
  for (const auto& each : site.step.script->commands) {
    if (&each == &command) break;
    if (may_write(project_effects(site, each), path)) return true;
  }
  return site.any_earlier({"may make ", path}, [&](const Site& earlier) {
    if (earlier.step.instruction->keyword != Keyword::run) return false;
    if (!earlier.step.script || earlier.step.script->opaque) return true;
    return std::ranges::any_of(earlier.step.script->commands, [&](const ShellCommand& each) {
      return may_write(project_effects(earlier, each), path);
    });
  });
}

// Whether it is certainly not there; `in_context`: a COPY would have brought it.
bool is_absent(const Site& site, const ShellCommand& command, const std::string& path, bool& in_context) {
  const auto covers = [&](const Mount& mount) {
    return !mount.target.is_known() || path_is_under(path, mount.target.text);
  };
  if (std::ranges::any_of(site.step.mounts, covers)) return false;
  ContextOrigins origins;
  for (const auto& [stage, step] : steps_of_chain(site.file, site.stage)) {
    if (step == &site.step) break;
    const auto keyword = step->instruction->keyword;
    if (step->copy) add_origins(*step->copy, path, origins);
    else origins.given |= keyword == Keyword::copy || keyword == Keyword::add;  // one that the builder rejects
    if (origins.given) return false;
  }
  // `COPY entrypoint.sh /app/` brings no directory.
  std::erase_if(origins.paths, [&](const std::string& each) {
    return site.context().is_known() &&
           site.context().kind_if_not_ignored(std::string(path_parent(each))) == PathKind::file;
  });
  in_context |= !origins.paths.empty();
  const auto missing = [&](const std::string& each) {
    return !has_wildcard(each) && is_certainly_missing(site.file, each);
  };
  return std::ranges::all_of(origins.paths, missing) && !may_be_made(site, command, path);
}

// The one in a directory, or in one above it.
bool is_absent_upwards(const Site& site, const ToolUse& use, std::string_view name, bool& in_context) {
  for (auto directory = use.command->directory.text;; directory = std::string(path_parent(directory))) {
    if (!is_absent(site, *use.command, resolve_path(directory, name), in_context)) return false;
    for (const auto& root : use.tool->project.workspace_roots)
      if (root.text.empty() && !is_absent(site, *use.command, resolve_path(directory, root.file), in_context))
        return false;
    if (directory == "/") return true;
  }
}

// `npm ci` takes what a lock file says, and stops without one; empty where one may be there.
std::string absent_lock_file(const Site& site, const ToolUse& use) {
  std::string first;
  if (!use.action->from_scratch) return first;
  bool in_context = false;
  for (const auto name : use.tool->project.manifests) {
    if (!is_lock_file(name)) continue;
    if (!is_absent_upwards(site, use, name, in_context)) return {};
    if (first.empty()) first = name;
  }
  return in_context ? first : std::string();
}

}  // namespace

std::optional<AbsentManifest> absent_manifest(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  if (!is_plain(site, command) || use.action->kind == ActionKind::other || !site.file.document().errors().empty())
    return std::nullopt;
  const bool own = use.manifests.empty();
  if ((own && !looks_for_own(site, use)) || !begins_empty(site)) return std::nullopt;
  AbsentManifest absent{"", command.directory.text, false, use.action->runs_without_manifest};
  if (own) {
    absent.name = use.tool->project.required_manifests.front();
    if (is_absent_upwards(site, use, absent.name, absent.in_context)) {
      // A repository without any is a collection of Dockerfiles for other projects.
      const bool is_template = absent.in_context && site.context().origin().guess;
      return is_template ? std::nullopt : std::optional(absent);
    }
    absent.name = absent_lock_file(site, use);
    absent.in_context = true;
    return absent.name.empty() ? std::nullopt : std::optional(absent);
  }
  if (use.action->kind != ActionKind::install) return std::nullopt;
  for (const auto word : use.manifests) {
    const auto& value = command.words[word].value;
    if (!value.is_known() || value.text.empty() || value.text.find_first_of(":*?[$-") == 0 ||
        value.text.find("://") != std::string::npos)
      continue;
    absent.name = value.text, absent.in_context = false;
    if (is_absent(site, command, resolve_path(absent.directory, absent.name), absent.in_context)) return absent;
  }
  return std::nullopt;
}

}  // namespace dockhew::inline flow
