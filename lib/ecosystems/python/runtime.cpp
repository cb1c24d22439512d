// Python programs in the slim form of their image: the packages that pip has installed into the interpreter are taken
// from the builder, and the source is copied as before.
#include "ecosystems/python/runtime.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/needed_packages.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/python/data_files.hpp"
#include "ecosystems/python/loaded_libraries.hpp"
#include "ecosystems/python/package_versions.hpp"
#include "ecosystems/python/project_environment.hpp"
#include "ecosystems/python/shipped_packages.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/started_programs.hpp"
#include "effects/effects.hpp"
#include "effects/environment.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"pip", "pipenv", "poetry", "uv"};
constexpr std::string_view script_endings[] = {".py"};
constexpr std::string_view installers[] = {"pip", "pip3"};
constexpr std::string_view copied_installers[] = {"uv", "uvx"};
constexpr std::string_view prompts[] = {"python3", "python", "ipython"};
constexpr std::string_view starting_calls[] = {".Popen",
                                               ".check_call",
                                               ".check_output",
                                               ".create_subprocess_exec",
                                               ".create_subprocess_shell",
                                               ".getstatusoutput",
                                               "Popen",
                                               "check_call",
                                               "check_output",
                                               "fabric.api.local",
                                               "fabric?.run",
                                               "invoke?.run",
                                               "local[",
                                               "os.execl",
                                               "os.execle",
                                               "os.execlp",
                                               "os.execlpe",
                                               "os.execv",
                                               "os.execve",
                                               "os.execvp",
                                               "os.execvpe",
                                               "os.popen",
                                               "os.posix_spawn",
                                               "os.posix_spawnp",
                                               "os.spawnl",
                                               "os.spawnle",
                                               "os.spawnlp",
                                               "os.spawnlpe",
                                               "os.spawnv",
                                               "os.spawnve",
                                               "os.spawnvp",
                                               "os.spawnvpe",
                                               "os.system",
                                               "pexpect.run",
                                               "pexpect.runu",
                                               "pexpect.spawn",
                                               "pexpect.spawnu",
                                               "plumbum.cmd.*",
                                               "pty.spawn",
                                               "sh.*",
                                               "sh.Command",
                                               "shlex.split",
                                               "shutil.which",
                                               "subprocess.call",
                                               "subprocess.getoutput",
                                               "subprocess.run"};

Outcome<RuntimeImage> image(const Facts& facts, const Stage& stage) {
  return slim_image(facts, stage, SlimPlace::before_release);
}

// ---- the other tools ------------------------------------------------------------------------------------------------

bool turns_environments_off_by_variable(const Site& site) {
  const auto variable = site.variable("POETRY_VIRTUALENVS_CREATE");
  return variable.is("false") || variable.is("0");
}

bool turns_environments_off(const Site& site) {
  return turns_environments_off_by_variable(site) || is_poetry_told(site, "virtualenvs.create", "false");
}

// They can install into the interpreter's packages too: `uv pip install --system`.
bool leaves_nothing(const Site& site, const ToolUse& use) {
  const auto& id = use.tool->id;
  if (id == "pipenv") return use.has_option("--system");
  if (id == "uv") return use.has_option("--system") && use.command->has_word("pip");
  return id == "poetry" && turns_environments_off(site);
}

// ---- the packages ---------------------------------------------------------------------------------------------------

// `poetry config` writes to the home directory of the builder, without which `poetry run` makes an environment.
Obstacle obstacle_of_settings(const Conversion& conversion) {
  const Site site{conversion.file, conversion.stage, conversion.build};
  if (turns_environments_off_by_variable(site) || !turns_environments_off(site)) return std::nullopt;
  const auto& runtime = *runtime_of(conversion.stage);
  if (!find_started_programs(conversion.file, conversion.stage, runtime)->names.contains("poetry")) return std::nullopt;
  return Declined{
      "the container runs `poetry`, whose settings (`virtualenvs.create`) are in the builder alone; set "
      "`POETRY_VIRTUALENVS_CREATE=false` instead"};
}

// ---- virtual environments ------------------------------------------------------------------------------------------

struct Environments {
  std::vector<std::string> directories;
  std::vector<std::string> of_projects;  // those that uv, Poetry and Pipenv make, without a pip
  bool known = true;                     // where all of them are
  bool sees_packages = false;            // one sees the interpreter's own packages too
};

bool installs(const ToolUse& use) {
  return std::ranges::find(tools, use.tool->id) != std::end(tools) && *part_of_action(use) != BuildPart::nothing;
}

