#include "stages/multi_stage.hpp"

#include <algorithm>
#include <iterator>

#include "caches/package_index.hpp"
#include "ecosystems/ecosystem.hpp"
#include "stages/conversion_requirements.hpp"
#include "stages/installation_text.hpp"
#include "stages/kept_owners.hpp"
#include "stages/multi_stage_text.hpp"
#include "stages/preparations.hpp"
#include "stages/program_files.hpp"
#include "stages/repeated_commands.hpp"
#include "stages/runtime_choice.hpp"
#include "stages/runtime_users.hpp"
#include "stages/stage_packages.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

// The image of the runtime stage, and where the steps go.
struct Division {
  BuildPoint build;
  bool runs_source = false;          // the container runs the copied files themselves
  bool removes_development = false;  // and nothing else: the base image is a runtime image already
  Placement placement;
  RuntimeChoice runtime;
};

template <typename T>
void append(std::vector<T>& list, const std::vector<T>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

bool fetches_index(const Step& step, const Tool& tool) {
  return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
           return use.tool == &tool && use.action->kind == ActionKind::refresh;
         });
}

// `RUN apt-get install ffmpeg` after the build reads the lists that an earlier RUN fetched, which only the builder has.
Obstacle index_obstacle(const Dockerfile& file, const Stage& stage, const Placement& placement) {
  std::vector<const Tool*> fetched;  // in the runtime stage
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    if (!placement.places[i].runtime || !step.script) continue;
    for (const auto& use : step.script->uses) {
      const auto& tool = *use.tool;
      if (std::ranges::none_of(tool.caches, &ToolCache::index)) continue;
      if (std::ranges::find(fetched, &tool) != fetched.end()) continue;
      if (installs_with_earlier_index({file, stage, step}, tool))
        return Declined{
            "`" + first_words(step.script->text.view(use.command->span), 60) +
            "` reads an index of packages that an earlier RUN fetched, which the runtime stage would not have"};
      if (fetches_index(step, tool)) fetched.push_back(&tool);
    }
  }
  return std::nullopt;
}

Outcome<Division> divide(const Dockerfile& file) {
  if (auto obstacle = conversion_obstacle(file)) return *obstacle;
  const auto& stage = file.final_stage();
  // What each does is compared with what precedes it. The largest of 1,169 real files has 400 instructions.
  constexpr std::size_t most_steps = 500;
  if (stage.steps.size() > most_steps)
    return Declined{"the stage has more than " + std::to_string(most_steps) + " instructions"};
  const auto& runtime = *runtime_of(stage);
  const auto build = find_build(file, stage, runtime);
  if (!build) return build.declined();
  const bool runs_source = !runtime.compiled && !build->builds_source;
  auto placement = place_steps(file.facts(), runtime, stage, build->step, runs_source);
  if (!placement) return placement.declined();
  auto choice = choose_runtime_image(file, stage);
  if (!choice) return choice.declined();
  const auto& name = choice->image.name;
  const bool same = name == stage.base.text && placement->package_steps.empty();
  const bool removes_development = same && build->builds_source && runtime.brings_development != nullptr &&
                                   runtime.brings_development(file, stage) != nullptr;
  if (same && !removes_development) return Declined{"the base image is already a runtime image"};
  if (!same && runtime.need_of_toolchain != nullptr)
    if (auto obstacle = runtime.need_of_toolchain(file, name)) return *obstacle;
  if (auto obstacle = index_obstacle(file, stage, *placement)) return *obstacle;
  return Division{*build, runs_source, removes_development, std::move(*placement), *std::move(choice)};
}

std::vector<const Step*> builder_runs(const Stage& stage, const Placement& placement) {
  std::vector<const Step*> runs;
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (placement.places[i].builder && stage.steps[i].script) runs.push_back(&stage.steps[i]);
  return runs;
}

// For the runtime stage, what RUNs of the builder alone do besides building, by step.
struct Repeats {
  CommandsByStep commands;
  std::vector<OwnedPath> owned;
  std::vector<std::string> made;
};

Obstacle add_repeats(const Conversion& conversion, const Runtime& runtime, const Placement& placement, std::size_t step,
                     const std::vector<Artifact>& artifacts, const RuntimePlaces& places, bool same_family,
                     Repeats& repeats) {
  const auto& stage = conversion.stage;
  auto repeated = find_repeated_commands(conversion.file.facts(), runtime, stage.steps[step], artifacts, places);
  if (!repeated) return repeated.declined();
  for (const auto& owned : repeated->owned) {
    if (owned.owner.empty()) return Declined{"the owner of `" + owned.path + "` is not known"};
    if (!has_runtime_user(conversion.file.facts(), stage, placement, step + 1, same_family, owned.owner))
      return Declined{"`" + owned.owner + "`, who owns `" + owned.path + "`, may not exist in the runtime stage"};
  }
  append(repeats.owned, repeated->owned);
  append(repeats.made, repeated->made);
  if (!repeated->commands.empty()) repeats.commands.emplace(step, std::move(repeated->commands));
  return std::nullopt;
}

