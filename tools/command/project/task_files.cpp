#include "project/task_files.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>
#include <vector>

#include "ecosystems/makefile.hpp"
#include "files.hpp"
#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_recipes = 500;

bool is_makefile(std::string_view name) {
  return name == "Makefile" || name == "makefile" || name == "GNUmakefile" || name.ends_with(".mk");
}

bool is_justfile(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  return lower == "justfile" || lower == ".justfile" || lower.ends_with(".just");
}

bool is_taskfile(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  return (lower.starts_with("taskfile.") || lower == "tasks.yml") &&
         (lower.ends_with(".yml") || lower.ends_with(".yaml"));
}

// Scripts without an ending: `bin/test`, a hook of Kamal.
bool is_bare_script(const std::string& path) {
  const auto directory = std::string(path_basename(directory_of(path)));
  const bool usual = directory == "bin" || directory == "hooks" || directory == "script" || directory == "scripts";
  return usual && path_basename(path).find('.') == std::string_view::npos;
}

// Each line of a recipe has a shell of its own, which runs beside the Makefile.
void read_makefile(const std::string& path, std::string_view text, Builds& result) {
  for (auto& [line, number] : all_recipes(text))
    read_docker_commands({std::move(line), ".", directory_of(path), path, number}, "make", result);
}

bool is_guide(std::string_view name) {
  const auto lower = to_lower_ascii(name);
  return lower == "readme.md" || lower == "contributing.md";
}

// What people are told to run, in code between fences: `$ docker compose run --rm web bundle install`. What they build
// only says how images are called.
void read_guide(const std::string& path, std::string_view text, Builds& result) {
  Builds found;
  bool code = false;
  std::size_t number = 0, read = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    auto command = trim_unicode(line);
    if (command.starts_with("```") || command.starts_with("~~~")) {
      code = !code;
      continue;
    }
    if (!code || read == most_recipes) continue;
    if (command.starts_with("$ ") || command.starts_with("> ")) command.remove_prefix(2);
    ++read;
    read_docker_commands({std::string(command), ".", directory_of(path), path, number, true}, "guide", found);
  }
  std::ranges::move(found.runs, std::back_inserter(result.runs));
  // Who is told to let Cloud Build do it, or to do without BuildKit, does.
  mark_builds_without_buildkit(path, text, found);
  std::error_code error;
  for (auto& build : found.builds)
    if (!build.refuses_mounts.empty() || fs::is_regular_file(build.dockerfile, error))
      result.named.push_back(std::move(build));
}

// Commands of npm scripts run in the directory of their package.json.
void read_package(const std::string& path, Builds& result) {
  read_json_with_comments(path, [&](const YAML::Node& root) {
    if (!root.IsMap() || !root["scripts"] || !root["scripts"].IsMap()) return;
    for (const auto& script : root["scripts"])
      if (script.first.IsScalar() && script.second.IsScalar())
        read_docker_commands({script.second.Scalar(), ".", directory_of(path), path, line_of(script.second)},
                             script.first.Scalar(), result);
  });
}

// Words that a script keeps for a later `docker build`: `set -- "$@" -f ./docker/Dockerfile .`, in one line of the
// shell.
void read_kept_words(const std::string& path, std::string_view text, Builds& result) {
  std::vector<std::string_view> words;
  std::size_t number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    const auto trimmed = trim_unicode(line);
    const bool goes_on = trimmed.ends_with('\\');
    std::ranges::copy(split_words(trimmed.substr(0, trimmed.size() - (goes_on ? 1 : 0))), std::back_inserter(words));
    if (goes_on) continue;
    const auto kept = std::exchange(words, {});
    const bool builds = std::ranges::any_of(kept, [](auto word) { return word == "build" || word == "bud"; });
    const auto option = std::ranges::find_if(kept, [](auto word) { return word == "-f" || word == "--file"; });
    if (kept.end() - option < 3 || builds || kept.front().starts_with('#')) continue;
    const std::string dockerfile(unquoted(option[1])), context(unquoted(option[2]));
    if (!is_dockerfile_name(std::string(path_basename(dockerfile))) || is_elsewhere(dockerfile + context) ||
        context.starts_with('-') || context.find_first_of("\\;|&()") != context.npos)
      continue;
    auto build = local_build("script", context, "Dockerfile", ".", number);
    build.dockerfile = joined_path(".", dockerfile);
    build.program = "docker";
    build.uncertain = true;
    add_script_build(build, path, result);
  }
}

