// Fires on an installer that is given a file (`CMD pip main.py`), and on a HEALTHCHECK, ENTRYPOINT or CMD, and on what
// Compose starts or checks, that calls a program which the image does not have, itself or by a script of the source. It
// shows only when the container runs: the check fails for ever, or nothing starts. A RUN with the package manager of
// another distribution ends the build, and so does one with a tool that the official image of the language lacks.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/runtime.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "ecosystems/system/absent_tools.hpp"
#include "effects/bare_images.hpp"
#include "effects/source_copy.hpp"
#include "effects/unix_effects.hpp"
#include "lint/package_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/shebang.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

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

  // Scripts of the source that the container starts. Where the program that the first line of one names is absent, the
  // kernel says "no such file or directory" of the script; what a shell script calls is looked for when it runs.
  void look_at_scripts(const std::string& text, Span span) {
    if (stage_.steps.empty()) return;  // of its own: what starts is another stage's
    const auto look = [&](std::string_view name) { return file_.lookup(stage_, stage_.environment.size(), name); };
    const auto script = parse_script(LogicalText(text, 0), look, stage_.workdir);
    for (const auto& command : script.commands) {
      if (command.words.empty() || !command.words[0].value.is_known()) continue;
      const bool by_shell = command.name().ends_with("sh") && command.words.size() > 1;
      for (const auto& path : by_shell ? scripts_named_by(command) : places_of(command.words[0].text()))
        if (const auto source = file_in_context({file_, stage_, stage_.steps.back()}, path)) {
          look_at_script(*source, path, span, by_shell);
          break;
        }
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

  void look_at_script(const std::string& source, const std::string& path, Span span, bool by_shell) {
    const auto text = file_.context().read(source).value_or("");
    const auto program = shebang_program(text);
    if (!by_shell && !program.empty()) report(program, span, ", which the first line of `" + source + "` names,");
    constexpr std::size_t longest = 64U << 10U;
    if ((!by_shell && !program.ends_with("sh")) || text.size() > longest || may_be_changed(path)) return;
    const auto nothing = [](std::string_view) { return Value::unknown(); };
    const auto script = parse_script(LogicalText(text, 0), nothing, Value::unknown());
    if (script.opaque || text.find("PATH=") != std::string::npos) return;
    for (const auto& command : script.commands) {
      if (command.words.empty()) continue;
      // What is read in may define functions, and what runs before may install.
      if (may_bring_anything(command) && !command.conditional) return;
      const bool is_last = ends_here(command);
      if (is_certainly_called(script, command)) report_call(script, command, source, text, span);
      if (is_last) return;
    }
  }

  // `exec "$@"`: nothing after it runs, or perhaps nothing where it stands under a condition.
  static bool ends_here(const ShellCommand& command) {
    const auto& first = command.wrappers.empty() ? command.words[0] : command.wrappers[0];
    return first.raw == "exec" || first.raw == "exit";
  }

  void report_call(const Script& script, const ShellCommand& command, const std::string& source, std::string_view text,
                   Span span) {
    const auto package = package_of_absent(file_, stage_, command.name());
    const auto names_it = [&](const ShellCommand& other) { return &other != &command && names(other, package); };
    if (package.empty() || std::ranges::any_of(script.commands, names_it)) return;
    report(command.name(), span,
           ", which `" + source + "` calls in line " + std::to_string(LineIndex(text).line(command.span.begin)) + ",",
           true);
  }

  static bool names(const ShellCommand& command, std::string_view package) {
    return std::ranges::any_of(command.words,
                               [&](const ShellWord& word) { return word.raw.find(package) != word.raw.npos; }) &&
           command.name() != package;
  }

  // In any run of the script, also as what a loop waits for (`until nc -z db 5432`), and nobody asks for it first.
  static bool is_certainly_called(const Script& script, const ShellCommand& command) {
    const auto& element = script.chain[command.element];
    const auto text = script.text.view(element.span);
    const bool waits = text.starts_with("until ") || text.starts_with("while ");
    const auto is_first = [&] {
      return std::ranges::find(script.commands, command.element, &ShellCommand::element)->span == command.span;
    };
    const auto asks = [&](const ShellCommand& other) { return &other != &command && other.has_word(command.name()); };
    // `[ -n "$URL" ] && curl "$URL"`
    const auto after = command.element;
    if (after > 0 && script.chain[after - 1].joint != Joint::semicolon &&
        script.chain[after - 1].joint != Joint::newline)
      return false;
    if (waits && is_first() && command.branches.empty() && std::ranges::none_of(script.commands, asks)) return true;
    if (!is_prepared_for(script, command)) return true;
    // `curl -f localhost || exit 1`
    const bool fails = element.joint == Joint::or_if && command.element + 1 < script.chain.size() &&
                       script.text.view(script.chain[command.element + 1].span) == "exit 1";
    return fails && !command.conditional;
  }

  // Whether a RUN may write another text into a file that a COPY has brought.
  bool may_be_changed(const std::string& path) const {
    const auto name = path_basename(path);
    return std::ranges::any_of(steps_of_chain(file_, stage_), [&](const StageStep& each) {
      if (!each.step->script) return false;
      return std::ranges::any_of(each.step->script->commands, [&](const ShellCommand& command) {
        const bool moded = has_operands(file_.facts(), command, {Operands::moded, Operands::owned});
        return !moded && std::ranges::any_of(command.words, [&](const ShellWord& word) {
          return word.raw.find(name) != word.raw.npos;
        });
      });
    });
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

  // `dumb-init` of PyPI is the program itself.
  bool may_come_with_packages(std::string_view program) const {
    if (program != "dumb-init" || !stage_.image || stage_.image->entry == nullptr) return false;
    return std::ranges::any_of(steps_of_chain(file_, stage_), [](const StageStep& each) {
      return each.step->script && std::ranges::any_of(each.step->script->uses, [](const ToolUse& use) {
               return !use.tool->packages.of_system && use.action->kind == ActionKind::install;
             });
    });
  }

  // What names its place may find it in another: `/sbin/tini` is Alpine's, `/usr/bin/tini` Debian's.
  bool is_started_by_place(const std::string& program) const {
    const auto place = stage_.image->distribution == "alpine" ? "/sbin/tini" : "/usr/bin/tini";
    for (const auto keyword : {Keyword::entrypoint, Keyword::cmd, Keyword::healthcheck})
      if (const auto* step = last_step(file_, stage_, keyword); step != nullptr)
        if (const auto text = start_text(*step->instruction);
            text.find('/' + program) != std::string::npos && text.find(place) == std::string::npos)
          return true;
    return false;
  }

  void report(const std::string& program, Span span, const std::string& who, bool may_be_brought = false) {
    if (may_come_with_packages(program)) return;
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
    auto fix = install_fix(file_, stage_, package);
    if (is_started_by_place(program) && fix.declined.empty())
      decline(fix, "the start names the place of the program, and the package may put it into another");
    finding.fixes.push_back(std::move(fix));
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

// What a download needs of Debian besides the program, which only recommends it.
std::string with_certificates(const Stage& stage, std::string_view package, const ShellCommand& command) {
  const bool secure = std::ranges::any_of(
      command.words, [](const ShellWord& word) { return word.raw.find("https://") != std::string::npos; });
  return (secure && stage.image->distribution != "alpine" ? "ca-certificates " : "") + std::string(package);
}

// `packages`: what the fix installs.
Finding& report_absent(const Dockerfile& file, const Stage& stage, Span span, const std::string& what,
                       std::string_view package, const std::string& packages, std::string_view so, Report& report) {
  auto& finding = report.add(span, what + " is not in the image: `" + chain_of(file, stage).back()->base.text +
                                       "` does not have it, and nothing before installs `" + std::string(package) +
                                       "`, so " + std::string(so));
  finding.severity = Severity::error;
  finding.fixes.push_back(install_first_fix(file, stage, package, packages));
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
      report_absent(file, stage, shell->arguments[0].span, '`' + program + '`', package, std::string(package),
                    "the first RUN fails", report);
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
                '`' + program + "`, which the first line of `" + *source + "` names,", package, std::string(package),
                "this fails", report);
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
        if (const auto line = line_for_absent(site, command); !line.empty())
          finding.fixes.push_back(line_first_fix(file, stage, line));
        continue;
      }
      const auto package = package_of_absent(site, command);
      if (package.empty() || !absent.insert(package).second) continue;
      auto& finding =
          report_absent(file, stage, step.script->to_source(command.words[0].span), '`' + command.name() + '`', package,
                        with_certificates(stage, package, command),
                        command.piped ? "this does nothing, and the pipe may hide it" : "this fails", report);
      finding.message += instead(stage, command.name());
    }
  }
}

