#include "ecosystems/java/jdk_needs.hpp"

#include <algorithm>
#include <string>

#include "ecosystems/java/runtime.hpp"
#include "ecosystems/runtime.hpp"
#include "ecosystems/source_words.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 8;

// Modules whose names begin with `jdk.` and that a JRE is made without, by their packages. Source: the lists of modules
// of both in the build files of OpenJDK.
constexpr std::string_view of_jdk[] = {"com.sun.jarsigner",
                                       "com.sun.jdi",
                                       "com.sun.source",
                                       "com.sun.tools.attach",
                                       "com.sun.tools.doclets",
                                       "com.sun.tools.javac",
                                       "com.sun.tools.javadoc",
                                       "com.sun.tools.jdi",
                                       "com.sun.tools.script",
                                       "getSystemDocumentationTool",
                                       "getSystemJavaCompiler",
                                       "java.util.spi.ToolProvider",
                                       "javax.tools.ToolProvider",
                                       "jdk.javadoc",
                                       "jdk.jshell",
                                       "jdk.security.jarsigner",
                                       "sun.jvmstat"};

bool is_build_file(std::string_view name) {
  return name == "pom.xml" || name.ends_with(".gradle") || name.ends_with(".gradle.kts") ||
         name == "libs.versions.toml";
}

// `net.openhft:compiler` as Maven and Gradle write it.
bool names_library(const std::string& text, std::string_view library) {
  if (text.find(library) != text.npos) return true;
  const auto colon = library.find(':');
  const auto element = [](std::string_view name, std::string_view value) {
    return '<' + std::string(name) + '>' + std::string(value) + "</" + std::string(name) + '>';
  };
  return text.find(element("groupId", library.substr(0, colon))) != text.npos &&
         text.find(element("artifactId", library.substr(colon + 1))) != text.npos;
}

struct Search {
  const BuildContext& context;
  const NameMap<std::string_view>& libraries;
  Obstacle found = {};

  void in(const std::string& directory, int depth, std::string_view image) {
    for (const auto& name : context.entries(directory)) {
      if (found) return;
      const auto path = join_context_path(directory, name);
      const auto kind = context.kind(path);
      if (kind == PathKind::directory && depth < deepest && name != "src" && is_of_program(name))
        in(path, depth + 1, image);
      if (kind != PathKind::file || !is_build_file(name)) continue;
      const auto text = context.read(path).value_or("");
      for (const auto& [library, needs] : libraries)
        if (!found && names_library(text, library))
          found = Declined{"`" + std::string(library) + "`, which `" + path + "` names, needs " + std::string(needs) +
                           " when the program runs, and `" + std::string(image) + "` has none"};
    }
  }
};

}  // namespace

Obstacle need_of_jdk(const Dockerfile& file, std::string_view image) {
  const auto& context = file.context();
  if (!context.is_known()) return std::nullopt;
  if (const auto word = find_source_word(context, ".", java_runtime, of_jdk))
    return Declined{"`" + word->file + "` uses `" + std::string(word->word) + "`, which is in the JDK and not in `" +
                    std::string(image) + "`"};
  const auto table = file.facts().needed_packages.find("maven-needs-jdk");
  if (table == file.facts().needed_packages.end()) return std::nullopt;
  Search search{context, table->second};
  search.in(".", 0, image);
  return std::move(search.found);
}

}  // namespace dockhew::inline ecosystems
