#include "verify/image_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "buildkit/image_configuration.hpp"
#include "ecosystems/ecosystem.hpp"
#include "image/moving_files.hpp"
#include "model/outcome.hpp"
#include "text/path.hpp"
#include "verify/image_archive.hpp"
#include "verify/left_out.hpp"
#include "verify/run_output.hpp"
#include "verify/started_program.hpp"

namespace dockhew::cli {
namespace {

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

}  // namespace

std::string compare_results(const Plan& plan, BuildDriver& driver, Progress& progress, const std::string& command,
                            const Archives& archives, Verification& verification) {
  auto images = read_images(archives);
  if (!images) return images.declined().reason;
  compare(*images, *plan.original.file, verification);
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

}  // namespace dockhew::cli
