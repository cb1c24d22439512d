#include "caches/cached_uses.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline caches {

namespace {

bool has_word(std::string_view line, std::string_view wanted) {
  const auto words = split_words(line);
  return std::ranges::find(words, wanted) != words.end();
}

// Whether a text of settings has such a line, or a word of a line that is it.
bool has_line(std::string_view text, std::string_view wanted) {
  for (const auto written : split_lines(text)) {
    const auto line = trim_unicode(written);
    if (line.starts_with('#') || line.starts_with(';')) continue;
    std::string compact(line);
    std::erase_if(compact, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
    const bool is_element = wanted.starts_with('<') && compact.find(wanted) != compact.npos;
    if (is_element || compact == wanted || has_word(line, wanted)) return true;
  }
  return false;
}

// A tool looks for its settings where it runs and above; of other projects they count too, since a wrong guess costs
// more than a mount.
bool is_told_by_file(const Site& site, const ToolUse& use) {
  const auto& lines = use.tool->cache_use.cached_only_lines;
  const auto& context = site.context();
  if (lines.empty() || !context.is_known()) return false;
  std::vector<std::string> directories = {"."};
  if (use.command->directory.is_known())
    if (auto own = project_in_context(site.file, site.stage, site.stage.steps.size(), use.command->directory.text))
      directories.push_back(std::move(*own));
  return std::ranges::any_of(lines, [&](const SettingLine& setting) {
    return std::ranges::any_of(directories, [&](const std::string& directory) {
      const auto text = context.read(join_context_path(directory, setting.file));
      return text && has_line(*text, setting.line);
    });
  });
}

// `MAVEN_ARGS=-o`
bool is_told_by_variable(const Site& site, const ToolUse& use) {
  const auto& cache_use = use.tool->cache_use;
  return std::ranges::any_of(cache_use.option_variables, [&](std::string_view name) {
    const auto value = environment(site, *use.command, name);
    const auto words = value.is_known() ? split_words(value.text) : std::vector<std::string_view>();
    return std::ranges::any_of(words, [&](std::string_view word) {
      return std::ranges::find(cache_use.cached_only_options, word) != cache_use.cached_only_options.end();
    });
  });
}

// Of what a use is told, the words that say about which project it is.
bool has_same_project(const ToolUse& one, const ToolUse& other) {
  const auto text_of = [](const ToolUse& use) {
    std::string text;
    for (const auto i : use.operands) text.append(use.command->words[i].raw).append(" ");
    return text;
  };
  const auto& directory = one.command->directory;
  return directory.is_known() && directory == other.command->directory && text_of(one) == text_of(other);
}

// Whether a command before this one, in the same RUN, downloads what it needs: it is about the same project, or no
// earlier RUN can have downloaded anything.
bool is_fed_by_same_run(const Site& site, const ToolUse& use) {
  const auto uses = [&](const Site& other) { return uses_tool(other.step, *use.tool); };
  const bool alone = !site.any_earlier({"uses ", use.tool->id}, uses);
  for (const auto& other : site.uses()) {
    if (&other == &use) break;
    const bool fills = other.tool == use.tool && other.uses_cache() && !takes_only_cached(site, other);
    if (fills && (alone || has_same_project(other, use))) return true;
  }
  return false;
}

}  // namespace

bool takes_only_cached(const Site& site, const ToolUse& use) {
  const auto kind = use.action->kind;
  if (kind == ActionKind::clean || kind == ActionKind::other) return false;
  const auto* network = site.step.instruction->flag("network");
  if (network != nullptr && network->value == "none") return true;
  const auto has = [&](std::string_view option) { return use.has_option(option); };
  const auto set = [&](std::string_view setting) { return has_setting(site, *use.command, setting); };
  return std::ranges::any_of(use.tool->cache_use.cached_only_options, has) ||
         std::ranges::any_of(use.tool->cache_use.cached_only_settings, set) || is_told_by_variable(site, use) ||
         is_told_by_file(site, use);
}

bool has_cached_use(const Site& site, const Tool& tool) {
  return site.step.script && std::ranges::any_of(site.step.script->uses, [&](const ToolUse& use) {
           return use.tool == &tool && takes_only_cached(site, use);
         });
}

const ToolUse* use_of_earlier_downloads(const Site& site, const Tool& tool) {
  for (const auto& use : site.uses())
    if (use.tool == &tool && takes_only_cached(site, use) && !is_fed_by_same_run(site, use)) return &use;
  return nullptr;
}

}  // namespace dockhew::inline caches
