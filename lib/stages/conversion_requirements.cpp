#include "stages/conversion_requirements.hpp"

#include <algorithm>

#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/interpreter.hpp"
#include "effects/plain_effects.hpp"
#include "effects/published_scripts.hpp"
#include "effects/unix_effects.hpp"
#include "model/runs.hpp"
#include "stages/other_results.hpp"
#include "stages/step_placement.hpp"
#include "syntax/instruction_errors.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {

Obstacle image_obstacle(const Stage& stage) {
  if (!stage.image || stage.image->windows)
    return Declined{"the toolchain and the runtime image of the base image are not known"};
  const auto* runtime = runtime_of(stage);
  if (runtime == nullptr) return Declined{"the base image does not belong to a language whose runtime image is known"};
  if (runtime->program == nullptr) return Declined{std::string(runtime->obstacle)};
  if (stage.from->arguments.empty() ||
      (stage.from->arguments[0].text.find('$') != std::string::npos && !runtime->any_version))
    return Declined{"the base image comes from a build argument, so its runtime image cannot be named"};
  if (!stage.reference.digest.empty() && stage.reference.tag.empty())
    return Declined{
        "the base image has a digest and no tag, so its version is not known, nor which runtime image fits"};
  return std::nullopt;
}

Outcome<std::string> written_image(const Dockerfile& file, const Stage& stage, const RuntimeChoice& choice) {
  const auto& image = choice.image.name;
  const auto& text = stage.from->arguments[0].text;
  if (text.find('$') == text.npos) return image + (choice.digest.empty() ? "" : '@' + choice.digest);
  for (const auto& argument : file.context().origin().arguments)
    if (text.find('$' + argument) != text.npos || text.find("${" + argument) != text.npos)
      return Declined{"the builds of this file pass `" + argument + "`, so which base image they have is not known"};
  const auto& base = stage.base.text;
  const auto differing = std::ranges::mismatch(base, image).in1;
  const std::string suffix(differing, base.end());
  const bool inserted = image.size() >= base.size() && image.ends_with(suffix) && text.ends_with(suffix);
  const auto rest = text.size() - suffix.size();
  if (!inserted || text.find('$', rest) != text.npos)
    return Declined{"the base image comes from a build argument, so its runtime image cannot be named"};
  return text.substr(0, rest) + image.substr(base.size() - suffix.size(), image.size() - base.size()) + suffix;
}

namespace {

// A program for one platform in an image of another one works nowhere, and which of them the author means is not said.
Obstacle obstacle_in_platform(const Stage& stage) {
  const auto* platform = stage.from->flag("platform");
  if (platform == nullptr || platform->value.find("BUILDPLATFORM") == std::string::npos) return std::nullopt;
  for (const auto& step : stage.steps)
    if (step.script && step.script->text.view().find("TARGET") != std::string_view::npos)
      return Declined{"the base image is for the platform that builds, and the build names the target platform"};
  return std::nullopt;
}

bool is_known(const Facts& facts, const Runtime& runtime, const Stage& stage, const ShellCommand& command) {
  const auto& name = command.name();
  return command.use != nullptr || has_plain_effects(facts, command) || only_reads(facts, command) ||
         sets_up_tool(name) || name == "dpkg-query" || configures_tool(facts, command) ||
         runs_source(runtime, stage, command) || part_of_command(runtime, command) || is_repeated(runtime, command);
}

Obstacle obstacle_in_run(const Site& site, const Runtime& runtime) {
  const auto& facts = site.file.facts();
  const auto& [file, stage, step] = site;
  if (!step.script || step.script->opaque || step.script->from_heredoc) return Declined{"a RUN cannot be analyzed"};
  if (std::ranges::any_of(step.mounts,
                          [](const Mount& mount) { return mount.type == Mount::Type::bind && !mount.from.empty(); }))
    return Declined{"a RUN mounts files from another image"};
  for (const auto& command : step.script->commands) {
    if (command.words.empty()) continue;
    if (command.name().empty())
      return Declined{"the command `" + command.words[0].raw +
                      "` contains variables, so it is not known before the build"};
    if (is_known(facts, runtime, stage, command) || runs_read_commands(*step.script, command)) continue;
    if (const auto script = context_script(site, command))
      return Declined{"what `" + script->files.front().source + "` does is not divided between two stages"};
    if (runs_download(facts, *step.script, command))
      return Declined{"what the script does that `" + command.name() + "` is given is not divided between two stages"};
    const auto* row = facts.unix_command(command.name());
    if (row != nullptr && !row->anything)
      return Declined{"what `" + command.name() + "` does is not divided between two stages"};
    if (find_interpreter(command.name()) != nullptr && command.words.size() > 1)  // `python -c`, `python manage.py`
      return Declined{"it is not known what `" + command.name() + ' ' + first_words(command.words[1].raw, 40) +
                      "` does"};
    return Declined{"it is not known what the command `" + command.name() + "` does"};
  }
  return std::nullopt;
}

// Why there is nothing to start with, where neither CMD nor ENTRYPOINT says it.
std::string unsaid_start(const Dockerfile& file) {
  if (const auto* start = file.context().origin().start_in_place())
    return "only `" + start->place + "` says what the image runs; add a CMD";
  return "neither CMD nor ENTRYPOINT says what the image runs, so it may be meant as a base for other images";
}

}  // namespace

