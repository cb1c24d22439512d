#include "caches/mount_defeats.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "caches/cache_directories.hpp"
#include "caches/cache_hazards.hpp"
#include "caches/defeating_settings.hpp"
#include "caches/forgetful_commands.hpp"
#include "caches/removed_directories.hpp"
#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline caches {
namespace {

using Parts = std::vector<DefeatingPart>;

const Declined in_quoted_script{"the command is inside a quoted script"};

// `rm -rf /var/lib/apt/lists/*`
void add_removed(const Site& site, const ShellCommand& command, const std::vector<std::string>& mounted, Parts& parts) {
  const auto& script = *site.step.script;
  const auto [inside, operands] = operands_inside(site, command, mounted);
  if (inside.empty()) return;
  const auto& first = command.words[inside[0]];
  const auto path = path_of(command, first);
  DefeatingPart part;
  part.defeat = {script.to_source(first.span),
                 path && holds_only_caches(site, *path, mounted)
                     ? "`" + first.raw + "` has a cache mount in it, which cannot be removed"
                     : "`" + first.raw + "` is in a cache mount, and removing it empties the cache for every build"};
  if (inside.size() == operands) remove_element(script, command, part);
  else if (command.nested) part.obstacle = Declined{"the `" + command.name() + "` is inside a quoted script"};
  else
    for (const auto i : inside) part.edits.push_back(remove_word(script, command.words[i]));
  parts.push_back(std::move(part));
}

// `pip cache purge`
void add_clean(const Script& script, const ShellCommand& command, Parts& parts) {
  DefeatingPart part;
  part.defeat = {script.to_source(command.span),
                 "`" + first_words(script.text.view(command.span), 60) + "` empties the cache mount of the same RUN"};
  remove_element(script, command, part);
  parts.push_back(std::move(part));
}

// `pip --no-cache-dir`
void add_options(const Script& script, const Tool& tool, const ShellCommand& command, Parts& parts) {
  for (const auto& word : command.words) {
    if (std::ranges::find(tool.cache_defeat.options, word.raw) == tool.cache_defeat.options.end()) continue;
    DefeatingPart part;
    part.defeat = {script.to_source(word.span),
                   "`" + word.raw + "` keeps " + std::string(tool.title) + " from using the cache mount"};
    if (command.nested) part.obstacle = in_quoted_script;
    else if (tool.cache_defeat.instead.empty() || command.has_word(tool.cache_defeat.instead))
      part.edits.push_back(remove_word(script, word));
    else part.edits.push_back({part.defeat.span, std::string(tool.cache_defeat.instead)});
    parts.push_back(std::move(part));
  }
}

// Of what a build has compiled, one of the mounts holds.
bool has_mounted_results(const Site& site, const ToolUse& use, const std::vector<std::string>& mounted) {
  const auto directories = cache_directories(site, use);
  return std::ranges::any_of(directories, [&](const CacheDirectory& directory) {
    const auto holds = [&](const std::string& target) { return path_is_under(directory.path.text, target); };
    return directory.cache->builds_only && directory.path.is_known() && std::ranges::any_of(mounted, holds);
  });
}

// `go build -a`, and not an argument of the program in `go run . -a`.
void add_compiling_options(const Site& site, const ToolUse& use, const std::vector<std::string>& mounted,
                           Parts& parts) {
  const auto& options = use.tool->cache_defeat.compiling_options;
  const auto& script = *site.step.script;
  if (options.empty() || !has_mounted_results(site, use, mounted)) return;
  const auto end = use.operands.empty() ? use.command->words.size() : use.operands.front();
  for (auto i = use.first; i < end; ++i) {
    const auto& word = use.command->words[i];
    if (std::ranges::find(options, word.raw) == options.end()) continue;
    DefeatingPart part;
    part.defeat = {script.to_source(word.span),
                   "`" + word.raw + "` compiles everything again, whatever the cache mount has of it"};
    if (use.command->nested) part.obstacle = in_quoted_script;
    else if (const auto hazards = find_cache_hazards(site, *use.tool); !hazards) part.obstacle = hazards.declined();
    else part.edits.push_back(remove_word(script, word));
    // Of Go's cache, `go help cache` says that it does not detect changes to C libraries, and names `-a`.
    part.assumptions.push_back({"unseen-changes", "nothing changes that the build cache of " +
                                                      std::string(use.tool->title) +
                                                      " does not look at, such as a C library"});
    parts.push_back(std::move(part));
  }
}

Parts parts_of_commands(const Site& site, const Tool& tool, const std::vector<std::string>& mounted) {
  const auto& script = *site.step.script;
  Parts parts;
  for (const auto& command : script.commands) {
    const auto* use = command.use;
    if (has_operands(site.file.facts(), command, {Operands::removed})) add_removed(site, command, mounted, parts);
    if (use == nullptr || use->tool != &tool) continue;
    if (use->action->kind == ActionKind::clean) add_clean(script, command, parts);
    if (use->uses_cache() && use->action->kind != ActionKind::refresh)
      if (auto part = forgetful_command(site, tool, command, mounted)) parts.push_back(*std::move(part));
    add_options(script, tool, command, parts);
    add_compiling_options(site, *use, mounted, parts);
  }
  return parts;
}

// `zypper modifyrepo --all --keep-packages` is written to the image, so only where the stage is not shipped. Without it
// the mount still keeps the metadata.
std::optional<DefeatingPart> keeping_command(const Site& site, const Tool& tool) {
  if (tool.cache_defeat.keeping_command.empty()) return std::nullopt;
  const auto& script = *site.step.script;
  const auto setting = tool.cache_defeat.keeping_command.substr(tool.cache_defeat.keeping_command.rfind(' ') + 1);
  const auto keeps = [&](const Site& any) { return mentions(any.step, setting); };
  if (site.file.ships(site.stage) || keeps(site) || site.any_earlier({"mentions ", setting}, keeps))
    return std::nullopt;
  const auto& user = site.step.user;
  const bool as_root = is_root(user) || (!user.is_known() && !mentions(site.step, "sudo"));
  if (!can_be_framed(script) || script.commands.front().nested || !as_root) return std::nullopt;
  DefeatingPart part;
  part.defeat = {site.step.instruction->keyword_span,
                 std::string(tool.title) + " deletes packages after installing them, so the mount keeps only metadata"};
  part.edits.push_back(prepend_command(site.file.document(), script, std::string(tool.cache_defeat.keeping_command)));
  return part;
}

// `apt-get install git; rm -rf /var/lib/apt/lists/*` succeeds whatever APT does; without the `rm` it does not.
bool hides_failure(const Script& script, const std::vector<std::size_t>& elements) {
  auto last = script.chain.size();
  while (std::ranges::find(elements, last - 1) != elements.end()) --last;
  if (last == script.chain.size() || stops_on_failure(script, script.chain[0])) return false;
  const auto joint = script.chain[last - 1].joint;
  return joint == Joint::semicolon || joint == Joint::newline;
}

// Takes whole elements out of the chain.
Obstacle take_out(const Site& site, const Parts& parts, DefeatRemoval& removal) {
  const auto& script = *site.step.script;
  std::vector<std::size_t> elements;
  for (const auto& part : parts)
    if (part.element) elements.push_back(*part.element);
  std::ranges::sort(elements);
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  if (elements.empty()) return std::nullopt;
  auto edits = remove_elements(site.file.document(), script, elements);
  if (!edits) return Declined{"the clean-up cannot be removed from this chain of commands"};
  std::ranges::move(*edits, std::back_inserter(removal.edits));
  if (auto kept = keep_comments(site.file.document(), *site.step.instruction, script, elements))
    removal.edits.push_back(std::move(*kept));
  if (hides_failure(script, elements))
    removal.assumptions.push_back(
        {"nothing-fails", "no command before the clean-up fails; a failure would now stop the build"});
  return std::nullopt;
}

Obstacle add_parts(const Parts& parts, DefeatRemoval& removal) {
  for (const auto& part : parts) {
    if (part.obstacle) return part.obstacle;
    std::ranges::copy(part.edits, std::back_inserter(removal.edits));
    std::ranges::copy(part.assumptions, std::back_inserter(removal.assumptions));
  }
  return std::nullopt;
}

// `inner`: in the script; `around`: put before and after it.
Outcome<DefeatRemoval> remove_parts(const Site& site, const Parts& inner, const Parts& around) {
  DefeatRemoval removal;
  if (auto obstacle = add_parts(inner, removal)) return *std::move(obstacle);
  if (auto obstacle = take_out(site, inner, removal)) return *std::move(obstacle);
  if (auto obstacle = add_parts(around, removal)) return *std::move(obstacle);
  return removal;
}

}  // namespace

DefeatPlan plan_defeat_removal(const Site& site, const Tool& tool, const std::vector<std::string>& mounted) {
  auto inner = parts_of_commands(site, tool, mounted);
  std::ranges::move(defeating_settings(site, tool), std::back_inserter(inner));
  Parts around;
  if (auto command = keeping_command(site, tool)) around.push_back(*std::move(command));

  DefeatPlan plan;
  for (const auto* parts : {&inner, &around})
    for (const auto& part : *parts) plan.defeats.push_back(part.defeat);
  plan.removal = remove_parts(site, inner, around);
  return plan;
}

}  // namespace dockhew::inline caches
