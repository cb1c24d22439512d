// Fires where a RUN removes what a COPY has brought: `COPY --from=builder /wheels /wheels`, then `pip install /wheels/*
// && rm -rf /wheels`. The layer of the COPY keeps it. The RUN can mount the files instead, so that no layer holds them.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caches/mount_plan.hpp"
#include "ecosystems/command_effects.hpp"
#include "edits/run_edits.hpp"
#include "effects/commutes.hpp"
#include "effects/unix_effects.hpp"
#include "lint/rule.hpp"
#include "model/context_path.hpp"
#include "model/failure.hpp"
#include "model/image_directories.hpp"
#include "model/site.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

// One source, and where it lies in the image.
struct Copied {
  std::string source;  // as a mount names it
  std::string place;
  bool sure = true;  // that it is a directory, or a file, as is taken here
};

bool has_ending(std::string_view path) { return path_basename(path).find('.', 1) != std::string_view::npos; }

// Whether a path of the context weighs little: what can be read has at most 1 MiB.
bool is_small(const BuildContext& context, const std::string& path) {
  constexpr std::size_t most = 1 << 20, most_files = 100;
  std::vector<std::string> paths = {path};
  std::size_t size = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (i > most_files) return false;
    const auto each = paths[i];
    if (context.kind(each) == PathKind::directory) {
      for (const auto& name : context.entries(each)) paths.push_back(join_context_path(each, name));
    } else if (context.kind(each) == PathKind::file) {
      const auto text = context.read(each);
      if (!text || (size += text->size()) > most) return false;
    }
  }
  return true;
}

// Nothing where the place is not known.
std::optional<Copied> copied_by(const Dockerfile& file, const Copy& copy) {
  if (copy.sources.size() != 1 || !copy.destination.is_known()) return std::nullopt;
  const auto& source = copy.sources[0];
  if (!source.known || source.heredoc || source.text.find_first_of("*?[\\\"',= ") != std::string::npos)
    return std::nullopt;
  const auto path = clean_path("/" + source.text);
  Copied copied{path, copy.destination.text};
  bool is_file = has_ending(path);
  if (copy.from_context()) {
    copied.source = path == "/" ? "." : path.substr(1);
    const auto kind = file.context().kind(copied.source);
    if (kind != PathKind::file && kind != PathKind::directory) return std::nullopt;
    is_file = kind == PathKind::file;
  } else {
    copied.sure = is_file;
  }
  if (is_file && copy.directory) copied.place = resolve_path(copied.place, path_basename(path));
  const bool plain = copied.place.find_first_of(",=\"' ") == std::string::npos && copied.place != "/";
  return plain ? std::optional(std::move(copied)) : std::nullopt;
}

// A command of a RUN that removes one place and nothing else.
struct Remover {
  const Step* step;
  const ShellCommand* command;
};

// Those of a stage by the place, each in the order of the steps.
using Removers = std::map<std::string, std::vector<Remover>>;

Removers removers_of(const Dockerfile& file, const Stage& stage) {
  Removers removers;
  for (const auto& step : stage.steps) {
    if (!step.script || step.script->opaque) continue;
    for (const auto& command : step.script->commands) {
      if (command.use != nullptr || command.nested || may_be_skipped(*step.script, command) || command.piped ||
          !has_operands(file.facts(), command, {Operands::removed}))
        continue;
      const auto removed = unix_effects(file.facts(), command).removes;
      if (!removed.anything && removed.paths.size() == 1) removers[removed.paths[0].path].push_back({&step, &command});
    }
  }
  return removers;
}

// Why the files have to be in the image: something besides the RUN that removes them may use them.
Obstacle used_between(const Site& site, const Step& run, const std::string& place) {
  for (const auto& step : site.stage.steps) {
    if (step.index <= site.step.index || step.index >= run.index) continue;
    const auto keyword = step.instruction->keyword;
    if (keyword == Keyword::run && !commutes(project_effects(site.at(step)), writes_below(place)))
      return Declined{"a RUN between the COPY and the removal may use the files"};
    const bool copies = keyword == Keyword::copy || keyword == Keyword::add;
    if (copies && (!step.copy || !commutes(copy_effects(site.at(step), *step.copy), writes_below(place))))
      return Declined{"another COPY between them may put something in the same place"};
  }
  return std::nullopt;
}

// Whether the directory is there without the COPY: later steps may count on what a COPY makes on its way.
bool is_there(const Step& run, std::string_view directory) {
  return is_in_every_image(directory) || (run.workdir.is_known() && path_is_under(run.workdir.text, directory));
}

