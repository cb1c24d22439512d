#include "ecosystems/node/prune_command.hpp"

#include <algorithm>
#include <vector>

#include "effects/environment.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Options that decide what is installed. Of those with a value, the word or the part before "=" (npm's
// documentation, "config", npm 11).
constexpr std::string_view deciding[] = {"--cpu",
                                         "--force",
                                         "--global-style",
                                         "--ignore-scripts",
                                         "--install-links",
                                         "--install-strategy",
                                         "--legacy-bundling",
                                         "--legacy-peer-deps",
                                         "--libc",
                                         "--no-optional",
                                         "--no-package-lock",
                                         "--omit=optional",
                                         "--omit=peer",
                                         "--os",
                                         "--package-lock",
                                         "--registry",
                                         "--strict-peer-deps",
                                         "--userconfig",
                                         "-f"};
// Options that only say how it is done.
constexpr std::string_view harmless[] = {"--allow-root",
                                         "--also=dev",
                                         "--audit",
                                         "--cache",
                                         "--color",
                                         "--fetch-retries",
                                         "--fetch-retry-maxtimeout",
                                         "--fetch-retry-mintimeout",
                                         "--fetch-timeout",
                                         "--frozen-lockfile",
                                         "--fund",
                                         "--include=dev",
                                         "--loglevel",
                                         "--maxsockets",
                                         "--no-audit",
                                         "--no-color",
                                         "--no-fund",
                                         "--no-progress",
                                         "--no-save",
                                         "--no-update-notifier",
                                         "--prefer-offline",
                                         "--prefer-online",
                                         "--production=false",
                                         "--progress",
                                         "--quiet",
                                         "--silent",
                                         "--unsafe-perm",
                                         "--verbose",
                                         "-d",
                                         "-dd",
                                         "-ddd",
                                         "-q",
                                         "-s"};
// Of both, those whose value may be the next word.
constexpr std::string_view with_value[] = {"--cache",
                                           "--cpu",
                                           "--fetch-retries",
                                           "--fetch-retry-maxtimeout",
                                           "--fetch-retry-mintimeout",
                                           "--fetch-timeout",
                                           "--install-strategy",
                                           "--libc",
                                           "--loglevel",
                                           "--maxsockets",
                                           "--os",
                                           "--registry",
                                           "--userconfig"};

template <typename Words>
bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != std::end(words);
}

bool is_plain(const ShellWord& word) { return word.value.is_known() && word.raw == word.text(); }

// Adds the deciding options of an installation.
Obstacle add_options(const ToolUse& use, std::vector<std::string>& options) {
  const auto& words = use.command->words;
  const auto name = "`" + use.command->name() + "` ";
  if (!use.command->assignments.empty() || !use.command->wrappers.empty())
    return Declined{name + "is run with variables of its own"};
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view raw = words[i].raw;
    if (!raw.starts_with('-')) continue;
    const auto option = has(deciding, raw) || has(harmless, raw) ? raw : raw.substr(0, raw.find('='));
    const bool decides = has(deciding, option);
    if (!decides && !has(harmless, option))
      return Declined{name + "is given `" + std::string(option) + "`, and `npm prune` may install other packages"};
    std::string text(raw);
    bool plain = is_plain(words[i]);
    if (option == raw && has(with_value, option) && i + 1 < words.size()) {
      ++i;
      plain &= is_plain(words[i]);
      text += ' ' + words[i].raw;
    }
    if (!decides || has(options, text)) continue;
    if (!plain) return Declined{name + "is given `" + text + "`, whose value is not known"};
    options.push_back(std::move(text));
  }
  return std::nullopt;
}

// `mv node_modules /`, `rm -rf node_modules/left-pad`
bool changes_packages(const ShellCommand& command) {
  return command.use == nullptr && std::ranges::any_of(command.words, [](const ShellWord& word) {
           return word.raw.find("node_modules") != std::string::npos;
         });
}

}  // namespace

Outcome<std::string> find_prune_command(const Stage& stage) {
  std::vector<std::string> options;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    const auto& script = *step.script;
    bool installs = false;
    for (const auto& use : script.uses) {
      if (use.tool->id != "npm" || use.action->kind != ActionKind::install || !use.operands.empty()) continue;
      installs = true;
      if (auto obstacle = add_options(use, options)) return *obstacle;
    }
    if (installs && std::ranges::any_of(script.commands, sets_variables))
      return Declined{"`npm` is run with variables of its own"};
    if (std::ranges::any_of(script.commands, changes_packages))
      return Declined{"a RUN changes `node_modules` after the installation"};
  }
  // npm knows `--omit` since version 7, which came with Node 15.
  const auto node = version_numbers(stage.image ? stage.image->version : "");
  const bool older = !node.empty() && node[0] < 15;
  std::string command = older ? "npm prune --production --no-save" : "npm prune --omit=dev --no-save";
  for (const auto& option : options) command += ' ' + option;
  return command;
}

}  // namespace dockhew::inline ecosystems
