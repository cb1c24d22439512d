#include "layers/late_installation.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "caches/cached_uses.hpp"
#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/named_files.hpp"
#include "ecosystems/pruning.hpp"
#include "ecosystems/settings_directory.hpp"
#include "effects/commutes.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/source_copy.hpp"
#include "layers/late_packages.hpp"
#include "layers/late_script.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

// `COPY requirements/base.txt /`: not a usual name, but one that the command names, directly or through another file.
bool brings_only(const Dockerfile& file, const Copy& copy, const std::vector<std::string>& manifests) {
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) {
    const auto path = clean_path("/" + source.text).substr(1);
    const auto paths = file.context().is_known() ? file.context().expand(path) : std::vector<std::string>{path};
    return source.known && std::ranges::all_of(paths, [&](const std::string& each) {
             return std::ranges::any_of(manifests, [&](const std::string& manifest) {
               return each == manifest || path_basename(each) == manifest;
             });
           });
  });
}

// What the command names, or what it is known to read.
std::vector<std::string> manifests_in_parts(const Site& run, const LateInstallation& late) {
  std::vector<std::string> names;
  for (const auto i : late.use->manifests) names.emplace_back(path_basename(late.use->command->words[i].text()));
  if (!late.in_parts()) return names;
  auto manifests = manifests_of_run(run, *late.use, run.step.script->chain.size(), {late.directory, late.directory});
  return manifests ? std::move(manifests->paths) : names;
}

bool is_directory(const Dockerfile& file, const CopySource& source) {
  const auto path = clean_path("/" + source.text).substr(1);
  if (file.context().is_known()) return file.context().kind(path.empty() ? "." : path) == PathKind::directory;
  return path_basename(path).find_first_of(".*?[") == std::string_view::npos;
}

// A directory that has a place in the tables for what a tool reads there: `.mvn`, `gradle`, `prisma`.
bool is_directory_of_manifests(const Facts& facts, std::string_view name) {
  return std::ranges::any_of(facts.tools, [&](const Tool& tool) {
    return std::ranges::any_of(tool.project.manifests, [&](std::string_view manifest) {
      return manifest.size() > name.size() && manifest.starts_with(name) && manifest[name.size()] == '/';
    });
  });
}

// `requirements`, with `base.txt` and `local.txt` and nothing else: lists of what to install.
bool has_only_lists(const Dockerfile& file, const std::string& directory) {
  if (!file.context().is_known() || directory.empty()) return false;
  const auto names = file.context().entries(directory);
  return !names.empty() && std::ranges::all_of(names, [](const std::string& name) {
    constexpr std::string_view endings[] = {".freeze", ".in", ".lock", ".md", ".pip", ".txt"};
    return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
  });
}

// Settings of the project's tools, by their names: `tsconfig.json`, `lerna.json`, `.npmrc`, `.mvn`. What declares or
// locks dependencies for another tool rarely changes either.
bool is_setting(const Dockerfile& file, const CopySource& source) {
  constexpr std::string_view endings[] = {".cfg",        ".conf",      ".config.cjs", ".config.js", ".config.mjs",
                                          ".md",         ".config.ts", ".ini",        ".json",      ".lock",
                                          ".properties", ".toml",      ".xml",        ".yaml",      ".yml"};
  if (!source.known || source.heredoc) return source.heredoc;
  const auto path = clean_path("/" + source.text);
  const auto name = path_basename(path);
  if (name.empty() || matches_everything(name)) return false;
  if (is_directory(file, source))
    return name.starts_with('.') || is_directory_of_manifests(file.facts(), name) ||
           has_only_lists(file, path.substr(1));
  return name.starts_with('.') || is_manifest(file.facts(), path) ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool copies_settings(const Dockerfile& file, const Copy& copy) {
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) { return is_setting(file, source); });
}

// What is copied with it rarely changes: a configuration, a script.
bool copies_single_files(const Dockerfile& file, const Copy& copy) {
  return copy.from_context() && std::ranges::none_of(copy.sources, [&](const CopySource& source) {
           return source.known && !source.heredoc && is_directory(file, source);
         });
}

// `COPY install.sh ./` before `RUN ./install.sh`: a script that is run before the installation has to be there.
bool is_run_before(const Site& run, std::size_t copy_step) {
  const auto& copy = *run.stage.steps[copy_step].copy;
  if (!copies_single_files(run.file, copy)) return false;
  const auto between = std::span(run.stage.steps).subspan(copy_step + 1, run.earlier().size() - copy_step - 1);
  return std::ranges::any_of(between, [&](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
             const auto names = scripts_named_by(command);
             return !names.empty() && path_is_under(names.front(), copy.destination.text);
           });
  });
}

