#include "stages/runtime_files.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/project_sources.hpp"
#include "edits/copy_line.hpp"
#include "effects/effects.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/removed_files.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "model/added_source.hpp"
#include "model/context_path.hpp"
#include "model/ignored_by_git.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "stages/mentioned_names.hpp"
#include "stages/step_placement.hpp"
#include "stages/unversioned_files.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

constexpr int deepest = 6;
constexpr std::size_t most_copied = 100;  // each by its name

bool is_named(const Facts& facts, std::string_view name) {
  return std::ranges::any_of(facts.build_files, [&](std::string_view pattern) { return glob_match(pattern, name); });
}

// `.env`, which programs read without naming it; not `.env.example`, which is for people.
bool is_settings(std::string_view name) {
  constexpr std::array<std::string_view, 4> for_people = {".dist", ".example", ".sample", ".template"};
  return (name == ".env" || name.starts_with(".env.")) &&
         std::ranges::none_of(for_people, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_source(const Facts& facts, std::string_view name) {
  return (name.starts_with('.') && !is_settings(name)) || is_named(facts, name);
}

// The same of a name right in the project's directory, where a picture is for the README, and in `images` for the
// program.
bool is_source_at_top(const Facts& facts, std::string_view name) {
  return is_source(facts, name) || is_named(facts, "./" + std::string(name));
}

bool is_packed(const BuildContext& context, const std::string& directory, std::string_view name) {
  return std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* ecosystem) {
    const auto* runtime = ecosystem->runtime;
    return runtime != nullptr && runtime->is_packed != nullptr && runtime->is_packed(context, directory, name);
  });
}

// `named`: the source names the directory, and what is usually for builds may be for the program.
bool holds_data(const Dockerfile& file, const std::string& directory, bool named, int depth = 1) {
  const auto& context = file.context();
  if (depth > deepest) return true;  // better one directory too many than a missing file
  for (const auto& name : context.entries(directory)) {
    if (is_packed(context, directory, name)) continue;
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    const bool is_left_out = named ? name.starts_with('.') || is_compiled_code(name) : is_source(file.facts(), name);
    if (kind == PathKind::file && (!is_left_out || is_settings(name))) return true;
    if (kind == PathKind::directory && !name.starts_with('.') && holds_data(file, path, named, depth + 1)) return true;
  }
  return false;
}

// A directory in which there is nothing but what keeps it in a repository: the program will put its files there.
bool is_empty(const BuildContext& context, const std::string& directory, int depth = 1) {
  constexpr std::string_view placeholders[] = {".empty", ".gitignore", ".gitkeep", ".keep", ".placeholder"};
  return depth <= deepest && std::ranges::all_of(context.entries(directory), [&](const std::string& name) {
           const auto path = join_context_path(directory, name);
           const auto kind = context.kind(path);
           if (kind == PathKind::file) return std::ranges::find(placeholders, name) != std::end(placeholders);
           return kind == PathKind::directory && is_empty(context, path, depth + 1);
         });
}

// Paths below `directory` of the context; a directory is listed if it contains data, or nothing. What is usually for
// builds or for people is data where the source names it.
std::vector<std::string> data_in(const Dockerfile& file, const std::string& directory,
                                 const MentionedNames& mentioned) {
  const auto& context = file.context();
  std::vector<std::string> found;
  for (const auto& name : context.entries(directory)) {
    if (is_packed(context, directory, name)) {
      std::ranges::move(mentioned.below(context, directory, name), std::back_inserter(found));
      continue;
    }
    const auto path = join_context_path(directory, name);
    const auto kind = context.kind(path);
    const bool is_read = mentioned.has(name);
    if (kind == PathKind::file && (is_read || !is_source_at_top(file.facts(), name))) found.push_back(name);
    const bool build_directory = name.starts_with('.') || name == "src" || is_named(file.facts(), name + '/');
    if (kind == PathKind::directory && (is_read || !build_directory) &&
        (holds_data(file, path, is_read) || is_empty(context, path)))
      found.push_back(name);
  }
  return found;
}

