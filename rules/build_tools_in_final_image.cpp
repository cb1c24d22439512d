// Fires when the shipped image contains what only its build needed: a language toolchain, the full variant of a base
// image, compilers and headers. The fix is the multi-stage form.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "buildkit/image_configuration.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/extensions.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/started_programs.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "ecosystems/system/package_weights.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "layers/late_removal.hpp"
#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "stages/base_sizes.hpp"
#include "stages/extension_stage.hpp"
#include "stages/multi_stage.hpp"
#include "stages/other_starts.hpp"
#include "stages/runtime_base.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

constexpr std::size_t most_named = 3;

// `make`, where the image starts it: it may build anything.
bool starts_any_build(const Facts& facts, const Stage& stage, const std::string& command) {
  const auto* row = facts.unix_command(command);
  const auto* runtime = runtime_of(stage);
  return row != nullptr && row->builds && runtime != nullptr && runtime->part_of_command != nullptr;
}

// Whether a step of the final stage builds or installs with the language's own tool, in the file or in a script.
bool builds_something(const Dockerfile& file, const Stage& stage) {
  const auto* runtime = runtime_of(stage);
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    if (step.instruction->keyword != Keyword::run || !step.script) return false;
    bool builds = std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
      return command.use == nullptr && runtime != nullptr && part_of_command(*runtime, command) == BuildPart::builds;
    });
    for_each_use({file, stage, step}, [&](const ToolUse& use, const ShellCommand&, const std::string&) {
      const auto kind = use.action->kind;
      builds |= !use.tool->packages.of_system && (kind == ActionKind::build || kind == ActionKind::install);
    });
    return builds;
  });
}

// Whether a command compiles, in a language that takes the image of a distribution.
bool compiles(const ShellCommand& command) {
  return command.use == nullptr && std::ranges::any_of(all_ecosystems(), [&](const Ecosystem* each) {
           return each->adopts != nullptr && each->runtime != nullptr && each->runtime->part_of_command != nullptr &&
                  part_of_command(*each->runtime, command) == BuildPart::builds;
         });
}

// The script of the context that compiles for a RUN of the stage; empty without one.
std::string compiling_script(const Dockerfile& file, const Stage& stage) {
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword != Keyword::run || !step.script) continue;
    for (const auto& command : step.script->commands) {
      const auto script = command.use == nullptr ? context_script({file, stage, step}, command) : nullptr;
      if (script && std::ranges::any_of(script->commands, [](const auto& each) { return compiles(*each.command); }))
        return script->files.front().source;
    }
  }
  return {};
}

// `CMD ["make", "run"]`
bool starts_build(const Dockerfile& file, const Stage& stage) {
  const auto start = find_start_command(stage);
  return start && starts_any_build(file.facts(), stage, start->words.front());
}

struct Packages {
  Span span;          // of the first
  std::string place;  // where in a script it is; empty for the file itself
  std::vector<std::string> names;
};

// What the container starts it needs, whatever it is for elsewhere: `make run`.
bool is_started(const Dockerfile& file, const StartedPrograms& started, const ImageFacts& image,
                std::string_view package) {
  return std::ranges::any_of(started.names, [&](const std::string& program) {
    const auto known = file.facts().full_image_programs.find(program);
    if (known == file.facts().full_image_programs.end()) return program == package;
    const auto packages = packages_of_program(image, known->second);
    return std::ranges::find(packages, package) != packages.end();
  });
}

// The full form of a base image has it already: to install it adds hardly anything.
bool is_in_base(const Facts& facts, const ImageFacts& image, const std::string& package) {
  return image.compilers && image.distribution == "debian" &&
         std::ranges::find(facts.full_image_packages, package) != facts.full_image_packages.end();
}

