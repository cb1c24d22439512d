// C and C++ programs in an image of their own: the one that the container starts, where a compiler, CMake, Make, Ninja
// or Meson put it, with the shared libraries that it loads. The base image stays the same without the packages that
// build, and that of GCC becomes the Debian that it is based on.
#include "ecosystems/cpp/runtime.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/compiled_program.hpp"
#include "ecosystems/cpp/build_commands.hpp"
#include "ecosystems/cpp/cmake_project.hpp"
#include "ecosystems/cpp/linked_libraries.hpp"
#include "ecosystems/cpp/project_needs.hpp"
#include "ecosystems/runtime_image.hpp"
#include "effects/copied_files.hpp"
#include "effects/removed_files.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view system_prefixes[] = {"/", "/usr", "/usr/local"};

// ---- what the build makes -------------------------------------------------------------------------------------------

// A directory in which a project is built.
struct Tree {
  std::string directory;    // in the image
  std::string source = {};  // of the project, in the image
  std::string_view tool = {};
  std::string prefix = "/usr/local";
  std::string makefile = {};  // that `-f` names
  bool configured = false, shared = false;
};

enum class Origin { nowhere, compiler, tree, prefix, copied };

struct Built {
  Origin origin = Origin::nowhere;
  std::string directory;  // the tree's, or the prefix
};

bool turns_on_sharing(const ShellCommand& command) {
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    return word.raw.find("BUILD_SHARED_LIBS") != std::string::npos && word.raw.find("OFF") == std::string::npos;
  });
}

// `make clean`
bool cleans(const ShellCommand& command) {
  return command.has_word("clean") || command.has_word("distclean") || command.has_word("fclean");
}

// Follows the builder's commands, and where the file at one path comes from.
class BuildReader {
 public:
  BuildReader(const Conversion& conversion, const std::string& path) : conversion_(conversion), path_(path) {}

  Obstacle read() {
    const auto& facts = conversion_.file.facts();
    for (const auto* step : conversion_.builder_runs)
      for (const auto& command : step->script->commands) {
        if (const auto built = read_cpp_command(command)) {
          if (auto obstacle = add(*step, command, *built)) return obstacle;
          if (built_.origin == Origin::tree && cleans(command)) built_ = {};
          continue;
        }
        if (puts_files(facts, command) && makes({conversion_.file, conversion_.stage, *step}, command, path_)) {
          built_ = {Origin::copied, {}};
        }
        if (built_.origin == Origin::nowhere) continue;
        const auto removal = removal_by(facts, *step->script, command, path_);
        if (removal == Removal::perhaps)
          return Declined{"it is not known whether `" + command.name() + "` leaves `" + path_ + "`"};
        if (removal == Removal::yes) built_ = {};
      }
    return std::nullopt;
  }

  const Built& built() const { return built_; }
  const std::vector<Tree>& trees() const { return trees_; }
  const std::set<std::string>& links() const { return links_; }
  const std::vector<std::string>& libraries() const { return libraries_; }  // shared ones that a compiler makes
  bool cpp() const { return cpp_; }

 private:
  Obstacle add(const Step& step, const ShellCommand& command, const CppCommand& built) {
    if (built.tool == "compiler") return add_compiled(command, built);
    if (built.work != CppWork::prepares && command.conditional)
      return Declined{"it is not known whether `" + command.name() + "` runs"};
    if (!built.output.is_known()) {
      if (command.name() == "ctest" || built.source.state == Value::State::undefined) return std::nullopt;
      return Declined{"it is not known in which directory `" + command.name() + "` builds"};
    }
    const auto& directory = built.output.text;
    auto* tree = find(directory);
    if (built.work == CppWork::prepares) {
      if (built.tool == "make" || built.tool == "ninja") return std::nullopt;  // `make clean`
      if (!built.source.is_known()) return Declined{"it is not known which project `" + command.name() + "` builds"};
      if (built.tool == "autotools" && command.name() != "configure") return std::nullopt;  // makes only `configure`
      if (tree == nullptr) trees_.push_back({.directory = directory}), tree = &trees_.back();
      tree->source = built.source.text;
      tree->tool = built.tool;
      tree->configured = true;
      tree->shared |= turns_on_sharing(command);
      if (built.prefix.is_unknown())
        return Declined{"it is not known where `" + command.name() + "` says that the project is installed"};
      if (built.prefix.is_known()) tree->prefix = clean_path(built.prefix.text);
      return std::nullopt;
    }
    if (tree == nullptr) {
      if (built.tool != "make")
        return Declined{"no command is seen to set up `" + directory + "`, in which `" + command.name() + "` builds"};
      trees_.push_back({.directory = directory, .source = directory, .tool = "make", .makefile = makefile_of(command)});
      tree = &trees_.back();
    }
    const bool below = path_is_under(path_, directory) ||
                       (tree->tool == "cmake" && path_is_under(path_, tree->source));  // where the project says
    if (below && built.work == CppWork::builds && !is_there_before(step, tree->source) &&
        !is_there_before(step, directory))
      built_ = {Origin::tree, directory};
    if (built.work == CppWork::installs) return add_installed(command, built, *tree);
    return std::nullopt;
  }

