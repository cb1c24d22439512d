#include "layers/manifests_first.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/named_files.hpp"
#include "ecosystems/settings_directory.hpp"
#include "edits/copy_ahead.hpp"
#include "edits/run_edits.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "layers/installation_split.hpp"
#include "layers/late_script.hpp"
#include "layers/mixed_copy.hpp"
#include "layers/moved_settings.hpp"
#include "layers/passed_steps.hpp"
#include "layers/source_followers.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline layers {
namespace {

// The installation and what it is asked about, which nearly every question here needs.
struct Move {
  Site run;
  const LateInstallation& late;
  bool in_place = false;  // the manifests take the place of the COPY, because a RUN on the way reads them
  std::vector<std::size_t> followers = {};  // RUNs that go with the source

  const Step& step(std::size_t index) const { return run.stage.steps[index]; }
  bool moves(std::size_t index) const {
    return std::ranges::find(late.sources, index, &SourcePart::step) != late.sources.end() ||
           std::ranges::find(late.others, index) != late.others.end() ||
           std::ranges::find(followers, index) != followers.end();
  }
  const Copy& copy_of(const SourcePart& source) const { return *step(source.step).copy; }
  const Copy& copy(std::size_t source) const { return copy_of(late.sources[source]); }
  const std::string& directory() const { return late.use->command->directory.text; }  // of the project, in the image
  // The steps after one, up to the RUN and without it.
  std::span<const Step> after(std::size_t index) const {
    return std::span(run.stage.steps).subspan(index + 1, late.run - index - 1);
  }
};

bool changes_directory(std::span<const Step> steps) {
  return std::ranges::any_of(steps, [](const Step& step) { return step.instruction->keyword == Keyword::workdir; });
}

// The destination of a COPY as written after the RUN: different from before if there is a WORKDIR in between.
std::string moved_destination(const Move& move, std::size_t index) {
  const auto& copy = *move.step(index).copy;
  if (copy.destination_text.starts_with('/') || !changes_directory(move.after(index))) return copy.destination_text;
  const bool whole = copy.destination_text == "." && copy.sources.size() == 1 && copy.sources[0].text == ".";
  return copy.destination.text + (copy.directory && !whole && copy.destination.text != "/" ? "/" : "");
}

// Why the COPY cannot move after the RUN.
Obstacle obstacle_to_move(const Move& move, std::size_t index) {
  const auto& instruction = *move.step(index).instruction;
  const auto& copy = *move.step(index).copy;
  if (instruction.keyword == Keyword::add && instruction.flag("checksum") != nullptr)
    return Declined{"an ADD that downloads is not moved"};
  for (const auto* flag : {"exclude", "parents"})
    if (instruction.flag(flag) != nullptr)
      return Declined{"the COPY has flags whose effect on the manifests is not clear"};
  // With --link the directories above are root's in its layer, whatever the RUN has made of them.
  if (instruction.flag("link") != nullptr && !is_root(move.run.step.user))
    return Declined{"the COPY with --link would give directories back to root after the installation"};
  for (auto i = index + 1; i < move.late.run; ++i) {
    const auto& between = move.step(i);
    // What moves too keeps its place, and the parts are laid out as in the context, so their order does not matter.
    const bool part = move.late.in_parts() && between.copy && between.copy->from_context() &&
                      path_is_under(between.copy->destination.text, move.directory());
    if (part || move.moves(i) || only_prepares_scripts(move.late, move.run.at(between))) continue;
    if (auto obstacle = cannot_pass(move.run.at(between), copy, instruction.text.view())) return obstacle;
  }
  return std::nullopt;
}

// The directory of the context that is copied.
std::optional<std::string> copied_directory(const Move& move) {
  if (move.late.in_parts()) return move.late.directory;
  return context_directory(move.copy(0), move.copy(0).destination.text);
}

// Where the project is in the context, if that can be determined.
std::optional<std::string> project_directory(const Move& move) {
  if (move.late.in_parts()) return move.late.directory;
  return context_directory(move.copy(0), move.directory());
}

// Whether the COPY brings single files, which may be no part of the project: `COPY entrypoint.sh /`.
bool copies_beside(const Move& move) {
  return !move.late.in_parts() &&
         (copies_only_files(move.run.file, move.copy(0)) || directory_of_files(move.run, move.copy(0), *move.late.use));
}

// Whether the manifests, which hold the settings of their own tools, are there when the use runs.
bool has_manifests(const Move& move, const Step& step, const Ecosystem& ecosystem) {
  return (move.in_place || step.index == move.run.step.index) && installs_from_manifest(*move.late.use) &&
         find_ecosystem(*move.late.use->tool) == &ecosystem;
}

// Those of a RUN, and of the scripts that it starts.
std::vector<const ToolUse*> uses_in(const Move& move, const Step& step) {
  std::vector<const ToolUse*> uses;
  for (const auto& use : move.run.at(step).uses()) uses.push_back(&use);
  if (!step.script || step.script->opaque) return uses;
  for (const auto& command : step.script->commands)
    if (const auto script = context_script(move.run.at(step), command))
      for (const auto& each : script->commands)
        if (each.command->use != nullptr) uses.push_back(each.command->use);
  return uses;
}

// Tools that are told how to install by files in the working directory, whichever of these RUNs they are in.
Outcome<std::vector<Assumption>> local_settings(const Move& move) {
  std::vector<Assumption> assumptions;
  const auto first = move.late.sources.front().step;
  for (const auto& step : std::span(move.run.stage.steps).subspan(first + 1, move.late.run - first))
    for (const auto* use : uses_in(move, step)) {
      const auto* ecosystem = find_ecosystem(*use->tool);
      if (ecosystem == nullptr || ecosystem->local_settings == nullptr || has_manifests(move, step, *ecosystem))
        continue;
      auto settings = ecosystem->local_settings(*use, move.run.context(), copied_directory(move));
      if (!settings) return settings;
      for (auto& assumption : *settings)
        if (std::ranges::find(assumptions, assumption.id, &Assumption::id) == assumptions.end())
          assumptions.push_back(std::move(assumption));
    }
  return assumptions;
}

// Why packages that are installed by name could need the source.
Obstacle obstacle_to_names(const Move& move) {
  for (std::size_t i = 0; i < move.late.sources.size(); ++i) {
    const auto& destination = move.copy(i).destination.text;
    if (may_hold_settings(move.run, destination))
      return Declined{"the COPY may contain settings for this installation"};
    const auto directory =
        move.late.in_parts() ? std::optional(move.late.directory) : context_directory(move.copy(i), destination);
    if (!directory) continue;
    for (const auto* use : uses_in(move, move.run.step))
      if (auto obstacle = variable_naming_file(move.run, *use, *directory)) return obstacle;
  }
  return std::nullopt;
}

// Whether a COPY that does not move copies the context path before the RUN.
bool stays_there(const Move& move, const std::string& path) {
  for (std::size_t i = 0; i < move.late.run; ++i) {
    const bool moves = std::ranges::find(move.late.sources, i, &SourcePart::step) != move.late.sources.end();
    if (!moves && brings_into(move.run.file, move.step(i), move.directory(), path)) return true;
  }
  return false;
}

std::string flag_text(const Instruction& instruction, std::string_view name) {
  const auto* flag = instruction.flag(name);
  return flag == nullptr ? std::string() : flag->value;
}

// `COPY requirements.txt ./` before `COPY . .`, for the same owner: the file is there already, as it is in the context.
bool is_there_before(const Move& move, std::size_t source, const std::string& root, const std::string& path) {
  const auto& step = move.step(source);
  if (path.find_first_of("*?[") != std::string::npos) return false;
  const auto place = resolve_path(step.copy->destination.text, relative_path(root, path));
  const auto before = find_brought_file(move.run.at(step), place);
  if (!before || before->stage != &move.run.stage || before->source != path || move.moves(before->step)) return false;
  for (auto i = before->step + 1; i < source; ++i)
    if (may_write_file(move.run.at(move.step(i)), place)) return false;
  const auto& bringer = *move.step(before->step).instruction;
  return std::ranges::all_of(std::array{"chown", "chmod"}, [&](const char* flag) {
    return flag_text(bringer, flag) == flag_text(*step.instruction, flag);
  });
}

// What takes the place of the COPYs that move.
struct Kept {
  std::vector<std::string> lines;               // for each of the sources; empty where nothing of it is needed
  std::vector<std::vector<std::string>> paths;  // that these copy, in the context
  std::vector<Assumption> assumptions;
};

// The manifests that must stay before the RUN. `head`: how many of its elements do.
Outcome<Kept> kept_manifests(const Move& move, std::size_t head) {
  const auto& run = move.run;
  const auto& late = move.late;
  const bool beside = copies_beside(move), in_parts = late.in_parts() || beside;
  const auto with_files = beside ? directory_of_files(run, move.copy(0), *late.use) : std::nullopt;
  const auto directory = with_files ? with_files
                         : beside   ? project_in_context(run.file, run.stage, late.run, move.directory())
                                    : project_directory(move);
  const auto root = beside ? directory : copied_directory(move);
  if (in_parts && !run.context().is_known())
    return Declined{
        "without the build context, it is not known whether the installation needs this part of the source"};
  if (beside && !directory) return Declined{"it is not known where in the build context the project is"};
  if (!root || !directory)
    return Declined{"the COPY names several sources, so it is not clear which one contains the manifests"};
  auto manifests = manifests_of_run(run, *late.use, head, {*directory, *root});
  if (!manifests) return manifests.declined();
  if (auto obstacle = settings_that_move(run, late, manifests->paths)) return *obstacle;
  if (auto obstacle = change_by_follower(run.stage, move.followers, manifests->paths)) return *obstacle;
  if (auto obstacle = outer_settings_that_move(run, *late.use, late.sources.front().step, manifests->paths))
    return *obstacle;
  Kept kept;
  std::set<std::string> seen;
  for (const auto& source : late.sources) {
    const auto& step = move.step(source.step);
    std::vector<std::string> paths;
    for (const auto& path : manifests->paths) {
      if (!in_parts && *root != "." && !path_is_under(path, *root))
        return Declined{"a manifest is outside the copied directory"};
      const bool brought = in_parts ? copy_brings(run.file, *step.copy, path) && !stays_there(move, path)
                                    : !is_there_before(move, source.step, *root, path);
      if (brought && seen.insert(path).second) paths.push_back(path);
    }
    auto lines = copy_files(run.file, step, moved_destination(move, source.step),
                            with_files ? *with_files
                            : in_parts ? source.root
                                       : *root,
                            paths);
    if (!lines) return Declined{"the name of a manifest cannot be written as a plain word in COPY"};
    kept.lines.push_back(std::move(*lines));
    kept.paths.push_back(std::move(paths));
  }
  kept.assumptions = std::move(manifests->assumptions);
  return kept;
}

// What the script of an installation needs, which must stay before the RUN.
Outcome<Kept> kept_for_script(const Move& move) {
  Kept kept;
  for (std::size_t i = 0; i < move.late.sources.size(); ++i) {
    const auto index = move.late.sources[i].step;
    auto files = files_of_script(move.late, move.run, index);
    if (!files) return files.declined();
    const auto root = context_directory(move.copy(i), move.copy(i).destination.text);
    auto lines =
        copy_files(move.run.file, move.step(index), moved_destination(move, index), root.value_or("."), files->paths);
    if (!lines) return Declined{"the name of a file cannot be written as a plain word in COPY"};
    kept.lines.push_back(std::move(*lines));
    kept.paths.push_back(std::move(files->paths));
    std::ranges::move(files->assumptions, std::back_inserter(kept.assumptions));
  }
  return kept;
}

std::string common_directory(std::string_view one, std::string_view other) {
  while (!path_is_under(other, one)) one = path_parent(one);
  return std::string(one);
}

// Whether a WORKDIR that the COPY moves after would create some of its directories, with a different owner.
bool loses_owner(const Move& move, std::size_t index) {
  const auto& step = move.step(index);
  if (!step.copy) return false;
  const bool plain = step.instruction->flag("chown") == nullptr && step.instruction->flag("chmod") == nullptr;
  for (auto i = index + 1; i < move.late.run; ++i) {
    const auto& between = move.step(i);
    if (between.instruction->keyword != Keyword::workdir || (plain && is_root(between.user))) continue;
    const auto& next = move.step(i + 1).workdir;
    if (!next.is_known()) return true;
    const auto made = common_directory(next.text, step.copy->destination.text);
    const bool was_there = step.workdir.is_known() && path_is_under(step.workdir.text, made);
    if (made != "/" && !was_there) return true;
  }
  return false;
}

// The COPY at the index, or the RUN that follows it, as its lines read after the installation, before which `kept` are
// copied.
std::string moved_lines(const Move& move, std::size_t index, Span lines, const std::vector<std::string>& kept) {
  const auto& source = move.run.file.source();
  const auto newline = std::string(move.run.file.document().newline());
  if (!move.step(index).copy) {
    auto text = std::string(slice(source, lines));
    return text.ends_with('\n') ? text : text + newline;
  }
  const auto& destination = move.step(index).copy->destination_span;
  const auto& step = move.step(index);
  if (auto text = without_copied(move.run.file, step, lines, moved_destination(move, index), kept))
    return text->ends_with('\n') ? *text : *text + newline;
  auto text = std::string(slice(source, {lines.begin, destination.begin})) + moved_destination(move, index);
  text += slice(source, {destination.end, lines.end});
  return text.ends_with('\n') ? text : text + newline;
}

// Takes the COPYs away, puts what is kept in their places, and gives their lines.
Outcome<std::string> take_copies(const Move& move, const Kept& of_sources, Reordering& made) {
  const auto& document = move.run.file.document();
  // The manifests take the place of the COPY, or go after steps that do not need them.
  const bool after =
      !move.in_place && std::ranges::any_of(move.after(move.late.sources.front().step),
                                            [](const Step& step) { return step.instruction->keyword == Keyword::run; });
  std::map<std::size_t, std::string> copies;  // what is kept of each, in order
  for (const auto index : move.late.others) copies[index];
  for (const auto index : move.followers) copies[index];
  std::map<std::size_t, std::vector<std::string>> paths;
  for (std::size_t i = 0; i < of_sources.lines.size(); ++i) copies[move.late.sources[i].step] = of_sources.lines[i];
  for (std::size_t i = 0; i < of_sources.paths.size(); ++i) paths[move.late.sources[i].step] = of_sources.paths[i];
  std::string moved;
  Span gap{};              // the contiguous lines that are vacated
  bool continued = false;  // whether the COPY before left nothing
  for (auto& [index, kept] : copies) {
    if ((after || kept.empty()) && loses_owner(move, index))
      return Declined{"a WORKDIR between the COPY and the installation would create its directory with another owner"};
    const auto lines = instruction_lines(document, *move.step(index).instruction);
    gap = {continued && gap.end == lines.begin ? gap.begin : lines.begin, lines.end};
    moved += moved_lines(move, index, lines, paths[index]);
    if (after && !kept.empty()) {
      const auto at = instruction_lines(document, *move.run.step.instruction).begin;
      made.edits.push_back({{at, at}, std::exchange(kept, "")});
    }
    made.edits.push_back({kept.empty() ? lines_to_vacate(document, gap, lines) : lines, kept});
    continued = kept.empty();
    made.moves.push_back(lines);
  }
  return moved;
}

std::string without_indent(std::string_view lines) {
  std::string text;
  while (!lines.empty()) {
    lines.remove_prefix(std::min(lines.find_first_not_of(" \t"), lines.size()));
    const auto end = std::min(lines.find('\n'), lines.size() - 1) + 1;
    text += lines.substr(0, end);
    lines.remove_prefix(end);
  }
  return text;
}

// Puts the COPYs after the RUN, or between its elements: the rest becomes a RUN of its own, with the same mounts.
TextEdit put_copies(const Move& move, const InstallationSplit& split, std::string moved) {
  const auto& file = move.run.file;
  const auto& run = *move.run.step.instruction;
  const auto& script = *move.run.step.script;
  if (split.head == script.chain.size()) return insert_lines_after(file.document(), run, std::move(moved));
  std::string flags;
  for (const auto& flag : run.flags)
    flags += std::string(slice(file.source(), flag.span)) + continued_line(file.document());
  // A backslash may directly follow the first part, so its end is that of its own text.
  const Span cut{script.to_source(script.chain[split.head - 1].span).end,
                 script.to_source(script.chain[split.head].span).begin};
  const auto keyword = std::string(slice(file.source(), run.keyword_span));
  // What stands above the second part stays above it.
  moved += without_indent(comment_lines(slice(file.source(), cut)));
  return {cut, std::string(file.document().newline()) + moved + keyword + ' ' + flags + split.repeated};
}

// `COPY . .` before the installation, and once more right after it: the second is enough.
bool is_copied_next(const Move& move, std::string_view moved) {
  const auto& steps = move.run.stage.steps;
  if (move.late.run + 1 == steps.size() || !steps[move.late.run + 1].copy) return false;
  return trim_unicode(moved) == slice(move.run.file.source(), steps[move.late.run + 1].instruction->span);
}

// Why the installation would stay behind a COPY that an edit of the source changes as well.
Obstacle obstacle_to_other(const Move& move, std::size_t index) {
  const auto& step = move.step(index);
  auto obstacle = obstacle_to_move(move, index);
  if (!obstacle && !may_come_later(move.run, *move.late.use, *step.copy))
    obstacle = Declined{"the installation may need what it copies"};
  if (!obstacle) return std::nullopt;
  const auto line = LineIndex(move.run.file.source()).line(step.instruction->span.begin);
  return Declined{"the COPY in line " + std::to_string(line) +
                  " changes with the source too and has to stay before the installation: " + obstacle->reason};
}

// Whether one of the packages is for compiling with: a build may make something else where it finds that.
bool installs_headers(const Move& move) {
  const auto& command = *move.late.use->command;
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    return !word.value.is_known() || word.text().ends_with("-dev") || word.text().ends_with("-devel");
  });
}

