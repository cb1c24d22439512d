// dockhew verify: builds a Dockerfile and its optimized form on a real builder, compares the images and times the four
// scenarios. Everything it creates is in one temporary directory, which is removed at the end.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

#include "buildkit/image_configuration.hpp"
#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "process.hpp"
#include "report/page.hpp"
#include "temporary_directory.hpp"
#include "text/path.hpp"
#include "verify/harmless_edit.hpp"
#include "verify/image_archive.hpp"
#include "verify/scenarios.hpp"

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

OwnConfiguration own_configuration(const Dockerfile& file) {
  const auto configuration = final_configuration(file);
  OwnConfiguration own;
  for (const auto& [name, value] : configuration.environment) own.environment.insert(name);
  own.entrypoint = !configuration.entrypoint.empty();
  own.command = !configuration.command.empty();
  return own;
}

std::string compare_archives(const Archives& archives, const Dockerfile& original, Verification& verification) {
  const auto before = read_image(archives.original), after = read_image(archives.optimized);
  if (!before.error.empty() || !after.error.empty()) return before.error.empty() ? after.error : before.error;
  verification.comparison = verification.converted
                                ? compare_converted(before.image, after.image, own_configuration(original))
                                : compare_images(before.image, after.image);
  return {};
}

// How a command's result differs between the two images; empty when it does not.
std::string compare_runs(BuildDriver& driver, const std::string& command, std::string& difference) {
  const auto before = driver.run(Variant::original, command), after = driver.run(Variant::optimized, command);
  if (!before.error.empty() || !after.error.empty()) return before.error.empty() ? after.error : before.error;
  // What the builders and the shell report when there was nothing to run: two such answers cannot be compared.
  constexpr int cannot_run = 125, is_not_there = 127;
  if (before.status == after.status && before.status >= cannot_run && before.status <= is_not_there)
    return fmt::format("`{}` cannot be run in either image (exit status {}): {}", command, before.status,
                       before.output.substr(0, before.output.find('\n')));
  if (before.status != after.status)
    difference = fmt::format("exit status {} in the original, {} in the optimized image", before.status, after.status);
  else if (before.output != after.output)
    difference = "`" + before.output + "` in the original, `" + after.output + "` in the optimized image";
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
  if (found.driver == nullptr) return fail("", found.error);
  // Proposals are for the builder that is available.
  settings.lint.options.builder = found.driver->kind();

  Layers layers;
  layers.path = path;
  if (options.against.empty()) {
    layers.rewrite = rewrite(read.text, *facts, context, settings.optimizing, options.least, settings.lint.options);
  } else {
    auto other = read_file(options.against);
    if (!other.error.empty()) return fail(options.against, other.error);
    layers.rewrite.text = std::move(other.text);
  }
  const auto original = std::make_shared<const Dockerfile>(read.text, *facts, context);
  const auto optimized = std::make_shared<const Dockerfile>(layers.rewrite.text, *facts, context);
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
    if (problem.empty()) problem = compare_archives(archives, *original, verification);
    if (problem.empty() && !options.run.empty())
      problem = compare_runs(*found.driver, options.run, verification.run_difference);
    if (!problem.empty()) return fail(path, interrupted() ? "interrupted" : problem);
  }
  if (options.format == "json") std::cout << format_verification_json(layers, verification);
  else std::cout << format_verification(layers, verification, options.colour ? Colours::ansi() : Colours::none());
  if (!options.html.empty())
    if (const auto error = write_file(options.html, format_page(layers, &verification)); !error.empty())
      return fail(options.html, error);
  return verification.equivalent() ? exit_clean : exit_found;
}

}  // namespace dockhew::cli
