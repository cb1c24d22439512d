// Fires on a FROM whose image is not a valid name when all arguments have their defaults, so that `docker build .`
// without arguments fails.
#include <algorithm>
#include <optional>

#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  const auto has_word = [](const Stage& stage) { return !stage.from->arguments.empty(); };
  if (std::ranges::none_of(file.stages(), has_word)) return;
  // Here, arguments without a value count as empty, whatever the rest of this run assumes.
  const bool has_variables = std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return has_word(stage) && stage.from->arguments[0].text.find('$') != std::string::npos;
  });
  std::optional<Dockerfile> plain;
  if (has_variables && file.unsaid() != Unsaid::plain_build)
    plain.emplace(std::string(file.source()), file.facts(), BuildContext{}, Unsaid::plain_build);
  const auto& stages = plain ? plain->stages() : file.stages();
  for (const auto& stage : stages) {
    if (!has_word(stage) || !stage.base.is_known()) continue;
    if (!stage.base.text.empty() && image_reference_error(stage.base.text).empty()) continue;
    const auto& word = stage.from->arguments[0];
    // Without variables it is simply wrong, and reported as an error elsewhere.
    if (file.unsaid() == Unsaid::unknown && word.text.find('$') == std::string::npos) continue;
    report.add(word.span, "Default value for ARG " + word.text + " results in empty or invalid base image name",
               {"InvalidDefaultArgInFrom"});
  }
}

}  // namespace

extern constinit const Rule invalid_default_base_image = {
    .id = "invalid-default-base-image",
    .aliases = {"InvalidDefaultArgInFrom"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "without build arguments, a base image has no usable name",
    .rationale =
        R"(`docker build .` fails for everyone who does not know which `--build-arg` to pass. Give the argument a
default, in its `ARG` or as `${TAG:-latest}`.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
