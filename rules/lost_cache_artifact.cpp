// Fires when a step reads what an earlier RUN wrote under a cache or tmpfs mount and did not copy out. The fix makes
// the tool write its results elsewhere, or copies them out in the same RUN and redirects the reader, or removes the
// mount if the reader can only use that path.
#include <algorithm>
#include <optional>

#include "caches/cache_directories.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "edits/mount_edits.hpp"
#include "edits/run_edits.hpp"
#include "effects/environment.hpp"
#include "flow/lost_artifacts.hpp"
#include "flow/missing_artifacts.hpp"
#include "flow/wasted_builds.hpp"
#include "lint/rule.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool needs_quotes(std::string_view path) { return path.find_first_of(" \t'\"$`\\*?[](){};&|<>#!~,") != path.npos; }

const Step& producer_step(const Dockerfile& file, const LostArtifact& lost) {
  return file.stages()[lost.stage].steps[lost.producer];
}

// Whether it copies files, makes directories for them or changes the copies: it leaves nothing that needs the mount.
bool only_copies(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  if (row == nullptr || !row->plain) return false;
  return row->operands == Operands::copied || row->operands == Operands::written ||
         row->operands == Operands::changed || row->operands == Operands::moded;
}

// The reading RUN only copies, so all of it moves into the producing RUN.
Fix merge_consumer(const Dockerfile& file, const LostArtifact& lost) {
  Fix fix;
  const auto& producer = producer_step(file, lost);
  const auto& consumer = file.stages()[lost.consumer_stage].steps[lost.consumer_step];
  const bool next = lost.consumer_stage == lost.stage && lost.consumer_step == lost.producer + 1;
  const bool movable = next && consumer.script && consumer.script->is_straight() && !consumer.script->from_heredoc &&
                       consumer.instruction->flags.empty() && !consumer.instruction->json &&
                       producer.script->is_straight() &&
                       std::ranges::all_of(consumer.script->commands, [&](const ShellCommand& command) {
                         return !command.nested && only_copies(file.facts(), command);
                       });
  // A `cd` in the producing RUN would change what the moved words mean.
  const bool moves = producer.script->commands.empty() ||
                     std::ranges::any_of(producer.script->commands, [](const ShellCommand& command) {
                       return command.name() == "cd" || command.nested;
                     });
  if (!movable || moves) return fix;
  std::string text(slice(file.source(), consumer.script->to_source(Span{consumer.script->chain.front().span.begin,
                                                                        consumer.script->chain.back().span.end})));
  fix.title = "copy it out of the mount in the RUN that creates it";
  fix.applicability = Applicability::safe;
  fix.edits.push_back(append_command(file.document(), *producer.script, text));
  fix.edits.push_back(remove_lines(file.document(), own_lines(file.document(), *consumer.instruction)));
  return fix;
}

std::size_t mounts_of(const Dockerfile& file, const Mount& wanted) {
  std::size_t count = 0;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      count += static_cast<std::size_t>(
          std::ranges::count_if(step.mounts, [&](const Mount& mount) { return mount.shares_cache_with(wanted); }));
  return count;
}

// Tells one build to put its intermediate files elsewhere; nothing when that cannot be written before the command, or
// when the command is told something else already.
std::optional<TextEdit> tell_build(const Site& site, const ToolUse& use, const IntermediateFiles& files,
                                   const std::string& target) {
  const auto& command = *use.command;
  const auto& script = *site.step.script;
  const auto written = command_effects(site, command).writes.paths;
  const bool builds_here = use.action->kind == ActionKind::build && !written.empty() && written[0].path == target &&
                           command.wrappers.empty() && !command.nested &&
                           script.text.view(command.words[0].span) == command.words[0].raw;
  const auto variable = find_variable(site, command, files.variable);
  if (!builds_here || variable.value.is_known() || variable.by != nullptr) return std::nullopt;
  const auto at = script.to_source(command.words[0].span).begin;
  return TextEdit{{at, at}, std::string(files.variable) + '=' + std::string(files.directory) + ' '};
}

