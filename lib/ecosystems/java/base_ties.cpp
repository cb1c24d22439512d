#include "ecosystems/java/base_ties.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "ecosystems/java/runtime.hpp"
#include "ecosystems/started_programs.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Where distributions and other builds of Java put it, and what JDKs have and JREs have not: until Java 8, `jre` and
// `lib/tools.jar` below the JDK. Source: the Dockerfiles of the images, and the files in both archives of Temurin 8.
constexpr std::string_view places[] = {
    "/docker-java-home",  "/opt/java/openjdk/jre", "/opt/openjdk",       "/usr/bin/java",
    "/usr/java/",         "/usr/lib/jvm",          "/usr/local/openjdk", "/jre/bin",
    "/jre/lib",           "JAVA_HOME/jre",         "JAVA_HOME}/jre",     "JAVA_HOME/include",
    "JAVA_HOME}/include", "JAVA_HOME/jmods",       "JAVA_HOME}/jmods",   "tools.jar"};

// Empty where it names none of them.
std::string_view place_in(std::string_view text) {
  const auto found =
      std::ranges::find_if(places, [&](std::string_view place) { return text.find(place) != text.npos; });
  return found == std::end(places) ? std::string_view() : *found;
}

// A step that only builds is in the builder, where the image stays.
bool builds(const Step& step) {
  return step.script && std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
           return std::ranges::find(java_runtime.tools, use.tool->id) != java_runtime.tools.end();
         });
}

Declined named_by(const std::string& who, std::string_view place, const RuntimeImage& image) {
  return {who + " names `" + std::string(place) + "`, which may be elsewhere in `" + image.name + "`, or not there"};
}

Obstacle tie_of_step(const Dockerfile& file, const Step& step, const RuntimeImage& image) {
  for (const auto& pair : step.instruction->pairs) {
    const bool is_replaced =
        pair.value.find("$PATH") == pair.value.npos && pair.value.find("${PATH") == pair.value.npos;
    if (step.instruction->keyword == Keyword::env && (pair.name == "JAVA_HOME" || (pair.name == "PATH" && is_replaced)))
      return Declined{"`" + pair.name + "` is set, but Java may be elsewhere in `" + image.name + "`"};
  }
  const auto place = place_in(slice(file.source(), step.instruction->span));
  if (!place.empty() && !builds(step) && step.instruction->keyword != Keyword::label)
    return named_by(step.instruction->word, place, image);
  if (!step.script) return std::nullopt;
  // Ubuntu's images have it since 23.04, so that the first user of the file is another one there.
  const bool numbered = file.source().find("1000") != std::string_view::npos;
  for (const auto& command : step.script->commands)
    if (numbered && (command.name() == "useradd" || command.name() == "adduser"))
      return Declined{"the user 1000 may already exist in `" + image.name + "`"};
  return std::nullopt;
}

}  // namespace

Obstacle ties_to_base(const Dockerfile& file, const Stage& stage, const RuntimeImage& image) {
  for (const auto& step : stage.steps)
    if (auto obstacle = tie_of_step(file, step, image)) return obstacle;
  const auto& origin = file.context().origin();
  if (origin.environment.contains("JAVA_HOME"))
    return Declined{"a Compose file sets `JAVA_HOME`, but Java may be elsewhere in the runtime image"};
  for (const auto& text : origin.settings)
    if (const auto place = place_in(text); !place.empty())
      return named_by("a Compose file, which gives the container `" + text + "`,", place, image);
  const auto started = find_started_programs(file, stage, java_runtime);
  for (const auto& [path, text] : started->scripts)
    if (const auto place = place_in(text); !place.empty()) return named_by('`' + path + '`', place, image);
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
