#include "stages/runtime_base.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/started_programs.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "ecosystems/system/other_distribution.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "stages/conversion_requirements.hpp"
#include "stages/installation_text.hpp"
#include "stages/kept_owners.hpp"
#include "stages/other_starts.hpp"
#include "stages/runtime_choice.hpp"
#include "stages/runtime_users.hpp"
#include "stages/stage_packages.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

using Names = std::vector<std::string>;

void append(Names& names, Names more) { std::ranges::move(more, std::back_inserter(names)); }

// A RUN of the stage must do the same in the other image.
Obstacle obstacle_in_runs(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                          const RuntimeImage& image) {
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword == Keyword::onbuild) return Declined{"the image has ONBUILD triggers"};
    if (!step.script) continue;
    if (file.stages().size() == 1 && step.script->opaque)
      return Declined{"it is not known what a RUN does, which may need the toolchain"};
    for (const auto& command : step.script->commands) {
      if (command.words.empty()) continue;
      const bool of_language = command.use != nullptr && !command.use->tool->packages.of_system;
      if (of_language &&
          (runtime.installs_alike == nullptr || !runtime.installs_alike({file, stage, step}, *command.use)))
        return Declined{"`" + command.name() + "` runs in the final stage, and may compile something there"};
      if (std::ranges::find(runtime.toolchain_programs, command.name()) != runtime.toolchain_programs.end())
        return Declined{"`" + command.name() + "`, which a RUN of the final stage calls, is not in `" + image.name +
                        "`"};
      // Where nothing else builds, what a RUN does is all that could need the toolchain.
      if (file.stages().size() == 1 && command.use == nullptr && !file.facts().is_plain(command.name()) &&
          !file.facts().is_bystander(command.name()) && !runs_read_commands(*step.script, command))
        return Declined{"it is not known what `" + command.words[0].raw + "` does, which may need the toolchain"};
      if (image.lacks.find(command.name()) != image.lacks.end())
        return Declined{"`" + command.name() + "`, which a RUN of the final stage calls, is not in `" + image.name +
                        "`"};
      if (!package_of_command(*stage.image, command.name()).empty())
        return Declined{"`" + command.name() + "` may not be in `" + image.name + "`"};
    }
  }
  return std::nullopt;
}

// What is copied to where it is started, or searched for.
std::vector<Artifact> copied_files(const Stage& stage) {
  std::vector<Artifact> files;
  for (const auto& step : stage.steps)
    if (step.copy && step.copy->destination.is_known()) {
      const auto& to = step.copy->destination.text;
      files.push_back({"", to});
      for (const auto& source : step.copy->sources)
        files.push_back({"", to + '/' + std::string(path_basename(source.text))});
    }
  return files;
}

// Users of the base image alone cannot own anything in another one.
Obstacle obstacle_in_owners(const Dockerfile& file, const Stage& stage, const Placement& placement,
                            const RuntimeImage& image) {
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    std::vector<std::string> owners;
    if (const auto* flag = stage.steps[i].instruction->flag("chown")) owners.push_back(flag->value);
    if (stage.steps[i].script)
      for (const auto& command : stage.steps[i].script->commands)
        for (const auto& owned : unix_effects(file.facts(), command).owners.paths) owners.push_back(owned.text);
    for (const auto& owner : owners)
      if (!has_runtime_user(file.facts(), stage, placement, i + 1, image.same_family, owner))
        return Declined{"`" + owner + "` may not exist in `" + image.name + "`"};
  }
  return user_obstacle(file, stage, placement, image.same_family);
}

