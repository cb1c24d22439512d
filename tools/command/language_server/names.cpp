#include "language_server/names.hpp"

#include <algorithm>

#include "effects/environment.hpp"
#include "model/runs.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

bool is_in(Span span, std::uint32_t offset) { return span.begin <= offset && offset <= span.end; }

bool is_name_character(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_';
}

// What an instruction defines: the names with their places.
std::vector<VariableName> defined_by(const Instruction& instruction) {
  std::vector<VariableName> names;
  if (instruction.keyword == Keyword::env)
    for (const auto& pair : instruction.pairs) names.push_back({pair.name, pair.name_span, true});
  if (instruction.keyword == Keyword::arg)
    for (const auto& argument : instruction.arguments) {
      const auto name = argument.text.substr(0, argument.text.find('='));
      const auto begin = argument.span.begin;
      names.push_back({name, {begin, begin + static_cast<std::uint32_t>(name.size())}, true});
    }
  return names;
}

// The last definition in an instruction; nothing when it defines something else.
std::optional<Definition> definition_in(const Instruction& instruction, std::string_view name) {
  const auto names = defined_by(instruction);
  const auto found =
      std::find_if(names.rbegin(), names.rend(), [&](const VariableName& each) { return each.name == name; });
  if (found == names.rend()) return std::nullopt;
  return Definition{&instruction, found->span};
}

// Where the value of an option of a flag stands: `from` in `--mount=type=bind,from=build`, or of the flag itself.
std::optional<Span> value_span(std::string_view source, Span flag, std::string_view key, std::string_view value) {
  const auto text = slice(source, flag);
  const auto wanted = std::string(key) + '=' + std::string(value);
  const auto at = text.find(wanted);
  if (at == text.npos || value.empty()) return std::nullopt;
  const auto begin = flag.begin + static_cast<std::uint32_t>(at + key.size() + 1);
  return Span{begin, begin + static_cast<std::uint32_t>(value.size())};
}

std::optional<StageName> named_by(const Dockerfile& file, std::optional<std::uint32_t> stage, std::optional<Span> span,
                                  std::uint32_t offset) {
  if (!stage || !span || !is_in(*span, offset)) return std::nullopt;
  return StageName{&file.stages()[*stage], *span};
}

std::optional<StageName> stage_in_from(const Dockerfile& file, const Stage& stage, std::uint32_t offset) {
  const auto& arguments = stage.from->arguments;
  if (arguments.size() == 3 && is_in(arguments[2].span, offset)) return StageName{&stage, arguments[2].span};
  if (arguments.empty()) return std::nullopt;
  return named_by(file, stage.parent, arguments[0].span, offset);
}

std::optional<StageName> stage_in_step(const Dockerfile& file, const Stage& stage, const Step& step,
                                       std::uint32_t offset) {
  if (step.copy && step.copy->stage)
    if (const auto* flag = step.instruction->flag("from"))
      if (auto found =
              named_by(file, step.copy->stage, value_span(file.source(), flag->span, "from", flag->value), offset))
        return found;
  for (const auto& mount : step.mounts)
    if (auto found = named_by(file, file.find_stage(to_lower_ascii(mount.from), stage.index),
                              value_span(file.source(), mount.span, "from", mount.from), offset))
      return found;
  return std::nullopt;
}

// Arguments above the first stage that are in effect: all, or those before one of them.
std::size_t global_arguments_before(const Dockerfile& file, const Instruction* instruction) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < file.instructions_before_stages(); ++i) {
    const auto& each = file.instructions()[i];
    if (&each == instruction) break;
    if (each.keyword == Keyword::arg) count += each.arguments.size();
  }
  return std::min(count, file.global_arguments().size());
}

std::vector<Definition> global_definitions(const Dockerfile& file, std::string_view name, const Instruction* until) {
  for (auto i = file.instructions_before_stages(); i-- > 0;) {
    const auto& instruction = file.instructions()[i];
    if (until != nullptr && &instruction > until) continue;
    if (auto found = definition_in(instruction, name)) return {*found};
  }
  return {};
}

}  // namespace

