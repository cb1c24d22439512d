#include "flow/removed_unread.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "ecosystems/command_effects.hpp"
#include "effects/commutes.hpp"
#include "effects/hidden_effects.hpp"
#include "effects/unix_effects.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

// Those in the place of the COPY, by their names.
std::vector<std::string> removed_of(const WideCopy& copy, const Effects& effects) {
  std::vector<std::string> paths;
  for (const auto& [path, span, text] : effects.removes.paths)
    if (path != copy.image && path_is_under(path, copy.image) && without_wildcards(path) == path) paths.push_back(path);
  return paths;
}

// Adds what the commands of a RUN remove, and to `before` what they do. `budget`: of commands that are looked at.
void look_at_run(const Site& site, const WideCopy& copy, Effects& before, std::size_t& budget,
                 std::vector<std::string>& found) {
  const auto& facts = site.file.facts();
  bool tested = false;  // `[ "$MODE" = production ] && rm -rf tests`
  for (const auto& command : site.step.script->commands) {
    if (budget == 0) return;
    --budget;
    tested |= has_operands(facts, command, {Operands::tested});
    const bool certain = command.use == nullptr && !command.conditional && !command.piped && !tested;
    if (certain && has_operands(facts, command, {Operands::removed}))
      std::ranges::move(left_alone(before, removed_of(copy, unix_effects(facts, command))), std::back_inserter(found));
    before.add(project_effects(site, command));
  }
  before.add(hidden_effects(*site.step.script));
  before.changes_shell = false;  // the shell ends with the RUN
}

}  // namespace

std::vector<std::string> removed_unread(const Dockerfile& file, const WideCopy& copy) {
  std::vector<std::string> found;
  if (copy.image.empty()) return found;
  std::size_t budget = 200;
  Effects before;
  for (const auto& step : std::span(copy.stage->steps).subspan(copy.step - copy.stage->steps.data() + 1)) {
    const Site site{file, *copy.stage, step};
    if (step.copy) before.add(copy_effects(site, *step.copy));
    if (step.instruction->keyword != Keyword::run) continue;
    if (!step.script || step.script->opaque) break;
    look_at_run(site, copy, before, budget, found);
    if (budget == 0 || before.reads.anything || before.writes.anything) break;
  }
  return found;
}

}  // namespace dockhew::inline flow