// Where a script was started from is not known: beside it, or in a directory above. One that alone has the Dockerfile
// is it; else what it builds only says how images are called.
void read_script(const std::string& path, const std::string& text, Builds& result) {
  const auto first = std::string_view(text).substr(0, text.find('\n'));
  if (is_bare_script(path) && (!first.starts_with("#!") || !trim_unicode(first).ends_with("sh"))) return;
  Builds found;
  read_docker_commands({text, ".", ".", path, 1, true}, "script", found);
  std::ranges::move(found.runs, std::back_inserter(result.runs));
  std::ranges::move(found.unplaced, std::back_inserter(result.unplaced));
  std::ranges::move(found.unread, std::back_inserter(result.unread));
  for (const auto& build : found.builds) add_script_build(build, path, result);
  read_kept_words(path, text, result);
}

// `{{ name }}` of just, `{{.NAME}}` of Task: variables, or what is only known when the task runs.
std::string with_variables(std::string_view text) {
  std::string result;
  for (auto at = text.find("{{"); at != text.npos; at = text.find("{{")) {
    const auto end = text.find("}}", at);
    if (end == text.npos) break;
    auto name = trim_unicode(text.substr(at + 2, end - at - 2));
    if (name.starts_with('.')) name.remove_prefix(1);
    const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    result.append(text.substr(0, at)).append("${").append(plain ? name : filled_in).append("}");
    text.remove_prefix(end + 2);
  }
  return result.append(text);
}

// https://just.systems/man/en/: indented lines are those of a recipe. Each has a shell of its own, unless the first
// says what runs all of them.
void read_justfile(const std::string& path, std::string_view text, Builds& result) {
  std::string recipe;
  std::size_t number = 0, begin = 0, count = 0;
  const auto finish = [&] {
    if (!recipe.empty() && ++count <= most_recipes)
      read_docker_commands({with_variables(recipe), ".", directory_of(path), path, begin}, "just", result);
    recipe.clear();
  };
  bool whole = false;
  for (const auto line : split_lines(text)) {
    ++number;
    auto command = trim_unicode(line);
    if (line.empty() || (line[0] != ' ' && line[0] != '\t') || command.empty()) {
      if (!command.empty() || !whole) finish(), whole = false;
      else recipe += '\n';
      continue;
    }
    const bool continued = recipe.ends_with("\\\n") || whole;
    if (!continued) finish();
    if (recipe.empty()) begin = number;
    if (!continued && command.starts_with("#!")) whole = true;
    while (!whole && !continued && (command.starts_with('@') || command.starts_with('-'))) command.remove_prefix(1);
    recipe.append(command).append("\n");
  }
  finish();
}

// https://taskfile.dev/: commands run in the directory of the file, or in one that the task names.
void read_taskfile(const std::string& path, const std::string& text, Builds& result) {
  read_yaml_text(path, text, [&](const YAML::Node& root) {
    if (!root.IsMap() || !root["tasks"] || !root["tasks"].IsMap()) return;
    for (const auto& task : root["tasks"]) {
      const auto name = scalar_of(task.first).substr(0, limits::longest_name);
      const auto& body = task.second;
      auto directory = body.IsMap() ? with_variables(scalar_of(body["dir"])) : std::string();
      if (directory.empty()) directory = ".";
      const auto add = [&](const YAML::Node& command) {
        const auto& line = command.IsMap() ? command["cmd"] : command;
        if (line && line.IsScalar())
          read_docker_commands({with_variables(line.Scalar()), directory, directory_of(path), path, line_of(line)},
                               name, result);
      };
      const auto commands = body.IsMap() ? (body["cmds"] ? body["cmds"] : body["cmd"]) : body;
      if (commands && commands.IsSequence())
        for (const auto& command : commands) add(command);
      else if (commands) add(commands);
    }
  });
}

}  // namespace

bool is_task_file(const std::string& path) {
  const auto name = path_basename(path);
  return is_makefile(name) || is_justfile(name) || is_taskfile(name) || name == "package.json" ||
         name.ends_with(".sh") || name.ends_with(".bash") || is_guide(name) || is_bare_script(path);
}

Builds read_task_file(const std::string& path, const std::string& text) {
  Builds result;
  const auto name = path_basename(path);
  if (is_makefile(name)) read_makefile(path, text, result);
  else if (name == "package.json") read_package(path, result);
  else if (is_justfile(name)) read_justfile(path, text, result);
  else if (is_taskfile(name)) read_taskfile(path, text, result);
  else if (is_guide(name)) read_guide(path, text, result);
  else read_script(path, text, result);
  return result;
}

}  // namespace dockhew::cli
