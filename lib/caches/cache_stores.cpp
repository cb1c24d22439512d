#include "caches/cache_stores.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "caches/cache_directories.hpp"
#include "ecosystems/dependency_step.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "effects/effects.hpp"
#include "effects/environment.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

// What a store fits, as far as the base image decides that: a release of a distribution, or an image of which no more
// is known. Empty when nothing is known. For packages of the distribution, the distribution alone, because their names
// contain the release.
std::string base_of(const Stage& stage, const Tool& tool) {
  if (stage.image && !stage.image->distribution.empty()) {
    const auto& distribution = stage.image->distribution;
    const auto& release = stage.image->release;
    return tool.packages.of_system || release.empty() ? distribution : distribution + '-' + release;
  }
  if (tool.packages.of_system || stage.reference.repository.empty()) return {};
  const std::string name(path_basename(stage.reference.repository));
  return stage.reference.tag.empty() ? name : name + '-' + stage.reference.tag;
}

// Whether every project with this base has its own store: its files are of another kind, or its name says that it
// brings a compiler which the tool uses.
bool is_base_of_its_own(const Stage& stage, const Tool& tool) {
  return std::ranges::any_of(tool.cache_content.own_store_on, [&](std::string_view name) {
    if (stage.image && !stage.image->distribution.empty()) return stage.image->distribution == name;
    const auto& [registry, repository, tag, digest] = stage.reference;
    return repository.find(name) != repository.npos || tag.find(name) != tag.npos;
  });
}

// Of a base that an argument without a value names, what its name says of that: `FROM python:${VERSION}-alpine`; empty
// where it says nothing.
std::string own_base_by_name(const Stage& stage, const Tool& tool) {
  if (stage.parent || stage.from->arguments.empty()) return {};
  const auto& text = stage.from->arguments[0].text;
  const auto found = std::ranges::find_if(tool.cache_content.own_store_on,
                                          [&](std::string_view name) { return text.find(name) != text.npos; });
  return found == tool.cache_content.own_store_on.end() ? std::string() : std::string(*found);
}

// A variable that is set for the command alone is there to change the build, unless it is about downloads.
bool may_change_build(const Tool& tool, std::string_view variable) {
  constexpr std::string_view harmless[] = {"DEBIAN_", "LANG", "LC_", "PYTHON"};
  return !changes_downloads(variable) && !starts_with_any(variable, harmless) &&
         !starts_with_any(variable, tool.project.variables);
}

// What changes the packages that a use builds: "CMAKE_ARGS=-DGGML_CUDA=on".
std::string build_settings(const Site& site, const ToolUse& use) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value) {
    text.append(name).append("=").append(value).append("\n");
  };
  const auto& command = *use.command;
  for (const auto name : use.tool->cache_content.variables) {
    const auto [value, setter, by] = find_variable(site, command, name);
    if (setter != Setter::nobody && (value.is_unknown() || (value.is_known() && !value.text.empty())))
      add(name, value.text);
  }
  if (use.tool->cache_content.variables.empty()) return text;
  for (const auto& [name, value] : command.assignments)
    if (std::ranges::find(use.tool->cache_content.variables, name) == use.tool->cache_content.variables.end() &&
        may_change_build(*use.tool, name))
      add(name, value.raw);
  for (const auto option : use.tool->cache_content.options)
    for (const auto& value : option_values(command, option)) add(option, value.text);
  return text;
}

std::string build_settings(const Site& site, const Tool& tool) {
  std::string text;
  for (const auto& use : site.uses())
    if (use.tool == &tool && use.uses_cache()) text += build_settings(site, use);
  return text;
}

// Six digits that tell settings apart (FNV-1a).
std::string fingerprint(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return fmt::format("{:06x}", hash & 0xffffffU);
}

// A stage of a Dockerfile beside this one, whose builds share its stores.
struct Neighbour {
  std::string distribution, release;
  std::vector<int> version;  // of what its base image is for
  std::set<const Tool*> tools;
};

// Whether packages may be compiled there: where a compiler is installed, or the image has one.
bool may_compile(const Dockerfile& file, const Stage& stage) {
  if (stage.image->compilers) return true;
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    if (!step.script) return false;
    return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
      return std::ranges::any_of(command.words,
                                 [&](const ShellWord& word) { return is_build_package(file.facts(), word.text()); });
    });
  });
}

