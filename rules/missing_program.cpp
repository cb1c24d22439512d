// Fires on an installer that is given a file (`CMD pip main.py`), and on a HEALTHCHECK, ENTRYPOINT or CMD, and on what
// Compose starts or checks, that calls a program which the image does not have. It shows only when the container runs:
// the check fails for ever, or nothing starts. A RUN with the package manager of another distribution ends the build,
// and so does one with a tool that the official image of the language lacks.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/runtime.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "ecosystems/system/absent_tools.hpp"
#include "effects/source_copy.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/shebang.hpp"

namespace dockhew::rules {
namespace {

std::string run_that_installs(const Stage& stage, std::string_view package) {
  const std::string name(package);
  if (stage.image->distribution == "alpine") return "RUN apk add --no-cache " + name;
  return "RUN apt-get update && apt-get install -y --no-install-recommends " + name + " && rm -rf /var/lib/apt/lists/*";
}

// The end of what the last RUN installs that installs packages of the distribution by name.
std::optional<std::uint32_t> end_of_packages(const Stage& stage) {
  for (auto step = stage.steps.rbegin(); step != stage.steps.rend(); ++step) {
    if (!step->script) continue;
    for (const auto& use : step->script->uses) {
      const bool installs = use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                            use.action->packages && !use.operands.empty() && !use.command->nested &&
                            !use.command->conditional && !use.has_option("--virtual") && !use.has_option("-t");
      if (installs) return step->script->to_source(use.command->words[use.operands.back()].span).end;
    }
  }
  return std::nullopt;
}

// In the stage, or in one that it is built on. A RUN of its own is work that the file did not have, so it is only
// proposed.
Fix install(const Dockerfile& file, const Stage& stage, std::string_view package) {
  Fix fix;
  fix.title = "install `" + std::string(package) + "`";
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"absent-program", "no step brings the program in a way that its words do not tell"}};
  for (const auto* each : chain_of(file, stage))
    if (const auto end = end_of_packages(*each)) {
      fix.edits = {{{*end, *end}, ' ' + std::string(package)}};
      return fix;
    }
  return decline(fix,
                 "no RUN of the stage installs packages; it takes one: `" + run_that_installs(stage, package) + "`");
}

// What the distribution has in its place.
std::string instead(const Stage& stage, std::string_view program) {
  const auto other = program_in_place_of(*stage.image, program);
  return other.empty() ? "" : "; `" + std::string(other) + "` is there";
}

class Search {
 public:
  using Seen = std::set<std::pair<std::uint32_t, std::string>>;  // where, and which program
  Search(const Dockerfile& file, const Stage& stage, Report& report, Seen& seen)
      : file_(file), stage_(stage), report_(report), seen_(seen) {}

  // `who`: for a person, where it is not the instruction itself. `is_argument`: of an entry point, which may first
  // bring what it starts.
  void look_at(const std::string& text, Span span, const std::string& who, bool is_argument = false) {
    const auto look = [&](std::string_view name) { return file_.lookup(stage_, stage_.environment.size(), name); };
    const auto script = parse_script(LogicalText(text, 0), look, stage_.workdir);
    // `command -v curl && …` asks for it first.
    const auto is_operand = [&](const ShellCommand& command, std::string_view name) {
      return std::any_of(command.words.begin() + 1, command.words.end(),
                         [&](const ShellWord& word) { return path_basename(word.raw) == name; });
    };
    for (const auto& command : script.commands) {
      if (command.words.empty()) continue;
      const auto name = command.name();
      report_file_as_command(command, span, who);
      const bool asked = std::ranges::any_of(
          script.commands, [&](const ShellCommand& other) { return !other.words.empty() && is_operand(other, name); });
      // What is called before it may bring it too.
      if (!asked) report(name, span, who, is_argument || &command != &script.commands.front());
    }
  }

  // A script of the source that the container starts, whose first line names a program: the kernel then says "no such
  // file or directory" of the script.
  void look_at_script(const Instruction& start) {
    const auto look = [&](std::string_view name) { return file_.lookup(stage_, stage_.environment.size(), name); };
    const auto script = parse_script(LogicalText(start_text(start), 0), look, stage_.workdir);
    if (script.commands.empty() || script.commands[0].words.empty()) return;
    const auto& word = script.commands[0].words[0];
    if (!word.value.is_known()) return;
    for (const auto& path : places_of(word.text()))
      if (const auto source = file_in_context({file_, stage_, stage_.steps.back()}, path)) {
        const auto program = shebang_program(file_.context().read(*source).value_or(""));
        if (!program.empty()) report(program, start.head_span(), ", which the first line of `" + *source + "` names,");
        return;
      }
  }

 private:
  // Where a program of that name is looked for.
  std::vector<std::string> places_of(const std::string& name) const {
    if (name.starts_with('/')) return {name};
    if (name.find('/') != name.npos)
      return stage_.workdir.is_known() ? std::vector{resolve_path(stage_.workdir.text, name)}
                                       : std::vector<std::string>();
    return {"/usr/local/bin/" + name, "/usr/bin/" + name, "/bin/" + name};
  }