// The headers of one library, of less than a megabyte with all that it needs besides the full form of a base image.
bool is_small(const ImageFacts& image, std::string_view package) {
  constexpr std::string_view small[] = {
      "libacl1-dev",  "libaio-dev",     "libattr1-dev",  "libenchant-2-dev",    "libgeos-dev", "libhiredis-dev",
      "libldap2-dev", "libleveldb-dev", "libmagic-dev",  "libmemcached-dev",    "libpcap-dev", "libproj-dev",
      "libsasl2-dev", "libsnappy-dev",  "libsodium-dev", "libspatialindex-dev", "libudev-dev", "libusb-1.0-0-dev"};
  return image.compilers && std::ranges::find(small, package) != std::end(small);
}

// Packages that weigh less than what a runtime stage stores again of a slim base image. Measured: pip, setuptools and
// wheel of `python:3.9-slim` are 9.7 MB, of `python:3.12-slim` 5.8 MB.
bool are_light(const ImageFacts& image, std::span<const std::string> packages) {
  constexpr std::uint32_t least = 10'000;  // kB
  if (image.compilers) return packages.size() == 1 && is_small(image, packages.front());
  std::uint32_t sum = 0;
  return image.slim && std::ranges::all_of(packages, [&](const std::string& package) {
           const auto weight = weight_of_light_package(package);
           sum += weight.value_or(0);
           return weight && sum < least;
         });
}

// Those of the first RUN that installs any.
std::optional<Packages> build_packages(const Dockerfile& file, const Stage& stage) {
  const auto* runtime = runtime_of(stage);
  std::shared_ptr<const StartedPrograms> started;
  const auto is_surplus = [&](const std::string& name) {
    if (!is_build_package(file.facts(), name) || is_in_base(file.facts(), *stage.image, name)) return false;
    if (!started && runtime != nullptr) started = find_started_programs(file, stage, *runtime);
    return !started || !is_started(file, *started, *stage.image, name);
  };
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword != Keyword::run || !step.script) continue;
    // Packages that the same RUN removes again are not shipped.
    if (std::ranges::any_of(step.script->commands, removes_packages)) continue;
    Packages found;
    bool removes = std::ranges::any_of(step.script->commands, removes_packages);
    for_each_use({file, stage, step}, [&](const ToolUse& use, const ShellCommand&, const std::string& place) {
      removes |= removes_packages(*use.command);
      if (!use.tool->packages.of_system || use.action->kind != ActionKind::install) return;
      for (const auto i : use.operands) {
        const auto& word = use.command->words[i];
        if (!word.value.is_known()) continue;
        for (const auto each : split_words(word.text())) {  // a variable may hold several
          std::string name(each.substr(0, each.find_first_of("=<>~")));
          if (!is_surplus(name) || std::ranges::find(found.names, name) != found.names.end()) continue;
          if (found.names.empty()) found.span = step.script->to_source(word.span), found.place = place;
          found.names.push_back(std::move(name));
        }
      }
    });
    if (!found.names.empty() && !removes) return found;
  }
  return std::nullopt;
}

// `libpq-dev` brings the library itself, which the program may need.
std::string libraries_of(const Facts& facts, const Stage& stage, const Packages& packages) {
  auto names = packages.names;
  std::erase_if(names, [](const std::string& name) { return !name.ends_with("-dev"); });
  const auto libraries = runtime_packages(facts, names, *stage.image);
  return libraries && !libraries->empty() ? "; what it may need of them is " + list_quoted(*libraries, most_named) : "";
}

std::string message(const Facts& facts, const Stage& stage, const Packages& packages) {
  const bool one = packages.names.size() == 1;
  return list_quoted(packages.names, most_named) + (one ? " is" : " are") + " only needed for the build, but " +
         (one ? "it is" : "they are") + " in the shipped image" +
         (packages.place.empty() ? "" : ", by `" + packages.place + '`') + libraries_of(facts, stage, packages);
}

// ---- the full form of a base image ----------------------------------------------------------------------------------

