// Fires when a RUN installs dependencies behind a COPY of the whole source, so that every edit of the source installs
// them again. The fix copies the manifests first and moves the COPY of the source behind the installation; of a RUN
// that installs and builds, the building part follows the source.
#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <utility>

#include "analysis/independence.hpp"
#include "analysis/manifests.hpp"
#include "analysis/named_files.hpp"
#include "analysis/source_copy.hpp"
#include "lint/rule.hpp"
#include "model/tool_use.hpp"
#include "model/user.hpp"
#include "rewrite/copy_ahead.hpp"
#include "rewrite/run_edits.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// A RUN that does nothing but install by name, and perhaps clean up behind itself.
bool only_installs_by_name(const Dockerfile& file, const Step& step) {
  bool installs = false;
  for (const auto& command : step.script->commands) {
    const auto use = find_tool_use(file.facts(), command);
    if (use && !installs_by_name(*use)) return false;
    if (!use && !command.words.empty() && !file.facts().is_plain(command.name())) return false;
    installs |= use && use->action->kind == ActionKind::install;
  }
  return installs;
}

// Whether an instruction between the COPY and the RUN may stand before the COPY instead of behind it.
std::string cannot_pass(const Dockerfile& file, const Stage& stage, const Step& between, const Copy& copy,
                        std::string_view copy_text) {
  const auto& instruction = *between.instruction;
  switch (instruction.keyword) {
    case Keyword::env:
    case Keyword::arg:
      return copy_text.find('$') == copy_text.npos
                 ? ""
                 : "the COPY uses variables, and one is set between it and the installation";
    case Keyword::workdir:
      if (!copy.destination_text.starts_with('/')) return "WORKDIR changes between the COPY and the installation";
      return is_root(between.user) ? "" : "a WORKDIR of another user stands between the COPY and the installation";
    case Keyword::copy:
    case Keyword::add: {
      const bool apart = between.copy && between.copy->destination.is_known() &&
                         !path_is_under(between.copy->destination.text, copy.destination.text) &&
                         !path_is_under(copy.destination.text, between.copy->destination.text);
      return apart ? "" : "another COPY into the same place stands between the COPY and the installation";
    }
    case Keyword::run: {
      if (!between.mounts.empty()) {
        for (const auto& mount : between.mounts)
          if (mount.type == Mount::Type::bind)
            return "a RUN with a bind mount stands between the COPY and the installation";
      }
      if (!between.script || between.script->opaque)
        return "a RUN that cannot be looked into stands between the COPY and the installation";
      if (may_hold_settings(file, stage, between, copy.destination.text))
        return "the COPY may bring settings for a RUN between it and the installation";
      return is_independent_of(file, between, copy.destination.text)
                 ? ""
                 : "a RUN that may read the source stands between the COPY and the installation";
    }
    case Keyword::unknown: return "an unknown instruction stands between the COPY and the installation";
    default: return "";
  }
}

enum class Part { install, independent, source };

Part classify(const Dockerfile& file, const ShellCommand& command, std::string_view directory, const ToolUse& wanted) {
  if (command.words.empty()) return Part::source;
  if (const auto use = find_tool_use(file.facts(), command)) {
    if (use->tool == wanted.tool && installs_from_manifest(*use))
      return installs_project(*use) && !options_for_dependencies(*use).empty() ? Part::source : Part::install;
    return installs_by_name(*use) || use->action->kind == ActionKind::clean ? Part::independent : Part::source;
  }
  const auto name = command.name();
  if (name == "set" || name == "echo" || name == "true") return Part::independent;
  if (name != "rm" && name != "mkdir" && name != "mv") return Part::source;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (word.raw.starts_with('-')) continue;
    if (!word.value.is_known() || !word.text().starts_with('/') || path_is_under(clean_path(word.text()), directory))
      return Part::source;
  }
  return Part::independent;
}

struct Split {
  std::size_t head = 0;  // elements that only need the manifests
  std::string repeated;  // what the rest needs again: `cd web && `, `set -eux; `
  std::string declined;
};

// A command whose effect is on the shell itself, so that a second RUN would not inherit it.
bool sets_state(const ShellCommand& command) {
  const auto name = command.name();
  return command.words.empty() || name == "set" || name == "cd" || name == "export" || name == "." || name == "source";
}

