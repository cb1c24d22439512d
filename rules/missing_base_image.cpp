// Fires on FROM lines whose image a registry does not have, or not for the platform of the stage: where the registry
// was asked (--resolve), and otherwise, as on COPYs from an image, where the image is known to have been deleted.
#include <algorithm>
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/other_distribution.hpp"
#include "ecosystems/system/other_image.hpp"
#include "facts/removed_images.hpp"
#include "lint/rule.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

void report_answer(const Stage& stage, const ResolvedImage& answer, Report& report) {
  const auto& word = stage.from->arguments[0];
  if (answer.found == Found::no_image)
    report.add(word.span, "`" + stage.base.text +
                              "` does not exist, and a build stops here unless the machine has it: " + answer.reason);
  else if (answer.found == Found::no_platform)
    report.add(word.span, "`" + stage.base.text + "` cannot be built on for this platform: " + answer.reason);
}

// A path of the old image that another stage takes from it: `COPY --from=jdk /usr/local/openjdk-11 /opt/java`; empty
// where there is none.
std::string place_taken_elsewhere(const Dockerfile& file, const Stage& stage) {
  constexpr std::string_view of_image[] = {"/bin", "/lib", "/opt", "/usr"};
  const auto is_made = [&](const std::string& path) {
    return std::ranges::any_of(stage.steps, [&](const Step& step) {
      return step.instruction->text.view().find(path) != std::string_view::npos;
    });
  };
  for (const auto& other : file.stages())
    for (const auto& step : other.steps) {
      if (!step.copy || step.copy->stage != stage.index) continue;
      for (const auto& source : step.copy->sources)
        if (std::ranges::any_of(of_image, [&](std::string_view place) { return path_is_under(source.text, place); }) &&
            !is_made(source.text))
          return source.text;
    }
  return {};
}

// What the stage does that holds in its old image alone: package managers, places of the language's files.
Obstacle tie_to_old_image(const Dockerfile& file, const Stage& stage, const RemovedImage& removed) {
  if (removed.same_image) return std::nullopt;
  RuntimeImage image;
  image.name = removed.replacement;
  image.same_release = false;
  image.other_distribution = removed.replacement.find("-alpine") == std::string::npos;
  if (auto obstacle = tie_to_distribution(file, stage, image)) return obstacle;
  if (const auto program = program_of_full_image(file, stage); !program.empty())
    return Declined{"a RUN calls `" + program + "`, which `" + image.name + "` may not have"};
  if (const auto package = image.other_distribution ? std::string() : package_of_old_alpine(stage); !package.empty())
    return Declined{"a RUN installs `" + package + "`, which the newer Alpine of `" + image.name + "` may not have"};
  if (const auto place = place_taken_elsewhere(file, stage); !place.empty())
    return Declined{"another stage takes `" + place + "` from it, which may be elsewhere in `" + image.name + "`"};
  const auto* ecosystem = ecosystem_of(stage);
  if (ecosystem == nullptr || ecosystem->runtime == nullptr || ecosystem->runtime->fit_image == nullptr)
    return std::nullopt;
  return ecosystem->runtime->fit_image(file, stage, image);
}

Fix replacement_fix(const Dockerfile& file, const Stage& stage, const RemovedImage& removed) {
  const auto& word = stage.from->arguments[0];
  Fix fix;
  fix.title = "take `" + removed.replacement + "`";
  if (word.text.find('$') != std::string::npos) return decline(fix, "an argument names the image");
  if (const auto obstacle = tie_to_old_image(file, stage, removed)) return decline(fix, obstacle->reason);
  fix.applicability = Applicability::unsafe;
  fix.edits = {{word.span, removed.replacement}};
  fix.changes_base = true;
  fix.checklist = {removed.same_image ? "`" + removed.replacement + "` gets no updates: move to another image soon"
                                      : "`" + removed.replacement +
                                            "` has other packages of the system: build the image and start it once"};
  return fix;
}

