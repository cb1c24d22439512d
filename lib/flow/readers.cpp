#include "flow/readers.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "effects/unix_effects.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

// Where the container looks for programs and libraries, whatever it starts.
constexpr std::array<std::string_view, 7> search_variables = {"CLASSPATH", "LD_LIBRARY_PATH", "NODE_PATH", "PATH",
                                                              "PERL5LIB",  "PYTHONPATH",      "RUBYLIB"};

bool reads_directory(const Facts& facts, const ShellCommand& command) {
  const auto* row = facts.unix_command(command.name());
  return (row != nullptr && row->builds) || (command.use != nullptr && command.use->action->reads_source);
}

// Files that must be there for the command: its program, and what it is about.
std::vector<AffectedPath> required_files(const Facts& facts, const ShellCommand& command) {
  Effects effects;
  const auto* row = command.use ? nullptr : facts.unix_command(command.name());
  if (row != nullptr && row->required) effects = unix_effects(facts, command);
  else if (!command.words.empty()) add_program(effects, command);
  auto files = std::move(effects.reads.paths);
  for (auto* more : {&effects.modes, &effects.owners})
    if (effects.writes.paths.empty()) std::ranges::move(more->paths, std::back_inserter(files));
  if (reads_directory(facts, command) && command.directory.is_known())
    files.push_back({command.directory.text, command.span, {}});
  return files;
}

void add_run(const Site& site, std::size_t index, std::vector<Reader>& readers) {
  for (const auto& command : site.step.script->commands)
    for (auto& file : required_files(site.file.facts(), command))
      readers.push_back(
          {std::move(file.path), Reader::Kind::run, site.stage.index, index, site.step.script->to_source(file.span)});
}

// ENTRYPOINT, CMD and HEALTHCHECK: words that are paths, and of the shell form the program.
void add_start(const Stage& stage, std::size_t index, std::vector<Reader>& readers) {
  const auto& step = stage.steps[index];
  const auto& instruction = *step.instruction;
  const bool starts = instruction.keyword != Keyword::healthcheck;
  for (std::size_t i = 0; i < instruction.arguments.size(); ++i) {
    const auto& argument = instruction.arguments[i];
    auto word = argument.text.substr(0, instruction.json ? std::string::npos : argument.text.find(' '));
    if (word.find('/') == std::string::npos || word.find('$') != std::string::npos) continue;
    if (!word.starts_with('/') && !step.workdir.is_known()) continue;
    // A JSON element may be shorter in the source than its text, if its bytes are not UTF-8.
    const auto end = argument.span.begin + static_cast<std::uint32_t>(word.size());
    const Span span{argument.span.begin, std::min(end, argument.span.end)};
    Reader reader{resolve_path(step.workdir.text, word), Reader::Kind::command, stage.index, index, span};
    reader.is_program = starts && instruction.json && i == 0 && word.starts_with('/');
    readers.push_back(std::move(reader));
  }
}

void add_steps(const Dockerfile& file, const Stage& stage, std::vector<Reader>& readers) {
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    const auto keyword = step.instruction->keyword;
    if (keyword == Keyword::run && step.script) add_run({file, stage, step}, i, readers);
    if (keyword == Keyword::cmd || keyword == Keyword::entrypoint || keyword == Keyword::healthcheck)
      add_start(stage, i, readers);
  }
}

// The directories of `PATH=/a:$HOME/b`.
void add_search_path(const Site& site, std::size_t index, const NameValue& pair, std::vector<Reader>& readers) {
  std::string value;
  std::ranges::remove_copy_if(pair.value, std::back_inserter(value), [](char c) { return c == '"' || c == '\''; });
  for (std::string_view rest = value; !rest.empty();) {
    const auto colon = rest.find(':');
    const auto directory = site.file.expand(site.stage, site.step, rest.substr(0, colon));
    rest.remove_prefix(colon == rest.npos ? rest.size() : colon + 1);
    if (directory.is_known() && directory.text.starts_with('/'))
      readers.push_back({clean_path(directory.text), Reader::Kind::variable, site.stage.index, index, pair.span});
  }
}

void add_variables(const Dockerfile& file, const Stage& stage, std::vector<Reader>& readers) {
  if (!file.ships(stage)) return;
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    if (step.instruction->keyword != Keyword::env) continue;
    for (const auto& pair : step.instruction->pairs)
      if (std::ranges::find(search_variables, pair.name) != search_variables.end())
        add_search_path({file, stage, step}, i, pair, readers);
  }
}

void add_others(const Dockerfile& file, const Stage& read, std::vector<Reader>& readers) {
  for (const auto& stage : file.stages())
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& step = stage.steps[i];
      if (step.copy && step.copy->stage == read.index)
        for (const auto& source : step.copy->sources) {
          if (!source.known || source.heredoc) continue;
          Reader reader{resolve_path("/", source.text), Reader::Kind::copy, stage.index, i, source.span};
          reader.is_directory = source.text.ends_with('/');
          readers.push_back(std::move(reader));
        }
      for (const auto& mount : step.mounts)
        if (mount.type == Mount::Type::bind && !mount.from.empty() && mount.from == read.name && !mount.source.empty())
          readers.push_back({resolve_path("/", mount.source), Reader::Kind::bind_mount, stage.index, i, mount.span});
    }
}

}  // namespace

std::vector<Reader> find_readers(const Dockerfile& file, const Stage& stage) {
  std::vector<Reader> readers;
  add_steps(file, stage, readers);
  add_variables(file, stage, readers);
  add_others(file, stage, readers);
  for (const auto& child : file.stages())
    if (child.parent == stage.index) add_steps(file, child, readers);
  return readers;
}

}  // namespace dockhew::inline flow