Split split_chain(const Dockerfile& file, const Step& step, std::string_view directory, const ToolUse& wanted) {
  Split split;
  const auto& script = *step.script;
  std::vector<Part> parts(script.chain.size(), Part::independent);
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const auto& command = script.commands[i];
    auto part = command.nested || command.conditional ? Part::source : classify(file, command, directory, wanted);
    // The manifests are there for one directory, and make it.
    if (part == Part::install && command.directory != wanted.command->directory) part = Part::source;
    if (command.name() == "cd" && command.element < wanted.command->element && !command.nested &&
        !command.conditional && i + 1 < script.commands.size()) {
      // On the way to the installation: no other directory of the source is there yet.
      const auto& there = script.commands[i + 1].directory;
      if (there.is_known() && path_is_under(wanted.command->directory.text, there.text)) part = Part::independent;
    }
    if (part == Part::source) parts[command.element] = Part::source;
    else if (part == Part::install && parts[command.element] != Part::source) parts[command.element] = Part::install;
  }
  while (split.head < parts.size() && parts[split.head] != Part::source) ++split.head;
  const auto behind = parts.begin() + static_cast<std::ptrdiff_t>(split.head);
  if (std::find(parts.begin(), behind, Part::install) == behind)
    split.declined = "commands that may read the source stand before the installation in the same RUN";
  if (!split.declined.empty() || split.head == parts.size()) return split;

  bool stops = false, state = false;
  for (const auto& command : script.commands) {
    if (command.element >= split.head || !sets_state(command)) continue;
    const auto& element = script.chain[command.element];
    const auto name = command.name();
    const bool again = (name == "cd" || name == "set") && element.simple &&
                       (element.joint == Joint::and_if || element.joint == Joint::semicolon);
    if (again)
      split.repeated += std::string(slice(file.source(), script.to_source(element.span))) +
                        (element.joint == Joint::and_if ? " && " : "; ");
    state |= !again;
    stops |= stops_on_failure(script, element);
  }
  const auto joint = script.chain[split.head - 1].joint;
  if (state) split.declined = "the RUN sets state that its building part needs";
  else if (joint != Joint::and_if && !(stops && joint == Joint::semicolon))
    split.declined = "the installing and the building part of the RUN are not joined by `&&`";
  else if (script.from_heredoc || step.instruction->flag("network") != nullptr ||
           step.instruction->flag("security") != nullptr)
    split.declined = "the RUN cannot be divided";
  return split;
}

// What `use` reads, and every other installation of the same tool in the elements that go before the source.
Manifests manifests_of_all(const Dockerfile& file, const Stage& stage, const Step& run, const ToolUse& use,
                           std::size_t head, const std::string& directory, const std::string& root) {
  auto all = find_manifests(file, stage, run, use, directory, root);
  for (const auto& other : find_tool_uses(file.facts(), *run.script)) {
    if (other.command == use.command || other.command->element >= head) continue;
    if (const auto name = variable_naming_file(file, stage, run, other, directory); !name.empty())
      all.declined = "the variable `" + name + "` names a file that the source brings";
    if (other.tool != use.tool || !installs_from_manifest(other)) continue;
    auto more = find_manifests(file, stage, run, other, directory, root);
    if (all.declined.empty()) all.declined = std::move(more.declined);
    for (auto& path : more.paths)
      if (std::ranges::find(all.paths, path) == all.paths.end()) all.paths.push_back(std::move(path));
    for (auto& assumption : more.assumptions)
      if (std::ranges::find(all.assumptions, assumption.id, &Assumption::id) == all.assumptions.end())
        all.assumptions.push_back(std::move(assumption));
  }
  return all;
}

bool runs_cargo(const Dockerfile& file, const Step& step) {
  return step.script && std::ranges::any_of(find_tool_uses(file.facts(), *step.script),
                                            [](const ToolUse& use) { return use.tool->id == "cargo"; });
}

