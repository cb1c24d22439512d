#include "project/docker_commands.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>

#include "facts/facts.hpp"
#include "files.hpp"
#include "lint/cache_export.hpp"
#include "model/dockerfile.hpp"
#include "project/changing_values.hpp"
#include "project/cloud_commands.hpp"
#include "project/command_options.hpp"
#include "project/kaniko_commands.hpp"
#include "project/old_builders.hpp"
#include "project/workflow_file.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_runs = 100;
constexpr std::size_t most_scripts = 2000;  // of a file
constexpr std::string_view end_of_script = "END_OF_SCRIPT";

using Words = std::vector<ShellWord>;

constexpr std::string_view programs[] = {"buildah", "docker", "nerdctl", "podman"};

bool is_of_podman(std::string_view program) { return program == "buildah" || program == "podman"; }

// Some have a value only where it is joined (`--pull=always`).
// The last are those of `az acr build`.
constexpr std::string_view build_switches[] = {"--check",    "--compress",
                                               "--debug",    "--disable-content-trust",
                                               "--force-rm", "--load",
                                               "--no-cache", "--pull",
                                               "--push",     "--quiet",
                                               "--rm",       "--squash",
                                               "-q",         "--no-format",
                                               "--no-logs",  "--no-push",
                                               "--no-wait",  "--only-show-errors"};
// https://docs.docker.com/reference/cli/docker/container/run/, and of `docker compose run`.
constexpr std::array<std::string_view, 20> run_switches = {"--build",
                                                           "--detach",
                                                           "--disable-content-trust",
                                                           "--init",
                                                           "--interactive",
                                                           "--no-TTY",
                                                           "--no-deps",
                                                           "--no-healthcheck",
                                                           "--no-tty",
                                                           "--oom-kill-disable",
                                                           "--pod",
                                                           "--privileged",
                                                           "--publish-all",
                                                           "--quiet",
                                                           "--quiet-pull",
                                                           "--read-only",
                                                           "--remove-orphans",
                                                           "--rm",
                                                           "--service-ports",
                                                           "--sig-proxy"};

// The name of an image. A variable that the script itself does not set is empty to it, and stands for itself.
std::string name_of(bool known, std::string_view text, std::string_view raw) {
  const bool whole = known && !text.empty() && text.find_first_of(":/") != 0;
  return image_name(whole ? text : unquoted(raw));
}

std::string name_of(const ShellWord& word) { return name_of(word.value.is_known(), word.text(), word.raw); }

// One option of a command line with its value, which is the next word or behind an equals sign.
// What the words of `docker build` say; nothing when the context is not known. Podman and Buildah take the directory
// where they are called, if none is named: https://docs.podman.io/en/latest/markdown/podman-build.1.html
std::optional<Build> build_of_words(const Words& words, std::size_t first, std::string_view program) {
  std::string dockerfile, context;
  Build build;
  for (auto i = first; i < words.size(); ++i) {
    const auto& word = words[i];
    if (!word.raw.starts_with('-') || word.raw == "-") {
      if (!word.value.is_known() || word.text() == "-") return std::nullopt;
      context = word.text();
      continue;
    }
    const auto option = option_at(words, i, std::ranges::find(build_switches, word.raw) != std::end(build_switches));
    if (option.value == nullptr) continue;
    const bool file = option.name == "-f" || option.name == "--file";
    // A variable that the script itself does not set is empty to it.
    if (file && (!option.value->value.is_known() || option.text.empty())) return std::nullopt;
    if (file) dockerfile = option.text;
    if (option.name == "--target") build.target = option.text;
    if (option.name == "--platform") add_platforms(build, option.text);
    if (option.name == "--build-arg") {
      const auto& [name, is_new] = build.arguments.emplace(option.raw.substr(0, option.raw.find('=')));
      if (changes_with_runs(option.raw)) build.changing.insert(*name);
    }
    if (option.name == "-t" || option.name == "--tag")
      build.images.insert(name_of(option.value->value.is_known(), option.text, option.raw));
  }
  if (context.empty() && is_of_podman(program)) context = ".";
  if (context.empty() || is_elsewhere(context)) return std::nullopt;
  build.context = context;
  build.dockerfile = dockerfile;
  return build;
}