// Packages of the full form that the program needs: what its dependencies link to or start, and what it starts itself.
// Nothing where that is not known.
std::optional<std::vector<std::string>> needs_of_full_form(const Dockerfile& file, const Stage& stage) {
  const auto* ecosystem = ecosystem_of(stage);
  const auto* runtime = ecosystem == nullptr ? nullptr : ecosystem->runtime;
  if (runtime == nullptr || runtime->needed_packages == nullptr || !file.context().is_known()) return std::nullopt;
  std::vector<std::string> needed;
  for (const auto& each : file.stages())
    if (ecosystem_of(each) == ecosystem)
      std::ranges::move(runtime->needed_packages(file, each), std::back_inserter(needed));
  auto libraries = runtime_packages(file.facts(), needed, *stage.image);
  if (!libraries) return std::nullopt;
  needed = *std::move(libraries);
  const auto image = runtime->image(file.facts(), stage);
  const auto& lacks = image ? image->lacks : file.facts().full_image_programs;
  const auto started = find_started_programs(file, stage, *runtime);
  for (const auto& program : started->names)
    if (const auto found = lacks.find(program); found != lacks.end() && !program.starts_with(ecosystem->language))
      std::ranges::move(packages_of_program(*stage.image, found->second), std::back_inserter(needed));
  std::ranges::sort(needed);
  needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
  return needed;
}

// Of the full form, where `fix` may say why nothing is done about it.
void describe_full_form(const Dockerfile& file, const Stage& stage, const Fix& fix, Finding& finding) {
  finding.severity = Severity::info;
  finding.message = "`" + shown_base(stage) + "` contains compilers and headers, which only the build needs";
  if (ecosystem_of(stage) == nullptr) return;
  finding.message =
      "`" + shown_base(stage) + "` contains compilers and headers; its slim variant runs the same program";
  if (!fix.declined.empty()) finding.severity = Severity::off;  // what is not shown may need something else of it
  const auto needed = needs_of_full_form(file, stage);
  if (needed && !needed->empty()) finding.message += ", with " + list_quoted(*needed, most_named) + " installed";
}

// What of the image only the build needs.
struct Surplus {
  std::string_view toolchain;  // empty when there is none
  bool full_form = false;      // compilers and headers, which the slim form has not
};

Surplus surplus_of(const Dockerfile& file, const Stage& stage) {
  const auto* ecosystem = ecosystem_of(stage);
  const auto* runtime = ecosystem == nullptr ? nullptr : ecosystem->runtime;
  if (runtime != nullptr && runtime->toolchain != nullptr) return {.toolchain = runtime->toolchain(file, stage)};
  // Images for languages are built on others, such as buildpack-deps.
  const bool has_slim_form = ecosystem != nullptr || stage.image->entry->is_compiler;
  return {.toolchain = "", .full_form = stage.image->compilers && has_slim_form};
}

// `ENTRYPOINT ["/entry.sh"]`, a script that calls `go build`: the toolchain is what the container is for.
bool starts_toolchain(const Dockerfile& file, const Stage& stage) {
  const auto* runtime = runtime_of(stage);
  if (runtime == nullptr || runtime->toolchain_programs.empty()) return false;
  const auto started = find_started_programs(file, stage, *runtime);
  return std::ranges::any_of(runtime->toolchain_programs,
                             [&](std::string_view program) { return started->names.contains(std::string(program)); });
}