std::string message_of(std::string_view image, const RemovedImage& removed) {
  const bool known = !removed.replacement.empty();
  return "`" + std::string(image) +
         (removed.when.empty() ? "` was never on Docker Hub, so a build stops here; "
                               : "` was deleted from Docker Hub in " + std::string(removed.when) +
                                     ", so a build stops here unless the machine still has it; ") +
         (known ? "take `" + removed.replacement + "`" : std::string(removed.advice));
}

void report_removed(const Dockerfile& file, const Stage& stage, const RemovedImage& removed, Report& report) {
  auto& finding = report.add(stage.from->arguments[0].span, message_of(stage.base.text, removed));
  if (!removed.replacement.empty()) finding.fixes.push_back(replacement_fix(file, stage, removed));
}

// `COPY --from=bitnami/kubectl:1.29 …`: what is taken from it may be elsewhere in another image.
void check_copies(const Dockerfile& file, const Stage& stage, Report& report) {
  for (const auto& step : stage.steps) {
    const auto* flag = step.copy && !step.copy->stage ? step.instruction->flag("from") : nullptr;
    if (flag == nullptr || step.copy->from.find('$') != std::string::npos ||
        !image_reference_error(step.copy->from).empty())
      continue;
    const auto reference = parse_image_reference(step.copy->from);
    if (file.context().origin().images.contains(reference.name()) || file.facts().resolved) continue;
    if (const auto removed = removed_image(reference)) report.add(flag->span, message_of(step.copy->from, *removed));
  }
}

// Whether the builds that the project names pass an argument that the image's name is made of, so that nobody uses its
// default.
bool is_given(const Dockerfile& file, const Stage& stage) {
  const auto& word = stage.from->arguments[0].text;
  return stage.base_from_argument &&
         std::ranges::any_of(file.context().origin().arguments, [&](const std::string& name) {
           return word.find("$" + name) != word.npos || word.find("${" + name) != word.npos;
         });
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    check_copies(file, stage, report);
    if (stage.parent || stage.scratch || !stage.base.is_known() || stage.from->arguments.empty()) continue;
    // What the project builds itself is in no registry yet.
    if (file.context().origin().images.contains(stage.reference.name())) continue;
    const auto* answer = file.facts().resolved ? file.facts().resolved->find(stage.reference, stage.platform) : nullptr;
    if (answer != nullptr && answer->found != Found::no_answer) report_answer(stage, *answer, report);
    else if (const auto removed = removed_image(stage.reference); removed && !is_given(file, stage))
      report_removed(file, stage, *removed, report);
  }
}

}  // namespace

extern constinit const Rule missing_base_image = {
    .id = "missing-base-image",
    .category = Category::correctness,
    .severity = Severity::error,
    .optimizes = true,
    .stops_build = true,
    .summary = "a registry does not have a base image, or not for the platform",
    .rationale =
        R"(The build stops at such a FROM. The tag may be misspelt, or it was taken away: names of releases that are no
longer supported often are. An index that lacks a platform has the image, but not for the machines that this stage is for; name
another with `--platform`, or an image that has it.

An image that was only built on the machine is in no registry. Names without a registry or an owner that Docker Hub does not have are
such images, and those that a Compose file, a script or a workflow of the project builds; they are not reported.

Registries are only asked with `--resolve`, and where one wants a login nobody can say whether the image is there. Without it the
rule knows what was deleted from Docker Hub for good: the tags of `openjdk` that name no exact version (November 2025), Bitnami's
tags (September 2025, to `bitnamilegacy`), `java`, old releases of `nvidia/cuda`, and Microsoft's and `dockerfile/`'s images. For
`openjdk` the fix names the same release of Eclipse Temurin, which is based on Ubuntu or Alpine, unless the file has something that
holds in the old image alone; for Bitnami the same image under its new name, which gets no updates. A name with a digest is left
alone.)",
    .fix = Applicability::unsafe,
    .check = check,
};

}  // namespace dockhew::rules
