#include "stages/built_programs.hpp"

#include <algorithm>
#include <set>

#include "ecosystems/cargo/layout.hpp"
#include "effects/outputs.hpp"
#include "effects/source_parts.hpp"
#include "model/image_directories.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

bool makes(const Site& site, const ShellCommand& command, const std::string& path) {
  const auto outputs = command_outputs(site, command);
  // cp to a directory that is named without its last part: `cp target/release/app /usr/local/bin/`
  return !outputs.anything &&
         std::ranges::any_of(outputs.paths, [&](const std::string& output) { return path_is_under(path, output); });
}

bool installs_from_registry(const ToolUse& use) {
  if (!use.command->has_word("install")) return false;
  if (use.tool->id == "go")
    return std::ranges::any_of(
        use.operands, [&](std::size_t i) { return use.command->words[i].raw.find('@') != std::string_view::npos; });
  return !use.has_option("--path");
}

// The known values of options that may be repeated: `--bin a --bin=b`.
std::set<std::string> known_values(const ShellCommand& command, std::initializer_list<std::string_view> options) {
  std::set<std::string> values;
  for (const auto option : options)
    for (const auto& value : option_values(command, option))
      if (value.is_known()) values.insert(value.text);
  return values;
}

// Whether a build puts its programs into the directory of `path`: `target/release`, or `target/<triple>/release`.
bool builds_into_directory_of(const ShellCommand& command, const std::vector<std::string>& outputs,
                              std::string_view path) {
  const auto directory = path_parent(path);
  if (command.has_word("install")) return std::ranges::find(outputs, directory) != outputs.end();
  std::string profile = command.has_word("--release") || command.has_word("-r") ? "release" : "debug";
  if (const auto named = known_values(command, {"--profile"}); !named.empty())
    profile = *named.begin() == "dev" ? "debug" : *named.begin();
  auto above = path_parent(directory);
  if (const auto triple = known_values(command, {"--target"}); !triple.empty()) {
    if (path_basename(above) != *triple.begin()) return false;
    above = path_parent(above);
  }
  return path_basename(directory) == profile && std::ranges::find(outputs, above) != outputs.end();
}

// The programs that `cargo build` or `cargo install --path` makes beside the one at `path`, in the same directory.
void add_cargo_programs(const Site& site, const ToolUse& use, const std::string& path, OtherPrograms& programs) {
  const auto& command = *use.command;
  if (installs_from_registry(use)) return;
  for (const auto* other : {"--lib", "--example", "--examples", "--test", "--tests", "--bench", "--benches"})
    if (command.has_word(other)) return;
  if (!command.directory.is_known() || !makes(site, command, path)) return;
  const auto outputs = command_outputs(site, command);
  if (command.has_word("--exclude") || !builds_into_directory_of(command, outputs.paths, path)) {
    programs.complete = false;
    return;
  }
  const auto named = known_values(command, {"--bin"}), packages = known_values(command, {"-p", "--package"});
  auto project = command.directory.text;
  if (const auto paths = known_values(command, {"--path"}); !paths.empty())
    project = resolve_path(project, *paths.begin());
  const auto root = project_in_context(site.file, site.stage, site.earlier().size(), project);
  const auto layout = root && site.context().is_known() ? read_cargo_layout(site.context(), *root, ".")
                                                        : Declined{"where the manifests lie is not known"};
  if (!layout) {
    if (named.size() != 1) programs.complete = false;
    return;
  }
  const bool whole = command.has_word("--workspace") || command.has_word("--all");
  // A package is built alone, and a workspace without a package of its own as a whole.
  const bool in_package = std::ranges::any_of(
      layout->binaries, [&](const CargoBinary& binary) { return clean_path(binary.directory) == clean_path(*root); });
  const auto directory = path_parent(path);
  for (const auto& binary : layout->binaries) {
    if (!named.empty() && !named.contains(binary.name)) continue;
    if (!packages.empty() ? !packages.contains(binary.package)
                          : !whole && in_package && clean_path(binary.directory) != clean_path(*root))
      continue;
    programs.paths.push_back(std::string(directory) + '/' + binary.name);
  }
}