// Where other stages build, only the base image can be too large.
void check_base(const Dockerfile& file, const Stage& stage, bool builds, Report& report) {
  const auto surplus = surplus_of(file, stage);
  if (surplus.toolchain.empty() && !surplus.full_form) return;
  if (!surplus.toolchain.empty() && starts_toolchain(file, stage)) return;
  auto& finding = surplus.toolchain.empty()
                      ? report.add(stage.from->arguments[0].span, "")
                      : report.add(stage.from->arguments[0].span,
                                   "the shipped image contains the whole " + std::string(surplus.toolchain) +
                                       (builds ? ", which only the build needs" : ", and its stage builds nothing"));
  auto plan = plan_runtime_base(file, report.options().builder);
  Fix fix;
  fix.title = "ship a runtime image";
  if (plan) {
    fix.title = "ship `" + plan->image + "`";
    fix.applicability = Applicability::unsafe;
    fix.edits = std::move(plan->edits);
    fix.checklist = std::move(plan->checklist);
    fix.changes_base = true;
  } else {
    fix.declined = plan.reason();
  }
  if (surplus.toolchain.empty()) describe_full_form(file, stage, fix, finding);
  finding.message += size_comparison(file, stage);
  finding.fixes.push_back(std::move(fix));
}

// The image is small, but what it installs for the build is shipped as well.
Finding* report_development(const Dockerfile& file, const Stage& stage, Report& report) {
  const auto* runtime = runtime_of(stage);
  if (runtime == nullptr || runtime->brings_development == nullptr) return nullptr;
  const auto* use = runtime->brings_development(file, stage);
  if (use == nullptr) return nullptr;
  for (const auto& step : stage.steps) {
    const auto is_it = [&](const ToolUse& other) { return &other == use; };
    if (!step.script || std::ranges::none_of(step.script->uses, is_it)) continue;
    auto& finding = report.add(step.script->to_source(use->command->span),
                               "the development dependencies are only needed for the build, but they are in the "
                               "shipped image");
    finding.severity = Severity::info;
    return &finding;
  }
  return nullptr;
}

// The words of a build tool that the container starts; empty where it starts none.
std::string started_build(const Stage& stage) {
  const auto* runtime = runtime_of(stage);
  return runtime == nullptr || runtime->started_build == nullptr ? std::string() : runtime->started_build(stage);
}

// A project that is compiled whenever the container starts: what the build would make is for its author to name.
bool check_started_build(const Dockerfile& file, const Stage& stage, Report& report) {
  const auto words = started_build(stage);
  if (words.empty()) return false;
  if (runs_mounted_source(file, stage)) return true;  // people change it there
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  auto& finding = report.add(
      (entrypoint != nullptr ? entrypoint : arguments)->head_span(),
      "`" + words + "` builds the project whenever the container starts, so the image needs the " +
          "toolchain, the source and all that the build downloads; build in a RUN and start what that makes");
  Fix fix;
  fix.title = "start what a RUN builds";
  fix.declined = "what the build makes, and how it is started without the build tool, is not said in the file";
  finding.fixes.push_back(std::move(fix));
  return true;
}

// Whether the container runs the toolchain itself, or what developers start: nobody can act on it where no runtime
// stage can be shown to do.
bool needs_all(const Dockerfile& file, const Stage& stage) {
  if (runs_mounted_source(file, stage) || is_for_people(file, stage)) return true;
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  for (const auto* start : {entrypoint, arguments})
    if (start != nullptr && starts_development(start_text(*start))) return true;
  const auto* runtime = runtime_of(stage);
  if (runtime == nullptr || surplus_of(file, stage).toolchain.empty()) return false;
  const auto started = find_started_programs(file, stage, *runtime);
  return std::ranges::any_of(file.facts().tools, [&](const Tool& tool) {
    return std::ranges::find(runtime->tools, tool.id) != runtime->tools.end() &&
           std::ranges::any_of(tool.commands, [&](Words words) {
             return started->names.contains(std::string(words[0])) &&
                    std::ranges::find(runtime->kept_programs, words[0]) == runtime->kept_programs.end();
           });
  });
}

// An image around an archive that was built elsewhere: `COPY target/app.jar app.jar` on a JDK.
bool only_runs(const Dockerfile& file, const Stage& stage) {
  const auto* runtime = runtime_of(stage);
  const bool brings = std::ranges::any_of(stage.steps, [](const Step& step) { return step.copy.has_value(); });
  return runtime != nullptr && brings && !runtime->kept_programs.empty() && !surplus_of(file, stage).toolchain.empty();
}

