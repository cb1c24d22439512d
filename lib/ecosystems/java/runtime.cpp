// Java programs in an image of their own: the archive that `java -jar` starts, which Maven or Gradle have put into the
// project's output directory, or that whole directory where the archive names others beside it, in an image with a JRE.
#include "ecosystems/java/runtime.hpp"

#include <algorithm>

#include "ecosystems/java/base_ties.hpp"
#include "ecosystems/java/images.hpp"
#include "ecosystems/java/jdk_needs.hpp"
#include "ecosystems/java/packaging.hpp"
#include "ecosystems/java/start.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/started_programs.hpp"
#include "effects/copied_files.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"maven", "gradle"};
constexpr std::string_view packages[] = {"maven", "gradle"};
constexpr std::string_view source_endings[] = {".groovy", ".java", ".kt", ".scala"};
constexpr std::string_view toolchain_programs[] = {
    "gradle", "gradlew", "jar",    "jarsigner", "javac",  "javadoc", "javap", "jcmd", "jconsole",
    "jdb",    "jdeps",   "jhsdb",  "jimage",    "jinfo",  "jlink",   "jmap",  "jmod", "jpackage",
    "jps",    "jshell",  "jstack", "jstat",     "jstatd", "mvn",     "mvnw",  "sbt"};
constexpr std::string_view starting_calls[] = {".command", ".exec", "ProcessBuilder"};
constexpr std::string_view manifests[] = {"pom.xml", "build.gradle", "build.gradle.kts"};

// ---- the program ----------------------------------------------------------------------------------------------------

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

// The output directory of the project where the source names files in it: `new File("target/uploads")`. Empty where it
// names none.
std::string output_read_by_source(const Conversion& conversion, const std::string& project,
                                  const std::string& archive) {
  const auto below = relative_path(project, archive);
  const auto output = project + '/' + below.substr(0, below.find('/'));
  const auto name = std::string(path_basename(output));
  const std::string texts[] = {
      '"' + name + '/',       "\"./" + name + '/',       "\"/" + name + '/',         output + '/',
      "File(\"" + name + '"', "Path.of(\"" + name + '"', "Paths.get(\"" + name + '"'};
  const std::vector<std::string_view> words(std::begin(texts), std::end(texts));
  return find_source_mark(conversion.file.context(), ".", java_runtime, words) ? output : std::string();
}

Outcome<RuntimeImage> image(const Facts&, const Stage& stage) {
  auto result = jre_image(stage);
  if (!result) return result;
  result->differences.emplace_back("nothing needs the JDK while the container runs: no compiler, no `jcmd`, no `jmap`");
  return result;
}

Obstacle fit_image(const Dockerfile& file, const Stage& stage, RuntimeImage& image) {
  return ties_to_base(file, stage, image);
}

bool is_copied(const Conversion& conversion, const std::string& path) {
  for (const auto* step : conversion.builder_runs)
    for (const auto& command : step->script->commands) {
      const auto paths = find_copied_files(conversion.file.facts(), conversion.stage, command);
      if (std::ranges::find(paths, path) != paths.end()) return true;
    }
  return false;
}

// `ENTRYPOINT ["/start.sh"]`, with `java -jar app.jar` in the script.
bool starts_java_by_script(const Dockerfile& file, const Stage& stage) {
  const auto started = find_started_programs(file, stage, java_runtime);
  const auto starts_archive = [](const auto& script) { return script.second.find(" -jar ") != std::string::npos; };
  return started->names.contains("java") && started->unread.empty() &&
         std::ranges::any_of(started->scripts, starts_archive);
}

// A JDK whose container starts `java`, and none of its tools; or a script that does.
std::string_view toolchain(const Dockerfile& file, const Stage& stage) {
  if (!has_jdk(stage)) return {};
  const bool starts = starts_java(stage) || !started_distribution(stage).empty() || starts_java_by_script(file, stage);
  return starts ? "JDK" : "";
}

// An archive that a RUN of the builder copies to its place is no artifact of its own.
Outcome<RuntimeProgram> program(const Conversion& conversion) {
  const auto& stage = conversion.stage;
  if (auto distribution = started_distribution(stage); !distribution.empty()) {
    if (!project_of(conversion.builder_runs, distribution))
      return Declined{"`" + distribution + "`, from which the container starts, is not a known result of the build"};
    RuntimeProgram result;
    result.artifacts = {{distribution, distribution}};
    return result;
  }
  if (const auto build_file = names_store_in_class_path(conversion.file.context()); !build_file.empty())
    return Declined{"the archive takes libraries from where the build downloads them, as `" + build_file + "` says"};
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
  const auto packaging = read_packaging(conversion.file, stage, *project);
  const auto output = output_read_by_source(conversion, *project, archive);
  if (!output.empty()) result.artifacts = {{output, output}};
  if (path_is_under(directory, output) && !output.empty()) return result;
  if (packaging.neighbours && packaging.libraries.empty()) {
    result.artifacts.push_back({directory, directory});
    return result;
  }
  // A pattern of the start command means the same in COPY, and each of its files keeps its name.
  result.artifacts.push_back({archive, archive, pattern});
  for (const auto& name : packaging.libraries) {
    const auto libraries = join_context_path(directory, name);
    result.artifacts.push_back({libraries, libraries});
  }
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
    .started_build = started_build,
    .part = part_of_action,
    .image = image,
    .need_of_toolchain = need_of_jdk,
    .fit_image = fit_image,
    .program = program,
    .packed_settings = "src/main/resources",
    .is_packed = is_packed,
};

}  // namespace dockhew::inline ecosystems
