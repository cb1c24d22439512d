// dockhew verify: builds a Dockerfile and its optimized form on a real builder, compares the images and times the four
// scenarios. Everything it creates is in one temporary directory, which is removed at the end.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <set>

#include "buildkit/image_configuration.hpp"
#include "commands.hpp"
#include "configuration.hpp"
#include "ecosystems/ecosystem.hpp"
#include "files.hpp"
#include "image/moving_files.hpp"
#include "model/outcome.hpp"
#include "process.hpp"
#include "report/page.hpp"
#include "temporary_directory.hpp"
#include "text/path.hpp"
#include "verify/harmless_edit.hpp"
#include "verify/image_archive.hpp"
#include "verify/left_out.hpp"
#include "verify/run_output.hpp"
#include "verify/scenarios.hpp"
#include "verify/started_program.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// Images are large, and /tmp is often in memory; /var/tmp is not.
std::string place_for_images() {
  const char* given = std::getenv("TMPDIR");
  return given != nullptr && *given == '/' ? given : "/var/tmp";
}

// Images that come from outside the file, as far as their names are known.
std::vector<std::string> base_images(const Dockerfile& original, const Dockerfile& optimized) {
  std::set<std::string> names;
  for (const auto* file : {&original, &optimized}) {
    for (const auto& stage : file->stages()) {
      if (!stage.parent && !stage.scratch && stage.base.is_known() && !stage.base.text.empty())
        names.insert(stage.base.text);
      for (const auto& step : stage.steps)
        if (step.copy && !step.copy->from_context() && !step.copy->stage &&
            step.copy->from.find('$') == std::string::npos)
          names.insert(step.copy->from);
    }
  }
  return {names.begin(), names.end()};
}

// Directories that hold more than what one COPY puts there.
bool is_shared(const std::string& directory) {
  constexpr std::string_view shared[] = {"/",        "/bin",       "/etc",           "/home",     "/lib", "/mnt",
                                         "/opt",     "/root",      "/sbin",          "/srv",      "/usr", "/usr/bin",
                                         "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/sbin", "/var"};
  return std::ranges::find(shared, directory) != std::end(shared);
}

// Where a COPY of the context puts what is the application's; scratch directories are nobody's.
void add_places(const Step& step, std::set<std::string>& places) {
  if (!step.copy || !step.copy->from_context() || !step.copy->destination.is_known()) return;
  const auto destination = clean_path(step.copy->destination.text);
  if (path_is_under(destination, "/tmp") || path_is_under(destination, "/var/tmp")) return;
  if (!is_shared(destination)) {
    places.insert(destination);
    return;
  }
  for (const auto& source : step.copy->sources)
    if (source.known && source.text.find_first_of("*?[") == std::string::npos)
      if (const auto name = std::string(path_basename(clean_path(source.text))); name != ".")
        places.insert(resolve_path(destination, name));
}

// Whether a step builds with tools whose programs run without what built them.
bool compiles(const Step& step) {
  return step.script && std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
           const auto* ecosystem = find_ecosystem(*use.tool);
           const bool builds = use.action->kind == ActionKind::build || use.action->kind == ActionKind::install;
           return builds && ecosystem != nullptr && ecosystem->runtime != nullptr && ecosystem->runtime->compiled;
         });
}

Own own_of(const Dockerfile& file, const Image& image) {
  const auto configuration = final_configuration(file);
  Own own;
  for (const auto& [name, value] : configuration.environment) own.environment.insert(name);
  own.entrypoint = !configuration.entrypoint.empty();
  own.command = !configuration.command.empty();
  if (const auto& directory = image.configuration.directory; directory.size() > 1) own.places.insert(directory);
  for (const auto* stage = &file.stages().back(); stage != nullptr;
       stage = stage->parent ? &file.stages()[*stage->parent] : nullptr)
    for (const auto& step : stage->steps) {
      add_places(step, own.places);
      own.compiles |= compiles(step);
    }
  return own;
}

struct Images {
  Image original, optimized;
};

Outcome<Images> read_images(const Archives& archives) {
  auto before = read_image(archives.original, is_followed_text);
  if (!before.error.empty()) return Declined{"the image of the Dockerfile cannot be read: " + before.error};
  auto after = read_image(archives.optimized, is_followed_text);
  if (!after.error.empty()) return Declined{"the image of the optimized Dockerfile cannot be read: " + after.error};
  return Images{std::move(before.image), std::move(after.image)};
}

