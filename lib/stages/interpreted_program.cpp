#include "stages/interpreted_program.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/manifests.hpp"
#include "ecosystems/node/package_scripts.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "model/site.hpp"
#include "model/start_command.hpp"
#include "model/tool_use.hpp"
#include "model/user.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

// Installations and builds with the tools that `is_one` takes.
template <typename IsOne, typename Visit>
void each_use(const Stage& stage, const IsOne& is_one, const Visit& visit) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      const auto kind = use.action->kind;
      if (is_one(use.tool->id) && (kind == ActionKind::install || kind == ActionKind::build)) visit(step, use);
    }
  }
}

// ---- pip ------------------------------------------------------------------------------------------------------------

// Why a pip does not install into the interpreter's own packages; empty when it does.
std::string installs_elsewhere(const Site& site, const ToolUse& use, const std::string& version) {
  if (use.has_option("-e") || use.has_option("--editable"))
    return "an editable installation leaves files in the source";
  for (const auto* option : {"--target", "-t", "--prefix", "--user", "--root"})
    if (use.has_option(option)) return std::string("`pip ") + option + "` installs to another place";
  for (const auto* name : {"PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "VIRTUAL_ENV"}) {
    const auto value = site.variable(name);
    const bool off = value.is("") || value.is("0") || value.is("false") || value.is("no");
    if (value.is_unknown() || (value.is_known() && !off))
      return std::string("`") + name + "` has packages installed to another place";
  }
  // What is in front of the image's own directories holds another pip.
  const auto path = site.variable("PATH");
  const std::string_view directories = path.is_known() ? std::string_view(path.text) : "";
  if (!directories.empty() && !directories.starts_with("/usr/local/bin"))
    if (const auto first = directories.substr(0, directories.find(':')); first.find("/.local/") == first.npos)
      return "`PATH` has `" + std::string(first) + "` in front, which may hold another pip";
  if (!is_root(site.step.user)) return "`pip` installs into the home of a user who is not root";
  const auto name = path_basename(use.command->words.front().raw);
  for (const std::string_view program : {"python", "pip"})
    if (name.starts_with(program) && name.find('.') != name.npos && name.substr(program.size()) != version)
      return "`" + std::string(name) + "` belongs to another Python than the image";
  return {};
}

// ---- npm ------------------------------------------------------------------------------------------------------------

// Where a package manager works: where its command runs, and from there where `--prefix` goes.
Value project_of(const ToolUse& use) {
  const auto& command = *use.command;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    for (const std::string_view option : {"--prefix", "-C", "--dir", "--cwd"}) {
      if (raw.starts_with(option) && raw.substr(option.size()).starts_with('=')) return Value::unknown();
      if (raw != option || i + 1 == command.words.size()) continue;
      const auto& value = command.words[i + 1].value;
      if (!value.is_known() || !command.directory.is_known()) return Value::unknown();
      return Value::known(resolve_path(command.directory.text, value.text));
    }
  }
  return command.directory;
}

// A file of the project, as the build context has it: at its root where no COPY says another place.
std::optional<std::string> read_project_file(const Dockerfile& file, const Stage& stage, const std::string& project,
                                             std::string_view name) {
  const auto root = project_in_context(file, stage, stage.steps.size(), project);
  return file.context().read(join_context_path(root.value_or("."), name));
}

// Where a script of package.json reaches out of the project; empty when it is not seen to.
std::string outside_path(const std::string& package_json, const ToolUse& use) {
  // Words that are no scripts' names find nothing.
  for (const auto& word : use.command->words)
    if (word.value.is_known())
      if (auto path = script_path_outside(package_json, word.value.text); !path.empty()) return path;
  return {};
}

// Whether an npm leaves the development dependencies out, or takes them away again.
bool omits_development(const Site& site, const ToolUse& use) {
  for (const auto* option : {"--include=dev", "--production=false", "--also=dev"})
    if (use.command->has_word(option)) return false;
  for (const auto* option : {"--omit=dev", "--production", "--only=prod", "--only=production"})
    if (use.command->has_word(option)) return true;
  return site.variable("NODE_ENV").is("production");
}

bool prunes(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
             return command.name() == "npm" && command.has_word("prune");
           });
  });
}