Fix plan(const Dockerfile& file, const Stage& stage, std::size_t copy_index, std::size_t run_index,
         const ToolUse& use) {
  Fix fix;
  fix.title = !installs_from_manifest(use) ? "install the packages before the source is copied"
                                           : "copy the manifests first and the source behind the installation";
  const auto& copy_step = stage.steps[copy_index];
  const auto& run = stage.steps[run_index];
  const auto& copy = *copy_step.copy;
  const auto copy_text = copy_step.instruction->text.view();
  const auto decline = [&](std::string reason) { return fix.declined = std::move(reason), fix; };

  if (copy_step.instruction->keyword == Keyword::add && copy_step.instruction->flag("checksum") != nullptr)
    return decline("ADD of a download is not moved");
  if (copy_step.instruction->flag("link") != nullptr || copy_step.instruction->flag("parents") != nullptr ||
      copy_step.instruction->flag("exclude") != nullptr)
    return decline("the COPY has flags whose effect on the manifests is not clear");
  for (auto i = copy_index + 1; i < run_index; ++i)
    if (auto reason = cannot_pass(file, stage, stage.steps[i], copy, copy_text); !reason.empty())
      return decline(std::move(reason));
  if (!run.script->is_straight() || run.instruction->json || run.script->chain.empty())
    return decline("the commands of the RUN are not a plain chain");
  if (std::ranges::any_of(run.mounts, [](const Mount& mount) { return mount.type == Mount::Type::bind; }))
    return decline("the RUN reads files through a bind mount");

  // Cargo is told of its toolchain and its settings by files in the working directory, whichever of these RUNs it is
  // in.
  const auto passed = std::span(stage.steps).subspan(copy_index + 1, run_index - copy_index);
  if (std::ranges::any_of(passed, [&](const Step& step) { return runs_cargo(file, step); })) {
    const auto root = context_directory(copy, copy.destination.text);
    if (!root || !file.context().is_known())
      fix.assumptions.push_back(
          {"no-toolchain-file", "the source holds no rust-toolchain file and no .cargo/config.toml"});
    else
      for (const auto* name : {"rust-toolchain", "rust-toolchain.toml", ".cargo/config.toml", ".cargo/config"})
        if (file.context().exists(join_context_path(*root, name)))
          return decline("the source has `" + std::string(name) + "`, which decides how Cargo compiles the tools");
  }

  std::string manifests_text;
  Split split;
  split.head = run.script->chain.size();
  if (!installs_from_manifest(use)) {
    if (may_hold_settings(file, stage, run, copy.destination.text))
      return decline("the COPY may bring settings for this installation");
    if (const auto directory = context_directory(copy, copy.destination.text))
      for (const auto& each : find_tool_uses(file.facts(), *run.script))
        if (const auto name = variable_naming_file(file, stage, run, each, *directory); !name.empty())
          return decline("the variable `" + name + "` names a file that the source brings");
  } else {
    const auto root = context_directory(copy, copy.destination.text);
    const auto directory = context_directory(copy, use.command->directory.text);
    if (!root || !directory)
      return decline("the COPY names several sources, so where the manifests come from is not clear");
    split = split_chain(file, run, copy.destination.text, use);
    const auto manifests = manifests_of_all(file, stage, run, use, split.head, *directory, *root);
    if (!manifests.declined.empty()) return decline(manifests.declined);
    if (std::ranges::any_of(manifests.paths,
                            [&](const std::string& path) { return *root != "." && !path_is_under(path, *root); }))
      return decline("a manifest lies outside of the copied directory");
    if (!split.declined.empty()) return decline(split.declined);
    const auto copies = copy_ahead(file, copy_step, *root, manifests.paths);
    if (!copies) return decline("a manifest has a name that COPY cannot take as a plain word");
    manifests_text = *copies;
    std::ranges::copy(manifests.assumptions, std::back_inserter(fix.assumptions));
  }

  const auto& document = file.document();
  const auto newline = std::string(document.newline());
  const auto copy_lines = instruction_lines(document, *copy_step.instruction);
  std::string moved(slice(file.source(), copy_lines));
  if (!moved.ends_with('\n')) moved += newline;
  const auto run_lines = own_lines(document, *run.instruction);
  const bool run_ends_file = !slice(file.source(), run_lines).ends_with('\n');
  // The manifests take the place of the COPY, or stand behind what they need not be there for.
  const auto between = std::span(stage.steps).subspan(copy_index + 1, run_index - copy_index - 1);
  const bool late =
      std::ranges::any_of(between, [](const Step& step) { return step.instruction->keyword == Keyword::run; });
  if (late && !manifests_text.empty()) {
    const auto at = instruction_lines(document, *run.instruction).begin;
    fix.edits.push_back({{at, at}, std::exchange(manifests_text, "")});
  }
  // Without manifests in its place, the COPY would leave two blank lines behind.
  auto vacated = copy_lines;
  const bool blank_before =
      copy_lines.begin > 1 && file.source().substr(0, copy_lines.begin).ends_with(newline + newline);
  if (manifests_text.empty() && blank_before && file.source().substr(copy_lines.end).starts_with(newline))
    vacated.end += static_cast<std::uint32_t>(newline.size());
  fix.edits.push_back({vacated, manifests_text});
  fix.moves.push_back(copy_lines);
  if (split.head == run.script->chain.size()) {
    fix.edits.push_back({{run_lines.end, run_lines.end},
                         run_ends_file ? newline + moved.substr(0, moved.size() - newline.size()) : moved});
  } else {
    // The rest of the chain becomes a RUN of its own, with the same mounts.
    std::string flags;
    for (const auto& flag : run.instruction->flags)
      flags += std::string(slice(file.source(), flag.span)) + continued_line(document);
    const auto& chain = run.script->chain;
    // A backslash may follow the first part directly, so its end is that of its own text.
    const Span cut{run.script->to_source(chain[split.head - 1].span).end,
                   run.script->to_source(chain[split.head].span).begin};
    const auto keyword = std::string(slice(file.source(), run.instruction->keyword_span));
    fix.edits.push_back({cut, newline + moved + keyword + ' ' + flags + split.repeated});
  }
  fix.applicability = fix.assumptions.empty() ? Applicability::safe : Applicability::conditional;
  return fix;
}