// `-it`, `-d`, `-dP`: options of `docker run` that have no value.
bool is_run_switch(std::string_view word) {
  if (word.starts_with("--"))
    return word.find('=') != word.npos || std::ranges::find(run_switches, word) != run_switches.end();
  return word.size() > 1 && word.find_first_not_of("ditPTq", 1) == word.npos;
}

// `docker run [OPTIONS] IMAGE [COMMAND]`; nothing where the image starts what it says itself. `copied_out`: `docker cp`
// takes files of the container, which may be any.
std::optional<ImageRun> run_of_words(const Words& words, std::size_t first, bool of_service, bool copied_out) {
  std::optional<std::string> command;
  const auto add = [&](const ShellWord& word) {
    const bool known = word.value.is_known();
    if (!command) command.emplace();
    *command += (command->empty() ? "" : " ") + (known ? quoted_for_shell(word.text()) : word.raw);
  };
  auto i = first;
  for (; i < words.size() && words[i].raw.starts_with('-'); ++i) {
    const auto option = option_at(words, i, words[i].raw.find("--entrypoint") != 0 && is_run_switch(words[i].raw));
    if (option.name == "--entrypoint" && option.value != nullptr) command = option.text;
  }
  if (i >= words.size()) return std::nullopt;
  ImageRun run;
  (of_service ? run.service : run.image) = of_service ? words[i].text() : name_of(words[i]);
  // A shell is for a person, who finds what is there.
  if (i + 2 == words.size() && !command && path_basename(words[i + 1].raw).ends_with("sh")) return std::nullopt;
  for (++i; i < words.size(); ++i) add(words[i]);
  if ((!command && !copied_out) || (run.image.empty() && run.service.empty())) return std::nullopt;
  run.start.besides = true;
  if (!copied_out && command->size() <= longest_run) run.start.text = *command;
  return run;
}

// `docker run -d --name web app`: a container that later commands of the script run something in, with its image.
using Containers = std::map<std::string, std::string, std::less<>>;

void name_container(const Words& words, std::size_t first, Containers& containers) {
  std::string name;
  for (auto i = first; i < words.size(); ++i) {
    if (!words[i].raw.starts_with('-')) {
      if (!name.empty()) containers.insert_or_assign(name, name_of(words[i]));
      return;
    }
    const auto option = option_at(words, i, is_run_switch(words[i].raw) && !words[i].raw.starts_with("--name="));
    if (option.name == "--name" && option.value != nullptr) name = option.text;
  }
}

// The place of a command: which program it is for, and where the words of its task begin.
struct Task {
  std::string_view name;  // "build", "run"
  std::size_t first = 0;  // word behind it
  bool of_compose = false;
};

std::optional<Task> task_of(const ShellCommand& command) {
  const auto& words = command.words;
  Task task;
  task.of_compose = command.name() == "docker-compose" || command.name() == "podman-compose";
  if (!task.of_compose && std::ranges::find(programs, command.name()) == std::end(programs)) return std::nullopt;
  std::size_t i = 1;
  for (; i < words.size(); ++i) {
    const auto& word = words[i].raw;
    if (word == "compose") task.of_compose = true;
    else if (word == "-f" || word == "--file" || word == "-p" || word == "--profile" || word == "--env-file") ++i;
    else if (word != "buildx" && word != "image" && word != "container" && !word.starts_with('-')) break;
  }
  if (i >= words.size()) return std::nullopt;
  task.name = words[i].raw;
  task.first = i + 1;
  return task;
}

// `docker build`, which a variable may tell not to use BuildKit; `docker buildx build` and the others have their own
// way.
bool is_by_docker(const ShellCommand& command) {
  return command.name() == "docker" && command.words.size() > 1 && command.words[1].raw != "buildx";
}

