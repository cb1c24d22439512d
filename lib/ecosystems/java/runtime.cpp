// Java programs in an image of their own: the archive that `java -jar` starts, which Maven or Gradle have put into the
// project's output directory, or that whole directory where the archive names others beside it, in an image with a JRE.
#include "ecosystems/java/runtime.hpp"

#include <algorithm>

#include "ecosystems/runtime_image.hpp"
#include "effects/copied_files.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"maven", "gradle"};
constexpr std::string_view packages[] = {"maven", "gradle"};
constexpr std::string_view source_endings[] = {".groovy", ".java", ".kt", ".scala"};
constexpr std::string_view toolchain_programs[] = {"gradle", "gradlew", "jar",    "javac", "jcmd", "jinfo", "jmap",
                                                   "jps",    "jshell",  "jstack", "jstat", "mvn",  "mvnw"};
constexpr std::string_view starting_calls[] = {".command", ".exec", "ProcessBuilder"};
constexpr std::string_view manifests[] = {"pom.xml", "build.gradle", "build.gradle.kts"};

// ---- the image ------------------------------------------------------------------------------------------------------

std::vector<std::string> parts_of(const std::string& tag) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= tag.size();) {
    const auto end = std::min(tag.find('-', begin), tag.size());
    parts.push_back(tag.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// For Java, by the tag of an image that has a JDK: eclipse-temurin:17-jdk-jammy, maven:3.9-eclipse-temurin-17-alpine,
// gradle:8.5-jdk17, openjdk:17-slim.
std::string java_version(std::string_view image, const std::vector<std::string>& parts) {
  if (image == "eclipse-temurin" || image == "openjdk") return parts[0];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (image == "gradle" && parts[i].starts_with("jdk")) return parts[i].substr(3);
    const bool names = image == "maven" && (parts[i] == "temurin" || parts[i] == "openjdk" || parts[i] == "jdk");
    if (names && i + 1 < parts.size()) return parts[i + 1];
  }
  return {};
}

// What images of Maven and Gradle have, and those with the JRE have not, by distribution. Source: their Dockerfiles.
constexpr std::pair<std::string_view, std::string_view> lacking_on_alpine[] = {
    {"bash", "bash"}, {"curl", "curl"}, {"git", "git"}, {"hg", "mercurial"}, {"ssh", "openssh-client"}};
constexpr std::pair<std::string_view, std::string_view> lacking_on_ubuntu[] = {
    {"git", "git"}, {"hg", "mercurial"}, {"ssh", "openssh-client"}, {"svn", "subversion"}, {"unzip", "unzip"}};

// Eclipse Temurin's JRE, which most JDK images use too. Before 18, it exists only for versions with long-term support.
// Source: the tags of the official image.
Outcome<RuntimeImage> jre_image(const Facts&, const Stage& stage) {
  const auto& image = stage.image->entry->names.front();
  const auto& tag = stage.reference.tag;
  const auto parts = parts_of(tag);
  const auto written = java_version(image, parts);
  const auto numbers = version_numbers(written);
  if (numbers.empty())
    return Declined{"it is not known which Java `" + stage.base.text + "` has, and which runtime image fits"};
  if (numbers[0] < 18 && numbers[0] != 8 && numbers[0] != 11 && numbers[0] != 17)
    return Declined{"there is no runtime image for Java " + std::to_string(numbers[0])};
  // Other builds have their own versions.
  const auto version = image == "eclipse-temurin" ? written : std::to_string(numbers[0]);
  const bool temurin = image == "eclipse-temurin" || image == "gradle" || tag.find("temurin") != tag.npos;
  std::string variant;
  for (const auto& part : parts) {
    if (part == "jre") return Declined{"the base image has no JDK"};
    const bool release = part == "jammy" || part == "focal" || part == "noble";
    if (part == "alpine" || (release && temurin)) variant = '-' + part;
    constexpr std::string_view known[] = {"eclipse", "temurin", "openjdk",  "jdk",
                                          "slim",    "buster",  "bullseye", "bookworm"};
    const bool plain = version_numbers(part).empty() ? std::ranges::find(known, part) != std::end(known) : true;
    if (!plain && variant != '-' + part && part != "jdk" + written)
      return Declined{"the runtime image of the variant `" + part + "` is not known"};
  }
  RuntimeImage result;
  result.name = stage.image->mirror + "eclipse-temurin:" + version + "-jre" + variant;
  result.lacks.entries = variant == "-alpine" ? std::span(lacking_on_alpine) : std::span(lacking_on_ubuntu);
  if (image != "eclipse-temurin" && image != "openjdk")
    result.unknown_needs = {starts_no_program(stage, result.name, "git or ssh")};
  result.same_release = image == "eclipse-temurin";
  result.other_distribution = !temurin && variant != "-alpine";
  if (!temurin)
    result.differences.push_back("`" + result.name + "` is a different build of Java from `" + stage.base.text +
                                 "`, on a different distribution, with different values of `JAVA_HOME` and `LANG`");
  add_lost_variables(stage, {"JAVA_HOME"}, result);
  return result;
}

// ---- the program ----------------------------------------------------------------------------------------------------

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

// As it is written.
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
  return archive;
}