// Those that RUNs of a stage make: `python -m venv /opt/venv`, `uv sync`.
Environments find_environments(const Dockerfile& file, const Stage& stage) {
  Environments found;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (const auto own = installs(use) ? project_environment({file, stage, step}, use) : std::nullopt)
        if (std::ranges::find(found.of_projects, *own) == found.of_projects.end()) found.of_projects.push_back(*own);
      if (use.tool->id != "python-environment") continue;
      found.sees_packages |= use.has_option("--system-site-packages");
      for (const auto i : use.operands) {
        const auto path = path_of(*use.command, use.command->words[i]);
        if (path && *path != "/") found.directories.push_back(*path);
        else found.known = false;
      }
    }
  }
  return found;
}

// Whether pip installs into one of them: by PATH, or by the path of the command. VIRTUAL_ENV says nothing to pip.
bool uses_environment(const Site& site, const ToolUse& use, const Environments& environments) {
  const auto path = site.variable("PATH");
  const auto& program = use.command->words.front();
  return std::ranges::any_of(environments.directories, [&](const std::string& directory) {
    const auto programs = directory + "/bin";
    return (path.is_known() && path.text.starts_with(programs + ":")) ||
           (program.value.is_known() && program.text().starts_with(programs + "/"));
  });
}

// What makes a pip install elsewhere than into the interpreter's own packages.
Obstacle installs_elsewhere(const Site& site, const ToolUse& use, const std::string& version,
                            const Environments& environments) {
  if (use.has_option("-e") || use.has_option("--editable"))
    return Declined{"an editable installation leaves files in the source"};
  for (const auto* option : {"--target", "-t", "--prefix", "--user", "--root"})
    if (use.has_option(option)) return Declined{std::string("`pip ") + option + "` installs to another directory"};
  if (uses_environment(site, use, environments)) {
    if (is_root(site.step.user)) return std::nullopt;
    return Declined{"a virtual environment belongs to a user who is not root"};
  }
  for (const auto* name : {"PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "VIRTUAL_ENV"}) {
    const auto value = site.variable(name);
    const bool off = value.is("") || value.is("0") || value.is("false") || value.is("no");
    if (value.is_unknown() || (value.is_known() && !off))
      return Declined{std::string("`") + name + "` makes packages go to another directory"};
  }
  // Directories before the image's own may contain another pip.
  const auto path = site.variable("PATH");
  std::string_view directories = path.is_known() ? std::string_view(path.text) : "";
  for (const auto& environment : environments.of_projects)
    if (directories.starts_with(environment + "/bin:")) directories.remove_prefix(environment.size() + 5);
  if (!directories.empty() && !directories.starts_with("/usr/local/bin"))
    if (const auto first = directories.substr(0, directories.find(':')); first.find("/.local/") == first.npos)
      return Declined{"`PATH` has `" + std::string(first) + "` at the front, which may contain another pip"};
  if (!is_root(site.step.user)) return Declined{"`pip` installs into the home directory of a non-root user"};
  const auto name = path_basename(use.command->words.front().raw);
  for (const std::string_view program : {"python", "pip"})
    if (name.starts_with(program) && name.find('.') != name.npos && name.substr(program.size()) != version)
      return Declined{"`" + std::string(name) + "` is from a different Python than the image's"};
  return std::nullopt;
}

// Of Poetry, Pipenv and uv, which make an environment unless they are told to take the interpreter's packages.
Obstacle other_installs_elsewhere(const Conversion& conversion, const Site& site, const ToolUse& use,
                                  const std::string& version, const Environments& environments) {
  if (const auto own = project_environment(site, use))
    return obstacle_of_project_environment(conversion, site, use, *own, version);
  if (!environments.directories.empty())
    return Declined{"`" + use.command->name() +
                    "` may install into a virtual environment that a RUN makes, or beside it"};
  if (!leaves_nothing(site, use))
    return Declined{"`" + use.command->name() +
                    "` makes a virtual environment, and where the container looks for it is not known"};
  for (const auto* option : {"-e", "--editable", "--target", "--prefix", "--root", "--directory"})
    if (use.has_option(option))
      return Declined{"`" + use.command->name() + " " + option + "` installs to another directory"};
  const auto environment = site.variable("VIRTUAL_ENV");
  if (environment.is_unknown() || (environment.is_known() && !environment.text.empty()))
    return Declined{"`VIRTUAL_ENV` makes packages go to another directory"};
  if (!is_root(site.step.user)) return Declined{"`" + use.command->name() + "` runs as a user who is not root"};
  return std::nullopt;
}

Obstacle find_installation_elsewhere(const Conversion& conversion, const std::string& version,
                                     const Environments& environments) {
  if (!environments.known) return Declined{"where a virtual environment is made is not known"};
  for (const auto& step : conversion.stage.steps) {
    if (!step.script || step.index > conversion.build.index) continue;
    for (const auto& use : step.script->uses) {
      const Site site{conversion.file, conversion.stage, step};
      if (!installs(use)) continue;
      auto obstacle = use.tool->id == "pip" ? installs_elsewhere(site, use, version, environments)
                                            : other_installs_elsewhere(conversion, site, use, version, environments);
      if (obstacle) return obstacle;
    }
  }
  return std::nullopt;
}

// `pip install poetry`: what installs the packages is not among them.
bool installs_installers(const ToolUse& use) {
  constexpr std::string_view names[] = {"build",  "hatch",       "pdm",        "pip", "pip-tools",  "pipenv",
                                        "poetry", "poetry-core", "setuptools", "uv",  "virtualenv", "wheel"};
  if (use.tool->id != "pip" || use.action->kind != ActionKind::install || use.operands.empty() || use.has_option("-r"))
    return false;
  return std::ranges::all_of(use.operands, [&](std::size_t i) {
    const auto& word = use.command->words[i].text();
    return std::ranges::find(names, word.substr(0, word.find_first_of("=<>~![ "))) != std::end(names);
  });
}

// Whether nothing that the program needs is installed among the interpreter's own packages.
bool installs_into_environments_alone(const Conversion& conversion, const Environments& environments) {
  return std::ranges::all_of(conversion.stage.steps, [&](const Step& step) {
    return !step.script || step.index > conversion.build.index ||
           std::ranges::all_of(step.script->uses, [&](const ToolUse& use) {
             const Site site{conversion.file, conversion.stage, step};
             return !installs(use) || installs_installers(use) || project_environment(site, use) ||
                    uses_environment(site, use, environments);
           });
  });
}

// Where the packages of a stage are named.
PackageNames package_names() {
  return {"pip",
          {"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock"},
          {"-r", "--requirement", "-c", "--constraint"},
          true};
}

// `--no-binary psycopg2`, in a command, a variable or a line of the requirements, in lower case.
std::string compiled_on_purpose(const Conversion& conversion, std::string_view names) {
  std::string all;
  for (const auto& step : conversion.stage.steps) {
    if (!step.script) continue;
    const Site site{conversion.file, conversion.stage, step};
    for (const auto& use : step.script->uses) {
      if (std::ranges::find(tools, use.tool->id) == std::end(tools)) continue;
      for (const auto& value : option_values(*use.command, "--no-binary")) all += ' ' + value.text;
      all += ' ' + environment(site, *use.command, "PIP_NO_BINARY").text;
    }
  }
  constexpr std::string_view option = "\n--no-binary";
  const auto lines = '\n' + std::string(names) + '\n';
  for (auto at = lines.find(option); at != lines.npos; at = lines.find(option, at + 1))
    all += ' ' + lines.substr(at + option.size() + 1, lines.find('\n', at + 1) - at - option.size() - 1);
  std::ranges::replace(all, ',', ' ');
  return all;
}

// Of the packages that are compiled although there are wheels, one whose libraries are not known.
Obstacle obstacle_of_compiling(const Conversion& conversion, std::string_view names) {
  const auto table = conversion.file.facts().needed_packages.find("pip");
  const auto compiled = compiled_on_purpose(conversion, names);
  for (const auto package : split_words(compiled))
    if (package != ":none:" && !table->second.contains(package))
      return Declined{"`--no-binary " + std::string(package) +
                      "` compiles packages with what the builder has, and what of that they link to is not known"};
  return std::nullopt;
}

// What of the source keeps it from running in another form of the image: it compiles, or loads what is not known.
Obstacle obstacle_of_source(const Conversion& conversion) {
  const auto& file = conversion.file;
  const auto& stage = conversion.stage;
  if (conversion.runtime_image == stage.base.text) return std::nullopt;
  const auto compiling = find_source_marks(file, stage, python_runtime, "pip-source-compiles");
  if (!compiling.empty())
    return Declined{compiling.begin()->second + " compiles code with " + std::string(compiling.begin()->first) +
                    " when it runs, and `" + conversion.runtime_image + "` has no compiler"};
  const auto libraries = find_loaded_libraries(file, stage);
  return libraries ? std::nullopt : Obstacle(libraries.declined());
}

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  const auto& base = *conversion.stage.image;
  const auto numbers = version_numbers(base.version);
  if (numbers.size() < 2)
    return Declined{
        "the tag does not name Python's minor version, which determines where packages are installed; name it, as in "
        "`3.N`"};
  const auto version = std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]);
  if (auto obstacle = obstacle_of_musl(conversion.file, conversion.stage)) return *obstacle;
  auto environments = find_environments(conversion.file, conversion.stage);
  if (auto obstacle = find_installation_elsewhere(conversion, version, environments)) return *obstacle;
  if (auto obstacle = obstacle_of_settings(conversion)) return *obstacle;
  const auto names = read_package_names(conversion.file, conversion.stage, package_names());
  if (auto obstacle = obstacle_of_requirements(conversion.file.facts(), names, conversion.runtime_image))
    return *obstacle;
  if (conversion.runtime_image != conversion.stage.base.text) {
    if (auto obstacle = obstacle_of_compiled_packages(conversion.file.facts(), names)) return *obstacle;
    if (auto obstacle = obstacle_of_compiling(conversion, names)) return *obstacle;
  }
  if (auto obstacle = obstacle_of_source(conversion)) return *obstacle;
  if (auto obstacle = obstacle_of_data_files(conversion.file.context(), source_root(conversion.file, conversion.stage)))
    return *obstacle;
  RuntimeProgram result;
  // Packages contain more than modules: Jupyter's kernels are in `share`, its settings in `etc`, which Alpine does not
  // have.
  std::vector<std::string> directories = {"/usr/local/lib/python" + version + "/site-packages", "/usr/local/bin",
                                          "/usr/local/etc", "/usr/local/share"};
  if (base.distribution == "alpine") {
    std::erase(directories, "/usr/local/etc");
    result.checklist.emplace_back("no package installs settings into `/usr/local/etc`");
  }
  const bool alone = !environments.sees_packages && installs_into_environments_alone(conversion, environments);
  std::ranges::move(environments.of_projects, std::back_inserter(environments.directories));
  if (!environments.directories.empty() && alone) directories.clear();
  if (!directories.empty()) {
    if (auto obstacle = obstacle_of_libraries_beside(conversion.file.facts(), names)) return *obstacle;
    if (auto removal = removal_of_shipped_packages(conversion, names); !removal.empty()) {
      result.before_copy.push_back(std::move(removal));
      result.checklist.emplace_back(
          "what `" + conversion.runtime_image +
          "` has of pip, setuptools and wheel is uninstalled, because the builder has others");
    }
  }
  for (const auto& directory : environments.directories)
    if (std::ranges::find(directories, directory) == directories.end()) directories.push_back(directory);
  for (const auto& directory : directories) result.artifacts.push_back({directory, directory});
  for (const auto& manifest : find_unread_manifests(conversion.file, conversion.stage, package_names()))
    result.checklist.push_back("`" + manifest + "` could not be read, so what its packages need besides `" +
                               conversion.runtime_image + "` is not known");
  result.checklist.push_back("libraries that Python packages link to, or load at run time (ctypes, NSS), are in `" +
                             conversion.runtime_image + "` or among its packages");
  return result;
}