// `pnpm deploy /prod`
std::string path_outside(const ToolUse& use, const std::string& workdir) {
  for (const auto i : use.operands)
    if (const auto path = path_of(*use.command, use.command->words[i]);
        path && use.command->words[i].raw.starts_with('/') && !path_is_under(*path, workdir))
      return *path;
  return {};
}

// Why a project may need more at run time than its own directory and the programs of Node's slim images: Yarn without
// node_modules, links into pnpm's store, a package manager of its own. Empty when it needs no more.
std::string runs_from_elsewhere(const Dockerfile& file, const Stage& stage, const std::string& project) {
  bool yarn = false, pnpm = false, corepack = false;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      yarn |= use.tool->id == "yarn";
      pnpm |= use.tool->id == "pnpm";
      corepack |= use.tool->id == "corepack";
    }
  }
  if (!yarn && !pnpm) return {};
  const auto read = [&](std::string_view name) { return read_project_file(file, stage, project, name); };
  if (!file.context().is_known())
    return "whether the project needs more than its node_modules is not known without its settings";
  const auto package = read("package.json").value_or("");
  const bool modern_yarn =
      read(".yarnrc.yml") || (package.find("\"yarn@") != package.npos && package.find("\"yarn@1.") == package.npos);
  if (yarn && modern_yarn) return "Yarn 2 and newer may run the project from a cache outside of it";
  for (const auto& [name, setting] :
       {std::pair("pnpm-workspace.yaml", "VirtualStore"), std::pair("pnpm-workspace.yaml", "pnp"),
        std::pair(".npmrc", "virtual-store"), std::pair(".npmrc", "pnp")})
    if (const auto text = read(name); pnpm && text && text->find(setting) != text->npos)
      return std::string("`") + name + "` says where pnpm puts packages";
  const auto start = find_start_command(stage);
  if (!start.declined.empty()) return start.declined;
  const auto program = path_basename(start.words.front());
  if (program != "node" && program != "npm" && (program != "yarn" || corepack))
    return "`" + std::string(program) + "`, which the container runs, may not be in the runtime image";
  return {};
}

// Not with another module in front, which is mostly one for development.
bool starts_with_node(std::string_view command) {
  constexpr std::string_view loads[] = {" -r ", " --require", "loader", " --import", "ts-node", "tsx"};
  return command.starts_with("node ") && command.find_first_of("&|;") == command.npos &&
         std::ranges::none_of(loads, [&](std::string_view word) { return command.find(word) != command.npos; });
}

// Whether the container starts node itself, directly or by the `start` script, so that no development tool runs in it.
bool runs_plain_node(const Dockerfile& file, const Stage& stage, const std::string& project) {
  const auto start = find_start_command(stage);
  const bool plain_options = stage.steps.empty() || file.lookup(stage, stage.steps.back(), "NODE_OPTIONS").text.empty();
  if (!start.declined.empty() || !plain_options) return false;
  std::string text;
  for (const auto& word : start.words) text += (text.empty() ? "" : " ") + word;
  if (starts_with_node(text)) return true;
  if (text != "npm start" && text != "npm run start") return false;
  const auto package = read_project_file(file, stage, project, "package.json");
  if (!package) return false;
  const auto parsed = parse_json(*package).value;
  const auto* scripts = parsed.find("scripts");
  return scripts != nullptr && starts_with_node(scripts->string_at("start"));
}

// ---- what the container starts with ---------------------------------------------------------------------------------

// Of every base image, and not places where projects are built.
constexpr std::array<std::string_view, 15> system_directories = {
    "/bin", "/sbin", "/lib",     "/lib64",    "/etc",     "/dev",       "/proc",         "/sys",
    "/tmp", "/run",  "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/share", "/usr/local/bin"};