// `COPY build-requirements.txt /`: not a usual name, but the one that the command asks for.
bool brings_only_its_manifests(const Copy& copy, const ToolUse& use) {
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) {
    return source.known && std::ranges::any_of(use.manifests, [&](std::size_t i) {
             const auto& word = use.command->words[i];
             return word.value.is_known() && path_basename(word.text()) == path_basename(clean_path(source.text));
           });
  });
}

// The project itself is installed too, so this stays where it is; that its dependencies could come before is what
// no-dependency-layer says.
bool waits_for_project(const ToolUse& use) { return installs_project(use) && !options_for_dependencies(use).empty(); }

// A RUN that installs what it could install before the source.
struct LateInstall {
  std::size_t run = 0, copy = 0;  // indices of steps
  ToolUse use;
};

std::optional<LateInstall> find_late_install(const Dockerfile& file, const Stage& stage, std::size_t index) {
  const auto& step = stage.steps[index];
  if (!step.script || step.script->opaque) return std::nullopt;
  for (auto& use : find_tool_uses(file.facts(), *step.script)) {
    std::optional<std::size_t> copy;
    if (use.action->kind == ActionKind::install && installs_by_name(use) &&
        (use.tool->system_packages || only_installs_by_name(file, step))) {
      for (auto i = index; i-- > 0 && !copy;) {
        const auto& earlier = stage.steps[i];
        if (!earlier.copy || !earlier.copy->from_context() || !earlier.copy->destination.is_known() ||
            earlier.copy->sources.size() != 1)
          continue;
        const bool whole = clean_path("/" + earlier.copy->sources[0].text) == "/";
        if (whole && is_independent_of(file, step, earlier.copy->destination.text)) copy = i;
      }
    } else if (installs_from_manifest(use) && use.command->directory.is_known() && !waits_for_project(use)) {
      copy = find_source_copy(file, stage, index, use.command->directory.text);
      if (copy && brings_only_its_manifests(*stage.steps[*copy].copy, use)) copy.reset();
    }
    if (copy) return LateInstall{index, *copy, std::move(use)};
  }
  return std::nullopt;
}

void check_stage(const Dockerfile& file, const Stage& stage, Report& report) {
  std::vector<LateInstall> late;
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (auto install = find_late_install(file, stage, i)) late.push_back(std::move(*install));
  // What moves the COPY behind the last of several installations by name moves it behind all of them.
  std::map<std::size_t, Fix> by_name;
  for (auto i = late.size(); i-- > 0;) {
    if (installs_from_manifest(late[i].use)) continue;
    auto& fix = by_name[late[i].copy];
    if (fix.edits.empty()) fix = plan(file, stage, late[i].copy, late[i].run, late[i].use);
  }
  for (const auto& [run, copy, use] : late) {
    const auto& script = *stage.steps[run].script;
    const Span words{use.command->words[0].span.begin, use.command->words[use.first - 1].span.end};
    auto& finding = report.add(stage.steps[copy].instruction->head_span(),
                               "every change of the source runs `" + std::string(script.text.view(words)) +
                                   "` again, because the source is copied before it");
    finding.fixes.push_back(installs_from_manifest(use) ? plan(file, stage, copy, run, use) : by_name[copy]);
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) check_stage(file, stage, report);
}

}  // namespace

extern constinit const Rule source_copied_before_dependencies = {
    .id = "source-copied-before-dependencies",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "dependencies are installed after the source is copied",
    .rationale = R"(A layer is rebuilt when anything before it changes. Behind `COPY . .` that is every edit of every
file, so the dependencies are installed again although their manifests did not change. Copy the
manifests, install, and copy the source afterwards.

The order may only change when the installation reads nothing but the manifests. With the build
context at hand dockhew reads them: install lifecycle scripts, workspaces, local paths, or a
`node_modules` directory in the context forbid it. Without the context these stay assumptions, and
are printed with the fix.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
