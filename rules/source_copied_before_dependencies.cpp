// Fires when a RUN installs dependencies behind a COPY of the whole source, so that every edit of the source installs
// them again. The fix copies the manifests first and moves the COPY of the source behind the installation; of a RUN
// that installs and builds, the building part follows the source.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/manifests.hpp"
#include "ecosystems/named_files.hpp"
#include "ecosystems/named_installation.hpp"
#include "ecosystems/settings_directory.hpp"
#include "edits/copy_ahead.hpp"
#include "edits/run_edits.hpp"
#include "effects/commutes.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "layers/installation_split.hpp"
#include "lint/rule.hpp"
#include "model/context_path.hpp"
#include "model/tool_use.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// A RUN that does nothing but install by name, and perhaps clean up behind itself.
bool only_installs_by_name(const Dockerfile& file, const Step& step) {
  bool installs = false;
  for (const auto& command : step.script->commands) {
    const auto* use = command.use;
    if (use && !installs_by_name(*use)) return false;
    if (!use && !command.words.empty() && !file.facts().is_plain(command.name())) return false;
    installs |= use && use->action->kind == ActionKind::install;
  }
  return installs;
}

// Whether the absolute path of the destination can be written instead of the relative one.
bool has_plain_place(const Copy& copy) {
  return copy.destination.is_known() && copy.destination.text.find_first_of(" \t\"'$\\`[") == std::string::npos;
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
      if (!copy.destination_text.starts_with('/') && !has_plain_place(copy))
        return "WORKDIR changes between the COPY and the installation";
      return is_root(between.user) ? "" : "a WORKDIR of another user stands between the COPY and the installation";
    case Keyword::copy:
    case Keyword::add: {
      const bool apart = between.copy && commutes(copy_effects(*between.copy), copy_effects(copy));
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
      if (may_hold_settings({file, stage, between}, copy.destination.text))
        return "the COPY may bring settings for a RUN between it and the installation";
      return commutes(project_effects({file, stage, between}), copy_effects(copy))
                 ? ""
                 : "a RUN that may read the source stands between the COPY and the installation";
    }
    case Keyword::unknown: return "an unknown instruction stands between the COPY and the installation";
    default: return "";
  }
}

// What `use` reads, and every other installation of the same tool in the elements that go before the source.
Manifests manifests_of_all(const Dockerfile& file, const Stage& stage, const Step& run, const ToolUse& use,
                           std::size_t head, const std::string& directory, const std::string& root) {
  auto all = find_manifests({file, stage, run}, use, directory, root);
  for (const auto& other : run.script->uses) {
    if (other.command == use.command || other.command->element >= head) continue;
    if (const auto name = variable_naming_file({file, stage, run}, other, directory); !name.empty())
      all.declined = "the variable `" + name + "` names a file that the source brings";
    if (other.tool != use.tool || !installs_from_manifest(other)) continue;
    auto more = find_manifests({file, stage, run}, other, directory, root);
    if (all.declined.empty()) all.declined = std::move(more.declined);
    for (auto& path : more.paths)
      if (std::ranges::find(all.paths, path) == all.paths.end()) all.paths.push_back(std::move(path));
    for (auto& assumption : more.assumptions)
      if (std::ranges::find(all.assumptions, assumption.id, &Assumption::id) == all.assumptions.end())
        all.assumptions.push_back(std::move(assumption));
  }
  return all;
}

bool runs_cargo(const Step& step) {
  return step.script &&
         std::ranges::any_of(step.script->uses, [](const ToolUse& use) { return use.tool->id == "cargo"; });
}

// A RUN that installs what it could install before the source.
struct LateInstall {
  std::size_t run = 0;              // index of a step
  std::vector<SourcePart> sources;  // the COPY of the whole source, or those of its parts, ascending
  std::string directory;            // of the project, in the context, where the source comes in parts
  ToolUse use;

  bool in_parts() const { return !directory.empty(); }
};

// Where a COPY copies to, as it is written behind the RUN: other than before when a WORKDIR stands between.
std::string moved_destination(const Stage& stage, const LateInstall& late, std::size_t index) {
  const auto& copy = *stage.steps[index].copy;
  const auto between = std::span(stage.steps).subspan(index + 1, late.run - index - 1);
  const bool elsewhere = !copy.destination_text.starts_with('/') && std::ranges::any_of(between, [](const Step& step) {
    return step.instruction->keyword == Keyword::workdir;
  });
  if (!elsewhere) return copy.destination_text;
  const bool whole = copy.destination_text == "." && copy.sources.size() == 1 && copy.sources[0].text == ".";
  return copy.destination.text + (copy.directory && !whole && copy.destination.text != "/" ? "/" : "");
}

