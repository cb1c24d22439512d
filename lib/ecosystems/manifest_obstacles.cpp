#include "ecosystems/manifest_obstacles.hpp"

#include <initializer_list>

#include "ecosystems/node/package_scripts.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

// The first of the words that the text has; empty when it has none.
std::string_view first_found(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const auto word : words)
    if (text.find(word) != text.npos) return word;
  return {};
}

std::string names_source(const char* manifest, std::string_view word) {
  return word.empty() ? std::string()
                      : std::string(manifest) + " has `" + std::string(word) + "`, which may name a part of the source";
}

}  // namespace

std::string package_json_obstacle(const std::string& text) {
  const auto package = parse_json(text).value;
  if (!package.is_object()) return "package.json could not be read";
  if (const auto* scripts = package.find("scripts"); scripts != nullptr)
    for (const auto* name : lifecycle_scripts)
      if (scripts->contains(name))
        return std::string("package.json has the install lifecycle script `") + name + "`, which may read the source";
  if (package.contains("patchedDependencies") || text.find("\"patchedDependencies\"") != text.npos)
    return "package.json names patches, which lie in the source";
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"}) {
    const auto* dependencies = package.find(section);
    if (dependencies == nullptr) continue;
    for (const auto& [name, version] : dependencies->members()) {
      const auto* wanted = version.string();
      if (wanted == nullptr) continue;
      if (wanted->starts_with("file:") || wanted->starts_with("link:") || wanted->starts_with('.') ||
          wanted->starts_with('/'))
        return "the dependency `" + name + "` is a local path";
    }
  }
  return {};
}

std::string environment_yml_obstacle(std::string_view text) {
  return names_source("the environment", first_found(text, {"-e ", "--editable", "-r ", "--requirement", "-c ",
                                                            "--constraint", "file:", "./", "../", ".whl"}));
}

std::string gemfile_obstacle(std::string_view text) {
  return names_source("Gemfile", first_found(text, {"gemspec", "path", "eval_gemfile", "require_relative", "File.",
                                                    "Dir.", "__dir__", "tool-versions", "load "}));
}

std::string pipfile_obstacle(std::string_view text) {
  return names_source("Pipfile", first_found(text, {"path", "editable", "file ="}));
}

std::string pyproject_obstacle(std::string_view text) {
  return names_source("pyproject.toml",
                      first_found(text, {"path =", "path=", "file =", "file:", "editable", "workspace", "develop ="}));
}

std::string composer_json_obstacle(std::string_view text) {
  // Plugins that patch packages, join manifests, or write into the source.
  return names_source("composer.json", first_found(text, {"\"path\"", "\"artifact\"", "\"patches", "composer-patches",
                                                          "merge-plugin", "composer-scaffold"}));
}

std::string pom_xml_obstacle(std::string_view text) {
  if (text.find("<modules>") != text.npos) return "pom.xml has modules, whose manifests lie in other directories";
  return names_source("pom.xml", first_found(text, {"<systemPath>", "basedir}", "<relativePath>.", "file:"}));
}

std::string gradle_obstacle(std::string_view path, std::string_view text) {
  return names_source(std::string(path).c_str(),
                      first_found(text, {"include", "apply from", "apply(from", "file(", "files(", "fileTree", "File(",
                                         "flatDir", "rootDir", "projectDir", "project(\":", "project(':", "plugins.dir",
                                         "exec", "ProcessBuilder", "providers."}));
}

std::string settings_obstacle(std::string_view path, std::string_view text) {
  const std::string name(path_basename(path));
  std::string_view word;
  if (name == ".npmrc")
    word = first_found(text, {"cafile", "certfile", "keyfile", "node-options", "=./", "=../", "file:"});
  else if (name == ".yarnrc") word = first_found(text, {"yarn-path", "offline-mirror", "./", "cafile"});
  else if (name == "bunfig.toml") word = first_found(text, {"cafile", "\"./", "'./", "preload"});
  else if (name == "uv.toml") word = first_found(text, {"find-links", "path", "file:", "\"./", "'./"});
  else if (name == "schema.prisma") word = first_found(text, {"output"});
  else if (name == "maven.config" || name == "jvm.config")
    word = first_found(text,
                       {"settings", "toolchains", "-f", "--file", "repo.local", "./", ".mvn/", "file:", "javaagent"});
  return names_source(name.c_str(), word);
}

std::string mix_exs_obstacle(std::string_view text) {
  return names_source("mix.exs", first_found(text, {"path:", "apps_path", "in_umbrella", "File.", "Code.", "Path."}));
}

}  // namespace dockhew
