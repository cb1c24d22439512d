#include "stages/java_program.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "effects/source_parts.hpp"
#include "model/start_command.hpp"
#include "model/tool_use.hpp"
#include "stages/built_programs.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew {
namespace {

// The words that start the container, as far as a shell would only put the values of variables into them.
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

// From the word on that a shell starts first.
std::span<const std::string> behind_shell(const std::vector<std::string>& words) {
  auto rest = std::span(words);
  for (const std::string_view shell : {"sh", "/bin/sh", "bash", "/bin/bash"})
    if (rest.size() > 1 && rest[0] == shell && rest[1] == "-c") {
      rest = rest.subspan(2);
      break;
    }
  return !rest.empty() && rest[0] == "exec" ? rest.subspan(1) : rest;
}

struct StartedArchive {
  std::string word;      // as it is written
  std::string declined;  // why it is not known
};

StartedArchive find_started_archive(const Stage& stage) {
  const auto all = start_words(stage);
  const auto words = behind_shell(all);
  if (words.empty() || words[0] != "java") return {"", "the container does not start with `java`"};
  for (const auto& word : all) {
    if (word.find_first_of(";&|<>(){}`\\") != word.npos && word.find("${") == word.npos)
      return {"", "the start command is a shell script"};
    if (word.starts_with("-agent") || word.starts_with("-javaagent"))
      return {"", "`" + word + "` loads an agent, which may not be in the runtime image"};
  }
  const auto option = std::ranges::find(words, "-jar");
  if (option == words.end() || option + 1 == words.end()) return {"", "the container does not start with `java -jar`"};
  const auto& archive = *(option + 1);
  if (!archive.ends_with(".jar") || archive.find('$') != archive.npos)
    return {"", "which archive `java -jar` starts is not known"};
  return {archive, ""};
}

// The project in whose output an archive lies: the directory that has `target`, or with Gradle `build`. Empty when no
// build tool is seen to work there.
std::string project_of(const std::vector<const Step*>& builder_steps, const std::string& archive) {
  for (const auto* step : builder_steps)
    for (const auto& use : step->script->uses) {
      const auto& directory = use.command->directory;
      const std::string_view output = use.tool->id == "maven" ? "/target/" : use.tool->id == "gradle" ? "/build/" : "";
      if (output.empty() || use.action->kind != ActionKind::build || !directory.is_known()) continue;
      const auto at = archive.rfind(output);
      if (at == archive.npos || !path_is_under(archive, directory.text)) continue;
      if (auto project = archive.substr(0, at); path_is_under(project, directory.text)) return project;
    }
  return {};
}

// What is right in one image of Java and not in another: where it lies, and which users there are.
std::string ties_to_base(const Stage& stage) {
  for (const auto& step : stage.steps) {
    for (const auto& pair : step.instruction->pairs) {
      const bool is_replaced =
          pair.value.find("$PATH") == pair.value.npos && pair.value.find("${PATH") == pair.value.npos;
      if (step.instruction->keyword == Keyword::env &&
          (pair.name == "JAVA_HOME" || (pair.name == "PATH" && is_replaced)))
        return "`" + pair.name + "` is set, and Java may lie elsewhere in the runtime image";
    }
    if (!step.script) continue;
    for (const auto& command : step.script->commands)
      if ((command.name().ends_with("add") || command.name().starts_with("add")) && command.has_word("1000"))
        return "the user 1000 may be there already in the runtime image";
  }
  return {};
}

bool is_copied(const Stage& stage, const std::vector<const Step*>& builder_steps, const std::string& path) {
  for (const auto* step : builder_steps)
    for (const auto& command : step->script->commands) {
      const auto name = command.name();
      if (name != "cp" && name != "mv" && name != "install") continue;
      if (const auto paths = find_copied_files(stage, command); std::ranges::find(paths, path) != paths.end())
        return true;
    }
  return false;
}

// Whether an archive may name others beside it, by what the project's build says. Without the build it may.
bool needs_neighbours(const Dockerfile& file, const Stage& stage, const std::string& project) {
  const auto root = project_in_context(file, stage, stage.steps.size(), project);
  if (!root || !file.context().is_known()) return true;
  bool found = false;
  for (const auto* name : {"pom.xml", "build.gradle", "build.gradle.kts"}) {
    const auto text = file.context().read(clean_path(*root + '/' + name));
    if (!text) continue;
    found = true;
    const auto has = [&](std::string_view word) { return text->find(word) != text->npos; };
    // Spring Boot's parent packs all that is needed into one archive; what another one says is not known.
    if (has("<parent>") && !has("spring-boot-starter-parent")) return true;
    for (const auto* word : {"<modules>", "addClasspath", "classpathPrefix", "copy-dependencies", "Class-Path",
                             "quarkus", "apply from", "apply(from"})
      if (has(word)) return true;
  }
  return !found;
}

}  // namespace

bool builds_and_starts_java(const Stage& stage) {
  const auto words = start_words(stage);
  const auto started = behind_shell(words);
  return !started.empty() && path_basename(started[0]) == "java" &&
         std::ranges::any_of(stage.steps, [&](const Step& step) {
           if (!step.script) return false;
           const auto& uses = step.script->uses;
           return std::ranges::any_of(uses, [](const ToolUse& use) {
             const bool builds = use.action->kind == ActionKind::build && use.uses_cache();
             return builds && (use.tool->id == "maven" || use.tool->id == "gradle");
           });
         });
}

InterpretedProgram find_java_program(const Dockerfile& file, const Stage& stage,
                                     const std::vector<const Step*>& builder_steps) {
  const auto started = find_started_archive(stage);
  if (!started.declined.empty()) return declined_program(started.declined);
  if (auto reason = ties_to_base(stage); !reason.empty()) return declined_program(std::move(reason));
  if (!stage.workdir.is_known() && !started.word.starts_with('/'))
    return declined_program("the working directory is not known");
  const auto archive = resolve_path(stage.workdir.text, started.word);
  const auto directory = std::string(path_parent(archive));
  InterpretedProgram program;
  program.checklist = {"nothing needs the JDK while the container runs: no compiler, no `jcmd`, no `jmap`"};
  const bool pattern = started.word.find_first_of("*?[") != started.word.npos;
  if (directory.find_first_of("*?[") != directory.npos)
    return declined_program("which archive `java -jar` starts is not known");
  if (!pattern && is_copied(stage, builder_steps, archive)) return program;
  const auto project = project_of(builder_steps, archive);
  if (project.empty())
    return declined_program("`" + started.word + "`, which the container runs, is not what the build is known to make");
  const auto& artifact = pattern || needs_neighbours(file, stage, project) ? directory : archive;
  program.artifacts = {{artifact, artifact}};
  return program;
}

}  // namespace dockhew