void compare(const Images& images, const Dockerfile& original, Verification& verification) {
  const auto own = own_of(original, images.original);
  const auto program = follow_started_program(images.original, images.optimized, own, original.context());
  const LeftOut left_out(original.facts(), images.original, original.context(), program, own.places);
  auto& comparison = verification.comparison;
  comparison = verification.converted ? compare_converted(images.original, images.optimized, own, left_out)
                                      : compare_images(images.original, images.optimized, own, left_out);
  for (const auto& sentence : program.missing)
    if (std::ranges::find(comparison.missing, sentence) == comparison.missing.end())
      comparison.missing.push_back(sentence);
}

// Builds the original once more, if that could explain a difference. Its image takes the place of the first.
std::string discount(const Plan& plan, BuildDriver& driver, Progress& progress, Images& images,
                     const Archives& archives, Verification& verification) {
  Movable may_move(images.original, images.optimized);
  if (std::ranges::none_of(verification.comparison.files, std::ref(may_move))) return {};
  if (auto problem = build_again(plan, driver, progress, verification, archives.original); !problem.empty())
    return "the Dockerfile does not build a second time, to see which differences are in every build" +
           (problem.starts_with('\n') ? problem : ": " + problem);
  // Who has three images in memory has no room for texts, which were compared.
  for (auto* image : {&images.original, &images.optimized})
    for (auto& [path, file] : image->files) file.text = std::string();
  const auto again = read_image(archives.original, [](const std::string&) { return false; });
  if (!again.error.empty()) return "the image of the second build cannot be read: " + again.error;
  discount_moving_files(verification.comparison, images.original, images.optimized,
                        find_moving_files(images.original, again.image));
  return {};
}

Outcome<RunOutcome> run_command(BuildDriver& driver, Variant variant, const std::string& command) {
  auto result = driver.run(variant, command);
  if (!result.error.empty()) return Declined{result.error};
  return RunOutcome{result.status, std::move(result.output)};
}

// What the builders and the shell report when there was nothing to run: two such answers cannot be compared.
bool could_not_run(const RunOutcome& before, const RunOutcome& after) {
  constexpr int cannot_run = 125, is_not_there = 127;
  return before.status == after.status && before.status >= cannot_run && before.status <= is_not_there;
}

// After the builds: the images, and what a command does in them. Returns an error message for the user.
std::string compare_results(const Plan& plan, BuildDriver& driver, Progress& progress, const std::string& command,
                            const Archives& archives, Verification& verification) {
  auto images = read_images(archives);
  if (!images) return images.declined().reason;
  compare(*images, *plan.original, verification);
  if (command.empty()) return discount(plan, driver, progress, *images, archives, verification);
  const auto before = run_command(driver, Variant::original, command);
  if (!before) return before.declined().reason;
  const auto after = run_command(driver, Variant::optimized, command);
  if (!after) return after.declined().reason;
  if (could_not_run(*before, *after))
    return fmt::format("`{}` cannot be run in either image (exit status {}): {}", command, before->status,
                       before->output.substr(0, before->output.find('\n')));
  if (auto problem = discount(plan, driver, progress, *images, archives, verification); !problem.empty())
    return problem;
  verification.run_difference = find_run_difference(*before, *after);
  if (verification.run_difference.empty() || before->status != after->status) return {};
  // What the program prints may differ every time, or with every build.
  const auto again = run_command(driver, Variant::original, command);
  if (!again) return again.declined().reason;
  verification.run_difference = find_run_difference(*before, *after, *again);
  return {};
}

}  // namespace