// The directory of the context with the manifests that a COPY puts into the project, under their own names.
std::optional<std::string> directory_of_manifests(const Copy& copy, const std::string& project) {
  std::optional<std::string> directory;
  for (const auto& source : copy.sources) {
    const auto path = clean_path("/" + source.text).substr(1);
    const bool into =
        copy.destination.is(project) || copy.destination.is(project + '/' + std::string(path_basename(path)));
    const auto parent = std::string(path_parent(path));
    if (!source.known || source.heredoc || !into || (directory && *directory != parent)) return std::nullopt;
    directory = parent;
  }
  return directory;
}

// `COPY requirements.txt .` beside `COPY src .` or `COPY app/main.py .`: the source is laid beside manifests that come
// from another directory of the context, and has no files of their names.
std::optional<SourceParts> find_source_beside_manifests(const Site& run, const std::string& project) {
  const auto& [file, stage, step] = run;
  if (!file.context().is_known() || project == "/") return std::nullopt;
  constexpr std::size_t most_manifests = 10;
  SourceParts found;
  std::vector<const Copy*> manifests;
  const auto copies = copies_of_context(file, stage, run.earlier().size());
  if (copies.size() > limits::copies_before) return std::nullopt;
  for (const auto& place : copies) {
    const auto& copy = *stage.steps[place.step].copy;
    if (!copy.destination.is_known()) return std::nullopt;
    const bool below = path_is_under(copy.destination.text, project);
    if (!below && path_is_under(project, copy.destination.text) && !copies_only_files(file, copy)) return std::nullopt;
    if (!below) continue;
    if (!copies_only_manifests(file, copy)) {
      found.parts.push_back({place.step, context_directory(copy, project).value_or("")});
      continue;
    }
    auto directory = directory_of_manifests(copy, project);
    if (!directory || manifests.size() == most_manifests || (!manifests.empty() && *directory != found.directory))
      return std::nullopt;
    found.directory = *std::move(directory);
    manifests.push_back(&copy);
  }
  const auto lies_apart = [&, &stage = stage](const SourcePart& part) {
    return std::ranges::all_of(
        manifests, [&](const Copy* each) { return copies_apart(run, *stage.steps[part.step].copy, *each); });
  };
  const bool all_apart = !manifests.empty() && !found.parts.empty() && std::ranges::all_of(found.parts, lies_apart);
  return all_apart ? std::optional(std::move(found)) : std::nullopt;
}

// The directory of the image that has all manifests which the command names, where that is another one than it runs in:
// `pip install -r /app/requirements.txt`.
std::optional<std::string> directory_of_named(const ToolUse& use) {
  std::optional<std::string> directory;
  for (const auto i : use.manifests) {
    const auto path = path_of(*use.command, use.command->words[i]);
    const auto parent = path ? std::string(path_parent(*path)) : std::string();
    if (!path || parent == "/" || (directory && *directory != parent)) return std::nullopt;
    directory = parent;
  }
  return directory == use.command->directory.text ? std::nullopt : directory;
}

// Whether the RUN takes the directory away again, which was copied for it alone then.
bool removes(const Site& run, const std::string& directory) {
  return std::ranges::any_of(run.step.script->commands, [&](const ShellCommand& command) {
    if (command.use != nullptr) return false;
    const auto removed = project_effects(run, command).removes;
    return removed.anything || std::ranges::any_of(removed.paths, [&](const AffectedPath& each) {
             return path_is_under(directory, without_wildcards(each.path));
           });
  });
}

// `COPY app /app`, and then such a command in another directory.
std::optional<SourceParts> find_source_elsewhere(const Site& run, const ToolUse& use) {
  const auto& [file, stage, step] = run;
  const auto place = directory_of_named(use);
  const auto source = place ? find_source_copy(file, stage, run.earlier().size(), *place) : std::nullopt;
  if (!source || !file.context().is_known()) return std::nullopt;
  const auto& copy = *stage.steps[*source].copy;
  const auto directory = context_directory(copy, *place), root = context_directory(copy, copy.destination.text);
  if (!directory || !root || copy.destination.text == "/" || removes(run, *place)) return std::nullopt;
  for (auto i = *source + 1; i < run.earlier().size(); ++i)
    if (const auto& other = stage.steps[i].copy; other && !copies_apart(run, copy, *other)) return std::nullopt;
  return SourceParts{*directory, {{*source, *root}}};
}