bool is_system_path(std::string_view path) {
  return std::ranges::any_of(system_directories,
                             [&](std::string_view directory) { return path_is_under(path, directory); });
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

InterpretedProgram declined_program(std::string reason) {
  InterpretedProgram program;
  program.declined = std::move(reason);
  return program;
}

bool is_node_package_manager(std::string_view tool) { return tool == "npm" || tool == "yarn" || tool == "pnpm"; }

bool is_global(const ToolUse& use) {
  return use.has_option("-g") || use.has_option("--global") ||
         (use.command->words.size() > 1 && use.command->words[1].raw == "global");
}

bool installs_package_manager(const ToolUse& use) {
  if (!is_global(use) || use.action->kind != ActionKind::install || use.operands.empty()) return false;
  return std::ranges::all_of(use.operands, [&](std::size_t i) {
    const std::string_view raw = use.command->words[i].raw;
    const auto name = raw.substr(0, raw.find('@', 1));
    return is_node_package_manager(name) || name == "corepack";
  });
}

InterpretedProgram find_python_packages(const Dockerfile& file, const Stage& stage, const Step& build) {
  const auto numbers = version_numbers(stage.image->version);
  if (numbers.size() < 2)
    return declined_program(
        "the tag does not name the minor version of Python, on which the place of packages depends");
  const auto version = std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]);
  InterpretedProgram program;
  const auto is_pip = [](std::string_view tool) { return tool == "pip"; };
  each_use(stage, is_pip, [&](const Step& step, const ToolUse& use) {
    if (program.declined.empty() && step.index <= build.index)
      program.declined = installs_elsewhere({file, stage, step}, use, version);
  });
  if (!program.declined.empty()) return program;
  const auto packages = "/usr/local/lib/python" + version + "/site-packages";
  // Packages bring more than modules: Jupyter's kernels are in `share`, its settings in `etc`, which Alpine does not
  // have.
  std::vector<std::string> directories = {packages, "/usr/local/bin", "/usr/local/etc", "/usr/local/share"};
  if (stage.image->distribution == "alpine") {
    std::erase(directories, "/usr/local/etc");
    program.checklist.emplace_back("no package installs settings into `/usr/local/etc`");
  }
  for (const auto& directory : directories) program.artifacts.push_back({directory, directory});
  return program;
}

InterpretedProgram find_node_project(const Dockerfile& file, const Stage& stage, const Step& build,
                                     bool builds_source) {
  const auto& workdir = build.workdir.text;
  if (!build.workdir.is_known() || workdir == "/") return declined_program("the directory of the project is not known");
  if (auto reason = runs_from_elsewhere(file, stage, workdir); !reason.empty())
    return declined_program(std::move(reason));
  InterpretedProgram program;
  bool all_here = true, npm_only = true, has_development = false;
  each_use(stage, is_node_package_manager, [&](const Step& step, const ToolUse& use) {
    if (!program.declined.empty() || installs_package_manager(use)) return;
    npm_only &= use.tool->id == "npm";
    has_development |= use.action->kind == ActionKind::install && !omits_development({file, stage, step}, use);
    const auto project = project_of(use);
    const bool here = project.is(workdir);
    all_here &= here;
    if (!project.is_known() || !(builds_source ? path_is_under(project.text, workdir) : here))
      program.declined = "`" + std::string(use.command->name()) + "` also works outside of `" + workdir +
                         "`, and what it makes there would be lost";
    else if (const auto named = path_outside(use, workdir); !named.empty())
      program.declined = "`" + named + "` is outside of `" + workdir + "`, and what is made there would be lost";
    if (!program.declined.empty()) return;
    const auto package = read_project_file(file, stage, project.text, "package.json").value_or("");
    if (const auto outside = outside_path(package, use); !outside.empty())
      program.declined = "the build names `" + outside + "`, which is outside of the project";
    else if (const auto script = script_writing_at_install(package); !builds_source && !script.empty())
      program.declined = "the script `" + script + "` of package.json may write beside `node_modules`";
  });
  if (!program.declined.empty()) return program;
  if (!builds_source) {
    program.artifacts = {{workdir + "/node_modules", workdir + "/node_modules"}};
    program.checklist = {"the installation writes nothing beside `node_modules`"};
    return program;
  }
  program.artifacts = {{workdir, workdir}};
  program.prune = all_here && npm_only && has_development && !prunes(stage) && runs_plain_node(file, stage, workdir);
  if (program.prune)
    program.checklist = {"no development dependency is needed at run time: `npm prune --omit=dev` removes them"};
  else if (!npm_only)
    program.checklist = {
        "development dependencies stay in the image; remove them behind the build where nothing needs them"};
  else if (has_development && !prunes(stage))
    program.checklist = {"development dependencies stay in the image, because what the container runs may need them"};
  program.checklist.push_back("the build writes nothing outside of `" + workdir + "`");
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
