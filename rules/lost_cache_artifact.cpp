// Fires when a step reads what an earlier RUN wrote under a cache or tmpfs mount and did not copy out. The fix copies
// it out in the same RUN and redirects the reader, or, where only the mount's place would satisfy the reader, drops the
// mount.
#include <algorithm>

#include <algorithm>

#include "analysis/lost_artifacts.hpp"
#include "analysis/outputs.hpp"
#include "analysis/unmade_files.hpp"
#include "lint/rule.hpp"
#include "rewrite/run_edits.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool needs_quotes(std::string_view path) { return path.find_first_of(" \t'\"$`\\*?[](){};&|<>#!~,") != path.npos; }

const Step& producer_step(const Dockerfile& file, const LostArtifact& lost) {
  return file.stages()[lost.stage].steps[lost.producer];
}

// The reading RUN only copies, so it moves into the producing RUN whole.
Fix merge_consumer(const Dockerfile& file, const LostArtifact& lost) {
  Fix fix;
  const auto& producer = producer_step(file, lost);
  const auto& consumer = file.stages()[lost.consumer_stage].steps[lost.consumer_step];
  const bool next = lost.consumer_stage == lost.stage && lost.consumer_step == lost.producer + 1;
  const bool movable =
      next && consumer.script && consumer.script->is_straight() && !consumer.script->from_heredoc &&
      consumer.instruction->flags.empty() && !consumer.instruction->json && producer.script->is_straight() &&
      std::ranges::all_of(consumer.script->commands, [&](const ShellCommand& command) {
        const auto name = command.name();
        return !command.nested &&
               (name == "cp" || name == "mkdir" || name == "install" || name == "strip" || name == "chmod");
      });
  // A `cd` in the producing RUN would change what the moved words mean.
  const bool moves = producer.script->commands.empty() ||
                     std::ranges::any_of(producer.script->commands, [](const ShellCommand& command) {
                       return command.name() == "cd" || command.nested;
                     });
  if (!movable || moves) return fix;
  std::string text(slice(file.source(), consumer.script->to_source(Span{consumer.script->chain.front().span.begin,
                                                                        consumer.script->chain.back().span.end})));
  fix.title = "copy it out in the RUN that makes it";
  fix.applicability = Applicability::safe;
  fix.edits.push_back(append_command(file.document(), *producer.script, text));
  fix.edits.push_back({own_lines(file.document(), *consumer.instruction), ""});
  return fix;
}

// COPY --from=stage: copy to a directory outside of every mount and read it there.
Fix copy_out(const Dockerfile& file, const LostArtifact& lost) {
  Fix fix;
  const auto& producer = producer_step(file, lost);
  if (!producer.script->is_straight() || producer.script->chain.empty() || needs_quotes(lost.path)) return fix;
  if (!producer.script->commands.empty() && producer.script->commands.front().nested) return fix;
  const std::string name(path_basename(lost.path));
  fix.title = "copy `" + name + "` out of the mount in the RUN that makes it";
  fix.applicability = Applicability::safe;
  fix.edits.push_back(
      append_command(file.document(), *producer.script, "mkdir -p /out && cp -a " + lost.path + " /out/" + name));
  fix.edits.push_back({lost.consumer_span, "/out/" + name});
  return fix;
}

// Without the mount the file is in the layer again: slower, and right.
Fix drop_mount(const Dockerfile& file, const LostArtifact& lost) {
  Fix fix;
  const auto& producer = producer_step(file, lost);
  // From the flag to whatever stands behind it, a continuation included.
  const auto& text = producer.instruction->text;
  std::uint32_t logical = 0;
  const auto size = static_cast<std::uint32_t>(text.view().size());
  while (logical < size && text.to_source(logical) < lost.mount->span.end) ++logical;
  while (logical < size && (text.view()[logical] == ' ' || text.view()[logical] == '\t')) ++logical;
  fix.title = "drop the mount on `" + lost.mount->target.text + "`";
  fix.applicability = Applicability::safe;
  fix.edits.push_back({{lost.mount->span.begin, text.to_source(logical)}, ""});
  return fix;
}

// The copy out of the mount is missing altogether.
void check_unmade(const Dockerfile& file, const std::vector<LostArtifact>& lost, Report& report) {
  for (const auto& unmade : find_unmade_files(file)) {
    if (std::ranges::any_of(lost, [&](const LostArtifact& l) { return l.consumer_span == unmade.consumer_span; }))
      continue;
    auto& finding = report.add(unmade.consumer_span, "nothing is seen to make `" + unmade.path +
                                                         "`; what is built for it stays in the cache mount on `" +
                                                         unmade.mount->target.text + "` and is not copied out");
    finding.severity = Severity::warning;
  }
}

void check(const Dockerfile& file, Report& report) {
  const auto all_lost = find_lost_artifacts(file);
  check_unmade(file, all_lost, report);
  for (const auto& lost : all_lost) {
    const std::string kind = lost.mount->type == Mount::Type::tmpfs ? "tmpfs" : "cache";
    auto& finding = report.add(lost.consumer_span, "`" + lost.path + "` is not in the image: it is written under the " +
                                                       kind + " mount on `" + lost.mount->target.text +
                                                       "` and not copied out in that RUN");
    if (!lost.certain) {
      finding.severity = Severity::warning;
      finding.message = "`" + lost.path + "` may not be in the image: it lies under the " + kind + " mount on `" +
                        lost.mount->target.text + "` of the RUN that seems to make it";
      continue;
    }
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
    .summary = "a file is written under a cache mount and read later, where it does not exist",
    .rationale = R"(A cache mount is there only while its RUN runs. What the RUN writes below the target stays in the
cache and is in no layer: a later `COPY --from`, RUN or `CMD` does not find it, and the build fails
or, worse, the container does.

The artifact must be copied to a place outside of the mount in the same RUN, and readers must look
there. A later RUN that has the same mount sees the file and is not reported.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
