// Go programs in an image of their own: what `go build -o` and `go install` make, in the distribution's own image.
#include "ecosystems/go/runtime.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/compiled_program.hpp"
#include "ecosystems/go/modules.hpp"
#include "ecosystems/go/time_zones.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/runtime_image.hpp"
#include "effects/unix_effects.hpp"
#include "model/context_path.hpp"
#include "model/image_directories.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `go install example.com/tool@latest`
bool builds_from_registry(const ToolUse& use) {
  return use.command->has_word("install") && std::ranges::any_of(use.operands, [&](std::size_t i) {
           return use.command->words[i].raw.find('@') != std::string_view::npos;
         });
}

// Whether a directory is there when the command runs: of the system, or made by the file.
bool is_directory(const Site& site, const ShellCommand& command, const std::string& path) {
  const auto makes = [&](const ShellCommand& other) {
    const auto effects = unix_effects(site.file.facts(), other);
    return effects.makes_directories && std::ranges::any_of(effects.writes.paths, [&](const AffectedPath& made) {
             return path_is_under(made.path, path);
           });
  };
  const auto makes_in = [&](const Site& earlier) {
    const auto& step = earlier.step;
    if (step.workdir.is_known() && path_is_under(step.workdir.text, path)) return true;
    if (step.copy && step.copy->destination.is_known() && path_is_under(step.copy->destination.text, path)) return true;
    return step.script && std::ranges::any_of(step.script->commands, makes);
  };
  if (is_in_every_image(path) || path == "/go/bin" || path_is_under(command.directory.text, path)) return true;
  for (const auto& other : site.step.script->commands) {
    if (&other == &command) break;
    if (makes(other)) return true;
  }
  return site.any_earlier({"makes the directory ", path}, makes_in);
}

// `go build -o` names its program, or the directory for several. With `./...` it is a file, too, unless there is such a
// directory: Go refuses to write several programs into one file.
void add_programs(const Site& site, const ToolUse& use, const std::string&, OtherPrograms& programs) {
  const auto& command = *use.command;
  const bool installs = command.has_word("install");
  const auto outputs = command_effects(site, command).writes;
  const auto named = known_values(command, {"-o"});
  if (!installs && (!command.has_word("build") || named.empty())) return;
  const bool several = std::ranges::any_of(
      command.words, [](const ShellWord& word) { return word.raw.find("...") != std::string_view::npos; });
  const bool slash = std::ranges::any_of(named, [](const std::string& value) { return value.ends_with('/'); });
  if (outputs.may_be_anywhere() || outputs.paths.size() != 1 || command.directory.is(outputs.paths.front().path)) {
    programs.complete &= !several && !outputs.may_be_anywhere();
    return;
  }
  const auto& output = outputs.paths.front().path;
  if (output.starts_with("/dev/")) return;
  const bool into = slash || (several && (installs || is_directory(site, command, output)));
  if (into && (several || !installs)) programs.paths.push_back(output + '/');
  else if (!installs) programs.paths.push_back(output);
}

std::string_view toolchain(const Dockerfile&, const Stage&) { return "Go toolchain"; }

// A command that makes files which are not those of the build: `go run ./gen`, `go generate`, `swag init`.
const ShellCommand* find_generator(const Conversion& conversion) {
  constexpr std::string_view generators[] = {"buf", "gqlgen", "sqlc", "statik", "swag", "templ"};
  for (const auto* step : conversion.builder_runs)
    for (const auto& command : step->script->commands) {
      const bool of_go = command.name() == "go" && command.words.size() > 1 &&
                         (command.words[1].value.is("run") || command.words[1].value.is("generate"));
      if (of_go || std::ranges::find(generators, command.name()) != std::end(generators)) return &command;
    }
  return nullptr;
}

// What looks like the path of a file that a program reads, in quotes, and is not in the context: "docs/swagger.json".
std::string file_that_is_made(const Conversion& conversion) {
  constexpr std::string_view endings[] = {".css",  ".csv",  ".html", ".js",   ".json", ".sql",
                                          ".tmpl", ".toml", ".xml",  ".yaml", ".yml"};
  const auto& context = conversion.file.context();
  const auto root = source_root(conversion.file, conversion.stage);
  std::string found;
  for_each_source(context, root, go_runtime, [&](const std::string&, const std::string& text) {
    for (auto at = text.find('"'); at != text.npos && found.empty();) {
      const auto end = text.find_first_of("\"\n", at + 1);
      if (end == text.npos) break;
      auto path = std::string_view(text).substr(at + 1, end - at - 1);
      if (path.starts_with("./")) path.remove_prefix(2);
      const bool plain =
          path.find('/') != path.npos && path.find_first_of(" :%*{}<>?") == path.npos && !path.starts_with('/');
      const auto ends = [&](std::string_view ending) { return path.ends_with(ending); };
      if (plain && std::ranges::any_of(endings, ends) && !context.exists(join_context_path(root, std::string(path))))
        found = path;
      at = text[end] == '"' ? text.find('"', end + 1) : text.find('"', end);
    }
  });
  return found;
}