  Obstacle add_compiled(const ShellCommand& command, const CppCommand& built) {
    const auto& name = command.name();
    cpp_ |= name.find("++") != name.npos || std::ranges::any_of(command.words, [](const ShellWord& word) {
              return is_cpp_source(word.raw) || word.raw.find('*') != std::string::npos;
            });
    links_.insert(built.libraries.begin(), built.libraries.end());
    if (built.work != CppWork::makes_file || !built.output.is_known()) return std::nullopt;
    if (built.shared) libraries_.push_back(built.output.text);
    if (built.output.text == path_ && !command.conditional) built_ = {Origin::compiler, {}};
    return std::nullopt;
  }

  Obstacle add_installed(const ShellCommand& command, const CppCommand& built, const Tree& tree) {
    if (built.elsewhere) return Declined{"`DESTDIR` moves what `" + command.name() + "` installs"};
    if (built.prefix.is_unknown()) return Declined{"it is not known where `" + command.name() + "` installs"};
    const auto prefix = built.prefix.is_known() ? clean_path(built.prefix.text) : tree.prefix;
    if (!path_is_under(path_, prefix)) return std::nullopt;
    if (!tree.configured && !built.prefix.is_known())
      return Declined{"what `" + command.name() + "` installs is for the Makefile to say"};
    built_ = {Origin::prefix, prefix};
    return std::nullopt;
  }

  // A file of the project is not made by the build.
  bool is_there_before(const Step& step, const std::string& directory) const {
    const auto& context = conversion_.file.context();
    const auto place = project_in_context(conversion_.file, conversion_.stage, step_index(step), directory);
    return context.is_known() && place && path_is_under(path_, directory) &&
           context.exists(join_context_path(*place, relative_path(directory, path_)));
  }

  std::size_t step_index(const Step& step) const {
    return static_cast<std::size_t>(&step - conversion_.stage.steps.data());
  }

  Tree* find(const std::string& directory) {
    const auto found = std::ranges::find(trees_, directory, &Tree::directory);
    return found == trees_.end() ? nullptr : &*found;
  }

  static std::string makefile_of(const ShellCommand& command) {
    for (std::size_t i = 1; i + 1 < command.words.size(); ++i)
      if (command.words[i].raw == "-f" || command.words[i].raw == "--file") return command.words[i + 1].text();
    return {};
  }

  const Conversion& conversion_;
  const std::string& path_;
  Built built_;
  std::vector<Tree> trees_;
  std::set<std::string> links_;
  std::vector<std::string> libraries_;
  bool cpp_ = false;
};

// ---- what it needs --------------------------------------------------------------------------------------------------

// Of all projects that the stage builds.
struct Needs {
  std::set<std::string> links;
  std::vector<Artifact> libraries;
  std::optional<std::string> data;
  std::optional<std::vector<std::string>> installed;
  std::set<std::string> programs;
  bool cpp = false;
};