std::vector<std::string> needed_packages(const Dockerfile& file, const Stage& stage) {
  auto packages = find_needed_packages(file, stage, package_names());
  const auto names = read_package_names(file, stage, package_names());
  std::ranges::move(packages_of_versions(file.facts(), names, stage.image->version), std::back_inserter(packages));
  std::ranges::move(packages_of_extras(file.facts(), names), std::back_inserter(packages));
  for (const auto& [needs, place] : find_source_marks(file, stage, python_runtime, "pip-source"))
    for (const auto package : split_words(needs)) packages.emplace_back(package);
  if (const auto libraries = find_loaded_libraries(file, stage))
    packages.insert(packages.end(), libraries->begin(), libraries->end());
  return packages;
}

// ---- programs of the source -----------------------------------------------------------------------------------------

// `compilemessages` needs it, and where a RUN installs it the runtime stage has it too.
bool installs_gettext(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
             return use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                    use.command->has_word("gettext");
           });
  });
}

// Commands of Django's `manage.py` that only need what the program itself needs.
bool runs_task(const Stage& stage, const ShellCommand& command) {
  constexpr std::string_view commands[] = {"check",    "collectstatic",  "createcachetable",
                                           "loaddata", "makemigrations", "migrate"};
  const auto& words = command.words;
  const bool by_interpreter = command.name() == "python";
  const std::size_t script = by_interpreter ? 1 : 0;
  if (words.size() < script + 2 || path_basename(words[script].text()) != "manage.py") return false;
  const auto& task = words[script + 1].text();
  return std::ranges::find(commands, task) != std::end(commands) ||
         (task == "compilemessages" && installs_gettext(stage));
}

}  // namespace

extern constinit const Runtime python_runtime = {
    .tools = tools,
    .titles = "pip, Poetry, Pipenv or uv",
    .script_endings = script_endings,
    .installers = installers,
    .copied_installers = copied_installers,
    .prompts = prompts,
    .starting_calls = starting_calls,
    .part = part_of_action,
    .image = image,
    .program = program,
    .runs_source = runs_task,
    .needed_packages = needed_packages,
    .leaves_nothing = leaves_nothing,
};

}  // namespace dockhew::inline ecosystems