// How a build of this RUN can keep its intermediate files, which are what is worth caching, apart from its results.
std::optional<IntermediateFiles> find_intermediate_files(const Site& site, const LostArtifact& lost) {
  for (const auto& use : site.uses()) {
    const auto* ecosystem = find_ecosystem(*use.tool);
    if (ecosystem == nullptr || ecosystem->intermediate_files == nullptr) continue;
    if (auto files = ecosystem->intermediate_files(site, lost.path, lost.mount->target.text)) return files;
  }
  return std::nullopt;
}

// Moves the mount to the intermediate files. Then nothing is copied and no reader changes.
Fix part_build_directory(const Dockerfile& file, const LostArtifact& lost) {
  Fix fix;
  const Site site{file, file.stages()[lost.stage], producer_step(file, lost)};
  if (lost.mount->type != Mount::Type::cache || needs_quotes(lost.path)) return fix;
  // Asked first: it is rare, and the mounts of the whole file are many.
  const auto files = find_intermediate_files(site, lost);
  if (!files || mounts_of(file, *lost.mount) != 1) return fix;
  auto moved = set_mount_option(file, *lost.mount, "target", std::string(files->directory));
  if (!moved) return fix;
  const Tool* tool = nullptr;
  for (const auto& use : site.uses()) {
    if (use.tool->id != files->tool) continue;
    auto edit = tell_build(site, use, *files, lost.mount->target.text);
    if (!edit) return {};
    tool = use.tool;
    fix.edits.push_back(std::move(*edit));
  }
  if (fix.edits.empty()) return fix;
  fix.edits.push_back(std::move(*moved));
  // Without an id the target serves as one, and with another target the cache would start empty.
  const bool has_id = slice(file.source(), lost.mount->span).find(",id=") != std::string_view::npos;
  if (!has_id) {
    auto same = set_mount_option(file, *lost.mount, "id", lost.mount->id);
    if (!same || needs_quotes(lost.mount->id)) return {};
    fix.edits.push_back(std::move(*same));
  }
  fix.title = "keep only " + std::string(tool->title) + "'s intermediate files in the mount";
  fix.applicability = Applicability::safe;
  return fix;
}

// COPY --from=stage: copy to a directory outside every mount and read it there.
Fix copy_out(const Dockerfile& file, const LostArtifact& lost) {
  Fix fix;
  const auto& producer = producer_step(file, lost);
  if (!producer.script->is_straight() || producer.script->chain.empty() || needs_quotes(lost.path)) return fix;
  // What is copied back into the mount would be lost just the same.
  if (mount_over(producer, "/out") != nullptr || path_is_under(lost.path, "/out")) return fix;
  if (!producer.script->commands.empty() && producer.script->commands.front().nested) return fix;
  const std::string name(path_basename(lost.path));
  fix.title = "copy `" + name + "` out of the mount in the RUN that creates it";
  fix.applicability = Applicability::safe;
  fix.edits.push_back(
      append_command(file.document(), *producer.script, "mkdir -p /out && cp -a " + lost.path + " /out/" + name));
  fix.edits.push_back({lost.consumer_span, "/out/" + name});
  return fix;
}

// Without the mount the file is in the layer again: slower, but correct.
Fix drop_mount(const Dockerfile& file, const LostArtifact& lost) {
  Fix fix;
  const auto& producer = producer_step(file, lost);
  // From the flag to whatever follows it, including a continuation.
  const auto& text = producer.instruction->text;
  std::uint32_t logical = 0;
  const auto size = static_cast<std::uint32_t>(text.view().size());
  while (logical < size && text.to_source(logical) < lost.mount->span.end) ++logical;
  while (logical < size && (text.view()[logical] == ' ' || text.view()[logical] == '\t')) ++logical;
  fix.title = "remove the mount on `" + lost.mount->target.text + "`";
  fix.applicability = Applicability::safe;
  fix.edits.push_back({{lost.mount->span.begin, text.to_source(logical)}, ""});
  return fix;
}