// `--cache-to type=inline`, or `--cache-to=type=registry,ref=…` without a mode.
bool keeps_final_stage(const Words& words) {
  constexpr std::string_view option = "--cache-to";
  std::size_t partial = 0, exports = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i].raw;
    if (!word.starts_with(option)) continue;
    word.remove_prefix(option.size());
    if (word.empty() && i + 1 < words.size()) word = words[++i].raw;
    else if (word.starts_with('=')) word.remove_prefix(1);
    ++exports;
    if (exports_final_stage_alone(word)) ++partial;
  }
  return exports > 0 && partial == exports;
}

// `docker build -f - .`: the Dockerfile stands in the script itself, or is made by it.
bool reads_dockerfile_from_input(const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].raw;
    if (word == "-f-" || word == "--file=-") return true;
    if ((word == "-f" || word == "--file") && i + 1 < words.size() && words[i + 1].raw == "-") return true;
  }
  return false;
}

// `cat > Dockerfile.web <<EOF`
bool writes_dockerfile(const ShellCommand& command) {
  return std::ranges::any_of(command.redirects, [](const ShellRedirect& redirect) {
    return is_dockerfile_name(std::string(path_basename(unquoted(redirect.target.raw))));
  });
}

// Podman and Buildah look for a Containerfile first.
const char* default_name(const std::string& context, const ShellCommand& command) {
  std::error_code error;
  const bool there =
      is_of_podman(command.name()) && std::filesystem::is_regular_file(context + "/Containerfile", error);
  return there ? "Containerfile" : "Dockerfile";
}

// The value of `-f`, where a variable is a part of it.
std::string pattern_of_dockerfile(const Words& words, std::size_t first) {
  for (auto i = first; i < words.size(); ++i) {
    const auto option =
        option_at(words, i, std::ranges::find(build_switches, words[i].raw) != std::end(build_switches));
    if (option.value != nullptr && (option.name == "-f" || option.name == "--file")) return path_pattern(option.raw);
  }
  return {};
}

// `--cache-to type=registry,ref=…`, `--cache-to=type=gha`.
bool says_export(const Words& words) {
  constexpr std::string_view option = "--cache-to";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view raw = words[i].raw;
    if (raw == option && i + 1 < words.size() && exports_layers(words[i + 1].raw)) return true;
    if (raw.starts_with("--cache-to=") && exports_layers(raw.substr(option.size() + 1))) return true;
  }
  return false;
}

void add_build(const DockerScript& script, const std::string& name, const ShellCommand& command, std::size_t first,
               std::size_t line, Builds& result) {
  auto build = build_of_words(command.words, first, command.name());
  if (result.builds.size() >= most_builds) return;
  if (reads_dockerfile_from_input(command.words)) result.unread.push_back(name);
  if (!build || (!command.directory.is_known() && !script.anywhere)) {
    if (is_by_docker(command)) result.unplaced.push_back({script.path + ':' + std::to_string(line), false, false, {}});
    return;
  }
  build->by_docker = is_by_docker(command);
  build->program = command.name();
  const auto base = command.directory.is_known() ? joined_path(script.root, "." + command.directory.text) : script.root;
  build->name = name.substr(0, limits::longest_name);
  build->line = line;
  build->context = joined_path(base, build->context);
  // Unlike in Compose, `-f` is relative to where the command runs.
  build->dockerfile = build->dockerfile.empty() ? joined_path(build->context, default_name(build->context, command))
                                                : joined_path(base, build->dockerfile);
  std::error_code error;
  // A variable in the name that the script does not set has a value where it is called.
  if (const auto pattern = pattern_of_dockerfile(command.words, first);
      !pattern.empty() && !std::filesystem::is_regular_file(build->dockerfile, error)) {
    if (is_by_docker(command))
      result.unplaced.push_back(
          {script.path + ':' + std::to_string(line), false, false, {}, joined_path(base, pattern)});
    return;
  }
  build->uncertain = !command.directory.is_known();
  build->cache_from = build->cache_to = true;  // what it does about its cache is its own matter
  build->fetches_layers =
      std::ranges::any_of(command.words, [](const ShellWord& word) { return word.raw.starts_with("--cache-from"); });
  build->keeps_final_stage = keeps_final_stage(command.words);
  build->exports_layers = says_export(command.words);
  result.builds.push_back(std::move(*build));
}

