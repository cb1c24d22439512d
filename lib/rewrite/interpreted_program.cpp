#include "rewrite/interpreted_program.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/manifest_obstacles.hpp"
#include "analysis/manifests.hpp"
#include "analysis/source_copy.hpp"
#include "model/tool_use.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

InterpretedProgram declined(std::string reason) {
  InterpretedProgram program;
  program.declined = std::move(reason);
  return program;
}

template <typename Visit>
void each_use(const Dockerfile& file, const Stage& stage, std::string_view tool, const Visit& visit) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : find_tool_uses(file.facts(), *step.script))
      if (use.tool->id == tool && (use.action->kind == ActionKind::install || use.action->kind == ActionKind::build))
        visit(step, use);
  }
}

// ---- pip ------------------------------------------------------------------------------------------------------------

// Why a pip does not install into the interpreter's own packages; empty when it does.
std::string installs_elsewhere(const Dockerfile& file, const Stage& stage, const Step& step, const ToolUse& use,
                               const std::string& version) {
  if (use.has_option("-e") || use.has_option("--editable"))
    return "an editable installation leaves files in the source";
  for (const auto* option : {"--target", "-t", "--prefix", "--user", "--root"})
    if (use.has_option(option)) return std::string("`pip ") + option + "` installs to another place";
  for (const auto* name : {"PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "VIRTUAL_ENV"}) {
    const auto value = file.lookup(stage, step, name);
    const bool off = value.is("") || value.is("0") || value.is("false") || value.is("no");
    if (value.is_unknown() || (value.is_known() && !off))
      return std::string("`") + name + "` has packages installed to another place";
  }
  // What is in front of the image's own directories holds another pip.
  const auto path = file.lookup(stage, step, "PATH");
  const std::string_view directories = path.is_known() ? std::string_view(path.text) : "";
  if (!directories.empty() && !directories.starts_with("/usr/local/bin"))
    if (const auto first = directories.substr(0, directories.find(':')); first.find("/.local/") == first.npos)
      return "`PATH` has `" + std::string(first) + "` in front, which may hold another pip";
  if (!is_root(step.user)) return "`pip` installs into the home of a user who is not root";
  const auto name = path_basename(use.command->words.front().raw);
  for (const std::string_view program : {"python", "pip"})
    if (name.starts_with(program) && name.find('.') != name.npos && name.substr(program.size()) != version)
      return "`" + std::string(name) + "` belongs to another Python than the image";
  return {};
}

// ---- npm ------------------------------------------------------------------------------------------------------------

// Where an npm works: where its command runs, and from there where `--prefix` goes.
Value project_of(const ToolUse& use) {
  const auto& command = *use.command;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw.starts_with("--prefix=") || raw.starts_with("-C=")) return Value::unknown();
    if ((raw != "--prefix" && raw != "-C") || i + 1 == command.words.size()) continue;
    const auto& value = command.words[i + 1].value;
    if (!value.is_known() || !command.directory.is_known()) return Value::unknown();
    return Value::known(resolve_path(command.directory.text, value.text));
  }
  return command.directory;
}

// Where a script of package.json reaches out of the project; empty when it is not seen to.
std::string outside_path(const Dockerfile& file, const Stage& stage, const Step& step, const ToolUse& use,
                         const std::string& project) {
  const auto copy = find_source_copy(file, stage, step.index, project);
  const auto root = copy ? context_directory(*stage.steps[*copy].copy, project) : std::nullopt;
  const auto text = root ? file.context().read(join_context_path(*root, "package.json")) : std::nullopt;
  if (!text) return {};
  // Words that are no scripts' names find nothing.
  for (const auto& word : use.command->words)
    if (word.value.is_known())
      if (auto path = script_path_outside(*text, word.value.text); !path.empty()) return path;
  return {};
}

bool starts_with_node(std::string_view command) {
  return command.starts_with("node ") && command.find_first_of("&|;") == command.npos &&
         command.find("-r ts-node") == command.npos;
}

// Whether the container starts node itself, directly or by the `start` script, so that no development tool runs in it.
bool runs_plain_node(const Dockerfile& file, const Stage& stage) {
  const Instruction* command = nullptr;
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword == Keyword::entrypoint) return false;
    if (step.instruction->keyword == Keyword::cmd) command = step.instruction;
  }
  if (command == nullptr || command->arguments.empty()) return false;
  std::string text;
  for (const auto& argument : command->arguments) text += (text.empty() ? "" : " ") + argument.text;
  if (starts_with_node(text)) return true;
  if (text != "npm start" && text != "npm run start") return false;
  const auto package = file.context().read("package.json");
  if (!package) return false;
  const auto parsed = nlohmann::json::parse(*package, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("scripts") || !parsed["scripts"].is_object()) return false;
  const auto start = parsed["scripts"].find("start");
  return start != parsed["scripts"].end() && start->is_string() && starts_with_node(start->get<std::string>());
}

// ---- what the container starts with ---------------------------------------------------------------------------------

