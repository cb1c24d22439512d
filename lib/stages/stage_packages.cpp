#include "stages/stage_packages.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

bool copies_in_runtime(const Stage& stage, const Placement& placement, const std::string& path) {
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (placement.places[i].runtime && stage.steps[i].copy && stage.steps[i].copy->destination.is(path)) return true;
  return false;
}

// A health check brings its own needs: the full image has programs that the runtime image has not.
void add_health_check_needs(const Stage& stage, const RuntimeImage& image, Names& names) {
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword != Keyword::healthcheck) continue;
    for (const auto& argument : step.instruction->arguments)
      for (const auto& program : image.lacks)
        if ((argument.text == program || argument.text.starts_with(std::string(program) + ' ')) && !has(names, program))
          names.emplace_back(program);
  }
}

void add_command_needs(const Stage& stage, const Placement& placement, Names& names) {
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    if (!placement.places[i].runtime || !stage.steps[i].script) continue;
    for (const auto& command : stage.steps[i].script->commands)
      if (const auto package = package_of_command(*stage.image, command.name()); !package.empty())
        names.emplace_back(package);
  }
}

}  // namespace

Outcome<StagePackages> choose_packages(const Dockerfile& file, const Stage& stage, const Placement& placement,
                                       const RuntimeImage& image, const std::string& init) {
  const auto& runtime = *ecosystem_of(stage)->runtime;
  auto found = find_installed_packages(stage, placement.package_steps);
  if (!found) return found.declined();
  auto& installed = found->names;
  std::erase_if(installed, [&](const std::string& name) {
    return std::ranges::find(runtime.packages, name) != runtime.packages.end();
  });
  if (runtime.needed_packages != nullptr && image.name != stage.base.text)
    std::ranges::move(runtime.needed_packages(file, stage), std::back_inserter(installed));
  // An init process that is not in the runtime image must come from a package or a file.
  if (!init.empty() && !has(installed, path_basename(init)) && !copies_in_runtime(stage, placement, init))
    return Declined{"it is not known where `" + init + "` comes from"};
  auto packages = runtime_packages(file.facts(), installed, *stage.image);
  if (!packages) return packages.declined();
  StagePackages result;
  auto& names = result.names = std::move(*packages);
  result.recommended =
      std::ranges::any_of(names, [&](const std::string& name) { return found->with_recommended.contains(name); });
  add_health_check_needs(stage, image, names);
  if (!names.empty() && image.other_distribution)
    return Declined{"what `" + names[0] + "` is called on the distribution of `" + image.name + "` is not known"};
  add_command_needs(stage, placement, names);
  result.certificates = !image.has_certificates && names.empty();
  if (!image.has_certificates && !names.empty()) names.emplace_back("ca-certificates");
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (!names.empty() && placement.package_steps.empty() && !has_package_archive(file.facts(), *stage.image))
    return Declined{"`" + names[0] + "` would have to be installed in `" + image.name +
                    "`, but its Debian release may no longer have packages to download"};
  return result;
}

}  // namespace dockhew::inline stages