// The project in whose output an archive lies: the directory that has `target`, or with Gradle `build`. Nothing when no
// build tool is seen to work there.
std::optional<std::string> project_of(const std::vector<const Step*>& builder_steps, const std::string& archive) {
  for (const auto* step : builder_steps)
    for (const auto& use : step->script->uses) {
      const auto& directory = use.command->directory;
      const std::string_view output = use.tool->id == "maven" ? "/target/" : use.tool->id == "gradle" ? "/build/" : "";
      if (output.empty() || use.action->kind != ActionKind::build || !directory.is_known()) continue;
      const auto at = archive.rfind(output);
      if (at == archive.npos || !path_is_under(archive, directory.text)) continue;
      if (auto project = archive.substr(0, at); path_is_under(project, directory.text)) return project;
    }
  return std::nullopt;
}

// What differs between Java images: where Java is, and which users exist.
Obstacle ties_to_base(const Stage& stage) {
  for (const auto& step : stage.steps) {
    for (const auto& pair : step.instruction->pairs) {
      const bool is_replaced =
          pair.value.find("$PATH") == pair.value.npos && pair.value.find("${PATH") == pair.value.npos;
      if (step.instruction->keyword == Keyword::env &&
          (pair.name == "JAVA_HOME" || (pair.name == "PATH" && is_replaced)))
        return Declined{"`" + pair.name + "` is set, but Java may be elsewhere in the runtime image"};
    }
    if (!step.script) continue;
    for (const auto& command : step.script->commands)
      if ((command.name().ends_with("add") || command.name().starts_with("add")) && command.has_word("1000"))
        return Declined{"the user 1000 may already exist in the runtime image"};
  }
  return std::nullopt;
}

Outcome<RuntimeImage> image(const Facts& facts, const Stage& stage) {
  auto result = jre_image(facts, stage);
  if (!result) return result;
  if (auto obstacle = ties_to_base(stage)) return *obstacle;
  result->differences.emplace_back("nothing needs the JDK while the container runs: no compiler, no `jcmd`, no `jmap`");
  return result;
}

bool is_copied(const Conversion& conversion, const std::string& path) {
  for (const auto* step : conversion.builder_runs)
    for (const auto& command : step->script->commands) {
      const auto paths = find_copied_files(conversion.file.facts(), conversion.stage, command);
      if (std::ranges::find(paths, path) != paths.end()) return true;
    }
  return false;
}

// Whether an archive may refer to others next to it, according to the project's build file. Without that it may.
bool needs_neighbours(const Dockerfile& file, const Stage& stage, const std::string& project) {
  const auto root = project_in_context(file, stage, stage.steps.size(), project);
  if (!root || !file.context().is_known()) return true;
  bool found = false;
  for (const auto name : manifests) {
    const auto text = file.context().read(join_context_path(*root, name));
    if (!text) continue;
    found = true;
    const auto has = [&](std::string_view word) { return text->find(word) != text->npos; };
    // Spring Boot's parent packs everything into one archive; what another parent does is not known.
    if (has("<parent>") && !has("spring-boot-starter-parent")) return true;
    for (const auto* word : {"<modules>", "addClasspath", "classpathPrefix", "copy-dependencies", "Class-Path",
                             "quarkus", "apply from", "apply(from"})
      if (has(word)) return true;
  }
  return !found;
}

// A JDK whose container starts `java`, and none of its tools.
std::string_view toolchain(const Stage& stage) {
  const bool has_jdk = stage.reference.tag.find("jre") == std::string::npos;
  const auto words = start_words(stage);
  const auto started = after_shell(words);
  return has_jdk && !started.empty() && path_basename(started[0]) == "java" ? "JDK" : "";
}

// An archive that a RUN of the builder copies to its place is no artifact of its own.
Outcome<RuntimeProgram> program(const Conversion& conversion) {
  const auto& stage = conversion.stage;
  const auto started = find_started_archive(stage);
  if (!started) return started.declined();
  if (!stage.workdir.is_known() && !started->starts_with('/')) return Declined{"the working directory is not known"};
  const auto archive = resolve_path(stage.workdir.text, *started);
  const auto directory = std::string(path_parent(archive));
  RuntimeProgram result;
  const bool pattern = started->find_first_of("*?[") != started->npos;
  if (directory.find_first_of("*?[") != directory.npos)
    return Declined{"it is not known which archive `java -jar` starts"};
  if (!pattern && is_copied(conversion, archive)) return result;
  const auto project = project_of(conversion.builder_runs, archive);
  if (!project) return Declined{"`" + *started + "`, which the container runs, is not a known result of the build"};
  const auto& artifact = pattern || needs_neighbours(conversion.file, stage, *project) ? directory : archive;
  result.artifacts = {{artifact, artifact}};
  return result;
}

// What is in a module's `src` goes into its archive, and the others contain build output and build tools.
bool is_packed(const BuildContext& context, const std::string& project, std::string_view name) {
  if (name != "src" && name != "target" && name != "build" && name != "buildSrc" && name != "gradle") return false;
  return std::ranges::any_of(
      manifests, [&](std::string_view manifest) { return context.exists(join_context_path(project, manifest)); });
}

}  // namespace

constexpr std::string_view kept_programs[] = {"java", "keytool", "rmiregistry"};

extern constinit const Runtime java_runtime = {
    .compiled = true,
    .tools = tools,
    .titles = "Maven or Gradle",
    .packages = packages,
    .source_endings = source_endings,
    .toolchain_programs = toolchain_programs,
    .starting_calls = starting_calls,
    .kept_programs = kept_programs,
    .toolchain = toolchain,
    .part = part_of_action,
    .image = image,
    .program = program,
    .is_packed = is_packed,
};

}  // namespace dockhew::inline ecosystems