// Why the COPY cannot move behind the RUN.
std::string obstacle_to_move(const Dockerfile& file, const Stage& stage, const LateInstall& late, std::size_t index) {
  const auto& instruction = *stage.steps[index].instruction;
  const auto& copy = *stage.steps[index].copy;
  if (instruction.keyword == Keyword::add && instruction.flag("checksum") != nullptr)
    return "ADD of a download is not moved";
  if (instruction.flag("link") != nullptr || instruction.flag("parents") != nullptr ||
      instruction.flag("exclude") != nullptr)
    return "the COPY has flags whose effect on the manifests is not clear";
  for (auto i = index + 1; i < late.run; ++i) {
    const auto& between = stage.steps[i];
    // What comes in parts lies as in the context, so their order means nothing.
    const bool part = late.in_parts() && between.copy && between.copy->from_context() &&
                      path_is_under(between.copy->destination.text, late.use.command->directory.text);
    if (part) continue;
    if (auto reason = cannot_pass(file, stage, between, copy, instruction.text.view()); !reason.empty()) return reason;
  }
  return {};
}

// Where the project lies in the context, if that can be said.
std::optional<std::string> project_directory(const Stage& stage, const LateInstall& late) {
  if (late.in_parts()) return late.directory;
  return context_directory(*stage.steps[late.sources[0].step].copy, late.use.command->directory.text);
}

// The manifests that must stay before the RUN, in the place of each COPY that moves; or why they cannot.
struct Kept {
  std::vector<std::string> lines;  // for each of the sources
  std::set<std::string> paths;
  std::vector<Assumption> assumptions;
  std::string declined;
};

// Whether a COPY that does not move brings the context path before the RUN.
bool stays_there(const Dockerfile& file, const Stage& stage, const LateInstall& late, const std::string& path) {
  for (std::size_t i = 0; i < late.run; ++i) {
    const bool moves = std::ranges::find(late.sources, i, &SourcePart::step) != late.sources.end();
    if (!moves && brings_into(file, stage.steps[i], late.use.command->directory.text, path)) return true;
  }
  return false;
}

Kept kept_manifests(const Dockerfile& file, const Stage& stage, const LateInstall& late, std::size_t head) {
  const auto& run = stage.steps[late.run];
  const auto decline = [](std::string reason) { return Kept{{}, {}, {}, std::move(reason)}; };
  auto root = std::optional(late.directory);
  const auto directory = project_directory(stage, late);
  if (!late.in_parts()) {
    const auto& copy = *stage.steps[late.sources[0].step].copy;
    root = context_directory(copy, copy.destination.text);
  } else if (!file.context().is_known()) {
    return decline("whether the installation needs this part of the source is not known without the build context");
  }
  if (!root || !directory)
    return decline("the COPY names several sources, so where the manifests come from is not clear");
  auto manifests = manifests_of_all(file, stage, run, late.use, head, *directory, *root);
  if (!manifests.declined.empty()) return decline(std::move(manifests.declined));
  Kept kept;
  for (const auto& source : late.sources) {
    const auto& step = stage.steps[source.step];
    std::vector<std::string> paths;
    for (const auto& path : manifests.paths) {
      if (!late.in_parts() && *root != "." && !path_is_under(path, *root))
        return decline("a manifest lies outside of the copied directory");
      const bool brought =
          !late.in_parts() || (copy_brings(file, *step.copy, path) && !stays_there(file, stage, late, path));
      if (brought && kept.paths.insert(path).second) paths.push_back(path);
    }
    auto lines = copy_files(file, step, moved_destination(stage, late, source.step),
                            late.in_parts() ? source.root : *root, paths);
    if (!lines) return decline("a manifest has a name that COPY cannot take as a plain word");
    kept.lines.push_back(std::move(*lines));
  }
  kept.assumptions = std::move(manifests.assumptions);
  return kept;
}

std::string common_directory(std::string_view one, std::string_view other) {
  while (!path_is_under(other, one)) one = path_parent(one);
  return std::string(one);
}

// Whether a WORKDIR that the COPY comes behind would make directories of its, and for another owner than the COPY.
bool loses_owner(const Stage& stage, const LateInstall& late, std::size_t index) {
  const auto& step = stage.steps[index];
  if (step.instruction->flag("chown") == nullptr && step.instruction->flag("chmod") == nullptr) return false;
  for (auto i = index + 1; i < late.run; ++i) {
    const auto& next = stage.steps[i + 1].workdir;
    if (stage.steps[i].instruction->keyword != Keyword::workdir) continue;
    if (!next.is_known()) return true;
    const auto made = common_directory(next.text, step.copy->destination.text);
    const bool was_there = step.workdir.is_known() && path_is_under(step.workdir.text, made);
    if (made != "/" && !was_there) return true;
  }
  return false;
}

