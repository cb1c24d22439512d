// Fires on images from a registry that the project's configuration does not trust, in FROM, COPY --from and
// RUN --mount=from. Without such a list the rule is silent.
#include <algorithm>
#include <string_view>

#include "facts/image_reference.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool is_trusted(const RuleOptions& options, std::string_view registry) {
  return std::ranges::any_of(options.trusted_registries, [&](std::string_view trusted) {
    if (trusted == "hub.docker.com") trusted = "docker.io";
    return glob_match(trusted, registry);
  });
}

void check_image(const std::string& image, Span span, Report& report) {
  const auto reference = parse_image_reference(image);
  const auto registry = reference.registry.empty() ? std::string("docker.io") : reference.registry;
  if (!is_trusted(report.options(), registry))
    report.add(span, "the registry `" + registry + "` is not among the configuration's trusted registries", {"DL3026"});
}

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

void check(const Dockerfile& file, Report& report) {
  if (report.options().trusted_registries.empty()) return;
  for (const auto& stage : file.stages())
    if (!stage.parent && !stage.scratch && !stage.implicit && stage.base.is_known())
      check_image(stage.base.text, stage.from->span, report);
  for_each_copy(file, [&](const Stage&, const Step& step) {
    const auto& from = step.copy->from;
    const auto* flag = step.instruction->flag("from");
    // A plain name may be a build context.
    if (from.empty() || step.copy->stage || flag == nullptr || from.find('$') != from.npos || is_number(from)) return;
    if (from.find_first_of("/:") != from.npos) check_image(from, flag->span, report);
  });
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    for (const auto& mount : step.mounts)
      if (!mount.from.empty() && !file.find_stage(mount.from, stage.index) &&
          mount.from.find('$') == std::string::npos && mount.from.find_first_of("/:") != std::string::npos)
        check_image(mount.from, mount.span, report);
  });
}

}  // namespace

extern constinit const Rule untrusted_registry = {
    .id = "untrusted-registry",
    .aliases = {"DL3026"},
    .category = Category::security,
    .severity = Severity::error,
    .summary = "an image comes from a registry that the project does not trust",
    .rationale =
        R"(The trusted registries are listed in `.dockhew.yaml`: `trusted-registries: [docker.io, "*.example.org"]`.
Images without a registry come from Docker Hub. Without that list the rule is silent.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