// Calls `visit` with the words of a text that may be paths: `--root=/srv/docs`, `PATHS=/a:/b`.
template <typename Visit>
void each_word(std::string_view text, const Visit& visit) {
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find_first_of(" \t\r\n\"'=:,;&|()<>[]{}"), rest.size());
    if (end > 0) visit(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

// Places of the image that the words of what the container starts, or of its health check, may be, and the values of
// its variables.
void add_started(const Dockerfile& file, const Stage& stage, std::vector<std::string>& places) {
  const auto add = [&](std::string_view word) {
    if (stage.workdir.is_known() || word.starts_with('/')) places.push_back(resolve_path(stage.workdir.text, word));
  };
  for (const auto& step : stage.steps) {
    const auto keyword = step.instruction->keyword;
    if (keyword == Keyword::env)
      for (const auto& pair : step.instruction->pairs)
        if (const auto value = file.expand(stage, step, pair.value); value.is_known()) each_word(value.text, add);
    if (keyword != Keyword::cmd && keyword != Keyword::entrypoint && keyword != Keyword::healthcheck &&
        keyword != Keyword::volume)
      continue;
    for (const auto& argument : step.instruction->arguments) each_word(argument.text, add);
  }
  if (stage.workdir.is_known()) places.push_back(stage.workdir.text);
  for (const auto& setting : file.context().origin().settings) each_word(setting, add);
  for (const auto& start : file.context().origin().starts) each_word(start.text, add);
}

bool is_settings_text(std::string_view name) {
  constexpr std::string_view endings[] = {".cfg",  ".conf", ".ini",  ".json", ".properties",
                                          ".toml", ".xml",  ".yaml", ".yml"};
  return name.starts_with(".env") ||
         std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

// The words of settings files, as paths: `docs: ./docs` in config.yaml.
struct SettingsReader {
  const BuildContext& context;
  std::set<std::string, std::less<>> entries;  // of the project's directory
  std::set<std::string> names = {};            // that begin with one of these, and absolute paths
  std::size_t read = 0;

  void in(const std::string& path, int depth) {
    constexpr std::size_t largest = 64U << 10U, most_files = 100;
    if (read > most_files) return;
    if (context.kind(path) == PathKind::directory && depth < deepest)
      for (const auto& name : context.entries(path)) in(join_context_path(path, name), depth + 1);
    if (context.kind(path) != PathKind::file || !is_settings_text(path_basename(path))) return;
    ++read;
    if (const auto text = context.read(path); text && text->size() <= largest)
      each_word(*text, [&](std::string_view word) {
        if (word.starts_with("./")) word.remove_prefix(2);
        if (word.starts_with('/') || entries.contains(word.substr(0, word.find('/')))) names.insert(clean_path(word));
      });
  }
};

// What settings name that the program reads: those that are copied, and those that are packed with it.
std::vector<std::string> named_by_settings(const BuildContext& context, const std::string& directory,
                                           const std::vector<std::string>& data, std::string_view packed) {
  const auto entries = context.entries(directory);
  SettingsReader reader{context, {entries.begin(), entries.end()}};
  for (const auto& name : data) reader.in(join_context_path(directory, name), 1);
  if (!packed.empty()) reader.in(join_context_path(directory, packed), 1);
  return {reader.names.begin(), reader.names.end()};
}

// Whether a clone has something of the path: Git keeps no empty directory, and leaves alone what it is told to.
bool is_in_clone(const BuildContext& context, const std::string& path, int depth = 1) {
  if (is_ignored_by_git(context, path)) return false;
  if (context.kind(path) != PathKind::directory || depth > deepest) return true;
  const auto names = context.entries(path);
  return std::ranges::any_of(
      names, [&](const std::string& name) { return is_in_clone(context, join_context_path(path, name), depth + 1); });
}

// What programs and builds leave on a machine, if Git leaves it alone and the source does not name it.
bool is_left_behind(std::string_view name) {
  constexpr std::string_view names[] = {"bin",  "build", "coverage", "dist", "log",
                                        "logs", "out",   "target",   "temp", "tmp"};
  return std::ranges::find(names, name) != std::end(names);
}

// A pattern would take more than the file: `data*` the directory `database` too, without its name.
Obstacle obstacle_of_pattern(const BuildContext& context, const std::string& directory, const std::string& name) {
  for (const auto& other : context.entries(directory))
    if (other != name && other.starts_with(name) &&
        (!is_settings(name) || context.kind(join_context_path(directory, other)) != PathKind::file))
      return Declined{"Git leaves `" + name + "` alone, so a clone lacks it, and a pattern for it would take `" +
                      other + "` too"};
  return std::nullopt;
}

// `static`, which is a link to `src`: what it stands for is not followed here.
Obstacle obstacle_of_links(const Dockerfile& file, const std::string& directory) {
  const auto& context = file.context();
  for (const auto& name : context.entries(directory))
    if (context.kind(join_context_path(directory, name)) == PathKind::other && !is_source_at_top(file.facts(), name) &&
        !name.starts_with("bazel-") && !is_ignored_by_git(context, join_context_path(directory, name)))
      return Declined{"`" + join_context_path(directory, name) +
                      "` is a link, and what it stands for may be read by the program"};
  return std::nullopt;
}

// A call that reads the whole working directory: `http.Dir(".")`, `os.DirFS("/app")`.
Obstacle obstacle_of_whole_directory(const Conversion& conversion, const std::string& root) {
  const auto& runtime = *runtime_of(conversion.stage);
  std::vector<std::string> calls;
  for (const auto reader : runtime.directory_readers) {
    const auto place = reader.find('@');
    if (place == reader.npos) {
      calls.emplace_back(reader);
      continue;
    }
    for (const auto& directory : {std::string("."), std::string("./"), conversion.stage.workdir.text})
      if (!directory.empty()) calls.push_back(std::string(reader).replace(place, 1, '"' + directory + '"'));
  }
  const std::vector<std::string_view> marks(calls.begin(), calls.end());
  const auto found = find_source_mark(conversion.file.context(), root, runtime, marks);
  if (!found) return std::nullopt;
  return Declined{'`' + found->file + "` has `" + std::string(found->mark) +
                  "`, which reads all of the directory, and not all of it would be in the runtime stage"};
}

bool is_named_by_run(const Stage& stage, std::string_view name) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.script && step.script->text.view().find(name) != std::string_view::npos;
  });
}

