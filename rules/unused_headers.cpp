// Fires on a -dev package that the shipped stage installs though nothing there compiles. Other stages have built the
// program, which only loads the library itself: `libpq5` of `libpq-dev`.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "buildkit/image_configuration.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/extensions.hpp"
#include "ecosystems/runtime.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "flow/source_words.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/start_command.hpp"
#include "model/tool_use.hpp"
#include "stages/other_starts.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

// A tool of a language may compile whatever it installs, unless that is all there already: `pip install --no-index`.
// What is not known may compile too.
bool may_compile(const Site& site, const ShellCommand& command) {
  const auto& [file, stage, step] = site;
  if (command.words.empty()) return false;
  if (const auto* extensions = extension_tools_of(stage); extensions != nullptr && extensions->builds(command))
    return true;
  if (const auto* use = command.use; use != nullptr) {
    if (use->tool->packages.of_system) return false;
    const auto* runtime = runtime_of(*use);
    if (runtime != nullptr && runtime->installs_alike != nullptr && runtime->installs_alike(site, *use)) return false;
    return use->action->kind == ActionKind::build || !use->action->uses_cache || use->uses_cache();
  }
  if (const auto* runtime = runtime_of(stage); runtime != nullptr && runs_source(*runtime, stage, command))
    return false;
  const auto* row = file.facts().unix_command(command.name());
  return row == nullptr ? !file.facts().is_bystander(command.name()) : row->builds;
}

// Of one step, or of a trigger, whose stage is not known.
bool may_compile(const Dockerfile& file, const Stage& stage, const Step& step) {
  if (!step.triggered.empty()) return true;
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque) return true;
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    return may_compile({file, stage, step}, command);
  });
}

// Whether another stage that is built on this one may need what it installs.
bool others_compile(const Dockerfile& file, const Stage& parent) {
  return std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return continues(file, stage, parent) &&
           std::ranges::any_of(stage.steps, [&](const Step& step) { return may_compile(file, stage, step); });
  });
}

// Whether it is an image for others to use as a base, to develop in, or that compiles when it starts.
bool is_for_builds(const Dockerfile& file, const Stage& stage, const std::string& path) {
  if (!starts_process(final_configuration(file)) || is_for_development(path, stage) || is_for_people(file, stage) ||
      runs_mounted_source(file, stage) || is_for_tests(file, stage) || is_for_notebooks(file, stage))
    return true;
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  const auto look = [&](std::string_view name) { return file.lookup(stage, stage.environment.size(), name); };
  for (const auto* start : {entrypoint, arguments}) {
    if (start == nullptr) continue;
    auto script = parse_script(LogicalText(start_text(*start), 0), look, stage.workdir);
    find_tool_uses(file.facts(), script);
    if (std::ranges::any_of(script.commands, [&](const ShellCommand& command) {
          const auto* row = command.words.empty() ? nullptr : file.facts().unix_command(command.name());
          const auto* use = command.use;
          return (row != nullptr && row->builds) || (use != nullptr && (use->action->kind == ActionKind::build ||
                                                                        use->action->kind == ActionKind::install));
        }))
      return true;
  }
  return false;
}

// A package, where it stands, and what its library is called.
struct Headers {
  Span span;
  std::string name;
  std::vector<std::string> libraries;
};

// Those of which the library is known in this release. Without `libc6-dev` nothing is called `libdl.so`, which programs
// for .NET ask for.
std::vector<Headers> headers_in(const Dockerfile& file, const Stage& stage, const Step& step) {
  std::vector<Headers> found;
  for (const auto& use : step.script->uses) {
    if (!use.tool->packages.of_system || use.action->kind != ActionKind::install || use.has_option("--virtual"))
      continue;
    for (const auto i : use.operands) {
      const auto& word = use.command->words[i];
      if (!word.value.is_known() || word.raw != word.text() || !word.text().ends_with("-dev")) continue;
      if (word.text() == "libc6-dev" || word.text() == "libc-dev" || word.text() == "musl-dev") continue;
      auto libraries = runtime_packages(file.facts(), {word.text()}, *stage.image);
      if (!libraries || libraries->empty()) continue;
      found.push_back({step.script->to_source(word.span), word.text(), *std::move(libraries)});
    }
  }
  return found;
}