// `go build -o` names its program, or the directory of several.
void add_go_programs(const Site& site, const ToolUse& use, OtherPrograms& programs) {
  const auto& command = *use.command;
  const bool installs = command.has_word("install");
  const auto outputs = command_outputs(site, command);
  const auto named = known_values(command, {"-o"});
  if (!installs && (!command.has_word("build") || named.empty())) return;
  const bool several = std::ranges::any_of(
      command.words, [](const ShellWord& word) { return word.raw.find("...") != std::string_view::npos; });
  const bool slash = std::ranges::any_of(named, [](const std::string& value) { return value.ends_with('/'); });
  if (outputs.anything || outputs.paths.size() != 1 || command.directory.is(outputs.paths.front())) {
    programs.complete &= !several && !outputs.anything;
    return;
  }
  const auto& output = outputs.paths.front();
  if (output.starts_with("/dev/")) return;
  if (several || (slash && !installs)) programs.paths.push_back(output + '/');
  else if (!installs) programs.paths.push_back(output);
}

// Directories that every image has, or that this one makes.
bool is_directory(const Stage& stage, const std::string& path) {
  if (is_in_every_image(path)) return true;
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    if (step.workdir.is(path)) return true;
    return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
             return command.name() == "mkdir" && std::ranges::any_of(command.words, [&](const ShellWord& word) {
                      return path_of(command, word) == path;
                    });
           });
  });
}

}  // namespace

BuiltProgram find_built_program(const Dockerfile& file, const Stage& stage, std::string_view tool,
                                const std::vector<const Step*>& builder_steps, const std::string& path) {
  BuiltProgram program;
  for (const auto* step : builder_steps)
    for (const auto& command : step->script->commands) {
      const auto* use = command.use;
      const bool may_make =
          use ? use->tool->id == tool : command.name() == "cp" || command.name() == "mv" || command.name() == "install";
      if (!may_make || !makes({file, stage, *step}, command, path)) continue;
      const bool from_registry = use && installs_from_registry(*use);
      program.from_registry = from_registry && (!program.known || program.from_registry);
      program.known = true;
    }
  return program;
}

OtherPrograms find_other_programs(const Dockerfile& file, const Stage& stage, std::string_view tool,
                                  const std::vector<const Step*>& builder_steps, const std::string& path) {
  OtherPrograms programs;
  std::vector<std::string> removed;
  for (const auto* step : builder_steps)
    for (const auto& command : step->script->commands) {
      if (command.name() == "rm" || command.name() == "mv")
        for (const auto& word : command.words)
          if (auto target = path_of(command, word)) removed.push_back(std::move(*target));
      const auto* use = command.use;
      if (!use || use->tool->id != tool) continue;
      if (command.conditional) programs.complete = false;
      else if (tool == "go") add_go_programs({file, stage, *step}, *use, programs);
      else add_cargo_programs({file, stage, *step}, *use, path, programs);
    }
  auto& paths = programs.paths;
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  std::erase_if(paths, [&](const std::string& program) {
    return program == path ||
           std::ranges::any_of(removed, [&](const std::string& target) { return path_is_under(program, target); });
  });
  return programs;
}

std::vector<std::string> find_copied_files(const Stage& stage, const ShellCommand& command) {
  std::vector<const ShellWord*> operands;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw.starts_with("-t") || raw.starts_with("--target-directory") || raw == "-d" || raw == "--parents") return {};
    if (command.name() == "install" && (raw == "-m" || raw == "-o" || raw == "-g")) ++i;
    else if (!raw.starts_with('-')) operands.push_back(&command.words[i]);
  }
  if (operands.size() < 2) return {};
  const auto destination = path_of(command, *operands.back());
  if (!destination) return {};
  const bool slash = operands.back()->raw.ends_with('/');
  operands.pop_back();
  if (operands.size() == 1 && !slash && !is_directory(stage, *destination)) return {*destination};
  std::vector<std::string> paths;
  for (const auto* source : operands) {
    const auto path = path_of(command, *source);
    const auto name = path ? path_basename(*path) : std::string_view();
    if (name.empty() || name.find_first_of("*?[") != name.npos || source->raw.ends_with("/.") || source->raw == ".")
      return {};
    paths.push_back((*destination == "/" ? "" : *destination) + '/' + std::string(name));
  }
  return paths;
}

}  // namespace dockhew