// These, and the places of files that a COPY names one by one and no RUN names: the image is meant to have them.
std::vector<std::string> named_places(const Conversion& conversion) {
  const auto& stage = conversion.stage;
  std::vector<std::string> places;
  add_started(conversion.file, stage, places);
  for (const auto& step : steps_before(stage, conversion.build)) {
    if (!step.copy || !step.copy->from_context() || !step.copy->destination.is_known()) continue;
    for (const auto& source : step.copy->sources) {
      const auto name = path_basename(source.text);
      const bool plain = source.known && !source.heredoc && source.text.find_first_of("*?[") == source.text.npos;
      if (!plain || is_compiled_code(name) || is_manifest(conversion.file.facts(), clean_path("/" + source.text)) ||
          is_named_by_run(stage, name))
        continue;
      if (conversion.file.context().kind(clean_path(source.text)) == PathKind::file)
        places.push_back(resolve_path(step.copy->destination.text, name));
    }
  }
  return places;
}

bool brings(const Dockerfile& file, const Step& step, const std::string& project, const std::string& path) {
  if (!step.copy || !step.copy->from_context() || !step.copy->destination.is_known()) return false;
  const auto& destination = step.copy->destination.text;
  if (!path_is_under(destination, project) && !path_is_under(project, destination)) return false;
  // Possibly only a part of the directory.
  return copy_brings(file, *step.copy, path) || std::ranges::any_of(step.copy->sources, [&](const CopySource& source) {
           return path_is_under(clean_path("/" + source.text), "/" + path);
         });
}

// A directory of the image and the directory of the context that was copied to it, as far as it was copied.
struct Source {
  std::string image;
  std::optional<std::string> context;
};

