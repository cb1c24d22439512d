#include "ecosystems/java/refusal.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "ecosystems/java/images.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/toolchain_changes.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/xml.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Whether the use compiles the project in its directory, as its pom.xml says.
bool compiles_as_written(const ToolUse& use) {
  constexpr std::string_view goals[] = {"compile", "deploy", "install", "package", "test", "verify"};
  constexpr std::string_view others[] = {"--file", "--global", "--toolchains", "-D",  "-P",
                                         "-f",     "-gs",      "-gt",          "-pl", "-t"};
  constexpr std::string_view harmless[] = {"-DskipTests", "-Dmaven.test.skip"};
  bool compiles = false;
  for (const auto& word : use.command->words) {
    const auto& text = word.text();
    const auto begins = [&](std::string_view option) { return text.starts_with(option); };
    if (!word.value.is_known()) return false;
    if (std::ranges::any_of(others, begins) && std::ranges::none_of(harmless, begins)) return false;
    compiles |= std::ranges::find(goals, text) != std::end(goals);
  }
  return compiles;
}

// 17 of `17`, 8 of `1.8`; 0 of anything else.
int release_of(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != text.npos) return 0;
  const auto numbers = version_numbers(text);
  if (numbers.size() == 2 && numbers[0] == 1) return numbers[1];
  return numbers.size() == 1 ? numbers[0] : 0;
}

// The Java that pom.xml asks for by itself; 0 where a profile, a parent, another plugin or a part of the project may
// say something else.
int wanted_java(std::string_view text) {
  constexpr std::string_view unclear[] = {"compilerArgs", "executable", "fork",    "jdkToolchain", "maven.main.skip",
                                          "module",       "modules",    "profile", "release",      "skip",
                                          "skipMain",     "source",     "target",  "toolchains"};
  constexpr std::string_view spring = "spring-boot-starter-parent";
  const auto elements = read_xml(text);
  if (!elements) return 0;
  std::map<std::string, std::string, std::less<>> said;
  bool parent = false, of_spring = false;
  for (const auto& [name, value] : *elements) {
    if (std::ranges::find(unclear, name) != std::end(unclear)) return 0;
    if (value.find("toolchains") != value.npos || value.find("kotlin") != value.npos) return 0;
    parent |= name == "parent";
    of_spring |= name == "artifactId" && value == spring;
    if (name == "java.version" || name.starts_with("maven.compiler.")) {
      if (!said.emplace(name, value).second) return 0;
    }
  }
  if (parent && !of_spring) return 0;
  const auto value = [&](std::string_view name) {
    const auto found = said.find(name);
    if (found == said.end()) return 0;
    const auto& written = found->second;
    const auto java = said.find("java.version");
    return release_of(written == "${java.version}" && java != said.end() ? java->second : written);
  };
  if (said.contains("maven.compiler.release")) return value("maven.compiler.release");
  // Spring Boot 3 takes `java.version` before these, and Spring Boot 2 these before it.
  const int source = value("maven.compiler.source"), target = value("maven.compiler.target");
  if (!parent) return said.contains("maven.compiler.executable") ? 0 : std::max(source, target);
  const int java = value("java.version");
  return source == 0 && target == 0 ? java : std::min({java, source, target});
}

// Of what may bring another JDK, or say otherwise what Maven compiles for.
constexpr std::string_view other_jdk[] = {"JAVA_HOME", "PATH",       "MAVEN_",   "jdk",  "jvm",    "sdk",
                                          "java-",     "toolchains", "corretto", "zulu", "temurin"};

}  // namespace

Refusal java_refusal(const Site& site, const ToolUse& use) {
  const auto& image = site.stage.image;
  const auto& command = *use.command;
  if (use.tool->id != "maven" || !command.directory.is_known() || !compiles_as_written(use)) return {};
  if (!image || image->entry == nullptr || image->only_configured || image->windows || site.stage.base_from_argument)
    return {};
  const int has = java_release(site.stage);
  if (has == 0) return {};
  const auto& context = site.context();
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  const auto manifest = directory ? join_context_path(*directory, "pom.xml") : std::string();
  const auto text = directory ? context.read(manifest) : std::nullopt;
  const int wanted = text ? wanted_java(*text) : 0;
  if (wanted <= has) return {};
  const auto sources = join_context_path(*directory, "src/main/java");
  if (context.kind(sources) != PathKind::directory ||
      context.exists(join_context_path(*directory, ".mvn/maven.config")) ||
      context.exists(join_context_path(*directory, ".mvn/jvm.config")))
    return {};
  if (!is_brought(site, command.directory.text, manifest) || !is_brought(site, command.directory.text, sources) ||
      may_find_other(site, use, other_jdk, resolve_path(command.directory.text, "pom.xml")))
    return {};
  return {"`" + manifest + "` asks for Java " + std::to_string(wanted) + ", and `" + shown_base(site.stage) + "` has " +
              std::to_string(has) + ", so the compiler stops here",
          std::to_string(has), std::to_string(wanted)};
}

}  // namespace dockhew::inline ecosystems
