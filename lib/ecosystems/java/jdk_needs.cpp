#include "ecosystems/java/jdk_needs.hpp"

#include <string>

#include "ecosystems/java/build_files.hpp"
#include "ecosystems/java/runtime.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {
namespace {

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

}  // namespace

Obstacle need_of_jdk(const Dockerfile& file, std::string_view image) {
  const auto& context = file.context();
  if (!context.is_known()) return std::nullopt;
  if (const auto found = find_source_mark(context, ".", java_runtime, of_jdk))
    return Declined{"`" + found->file + "` uses `" + std::string(found->mark) + "`, which is in the JDK and not in `" +
                    std::string(image) + "`"};
  const auto table = file.facts().needed_packages.find("maven-needs-jdk");
  if (table == file.facts().needed_packages.end()) return std::nullopt;
  for (const auto& build_file : read_build_files(context))
    for (const auto& [library, needs] : table->second)
      if (names_library(build_file.text, library))
        return Declined{"`" + std::string(library) + "`, which `" + build_file.path + "` names, needs " +
                        std::string(needs) + " when the program runs, and `" + std::string(image) + "` has none"};
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
