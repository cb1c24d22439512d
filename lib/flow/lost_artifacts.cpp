#include "flow/lost_artifacts.hpp"

#include <algorithm>

#include "caches/cache_directories.hpp"
#include "effects/outputs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

struct Use {
  std::string path;
  LostArtifact::Consumer consumer;
  std::uint32_t stage;
  std::size_t step;
  Span span;
};

bool reader_sees_mount(const Step& reader, const Mount& mount) {
  return std::ranges::any_of(reader.mounts, [&](const Mount& other) {
    return other.type == Mount::Type::cache && other.cache_key() == mount.cache_key() && other.target == mount.target;
  });
}

// A build reads the directory that it runs in.
bool reads_directory(const ShellCommand& command) {
  constexpr std::string_view builders[] = {"make", "meson", "ninja", "scons"};
  if (std::ranges::find(builders, command.name()) != std::end(builders)) return true;
  const auto* use = command.use;
  return use && use->action->reads_source;
}

// Everything in `stage`, from step `first` on, that reads a path of the stage's own file system.
std::vector<Use> uses_within(const Stage& stage, std::size_t first) {
  std::vector<Use> uses;
  for (std::size_t i = first; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    const auto keyword = step.instruction->keyword;
    if (keyword == Keyword::run && step.script) {
      for (const auto& command : step.script->commands) {
        auto reads = command_reads(command);
        if (reads_directory(command) && command.directory.is_known())
          reads.push_back({command.directory.text, command.span});
        for (auto& read : reads)
          uses.push_back(
              {std::move(read.path), LostArtifact::Consumer::run, stage.index, i, step.script->to_source(read.span)});
      }
    } else if (keyword == Keyword::cmd || keyword == Keyword::entrypoint || keyword == Keyword::healthcheck) {
      const auto& instruction = *step.instruction;
      for (const auto& argument : instruction.arguments) {
        auto word = argument.text.substr(0, instruction.json ? std::string::npos : argument.text.find(' '));
        if (word.find('/') == std::string::npos || word.find('$') != std::string::npos) continue;
        if (!word.starts_with('/') && !step.workdir.is_known()) continue;
        // A JSON element may be shorter in the source than its text, where its bytes are no UTF-8.
        const auto end = argument.span.begin + static_cast<std::uint32_t>(word.size());
        const Span span{argument.span.begin, std::min(end, argument.span.end)};
        uses.push_back({resolve_path(step.workdir.text, word), LostArtifact::Consumer::command, stage.index, i, span});
      }
    }
  }
  return uses;
}

// Where the container looks for programs and libraries, whatever starts in it.
std::vector<Use> searched_directories(const Dockerfile& file, const Stage& stage) {
  constexpr std::string_view variables[] = {"PATH",      "PYTHONPATH", "NODE_PATH", "LD_LIBRARY_PATH",
                                            "CLASSPATH", "PERL5LIB",   "RUBYLIB"};
  std::vector<Use> uses;
  if (!file.ships(stage)) return uses;
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    if (step.instruction->keyword != Keyword::env) continue;
    for (const auto& pair : step.instruction->pairs) {
      if (std::ranges::find(variables, pair.name) == std::end(variables)) continue;
      std::string value;
      std::ranges::remove_copy_if(pair.value, std::back_inserter(value), [](char c) { return c == '"' || c == '\''; });
      for (std::string_view rest = value; !rest.empty();) {
        const auto colon = rest.find(':');
        const auto directory = file.expand(stage, step, rest.substr(0, colon));
        rest.remove_prefix(colon == rest.npos ? rest.size() : colon + 1);
        if (directory.is_known() && directory.text.starts_with('/'))
          uses.push_back({clean_path(directory.text), LostArtifact::Consumer::variable, stage.index, i, pair.span});
      }
    }
  }
  return uses;
}

// Reads of this stage's files from other stages.
std::vector<Use> uses_from_outside(const Dockerfile& file, const Stage& producer) {
  std::vector<Use> uses;
  for (const auto& stage : file.stages()) {
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& step = stage.steps[i];
      if (step.copy && step.copy->stage == producer.index)
        for (const auto& source : step.copy->sources)
          if (source.known && !source.heredoc)
            uses.push_back({resolve_path("/", source.text), LostArtifact::Consumer::copy, stage.index, i, source.span});
      for (const auto& mount : step.mounts)
        if (mount.type == Mount::Type::bind && !mount.from.empty() && mount.from == producer.name &&
            !mount.source.empty())
          uses.push_back(
              {resolve_path("/", mount.source), LostArtifact::Consumer::bind_mount, stage.index, i, mount.span});
    }
  }
  return uses;
}

