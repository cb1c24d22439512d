#include "rewrite/unjudged.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/extensions.hpp"
#include "effects/published_scripts.hpp"
#include "effects/unix_effects.hpp"
#include "model/site.hpp"
#include "text/path.hpp"
#include "text/position.hpp"

namespace dockhew::inline rewrite {
namespace {

constexpr std::size_t most_names = 4;  // that a sentence lists

// `bundle exec jekyll build`: the tool is known, but not what it is told to run.
bool runs_unknown(const ToolUse& use) {
  if (use.action->kind != ActionKind::other || !use.action->words.empty()) return false;
  const auto* runtime = runtime_of(use);
  return runtime != nullptr && runtime->part != nullptr && !runtime->part(use);
}

// `runtime`: of the stage.
bool is_unknown(const Site& site, const Runtime* runtime, const ShellCommand& command) {
  const auto& facts = site.file.facts();
  if (runtime != nullptr && runs_source(*runtime, site.stage, command)) return false;
  if (command.use != nullptr) return runs_unknown(*command.use);
  if (const auto* tools = extension_tools_of(site.stage); tools != nullptr && tools->builds(command)) return false;
  return !command.words.empty() && facts.unix_command(command.name()) == nullptr && !starts_no_tool(facts, command) &&
         !runs_no_tool(command) && !runs_read_commands(*site.step.script, command) &&
         !published_script_effects(facts, *site.step.script, command);
}

// What is known itself, but not what it is told to run: `python`, `php`.
bool runs_texts(std::string_view command) {
  return find_interpreter(command) != nullptr || std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* each) {
           return !each->language.empty() && each->language == path_basename(command);
         });
}

// How a reader recognizes the command: "bazel", "./build.sh", "python manage.py"; nothing where a variable names it.
std::string shown_name(const ShellCommand& command) {
  constexpr std::size_t most_words = 3, longest = 40;
  if (!command.words[0].value.is_known() || command.words[0].text().empty()) return {};
  auto name = command.words[0].text();
  if (command.use == nullptr && !runs_texts(name)) return name;
  for (std::size_t i = 1; i < command.words.size() && i < most_words; ++i) {
    const auto& word = command.words[i];
    const bool option = word.raw.starts_with('-');
    if (!word.value.is_known() || word.text().size() > longest ||
        word.text().find_first_of(" \t\n`()'\"") != std::string::npos || (option && word.text().size() > 2))
      break;
    name += ' ' + word.text();
    if (!option && command.use == nullptr) break;
  }
  return name;
}

// `make` is known, but not what is in files that it reads. What a compiler does its words say.
bool follows_own_files(const Site& site, const Runtime*, const ShellCommand& command) {
  const auto& facts = site.file.facts();
  const auto* row = command.words.empty() || command.use != nullptr ? nullptr : facts.unix_command(command.name());
  return row != nullptr && row->builds && !other_effects(*site.step.script, command);
}

using Condition = bool (*)(const Site& site, const Runtime* runtime, const ShellCommand& command);

std::vector<std::string> names_of(const Site& site, const Runtime* runtime, Condition condition) {
  std::vector<std::string> names;
  std::set<std::string> known;
  const auto add = [&](const ShellCommand& command, const std::string& place) {
    if (!condition(site, runtime, command)) return;
    auto name = shown_name(command);
    name = name.empty() ? "a command that a variable names" : '`' + name + '`';
    if (known.insert(name).second) names.push_back(name + (place.empty() ? "" : " in `" + place + '`'));
  };
  for (const auto& command : site.step.script->commands) {
    const auto script = context_script(site, command);
    if (!script) add(command, {});
    else
      for (const auto& each : script->commands) add(*each.command, each.place);
  }
  return names;
}

std::string list(const std::vector<std::string>& names) {
  const auto shown = names.size() > most_names ? most_names - 1 : names.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  if (shown < names.size()) text += " and " + std::to_string(names.size() - shown) + " others";
  return text;
}

std::optional<std::string> sentence_of(const Site& site, const Runtime* runtime) {
  const auto& step = site.step;
  if (step.instruction->keyword != Keyword::run) return std::nullopt;
  constexpr auto consequence = ": what it installs, keeps and needs was not judged";
  if (!step.script) return "this is no script for a Unix shell" + std::string(consequence);
  if (step.script->opaque) return "this script cannot be followed" + std::string(consequence);
  auto names = names_of(site, runtime, is_unknown);
  const bool known = names.empty();
  if (known) names = names_of(site, runtime, follows_own_files);
  if (names.empty()) return std::nullopt;
  const bool one = names.size() == 1;
  const std::string reason = known ? (one ? " runs what its own files say" : " run what their own files say")
                                   : (one ? " is not known" : " are not known");
  return list(names) + reason +
         (one ? ": whether it has a cache, and which files it needs, was not judged"
              : ": whether they have caches, and which files they need, was not judged");
}

}  // namespace

std::vector<Unjudged> find_unjudged(const Dockerfile& file) {
  std::vector<Unjudged> result;
  const LineIndex lines(file.source());
  const auto add = [&](std::uint32_t position, std::string sentence) {
    result.push_back({lines.line(position), std::move(sentence)});
  };
  for (const auto& stage : file.stages()) {
    const auto* runtime = runtime_of(stage);
    for (const auto& step : stage.steps)
      if (auto sentence = sentence_of({file, stage, step}, runtime))
        add(step.instruction->span.begin, *std::move(sentence));
  }
  std::ranges::stable_sort(result, {}, &Unjudged::line);
  const auto same_line = [](const Unjudged& a, const Unjudged& b) { return a.line == b.line; };
  result.erase(std::unique(result.begin(), result.end(), same_line), result.end());
  return result;
}

}  // namespace dockhew::inline rewrite
