#include "verify/verified_build.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>

#include "buildkit/image_configuration.hpp"
#include "process.hpp"
#include "text/path.hpp"
#include "verify/harmless_edit.hpp"
#include "verify/image_check.hpp"
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

bool has_file(const std::string& directory, const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(fs::path(directory) / path, error);
}

// What the user names counts for all of several projects that have it.
std::string chosen(const std::string& named, const Subject& subject, const std::string& by_itself) {
  const bool counts = !named.empty() && (subject.name.empty() || has_file(subject.original.context, named));
  return counts ? named : by_itself;
}

// The same file where the other form is built with another directory, if it is in that.
std::string same_file(const std::string& path, const Subject& subject) {
  const auto &before = subject.original.context, &after = subject.optimized.context;
  if (path.empty() || before == after) return path;
  std::error_code error;
  const auto there = fs::weakly_canonical(fs::path(before) / path, error)
                         .lexically_relative(fs::weakly_canonical(after, error))
                         .generic_string();
  return there.empty() || there.starts_with("..") ? std::string() : there;
}

PlannedForm planned(const Options& options, const BuiltForm& form) {
  PlannedForm planned{form.file.get(), form.path, form.context, {}, {}, form.arguments};
  planned.arguments.insert(planned.arguments.end(), options.build_arguments.begin(), options.build_arguments.end());
  return planned;
}

Plan plan_for(const Options& options, const Subject& subject, const std::string& directory) {
  Plan plan{.name = subject.name,
            .original = planned(options, subject.original),
            .optimized = planned(options, subject.optimized),
            .directory = directory,
            .repetitions = options.repetitions,
            .builder_options = options.builder_options};
  auto &before = plan.original, &after = plan.optimized;
  before.source_file = chosen(options.change_source, subject, choose_source_file(*before.file));
  before.manifest = chosen(options.change_dependencies, subject, choose_manifest(*before.file));
  after.source_file = same_file(before.source_file, subject);
  after.manifest = same_file(before.manifest, subject);
  if (after.source_file.empty() && !before.source_file.empty()) after.source_file = choose_source_file(*after.file);
  if (after.manifest.empty() && !before.manifest.empty()) after.manifest = choose_manifest(*after.file);
  // What one form does not read cannot be compared.
  if (after.source_file.empty()) before.source_file.clear();
  if (after.manifest.empty()) before.manifest.clear();
  return plan;
}

}  // namespace

Workshop::Workshop(const std::string& builder) : directory_(place_for_images()) {
  if (directory().empty()) {
    error_ = "cannot create a temporary directory; set TMPDIR to a directory that is writable";
    return;
  }
  auto found = find_driver(builder, directory());
  driver_ = std::move(found.driver);
  if (driver_ == nullptr) error_ = std::move(found.error);
  if (interrupted()) error_ = "interrupted";
}

bool changes_base(const Rewrite& rewrite) { return std::ranges::any_of(rewrite.applied, &AppliedFix::changes_base); }

std::string verify_build(const Options& options, const Subject& subject, Workshop& workshop,
                         Verification& verification) {
  auto& driver = workshop.driver();
  const auto &original = *subject.original.file, &optimized = *subject.optimized.file;
  verification.builder = driver.name();
  for (const auto* form : {&subject.original, &subject.optimized}) {
    std::error_code error;
    if (path_is_under(workshop.directory(), fs::canonical(form->context, error).string()))
      return "the build context contains the directory for temporary files; set TMPDIR to a directory outside it";
    if (auto why = driver.unsupported(*form->file); !why.empty()) return why;
  }
  const auto base = [](const Dockerfile& file) { return final_configuration(file).base; };
  verification.converted = subject.changes_base || base(original) != base(optimized);
  const auto plan = plan_for(options, subject, workshop.directory());
  verification.source_file = plan.original.source_file;
  verification.manifest = plan.original.manifest;
  Progress progress;
  const OnStep on_step = [&](std::string_view step) { progress.step(step); };
  // What was verified before must not make this one faster.
  for (const auto variant : {Variant::original, Variant::optimized}) driver.forget(variant);
  auto problem = driver.prepare(base_images(original, optimized), on_step);
  Archives archives;
  if (problem.empty()) problem = measure(plan, driver, progress, verification, archives);
  if (problem.empty()) problem = compare_results(plan, driver, progress, options.run, archives, verification);
  verification.interrupted = interrupted();
  return verification.interrupted ? std::string() : problem;
}

void complain_with_output(const std::string& path, const std::string& message) {
  const auto end = std::min(message.find('\n'), message.size());
  complain(path, message.substr(0, end));
  if (end < message.size()) std::cerr << message.substr(end + 1) << '\n';
}

}  // namespace dockhew::cli