std::optional<Source> find_source(const Dockerfile& file, const Stage& stage, const Step& build,
                                  const std::string& project) {
  const auto before = steps_before(stage, build).size();
  if (const auto parts = find_source_parts(file, stage, before, project)) return Source{project, parts->directory};
  const auto index = find_source_copy(file, stage, before, project);
  if (!index) return std::nullopt;
  const auto& copy = *stage.steps[*index].copy;
  auto directory = context_directory(copy, copy.destination.text);
  if (directory && file.context().is_known() && file.context().kind(*directory) != PathKind::directory)
    directory = std::nullopt;
  return Source{copy.destination.text, std::move(directory)};
}

// Whether a place of the image is one of the source: `web/target/web.jar`, which the container starts, is made by the
// build, and says nothing of `web`.
bool is_in_source(const BuildContext& context, const Source& source, const std::string& place) {
  const auto plain = without_wildcards(place);
  return path_is_under(plain, source.image) &&
         context.exists(join_context_path(*source.context, relative_path(source.image, plain)));
}

// `target/agents/otel.jar`, which a variable names: only the build can have made it.
bool is_made(const BuildContext& context, const Source& source, const std::string& place) {
  constexpr std::string_view outputs[] = {"bin", "build", "dist", "obj", "out", "target"};
  if (!path_is_under(place, source.image) || place == source.image || place.find_first_of("*?[") != place.npos ||
      path_basename(place).find('.') == std::string_view::npos)
    return false;
  const auto below = relative_path(source.image, place);
  const auto slash = below.find('/');
  const auto first = below.substr(0, slash);
  return slash != below.npos && std::ranges::find(outputs, first) != std::end(outputs) &&
         !context.exists(join_context_path(*source.context, first));
}

bool copies_anything(const Dockerfile& file, const Stage& stage, const Step& build) {
  return std::ranges::any_of(steps_before(stage, build), [&](const Step& step) {
    return step.copy && step.copy->from_context() && !copies_only_manifests(file, *step.copy);
  });
}

// Whether what a step brings to `path` is still there after the builder. Declined where that, or how to copy it, is not
// known.
Outcome<bool> is_left(const Conversion& conversion, const Step& bringing, const std::string& path) {
  auto removal = Removal::no;
  for (const auto* run : conversion.builder_runs) {
    if (run->index < bringing.index) continue;
    removal = std::max(removal, removal_by(conversion.file.facts(), *run, path));
  }
  if (removal == Removal::perhaps)
    return Declined{"it is not known whether the build leaves `" + path + "`, which the program may read"};
  if (removal == Removal::no && !can_be_copied(path))
    return Declined{"COPY cannot be told of `" + path + "`, because of the characters in its name"};
  return removal == Removal::no;
}

// The last step that brings a path of the context.
const Step* bringing_step(const Conversion& conversion, const std::string& project, const std::string& path) {
  const Step* last = nullptr;
  for (const auto& step : steps_before(conversion.stage, conversion.build))
    if (brings(conversion.file, step, project, path)) last = &step;
  return last;
}

// Downloads that ADD puts into the project, which are not in the build context. It is not known what it unpacks.
Outcome<std::vector<Artifact>> find_downloads(const Step& step, const std::string& project) {
  std::vector<Artifact> result;
  if (step.instruction->keyword != Keyword::add || !step.copy) return result;
  const auto& destination = step.copy->destination;
  const bool elsewhere =
      destination.is_known() && !path_is_under(destination.text, project) && !path_is_under(project, destination.text);
  for (const auto& source : step.copy->sources) {
    if (elsewhere || source.heredoc) continue;
    if (!source.known || !destination.is_known() || is_git_source(source.text) || is_tar(source.text)) {
      return Declined{"it is not known what `ADD` puts into the project"};
    } else if (is_url(source.text)) {
      const auto name = path_basename(std::string_view(source.text).substr(0, source.text.find_first_of("?#")));
      const auto path = step.copy->directory ? resolve_path(destination.text, name) : destination.text;
      result.push_back({path, path});
    }
  }
  return result;
}

}  // namespace