// Whether a health check's program is certainly not there. The images of languages have more than those for compiled
// programs, but nothing that plain images of Debian lack.
bool is_absent_in_bare(const Dockerfile& file, const Stage& stage, const Stage& base, const std::string& name) {
  if (name.find_first_of("$\\%{ ") != name.npos) return false;
  const std::string program(path_basename(name));
  const auto& lists = file.facts().absent_programs;
  const auto lacking =
      std::ranges::find(lists, std::string_view("debian"), [](const auto& each) { return each.first; });
  const bool known = program.ends_with("sh") || (lacking != lists.end() && lacking->second.contains(program));
  if (!begins_bare(base) && !known) return false;
  if (name.starts_with('/')) return !path_is_under(name, "/busybox") && !may_have_path(file, stage, name);
  if (name.find('/') != name.npos || program == "openssl") return false;
  const auto brings = [&](const Site& site) { return may_bring(site, program, program); };
  return !file.answers({"may bring the program ", program, " of ", program}, brings).any_in_chain(stage);
}

// What is read by a shell in an image without one, and a health check with a program that no COPY brings there.
void check_without_shell(const Dockerfile& file, const Stage& stage, Report& report) {
  const auto& base = *chain_of(file, stage).back();
  if (!begins_without_shell(base) || base.base_from_argument || last_step(file, stage, Keyword::shell) != nullptr)
    return;
  const auto image = '`' + (base.scratch ? "scratch" : base.base.text) + '`';
  constexpr std::string_view shell = "/bin/sh";
  for (const auto keyword : {Keyword::healthcheck, Keyword::entrypoint, Keyword::cmd}) {
    const auto* step = last_step(file, stage, keyword);
    if (step == nullptr || step->instruction->arguments.empty() || step->instruction->arguments[0].text == "NONE")
      continue;
    const auto& instruction = *step->instruction;
    const bool check = keyword == Keyword::healthcheck;
    if (!instruction.json) {
      // It may be given to a program of the base image, which then gets words that it does not know.
      const bool given = !begins_bare(base) || last_step(file, stage, Keyword::entrypoint) != nullptr;
      if ((keyword == Keyword::cmd && given) || may_have_path(file, stage, shell)) continue;
      auto& finding = report.add(
          instruction.head_span(),
          "this is read by `" + std::string(shell) + "`, which " + image + " does not have, so " +
              (check
                   ? "the check never succeeds; write it as `CMD [\"/program\", \"argument\"]`, with a program that a "
                     "COPY brings: the application itself may have a command for it"
                   : "no container starts; write it as JSON, each word in its own quotes"));
      if (!check) finding.severity = Severity::error;
      finding.build_goes_on = true;
      continue;
    }
    if (!check || instruction.arguments.size() < 2) continue;
    const auto& name = instruction.arguments[1].text;
    if (!is_absent_in_bare(file, stage, base, name)) continue;
    report
        .add(instruction.head_span(), '`' + name + "` is not in the image: " + image +
                                          " has no such programs, and no COPY brings it, so the check never succeeds; "
                                          "the application itself may have a command for it")
        .build_goes_on = true;
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
    if (stage.target && examined < most_stages) check_without_shell(file, stage, report);
    if (!stage.target || !stage.image || ++examined > most_stages) continue;
    Search search(file, stage, report, seen);
    const bool has_entrypoint = last_step(file, stage, Keyword::entrypoint) != nullptr;
    for (const auto keyword : {Keyword::healthcheck, Keyword::entrypoint, Keyword::cmd})
      if (const auto* step = last_step(file, stage, keyword); step != nullptr) {
        search.look_at(start_text(*step->instruction), step->instruction->head_span(), "",
                       has_entrypoint && keyword == Keyword::cmd);
        search.look_at_scripts(start_text(*step->instruction), step->instruction->head_span());
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
Alpine. Of a shell script of the source, as an entry point or a health check starts it, what it calls in any case is looked for too:
`curl`, `jq`, `gosu`, and `nc` in `until nc -z db 5432`. Nothing is said where the script asks for the program, or brings it.

The same goes for `tini` and `dumb-init` before the program: `docker run --init` has one, the images of languages have none.

`scratch` and Google's distroless images have no shell, so a HEALTHCHECK or ENTRYPOINT that is no JSON does not run there, and
neither does a check with `curl` or `wget`. There the application itself must have a command for it.

The fix adds the package to a RUN that installs packages, or, and so for a RUN that fails, puts one of its own at the top of the stage, where the base
image runs as root and its release is known.

An installer that is given a file (`CMD pip main.py`) has no such command, and the container ends at once.

The same goes for a RUN whose script does, and for one that `SHELL ["/bin/bash", "-c"]` has read by bash.

A RUN that calls such a program is an error: it fails, or a pipe hides that it did. Of Debian's images `adduser` and `addgroup` are gone
with trixie (`python:3.12-slim`, `debian:latest`), where `useradd` and `groupadd` stay; Alpine has only the former.

Official images of languages have fewer tools than people expect: those of the JDK have neither Maven nor Gradle, `node` has no
pnpm and no Bun, from Node 25 on no Corepack and from 26 on no Yarn, `python` has neither Poetry nor uv, and `php` has no Composer.
A RUN that calls one is an error where nothing before may have brought it, and the failure ends the build. The fix brings it where
one version is meant, as of the Yarn that npm has.

A RUN that calls the package manager of another distribution, as `apt-get` in an image of Alpine, ends the build. It is
an error where the distribution of the image is certain, no step before may bring the program, and the script does not ask
for it first.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