// A link into a mount leads nowhere afterwards, or cannot be made, and a mount cannot be moved.
bool links_or_moves(const Facts& facts, const ShellCommand& command) {
  if (has_operands(facts, command, {Operands::linked, Operands::moved})) return true;
  return has_operands(facts, command, {Operands::copied}) &&
         std::ranges::any_of(command.words, [](const ShellWord& word) {
           const bool letters = word.raw.starts_with('-') && !word.raw.starts_with("--");
           return word.raw == "--link" || (letters && word.raw.find('l') != word.raw.npos);
         });
}

// Whether one of the paths is the place itself or above it. A mount can be neither removed nor made.
bool touch_place(const AffectedPaths& affected, const std::string& place) {
  return std::ranges::any_of(
      affected.paths, [&](const AffectedPath& each) { return path_is_under(place, without_wildcards(each.path)); });
}

// What another command of the RUN does that a mount does not let it do. What is built in the context itself would be
// written to the user's own files by some builders, so nothing may write there.
Obstacle obstacle_by(const Site& run, const ShellCommand& command, const ShellCommand& remover, const Copied& copied,
                     bool of_context) {
  const auto& facts = run.file.facts();
  const auto named = [&] { return "`" + first_words(run.step.script->text.view(command.span), 40) + "`"; };
  if (command.span.begin > remover.span.begin &&
      run.step.script->text.view(command.span).find(copied.place) != std::string_view::npos)
    return Declined{named() + " comes after the removal, and is about the same place"};
  const bool known =
      command.use != nullptr || facts.unix_command(command.name()) != nullptr || facts.is_bystander(command.name());
  if (!known) return Declined{"what " + named() + " does with the files is not known"};
  if (links_or_moves(facts, command)) return Declined{named() + " cannot link to a mount, or move it"};
  const auto effects = command_effects(run, command);
  for (const auto* affected : {&effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners})
    if (touch_place(*affected, copied.place) && !effects.makes_directories)
      return Declined{named() + " changes the place itself, which a mount does not let it do"};
  if (effects.removes.anything && command.use == nullptr && !facts.is_bystander(command.name()))
    return Declined{"what " + named() + " removes is not known"};
  const auto below = [&](const AffectedPath& each) { return path_is_under(each.path, copied.place); };
  const bool may_build_there = command.use != nullptr && !command.use->tool->packages.of_system;
  if (of_context && (may_build_there || effects.writes.may_be_anywhere() || effects.changes.may_be_anywhere() ||
                     std::ranges::any_of(effects.writes.paths, below)))
    return Declined{named() + " may write there, and a mount of the build context is not to be written to"};
  return std::nullopt;
}

Obstacle obstacle_in_run(const Site& run, const ShellCommand& remover, const Copied& copied, bool of_context) {
  for (const auto& command : run.step.script->commands) {
    if (&command == &remover || command.words.empty()) continue;
    if (auto obstacle = obstacle_by(run, command, remover, copied, of_context)) return obstacle;
  }
  return std::nullopt;
}

Obstacle obstacle_to_mount(const Site& site, const Step& run, const Copied& copied, Builder builder) {
  const auto& copy = *site.step.instruction;
  if (!has_run_mounts(site.file, builder)) return Declined{"the builder has no mounts"};
  for (const auto* flag : {"chown", "chmod", "link", "parents", "exclude", "keep-git-dir"})
    if (copy.flag(flag) != nullptr) return Declined{"the flags of the COPY have no counterpart in a mount"};
  const auto& from = site.step.copy->from;
  if (!from.empty() && from.find_first_not_of("0123456789") == from.npos)
    return Declined{"a mount takes the name of a stage and not its number; give the stage a name"};
  if (from.find('$') != from.npos) return Declined{"`" + from + "` is made from a variable"};
  if (!is_root(run.user)) return Declined{"the RUN has another user, who may not be able to read the files in a mount"};
  if (!is_there(run, path_parent(copied.place)))
    return Declined{"the COPY makes `" + std::string(path_parent(copied.place)) +
                    "` as well, which may be needed later"};
  // Docker 20.10 leaves an empty directory where the mount was, which `mkdir` would trip over.
  if (site.file.source().find(copied.place, run.instruction->span.end) != std::string::npos)
    return Declined{"`" + copied.place + "` is named again behind the removal"};
  if (run.instruction->json || run.script->from_heredoc) return Declined{"the RUN is not a chain of commands"};
  return used_between(site, run, copied.place);
}

