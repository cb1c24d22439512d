#include "ecosystems/compiled_program.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "effects/copied_files.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// What makes the program at a path.
struct BuiltProgram {
  bool known = false;          // some command makes it
  bool from_registry = false;  // from sources that are not in the image: `go install example.com/tool@latest`
};

BuiltProgram find_built_program(const Conversion& conversion, const ProgramBuilder& builder, const std::string& path) {
  BuiltProgram program;
  for (const auto* step : conversion.builder_runs)
    for (const auto& command : step->script->commands) {
      const auto* use = command.use;
      const bool may_make = use ? use->tool->id == builder.tool : puts_files(conversion.file.facts(), command);
      if (!may_make || !makes({conversion.file, conversion.stage, *step}, command, path)) continue;
      const bool from_registry = use && builder.builds_from_registry(*use);
      program.from_registry = from_registry && (!program.known || program.from_registry);
      program.known = true;
    }
  return program;
}

OtherPrograms find_other_programs(const Conversion& conversion, const ProgramBuilder& builder,
                                  const std::string& path) {
  OtherPrograms programs;
  std::vector<std::string> removed;
  for (const auto* step : conversion.builder_runs)
    for (const auto& command : step->script->commands) {
      if (has_operands(conversion.file.facts(), command, {Operands::removed, Operands::moved}))
        for (const auto& word : command.words)
          if (auto target = path_of(command, word)) removed.push_back(std::move(*target));
      const auto* use = command.use;
      if (!use || use->tool->id != builder.tool) continue;
      if (command.conditional) programs.complete = false;
      else builder.add_programs({conversion.file, conversion.stage, *step}, *use, path, programs);
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

bool is_name(std::string_view word) { return word.find('/') == word.npos; }

// Where a start command's first word may be found.
std::vector<std::string> places_of(const std::string& word, const Stage& stage, const ProgramBuilder& builder) {
  if (!is_name(word)) return {resolve_path(stage.workdir.text, word)};
  std::vector<std::string> places;
  for (const std::string_view directory :
       {std::string_view("/usr/local/bin"), builder.directory, std::string_view("/usr/bin"), std::string_view("/bin")})
    places.push_back(std::string(directory) + '/' + word);
  return places;
}

// The program and what is made besides it, each where the runtime image finds it: of what the start command finds
// through PATH it has /usr/local/bin there, but not the directory of the toolchain.
void add_artifacts(const std::string& path, bool moves, const OtherPrograms& others, RuntimeProgram& program) {
  const auto place = [&](const std::string& from, std::string_view name) {
    return moves ? "/usr/local/bin/" + std::string(name) : from;
  };
  program.artifacts.push_back({path, place(path, path_basename(path))});
  for (const auto& other : others.paths) {
    const bool directory = other.ends_with('/');
    if (directory && path_is_under(path, clean_path(other))) program.artifacts.clear();
    program.artifacts.push_back({other, place(other, directory ? "" : path_basename(other))});
  }
}

// Who names a program in the directory of the toolchain by its whole path, for a person; empty where nobody is seen to.
std::string who_names_below(const Conversion& conversion, std::string_view directory) {
  const auto below = std::string(directory) + '/';
  const auto names = [&](std::string_view text) { return text.find(below) != text.npos; };
  for (const auto& step : conversion.stage.steps) {
    const auto keyword = step.instruction->keyword;
    if ((keyword == Keyword::healthcheck || keyword == Keyword::cmd || keyword == Keyword::entrypoint) &&
        names(step.instruction->text.view()))
      return "`" + std::string(keyword_name(keyword)) + '`';
    if (keyword != Keyword::env) continue;
    for (const auto& pair : step.instruction->pairs)
      if (pair.name != "PATH" && names(pair.value)) return '`' + pair.name + '`';
  }
  for (const auto& start : conversion.file.context().origin().starts)
    if (names(start.text)) return '`' + start.place + '`';
  return {};
}

}  // namespace

bool starts_another(const Facts& facts, std::string_view name) {
  constexpr std::string_view shells[] = {"ash", "bash", "dash", "sh"};
  return std::ranges::find(shells, name) != std::end(shells) || is_launcher(name) || facts.is_bystander(name);
}

bool makes(const Site& site, const ShellCommand& command, const std::string& path) {
  const auto outputs = command_effects(site, command).writes;
  return !outputs.may_be_anywhere() && std::ranges::any_of(outputs.paths, [&](const AffectedPath& output) {
    return path_is_under(path, output.path);
  });
}

std::set<std::string> known_values(const ShellCommand& command, std::initializer_list<std::string_view> options) {
  std::set<std::string> values;
  for (const auto option : options)
    for (const auto& value : option_values(command, option))
      if (value.is_known()) values.insert(value.text);
  return values;
}

Outcome<RuntimeProgram> find_compiled_program(const Conversion& conversion, const ProgramBuilder& builder) {
  const auto& file = conversion.file;
  const auto& stage = conversion.stage;
  const auto start = find_start_command(stage);
  if (!start) return start.declined();
  const auto& word = start->words.front();
  if (starts_another(file.facts(), path_basename(word)))
    return Declined{"`" + word + "` starts another program, and it is not known which one"};
  if (!stage.workdir.is_known()) return Declined{"the working directory is not known"};
  for (const auto& path : places_of(word, stage, builder)) {
    const auto built = find_built_program(conversion, builder, path);
    if (!built.known) continue;
    if (built.from_registry && brings_source(file, stage, stage.steps.size(), stage.workdir.text))
      return Declined{"`" + word + "` is not built from the source, and may need the toolchain at run time"};
    const bool moves = is_name(word) && path_parent(path) == builder.directory;
    if (const auto who = moves ? who_names_below(conversion, builder.directory) : std::string(); !who.empty())
      return Declined{who + " names a program in `" + std::string(builder.directory) + "`, and `" + word +
                      "` is started without it, so in the runtime stage one of the two would not be found"};
    RuntimeProgram program;
    program.init = start->init;
    const auto others = find_other_programs(conversion, builder, path);
    add_artifacts(path, moves, others, program);
    if (!others.complete)
      program.checklist.push_back("of the programs that the build makes, the container needs only `" + word + "`");
    return program;
  }
  return Declined{"`" + word + "`, which the container runs, is not a known result of the build"};
}

std::string started_run(const Stage& stage, std::string_view tool) {
  const auto start = find_start_command(stage);
  if (!start || start->words.size() < 2 || path_basename(start->words[0]) != tool || start->words[1] != "run")
    return {};
  return std::string(tool) + " run";
}

}  // namespace dockhew::inline ecosystems