// The copy out of the mount is missing entirely, or in one branch.
void check_missing(const std::vector<MissingArtifact>& all_missing, const std::vector<LostArtifact>& lost,
                   Report& report) {
  for (const auto& unmade : all_missing) {
    if (std::ranges::any_of(lost, [&](const LostArtifact& l) { return l.consumer_span == unmade.consumer_span; }))
      continue;
    auto& finding = report.add(unmade.consumer_span, "no command is known to create `" + unmade.path + "`" +
                                                         (unmade.in_branch ? " in one branch of the RUN" : "") +
                                                         "; the build leaves its results in the cache mount on `" +
                                                         unmade.mount->target.text + "`, and nothing copies them out");
    finding.severity = Severity::warning;
  }
}

// No step refers to a missing file by name, but the build was wasted.
void check_wasted(const Dockerfile& file, const std::vector<LostArtifact>& lost,
                  const std::vector<MissingArtifact>& unmade, Report& report) {
  for (const auto& wasted : find_wasted_builds(file)) {
    const bool said =
        std::ranges::any_of(
            lost, [&](const LostArtifact& l) { return l.stage == wasted.stage && l.producer == wasted.step; }) ||
        std::ranges::any_of(
            unmade, [&](const MissingArtifact& u) { return u.stage == wasted.stage && u.builder == wasted.step; });
    if (said) continue;
    auto& finding =
        report.add(wasted.command, "what this builds stays in the cache mount on `" + wasted.mount->target.text +
                                       "`: this RUN does not copy it out, and no later step mounts that cache");
    finding.severity = Severity::warning;
  }
}

void check(const Dockerfile& file, Report& report) {
  const auto all_lost = find_lost_artifacts(file);
  const auto all_missing = find_missing_artifacts(file);
  check_missing(all_missing, all_lost, report);
  check_wasted(file, all_lost, all_missing, report);
  for (const auto& lost : all_lost) {
    const std::string kind = lost.mount->type == Mount::Type::tmpfs ? "tmpfs" : "cache";
    auto& finding = report.add(lost.consumer_span,
                               "`" + lost.path + "` is missing from the image: it is written under the " + kind +
                                   " mount on `" + lost.mount->target.text + "` and not copied out in that RUN");
    if (!lost.certain) {
      finding.severity = Severity::warning;
      finding.message = "`" + lost.path + "` may be missing from the image: it is under the " + kind + " mount on `" +
                        lost.mount->target.text + "` of the RUN that seems to create it";
      continue;
    }
    if (auto fix = part_build_directory(file, lost); !fix.title.empty()) finding.fixes.push_back(std::move(fix));
    if (lost.consumer == LostArtifact::Consumer::run) {
      if (auto fix = merge_consumer(file, lost); !fix.edits.empty()) finding.fixes.push_back(std::move(fix));
    } else if (lost.consumer == LostArtifact::Consumer::copy) {
      if (auto fix = copy_out(file, lost); !fix.edits.empty()) finding.fixes.push_back(std::move(fix));
    }
    finding.fixes.push_back(drop_mount(file, lost));
  }
}

}  // namespace

extern constinit const Rule lost_cache_artifact = {
    .id = "lost-cache-artifact",
    .category = Category::correctness,
    .severity = Severity::error,
    .optimizes = true,
    .about_mounts = true,
    .summary = "a file written under a cache mount is read later, when it no longer exists",
    .rationale = R"(A cache mount exists only while its RUN is running. What the RUN writes below the target stays in
the cache and is not part of any layer: a later `COPY --from`, RUN or `CMD` does not find it, and the build fails or,
worse, the container does.

Either the tool must write its results outside the mount, as Cargo 1.93 and later can by keeping intermediate files in a
separate directory (`CARGO_BUILD_BUILD_DIR`), or the artifact must be copied out in the same RUN and read from there. A
later RUN with the same mount sees the file and is not reported.

A build that writes only under a mount is also reported when nothing copies its results out and no later step mounts the
cache: its work is thrown away. So is a copy that happens in only one branch of an `if`.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
