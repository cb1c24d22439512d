#include "analysis/manifest_obstacles.hpp"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "text/path.hpp"

namespace dockhew {
namespace {

using nlohmann::json;

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

// What `npm ci` runs of the project itself.
constexpr const char* lifecycle_scripts[] = {"preinstall", "install",    "postinstall", "prepare",
                                             "prepublish", "preprepare", "postprepare"};

// Programs that write where they are told to, and never into `node_modules`.
bool is_known_program(std::string_view name) {
  constexpr std::string_view known[] = {"tsc",     "tsup",      "esbuild", "rollup", "swc",       "babel", "nest",
                                        "ncc",     "webpack",   "vite",    "rimraf", "copyfiles", "cpx",   "shx",
                                        "cpy-cli", "tsc-alias", "cp",      "mkdir",  "rm",        "echo"};
  return std::ranges::find(known, name) != std::end(known);
}

// What keeps a script of package.json from being known to leave `node_modules` alone; empty when nothing does.
std::string script_obstacle(const json& scripts, const std::string& name, int depth = 0) {
  constexpr int deepest = 4;
  for (const auto& hook : {"pre" + name, name, "post" + name}) {
    const auto entry = scripts.find(hook);
    if (entry == scripts.end()) continue;
    const auto unknown = "what the script `" + hook + "` of package.json writes is not known";
    if (!entry->is_string() || depth == deepest) return unknown;
    std::string_view rest = entry->get_ref<const std::string&>();
    if (rest.find_first_of("|$`()<>'\"\\") != rest.npos || rest.find("node_modules") != rest.npos) return unknown;
    while (!rest.empty()) {
      const auto end = rest.find("&&");
      auto part = rest.substr(0, end);
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 2);
      part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
      const auto program = part.substr(0, part.find(' '));
      constexpr std::string_view run = "npm run ";
      if (part.starts_with(run)) {
        const std::string other(part.substr(run.size(), part.find(' ', run.size()) - run.size()));
        if (auto obstacle = script_obstacle(scripts, other, depth + 1); !obstacle.empty()) return obstacle;
      } else if (!is_known_program(program) || part.find_first_of(";&") != part.npos) {
        return unknown;
      }
    }
  }
  return scripts.contains(name) ? "" : "package.json has no script `" + name + "`";
}

}  // namespace

std::string package_script_obstacle(const std::string& text, const std::string& script) {
  const auto package = json::parse(text, nullptr, false);
  if (!package.is_object() || !package.contains("scripts")) return "package.json has no scripts";
  return script_obstacle(package["scripts"], script);
}

std::string script_writing_at_install(const std::string& text) {
  const auto package = json::parse(text, nullptr, false);
  if (!package.is_object() || !package.contains("scripts") || !package["scripts"].is_object()) return {};
  for (const auto* name : lifecycle_scripts) {
    const auto entry = package["scripts"].find(name);
    if (entry == package["scripts"].end()) continue;
    if (!entry->is_string()) return name;
    std::string_view rest = entry->get_ref<const std::string&>();
    while (!rest.empty()) {
      const auto end = rest.find_first_of("&|;");
      auto part = rest.substr(0, end);
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
      part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
      if (part.starts_with("npx ")) part.remove_prefix(4);
      const auto program = part.substr(0, part.find(' '));
      // They write into node_modules, into the settings of Git, or nothing.
      constexpr std::string_view known[] = {"",           "husky", "prisma", "patch-package",
                                            "only-allow", "is-ci", "echo",   "true"};
      if (std::ranges::find(known, program) == std::end(known)) return name;
    }
  }
  return {};
}

std::string script_path_outside(const std::string& text, const std::string& script) {
  const auto package = json::parse(text, nullptr, false);
  if (!package.is_object() || !package.contains("scripts") || !package["scripts"].is_object()) return {};
  const auto& scripts = package["scripts"];
  std::set<std::string> seen;
  std::vector<std::string> names = {script};
  while (!names.empty()) {
    const auto name = names.back();
    names.pop_back();
    for (const auto& hook : {"pre" + name, name, "post" + name}) {
      const auto entry = scripts.find(hook);
      if (entry == scripts.end() || !entry->is_string() || !seen.insert(hook).second) continue;
      const auto& line = entry->get_ref<const std::string&>();
      for (std::size_t begin = 0, end = 0; begin < line.size(); begin = end + 1) {
        end = std::min(line.find_first_of(" \t\"'=;&|()<>", begin), line.size());
        auto word = line.substr(begin, end - begin);
        const bool outside = (word.starts_with('/') && word != "/dev/null") || word.starts_with("~/") ||
                             word.find("../") != word.npos || word == ".." || word.starts_with("$HOME");
        if (outside) return word;
        if (scripts.contains(word)) names.push_back(std::move(word));
      }
    }
  }
  return {};
}

std::string package_json_obstacle(const std::string& text) {
  const auto package = json::parse(text, nullptr, false);
  if (!package.is_object()) return "package.json could not be read";
  if (const auto scripts = package.find("scripts"); scripts != package.end() && scripts->is_object())
    for (const auto* name : lifecycle_scripts)
      if (scripts->contains(name))
        return std::string("package.json has the install lifecycle script `") + name + "`, which may read the source";
  if (package.contains("patchedDependencies") || text.find("\"patchedDependencies\"") != text.npos)
    return "package.json names patches, which lie in the source";
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"}) {
    const auto dependencies = package.find(section);
    if (dependencies == package.end() || !dependencies->is_object()) continue;
    for (const auto& [name, version] : dependencies->items()) {
      if (!version.is_string()) continue;
      const auto& wanted = version.get_ref<const std::string&>();
      if (wanted.starts_with("file:") || wanted.starts_with("link:") || wanted.starts_with('.') ||
          wanted.starts_with('/'))
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
