#include "ecosystems/java/jdk_needs.hpp"

#include <algorithm>
#include <string>

#include "ecosystems/java/build_files.hpp"
#include "ecosystems/java/runtime.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/runtime.hpp"
#include "ecosystems/started_programs.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

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

// Of the JDK's modules and options those that a command line names.
std::string_view sign_of_jdk(std::string_view text) {
  constexpr std::string_view signs[] = {"allowAttachSelf", "ct.sym",     "jdk.attach",   "jdk.compiler", "jdk.jartool",
                                        "jdk.javadoc",     "jdk.jcmd",   "jdk.jconsole", "jdk.jdeps",    "jdk.jdi",
                                        "jdk.jlink",       "jdk.jshell", "jdk.jpackage", "jdk.jstatd"};
  const auto found = std::ranges::find_if(signs, [&](std::string_view sign) { return text.find(sign) != text.npos; });
  return found == std::end(signs) ? std::string_view() : *found;
}

// A tool of the JDK in a script, however it is called, and source that `java` compiles.
std::string_view tool_in_script(std::string_view script) {
  for (const auto line : split_lines(script)) {
    if (trim_unicode(line).starts_with('#')) continue;
    for (const auto program : java_runtime.toolchain_programs)
      if (find_name(line, program, "-_.") != line.npos) return program;
    if (line.find(".java ") != line.npos || line.ends_with(".java")) return "java FILE.java";
  }
  return {};
}

// `. "$DIR/lib.sh"`: a file that is not known.
bool reads_unknown_file(std::string_view text) {
  constexpr std::string_view calls[] = {". $", ". \"", "source $", "source \""};
  return std::ranges::any_of(calls, [&](std::string_view call) {
    const auto at = text.find(call);
    return at != text.npos && text.substr(at, 40).find('$') != text.npos &&
           (at == 0 || text[at - 1] == '\n' || text[at - 1] == ' ' || text[at - 1] == ';');
  });
}

Declined needs(const std::string& who, std::string_view what, std::string_view image) {
  return {who + " names `" + std::string(what) + "`, which is in the JDK and not in `" + std::string(image) + "`"};
}

// What the container is told, by the file, by others and in scripts.
Obstacle need_of_start(const Dockerfile& file, const Stage& stage, std::string_view image) {
  for (const auto& [each, step] : steps_of_chain(file, stage)) {
    const auto sign = sign_of_jdk(step->instruction->text.view());
    if (!sign.empty()) return needs("the file", sign, image);
  }
  for (const auto& start : file.context().origin().starts)
    if (const auto sign = sign_of_jdk(start.text); !sign.empty()) return needs('`' + start.place + '`', sign, image);
  for (const auto& setting : file.context().origin().settings)
    if (const auto sign = sign_of_jdk(setting); !sign.empty()) return needs("a variable", sign, image);
  const auto started = find_started_programs(file, stage, java_runtime);
  for (const auto& script : started->scripts) {
    const auto& path = script.first;
    const auto& text = script.second;
    const auto sign = sign_of_jdk(text), tool = tool_in_script(text);
    if (!sign.empty() || !tool.empty()) return needs('`' + path + '`', sign.empty() ? tool : sign, image);
    if (reads_unknown_file(text))
      return Declined{"`" + path + "` reads a file that is not known, and may need the JDK"};
    const auto writes = [&](const StageStep& each) {
      const auto line = each.step->instruction->text.view();
      return each.step->instruction->keyword == Keyword::run && line.find(path_basename(path)) != line.npos &&
             (line.find('>') != line.npos || line.find("sed ") != line.npos || line.find("tee ") != line.npos);
    };
    if (std::ranges::any_of(steps_of_chain(file, stage), writes))
      return Declined{"a RUN changes `" + path + "`, and what it starts then is not known"};
  }
  return std::nullopt;
}

}  // namespace

Obstacle need_of_jdk(const Dockerfile& file, std::string_view image) {
  const auto& context = file.context();
  if (auto obstacle = need_of_start(file, file.final_stage(), image)) return obstacle;
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