// Where a workflow's `run:` says what a build takes of the Dockerfile: `--target tests`, `--build-arg A=b`. `line_of`:
// of a word in the file, from 0.
template <typename LineOf>
void say_where(const Words& words, std::size_t first, const LineOf& line_of, Build& build) {
  for (auto i = first; i < words.size(); ++i) {
    const auto option =
        option_at(words, i, std::ranges::find(build_switches, words[i].raw) != std::end(build_switches));
    if (option.value == nullptr || option.raw.find('$') != option.raw.npos) continue;
    const SaidInFile said{std::string(option.text.substr(0, option.text.find('='))), line_of(*option.value), 0};
    if (option.name == "--target") build.said_target = {said};
    if (option.name == "--build-arg") build.said_arguments.push_back(said);
  }
}

// `az acr build -r REGISTRY -t NAME [-f FILE] DIRECTORY`: Azure's registry builds it, without BuildKit
// (https://github.com/Azure/acr/issues/721). https://learn.microsoft.com/cli/azure/acr#az-acr-build
bool is_for_azure(const ShellCommand& command) {
  const auto& words = command.words;
  return command.name() == "az" && words.size() > 3 && words[1].raw == "acr" && words[2].raw == "build";
}

void add_azure_build(const DockerScript& script, const std::string& name, const ShellCommand& command, std::size_t line,
                     Builds& result) {
  constexpr std::size_t first = 3;
  const auto before = result.builds.size();
  add_build(script, name, command, first, line, result);
  if (before == most_builds) return;
  if (result.builds.size() > before) result.builds.back().refuses_mounts = azure_refusal;
  else result.unplaced.push_back({script.path + ':' + std::to_string(line), false, true, std::string(azure_refusal)});
}

// What a variable is set to behind its name: `=0`, `: "0"`, ` ?= 0`, `': 0`, `" => "0"`, `"] = "0"`.
bool is_set_to_no(std::string_view rest) {
  constexpr std::string_view blanks = " \t\"'?:=>]";
  const auto value = rest.find_first_not_of(blanks);
  const auto between = rest.substr(0, value);
  if (value == rest.npos || between.find_first_of("=:") == between.npos) return false;
  rest.remove_prefix(value);
  const auto word = rest.substr(0, rest.find_first_of(" \t\r\n\"';,&}]"));
  return word == "0" || to_lower_ascii(word) == "false";
}

}  // namespace

std::optional<std::size_t> place_without_buildkit(std::string_view text) {
  constexpr std::string_view variables[] = {"DOCKER_BUILDKIT", "COMPOSE_DOCKER_CLI_BUILD"};
  for (const auto line : split_lines(text)) {
    if (line.find("BUILD") == line.npos || trim_unicode(line).starts_with('#')) continue;
    for (const auto variable : variables)
      if (const auto at = line.find(variable); at != line.npos && is_set_to_no(line.substr(at + variable.size())))
        return static_cast<std::size_t>(line.data() - text.data()) + at;
  }
  return std::nullopt;
}

void mark_builds_without_buildkit(const std::string& path, std::string_view text, Builds& result) {
  add_old_compose(path, text, result);
  const auto place = place_without_buildkit(text);
  if (!place) return;
  const auto line = std::to_string(1 + std::ranges::count(text.substr(0, *place), '\n'));
  const auto reason = "builds it without BuildKit, which mounts need: line " + line + " switches that off";
  for (auto* builds : {&result.builds, &result.named})
    for (auto& build : *builds)
      if (build.by_docker && build.refuses_mounts.empty()) build.refuses_mounts = reason;
  for (auto& build : result.unplaced)
    if (build.refuses_mounts.empty()) build.refuses_mounts = reason, build.place = path + ':' + line;
}

std::string without_expressions(std::string_view script) {
  std::string result;
  for (auto at = script.find("${{"); at != script.npos; at = script.find("${{")) {
    const auto end = script.find("}}", at);
    if (end == script.npos) break;
    result.append(script.substr(0, at)).append("$EXPRESSION");
    script.remove_prefix(end + 2);
  }
  return result.append(script);
}