Fix mount_instead(const Site& site, const Step& run, const ShellCommand& remover, const Copied& copied,
                  Builder builder) {
  Fix fix;
  fix.title = "mount the files for this RUN instead";
  fix.applicability = Applicability::conditional;
  const auto& from = site.step.copy->from;
  if (auto obstacle = obstacle_to_mount(site, run, copied, builder)) return decline(fix, obstacle->reason);
  if (auto obstacle = obstacle_in_run(site.at(run), remover, copied, from.empty()))
    return decline(fix, obstacle->reason);
  const auto& document = site.file.document();
  auto removal = remove_elements(document, *run.script, {remover.element});
  auto copy = remove_instruction(document, *site.step.instruction);
  if (!removal || !copy) return decline(fix, "the removal is tied to other commands, or a comment is in between");
  // What the RUN writes there, it would have removed; a mount forgets it.
  const auto source = "source=" + copied.source + ",target=" + copied.place;
  const auto mount = "--mount=type=bind," + (from.empty() ? source : "from=" + from + ',' + source + ",rw");
  fix.edits = {*std::move(copy), add_flags(document, *run.instruction, {mount})};
  fix.edits.insert(fix.edits.end(), removal->begin(), removal->end());
  if (!copied.sure)
    fix.assumptions.push_back({"copied-directory", "`" + copied.source + "` of `" + from + "` is a directory"});
  fix.assumptions.push_back(
      {"nothing-there-before", "the base image has nothing at `" + copied.place + "` that the removal was meant for"});
  return fix;
}

// Whether what works on the place is in the stage afterwards: a working directory, a volume.
bool is_worked_in(const Stage& stage, const std::string& place) {
  return std::ranges::any_of(
             stage.steps,
             [&](const Step& step) { return !step.workdir.is_known() || path_is_under(step.workdir.text, place); }) ||
         !stage.workdir.is_known() || path_is_under(stage.workdir.text, place);
}

// Whether something removes what the COPY has brought.
bool check_copy(const Site& site, const Removers& removers, Report& report) {
  const auto copied = copied_by(site.file, *site.step.copy);
  if (!copied) return false;
  const auto place = removers.find(copied->place);
  if (place == removers.end()) return false;
  const auto step_of = [](const Remover& each) { return each.step->index; };
  const auto found = std::ranges::upper_bound(place->second, site.step.index, {}, step_of);
  if (found == place->second.end()) return false;
  if (is_worked_in(site.stage, copied->place)) return true;
  if (site.step.copy->from_context() && is_small(site.context(), copied->source)) return true;
  const auto& [step, remover] = *found;
  const LineIndex lines(site.file.source());
  auto& finding = report.add(site.step.instruction->head_span(),
                             "the layer of this COPY keeps `" + copied->place + "`, which line " +
                                 std::to_string(lines.line(step->script->to_source(remover->span).begin)) +
                                 " removes again; mount the files for that RUN, and no layer has them");
  finding.fixes.push_back(mount_instead(site, *step, *remover, *copied, report.options().builder));
  return true;
}

void check(const Dockerfile& file, Report& report) {
  constexpr std::size_t most = 20;  // for each, the steps of its stage are gone through
  std::size_t examined = 0;
  for (const auto& stage : file.stages()) {
    if (!file.ships(stage)) continue;
    const auto removers = removers_of(file, stage);
    if (removers.empty()) continue;
    for (const auto& step : stage.steps) {
      if (!step.copy || step.instruction->keyword != Keyword::copy) continue;
      if (check_copy({file, stage, step}, removers, report) && ++examined == most) return;
    }
  }
}

}  // namespace

extern constinit const Rule copy_removed_later = {
    .id = "copy-removed-later",
    .category = Category::size,
    .severity = Severity::warning,
    .optimizes = true,
    .about_mounts = true,
    .summary = "a RUN removes what a COPY has brought, and the layer of the COPY keeps it",
    .rationale =
        R"(`COPY --from=builder /wheels /wheels` makes a layer with all wheels. `pip install /wheels/* && rm -rf /wheels` installs
them and hides them again: whoever pulls the image gets them twice. A bind mount shows the files to the one RUN that needs them,
and nothing of it is in any layer:

```dockerfile
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels,rw \
    pip install /wheels/*
```

The fix takes the COPY away and the removal with it. It is offered where only that RUN can use the files, where it neither links
to them nor moves them nor makes the place again, and where the COPY changes neither owner nor mode. What the RUN itself writes
into the mount is forgotten, as it was removed before (`rw`); into the build context nothing may be written.
BuildKit of Docker 20.10 leaves an empty directory where the mount was. Small files (1 MiB) of the build context are not
reported.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