// Of a compiled language's image the runtime image has hardly anything.
Obstacle obstacle_in_starts(const Dockerfile& file, const Stage& stage, const Runtime& runtime) {
  if (!runtime.compiled) return std::nullopt;
  if (runtime.kept_programs.empty())
    return Declined{"it is not known which shared libraries of `" + stage.base.text + "` the program loads"};
  const auto started = find_started_programs(file, stage, runtime);
  for (const auto& name : started->names)
    if (std::ranges::find(runtime.kept_programs, name) == runtime.kept_programs.end() &&
        !is_in_runtime(file.facts(), name, copied_files(stage)))
      return Declined{"`" + name + "`, which the container runs, may not be in the runtime image"};
  return std::nullopt;
}

// Libraries that what the other stages install is linked to, which the full form of the final stage's image has.
Outcome<Names> libraries_of_builders(const Dockerfile& file, const Stage& final, const Runtime& runtime) {
  Names packages;
  for (const auto& stage : file.stages()) {
    if (&stage == &final || ecosystem_of(stage) != ecosystem_of(final)) continue;
    if (runtime.needed_packages != nullptr) append(packages, runtime.needed_packages(file, stage));
    std::vector<std::size_t> steps;
    for (std::size_t i = 0; i < stage.steps.size(); ++i)
      if (stage.steps[i].script) steps.push_back(i);
    auto installed = find_installed_packages(stage, steps);
    if (!installed) return installed.declined();
    std::erase_if(installed->names, [](const std::string& name) { return !name.ends_with("-dev"); });
    append(packages, std::move(installed->names));
  }
  return runtime_packages(file.facts(), packages, *final.image);
}

}  // namespace

Outcome<RuntimeBase> plan_runtime_base(const Dockerfile& file, Builder builder) {
  const auto& stage = file.final_stage();
  if (auto obstacle = image_obstacle(stage)) return *obstacle;
  const auto& runtime = *runtime_of(stage);
  const auto choice = choose_runtime_image(file, stage);
  if (!choice) return choice.declined();
  const auto* image = &choice->image;
  if (image->name == stage.base.text) return Declined{"the base image is already a runtime image"};
  if (runtime.need_of_toolchain != nullptr)
    if (auto obstacle = runtime.need_of_toolchain(file, image->name)) return *obstacle;
  auto written = written_image(file, stage, *choice);
  if (!written) return written.declined();
  if (auto obstacle = obstacle_in_runs(file, stage, runtime, *image)) return *obstacle;
  if (auto obstacle = tie_to_distribution(file, stage, *image)) return *obstacle;
  if (auto obstacle = obstacle_in_starts(file, stage, runtime)) return *obstacle;
  if (auto obstacle = other_start_obstacle(file, stage, runtime, copied_files(stage), true)) return *obstacle;
  const Placement unchanged{std::vector<Place>(stage.steps.size(), {false, true}), {}, {}};
  if (auto obstacle = obstacle_in_owners(file, stage, unchanged, *image)) return *obstacle;
  auto packages = choose_packages(file, stage, unchanged, *image, {});
  if (!packages) return packages.declined();
  auto libraries = libraries_of_builders(file, stage, runtime);
  if (!libraries) return libraries.declined();
  if (!libraries->empty() && image->other_distribution)
    return Declined{"what `" + libraries->front() + "` is called on the distribution of `" + image->name +
                    "` is not known"};
  append(packages->wanted.names, *std::move(libraries));
  std::ranges::sort(packages->wanted.names);
  packages->wanted.names.erase(std::unique(packages->wanted.names.begin(), packages->wanted.names.end()),
                               packages->wanted.names.end());

  RuntimeBase result{image->name, {{stage.from->arguments[0].span, *std::move(written)}}, image->differences};
  if (!packages->wanted.names.empty())
    result.edits.push_back(insert_lines_after(
        file.document(), *stage.from,
        installation_text(file, install_packages(stage.image->distribution, packages->wanted), builder)));
  if (!packages->unread_script.empty()) result.checklist.push_back(packages->unread_script);
  append(result.checklist, image->unknown_needs);
  result.checklist.emplace_back("the image itself: build it once, and start it");
  return result;
}

}  // namespace dockhew::inline stages
