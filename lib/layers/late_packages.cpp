#include "layers/late_packages.hpp"

#include <algorithm>
#include <utility>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/installation.hpp"
#include "effects/commutes.hpp"
#include "effects/hidden_effects.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/published_scripts.hpp"
#include "effects/source_copy.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline layers {

bool only_installs_by_name(const Site& run) {
  bool installs = false;
  for (const auto& command : run.step.script->commands) {
    const auto* use = command.use;
    if (use && !installs_by_name(*use)) return false;
    if (!use && !command.words.empty() && !run.file.facts().is_plain(command.name())) return false;
    installs |= use && use->action->kind == ActionKind::install;
  }
  return installs;
}

namespace {

// `COPY target/*.jar app.jar`: every build outside of the image makes it anew.
bool copies_archive(const Copy& copy) {
  constexpr std::string_view endings[] = {".ear", ".jar", ".war"};
  return std::ranges::all_of(copy.sources, [&](const CopySource& source) {
    return source.known && !source.heredoc &&
           std::ranges::any_of(endings, [&](std::string_view ending) { return source.text.ends_with(ending); });
  });
}

// What a RUN does but for scripts that it downloads and runs at once. The first of them is `unclear`.
Effects effects_beside_downloads(const Site& run, std::string& unclear) {
  const auto& script = *run.step.script;
  Effects effects;
  for (const auto& command : script.commands) {
    auto of_command = project_effects(run, command);
    const bool known = !of_command.writes.anything || !runs_download(run.file.facts(), script, command);
    if (known) effects.add(of_command);
    else if (unclear.empty()) unclear = "what `" + command.name() + "` is given";
  }
  effects.add(hidden_effects(script));
  effects.changes_shell = false;  // the shell ends with the RUN
  forget_passing_files(run, effects);
  return effects;
}

// `COPY src .`: the content of a directory into the one where the RUN works, or into one above that. `COPY rootfs /`
// lays files over the system's.
bool fills_working_directory(const Site& run, const Copy& copy) {
  return copies_directory(run.file, copy) && !copies_only_manifests(run.file, copy) && copy.destination_text != "/" &&
         run.step.workdir.is_known() && path_is_under(run.step.workdir.text, copy.destination.text);
}

// `COPY app /app`: where projects lie, and no package has anything.
bool lies_among_projects(const Dockerfile& file, const Copy& copy) {
  constexpr std::string_view system[] = {"bin",   "boot",   "dev",   "etc", "home", "lib",  "lib32",
                                         "lib64", "libx32", "media", "mnt", "opt",  "proc", "root",
                                         "run",   "sbin",   "srv",   "sys", "tmp",  "usr",  "var"};
  constexpr std::string_view projects[] = {"/home/", "/opt/", "/srv/", "/usr/src/", "/var/www/"};
  const auto& place = copy.destination.text;
  const auto first = std::string_view(place).substr(1, place.find('/', 1) - 1);
  return copies_directory(file, copy) && !copies_only_manifests(file, copy) && place != "/" &&
         (std::ranges::find(system, first) == std::end(system) ||
          std::ranges::any_of(projects, [&](std::string_view each) { return place.starts_with(each); }));
}

// What the RUN installs by name, without what it does besides.
Effects effects_of_named(const Site& run) {
  Effects effects;
  for (const auto& use : run.uses())
    if (installs_by_name(use)) effects.add(project_effects(run, *use.command));
  return effects;
}

// The first command of the RUN besides installations that the COPY cannot pass: "`chown -R app /app`".
std::string shown_conflict(const Site& run, const Copy& copy) {
  constexpr std::size_t longest = 60;
  const auto& script = *run.step.script;
  for (const auto& command : script.commands)
    if ((command.use == nullptr || !installs_by_name(*command.use)) &&
        !commutes(project_effects(run, command), copy_effects(run, copy)))
      return '`' + first_words(script.text.view(command.span), longest) + "`, in the same RUN,";
  return "the RUN";
}

}  // namespace

void find_source_of_mixed(const Site& run, LateInstallation& late) {
  if (!late.use->tool->packages.of_system) return;
  const auto copies = nearest(copies_of_context(run.file, run.stage, run.earlier().size()));
  if (copies.empty()) return;
  const auto effects = effects_of_named(run);
  for (auto place = copies.rbegin(); place != copies.rend(); ++place) {
    const auto& copy = *run.stage.steps[place->step].copy;
    if (!copy.destination.is_known() || copy.sources.size() != 1 || clean_path("/" + copy.sources[0].text) != "/" ||
        !commutes(effects, copy_effects(run, copy)))
      continue;
    late.unclear = shown_conflict(run, copy);
    return void(late.sources.push_back({place->step, "."}));
  }
}

void find_source_of_named(const Site& run, LateInstallation& late) {
  const auto& [file, stage, step] = run;
  std::string unclear;
  const auto effects = effects_beside_downloads(run, unclear);
  const auto independent = [&](std::size_t index) {
    return commutes(effects, copy_effects(run, *run.stage.steps[index].copy));
  };
  late.unclear = std::move(unclear);
  for (auto i = late.run; i-- > 0;) {
    const auto& copy = stage.steps[i].copy;
    if (!copy || !copy->from_context() || !copy->destination.is_known() || copy->sources.size() != 1) continue;
    const bool whole = clean_path("/" + copy->sources[0].text) == "/";
    if ((whole || copies_archive(*copy)) && independent(i)) return void(late.sources.push_back({i, "."}));
  }
  if (!step.workdir.is_known()) return;
  if (late.use->command->directory == step.workdir) {
    auto parts = find_source_parts(file, stage, late.run, step.workdir.text);
    if (parts && std::ranges::all_of(parts->parts, independent, &SourcePart::step))
      return late.take_parts(std::move(parts));
  }
  for (auto i = late.run; i-- > 0;) {
    const auto& copy = stage.steps[i].copy;
    if (!copy || !copy->from_context() || !copy->destination.is_known() || copy->sources.size() != 1) continue;
    if ((fills_working_directory(run, *copy) || lies_among_projects(file, *copy)) && independent(i))
      return void(late.sources.push_back({i, "."}));
  }
}

void find_manifests_of_named(const Site& run, LateInstallation& late) {
  const auto& [file, stage, step] = run;
  std::string unclear;
  const auto effects = effects_beside_downloads(run, unclear);
  if (!unclear.empty()) return;
  constexpr std::size_t most_between = 20;
  for (auto i = late.run; i-- > 0 && late.run - i <= most_between;) {
    const auto& each = stage.steps[i];
    if (each.instruction->keyword == Keyword::run && (!each.script || !only_installs_by_name(run.at(each)))) return;
    const auto& copy = each.copy;
    if (!copy || !copy->from_context() || !copy->destination.is_known() || !copies_only_manifests(file, *copy))
      continue;
    if (!commutes(effects, copy_effects(run, *copy))) return;
    late.sources.insert(late.sources.begin(), {i, "."});
    late.changing = i;
    for (const auto& source : copy->sources)
      if (source.known) late.files.push_back(clean_path(source.text));
    late.of_manifests = true;
  }
}

}  // namespace dockhew::inline layers
