#include "ecosystems/java/packaging.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "ecosystems/java/build_files.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/xml.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int most_parents = 10;

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

// What a pom.xml says of the one above it.
struct Parent {
  bool exists = false;
  std::string artifact;
  std::string place = "../pom.xml";  // relative to the directory of the pom.xml; empty where it is not in the source
};

Parent parent_of(const std::vector<XmlElement>& elements) {
  constexpr std::string_view parts[] = {"artifactId", "groupId", "relativePath", "version"};
  Parent parent;
  auto at = std::ranges::find(elements, "parent", &XmlElement::name);
  if (at == elements.end()) return parent;
  parent.exists = true;
  // What is named a second time is the project's own.
  std::vector<std::string_view> seen;
  for (++at; at != elements.end() && std::ranges::find(parts, at->name) != std::end(parts) &&
             std::ranges::find(seen, at->name) == seen.end();
       ++at) {
    seen.push_back(at->name);
    if (at->name == "artifactId") parent.artifact = at->text;
    if (at->name == "relativePath") parent.place = at->text;
  }
  return parent;
}

// The texts of a module's pom.xml and of those above it, as far as they are in the source. Nothing where one of them is
// not, and is not Spring Boot's own, which packs everything into one archive.
std::optional<std::vector<std::string>> read_poms(const BuildContext& context, std::string path) {
  std::vector<std::string> texts;
  for (int i = 0; i < most_parents; ++i) {
    auto text = context.read(path);
    if (!text) return std::nullopt;
    const auto elements = read_xml(*text);
    if (!elements) return std::nullopt;
    texts.push_back(std::move(*text));
    const auto parent = parent_of(*elements);
    if (!parent.exists || parent.artifact == "spring-boot-starter-parent") return texts;
    if (parent.place.empty()) return std::nullopt;
    auto above = join_context_path(path_parent(path), parent.place);
    if (context.kind(above) == PathKind::directory) above = join_context_path(above, "pom.xml");
    // Maven takes what is there only if it is the parent that is named.
    if (context.read(above).value_or("").find("<artifactId>" + parent.artifact + "</artifactId>") == std::string::npos)
      return std::nullopt;
    path = std::move(above);
  }
  return std::nullopt;
}

// The one directory in which `copy-dependencies` puts all libraries that the archive names: `lib` of
// `<classpathPrefix>lib/</classpathPrefix>`. Empty where that is not plain.
std::string library_directory(const std::vector<std::string>& poms) {
  // Those that every packaging goes through.
  constexpr std::string_view phases[] = {"compile",         "generate-resources", "package", "prepare-package",
                                         "process-classes", "process-resources",  "validate"};
  std::string prefix, output;
  for (const auto& text : poms) {
    if (has_any(text, {"<pluginManagement>", "<profile>", "<skip>", "Class-Path", "quarkus"})) return {};
    const auto elements = read_xml(text);
    if (!elements) return {};
    for (const auto& element : *elements) {
      if (element.name == "phase" && std::ranges::find(phases, element.text) == std::end(phases)) return {};
      if (element.name == "classpathPrefix") {
        if (!prefix.empty()) return {};
        prefix = element.text;
      }
      constexpr std::string_view build = "${project.build.directory}/";
      if (element.name == "outputDirectory" && element.text.starts_with(build)) {
        if (!output.empty()) return {};
        output = element.text.substr(build.size());
      }
    }
  }
  for (auto* name : {&prefix, &output})
    while (name->ends_with('/')) name->pop_back();
  if (prefix.starts_with("./")) prefix.erase(0, 2);
  const bool copies = std::ranges::any_of(
      poms, [](const std::string& text) { return text.find("<goal>copy-dependencies</goal>") != text.npos; });
  const bool plain = prefix.find_first_of("$./* ") == prefix.npos;
  return copies && plain && prefix == output ? prefix : std::string();
}

Packaging maven_packaging(const BuildContext& context, const std::string& path) {
  const auto poms = read_poms(context, path);
  if (!poms) return {};
  const auto names_others = [](const std::string& text) {
    return has_any(text, {"addClasspath", "classpathPrefix", "copy-dependencies", "Class-Path", "quarkus"});
  };
  // An archive of a project that has modules is not made by its own source.
  if (std::ranges::none_of(*poms, names_others)) return {poms->front().find("<modules>") != std::string::npos, {}};
  Packaging result;
  if (auto libraries = library_directory(*poms); !libraries.empty()) result.libraries = {std::move(libraries)};
  return result;
}

Packaging gradle_packaging(const BuildContext& context, const std::string& directory, const std::string& text) {
  if (has_any(text, {"addClasspath", "Class-Path", "quarkus", "apply from", "apply(from"})) return {};
  // What the build file above says for all projects below it.
  for (auto above = directory; above != ".";) {
    above = path_parent(above).empty() ? std::string(".") : std::string(path_parent(above));
    for (const auto* name : {"build.gradle", "build.gradle.kts"})
      if (context.read(join_context_path(above, name)).value_or("").find("Class-Path") != std::string::npos) return {};
  }
  return {false, {}};
}

// `<classpathPrefix>/root/.m2/repository/</classpathPrefix>`, `'Class-Path': files.collect { it.toURI() }`
bool has_store_in_class_path(const BuildFile& file) {
  if (!file.path.ends_with(".xml"))
    return has_any(file.text, {"Class-Path"}) &&
           has_any(file.text, {".gradle/caches", ".m2", "absolutePath", "gradleUserHome", "toURI", "toURL"});
  const auto elements = read_xml(file.text);
  return elements && std::ranges::any_of(*elements, [](const XmlElement& element) {
           const bool names = element.name == "classpathPrefix" || element.name == "Class-Path";
           return names && (element.text.starts_with('/') || element.text.starts_with("file:") ||
                            has_any(element.text, {".m2", "localRepository", "maven.repo.local"}));
         });
}

}  // namespace

std::string names_store_in_class_path(const BuildContext& context) {
  for (auto& file : read_build_files(context))
    if (has_store_in_class_path(file)) return std::move(file.path);
  return {};
}

Packaging read_packaging(const Dockerfile& file, const Stage& stage, const std::string& project) {
  const auto& context = file.context();
  const auto root = project_in_context(file, stage, stage.steps.size(), project);
  if (!root || !context.is_known()) return {};
  bool found = false;
  for (const auto* name : {"build.gradle", "build.gradle.kts"})
    if (const auto text = context.read(join_context_path(*root, name))) {
      if (gradle_packaging(context, *root, *text).neighbours) return {};
      found = true;
    }
  const auto pom = join_context_path(*root, "pom.xml");
  if (context.exists(pom)) return maven_packaging(context, pom);
  return {!found, {}};
}

}  // namespace dockhew::inline ecosystems