// Whether a program of the source may load a library by the name that only the -dev package has, or start what is in
// such packages: the functions that load one, and the programs that tell how to compile with one.
bool may_need_headers(const BuildContext& context) {
  constexpr std::string_view signs[] = {"dlopen",        "Dlopen",     "LoadLibrary",    "CDLL",     "DllImport",
                                        "LibraryImport", "libloading", "koffi",          "ffi-napi", "FFI",
                                        "ffi.open",      "ffi.load",   "DynamicLibrary", "fiddle",   "pkg-config",
                                        "pkg_config",    "pg_config",  "-config\"",      "-config'", "\"gcc\"",
                                        "\"cc\"",        "'gcc'",      "'cc'",           "\"make\""};
  return context.is_known() && source_may_have(context, signs);
}

Fix install_libraries(const std::vector<Headers>& headers) {
  Fix fix;
  fix.title = "install the libraries without their headers";
  fix.applicability = Applicability::unsafe;
  for (const auto& each : headers) {
    std::string names;
    for (const auto& library : each.libraries) names += (names.empty() ? "" : " ") + library;
    fix.edits.push_back({each.span, std::move(names)});
  }
  fix.checklist = {
      "Does the program load a library by a name without a version, as `" + headers[0].name.substr(0, 3) +
          "NAME.so`? Only the -dev package has that name.",
      "Does anything compile when the container starts, or run a program of the -dev package, such as `pg_config`?"};
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  if (file.stages().size() < 2) return;
  const auto& stage = file.final_stage();
  if (!stage.image || stage.image->windows || is_for_builds(file, stage, report.options().path)) return;
  std::vector<Headers> headers;
  const Stage* examined = nullptr;
  bool alone = false;  // nothing else is built on the examined stage that may compile
  for (const auto& [of, step] : steps_of_chain(file, stage)) {
    if (may_compile(file, *of, *step)) return;
    if (of != std::exchange(examined, of)) alone = of == &stage || !others_compile(file, *of);
    if (alone && step->script && step->instruction->keyword == Keyword::run)
      std::ranges::move(headers_in(file, *of, *step), std::back_inserter(headers));
  }
  if (headers.empty() || may_need_headers(file.context())) return;
  std::vector<std::string> names, libraries;
  for (const auto& each : headers) {
    names.push_back(each.name);
    libraries.insert(libraries.end(), each.libraries.begin(), each.libraries.end());
  }
  constexpr std::size_t most_named = 3;
  auto& finding = report.add(headers[0].span, "nothing in the shipped stage compiles with the headers of " +
                                                  list_quoted(names, most_named) + "; what runs needs only " +
                                                  list_quoted(libraries, most_named));
  for (std::size_t i = 1; i < headers.size(); ++i) finding.related.push_back(headers[i].span);
  finding.fixes.push_back(install_libraries(headers));
}

}  // namespace

extern constinit const Rule unused_headers = {
    .id = "unused-headers",
    .category = Category::size,
    .severity = Severity::info,
    .optimizes = true,
    .summary = "the shipped stage installs headers that nothing there compiles with",
    .rationale =
        R"(`libpq-dev` has the headers of a library, and depends on those of others, on `pkg-config` and the like. A stage that
only takes what other stages have built needs the library itself, `libpq5`, which is a tenth of it and has fewer flaws to be
reported.

The rule fires where no command of the shipped stage can compile, and the library of the package is known for the release of
the image. The fix installs that. A program that loads a library by a name without a version (`libpq.so`) needs the -dev
package, because only that has the name: where the source has calls of that kind the rule is silent, and the fix is marked
unsafe.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
