#include "ecosystems/java/manifests.hpp"

#include "ecosystems/java/pom.hpp"
#include "ecosystems/plain_manifest.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view command_line[] = {"settings", "toolchains", "-f",    "--file",   "repo.local",
                                             "./",       ".mvn/",      "file:", "javaagent"};
constexpr SettingsWords maven_settings[] = {{"maven.config", command_line}, {"jvm.config", command_line}};
constexpr PlainManifest maven = {
    .file = "pom.xml", .lock = "", .in_source = "target", .obstacle = pom_xml_obstacle, .settings = maven_settings};

Outcome<Manifests> maven_manifests(const Site& site, const ToolUse& use, const Project& project) {
  auto manifests = find_plain_manifests(site, use, project, maven);
  if (manifests && site.context().exists(join_context_path(project.directory, "../pom.xml")))
    return Declined{"pom.xml is a module of the pom.xml above it"};
  return manifests;
}

// Gradle's build files are programs, in one of two languages.
Obstacle build_file_obstacle(std::string_view path, std::string_view text) {
  constexpr std::string_view words[] = {
      "include", "apply from", "apply(from",  "file(",      "files(",      "fileTree", "File(",          "flatDir",
      "rootDir", "projectDir", "project(\":", "project(':", "plugins.dir", "exec",     "ProcessBuilder", "providers."};
  return names_source(path, text, words);
}

Outcome<Manifests> gradle_manifests(const Site& site, const ToolUse& use, const Project& project) {
  const auto& context = site.context();
  if (!context.is_known()) return Declined{"without the build context, it is not known what Gradle's build files read"};
  Manifests result;
  result.paths = present(context, project.directory, use.tool->project.manifests);
  if (result.paths.empty()) return Declined{"there is no build.gradle in the build context"};
  for (const auto* name : {"buildSrc", "build", ".gradle"})
    if (context.exists(join_context_path(project.directory, name)))
      return Declined{"the build context contains `" + std::string(name) + "`, which the build reads or writes"};
  for (const auto& path : result.paths)
    if (path.ends_with(".gradle") || path.ends_with(".kts"))
      if (auto obstacle = build_file_obstacle(path, context.read(path).value_or(""))) return *obstacle;
  return result;
}

}  // namespace

Obstacle obstacle_in_maven_settings(const BuildContext& context, const std::vector<std::string>& paths) {
  return obstacle_in_settings(context, paths, maven_settings);
}

Installation java_installation(const ToolUse& use) {
  if (use.action->kind == ActionKind::fetch) return {Declares::manifest, false};
  return named_installation(use, false);
}

Outcome<Manifests> java_manifests(const Site& site, const ToolUse& use, const Project& project) {
  if (use.tool->id == "sbt") return Declined{"sbt's build files are programs, and what they read is not known"};
  return use.tool->id == "gradle" ? gradle_manifests(site, use, project) : maven_manifests(site, use, project);
}

}  // namespace dockhew::inline ecosystems