Obstacle conversion_obstacle(const Dockerfile& file) {
  if (has_target_by_number(file))
    return Declined{"a build stops at a stage that it tells by its number, which would be another one then"};
  if (file.stages().size() != 1) return Declined{"the file has more than one stage already"};
  if (!file.document().errors().empty() || !find_instruction_errors(file.document()).empty())
    return Declined{"the file has syntax errors"};
  const auto& stage = file.final_stage();
  if (auto obstacle = image_obstacle(stage)) return obstacle;
  if (auto obstacle = obstacle_in_platform(stage)) return obstacle;
  const auto& runtime = *runtime_of(stage);
  // What a program of an interpreted language needs does not depend on who says how it is started.
  const bool started_elsewhere = !runtime.compiled && file.context().origin().start_in_place() != nullptr;
  const bool starts =
      started_elsewhere || std::ranges::any_of(stage.steps, [](const Step& step) {
        return step.instruction->keyword == Keyword::cmd || step.instruction->keyword == Keyword::entrypoint;
      });
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword == Keyword::onbuild)
      return Declined{"the image has ONBUILD triggers, so it is meant as a base for other images"};
    if (!starts) return Declined{unsaid_start(file)};
    if (step.instruction->keyword == Keyword::unknown) return Declined{"the file has an unknown instruction"};
    if (step.instruction->keyword != Keyword::run) continue;
    if (auto obstacle = obstacle_in_run({file, stage, step}, runtime)) return obstacle;
  }
  if (const auto& place = file.context().origin().final_stage_kept; !place.empty())
    return Declined{"the cache that `" + place +
                    "` exports has the layers of the final stage alone, so a new machine would make a builder stage "
                    "again for every change: export it with `mode=max` first"};
  return std::nullopt;
}

Outcome<BuildPoint> find_build(const Dockerfile& file, const Stage& stage, const Runtime& runtime) {
  std::optional<std::size_t> last;
  BuildPoint result;
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    if (stage.steps[i].instruction->keyword != Keyword::run) continue;
    for (const auto& command : stage.steps[i].script->commands)
      if (const auto part = part_of_command(runtime, command); part && *part != BuildPart::nothing) {
        last = i;
        result.builds_source |= *part == BuildPart::builds;
      }
    for (const auto& use : stage.steps[i].script->uses) {
      if (std::ranges::find(runtime.tools, use.tool->id) == runtime.tools.end()) continue;
      const auto part = runtime.part(use);
      if (!part) return part.declined();
      if (*part != BuildPart::nothing) last = i;
      result.builds_source |= *part == BuildPart::builds;
    }
  }
  const bool takes_project = last && result.builds_source && runtime.takes_project;
  const auto project = takes_project ? built_directory(runtime, stage, stage.steps[*last]) : Value();
  if (auto obstacle = find_result_of_other_tool(file, stage, runtime, project)) return *obstacle;
  if (!last) return Declined{"no step builds or installs with " + std::string(runtime.titles)};
  result.step = *last;
  return result;
}

}  // namespace dockhew::inline stages