FilePlace place_at(const Dockerfile& file, std::uint32_t offset) {
  FilePlace place;
  const auto begin_of = [](const Instruction& instruction) { return instruction.span.begin; };
  const auto after = std::ranges::upper_bound(file.instructions(), offset, {}, begin_of);
  if (after == file.instructions().begin()) return place;
  const auto& instruction = *std::prev(after);
  for (const auto& stage : file.stages())
    if (stage.implicit || stage.from->span.begin <= offset) place.stage = &stage;
  if (offset > instruction.span.end) return place;
  place.instruction = &instruction;
  if (place.stage != nullptr)
    for (const auto& step : place.stage->steps)
      if (step.instruction == &instruction) place.step = &step;
  return place;
}

std::optional<StageName> stage_name_at(const Dockerfile& file, std::uint32_t offset) {
  const auto place = place_at(file, offset);
  if (place.instruction == nullptr || place.stage == nullptr) return std::nullopt;
  if (place.step != nullptr) return stage_in_step(file, *place.stage, *place.step, offset);
  return place.instruction == place.stage->from ? stage_in_from(file, *place.stage, offset) : std::nullopt;
}

std::optional<VariableName> variable_name_at(const Dockerfile& file, std::uint32_t offset) {
  const auto place = place_at(file, offset);
  if (place.instruction == nullptr) return std::nullopt;
  for (auto& each : defined_by(*place.instruction))
    if (is_in(each.span, offset) && !each.name.empty()) return std::move(each);
  // `$NAME` and `${NAME`, wherever they stand.
  const auto source = file.source();
  const auto limit = place.instruction->span;
  auto begin = offset, end = offset;
  while (begin > limit.begin && is_name_character(source[begin - 1])) --begin;
  while (end < limit.end && is_name_character(source[end])) ++end;
  const auto before = source.substr(limit.begin, begin - limit.begin);
  const bool used = before.ends_with('$') || before.ends_with("${");
  if (begin == end || !used) return std::nullopt;
  return VariableName{std::string(source.substr(begin, end - begin)), {begin, end}, false};
}

Value value_at(const Dockerfile& file, const FilePlace& place, const VariableName& variable, std::uint32_t offset) {
  if (place.stage == nullptr || place.step == nullptr) {
    auto count = global_arguments_before(file, place.stage == nullptr ? place.instruction : nullptr);
    if (variable.defined_here && place.instruction != nullptr) count += place.instruction->arguments.size();
    return file.lookup_global(variable.name, std::min(count, file.global_arguments().size()));
  }
  const auto& [instruction, stage, step] = place;
  if (variable.defined_here) {
    const auto next = static_cast<std::size_t>(step - stage->steps.data()) + 1;
    const auto count = next < stage->steps.size() ? stage->steps[next].bindings : stage->environment.size();
    return file.lookup(*stage, count, variable.name);
  }
  const Site site{file, *stage, *step};
  if (step->script)
    for (const auto& command : step->script->commands)
      if (!command.nested && is_in(step->script->to_source(command.span), offset))
        return environment(site, command, variable.name);
  return site.variable(variable.name);
}

std::vector<Definition> definitions_of(const Dockerfile& file, const FilePlace& place, const VariableName& variable) {
  if (variable.defined_here && place.instruction != nullptr)
    if (auto here = definition_in(*place.instruction, variable.name)) {
      std::vector<Definition> all = {*here};
      const bool takes_global = place.step != nullptr && place.instruction->keyword == Keyword::arg;
      if (takes_global) std::ranges::move(global_definitions(file, variable.name, nullptr), std::back_inserter(all));
      return all;
    }
  if (place.stage == nullptr || place.step == nullptr)
    return global_definitions(file, variable.name, place.stage == nullptr ? place.instruction : nullptr);
  for (const auto* stage : chain_of(file, *place.stage)) {
    const auto count =
        stage == place.stage ? static_cast<std::size_t>(place.step - stage->steps.data()) : stage->steps.size();
    for (auto i = count; i-- > 0;) {
      const auto& instruction = *stage->steps[i].instruction;
      auto found = definition_in(instruction, variable.name);
      if (!found) continue;
      std::vector<Definition> all = {*found};
      // Without a default, its value is that of the global argument.
      const bool has_default = file.source().substr(found->span.end).starts_with('=');
      const bool passed_on = instruction.keyword == Keyword::arg && !has_default;
      if (passed_on) std::ranges::move(global_definitions(file, variable.name, nullptr), std::back_inserter(all));
      return all;
    }
  }
  return global_definitions(file, variable.name, nullptr);
}

}  // namespace dockhew::cli
