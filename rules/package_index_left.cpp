// Fires on a RUN of apk that leaves the index of packages in its layer, two to three megabytes that no later step
// reads. A mount does not pay for so little, and an option makes apk keep nothing.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "caches/cache_readers.hpp"
#include "caches/left_downloads.hpp"
#include "caches/package_index.hpp"
#include "ecosystems/system/apk_releases.hpp"
#include "edits/run_edits.hpp"
#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

// The word that tells apk to fetch the index and keep it: `--update`, which the option replaces.
const ShellWord* keeping_word(const ToolUse& use) {
  const auto& options = use.tool->cache_use.refreshing_options;
  const auto word = std::ranges::find_if(use.command->words, [&](const ShellWord& each) {
    return each.value.is_known() && std::ranges::find(options, each.text()) != options.end();
  });
  return word == use.command->words.end() ? nullptr : &*word;
}

Fix keep_nothing(const Step& step, const ToolUse& use) {
  const auto option = std::string(use.tool->leftovers.prevented_by[0]);
  auto title = "use `" + option + '`';
  const auto& command = *use.command;
  if (const auto* word = keeping_word(use))
    return replace_word(step, command, *word, option, std::move(title), Applicability::safe);
  return insert_after(step, command, command.words[use.first - 1], option, std::move(title), Applicability::safe);
}

// A later command of the same RUN for which the index may be kept: `apk search`, or a script that installs something.
bool is_read_here(const Site& site, const Tool& tool) {
  bool there = false;
  for (const auto& command : site.step.script->commands) {
    const auto* use = command.use;
    const bool installs = use != nullptr && use->action->kind == ActionKind::install;
    if (there && !installs && may_read_index(site.file.facts(), command, tool)) return true;
    there |= use != nullptr && use->tool == &tool && leaves_downloads(site, *use);
    there |= use != nullptr && use->tool == &tool && use->action->kind == ActionKind::refresh;
  }
  return false;
}

// `for f in /var/cache/apk/*; do rm "$f"; done`: a place where the script names the directory, but for commands that
// need nothing to be there.
bool is_named_otherwise(const Script& script, std::string_view directory) {
  const auto text = script.text.view();
  for (auto at = text.find(directory); at != text.npos; at = text.find(directory, at + 1)) {
    const auto is_here = [&](const ShellCommand& command) {
      return !command.nested && command.span.begin <= at && at < command.span.end;
    };
    if (std::ranges::none_of(script.commands, is_here)) return true;
  }
  return false;
}

// `apk update` in the same RUN, which nothing needs when each installation fetches the index. Nothing where that cannot
// be said.
std::optional<std::vector<TextEdit>> remove_refreshes(const Site& site, const Tool& tool) {
  const auto& script = *site.step.script;
  std::vector<std::size_t> elements;
  for (const auto& use : script.uses) {
    if (use.tool != &tool || use.action->kind != ActionKind::refresh) continue;
    const auto& command = *use.command;
    if (command.conditional || command.nested || !script.chain[command.element].simple) return std::nullopt;
    elements.push_back(command.element);
  }
  if (elements.empty()) return std::vector<TextEdit>();
  if (!script.is_straight()) return std::nullopt;
  return remove_elements(site.file.document(), script, elements);
}

// `mkdir /etc/apk/cache`: apk then keeps what it downloads there, which somebody wants.
// https://wiki.alpinelinux.org/wiki/Local_APK_cache
bool has_local_cache(const Site& site) { return site.file.source().find("/etc/apk/cache") != std::string_view::npos; }

Fix keep_nothing(const Site& site, const Tool& tool) {
  Fix all;
  for (const auto& use : site.uses()) {
    if (use.tool != &tool || !leaves_downloads(site, use)) continue;
    auto fix = keep_nothing(site.step, use);
    if (!fix.declined.empty()) return fix;
    fix.edits.insert(fix.edits.begin(), all.edits.begin(), all.edits.end());
    all = std::move(fix);
  }
  const auto& left = tool.leftovers.directories;
  const std::vector<std::string> directories(left.begin(), left.end());
  const auto fails = [&](const Site& later) { return fails_without(later, directories); };
  if (site.any_later({"fails without the index of ", tool.id}, fails))
    return decline(all,
                   "a command of a later RUN would fail, because it finds nothing to remove or to change; `rm -f` "
                   "would not");
  if (cache_reader(site, tool, directories) || is_named_otherwise(*site.step.script, directories[0]))
    return decline(all, "a command of this RUN or of a later one uses what is in `" + directories[0] + '`');
  if (is_index_read_later(site, tool))
    return decline(all, "a later RUN, or the container, may use the index that this one leaves");
  if (has_local_cache(site)) return decline(all, "the file names the directory in which apk keeps packages");
  if (lacks_no_cache(site.file, site.stage))
    return decline(all, "the release of the base image is older than this option, which came with Alpine 3.3");
  auto removed = is_read_here(site, tool) ? std::nullopt : remove_refreshes(site, tool);
  if (!removed)
    return decline(
        all, "another command of this RUN may need the index that it fetches, or its commands are not a plain chain");
  all.edits.insert(all.edits.end(), removed->begin(), removed->end());
  std::ranges::sort(all.edits, {}, [](const TextEdit& edit) { return edit.span.begin; });
  return all;
}

void check_step(const Site& site, Report& report) {
  std::vector<const Tool*> reported;
  for (const auto& use : site.uses()) {
    const auto& tool = *use.tool;
    const auto code = tool.codes.find("left");
    if (tool.cache_use.mount_pays || tool.leftovers.prevented_by.empty() || code == tool.codes.end()) continue;
    if (std::ranges::find(reported, &tool) != reported.end() || !leaves_downloads(site, use)) continue;
    reported.push_back(&tool);
    auto& finding = report.add(site.step.script->to_source(use.command->span),
                               std::string(tool.title) + " leaves its index of packages in the layer; `" +
                                   std::string(tool.leftovers.prevented_by[0]) + "` makes it keep nothing",
                               {std::string(code->second)});
    finding.fixes.push_back(keep_nothing(site, tool));
  }
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage& stage, const Step& step) { check_step({file, stage, step}, report); });
}

}  // namespace

extern constinit const Rule package_index_left = {
    .id = "package-index-left",
    .aliases = {"DL3019"},
    .category = Category::size,
    .severity = Severity::info,
    .optimizes = true,
    .summary = "apk leaves its index of packages in the layer",
    .rationale =
        R"(`apk update` and `apk add --update` store the index of all packages in `/var/cache/apk`: two to three megabytes,
where Alpine itself has eight. It is useless once the packages are installed. `apk add --no-cache` fetches the index,
installs, and leaves nothing, so `apk update` and `rm -rf /var/cache/apk/*` are not needed either.

apk's downloads are small, so `missing-cache-mount` does not propose a mount for them. The fix is not made where a later
RUN may install with the index of this one.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
