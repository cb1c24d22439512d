#include "stages/program_files.hpp"

#include <algorithm>
#include <iterator>

#include "stages/copied_artifacts.hpp"
#include "stages/other_starts.hpp"
#include "stages/runtime_files.hpp"
#include "stages/start_files.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

// The steps of the stage whose place is one that `holds` is true of.
template <typename Holds>
std::vector<const Step*> steps_where(const Stage& stage, const Placement& placement, const Holds& holds) {
  std::vector<const Step*> steps;
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (holds(placement.places[i])) steps.push_back(&stage.steps[i]);
  return steps;
}

// Those whose results are in the builder alone.
std::vector<const Step*> copying_runs(const Stage& stage, const Placement& placement) {
  auto steps = steps_where(stage, placement, [](const Place& place) { return place.builder && !place.runtime; });
  std::erase_if(steps, [](const Step* step) { return !step->script; });
  return steps;
}

}  // namespace

Outcome<RuntimeProgram> find_program_files(const Conversion& conversion, const Runtime& runtime,
                                           const Placement& placement) {
  const auto& stage = conversion.stage;
  auto program = runtime.program(conversion);
  if (!program) return program;
  auto& artifacts = program->artifacts;
  if (runtime.compiled && !program->complete) {
    auto files = find_runtime_files(conversion);
    if (!files) return files.declined();
    // A directory that is copied brings the programs that were built into it.
    std::erase_if(artifacts, [&](const Artifact& built) {
      return built.from == built.to && std::ranges::any_of(files->artifacts, [&](const Artifact& data) {
               return data.from == data.to && path_is_under(built.to, data.to);
             });
    });
    std::ranges::move(files->artifacts, std::back_inserter(artifacts));
    for (const auto& place : files->made) {
      const auto brings = [&](const Artifact& artifact) {
        const auto to = clean_path(artifact.to);
        return path_is_under(place, to) || path_is_under(to, place);
      };
      if (std::ranges::none_of(artifacts, brings))
        return Declined{'`' + place + "`, which the file or what starts its container names, is made by the build, " +
                        "and the runtime stage would not have it"};
    }
    if (!files->checklist.empty()) program->checklist.push_back(std::move(files->checklist));
  }
  const auto copied = find_copied_artifacts(conversion.file.facts(), stage, copying_runs(stage, placement), artifacts);
  if (!copied) return copied.declined();
  artifacts.insert(artifacts.end(), copied->begin(), copied->end());
  // Compiled programs have already been found, and a source that is only copied is copied here too.
  if (!runtime.compiled && conversion.builds_source) {
    const auto steps = steps_where(stage, placement, [](const Place& place) { return place.runtime; });
    if (const auto missing = find_missing_start_file(stage, conversion.file.context().origin().starts,
                                                     runtime.script_endings, artifacts, steps))
      return Declined{"`" + *missing + "`, which the container runs, is not a known result of the build"};
  }
  if (runtime.compiled) {
    const auto steps = steps_where(stage, placement, [](const Place& place) { return place.runtime; });
    if (const auto missing = find_missing_script(stage, conversion.file.context().origin().starts, artifacts, steps))
      return Declined{"`" + *missing + "`, which something else than the image starts, would not be in it"};
  }
  const bool all_of_project = std::ranges::any_of(artifacts, [&](const Artifact& artifact) {
    return conversion.build.workdir.is_known() && path_is_under(conversion.build.workdir.text, artifact.to);
  });
  if (auto obstacle = other_start_obstacle(conversion.file, stage, runtime, artifacts,
                                           !runtime.compiled && (!conversion.builds_source || all_of_project)))
    return *obstacle;
  return program;
}

}  // namespace dockhew::inline stages