int run_verify(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  // The first line says what is wrong; after it there may be the end of a builder's output, already escaped.
  const auto fail = [&](const std::string& path, const std::string& message) {
    const auto first = message.substr(0, message.find('\n'));
    complain(path, first);
    std::cerr << message.substr(std::min(first.size() + 1, message.size()))
              << (first.size() < message.size() ? "\n" : "");
    return exit_failed;
  };
  if (options.operands.size() != 1 || options.operands[0] == "-") return fail("", "verify takes one Dockerfile");
  const auto& path = options.operands[0];
  const auto read = read_file(path);
  if (!read.error.empty()) return fail(path, read.error);
  auto settings = settings_for(options, path);
  if (!settings.error.empty()) return fail(path, settings.error);
  // The build starts from a directory, so the Dockerfile's own is taken where none is known.
  auto context = context_of(options, Inputs(), path, Dockerfile(read.text, *facts, {}));
  if (!context.is_known()) context = default_context(options, Inputs(), path);
  const auto directory = context.origin().directory;

  catch_interruption();
  const TemporaryDirectory work(place_for_images());
  if (work.path().empty())
    return fail("", "cannot create a temporary directory; set TMPDIR to a directory that is writable");
  std::error_code error;
  if (path_is_under(work.path(), fs::canonical(directory, error).string()))
    return fail(path,
                "the build context contains the directory for temporary files; set TMPDIR to a directory outside it");
  auto found = find_driver(options.builder_name, work.path());
  if (interrupted()) return fail(path, "interrupted");
  if (found.driver == nullptr) return fail("", found.error);
  // Proposals are for the builder that is available.
  settings.lint.options.builder = found.driver->kind();

  Layers layers;
  layers.path = path;
  if (options.against.empty()) {
    layers.rewrite =
        rewrite_file(read.text, *facts, context, settings.optimizing, options.least, settings.lint.options);
  } else {
    auto other = read_file(options.against);
    if (!other.error.empty()) return fail(options.against, other.error);
    layers.rewrite.text = std::move(other.text);
  }
  const auto original = std::make_shared<const Dockerfile>(read.text, *facts, context);
  const auto optimized = std::make_shared<const Dockerfile>(layers.rewrite.text, *facts, context);
  if (const auto& too_large = original->document().too_large()) return fail(path, too_large->message);
  if (original->stages().empty()) return fail(path, "there is no stage to build");
  layers.original = layers_of(original);
  layers.optimized = layers_of(optimized);
  if (layers.rewrite.text == read.text) {
    std::cout << "nothing to improve, so there is nothing to verify\n";
    return exit_clean;
  }

  Verification verification;
  verification.builder = found.driver->name();
  for (const auto& file : {original, optimized})
    if (const auto why = found.driver->unsupported(*file); !why.empty()) return fail(path, why);
  const auto base = [](const Dockerfile& file) { return final_configuration(file).base; };
  // A slim image that is the base of both stages is shipped without what was installed for the build.
  const bool by_design = std::ranges::any_of(layers.rewrite.applied, &AppliedFix::changes_base);
  verification.converted = by_design || base(*original) != base(*optimized);
  verification.source_file = options.change_source.empty() ? choose_source_file(*original) : options.change_source;
  verification.manifest =
      options.change_dependencies.empty() ? choose_manifest(*original) : options.change_dependencies;

  const Plan plan{original.get(),
                  optimized.get(),
                  path,
                  directory,
                  work.path(),
                  verification.source_file,
                  verification.manifest,
                  options.repetitions,
                  options.build_arguments,
                  options.builder_options};
  {
    Progress progress;
    const OnStep on_step = [&](std::string_view step) { progress.step(step); };
    auto problem = found.driver->prepare(base_images(*original, *optimized), on_step);
    Archives archives;
    if (problem.empty()) problem = measure(plan, *found.driver, progress, verification, archives);
    if (problem.empty()) problem = compare_results(plan, *found.driver, progress, options.run, archives, verification);
    if (interrupted()) verification.interrupted = true;
    else if (!problem.empty()) return fail(path, problem);
  }
  if (verification.interrupted && verification.original[0].seconds.empty()) return fail(path, "interrupted");
  if (options.format == "json") std::cout << format_verification_json(layers, verification);
  else std::cout << format_verification(layers, verification, options.colour ? Colours::ansi() : Colours::none());
  if (!options.html.empty() && !verification.interrupted)
    if (const auto error = write_file(options.html, format_page(layers, &verification)).error; !error.empty())
      return fail(options.html, error);
  if (verification.interrupted) return fail(path, "interrupted");
  return verification.equivalent() ? exit_clean : exit_found;
}

}  // namespace dockhew::cli