// Of every base image, and not a place where projects are built.
bool is_system_path(std::string_view path) {
  constexpr std::string_view directories[] = {"/bin",
                                              "/sbin",
                                              "/lib",
                                              "/lib64",
                                              "/etc",
                                              "/dev",
                                              "/proc",
                                              "/sys",
                                              "/tmp",
                                              "/run",
                                              "/var/log",
                                              "/var/run",
                                              "/usr/bin",
                                              "/usr/sbin",
                                              "/usr/lib",
                                              "/usr/libexec",
                                              "/usr/share",
                                              "/usr/local/bin",
                                              "/usr/local/sbin",
                                              "/usr/local/lib"};
  return std::ranges::any_of(directories, [&](std::string_view directory) { return path_is_under(path, directory); });
}

bool is_script(std::string_view word) {
  return word.ends_with(".js") || word.ends_with(".mjs") || word.ends_with(".cjs") || word.ends_with(".ts");
}

bool is_named(const std::string& path, const Step& step) {
  if (step.copy) return step.copy->destination.is_known() && path_is_under(path, step.copy->destination.text);
  const auto parent = path_parent(path);
  return step.script && step.instruction->text.view().find(parent == "/" ? path : parent) != std::string_view::npos;
}

}  // namespace

InterpretedProgram find_python_packages(const Dockerfile& file, const Stage& stage, const Step& build) {
  const auto numbers = version_numbers(stage.image->version);
  if (numbers.size() < 2)
    return declined("the tag does not name the minor version of Python, on which the place of packages depends");
  const auto version = std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]);
  InterpretedProgram program;
  each_use(file, stage, "pip", [&](const Step& step, const ToolUse& use) {
    if (program.declined.empty() && step.index <= build.index)
      program.declined = installs_elsewhere(file, stage, step, use, version);
  });
  if (!program.declined.empty()) return program;
  const auto packages = "/usr/local/lib/python" + version + "/site-packages";
  // Packages bring more than modules: Jupyter's kernels are in `share`, its settings in `etc`.
  for (const auto& directory :
       {packages, std::string("/usr/local/bin"), std::string("/usr/local/etc"), std::string("/usr/local/share")})
    program.artifacts.push_back({directory, directory});
  return program;
}

InterpretedProgram find_node_project(const Dockerfile& file, const Stage& stage, const Step& build,
                                     bool builds_source) {
  const auto& workdir = build.workdir.text;
  if (!build.workdir.is_known() || workdir == "/") return declined("the directory of the project is not known");
  InterpretedProgram program;
  bool all_here = true;
  each_use(file, stage, "npm", [&](const Step& step, const ToolUse& use) {
    if (!program.declined.empty()) return;
    const auto project = project_of(use);
    const bool here = project.is(workdir);
    all_here &= here;
    if (!project.is_known() || !(builds_source ? path_is_under(project.text, workdir) : here))
      program.declined = "npm also works outside of `" + workdir + "`, and what it makes there would be lost";
    else if (const auto outside = outside_path(file, stage, step, use, project.text); !outside.empty())
      program.declined = "the build names `" + outside + "`, which is outside of the project";
  });
  if (!program.declined.empty()) return program;
  if (!builds_source) {
    program.artifacts = {{workdir + "/node_modules", workdir + "/node_modules"}};
    return program;
  }
  program.artifacts = {{workdir, workdir}};
  program.prune = all_here && runs_plain_node(file, stage);
  program.checklist = {
      program.prune ? "no development dependency is needed at run time: `npm prune --omit=dev` removes them"
                    : "development dependencies stay in the image, because what the container runs may need them",
      "the build writes nothing outside of `" + workdir + "`"};
  return program;
}

std::string find_missing_start_file(const Stage& stage, const std::vector<Artifact>& artifacts,
                                    const std::vector<const Step*>& runtime_steps) {
  std::string missing;
  const auto check = [&](std::string_view word) {
    if (!word.starts_with('/') && !is_script(word)) return;
    if (!word.starts_with('/') && !stage.workdir.is_known()) return;
    const auto path = word.starts_with('/') ? clean_path(word) : resolve_path(stage.workdir.text, word);
    const bool present =
        is_system_path(path) ||
        std::ranges::any_of(artifacts, [&](const Artifact& artifact) { return path_is_under(path, artifact.to); }) ||
        std::ranges::any_of(runtime_steps, [&](const Step* step) { return is_named(path, *step); });
    if (!present && missing.empty()) missing = path;
  };
  for (const auto& step : stage.steps) {
    const auto keyword = step.instruction->keyword;
    if (keyword != Keyword::cmd && keyword != Keyword::entrypoint && keyword != Keyword::healthcheck) continue;
    for (const auto& argument : step.instruction->arguments) {
      std::string_view rest = argument.text;
      while (!rest.empty()) {
        const auto end = rest.find_first_of(" \t\"'=;&|()");
        check(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
      }
    }
  }
  return missing;
}

}  // namespace dockhew
