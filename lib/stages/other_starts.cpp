#include "stages/other_starts.hpp"

#include <algorithm>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/started_programs.hpp"
#include "effects/unix_effects.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

// A command that a manifest of the project gives another meaning: `npm run dev`.
bool runs_script(const Dockerfile& file, const Stage& stage, const Runtime& runtime, const std::string& text) {
  if (runtime.run_by == nullptr) return false;
  const auto look = [&](std::string_view name) { return file.lookup(stage, stage.environment.size(), name); };
  auto script = parse_script(LogicalText(text, 0), look, stage.workdir);
  find_tool_uses(file.facts(), script);
  return std::ranges::any_of(script.commands, [&](const ShellCommand& command) {
    return command.use != nullptr && !runtime.run_by(file, stage, command).empty();
  });
}

// Whether a start in place of the image's own only waits: `bash`, `'sleep' 'infinity'`.
bool waits(const ContainerStart& start) {
  if (start.besides) return false;
  auto text = start.text;
  std::erase(text, '\'');
  return is_waiting(split_words(text));
}

}  // namespace

// Packages: see choose_packages.
bool is_in_runtime(const Facts& facts, const std::string& name, const std::vector<Artifact>& artifacts) {
  const bool of_system = name.ends_with("sh") || facts.unix_command(name) != nullptr || facts.is_bystander(name) ||
                         is_launcher(name) || facts.full_image_programs.contains(name);
  return of_system ||
         std::ranges::any_of(artifacts, [&](const Artifact& artifact) { return path_basename(artifact.to) == name; });
}

bool is_for_people(const Dockerfile& file, const Stage& stage) {
  const auto own = find_start_command(stage);
  if (std::ranges::any_of(file.context().origin().starts, waits)) return true;
  if (!own || file.context().origin().start_in_place() != nullptr) return false;
  const std::vector<std::string_view> words(own->words.begin(), own->words.end());
  const auto* runtime = runtime_of(stage);
  const bool prompt = words.size() == 1 && runtime != nullptr &&
                      std::ranges::find(runtime->prompts, path_basename(words[0])) != runtime->prompts.end();
  return prompt || is_waiting(words);
}

bool runs_mounted_source(const Dockerfile& file, const Stage& stage) {
  const auto covers = [&](const std::string& target) { return path_is_under(stage.workdir.text, target); };
  return stage.workdir.is_known() && std::ranges::any_of(file.context().origin().mounted_over, covers);
}

Obstacle other_start_obstacle(const Dockerfile& file, const Stage& stage, const Runtime& runtime,
                              const std::vector<Artifact>& artifacts, bool source) {
  const auto& starts = file.context().origin().starts;
  if (const auto start = std::ranges::find_if(starts, waits); start != starts.end())
    return Declined{"`" + first_words(start->text, 60) + "`, which " + start->place +
                    " starts, is nothing of the project, so what people run there, and what that needs, is not known"};
  if (is_for_people(file, stage))
    return Declined{
        "the container starts nothing of the project, so what people run in it, and what that needs, is not known"};
  if (runs_mounted_source(file, stage))
    return Declined{"every build that is known lays the source over `" + stage.workdir.text +
                    "`, so people change it there, and what they run, and what that needs, is not known"};
  if (starts.empty()) return std::nullopt;
  for (const auto& [text, place, besides] : starts) {
    if (text.empty()) return Declined{"what `" + place + "` starts in the image is not known, and may need all of it"};
    if (!source && runs_script(file, stage, runtime, text))
      return Declined{"`" + first_words(text, 60) + "`, which " + place + " starts, may need the source"};
  }
  if (!runtime.compiled) return std::nullopt;
  const auto own = find_start_command(stage);
  const auto started = find_started_programs(file, stage, runtime);
  for (const auto& [name, place] : started->by_others) {
    const bool same = own && path_basename(own->words.front()) == name;
    if (!same && !is_in_runtime(file.facts(), name, artifacts))
      return Declined{"`" + name + "`, which " + place + " starts, may not be in the runtime image"};
  }
  return std::nullopt;
}

}  // namespace dockhew::inline stages
