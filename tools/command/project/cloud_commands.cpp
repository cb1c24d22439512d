#include "project/cloud_commands.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "project/command_options.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace {

using Words = std::vector<ShellWord>;

// `kamal app exec --reuse "bin/rails db:migrate"`: in the image that Kamal deploys.
std::optional<ImageRun> deployed_run(const Words& words) {
  if (words.size() < 4 || words[1].raw != "app" || words[2].raw != "exec") return std::nullopt;
  ImageRun run;
  run.any = true;
  for (std::size_t i = 3; i < words.size(); ++i) {
    constexpr std::string_view with_value[] = {"-d", "--destination", "-r",       "--roles", "-h", "--hosts",
                                               "-e", "--env",         "--version"};
    if (std::ranges::find(with_value, words[i].raw) != std::end(with_value)) ++i;
    else if (!words[i].raw.starts_with('-'))
      run.start.text +=
          (run.start.text.empty() ? "" : " ") + (words[i].value.is_known() ? words[i].text() : words[i].raw);
  }
  run.start.besides = true;
  if (run.start.text.empty() || run.start.text.size() > longest_run) return std::nullopt;
  return run;
}

// Kamal builds the Dockerfile of the project that it deploys. https://kamal-deploy.org/docs/configuration/builders/
bool is_deployment(const ShellCommand& command) {
  constexpr std::string_view tasks[] = {"build", "deploy", "redeploy", "setup"};
  return command.name() == "kamal" && command.words.size() > 1 &&
         std::ranges::find(tasks, command.words[1].raw) != std::end(tasks);
}

void add_deployment(const DockerScript& script, const std::string& name, const ShellCommand& command, std::size_t line,
                    Builds& result) {
  if (!command.directory.is_known() || result.builds.size() >= most_builds) return;
  auto build = local_build(name, ".", "Dockerfile", joined_path(script.root, "." + command.directory.text), line);
  build.cache_from = build.cache_to = true;  // config/deploy.yml says it
  result.builds.push_back(std::move(build));
}

// `gcloud builds submit --tag NAME [DIRECTORY]`, `gcloud run deploy --source DIRECTORY`: Cloud Build builds the
// Dockerfile of the directory, without BuildKit. With `--config` a file says what is built.
// https://docs.cloud.google.com/sdk/gcloud/reference/builds/submit
std::optional<std::string> submitted_directory(const Words& words) {
  std::vector<std::string_view> tasks;
  std::string directory;
  bool tagged = false, sourced = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view raw = words[i].raw;
    if (!raw.starts_with('-')) {
      if (tasks.size() < 2 && raw != "beta" && raw != "alpha") tasks.push_back(raw);
      else if (tasks.size() == 2 && tasks[0] == "builds" && words[i].value.is_known()) directory = words[i].text();
      continue;
    }
    const bool is_switch = raw == "--quiet" || raw == "-q" || raw == "--async" || raw == "--no-cache" ||
                           raw.starts_with("--allow-") || raw.starts_with("--no-");
    const auto option = option_at(words, i, is_switch);
    if (option.name == "--config" || option.name == "--pack") return std::nullopt;
    tagged |= option.name == "--tag" || option.name == "-t";
    if (option.name != "--source") continue;
    sourced = true;
    directory = option.text;
  }
  if (tasks.size() < 2) return std::nullopt;
  const bool builds = tasks[0] == "builds" && tasks[1] == "submit" && tagged;
  const bool runs = tasks[0] == "run" && tasks[1] == "deploy" && sourced;
  if (!builds && !runs) return std::nullopt;
  return directory.empty() ? "." : directory;
}

void add_submitted(const DockerScript& script, const std::string& name, const ShellCommand& command,
                   const std::string& directory, std::size_t line, Builds& result) {
  if (result.builds.size() >= most_builds) return;
  const auto base = command.directory.is_known() ? joined_path(script.root, "." + command.directory.text) : script.root;
  result.builds.push_back(submitted_build(name, directory, base, line));
}

}  // namespace

bool is_cloud_command(const ShellCommand& command) { return command.name() == "kamal" || command.name() == "gcloud"; }

void add_cloud_command(const DockerScript& script, const std::string& name, const ShellCommand& command,
                       std::size_t line, Builds& result) {
  if (command.name() == "gcloud") {
    if (const auto directory = submitted_directory(command.words))
      add_submitted(script, name, command, *directory, line, result);
    return;
  }
  if (is_deployment(command)) return add_deployment(script, name, command, line, result);
  auto run = deployed_run(command.words);
  if (!run) return;
  run->start.place = script.path + ':' + std::to_string(line);
  result.runs.push_back(std::move(*run));
}

Build submitted_build(const std::string& name, const std::string& directory, const std::string& base,
                      std::size_t line) {
  auto build = local_build(name, directory, "Dockerfile", base, line);
  build.cache_from = build.cache_to = true;
  build.refuses_mounts = "has Cloud Build build it, without BuildKit, which mounts need";
  return build;
}

}  // namespace dockhew::cli