bool says_nothing_to_builds(Keyword keyword) {
  return keyword == Keyword::cmd || keyword == Keyword::entrypoint || keyword == Keyword::expose ||
         keyword == Keyword::healthcheck || keyword == Keyword::label || keyword == Keyword::stopsignal;
}

// Builds between the COPY of the source and an installation by name, with nothing behind them that stays before it.
std::vector<std::size_t> find_builds(const Move& move) {
  constexpr std::size_t most_steps = 30;
  std::vector<std::size_t> builds;
  const auto& source = move.late.sources.front();
  if (move.late.script || !move.late.unclear.empty() || move.late.run - source.step > most_steps ||
      installs_headers(move))
    return builds;
  for (auto i = move.late.run; i-- > source.step + 1;) {
    const auto& step = move.step(i);
    const auto keyword = step.instruction->keyword;
    if ((keyword == Keyword::copy && move.moves(i)) || says_nothing_to_builds(keyword)) continue;
    if (keyword != Keyword::run) break;
    const auto builds_one = [&](const SourcePart& each) {
      return builds_source(move.run.at(step), move.copy_of(each));
    };
    if (std::ranges::any_of(move.late.sources, builds_one)) builds.push_back(i);
  }
  return builds;
}

// RUNs between the COPY of the source and the installation, with nothing but other RUNs and COPYs behind them.
std::vector<std::size_t> find_followers(const Move& move) {
  if (!installs_from_manifest(*move.late.use)) return find_builds(move);
  constexpr std::size_t most_steps = 30;
  std::vector<std::size_t> followers;
  const auto& source = move.late.sources.front();
  if (move.late.run - source.step > most_steps) return followers;
  if (move.late.in_parts() || move.late.script || !move.late.use->command->directory.is_known()) return followers;
  for (auto i = move.late.run; i-- > source.step + 1;) {
    const auto& step = move.step(i);
    const auto keyword = step.instruction->keyword;
    if (keyword != Keyword::run && keyword != Keyword::copy) break;
    if (keyword == Keyword::run && follows_source(move.run.at(step), move.copy(0), move.directory()))
      followers.push_back(i);
  }
  return followers;
}