std::string image_name(std::string_view reference) {
  reference = reference.substr(0, reference.find('@'));
  const auto last = reference.size() - path_basename(reference).size();
  std::string name;
  for (const char c : reference.substr(0, reference.find(':', last)))
    if (std::string_view("${}()\"'").find(c) == std::string_view::npos) name += c;
  return name;
}

bool may_build(std::string_view text) {
  const auto names = [&](std::string_view program) { return text.find(program) != text.npos; };
  return std::ranges::any_of(programs, names) || names("kamal") || names("gcloud") || names("kaniko") ||
         names("az acr");
}

// The script is read as that of a RUN is: its commands, and the directory that each runs in.
void read_docker_commands(const DockerScript& script, const std::string& name, Builds& result) {
  if (is_elsewhere(script.directory) || !may_build(script.text)) return;
  if (++result.scripts > most_scripts) return;
  const bool bakes = script.text.find("buildx bake") != std::string::npos;
  result.bakes_with_layers |= bakes && script.text.find(".cache-from=") != std::string::npos;
  std::string text = "FROM scratch\nWORKDIR " + joined_path("/", script.directory) + '\n' + "RUN <<'" +
                     std::string(end_of_script) + "'\n";
  const auto begin = text.size();
  text.append(script.text).append("\n").append(end_of_script).append("\n");
  const Dockerfile file(std::move(text), builtin_facts(), {});
  if (file.stages().empty() || file.stages()[0].steps.empty() || !file.stages()[0].steps.back().script) return;
  const auto& steps = file.stages()[0].steps;
  Containers containers;
  const LineIndex lines(file.document().source());
  const auto first_line = lines.line(static_cast<std::uint32_t>(begin));
  const bool copies_out = std::ranges::any_of(steps.back().script->commands, [](const ShellCommand& command) {
    const auto task = task_of(command);
    return task && task->name == "cp" && !task->of_compose;
  });
  for (const auto& command : steps.back().script->commands) {
    if (writes_dockerfile(command)) result.unread.push_back(name);
    const auto task = task_of(command);
    const bool kaniko = is_kaniko(command), azure = is_for_azure(command), cloud = is_cloud_command(command);
    if (!task && !kaniko && !azure && !cloud) continue;
    // Spans of what `sh -c` runs are those of its string.
    const auto source = steps.back().script->text.to_source(command.span.begin);
    const bool placed = !command.nested && source >= begin;
    const auto line = script.line + (placed ? lines.line(source) - first_line : 0);
    if (kaniko) {
      add_kaniko_build(script, name, command, line, result);
      continue;
    }
    if (azure) {
      add_azure_build(script, name, command, line, result);
      continue;
    }
    if (cloud) {
      add_cloud_command(script, name, command, line, result);
      continue;
    }
    if (!task->of_compose && (task->name == "build" || task->name == "bud")) {
      const auto before = result.builds.size();
      add_build(script, name, command, task->first, line, result);
      const auto line_of = [&](const ShellWord& word) {
        return script.line + lines.line(steps.back().script->text.to_source(word.span.begin)) - first_line - 1;
      };
      if (result.builds.size() > before && placed && is_workflow(script.path))
        say_where(command.words, task->first, line_of, result.builds.back());
    }
    if (task->of_compose && (task->name == "build" || task->name == "up"))
      result.unplaced.push_back({script.path + ':' + std::to_string(line), true, false, {}});
    const bool executes = task->name == "exec", creates = copies_out && task->name == "create";
    if ((task->name == "run" || creates) && !task->of_compose) name_container(command.words, task->first, containers);
    if ((task->name != "run" && !executes && !creates) || result.runs.size() >= most_runs) continue;
    const bool copied_out = copies_out && !task->of_compose && !executes;
    if (auto run = run_of_words(command.words, task->first, task->of_compose || executes, copied_out)) {
      const auto container = task->of_compose ? containers.end() : containers.find(run->service);
      if (container != containers.end()) run->image = container->second, run->service.clear();
      run->start.place = script.path + ':' + std::to_string(line);
      result.runs.push_back(std::move(*run));
    }
  }
}

}  // namespace dockhew::cli
