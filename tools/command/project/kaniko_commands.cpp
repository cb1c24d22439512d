#include "project/kaniko_commands.hpp"

#include <string_view>

#include "text/limits.hpp"

namespace dockhew::cli {
namespace {

// Where a CI service has put the repository; empty where the value does not begin there.
constexpr std::string_view checkouts[] = {"$CI_PROJECT_DIR",
                                          "${CI_PROJECT_DIR}",
                                          "$GITHUB_WORKSPACE",
                                          "${GITHUB_WORKSPACE}",
                                          "$DRONE_WORKSPACE",
                                          "${DRONE_WORKSPACE}",
                                          "$WORKSPACE",
                                          "${WORKSPACE}",
                                          "${env.WORKSPACE}",
                                          "/workspace/source",
                                          "/workspace",
                                          "`pwd`",
                                          "$(pwd)",
                                          "$PWD",
                                          "${PWD}"};

// A value without its quotes, from the root of the repository where it names that.
std::string without_checkout(std::string_view raw) {
  std::string text;
  for (const char c : raw)
    if (c != '"' && c != '\'') text += c;
  constexpr std::string_view directory = "dir://";
  if (text.starts_with(directory)) text.erase(0, directory.size());
  for (const auto checkout : checkouts)
    if (text == checkout || text.starts_with(std::string(checkout) + '/')) return text.replace(0, checkout.size(), ".");
  return text;
}

// A path from the root of the repository, or nothing when it is none that is known.
std::optional<std::string> path_in_project(std::string_view raw) {
  auto text = without_checkout(raw);
  if (text.empty() || text.starts_with('/') || is_elsewhere(text)) return std::nullopt;
  return text;
}

}  // namespace

bool is_kaniko(const ShellCommand& command) {
  return command.name() == "executor" && command.words.front().raw.find("kaniko") != std::string::npos;
}

// https://github.com/GoogleContainerTools/kaniko#additional-flags
void add_kaniko_build(const DockerScript& script, const std::string& name, const ShellCommand& command,
                      std::size_t line, Builds& result) {
  const auto& words = command.words;
  std::optional<std::string> context = ".", dockerfile = "Dockerfile", below = ".";
  std::string pattern;
  Build build;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string_view raw = words[i].raw;
    if (raw.starts_with('\'') || raw.starts_with('"')) raw.remove_prefix(1);
    const auto equals = raw.find('=');
    const auto option = raw.substr(0, equals);
    const auto value = [&]() -> std::string_view {
      if (equals != raw.npos) return raw.substr(equals + 1);
      return i + 1 < words.size() ? std::string_view(words[++i].raw) : std::string_view();
    };
    if (option == "--context" || option == "-c") context = path_in_project(value());
    else if (option == "--dockerfile" || option == "-f") {
      const auto given = value();
      dockerfile = path_in_project(given);
      pattern = path_pattern(without_checkout(given));
    } else if (option == "--context-sub-path") below = path_in_project(value());
    else if (option == "--target") build.target = value();
    else if (option == "--build-arg") {
      const auto argument = value();
      build.arguments.emplace(argument.substr(0, argument.find('=')));
    } else if (option == "--destination" || option == "-d") build.images.insert(image_name(value()));
  }
  if (result.builds.size() >= most_builds) return;
  if (!context || !dockerfile || !below || !command.directory.is_known()) {
    if (!pattern.empty()) pattern = joined_path(script.root, pattern);
    result.unplaced.push_back(
        {script.path + ':' + std::to_string(line), false, true, std::string(kaniko_refusal), std::move(pattern)});
    return;
  }
  const auto base = joined_path(script.root, "." + command.directory.text);
  build.name = name.substr(0, limits::longest_name);
  build.line = line;
  build.context = joined_path(joined_path(base, *context), *below);
  build.dockerfile = joined_path(*dockerfile == "Dockerfile" ? build.context : base, *dockerfile);
  build.cache_from = build.cache_to = true;  // what it does about its cache is its own matter
  build.refuses_mounts = kaniko_refusal;
  build.program = "kaniko";
  result.builds.push_back(std::move(build));
}

}  // namespace dockhew::cli