Obstacle obstacle_to(const Move& move) {
  if (move.late.others.size() == LateInstallation::most_others)
    return Declined{"too many COPYs before the installation change with the source"};
  for (const auto& source : move.late.sources)
    if (auto obstacle = obstacle_to_move(move, source.step)) return obstacle;
  if (move.late.script && installs_from_manifest(*move.late.use) && !move.late.others.empty())
    return Declined{"another COPY before the installation changes with the source"};
  for (const auto index : move.late.others)
    if (auto obstacle = obstacle_to_other(move, index)) return obstacle;
  return obstacle_in_run(move.run.step, move.directory());
}

}  // namespace

Outcome<Reordering> copy_source_after(const Dockerfile& file, const Stage& stage, const LateInstallation& late) {
  if (!late.unclear.empty()) return Declined{late.unclear + " may read or change the source"};
  Move move{{file, stage, stage.steps[late.run]}, late};
  move.followers = find_followers(move);
  if (auto obstacle = obstacle_to(move)) return *obstacle;
  auto settings = local_settings(move);
  if (!settings && installs_from_manifest(*late.use)) {
    move.in_place = true;
    settings = local_settings(move);
  }
  if (!settings) return settings.declined();
  Reordering made;
  made.assumptions = std::move(*settings);
  if (!move.followers.empty() && !installs_from_manifest(*late.use))
    made.assumptions.push_back({"same-build",
                                "what is built between the COPY and the installation comes out the same "
                                "where these packages are installed before"});
  Kept kept;
  kept.lines.resize(late.sources.size());
  InstallationSplit split;
  split.head = move.run.step.script->chain.size();
  if (late.script || !installs_from_manifest(*late.use))
    if (auto obstacle = obstacle_to_names(move)) return *obstacle;
  if (late.script) {
    auto files = kept_for_script(move);
    if (!files) return files.declined();
    kept = std::move(*files);
    move.in_place |= std::ranges::any_of(move.after(late.sources.front().step), [&](const Step& step) {
      return only_prepares_scripts(late, move.run.at(step));
    });
  } else if (installs_from_manifest(*late.use)) {
    const auto& project = late.in_parts() ? move.directory() : move.copy(0).destination.text;
    auto divided = is_one_command(move.run.step)
                       ? Outcome<InstallationSplit>(split)
                       : split_installation(move.run, project, project_directory(move), *late.use);
    auto manifests = kept_manifests(move, divided ? divided->head : split.head);
    if (!manifests) return manifests.declined();
    if (!divided) return divided.declined();
    split = std::move(*divided);
    kept = std::move(*manifests);
  }
  std::ranges::move(kept.assumptions, std::back_inserter(made.assumptions));
  auto moved = take_copies(move, kept, made);
  if (!moved) return moved.declined();
  const bool whole = split.head == move.run.step.script->chain.size();
  if (!whole || !is_copied_next(move, *moved)) made.edits.push_back(put_copies(move, split, std::move(*moved)));
  return made;
}

}  // namespace dockhew::inline layers