Obstacle obstacle_of_generated(const Conversion& conversion) {
  const auto* generator = find_generator(conversion);
  if (generator == nullptr) return std::nullopt;
  const auto file = file_that_is_made(conversion);
  if (file.empty()) return std::nullopt;
  return Declined{"the source names `" + file + "`, which is not in the build context; `" + generator->name() +
                  "` may make it in the build, and the program may read it when it runs"};
}

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  if (auto obstacle = obstacle_of_generated(conversion)) return *obstacle;
  return find_compiled_program(conversion, {"go", "/go/bin", builds_from_registry, add_programs});
}

// Go's images on Alpine have time zones in the toolchain, and Alpine has none.
Outcome<RuntimeImage> image(const Facts& facts, const Stage& stage) {
  auto result = distribution_image(facts, stage);
  if (result && stage.image->distribution == "alpine")
    result->unknown_needs.push_back(
        "time zones that the program loads by name need the package `tzdata`, which is "
        "installed only where the source is seen to load one");
  return result;
}

Obstacle need_of_modules(const Dockerfile& file, std::string_view image) {
  const auto module = module_read_by_program(file, file.final_stage());
  if (module.empty()) return std::nullopt;
  return Declined{"`" + std::string(module) +
                  "`, which `go.mod` names, has files in the module cache that the program "
                  "reads when it runs, and `" +
                  std::string(image) + "` has none"};
}

std::vector<std::string> needed_packages(const Dockerfile& file, const Stage& stage) {
  auto packages = time_zones(file, stage);
  if (stage.image->distribution == "debian")
    for (const auto& [package, place] : find_source_marks(file, stage, go_runtime, "go-source"))
      packages.emplace_back(package);
  return packages;
}

// Where the module is, or, where that is not seen, where Go runs: `go build` in `/app/cmd/server` compiles packages of
// `/app`.
Value module_directory(const Stage& stage, const Step& build) {
  const auto use = std::ranges::find_if(build.script->uses, [](const ToolUse& each) {
    return each.action->kind == ActionKind::build || each.action->kind == ActionKind::install;
  });
  const auto directory = use == build.script->uses.end() ? build.workdir : use->command->directory;
  if (!directory.is_known()) return directory;
  std::string module;
  for (const auto& step : steps_before(stage, build)) {
    if (!step.copy || !step.copy->from_context() || !step.copy->destination.is_known()) continue;
    const auto& copy = *step.copy;
    const bool brings = std::ranges::any_of(
        copy.sources, [](const CopySource& source) { return glob_match(path_basename(source.text), "go.mod"); });
    auto to = copy.directory ? copy.destination.text : std::string(path_parent(copy.destination.text));
    if (brings && path_is_under(directory.text, to) && to.size() > module.size()) module = std::move(to);
  }
  return module.empty() ? directory : Value::known(std::move(module));
}

constexpr std::string_view tools[] = {"go"};
constexpr std::string_view source_endings[] = {".go"};
constexpr std::string_view toolchain_programs[] = {"go", "gofmt"};
constexpr std::string_view building_files[] = {"_test.go", "magefile.go"};
constexpr std::string_view directory_readers[] = {"filepath.Walk(@,", "filepath.WalkDir(@,", "http.Dir(@)",
                                                  "os.DirFS(@)",      "os.ReadDir(@)",       "filepath.Glob(\"**"};

// `//go:build ignore`, and programs beside that of the container: `hack/generate.go`.
bool is_of_other_program(std::string_view path, std::string_view text) {
  constexpr std::string_view directories[] = {"/hack/", "/scripts/", "/tools/"};
  const auto whole = '/' + std::string(path);
  const auto is_below = [&](std::string_view directory) { return whole.find(directory) != whole.npos; };
  return text.find("//go:build ignore") != text.npos ||
         (text.find("\nfunc main()") != text.npos && std::ranges::any_of(directories, is_below));
}
constexpr std::string_view starting_calls[] = {".Command", ".CommandContext", ".LookPath"};

std::string started_build(const Stage& stage) { return started_run(stage, "go"); }

}  // namespace

extern constinit const Runtime go_runtime = {
    .compiled = true,
    .tools = tools,
    .titles = "go",
    .source_endings = source_endings,
    .toolchain_programs = toolchain_programs,
    .building_files = building_files,
    .directory_readers = directory_readers,
    .starting_calls = starting_calls,
    .toolchain = toolchain,
    .started_build = started_build,
    .part = part_of_action,
    .project = module_directory,
    .image = image,
    .need_of_toolchain = need_of_modules,
    .program = program,
    .needed_packages = needed_packages,
    .is_of_other_program = is_of_other_program,
};

}  // namespace dockhew::inline ecosystems