  // An installer that is given a file of source: of its commands none is called so, and what runs the file is meant.
  void report_file_as_command(const ShellCommand& command, Span span, const std::string& who) {
    if (command.words.size() < 2 || !command.words[1].value.is_known()) return;
    const auto& word = command.words[1].text();
    for (const auto* ecosystem : all_ecosystems()) {
      const auto* runtime = ecosystem->runtime;
      if (runtime == nullptr || std::ranges::find(runtime->installers, command.name()) == runtime->installers.end())
        continue;
      const auto ends = [&](std::string_view ending) { return word.ends_with(ending); };
      if (word.starts_with('-') || std::ranges::none_of(runtime->script_endings, ends)) continue;
      if (!seen_.emplace(span.begin, word).second) return;
      auto& finding = report_.add(span, '`' + std::string(path_basename(command.words[0].text())) + "`" + who +
                                            " has no command `" + word + "`, so the container ends at once; `" +
                                            std::string(runtime->prompts.front()) + ' ' + word + "` may be meant");
      finding.severity = Severity::error;
      finding.build_goes_on = true;
    }
  }

  void report(const std::string& program, Span span, const std::string& who, bool may_be_brought = false) {
    if (const auto advice = advice_for_absent(file_, stage_, program); !advice.empty()) {
      if (may_be_brought) return;
      if (!seen_.emplace(span.begin, program).second) return;
      auto& finding = report_.add(span, '`' + program + "`" + who + " is not in the image: `" +
                                            chain_of(file_, stage_).back()->base.text +
                                            "` does not have it, and no step brings it; use " + std::string(advice));
      finding.build_goes_on = true;
      return;
    }
    const auto package = package_of_absent(file_, stage_, program);
    if (package.empty() || !seen_.emplace(span.begin, program).second) return;
    auto& finding = report_.add(
        span, '`' + program + "`" + who + " is not in the image: `" + chain_of(file_, stage_).back()->base.text +
                  "` does not have it, and no step installs `" + std::string(package) + '`' + instead(stage_, program));
    finding.fixes.push_back(install(file_, stage_, package));
  }

  const Dockerfile& file_;
  const Stage& stage_;
  Report& report_;
  Seen& seen_;
};

// `apt-get` on Alpine. The first ends the build, and the others of the stage are written like it.
void check_managers(const Dockerfile& file, const Stage& stage, Report& report) {
  Finding* finding = nullptr;
  std::string program;
  std::set<std::string> others;  // that may be there: what brings one is there for all later commands
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword != Keyword::run || !step.script) continue;
    for (const auto& command : step.script->commands) {
      if (command.use == nullptr || command.conditional) continue;
      const auto& name = command.words[0].text();
      const auto place = step.script->to_source(command.span);
      if (finding != nullptr) {
        if (name == program) finding->related.push_back(place);
        continue;
      }
      if (others.contains(name)) continue;
      const auto own = manager_in_place_of({file, stage, step}, command);
      if (!own) {
        others.insert(name);
        continue;
      }
      program = name;
      finding =
          &report.add(place, '`' + program + "` is not in `" + chain_of(file, stage).back()->base.text +
                                 "`, so this fails; " + std::string(own->distribution) + " installs packages with `" +
                                 std::string(own->command) + " …`, and some have other names there");
      finding->severity = Severity::error;
    }
  }
}

Finding& report_absent(const Dockerfile& file, const Stage& stage, Span span, const std::string& what,
                       std::string_view package, std::string_view so, Report& report) {
  auto& finding = report.add(span, what + " is not in the image: `" + chain_of(file, stage).back()->base.text +
                                       "` does not have it, and nothing before installs `" + std::string(package) +
                                       "`, so " + std::string(so));
  finding.severity = Severity::error;
  Fix fix;
  fix.title = "install `" + std::string(package) + "`";
  finding.fixes.push_back(decline(fix, "it takes a RUN before this one: `" + run_that_installs(stage, package) + "`"));
  return finding;
}

// `SHELL ["/bin/bash", "-c"]` on Alpine: the first RUN that is read by it.
void check_shell(const Dockerfile& file, const Stage& stage, Report& report) {
  const Instruction* shell = nullptr;
  for (const auto& step : stage.steps) {
    const auto& instruction = *step.instruction;
    if (instruction.keyword == Keyword::shell) shell = &instruction;
    if (shell == nullptr || instruction.keyword != Keyword::run || instruction.json) continue;
    if (shell->arguments.empty() || step.in_child || (step.script && step.script->from_heredoc)) return;
    const std::string program(path_basename(shell->arguments[0].text));
    if (const auto package = package_absent_before({file, stage, step}, program); !package.empty())
      report_absent(file, stage, shell->arguments[0].span, '`' + program + '`', package, "the first RUN fails", report);
    return;
  }
}