// Where the image compiles extensions of its interpreter, which a stage of its own can do.
void offer_extension_stage(const Dockerfile& file, Fix& fix) {
  fix.title = "compile the extensions in a separate stage";
  auto plan = plan_extension_stage(file);
  if (plan) {
    fix.applicability = Applicability::unsafe;
    fix.edits = std::move(plan->edits);
    fix.checklist = std::move(plan->checklist);
  } else {
    fix.declined = plan.reason();
  }
}

// Whether the source is not in the image, but is mounted wherever a container of it is made: what its extensions were
// compiled with is then in an image for developers.
bool only_has_mounted_source(const Dockerfile& file, const Stage& stage) {
  const auto& context = file.context();
  if (context.origin().bound_over.empty()) return false;
  return std::ranges::none_of(steps_of_chain(file, stage), [&](const StageStep& each) {
    const auto& copy = each.step->copy;
    return copy && copy->from_context() && std::ranges::any_of(copy->sources, [&](const CopySource& source) {
             return !source.heredoc && (!source.known || context.kind(source.text) != PathKind::file);
           });
  });
}

void check(const Dockerfile& file, Report& report) {
  if (file.stages().empty()) return;
  const auto& stage = file.final_stage();
  if (!stage.image || stage.image->windows || stage.from->arguments.empty()) return;
  const bool extensions = builds_extensions(file);
  const auto script = runtime_of(stage) == nullptr ? compiling_script(file, stage) : std::string();
  const bool builds = extensions || ((!script.empty() || builds_something(file, stage)) && !starts_build(file, stage));
  if (!builds && file.stages().size() == 1 && !only_runs(file, stage) && started_build(stage).empty()) return;
  // An image that starts nothing is for others to build in, or to run tools. A Compose file may say what it starts.
  const bool starts = starts_process(final_configuration(file)) ||
                      file.context().origin().start_in_place() != nullptr ||
                      (extensions && extension_tools_of(stage)->starts_server(stage));
  if (!starts || is_for_development(report.options().path, stage)) return;
  if (is_for_tests(file, stage) || is_for_notebooks(file, stage)) return;
  if (check_started_build(file, stage, report)) return;
  auto packages = build_packages(file, stage);
  if (packages && are_light(*stage.image, packages->names)) packages.reset();
  const bool base_alone = !builds || file.stages().size() > 1;
  if (base_alone && !stage.parent && !packages) return check_base(file, stage, builds, report);
  if (!builds) return;
  const auto& base = stage.from->arguments[0];
  Finding* finding = nullptr;
  const auto surplus = surplus_of(file, stage);
  if (!surplus.toolchain.empty()) {
    finding = &report.add(base.span, "the shipped image contains the whole " + std::string(surplus.toolchain) +
                                         ", which only the build needs");
  } else if (packages) {
    finding = &report.add(packages->span, message(file.facts(), stage, *packages));
    // `removal-in-later-layer` reports that.
    const auto is_it = [&](const RemovedLater& each) { return each.maker.overlaps(packages->span); };
    if (std::ranges::any_of(find_removed_later(file), is_it)) finding->severity = Severity::off;
  } else if (surplus.full_form) {
    finding = &report.add(base.span, "");
  }
  const bool is_of_development = finding == nullptr;
  if (is_of_development) finding = report_development(file, stage, report);
  if (finding == nullptr) return;
  if (extensions && packages) {
    Fix fix;
    offer_extension_stage(file, fix);
    const bool mounted = only_has_mounted_source(file, stage);
    if (mounted) decline(fix, "the source is mounted into the container, so the image is one for developers");
    if (mounted || needs_all(file, stage)) finding->severity = Severity::off;
    finding->fixes.push_back(std::move(fix));
    return;
  }
  auto plan = plan_multi_stage(file, report.options().builder);
  Fix fix;
  fix.title = "build in a separate stage";
  if (!plan.runtime_image.empty()) fix.title += " and ship `" + plan.runtime_image + "`";
  if (plan.form) {
    fix.applicability = Applicability::unsafe;
    fix.edits = std::move(plan.form->edits);
    fix.checklist = std::move(plan.form->checklist);
    fix.changes_base = true;
  } else {
    fix.declined = script.empty() ? plan.form.reason() : "what `" + script + "` does is not divided between two stages";
  }
  if (surplus.toolchain.empty() && !packages && surplus.full_form) describe_full_form(file, stage, fix, *finding);
  if (!surplus.toolchain.empty() || surplus.full_form) finding->message += size_comparison(file, stage);
  // Where what runs may need them, nobody can act on it.
  if (!plan.form && (is_of_development || needs_all(file, stage))) finding->severity = Severity::off;
  finding->fixes.push_back(std::move(fix));
}

}  // namespace