// The source is copied before dependencies that are declared in files.
void find_source_of_declared(const Site& run, LateInstallation& late) {
  const auto& [file, stage, step] = run;
  const auto& project = late.use->command->directory.text;
  late.take_parts(find_source_parts(file, stage, late.run, project));
  if (!late.in_parts()) late.take_parts(find_source_beside_manifests(run, project));
  if (const auto copy = find_source_copy(file, stage, late.run, project); copy && !late.in_parts())
    late.sources.push_back({*copy, ""});
  if (late.sources.empty()) late.take_parts(find_source_elsewhere(run, *late.use));
  const auto manifests = manifests_in_parts(run, late);
  std::erase_if(late.sources, [&](const SourcePart& source) {
    return brings_only(run.file, *run.stage.steps[source.step].copy, manifests) || is_run_before(run, source.step);
  });
}

// The files that a COPY copies besides settings; none where it may copy more than the files that it names.
std::vector<std::string> named_files_of(const Dockerfile& file, const Copy& copy) {
  std::vector<std::string> names;
  for (const auto& source : copy.sources) {
    if (!source.known || source.text.find_first_of("*?[") != std::string::npos) return {};
    if (!is_setting(file, source)) names.push_back(clean_path(source.text));
  }
  return names;
}

// `"postinstall": "node postinstall.js"`: the installation needs what its manifest names.
bool is_named_by_manifest(const Site& run, const Tool& tool, const std::string& path) {
  return std::ranges::any_of(tool.project.manifests, [&](std::string_view manifest) {
    if (manifest.find_first_of("*?[") != manifest.npos) return false;
    const auto text = run.context().read(join_context_path(std::string(path_parent(path)), std::string(manifest)));
    return text && text->find(path_basename(path)) != text->npos;
  });
}

// Which of the sources it is that changes; where all are settings, none.
void find_changing(const Site& run, LateInstallation& late) {
  const auto copy_of = [&](const SourcePart& source) -> const Copy& { return *run.stage.steps[source.step].copy; };
  const auto changes = [&](const SourcePart& source) { return !copies_settings(run.file, copy_of(source)); };
  const auto directory = std::ranges::find_if(late.sources, [&](const SourcePart& source) {
    return changes(source) && !copies_single_files(run.file, copy_of(source));
  });
  const bool none = directory == late.sources.end();
  const auto found = none ? std::ranges::find_if(late.sources, changes) : directory;
  if (found == late.sources.end()) return void(late.sources.clear());
  late.changing = found->step;
  if (!none) return;
  late.files = named_files_of(run.file, copy_of(*found));
  const auto removed = std::erase_if(
      late.files, [&](const std::string& path) { return is_named_by_manifest(run, *late.use->tool, path); });
  if (removed > 0 && late.files.empty()) late.sources.clear();
}

// Where the last of several COPYs stands for all that are before it, the first of them that brings a directory of
// source is the one to name. What the command names is copied for the command.
void name_first_source(const Site& run, LateInstallation& late) {
  if (late.in_parts() || late.sources.size() != 1 || !installs_from_manifest(*late.use)) return;
  const auto& project = late.use->command->directory.text;
  const auto brings_manifest = [&](const Copy& copy) {
    return std::ranges::any_of(late.use->manifests, [&](std::size_t word) {
      const auto path = path_of(*late.use->command, late.use->command->words[word]);
      const auto file = path ? file_in_context(run, *path) : std::nullopt;
      return file && copy_brings(run.file, copy, *file);
    });
  };
  for (std::size_t i = 0; i < late.sources.front().step; ++i) {
    const auto& copy = run.stage.steps[i].copy;
    if (!copy || !copy->from_context() || !copy->destination.is_known()) continue;
    const auto& place = copy->destination.text;
    if (!path_is_under(place, project) && !path_is_under(project, place)) continue;
    if (copies_settings(run.file, *copy) || copies_single_files(run.file, *copy) ||
        copies_only_manifests(run.file, *copy) || brings_manifest(*copy))
      continue;
    late.changing = i;
    return late.files.clear();
  }
}

