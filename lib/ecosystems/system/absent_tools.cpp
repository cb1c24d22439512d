#include "ecosystems/system/absent_tools.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "ecosystems/tag_versions.hpp"
#include "facts/facts.hpp"
#include "model/base_files.hpp"
#include "model/failure.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool contains(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

// Whether the images that a tag stands for lack it. Of tags without a version these are the newest.
bool is_of_version(const Stage& base, const AbsentTool& tool) {
  const auto& tag = base.reference.tag;
  if (tag.find("onbuild") != tag.npos) return false;
  if (tool.since.empty()) return true;
  const auto& version = base.image->version;
  if (!version.empty()) return version_at_least(version, tool.since);
  return names_newest(base.reference);
}

// The row of a program that the image of the stage lacks; null where the image may have it.
const AbsentTool* tool_not_in_base(const Dockerfile& file, const Stage& stage, std::string_view program) {
  const auto& tools = file.facts().absent_tools;
  const auto is_named = [&](const AbsentTool& tool) { return contains(tool.programs, program); };
  if (program.empty() || std::ranges::none_of(tools, is_named)) return nullptr;
  const auto& base = *chain_of(file, stage).back();
  if (!base.image || base.image->entry == nullptr || base.image->windows || base.base_from_argument) return nullptr;
  const auto& image = *base.image;
  if (const auto* files = base_files(base); files != nullptr && files->programs.contains(program)) return nullptr;
  const auto found = std::ranges::find_if(tools, [&](const AbsentTool& tool) {
    return contains(tool.programs, program) && contains(tool.images, image.entry->names[0]) &&
           (tool.distribution.empty() || tool.distribution == image.distribution) && is_of_version(base, tool);
  });
  return found == tools.end() ? nullptr : &*found;
}

// `COPY pom.xml /` brings a file, and `COPY rootfs /` may bring any program.
bool may_bring_by_copy(const Site& site, std::string_view program) {
  const auto& copy = *site.step.copy;
  if (!copy.destination.is_known()) return true;
  const bool unpacks = site.step.instruction->keyword == Keyword::add;
  const bool searched = may_be_searched(copy.destination.text);
  return std::ranges::any_of(copy.sources, [&](const CopySource& source) {
    const std::string name(path_basename(source.text));
    if (!source.known || name == program) return true;
    if (unpacks &&
        (name.find(".t") != name.npos || name.find('z') != name.npos || source.text.find(':') != source.text.npos))
      return true;
    const bool plain_file = name.find('.') != name.npos && name.find_first_not_of('.') != name.npos;
    return searched && !(plain_file && copy.destination.text == "/");
  });
}

bool names_it(std::string_view text, const AbsentTool& tool) {
  const auto is_named = [&](std::string_view word) { return find_name(text, word, "") != text.npos; };
  return std::ranges::any_of(tool.programs, is_named) || std::ranges::any_of(tool.brought_with, is_named);
}

// An installation of packages of the language may bring programs of those that they need.
bool may_bring_by_use(const Facts& facts, const ToolUse& use, const AbsentTool& tool) {
  switch (use.action->kind) {
    case ActionKind::refresh:
    case ActionKind::fetch:
    case ActionKind::clean:
    case ActionKind::remove:
    case ActionKind::other: return false;
    case ActionKind::build: return true;
    case ActionKind::install: break;
  }
  const auto& packages = use.tool->packages;
  if (use.operands.empty()) return !packages.of_system;
  return !std::ranges::all_of(use.operands, [&](std::size_t i) {
    const auto& word = use.command->words[i];
    const std::string_view text = word.text();
    const auto name = text.substr(0, text.find_first_of("=/:<>~!["));
    if (!word.value.is_known() || text.find_first_of("*/.$") == 0) return false;
    if (!packages.of_system) return contains(packages.pin.own, name);
    return !tool.comes_with_others || (use.tool->id == "apt" && contains(facts.plain_packages, name));
  });
}

bool may_bring(const Site& site, const ShellCommand& command, const AbsentTool& tool) {
  if (command.words.empty()) return false;
  if (may_bring_anything(site.file.facts(), command)) return true;
  if (command.use != nullptr) return may_bring_by_use(site.file.facts(), *command.use, tool);
  if (contains(tool.bystanders, command.name())) return false;
  const auto effects = command_effects(site, command);
  if (effects.writes.may_be_anywhere()) return true;
  return std::ranges::any_of(
             effects.writes.paths,
             [](const AffectedPath& written) { return may_be_searched(without_wildcards(written.path)); }) &&
         !effects.makes_directories;
}

bool may_bring(const Site& site, std::string_view program, const AbsentTool& tool) {
  const auto& step = site.step;
  // Where else programs are looked for.
  if (find_name(step.instruction->text.view(), "PATH", "_") != std::string_view::npos) return true;
  if (step.copy) return may_bring_by_copy(site, program);
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque || has_bind_mount(step)) return true;
  if (names_it(step.script->text.view(), tool)) return true;
  return std::ranges::any_of(step.script->commands,
                             [&](const ShellCommand& command) { return may_bring(site, command, tool); });
}

}  // namespace

std::string_view advice_for_absent(const Dockerfile& file, const Stage& stage, std::string_view program) {
  const auto* tool = tool_not_in_base(file, stage, program);
  if (tool == nullptr) return {};
  const auto brings = [&](const Site& site) { return may_bring(site, program, *tool); };
  return file.answers({"may bring the tool ", program, ": ", tool->advice}, brings).any_in_chain(stage)
             ? std::string_view()
             : tool->advice;
}

std::string_view advice_for_absent(const Site& site, const ShellCommand& command) {
  const auto& step = site.step;
  if (command.words.empty() || !step.script || step.script->opaque || step.in_child) return {};
  const auto& program = command.words[0].text();
  const auto* tool = tool_not_in_base(site.file, site.stage, program);
  if (tool == nullptr) return {};
  if (has_bind_mount(step) || !ends_script(*step.script, command)) return {};
  const auto brings = [&](const Site& earlier) { return may_bring(earlier, program, *tool); };
  if (site.any_earlier({"may bring the tool ", program, ": ", tool->advice}, brings)) return {};
  const auto& script = *step.script;
  if (is_prepared_for(script, command)) return {};
  if (find_name(script.text.view(), "PATH", "_") != std::string_view::npos) return {};
  for (const auto& other : script.commands) {
    if (&other == &command) break;
    if (names_it(script.text.view(other.span), *tool) || may_bring(site, other, *tool)) return {};
  }
  return tool->advice;
}

std::string_view line_for_absent(const Site& site, const ShellCommand& command) {
  const auto* tool = tool_not_in_base(site.file, site.stage, command.words[0].text());
  if (tool == nullptr || !tool->one_version || names_manager_version(site, command)) return {};
  auto line = tool->advice;
  while (line.starts_with('`')) line.remove_prefix(1);
  while (line.ends_with('`')) line.remove_suffix(1);
  return line;
}

}  // namespace dockhew::inline ecosystems