extern constinit const Rule build_tools_in_final_image = {
    .id = "build-tools-in-final-image",
    .category = Category::size,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "the shipped image contains what only its build needs",
    .rationale = R"(Compilers, headers and sources make an image several times larger than it needs to be, and each of
them can have flaws that scanners report and attackers exploit. Build in one stage, then copy what the program needs
into a small one.

The conversion keeps the whole configuration (environment, user, working directory, ports, labels, health check, start
command) and replaces development packages by their runtime libraries. It is offered only when the effects of every
command are known and the program that the container starts is one that the build makes. Because the image changes by
design, the fix is marked unsafe and comes with a checklist.

A C or C++ program is looked for where a compiler, CMake, Make, Ninja or Meson puts it, and the project's own files say
which libraries it loads: a library that the project builds, fetches or takes from the image of GCC must be known.
`gcc:N` becomes the Debian that it is based on, with GCC's own `libstdc++` where Debian's is older; a distribution's
image stays what it is, without the packages that only build. For .NET the directory that `dotnet publish` fills goes
into `aspnet`, or into `runtime` where nothing that the project names may need ASP.NET Core.

For Ruby the directories of gems go into the slim form of the image. Its tables say which gems load a shared library or start a
program of the full form; where there is no `Gemfile.lock`, they must know every gem that is named. What `rails assets:precompile` and
the like have made is taken with all of the project.

An image of PHP that compiles extensions itself keeps its form: `docker-php-ext-install` and `pecl` run in a stage of their own,
with the headers, and the final stage installs the libraries of its release instead and takes the extensions from there.
Everything else stays as it is.

Where the base image has a tag and a digest, the builder keeps both. The runtime image gets the digest that its registry
has for it now, where that is asked (`--resolve`) and both images say that they are of one version; otherwise `dockhew pin` writes it. A
digest without a tag says nothing of the version, so there is no fix.

With `--resolve` the message has the sizes of the base image and of the runtime image, as their registry sends them.

What is shipped keeps the name of the stage, so that `target: NAME` elsewhere means the same image as before.

In a file that builds in other stages already, the last one may still be based on a JDK, on the SDK of .NET or on the
full form of an image. Then the fix names its JRE, its runtime or its slim form, and installs what the container calls and the smaller image lacks. So it does
for a JDK around an archive that was built elsewhere.

A container that starts with `mvn spring-boot:run`, `./gradlew bootRun`, `go run` or `cargo run` compiles before it serves, and needs everything that
the build needs. There is no fix: what would be started instead, the file does not say.

On a small image of Node too, the development dependencies that a build needs are shipped with the program. They are
reported, and removed where nothing that runs needs them.

Silent for images that are meant to have compilers, by the name of the file or of the stage: `Dockerfile.dev`,
`.devcontainer/Dockerfile`, `AS test`; by what they start: tests (`CMD ["pytest"]`), or Jupyter with notebooks of their
own, in which `!make` may stand; and where Compose mounts the source, or parts of it, into the working directory.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