// Whether the build context has not what the installation needs to install anything: `npm install` without a
// `package.json`, which no RUN before it makes.
bool has_nothing_to_install(const Site& run, const ToolUse& use) {
  const auto& required = use.tool->project.required_manifests;
  if (!run.context().is_known() || !use.manifests.empty() || required.empty()) return false;
  const auto directory = project_in_context(run.file, run.stage, run.earlier().size(), use.command->directory.text);
  if (!directory || run.context().exists(join_context_path(*directory, required.front())) ||
      file_in_context(run, resolve_path(use.command->directory.text, required.front())))
    return false;
  return std::ranges::none_of(run.earlier(), [](const Step& step) {
    return step.instruction->keyword == Keyword::run || (step.copy && !step.copy->from_context());
  });
}

// COPYs of the source before the installation that are not among its own: below the project's directory they may be
// what it needs.
void find_other_copies(const Site& run, const ChangedSteps& changed, LateInstallation& late) {
  const auto& steps = run.stage.steps;
  const auto& project = late.use->command->directory;
  const bool by_name = !installs_from_manifest(*late.use);
  for (std::size_t i = 0; i < late.run && late.others.size() < LateInstallation::most_others; ++i) {
    const auto& copy = steps[i].copy;
    if (!copy || !changed[run.stage.index][i] || copies_single_files(run.file, *copy)) continue;
    if (std::ranges::find(late.sources, i, &SourcePart::step) != late.sources.end()) continue;
    // Nor is what the system or a package manager is set up with the project's source.
    if (copy->from_context() && (copies_only_manifests(run.file, *copy) || !copy->destination.is_known() ||
                                 may_hold_settings(run, copy->destination.text)))
      continue;
    if (!by_name && (!project.is_known() || !commutes(copy_effects(run, *copy), writes_below(project.text)))) continue;
    late.others.push_back(i);
  }
}

// Where no source is copied, what another stage has made of it stands for it.
void take_built(const Site& run, LateInstallation& late) {
  const auto found = std::ranges::find_if(late.others, [&](std::size_t i) {
    const auto& copy = *run.stage.steps[i].copy;
    return copy.stage && may_come_later(run, *late.use, copy);
  });
  if (found == late.others.end()) return;
  late.sources.push_back({*found, ""});
  late.changing = *found;
  late.others.erase(found);
}

// `pnpm install --offline` behind a `pnpm fetch`: all is downloaded, in a layer before the source.
bool only_links(const Site& run, const ToolUse& use) {
  if (!takes_only_cached(run, use)) return false;
  const auto fetches = [&](const Site& earlier) {
    return std::ranges::any_of(earlier.uses(), [&](const ToolUse& other) {
      return other.tool == use.tool && other.action->kind == ActionKind::fetch;
    });
  };
  return run.any_earlier({"fetches with ", use.tool->id}, fetches);
}

// Whether a COPY of the stage itself, of manifests alone, brings what the installation reads.
bool brings_manifest(const Site& run, const ToolUse& use) {
  const auto& project = use.command->directory.text;
  return std::ranges::any_of(run.earlier(), [&](const Step& step) {
    const auto& copy = step.copy;
    return copy && copy->from_context() && copy->destination.is_known() && copies_only_manifests(run.file, *copy) &&
           (copy->destination.is(project) || path_parent(copy->destination.text) == project);
  });
}

// `built`: something that another stage has made is copied before it. Its sources may be missing then.
std::optional<LateInstallation> find_late_installation(const Site& run, bool built) {
  if (!run.step.script || run.step.script->opaque) return std::nullopt;
  constexpr std::size_t most_by_name = 10;  // what is asked of one is asked of the whole RUN
  std::size_t by_names = 0;
  std::optional<LateInstallation> mixed;
  for (const auto& use : run.uses()) {
    if (only_prunes(run, use) || only_links(run, use)) continue;
    LateInstallation late;
    late.run = run.earlier().size();
    late.use = &use;
    const bool by_name = use.action->kind == ActionKind::install && installs_by_name(use) &&
                         (use.tool->packages.of_system || only_installs_by_name(run));
    if (by_name && ++by_names > most_by_name) break;
    if (by_name) find_source_of_named(run, late);
    // Where the project itself is installed too, this stays where it is; that its dependencies could come before is
    // what no-dependency-layer says.
    else if (installation_of(use).declares == Declares::manifest && use.command->directory.is_known())
      find_source_of_declared(run, late);
    if (late.sources.empty() && by_name && use.tool->packages.of_system) find_manifests_of_named(run, late);
    else find_changing(run, late);
    if (!by_name && has_nothing_to_install(run, use)) late.sources.clear();
    if (!late.sources.empty()) name_first_source(run, late);
    if (!late.sources.empty() || (by_name && built)) return late;
    if (by_name && !mixed) find_source_of_mixed(run, mixed.emplace(std::move(late)));
  }
  if (mixed && !mixed->sources.empty()) return find_changing(run, *mixed), mixed;
  return run.uses().empty() ? find_late_script(run) : std::nullopt;
}

}  // namespace