Obstacle add_project(const Conversion& conversion, const Tree& tree, Needs& needs) {
  const auto& [file, stage, build, builds_source, runs, name] = conversion;
  const auto& context = file.context();
  if (!context.is_known())
    return Declined{"without the build context, it is not known which libraries the program loads"};
  const auto root = project_in_context(file, stage, stage.steps.size(), tree.source);
  if (!root) return Declined{"`" + tree.source + "`, which is built, is not known to come from the build context"};
  const auto project = tree.tool == "cmake"   ? read_cmake_project(context, *root, tree.shared)
                       : tree.tool == "meson" ? read_meson_project(context, *root)
                       : tree.tool == "make"  ? read_make_project(context, *root, tree.makefile)
                                              : read_autotools_project(context, *root);
  if (!project) return project.declined();
  needs.links.insert(project->links.begin(), project->links.end());
  for (const auto& library : project->shared) {
    const auto path = resolve_path(tree.directory, library);
    needs.libraries.push_back({path, path});
  }
  if (!needs.data) needs.data = project->data;
  needs.installed = project->installed;
  needs.programs.insert(project->programs.begin(), project->programs.end());
  needs.cpp |= has_cpp_source(context, *root);
  return std::nullopt;
}

Outcome<Needs> find_needs(const Conversion& conversion, const BuildReader& reader) {
  Needs needs;
  needs.links = reader.links();
  needs.cpp = reader.cpp();
  for (const auto& tree : reader.trees())
    if (auto obstacle = add_project(conversion, tree, needs)) return *obstacle;
  if (reader.trees().size() > 1) needs.installed.reset();
  for (const auto& library : reader.libraries()) needs.libraries.push_back({library, library});
  return needs;
}

// ---- the program ----------------------------------------------------------------------------------------------------

// Where a start command's first word may be found.
std::vector<std::string> places_of(const Conversion& conversion, const std::string& word) {
  const auto& stage = conversion.stage;
  if (word.find('/') != word.npos) return {resolve_path(stage.workdir.text, word)};
  const auto path = conversion.file.lookup(stage, stage.environment.size(), "PATH");
  std::string directories = path.is_known() ? path.text : "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> places;
  for (std::size_t begin = 0; begin < directories.size();) {
    const auto end = std::min(directories.find(':', begin), directories.size());
    if (end > begin) places.push_back(clean_path(directories.substr(begin, end - begin)) + '/' + word);
    begin = end + 1;
  }
  return places;
}

// Below a prefix of the system there is more than what the build installs.
Outcome<std::vector<Artifact>> installed_files(const Conversion& conversion, const std::string& prefix,
                                               const std::string& path, const Needs& needs) {
  const bool of_system = std::ranges::find(system_prefixes, prefix) != std::end(system_prefixes);
  const bool own = prefix == "/usr/local" && !has_compiler_below_usr_local(conversion.stage);
  if (!of_system || own) return std::vector<Artifact>{{prefix, prefix}};
  const auto name = std::string(path_basename(path));
  if (!needs.installed || std::ranges::find(*needs.installed, name) == needs.installed->end())
    return Declined{"what else the build installs below `" + prefix +
                    "`, where the base image has files of its own, is not known"};
  std::vector<Artifact> files;
  for (const auto& program : *needs.installed) {
    const auto file = std::string(path_parent(path)) + '/' + program;
    files.push_back({file, file});
  }
  return files;
}

bool runs_loader_setup(const Conversion& conversion) {
  return std::ranges::any_of(conversion.builder_runs, [](const Step* step) {
    return std::ranges::any_of(step->script->commands,
                               [](const ShellCommand& command) { return command.name() == "ldconfig"; });
  });
}

// Whether what lies in the directory of a build is the program.
Obstacle tree_obstacle(const std::string& path, const BuildReader& reader, const Needs& needs) {
  const auto& built = reader.built();
  if (built.origin != Origin::tree) return std::nullopt;
  const auto tree = std::ranges::find(reader.trees(), built.directory, &Tree::directory);
  if (tree->tool == "autotools")
    return Declined{"`" + path + "` may be a script of libtool, which works only where the project is built"};
  if (tree->tool == "cmake" && !path_is_under(path, built.directory) &&
      !needs.programs.contains(std::string(path_basename(path))))
    return Declined{"`" + path + "`, which the container runs, is not a known result of the build"};
  return std::nullopt;
}

