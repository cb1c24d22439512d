#include "stages/stage_packages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/started_programs.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "ecosystems/system/package_sources.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

void append(Names& names, Names more) { std::ranges::move(more, std::back_inserter(names)); }

bool copies_in_runtime(const Stage& stage, const Placement& placement, const std::string& path) {
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (placement.places[i].runtime && stage.steps[i].copy && stage.steps[i].copy->destination.is(path)) return true;
  return false;
}

// The runtime image is for it: `python` in the slim form of an image of Python.
bool is_of_image(const Stage& stage, std::string_view program) {
  const auto language = stage.image->entry->language;
  return !language.empty() && program.starts_with(language);
}

// What the container starts brings its own needs: the full image has programs that the runtime image has not, and of
// `installed` some were taken to be for the build alone.
struct StartNeeds {
  Names packages;
  bool by_scripts = false;  // some are called by scripts
};

StartNeeds find_start_needs(const Dockerfile& file, const Stage& stage, const RuntimeImage& image,
                            const StartedPrograms& started, const Names& installed) {
  StartNeeds needs;
  // `build-base` has `make` in it.
  const bool builds =
      std::ranges::any_of(installed, [&](const std::string& name) { return is_build_package(file.facts(), name); });
  for (const auto& program : started.names) {
    if (is_of_image(stage, program)) continue;
    const auto& known = file.facts().full_image_programs;
    const auto lacked = image.lacks.find(program);
    const auto any = known.find(program);
    if (lacked != image.lacks.end()) {
      append(needs.packages, packages_of_program(*stage.image, lacked->second));
      needs.by_scripts |= started.by_scripts.contains(program);
    } else if (any != known.end()) {
      for (auto& package : packages_of_program(*stage.image, any->second))
        if (has(installed, package) || (builds && is_build_package(file.facts(), package)))
          needs.packages.push_back(std::move(package));
    }
    if (const auto package = package_of_command(*stage.image, program); !package.empty())
      needs.packages.emplace_back(package);
  }
  return needs;
}

// What keeps the needs of what the container starts from being known, or met.
Obstacle start_obstacle(const Dockerfile& file, const Runtime& runtime, const RuntimeImage& image,
                        const StartedPrograms& started) {
  for (const auto program : runtime.toolchain_programs)
    if (started.names.contains(std::string(program)))
      return Declined{"the container starts `" + std::string(program) + "`, which only the builder has"};
  for (const auto& tool : file.facts().tools) {
    if (runtime.toolchain_programs.empty() || std::ranges::find(runtime.tools, tool.id) == runtime.tools.end())
      continue;
    for (const auto program : tool.started_by)
      if (started.names.contains(std::string(program)))
        return Declined{"the container starts `" + std::string(program) +
                        "`, which runs the toolchain, and only the builder has that"};
  }
  if (image.lacks.begin() != image.lacks.end() && !started.installs.empty())
    return Declined{started.installs.front() + " installs packages when the container starts, and may need a compiler"};
  // It may call what the builder alone has, of its image or installed by the file.
  if (!started.unread.empty() && file.context().is_known() && !file.context().origin().guess)
    return Declined{fmt::format("`{}`, which the container starts, {}, so what it calls is not known",
                                started.unread.front().path, started.unread.front().why)};
  return std::nullopt;
}

// Where only a guess says that a script is not in the context, it is for a person to look.
std::string unread_script(const Dockerfile& file, const RuntimeImage& image, const StartedPrograms& started) {
  if (started.unread.empty() || !file.context().origin().guess) return {};
  return "the programs that `" + started.unread.front().path + "` calls are in `" + image.name +
         "`: the script is not in `" + file.context().origin().directory + "`, which is a guess";
}

// What the runtime stage runs itself: `RUN update-ca-certificates`.
void add_command_needs(const Stage& stage, const Placement& placement, const RuntimeImage& image, Names& names) {
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    if (!placement.places[i].runtime || !stage.steps[i].script) continue;
    for (const auto& command : stage.steps[i].script->commands)
      if (const auto package = package_of_command(*stage.image, command.name()); !package.empty()) {
        names.emplace_back(package);
      } else if (const auto lacked = image.lacks.find(command.name());
                 lacked != image.lacks.end() && command.use == nullptr && !is_of_image(stage, command.name())) {
        append(names, packages_of_program(*stage.image, lacked->second));
      }
  }
}

// What the runtime stage installs must be there without what the builder alone adds.
Obstacle source_obstacle(const Facts& facts, const Stage& stage, const Placement& placement) {
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    // It would come behind the installation, which is the first step of the runtime stage.
    if (const auto added = added_source(facts, step); !added.empty())
      return Declined{"packages may come from what `" + added + "` adds, which the runtime stage would lack"};
    if (placement.places[i].runtime) continue;
    if (const auto special = special_installation(step); !special.empty())
      return Declined{"`" + special + "` cannot be repeated by the names of its packages alone"};
  }
  return std::nullopt;
}