std::vector<LateInstallation> find_late_installations(const Dockerfile& file, const Stage& stage,
                                                      std::optional<ChangedSteps>& changed) {
  std::vector<LateInstallation> all;
  bool built = false;                       // something comes from another stage
  constexpr std::size_t most_scripts = 10;  // each goes before the source in a round of its own
  std::size_t copies = 0, scripts = 0;
  for (const auto& step : stage.steps) {
    built |= step.copy && step.copy->stage;
    copies += step.copy.has_value();
    if (copies > limits::copies_before) break;
    auto late = find_late_installation({file, stage, step}, built);
    if (!late || (late->script && ++scripts > most_scripts)) continue;
    if (!changed) changed = changed_by_source(file);
    find_other_copies({file, stage, step}, *changed, *late);
    if (late->sources.empty()) take_built({file, stage, step}, *late);
    if (!late->sources.empty()) all.push_back(std::move(*late));
  }
  return all;
}

namespace {

// The first COPY of a directory of source in the stages that the stage is built on.
std::optional<std::pair<const Stage*, std::size_t>> find_inherited_copy(const Dockerfile& file, const Stage& stage,
                                                                        std::optional<ChangedSteps>& changed) {
  for (const auto* each : chain_of(file, stage)) {
    if (each == &stage) continue;
    std::size_t copies = 0;
    for (std::size_t i = 0; i < each->steps.size() && copies < limits::copies_before; ++i) {
      const auto& copy = each->steps[i].copy;
      if (!copy || !copy->from_context() || ++copies == 0) continue;
      if (copies_settings(file, *copy) || copies_single_files(file, *copy) || copies_only_manifests(file, *copy))
        continue;
      if (!changed) changed = changed_by_source(file);
      if ((*changed)[each->index][i]) return std::pair(each, i);
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<InheritedSource> find_inherited_sources(const Dockerfile& file, const Stage& stage,
                                                    std::optional<ChangedSteps>& changed) {
  std::vector<InheritedSource> found;
  if (!stage.parent) return found;
  std::optional<std::pair<const Stage*, std::size_t>> copy;
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const Site run{file, stage, stage.steps[i]};
    if (!run.step.script || run.step.script->opaque) continue;
    for (const auto& use : run.uses()) {
      // What a manifest beside it declares, so that it does not take the source for it.
      if (installation_of(use).declares != Declares::manifest || !use.command->directory.is_known()) continue;
      if (only_prunes(run, use) || only_links(run, use) || !brings_manifest(run, use)) continue;
      if (!copy && !(copy = find_inherited_copy(file, stage, changed))) return found;
      found.push_back({copy->first, copy->second, i, &use});
    }
  }
  return found;
}

bool may_come_later(const Site& run, const ToolUse& use, const Copy& copy) {
  if (!copy.destination.is_known() || may_hold_settings(run, copy.destination.text)) return false;
  // Programs of another stage, and packages that it has installed, can be what a package manager works with.
  if (!copy.from_context() && (!use.tool->packages.of_system || may_hold_packages(copy))) return false;
  return installs_from_manifest(use) || commutes(project_effects(run), copy_effects(run, copy));
}

Outcome<Manifests> manifests_of_run(const Site& run, const ToolUse& use, std::size_t head, const Project& project) {
  auto all = find_manifests(run, use, project);
  if (!all) return all;
  for (const auto& other : run.uses()) {
    if (other.command == use.command || other.command->element >= head) continue;
    if (auto obstacle = variable_naming_file(run, other, project.directory)) return *obstacle;
    if (other.tool != use.tool || !installs_from_manifest(other)) continue;
    auto more = find_manifests(run, other, project);
    if (!more) return more;
    for (auto& path : more->paths)
      if (std::ranges::find(all->paths, path) == all->paths.end()) all->paths.push_back(std::move(path));
    for (auto& assumption : more->assumptions)
      if (std::ranges::find(all->assumptions, assumption.id, &Assumption::id) == all->assumptions.end())
        all->assumptions.push_back(std::move(assumption));
  }
  return all;
}

}  // namespace dockhew::inline layers