// Also moves to the builder what is only there of use.
Outcome<Repeats> find_repeats(const Conversion& conversion, std::size_t build, const std::vector<Artifact>& artifacts,
                              bool same_family, Placement& placement) {
  Repeats result;
  const auto& stage = conversion.stage;
  const auto& runtime = *runtime_of(stage);
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    if (!stage.steps[i].script) continue;
    auto places = find_runtime_places(conversion.file, stage, placement, i);
    if (!places) return places.declined();
    append(places->files, result.made);
    auto& place = placement.places[i];
    const auto settled =
        place_preparation({conversion, artifacts, *places, same_family, i > build}, stage.steps[i], placement, place);
    if (!settled) return settled.declined();
    place = *settled;
    if (!place.builder || place.runtime) continue;
    if (auto obstacle = add_repeats(conversion, runtime, placement, i, artifacts, *places, same_family, result))
      return *obstacle;
  }
  return result;
}

Outcome<MultiStageForm> convert(const Dockerfile& file, const Division& division, Builder builder) {
  const auto& [build, runs_source, removes_development, first_placement, choice] = division;
  const auto& image = choice.image;
  const auto& stage = file.final_stage();
  auto placement = first_placement;
  const Conversion conversion{
      file, stage, stage.steps[build.step], build.builds_source, builder_runs(stage, placement), image.name};
  auto program = find_program_files(conversion, *runtime_of(stage), placement);
  if (!program) return program.declined();
  if (removes_development && program->after_build.empty()) return Declined{program->keeps_development};
  for (const auto& artifact : program->artifacts)
    if (!can_be_written(artifact))
      return Declined{"COPY cannot be told of `" + artifact.from + "`, because of the characters in its name"};
  for (const auto& artifact : program->artifacts)
    if (artifact.from.ends_with('*') &&
        (builder != Builder::buildkit || !file.context().origin().refuses_mounts.empty()))
      return Declined{"`" + artifact.from + "` may match nothing, which only BuildKit lets a COPY do"};
  auto repeats = find_repeats(conversion, build.step, program->artifacts, image.same_family, placement);
  if (!repeats) return repeats.declined();
  const auto packages = choose_packages(file, stage, placement, image, *program);
  if (!packages) return packages.declined();
  if (packages->certificates)
    program->artifacts.push_back({"/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/ca-certificates.crt"});
  if (auto obstacle = user_obstacle(file, stage, placement, image.same_family)) return *obstacle;
  if (auto obstacle = number_obstacle(conversion)) return *obstacle;
  auto owners = keep_owners(file, stage, placement, build.step, image.same_family, repeats->owned);
  if (!owners) return owners.declined();

  append(*owners, program->after_copy);

  auto written = written_image(file, stage, choice);
  if (!written) return written.declined();
  const bool from_argument = !written->starts_with(image.name);
  RuntimeStage runtime{*std::move(written),
                       {},
                       std::move(program->artifacts),
                       std::move(repeats->commands),
                       std::move(program->before_copy),
                       std::move(*owners)};
  if (packages->wanted.any())
    runtime.installation =
        installation_text(file, install_packages(stage.image->distribution, packages->wanted), builder);
  MultiStageForm form;
  form.edits.push_back(
      write_stages(file, placement, {build.step, runs_source, std::move(program->after_build)}, runtime));
  if (from_argument)
    form.checklist.push_back("every build argument that names the base image names one with a slim form, as `" +
                             stage.base.text + "`, the default, is");
  append(form.checklist, image.differences);
  append(form.checklist, program->checklist);
  if (!packages->unread_script.empty()) form.checklist.push_back(packages->unread_script);
  append(form.checklist, image.unknown_needs);
  form.checklist.emplace_back("the build itself: run `docker build` on both files once, and start the result");
  return form;
}

}  // namespace

MultiStagePlan plan_multi_stage(const Dockerfile& file, Builder builder) {
  const auto division = divide(file);
  if (!division) return {"", division.declined()};
  return {division->runtime.image.name, convert(file, *division, builder)};
}

}  // namespace dockhew::inline stages
