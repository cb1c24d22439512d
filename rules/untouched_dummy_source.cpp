// Fires on the dummy source trick for Cargo without a `touch`: the dummy is newer than the real source that is copied
// over it, Cargo compares time stamps, and the shipped program is the dummy.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ecosystems/ecosystem.hpp"
#include "edits/run_edits.hpp"
#include "effects/source_copy.hpp"
#include "effects/unix_effects.hpp"
#include "lint/rule.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// `echo 'fn main() {}' >src/main.rs`: the Rust sources that a RUN makes itself, of nothing that is there.
std::vector<std::string> dummies_of(const Facts& facts, const Step& step) {
  std::vector<std::string> dummies;
  for (const auto& command : step.script->commands) {
    const auto effects = unix_effects(facts, command);
    const bool copies = !effects.reads.paths.empty() && command.redirects.empty();
    if (copies || effects.makes_directories || effects.writes.anything) continue;
    for (const auto& made : effects.writes.paths)
      if (made.path.ends_with(".rs")) dummies.push_back(made.path);
  }
  return dummies;
}

bool builds(const Step& step) {
  return std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
    return command.name() == "cargo" &&
           (command.has_word("build") || command.has_word("install") || command.has_word("b") ||
            command.has_word("test") || command.has_word("check"));
  });
}

// Whether a build cannot work, because the manifest of another package is missing: what is ignored then has built
// nothing.
bool fails(const Site& site) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    const auto* ecosystem = find_ecosystem(*use.tool);
    return ecosystem != nullptr && ecosystem->missing_manifest != nullptr && use.action->kind == ActionKind::build &&
           !ecosystem->missing_manifest(site, use).empty();
  });
}

// Throws away what Cargo built from the dummy: `cargo clean`, `rm -f target/release/deps/app*`.
bool discards(const Step& step) {
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    if (command.name() == "cargo") return command.has_word("clean");
    if (command.name() == "find" && command.has_word("-delete")) return true;
    return (command.name() == "rm" || command.name() == "find") &&
           std::ranges::any_of(command.words, [&](const ShellWord& word) {
             return word.raw.find("target") != word.raw.npos || word.raw.find("deps") != word.raw.npos ||
                    word.raw.find("fingerprint") != word.raw.npos;
           });
  });
}

// Makes Cargo notice that the source has changed, or leaves nothing to compare it with.
bool renews(const Step& step) {
  return discards(step) || std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
           if (command.name() == "touch" || command.name() == "cargo-chef") return true;
           return (command.name() == "cargo" && command.has_word("chef")) ||
                  (command.name() == "find" && command.has_word("touch"));
         });
}

// Whether a program gets the package's library as a new dependency when the real source comes, because there was no
// dummy of it: then Cargo compiles the program again, whatever the time stamps say.
bool gets_library(const Dockerfile& file, const Stage& stage, const std::vector<std::string>& dummies,
                  const std::string& dummy) {
  constexpr std::string_view source = "/src/";
  const auto at = dummy.rfind(source);
  if (at == dummy.npos || dummy.ends_with("/src/lib.rs")) return false;
  const auto library = dummy.substr(0, at + source.size()) + "lib.rs";
  return std::ranges::find(dummies, library) == dummies.end() && file_in_context(file, stage, library).has_value();
}

// Of the steps that make any.
using Dummies = std::map<const Step*, std::vector<std::string>>;

void check_stage(const Dockerfile& file, const Stage& stage, const Dummies& dummies_of_steps, Report& report) {
  std::vector<std::string> dummies;
  constexpr int most_tried = 20;  // for each the manifests of all packages are read
  int tried = 0;
  bool copied = false, built = false;
  for (const auto& place : steps_of_chain(file, stage)) {
    const auto& step = *place.step;
    if (step.copy && !dummies.empty()) {
      copied |= step.copy->destination.is_known() && std::ranges::any_of(dummies, [&](const std::string& dummy) {
                  return path_is_under(dummy, step.copy->destination.text) || step.copy->destination.is(dummy);
                });
      continue;
    }
    if (step.instruction->keyword != Keyword::run) continue;
    if (!step.script || step.script->opaque) return;
    if (copied) {
      if (renews(step)) return;
      if (!builds(step)) continue;
      if (!built || step.index < stage.from_index) return;  // reported where it is
      // A dummy of a file that the project does not have is older than nothing.
      if (file.context().is_known()) {
        const auto all = dummies;
        std::erase_if(dummies, [&](const std::string& dummy) {
          return !file_in_context(file, stage, dummy) || gets_library(file, stage, all, dummy);
        });
      }
      if (dummies.empty()) return;
      auto& finding =
          report.add(step.instruction->keyword_span,
                     "Cargo considers the dummy newer than the source copied over it, so the image ships the dummy");
      Fix fix;
      fix.title = "touch the sources before building them";
      fix.applicability = Applicability::safe;
      std::string command = "touch";
      for (const auto& dummy : dummies) command += ' ' + dummy;
      const bool plain = command.find_first_of("'\"$\\*?[;&|<>()") == command.npos;
      if (!step.script->is_straight() || step.script->chain.empty() || step.instruction->json)
        fix.declined = "the commands of this RUN are not a plain chain";
      else if (!plain) fix.declined = "the path of the source is not a plain path";
      else fix.edits.push_back(prepend_command(file.document(), *step.script, command));
      finding.fixes.push_back(std::move(fix));
      return;
    }
    if (const auto made = dummies_of_steps.find(&step); made != dummies_of_steps.end()) dummies = made->second;
    // What was built from them may be removed again, there or later.
    if (!built && !dummies.empty() && builds(step)) built = ++tried > most_tried || !fails({file, *place.stage, step});
    if (built && discards(step)) return;
  }
}

void check(const Dockerfile& file, Report& report) {
  Dummies dummies_of_steps;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.script && !step.script->opaque)
        if (auto made = dummies_of(file.facts(), step); !made.empty()) dummies_of_steps.emplace(&step, std::move(made));
  if (dummies_of_steps.empty()) return;
  for (const auto& stage : file.stages()) check_stage(file, stage, dummies_of_steps, report);
}

}  // namespace

extern constinit const Rule untouched_dummy_source = {
    .id = "untouched-dummy-source",
    .category = Category::correctness,
    .severity = Severity::error,
    .optimizes = true,
    .summary = "a dummy source is shipped in place of the real one",
    .rationale =
        R"(To compile dependencies in a separate layer, people build a dummy `src/main.rs` and then copy the real source
over it. Cargo uses time stamps to decide what to rebuild. `COPY` keeps those of the build context, where a checkout is
older than the dummy created a minute ago: Cargo finds nothing to do, and the image contains the dummy. Run
`touch src/main.rs` before the second build, or remove what was built from the dummy.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
