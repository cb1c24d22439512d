#include "ecosystems/java/start.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The words that start the container, if a shell would do no more than insert the values of variables.
std::vector<std::string> start_words(const Stage& stage) {
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  std::string text;
  for (const auto* instruction : {entrypoint, arguments}) {
    if (instruction == nullptr) continue;
    for (const auto& argument : instruction->arguments) text += argument.text + ' ';
    if (!instruction->json && entrypoint != nullptr) break;  // a shell form takes no arguments
  }
  std::vector<std::string> words;
  for (const auto part : split_words(text)) {
    std::string word(part);
    std::erase_if(word, [](char c) { return c == '"' || c == '\''; });
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

// From the word that a shell starts first.
std::span<const std::string> after_shell(const std::vector<std::string>& words) {
  auto rest = std::span(words);
  for (const std::string_view shell : {"sh", "/bin/sh", "bash", "/bin/bash"})
    if (rest.size() > 1 && rest[0] == shell && rest[1] == "-c") {
      rest = rest.subspan(2);
      break;
    }
  return !rest.empty() && rest[0] == "exec" ? rest.subspan(1) : rest;
}

// Whether a shell reads the words: not where all of them are JSON and the first is the program.
bool expands_patterns(const Stage& stage, const std::vector<std::string>& words) {
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  const bool json =
      (entrypoint == nullptr || entrypoint->json) && (entrypoint != nullptr || arguments == nullptr || arguments->json);
  return !json || after_shell(words).size() != words.size();
}

}  // namespace

Outcome<std::string> find_started_archive(const Stage& stage) {
  const auto all = start_words(stage);
  const auto words = after_shell(all);
  if (words.empty() || words[0] != "java") return Declined{"the container does not start with `java`"};
  for (const auto& word : all) {
    if (word.find_first_of(";&|<>(){}`\\") != word.npos && word.find("${") == word.npos)
      return Declined{"the start command is a shell script"};
    if (word.starts_with("-agent") || word.starts_with("-javaagent"))
      return Declined{"`" + word + "` loads an agent, which may not be in the runtime image"};
  }
  const auto option = std::ranges::find(words, "-jar");
  if (option == words.end() || option + 1 == words.end())
    return Declined{"the container does not start with `java -jar`"};
  const auto& archive = *(option + 1);
  if (!archive.ends_with(".jar") || archive.find('$') != archive.npos)
    return Declined{"it is not known which archive `java -jar` starts"};
  if (archive.find_first_of("*?[") != archive.npos && !expands_patterns(stage, all))
    return Declined{"no shell expands `" + archive +
                    "`, so that `java` looks for an archive of that very name and the container does not start; name "
                    "the archive"};
  return archive;
}

bool starts_java(const Stage& stage) {
  const auto all = start_words(stage);
  const auto words = after_shell(all);
  // `java Server.java` compiles what it runs.
  return !words.empty() && path_basename(words[0]) == "java" && std::ranges::none_of(words, [](std::string_view word) {
    return word.ends_with(".java") || word == "--source";
  });
}

std::string started_distribution(const Stage& stage) {
  const auto all = start_words(stage);
  const auto words = after_shell(all);
  if (words.empty() || words[0].find_first_of("$*?[") != std::string::npos) return {};
  if (!words[0].starts_with('/') && !stage.workdir.is_known()) return {};
  const auto script = resolve_path(stage.workdir.is_known() ? stage.workdir.text : "/", words[0]);
  const auto binaries = path_parent(script), distribution = path_parent(binaries);
  const bool is_one = path_basename(binaries) == "bin" && path_parent(distribution).ends_with("/build/install");
  return is_one ? std::string(distribution) : std::string();
}

std::string started_build(const Stage& stage) {
  constexpr std::string_view tools[] = {"gradle", "gradlew", "mvn", "mvnw"};
  constexpr std::string_view goals[] = {"bootRun", ":bootRun", "exec:java",       "jetty:run",
                                        "run",     ":run",     "spring-boot:run", "tomcat7:run"};
  const auto all = start_words(stage);
  const auto words = after_shell(all);
  if (words.empty() || std::ranges::find(tools, path_basename(words[0])) == std::end(tools)) return {};
  const auto goal = std::ranges::find_if(
      words, [&](const std::string& word) { return std::ranges::find(goals, word) != std::end(goals); });
  return goal == words.end() ? std::string() : words[0] + ' ' + *goal;
}

}  // namespace dockhew::inline ecosystems