Outcome<RuntimeFiles> find_runtime_files(const Conversion& conversion) {
  const auto& file = conversion.file;
  const auto& stage = conversion.stage;
  const auto& build = conversion.build;
  RuntimeFiles result;
  const auto project = built_directory(*runtime_of(stage), stage, build);
  if (project.is_known())
    for (const auto& step : steps_before(stage, build)) {
      const auto downloads = find_downloads(step, project.text);
      if (!downloads) return downloads.declined();
      for (const auto& download : *downloads) {
        const auto left = is_left(conversion, step, download.from);
        if (!left) return left.declined();
        if (*left) result.artifacts.push_back(download);
      }
    }
  const auto source = project.is_known() ? find_source(file, stage, build, project.text) : std::nullopt;
  if (!source && !copies_anything(file, stage, build)) return result;
  if (!file.context().is_known()) {
    result.checklist =
        "files that the program reads at run time: without the build context, none of the copied source is in the "
        "runtime stage";
    return result;
  }
  if (!source || !source->context)
    return Declined{"it is not known which of the copied files the program reads at run time"};
  if (auto obstacle = obstacle_of_whole_directory(conversion, *source->context)) return *obstacle;
  if (auto obstacle = obstacle_of_links(file, *source->context)) return *obstacle;
  std::vector<Artifact> files;
  auto named = named_places(conversion);
  std::ranges::copy_if(named, std::back_inserter(result.made),
                       [&](const std::string& place) { return is_made(file.context(), *source, place); });
  std::erase_if(named, [&](const std::string& place) { return !is_in_source(file.context(), *source, place); });
  MentionedNames mentioned(file.context(), *source->context, source->image, named);
  mentioned.add(named_by_settings(file.context(), *source->context, data_in(file, *source->context, mentioned),
                                  runtime_of(stage)->packed_settings));
  const auto data = data_in(file, *source->context, mentioned);
  if (data.size() > most_copied) return Declined{"more files lie beside the source than a runtime stage should copy"};
  for (const auto& name : data) {
    const auto path = join_context_path(*source->context, name);
    const auto* bringing = bringing_step(conversion, project.text, path);
    if (bringing == nullptr) continue;
    const auto place = resolve_path(source->image, name);
    const auto left = is_left(conversion, *bringing, place);
    if (!left) return left.declined();
    if (!*left) continue;
    const bool is_file = file.context().kind(path) == PathKind::file;
    if (!is_in_clone(file.context(), path)) {
      const bool is_read = mentioned.has(name);
      if (is_file && (is_read || is_settings(name) || is_settings_text(name))) {
        if (auto obstacle = obstacle_of_pattern(file.context(), *source->context, name)) return *obstacle;
        files.push_back({place + '*', place + '*', true});
      } else if (!is_file && !file.context().entries(path).empty() && (is_read || !is_left_behind(name))) {
        return Declined{"Git leaves `" + path + "` alone, so a clone lacks it, and a COPY of it would fail there"};
      }
      continue;
    }
    (is_file ? files : result.artifacts).push_back({place, place, is_file});
  }
  // A pattern that nothing matches is no error.
  for (const auto& name : find_unversioned_files(file, stage, *source->context, mentioned)) {
    const auto* bringing = bringing_step(conversion, project.text, join_context_path(*source->context, name));
    if (bringing == nullptr) continue;
    const auto place = resolve_path(source->image, name);
    const auto left = is_left(conversion, *bringing, place);
    if (!left) return left.declined();
    if (*left) files.push_back({place + '*', place + '*', true});
  }
  std::ranges::move(files, std::back_inserter(result.artifacts));
  result.checklist =
      result.artifacts.empty()
          ? "files that the program reads at run time: the build context has only source code and what is "
            "usually for builds and people, so only the program is copied"
          : "files that the program reads at run time: everything but source code and what is usually for "
            "builds and people was copied with it; remove what is not needed";
  return result;
}

}  // namespace dockhew::inline stages