// Of those at the root of the build context.
std::vector<Neighbour> find_neighbours(const Dockerfile& file) {
  constexpr std::size_t most_files = 10;
  std::vector<Neighbour> found;
  std::size_t files = 0;
  for (const auto& name : file.context().entries_if_not_ignored(".")) {
    if (name.find("ockerfile") == name.npos && name.find("ontainerfile") == name.npos) continue;
    const auto text = name.ends_with("ignore") ? std::nullopt : file.context().read_if_not_ignored(name);
    if (!text || *text == file.source() || ++files > most_files) continue;
    const Dockerfile other(*text, file.facts(), {});
    for (const auto& stage : other.stages()) {
      if (!stage.image || stage.image->release.empty() || !may_compile(other, stage)) continue;
      Neighbour neighbour{stage.image->distribution, stage.image->release, version_numbers(stage.image->version), {}};
      for (const auto& step : stage.steps)
        for (const auto& use : Site{other, stage, step}.uses())
          if (use.uses_cache()) neighbour.tools.insert(use.tool);
      found.push_back(std::move(neighbour));
    }
  }
  return found;
}

// Whether another Dockerfile compiles for the same interpreter with another release's C library, so that what either
// keeps may not start with the other: the tag of a wheel does not tell them apart.
bool is_compiled_elsewhere(const Site& site, const Tool& tool) {
  const auto& image = site.stage.image;
  if (tool.packages.of_system || !site.context().is_known() || !image || image->release.empty() ||
      !may_compile(site.file, site.stage))
    return false;
  const auto version = version_numbers(image->version);
  const auto same = [](const std::vector<int>& one, const std::vector<int>& other) {
    for (std::size_t i = 0; i < 2 && i < std::min(one.size(), other.size()); ++i)
      if (one[i] != other[i]) return false;
    return true;
  };
  const auto neighbours =
      site.context().answer("stages of the Dockerfiles beside this one", [&] { return find_neighbours(site.file); });
  return std::ranges::any_of(*neighbours, [&](const Neighbour& other) {
    return other.distribution == image->distribution && other.release != image->release &&
           other.tools.contains(&tool) && same(other.version, version);
  });
}

// Whether the RUN uses a cache at this place that has the default id, in a mount or not.
bool uses_default_store(const Site& site, std::string_view target) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    if (!use.uses_cache() || !is_for_one_distribution(*use.tool) || !build_settings(site, use).empty()) return false;
    const auto directories = cache_directories(site, use);
    return std::ranges::any_of(directories, [&](const CacheDirectory& d) { return d.path.is(target); });
  });
}

}  // namespace

bool is_for_one_distribution(const Tool& tool) {
  return tool.packages.of_system || tool.cache_content.for_one_distribution;
}

std::string store_id(const Tool& tool, std::string_view target, std::string_view distribution) {
  auto id = std::string(tool.id);
  // A tool with several caches needs several stores.
  if (const auto name = path_basename(target); tool.caches.size() > 1 && name != tool.id) id += '-' + std::string(name);
  if (!distribution.empty()) id += '-' + std::string(distribution);
  return id;
}

std::optional<std::string> needed_store_id(const Site& site, const Tool& tool, std::string_view target) {
  if (!is_for_one_distribution(tool)) return std::nullopt;
  const auto& image = site.stage.image;
  const auto base = base_of(site.stage, tool);
  const auto distribution = image ? image->distribution : std::string();
  // Its releases need names of their own only where the file has several.
  const bool several = std::ranges::any_of(site.file.stages(), [&](const Stage& other) {
    return other.image && other.image->distribution == distribution && base_of(other, tool) != base;
  });
  const auto name = distribution.empty() || several ? base : distribution;
  if (const auto settings = build_settings(site, tool); !settings.empty())
    return store_id(tool, target, base) + '-' + fingerprint(settings);
  if (base.empty()) {
    const auto own = own_base_by_name(site.stage, tool);
    return own.empty() ? std::nullopt : std::optional(store_id(tool, target, own));
  }
  if (is_base_of_its_own(site.stage, tool)) return store_id(tool, target, name);
  if (is_compiled_elsewhere(site, tool)) return store_id(tool, target, base);
  for (const auto& other : site.file.stages()) {
    if (other.index >= site.stage.index) break;
    const auto other_base = base_of(other, tool);
    const auto uses = [&](const Step& step) { return uses_default_store({site.file, other, step}, target); };
    if (other_base.empty() || is_base_of_its_own(other, tool) || std::ranges::none_of(other.steps, uses)) continue;
    // The first one keeps the default.
    if (other_base == base) return std::nullopt;
    return store_id(tool, target, name);
  }
  return std::nullopt;
}

}  // namespace dockhew::inline caches