// A path with wildcards stands for its longest plain directory.
std::string plain_part(const std::string& path) {
  const auto wild = path.find_first_of("*?[");
  return wild == std::string::npos ? path : std::string(path_parent(path.substr(0, wild) + "x"));
}

enum class Origin { none, possible, certain };

// Whether the commands of a step write the path, given that it runs with or without the mount.
Origin writes(const Site& site, const std::string& path) {
  if (!site.step.script) return site.step.instruction->keyword == Keyword::run ? Origin::possible : Origin::none;
  if (site.step.script->opaque) return Origin::possible;
  Origin origin = Origin::none;
  for (const auto& command : site.step.script->commands) {
    const auto outputs = command_outputs(site, command);
    const bool named =
        std::ranges::any_of(outputs.paths, [&](const std::string& output) { return path_is_under(path, output); });
    if (named) return Origin::certain;
    if (outputs.anything) origin = Origin::possible;
  }
  return origin;
}

// Another step of the stage, one before `end`, may put the path into the layer.
Origin other_origin(const Dockerfile& file, const Stage& stage, std::size_t producer, std::size_t end,
                    const std::string& path) {
  Origin best = Origin::none;
  for (std::size_t i = 0; i < end; ++i) {
    const auto& step = stage.steps[i];
    if (step.copy) {
      if (!step.copy->destination.is_known()) best = std::max(best, Origin::possible);
      else if (step.copy->from_context() == false && path_is_under(path, step.copy->destination.text))
        return Origin::certain;
      // COPY of the build context: the artifact could stand in it, but a build output seldom does.
      else if (step.copy->from_context() && path_is_under(step.copy->destination.text, path)) return Origin::certain;
    }
    if (i == producer || step.instruction->keyword != Keyword::run) continue;
    if (mount_over(step, path) != nullptr) continue;
    const auto written = writes({file, stage, step}, path);
    if (written == Origin::certain) return Origin::certain;
    if (i > producer) best = std::max(best, written);
  }
  return best;
}

}  // namespace

std::vector<LostArtifact> find_lost_artifacts(const Dockerfile& file) {
  std::vector<LostArtifact> lost;
  for (const auto& stage : file.stages()) {
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& step = stage.steps[i];
      for (const auto& mount : step.mounts) {
        if (!mount.hides_writes() || !mount.target.is_known()) continue;
        auto uses = uses_within(stage, i + 1);
        std::ranges::move(searched_directories(file, stage), std::back_inserter(uses));
        std::ranges::move(uses_from_outside(file, stage), std::back_inserter(uses));
        for (const auto& child : file.stages())  // stages that continue this one
          if (child.parent == stage.index) std::ranges::move(uses_within(child, 0), std::back_inserter(uses));
        for (auto& use : uses) {
          const auto path = plain_part(use.path);
          if (!path_is_under(path, mount.target.text)) continue;
          const auto& reader = file.stages()[use.stage].steps[use.step];
          if (use.consumer == LostArtifact::Consumer::run && reader_sees_mount(reader, mount)) continue;
          if (use.consumer == LostArtifact::Consumer::run && mount_over(reader, path) != nullptr) continue;
          const auto produced = writes({file, stage, step}, path);
          if (produced == Origin::none) continue;
          const bool in_stage = use.consumer == LostArtifact::Consumer::run && use.stage == stage.index;
          const auto other = other_origin(file, stage, i, in_stage ? use.step : stage.steps.size(), path);
          if (other == Origin::certain) continue;
          LostArtifact artifact;
          artifact.stage = stage.index;
          artifact.producer = i;
          artifact.mount = &mount;
          artifact.path = use.path;
          artifact.certain = produced == Origin::certain && other == Origin::none;
          artifact.consumer = use.consumer;
          artifact.consumer_stage = use.stage;
          artifact.consumer_step = use.step;
          artifact.consumer_span = use.span;
          // The last RUN that wrote it is the one to mend; an earlier one with the same mount only prepared it.
          const auto same = std::ranges::find_if(
              lost, [&](const LostArtifact& l) { return l.consumer_span == artifact.consumer_span; });
          if (same == lost.end()) lost.push_back(std::move(artifact));
          else if (same->stage == artifact.stage && same->producer < artifact.producer) *same = std::move(artifact);
        }
      }
    }
  }
  return lost;
}

}  // namespace dockhew