// `RUN ./setup.sh`, whose first line names a program.
void check_script(const Site& site, const ShellCommand& command, std::set<std::string_view>& absent, Report& report) {
  const auto& script = *site.step.script;
  const auto& word = command.words[0];
  if (!word.value.is_known() || word.text().find('/') == std::string::npos || is_prepared_for(script, command) ||
      &command != &script.commands.front() || site.step.in_child)
    return;
  const auto path = path_of(command, word);
  const auto source = path ? file_in_context(site, *path) : std::nullopt;
  const auto program = source ? shebang_program(site.context().read(*source).value_or("")) : std::string();
  const auto package = program.empty() ? std::string_view() : package_absent_before(site, program);
  if (package.empty() || !absent.insert(package).second) return;
  report_absent(site.file, site.stage, script.to_source(word.span),
                '`' + program + "`, which the first line of `" + *source + "` names,", package, "this fails", report);
}

// The first RUN that calls it; whatever does so later would fail for the same reason.
void check_runs(const Dockerfile& file, const Stage& stage, Report& report) {
  std::set<std::string> seen;
  std::set<std::string_view> absent;  // packages, or what would bring a tool
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword != Keyword::run || !step.script) continue;
    for (const auto& command : step.script->commands) {
      // What may be there for the first may be there for all.
      if (command.words.empty() || !seen.insert(command.name()).second) continue;
      const Site site{file, stage, step};
      check_script(site, command, absent, report);
      if (const auto advice = advice_for_absent(site, command); !advice.empty()) {
        if (!absent.insert(advice).second) continue;
        auto& finding = report.add(
            step.script->to_source(command.words[0].span),
            '`' + command.name() + "` is not in the image: `" + chain_of(file, stage).back()->base.text +
                "` does not have it, and nothing before brings it, so this fails; use " + std::string(advice));
        finding.severity = Severity::error;
        continue;
      }
      const auto package = package_of_absent(site, command);
      if (package.empty() || !absent.insert(package).second) continue;
      auto& finding =
          report_absent(file, stage, step.script->to_source(command.words[0].span), '`' + command.name() + '`', package,
                        command.piped ? "this does nothing, and the pipe may hide it" : "this fails", report);
      finding.message += instead(stage, command.name());
    }
  }
}

// Of a stage that others continue, what they add is in the image too, so only those at the end are looked at.
void check(const Dockerfile& file, Report& report) {
  constexpr std::size_t most_stages = 100;  // for each, those that it is built on are gone through
  std::size_t examined = 0;
  Search::Seen seen;
  for (const auto& stage : file.stages()) {
    check_managers(file, stage, report);
    check_shell(file, stage, report);
    check_runs(file, stage, report);
    if (!stage.target || !stage.image || ++examined > most_stages) continue;
    Search search(file, stage, report, seen);
    const bool has_entrypoint = last_step(file, stage, Keyword::entrypoint) != nullptr;
    for (const auto keyword : {Keyword::healthcheck, Keyword::entrypoint, Keyword::cmd})
      if (const auto* step = last_step(file, stage, keyword); step != nullptr) {
        search.look_at(start_text(*step->instruction), step->instruction->head_span(), "",
                       has_entrypoint && keyword == Keyword::cmd);
        if (step->instruction->json && keyword != Keyword::healthcheck) search.look_at_script(*step->instruction);
      }
    if (&stage != &file.final_stage() || file.context().origin().targets.size() > 1) continue;
    for (const auto& start : file.context().origin().starts)
      if (!start.text.empty() && !start.besides)
        search.look_at(start.text, stage.from->arguments[0].span, ", which " + start.place + " starts,",
                       has_entrypoint);
  }
}

}  // namespace

extern constinit const Rule missing_program = {
    .id = "missing-program",
    .category = Category::correctness,
    .severity = Severity::warning,
    .stops_build = true,
    .summary = "the container or the build calls a program that the image does not have",
    .rationale = R"(A slim image has little more than its distribution's smallest form: neither `curl` nor `wget` on
Debian, and no `bash` or `curl` on Alpine. The build does not notice. A HEALTHCHECK with a missing program never
succeeds, so that orchestrators restart a container that works.

It is reported only for images of which it is known what they lack, and only if no step may bring the program. Install
its package, or check in the language of the application, which is there in any case. With `--resolve=files` the layers of an image
say which programs it has, so that images that nobody knows are checked too.

A script of the source that the container starts needs the program that its first line names: `#!/bin/bash` does not start on
Alpine.

An installer that is given a file (`CMD pip main.py`) has no such command, and the container ends at once.

The same goes for a RUN whose script does, and for one that `SHELL ["/bin/bash", "-c"]` has read by bash.

A RUN that calls such a program is an error: it fails, or a pipe hides that it did. Of Debian's images `adduser` and `addgroup` are gone
with trixie (`python:3.12-slim`, `debian:latest`), where `useradd` and `groupadd` stay; Alpine has only the former.

Official images of languages have fewer tools than people expect: those of the JDK have neither Maven nor Gradle, `node` has no
pnpm and no Bun, from Node 25 on no Corepack and from 26 on no Yarn, `python` has neither Poetry nor uv, and `php` has no Composer.
A RUN that calls one is an error where nothing before may have brought it, and the failure ends the build.

A RUN that calls the package manager of another distribution, as `apt-get` in an image of Alpine, ends the build. It is
an error where the distribution of the image is certain, no step before may bring the program, and the script does not ask
for it first.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