Outcome<RuntimeProgram> copy_program(const Conversion& conversion, const std::string& path, const BuildReader& reader) {
  const auto& stage = conversion.stage;
  const auto& built = reader.built();
  auto needs = find_needs(conversion, reader);
  if (!needs) return needs.declined();
  const bool runs_in_tree = std::ranges::any_of(reader.trees(), [&](const Tree& tree) {
    return tree.directory != tree.source && path_is_under(stage.workdir.text, tree.directory);
  });
  if (auto obstacle = tree_obstacle(path, reader, *needs)) return *obstacle;
  if (needs->data && (built.origin == Origin::tree || runs_in_tree || reader.trees().front().tool == "make"))
    return Declined{*needs->data};
  RuntimeProgram program;
  if (built.origin == Origin::prefix) {
    auto files = installed_files(conversion, built.directory, path, *needs);
    if (!files) return files.declined();
    program.artifacts = *std::move(files);
  } else {
    program.artifacts.push_back({path, path});
    std::ranges::move(needs->libraries, std::back_inserter(program.artifacts));
  }
  auto linked = find_linked_libraries(conversion.file.facts(), stage, needs->links, needs->cpp);
  if (!linked) return linked.declined();
  std::ranges::move(linked->artifacts, std::back_inserter(program.artifacts));
  program.packages = std::move(linked->packages);
  if (linked->own_directory) {
    constexpr auto settings = "/etc/ld.so.conf.d/000-local-lib.conf";
    program.artifacts.push_back({settings, settings});
    program.checklist.push_back("the image is for a 64-bit platform, where `" + stage.base.text +
                                "` has its libraries in `/usr/local/lib64`");
  }
  if (linked->own_directory || runs_loader_setup(conversion)) program.after_copy.emplace_back("ldconfig");
  return program;
}

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  const auto& stage = conversion.stage;
  const auto start = find_start_command(stage);
  if (!start) return start.declined();
  const auto& word = start->words.front();
  if (starts_another(conversion.file.facts(), path_basename(word)))
    return Declined{"`" + word + "` starts another program, and it is not known which one"};
  if (!stage.workdir.is_known()) return Declined{"the working directory is not known"};
  for (const auto& path : places_of(conversion, word)) {
    BuildReader reader(conversion, path);
    if (auto obstacle = reader.read()) return *obstacle;
    if (reader.built().origin == Origin::nowhere) continue;
    auto program = copy_program(conversion, path, reader);
    if (program) program->init = start->init;
    return program;
  }
  return Declined{"`" + word + "`, which the container runs, is not a known result of the build"};
}

// ---- the image ------------------------------------------------------------------------------------------------------

Outcome<RuntimeImage> image(const Facts& facts, const Stage& stage) {
  if (has_compiler_below_usr_local(stage)) return distribution_image(facts, stage);
  RuntimeImage result;
  result.name = stage.base.text;
  result.same_family = true;
  result.unknown_needs = {"shared libraries that the program loads are in `" + result.name +
                          "` or among the packages that are installed; `ldd` in the builder lists them"};
  return result;
}

std::string_view toolchain(const Dockerfile&, const Stage& stage) {
  return has_compiler_below_usr_local(stage) ? "GCC toolchain" : "";
}

constexpr std::string_view source_endings[] = {".C", ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx"};
constexpr std::string_view toolchain_programs[] = {"c++", "cc",  "clang", "clang++", "cmake",
                                                   "g++", "gcc", "make",  "meson",   "ninja"};
constexpr std::string_view starting_calls[] = {
    "boost::process::child", "bp::child",   "execl", "execlp", "execv", "execvp", "popen",
    "posix_spawnp",          "std::system", "system"};
constexpr std::string_view repeated_commands[] = {"ldconfig"};

}  // namespace

extern constinit const Runtime cpp_runtime = {
    .compiled = true,
    .tools = {},
    .titles = "a compiler, CMake, Make, Ninja or Meson",
    .repeated_commands = repeated_commands,
    .source_endings = source_endings,
    .toolchain_programs = toolchain_programs,
    .starting_calls = starting_calls,
    .toolchain = toolchain,
    .part = part_of_action,
    .part_of_command = cpp_part,
    .project = cpp_project,
    .image = image,
    .program = program,
};

}  // namespace dockhew::inline ecosystems
