#include "ecosystems/node/missing_script.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/interpreter.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/repository_files.hpp"
#include "effects/context_origins.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/failure.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr const char* manifest = "package.json";

// `build` of `npm run build -- --mode production`; empty where another project may be meant, or none need have it.
std::string named_script(const ShellCommand& command) {
  std::string script;
  bool runs = false;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (!word.value.is_known()) return {};
    const auto& text = word.text();
    if (text == "--") break;
    if (text.starts_with('-')) {
      constexpr std::string_view harmless[] = {"--silent",         "-s",        "--quiet", "--verbose",
                                               "--ignore-scripts", "--no-color"};
      if (std::ranges::find(harmless, text) == std::end(harmless)) return {};
    } else if (!runs) {
      runs = text == "run" || text == "run-script";
      if (!runs) return {};
    } else if (script.empty()) {
      script = text;
    }
  }
  return script == "env" ? std::string() : script;  // which npm has itself
}

// Whether a package.json certainly lacks a script.
bool lacks(const std::optional<std::string>& text, const std::string& script) {
  if (!text) return false;
  const auto package = parse_json(*text).value;
  if (!package.is_object()) return false;
  const auto* scripts = package.find("scripts");
  return scripts == nullptr || (scripts->is_object() && scripts->find(script) == nullptr);
}

// Installations and scripts leave it as it is, as far as anybody has seen, and so do programs that get no file.
bool may_change(const Site& site, const ShellCommand& command, const std::string& path) {
  constexpr std::string_view writing[] = {"add", "create", "init", "pkg", "set-script", "version"};
  if (command.words.empty()) return false;
  if (is_package_manager(command.name()))
    return std::ranges::any_of(writing, [&](std::string_view word) { return command.has_word(word); });
  const auto effects = command_effects(site, command);
  return (effects.writes.may_be_anywhere() && (runs_file(command) || command.name() == "npx")) ||
         std::ranges::any_of(effects.writes.paths,
                             [&](const AffectedPath& written) { return path_is_under(path, written.path); });
}

// Whether a step may write the manifest, or bring another one than `source` of the context to its place.
bool may_change_manifest(const Site& site, const std::string& path, const std::string& source) {
  if (site.step.copy) {
    ContextOrigins origins;
    add_origins(*site.step.copy, path, origins);
    if (!site.step.copy->from_context()) return origins.given;
    return std::ranges::any_of(origins.paths, [&](const std::string& other) {
      return other != source && site.context().kind(other) != PathKind::absent;
    });
  }
  if (site.step.instruction->keyword != Keyword::run) return false;
  return !site.step.script || site.step.script->opaque ||
         std::ranges::any_of(site.step.script->commands,
                             [&](const ShellCommand& command) { return may_change(site, command, path); });
}

// The same of the commands before one in its own step.
bool may_be_changed(const Site& site, const ShellCommand& until, const std::string& path) {
  for (const auto& command : site.step.script->commands) {
    if (&command == &until) break;
    if (may_change(site, command, path)) return true;
  }
  return false;
}

bool all_lack(const BuildContext& context, const std::string& script) {
  const auto files = repository_files(context);
  return files->complete && std::ranges::all_of(files->paths_of(manifest), [&](const std::string& path) {
           return lacks(repository_of(context).read(path), script);
         });
}

}  // namespace

std::string missing_script(const Site& site, const ToolUse& use) {
  const auto& command = *use.command;
  const auto directory = directory_of_use(use);
  if ((use.tool->id != "npm" && use.tool->id != "pnpm") || command.conditional || command.piped || command.nested ||
      is_failure_caught(*site.step.script, command) || !directory.is_known() || !site.step.mounts.empty())
    return {};
  auto script = named_script(command);
  if (script.empty()) return {};
  const auto& context = site.context();
  const auto root = project_in_context(site.file, site.stage, site.earlier().size(), directory.text);
  if (!root || !lacks(context.read(join_context_path(*root, manifest)), script)) return {};
  const auto path = resolve_path(directory.text, manifest), source = join_context_path(*root, manifest);
  const auto changes = [&](const Site& earlier) { return may_change_manifest(earlier, path, source); };
  if (may_be_changed(site, command, path) || site.any_earlier({"may change ", path}, changes)) return {};
  if (context.origin().guess && !all_lack(context, script)) return {};
  const bool elsewhere = std::ranges::any_of(context.others(), [&](const BuildContext& other) {
    return !lacks(other.read(join_context_path(*root, manifest)), script);
  });
  return elsewhere ? std::string() : script;
}

}  // namespace dockhew::inline ecosystems
