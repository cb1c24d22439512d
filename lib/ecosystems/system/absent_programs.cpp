#include "ecosystems/system/absent_programs.hpp"

#include <algorithm>

#include "facts/facts.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Upstream's Dockerfiles add nothing to the distribution that the tables name, or remove it again. Those of Java and
// PHP leave curl there.
bool is_known(const ImageFacts& image) {
  constexpr std::string_view languages[] = {"go", "node", "python", "ruby", "rust"};
  if (image.entry == nullptr || image.windows || image.compilers) return false;
  const auto& entry = *image.entry;
  return entry.names[0] == image.distribution || std::ranges::find(languages, entry.language) != std::end(languages);
}

bool names(std::string_view text, std::string_view word) { return find_name(text, word, "-_") != text.npos; }

// `./setup.sh`, `bash <(…)`, `apt-get install $PACKAGES`: it may install anything.
bool may_bring_anything(const ShellCommand& command) {
  if (command.words.empty()) return false;
  if (command.use == nullptr) {
    const auto& word = command.words[0];
    return !word.value.is_known() || word.text().find('/') != std::string::npos || command.name().ends_with("sh") ||
           command.name() == "xargs" || command.name() == "eval";
  }
  return command.use->tool->packages.of_system && std::ranges::any_of(command.use->operands, [&](std::size_t i) {
           const auto& operand = command.words[i];
           return !operand.value.is_known() || operand.text().find_first_of("*/") != std::string::npos;
         });
}

bool may_bring(const Step& step, std::string_view program, std::string_view package) {
  if (step.copy) {
    const auto& destination = step.copy->destination;
    if (!destination.is_known() || path_basename(destination.text) == program) return true;
    if (step.instruction->keyword == Keyword::add) return true;
    return std::ranges::any_of(step.copy->sources, [&](const CopySource& source) {
      const auto name = path_basename(source.text);
      return !source.known || name == program || name.find_first_of("*?[") != name.npos ||
             (!step.copy->from_context() &&
              (name.ends_with("bin") || name == "usr" || name == "local" || name.empty()));
    });
  }
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque) return true;
  const auto text = step.script->text.view();
  return names(text, program) || names(text, package) || std::ranges::any_of(step.script->commands, may_bring_anything);
}

}  // namespace

std::string_view package_of_absent(const Dockerfile& file, const Stage& stage, std::string_view program) {
  if (!stage.image || !is_known(*stage.image)) return {};
  const auto& tables = file.facts().absent_programs;
  const auto programs = tables.find(stage.image->distribution);
  if (programs == tables.end()) return {};
  const auto found = programs->second.find(program);
  if (found == programs->second.end()) return {};
  for (const auto* each : chain_of(file, stage))
    for (const auto& step : each->steps)
      if (may_bring(step, program, found->second)) return {};
  return found->second;
}

}  // namespace dockhew::inline ecosystems