// `git=2.45.2-r0`: a version that one release of a distribution has, of a package that the runtime stage may install.
std::optional<std::string> pinned_package(const Facts& facts, const Stage& stage) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (!use.tool->packages.of_system || use.action->kind != ActionKind::install) continue;
      for (const auto i : use.operands) {
        const auto& raw = use.command->words[i].raw;
        const auto sign = raw.find_first_of("=~");
        if (sign != raw.npos && !is_build_package(facts, raw.substr(0, sign))) return raw;
      }
    }
  }
  return std::nullopt;
}

// What is installed in the runtime stage comes before all that the file says itself.
const std::string* argument_before(const Stage& stage, std::size_t step) {
  for (std::size_t i = 0; i < step; ++i)
    if (stage.steps[i].instruction->keyword == Keyword::arg && !stage.steps[i].instruction->arguments.empty())
      return &stage.steps[i].instruction->arguments[0].text;
  return nullptr;
}

// Before the packages that the file itself installs.
std::string setting_of_downloads(const Stage& stage, const Placement& placement) {
  if (placement.package_steps.empty()) return {};
  for (std::size_t i = 0; i < placement.package_steps.front(); ++i)
    if (auto setting = download_setting(stage.steps[i]); !setting.empty()) return setting;
  return {};
}

}  // namespace

Outcome<StagePackages> choose_packages(const Dockerfile& file, const Stage& stage, const Placement& placement,
                                       const RuntimeImage& image, const RuntimeProgram& program) {
  const auto& init = program.init;
  const auto& runtime = *runtime_of(stage);
  if (const auto pinned = image.same_release ? std::nullopt : pinned_package(file.facts(), stage))
    return Declined{"`" + *pinned + "` is a version of one release of the distribution, and that of `" + image.name +
                    "` may be another"};
  const auto known = find_started_programs(file, stage, runtime);
  const auto& started = *known;
  if (auto obstacle = start_obstacle(file, runtime, image, started)) return *obstacle;
  auto found = find_installed_packages(stage, placement.package_steps);
  if (!found) return found.declined();
  auto& installed = found->names;
  const auto needs = find_start_needs(file, stage, image, started, installed);
  std::erase_if(installed, [&](const std::string& name) {
    return std::ranges::find(runtime.packages, name) != runtime.packages.end();
  });
  if (runtime.needed_packages != nullptr) {
    auto needed = runtime.needed_packages(file, stage);
    // What the image itself lacks has come from elsewhere: with what was installed, or with a compiler.
    if (image.name == stage.base.text)
      std::erase_if(needed, [](const std::string& name) { return !comes_with_compiler(name); });
    std::ranges::move(needed, std::back_inserter(installed));
  }
  installed.insert(installed.end(), program.packages.begin(), program.packages.end());
  // An init process that is not in the runtime image must come from a package or a file.
  if (!init.empty() && !has(installed, path_basename(init)) && !copies_in_runtime(stage, placement, init))
    return Declined{"it is not known where `" + init + "` comes from"};
  auto packages = runtime_packages(file.facts(), installed, *stage.image);
  if (!packages) return packages.declined();
  StagePackages result;
  result.unread_script = unread_script(file, image, started);
  auto& names = result.wanted.names = std::move(*packages);
  result.wanted.upgrade = std::move(found->upgrade);
  if (!result.wanted.upgrade.empty())
    if (const auto* argument = argument_before(stage, found->upgrade_step))
      return Declined{"`ARG " + *argument +
                      "` has the packages brought up to date anew, and the runtime stage would "
                      "do so before it"};
  if (result.wanted.any() || !needs.packages.empty())
    if (const auto setting = setting_of_downloads(stage, placement); !setting.empty())
      return Declined{"`" + setting +
                      "` may be needed to download packages, and the runtime stage would do so before it"};
  result.wanted.recommended =
      std::ranges::any_of(names, [&](const std::string& name) { return found->with_recommended.contains(name); });
  names.insert(names.end(), needs.packages.begin(), needs.packages.end());
  if (!names.empty())
    if (auto obstacle = source_obstacle(file.facts(), stage, placement)) return *obstacle;
  const auto other = std::ranges::find_if_not(names, has_one_name);
  if (other != names.end() && image.other_distribution)
    return Declined{"what `" + *other + "` is called on the distribution of `" + image.name + "` is not known"};
  add_command_needs(stage, placement, image, names);
  const bool downloads = std::ranges::any_of(names, needs_certificates);
  const bool wanted = !image.has_certificates && (image.wants_certificates || needs.by_scripts || downloads);
  result.certificates = wanted && names.empty();
  if (wanted && !names.empty()) names.emplace_back("ca-certificates");
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const auto& program : placement.configured)
    if (has(names, program) || started.names.contains(program))
      return Declined{"`" + program + "` is needed in the container, and its settings may be in the builder alone"};
  if (!names.empty() && placement.package_steps.empty() && !has_package_archive(file.facts(), *stage.image))
    return Declined{"`" + names[0] + "` would have to be installed in `" + image.name +
                    "`, but its release may no longer have packages to download"};
  return result;
}

}  // namespace dockhew::inline stages