Fix plan(const Dockerfile& file, const Stage& stage, const LateInstall& late) {
  const auto& use = late.use;
  Fix fix;
  fix.title = !installs_from_manifest(use) ? "install the packages before the source is copied"
                                           : "copy the manifests first and the source behind the installation";
  const auto copy_index = late.sources.front().step, run_index = late.run;
  const auto& run = stage.steps[run_index];
  const auto& copy = *stage.steps[copy_index].copy;
  const auto decline = [&](std::string reason) { return fix.declined = std::move(reason), fix; };

  for (const auto& source : late.sources)
    if (auto reason = obstacle_to_move(file, stage, late, source.step); !reason.empty())
      return decline(std::move(reason));
  if (!run.script->is_straight() || run.instruction->json || run.script->chain.empty())
    return decline("the commands of the RUN are not a plain chain");
  if (std::ranges::any_of(run.mounts, [](const Mount& mount) { return mount.type == Mount::Type::bind; }))
    return decline("the RUN reads files through a bind mount");

  // Cargo is told of its toolchain and its settings by files in the working directory, whichever of these RUNs it is
  // in.
  const auto passed = std::span(stage.steps).subspan(copy_index + 1, run_index - copy_index);
  if (std::ranges::any_of(passed, [&](const Step& step) { return runs_cargo(step); })) {
    const auto root = late.in_parts() ? std::optional(late.directory) : context_directory(copy, copy.destination.text);
    if (!root || !file.context().is_known())
      fix.assumptions.push_back(
          {"no-toolchain-file", "the source holds no rust-toolchain file and no .cargo/config.toml"});
    else
      for (const auto* name : {"rust-toolchain", "rust-toolchain.toml", ".cargo/config.toml", ".cargo/config"})
        if (file.context().exists(join_context_path(*root, name)))
          return decline("the source has `" + std::string(name) + "`, which decides how Cargo compiles the tools");
  }

  std::vector<std::string> kept(late.sources.size());
  InstallationSplit split;
  split.head = run.script->chain.size();
  if (!installs_from_manifest(use)) {
    for (const auto& source : late.sources) {
      const auto& brought = *stage.steps[source.step].copy;
      if (may_hold_settings({file, stage, run}, brought.destination.text))
        return decline("the COPY may bring settings for this installation");
      const auto directory =
          late.in_parts() ? std::optional(late.directory) : context_directory(brought, brought.destination.text);
      if (!directory) continue;
      for (const auto& each : run.script->uses)
        if (const auto name = variable_naming_file({file, stage, run}, each, *directory); !name.empty())
          return decline("the variable `" + name + "` names a file that the source brings");
    }
  } else {
    const auto& project = late.in_parts() ? use.command->directory.text : copy.destination.text;
    split = split_installation({file, stage, run}, project, project_directory(stage, late), use);
    auto manifests = kept_manifests(file, stage, late, split.head);
    if (!manifests.declined.empty()) return decline(std::move(manifests.declined));
    if (!split.declined.empty()) return decline(split.declined);
    kept = std::move(manifests.lines);
    std::ranges::move(manifests.assumptions, std::back_inserter(fix.assumptions));
  }

  const auto& document = file.document();
  const auto newline = std::string(document.newline());
  // The manifests take the place of the COPY, or stand behind what they need not be there for.
  const auto between = std::span(stage.steps).subspan(copy_index + 1, run_index - copy_index - 1);
  const bool behind =
      std::ranges::any_of(between, [](const Step& step) { return step.instruction->keyword == Keyword::run; });
  std::string moved;
  Span gap{};  // what is vacated without a break
  for (std::size_t i = 0; i < late.sources.size(); ++i) {
    if ((behind || kept[i].empty()) && loses_owner(stage, late, late.sources[i].step))
      return fix.edits.clear(), fix.moves.clear(),
             decline("a WORKDIR between the COPY and the installation would make its directory for another owner");
    const auto copy_lines = instruction_lines(document, *stage.steps[late.sources[i].step].instruction);
    gap = {i > 0 && kept[i - 1].empty() && gap.end == copy_lines.begin ? gap.begin : copy_lines.begin, copy_lines.end};
    const auto& destination = stage.steps[late.sources[i].step].copy->destination_span;
    moved += slice(file.source(), {copy_lines.begin, destination.begin});
    moved += moved_destination(stage, late, late.sources[i].step);
    moved += slice(file.source(), {destination.end, copy_lines.end});
    if (!moved.ends_with('\n')) moved += newline;
    if (behind && !kept[i].empty()) {
      const auto at = instruction_lines(document, *run.instruction).begin;
      fix.edits.push_back({{at, at}, std::exchange(kept[i], "")});
    }
    fix.edits.push_back({kept[i].empty() ? lines_to_vacate(document, gap, copy_lines) : copy_lines, kept[i]});
    fix.moves.push_back(copy_lines);
  }
  if (split.head == run.script->chain.size()) {
    fix.edits.push_back(insert_lines_behind(document, *run.instruction, std::move(moved)));
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

// `COPY requirements/base.txt /`: not a usual name, but one that the command asks for, or a file that it asks for.
bool brings_only(const Dockerfile& file, const Copy& copy, const std::vector<std::string>& manifests) {
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) {
    const auto path = clean_path("/" + source.text).substr(1);
    const auto paths = file.context().is_known() ? file.context().expand(path) : std::vector<std::string>{path};
    return source.known && std::ranges::all_of(paths, [&](const std::string& each) {
             return std::ranges::any_of(manifests, [&](const std::string& manifest) {
               return each == manifest || path_basename(each) == manifest;
             });
           });
  });
}

