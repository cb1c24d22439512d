// dockhew verify: builds a Dockerfile and its optimized form on a real builder, compares the images and times the four
// scenarios; of a Compose file, all that its services build. Everything it creates is in one temporary directory, which
// is removed at the end.
#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "process.hpp"
#include "project/compose_file.hpp"
#include "report/page.hpp"
#include "verify/compose_command.hpp"
#include "verify/verified_build.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

int verify_file(const Options& options, const Facts& facts, const std::string& path) {
  const auto fail = [](const std::string& where, const std::string& message) {
    complain_with_output(where, message);
    return exit_failed;
  };
  const auto read = read_file(path);
  if (!read.error.empty()) return fail(path, read.error);
  auto settings = settings_for(options, path);
  if (!settings.error.empty()) return fail(path, settings.error);
  // The build starts from a directory, so the Dockerfile's own is taken where none is known.
  auto context = context_of(options, Inputs(), path, Dockerfile(read.text, facts, {}));
  if (!context.is_known()) context = default_context(options, Inputs(), path);

  Workshop workshop(options.builder_name);
  if (!workshop.error().empty()) return fail(interrupted() ? path : "", workshop.error());
  // Proposals are for the builder that is available.
  settings.lint.options.builder = workshop.driver().kind();
  Layers layers;
  layers.path = path;
  if (options.against.empty()) {
    layers.rewrite =
        rewrite_file(read.text, facts, context, settings.optimizing, settings.least, settings.lint.options);
  } else {
    auto other = read_file(options.against);
    if (!other.error.empty()) return fail(options.against, other.error);
    layers.rewrite.text = std::move(other.text);
  }
  const auto original = std::make_shared<const Dockerfile>(read.text, facts, context);
  const auto optimized = std::make_shared<const Dockerfile>(layers.rewrite.text, facts, context);
  if (const auto& too_large = original->document().too_large()) return fail(path, too_large->message);
  if (original->stages().empty()) return fail(path, "there is no stage to build");
  layers.original = layers_of(original);
  layers.optimized = layers_of(optimized);
  if (layers.rewrite.text == read.text) {
    std::cout << "nothing to improve, so there is nothing to verify\n";
    return exit_clean;
  }

  const auto& directory = context.origin().directory;
  const Subject subject{.name = {},
                        .original = {.path = path, .context = directory, .file = original},
                        .optimized = {.path = path, .context = directory, .file = optimized},
                        .changes_base = changes_base(layers.rewrite)};
  Verification verification;
  const auto problem = verify_build(options, subject, workshop, verification);
  if (!problem.empty()) return fail(path, problem);
  if (verification.interrupted && verification.original[0].seconds.empty()) return fail(path, "interrupted");
  if (options.format == "json") std::cout << format_verification_json(layers, verification);
  else std::cout << format_verification(layers, verification, options.colour ? Colours::ansi() : Colours::none());
  if (!options.html.empty() && !verification.interrupted)
    if (const auto error = write_file(options.html, format_page(layers, &verification)).error; !error.empty())
      return fail(options.html, error);
  if (verification.interrupted) return fail(path, "interrupted");
  return verification.equivalent() ? exit_clean : exit_found;
}

}  // namespace

int run_verify(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  if (options.operands.size() != 1 || options.operands[0] == "-") {
    complain("", "verify takes one Dockerfile or Compose file");
    return exit_failed;
  }
  const auto& path = options.operands[0];
  if (const auto obstacle = page_obstacle(options, {path, options.against}); !obstacle.empty()) {
    complain(options.html, obstacle);
    return exit_failed;
  }
  catch_interruption();
  return is_compose_file(path) ? verify_compose_file(options, *facts, path) : verify_file(options, *facts, path);
}

}  // namespace dockhew::cli
