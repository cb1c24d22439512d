#include "stages/start_files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

// Directories of every base image, where projects are not built.
constexpr std::array<std::string_view, 15> system_directories = {
    "/bin", "/sbin", "/lib",     "/lib64",    "/etc",     "/dev",       "/proc",         "/sys",
    "/tmp", "/run",  "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/share", "/usr/local/bin"};

bool is_system_path(std::string_view path) {
  return std::ranges::any_of(system_directories,
                             [&](std::string_view directory) { return path_is_under(path, directory); });
}

bool is_named(const std::string& path, const Step& step) {
  if (step.copy) return step.copy->destination.is_known() && path_is_under(path, step.copy->destination.text);
  const auto parent = path_parent(path);
  return step.script && step.instruction->text.view().find(parent == "/" ? path : parent) != std::string_view::npos;
}

bool is_present(const std::string& path, const std::vector<Artifact>& artifacts,
                const std::vector<const Step*>& runtime_steps) {
  return is_system_path(path) ||
         std::ranges::any_of(artifacts, [&](const Artifact& artifact) { return path_is_under(path, artifact.to); }) ||
         std::ranges::any_of(runtime_steps, [&](const Step* step) { return is_named(path, *step); });
}

// With a directory: a name alone may be found in PATH.
bool is_shell_script(std::string_view word) {
  return word.ends_with(".sh") && word.find('/') != word.npos && !word.starts_with('-') &&
         word.find_first_of("$*?") == word.npos;
}

}  // namespace

std::optional<std::string> find_missing_script(const Stage& stage, const std::vector<ContainerStart>& others,
                                               const std::vector<Artifact>& artifacts,
                                               const std::vector<const Step*>& runtime_steps) {
  for (const auto& other : others)
    for (auto word : split_words(other.text)) {
      while (!word.empty() && (word.front() == '\'' || word.front() == '"')) word.remove_prefix(1);
      while (!word.empty() && std::string_view("'\";&|)").find(word.back()) != word.npos) word.remove_suffix(1);
      if (!is_shell_script(word) || !stage.workdir.is_known()) continue;
      auto path = resolve_path(stage.workdir.text, word);
      if (!is_present(path, artifacts, runtime_steps)) return path;
    }
  return std::nullopt;
}

std::optional<std::string> find_missing_start_file(const Stage& stage, const std::vector<ContainerStart>& others,
                                                   Words script_endings, const std::vector<Artifact>& artifacts,
                                                   const std::vector<const Step*>& runtime_steps) {
  std::optional<std::string> missing;
  const auto check = [&](std::string_view word) {
    const auto is_its_ending = [&](std::string_view ending) { return word.ends_with(ending); };
    const bool script = is_shell_script(word) || std::ranges::any_of(script_endings, is_its_ending);
    if (!word.starts_with('/') && (!script || !stage.workdir.is_known())) return;
    auto path = word.starts_with('/') ? clean_path(word) : resolve_path(stage.workdir.text, word);
    if (!missing && !is_present(path, artifacts, runtime_steps)) missing = std::move(path);
  };
  const auto check_words = [&](std::string_view rest) {
    while (!rest.empty()) {
      const auto end = rest.find_first_of(" \t\"'=;&|()");
      check(rest.substr(0, end));
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
  };
  for (const auto& other : others) check_words(other.text);
  for (const auto& step : stage.steps) {
    const auto keyword = step.instruction->keyword;
    if (keyword != Keyword::cmd && keyword != Keyword::entrypoint && keyword != Keyword::healthcheck) continue;
    for (const auto& argument : step.instruction->arguments) check_words(argument.text);
  }
  return missing;
}

}  // namespace dockhew::inline stages