// The project itself is installed too, so this stays where it is; that its dependencies could come before is what
// no-dependency-layer says.
bool waits_for_project(const ToolUse& use) { return installs_project(use) && !options_for_dependencies(use).empty(); }

void take_parts(LateInstall& late, std::optional<SourceParts> parts) {
  if (!parts) return;
  late.sources = std::move(parts->parts);
  late.directory = std::move(parts->directory);
}

// The source before packages that are installed by name, where it comes as a whole or in parts.
void find_source_of_named(const Dockerfile& file, const Stage& stage, LateInstall& late) {
  const auto& step = stage.steps[late.run];
  const auto independent = [&](std::size_t index) {
    return commutes(project_effects({file, stage, step}), copy_effects(*stage.steps[index].copy));
  };
  for (auto i = late.run; i-- > 0;) {
    const auto& copy = stage.steps[i].copy;
    if (!copy || !copy->from_context() || !copy->destination.is_known() || copy->sources.size() != 1) continue;
    if (clean_path("/" + copy->sources[0].text) == "/" && independent(i)) return void(late.sources.push_back({i, "."}));
  }
  if (!step.workdir.is_known() || late.use.command->directory != step.workdir) return;
  auto parts = find_source_parts(file, stage, late.run, step.workdir.text);
  if (parts && std::ranges::all_of(parts->parts, independent, &SourcePart::step)) take_parts(late, std::move(parts));
}

// The source before dependencies that are declared in files.
void find_source_of_declared(const Dockerfile& file, const Stage& stage, LateInstall& late) {
  const auto& step = stage.steps[late.run];
  const auto& use = late.use;
  take_parts(late, find_source_parts(file, stage, late.run, use.command->directory.text));
  if (const auto copy = find_source_copy(file, stage, late.run, use.command->directory.text); copy && !late.in_parts())
    late.sources.push_back({*copy, ""});
  std::vector<std::string> manifests;
  for (const auto i : use.manifests) manifests.emplace_back(path_basename(use.command->words[i].text()));
  if (late.in_parts())
    manifests =
        manifests_of_all(file, stage, step, use, step.script->chain.size(), late.directory, late.directory).paths;
  std::erase_if(late.sources,
                [&](const SourcePart& source) { return brings_only(file, *stage.steps[source.step].copy, manifests); });
}

std::optional<LateInstall> find_late_install(const Dockerfile& file, const Stage& stage, std::size_t index) {
  const auto& step = stage.steps[index];
  if (!step.script || step.script->opaque) return std::nullopt;
  for (auto& use : step.script->uses) {
    LateInstall late{index, {}, {}, std::move(use)};
    const auto& each = late.use;
    if (each.action->kind == ActionKind::install && installs_by_name(each) &&
        (each.tool->system_packages || only_installs_by_name(file, step)))
      find_source_of_named(file, stage, late);
    else if (installs_from_manifest(each) && each.command->directory.is_known() && !waits_for_project(each))
      find_source_of_declared(file, stage, late);
    if (!late.sources.empty()) return late;
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
    auto& fix = by_name[late[i].sources.front().step];
    if (fix.edits.empty()) fix = plan(file, stage, late[i]);
  }
  for (const auto& each : late) {
    const auto& use = each.use;
    const auto copy = each.sources.front().step;
    const auto& script = *stage.steps[each.run].script;
    const Span words{use.command->words[0].span.begin, use.command->words[use.first - 1].span.end};
    auto& finding = report.add(stage.steps[copy].instruction->head_span(),
                               "every change of the source runs `" + std::string(script.text.view(words)) +
                                   "` again, because the source is copied before it");
    finding.fixes.push_back(installs_from_manifest(use) ? plan(file, stage, each) : by_name[copy]);
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
file, so the dependencies are installed again although their manifests did not change. Behind `COPY src
./src` it is every edit in there. Copy the manifests, install, and copy the source afterwards.

The order may only change when the installation reads nothing but the manifests. With the build
context at hand dockhew reads them: install lifecycle scripts, local paths, or a `node_modules`
directory in the context forbid it. Without the context these stay assumptions, and
are printed with the fix.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
