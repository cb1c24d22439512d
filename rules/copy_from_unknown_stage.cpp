// Fires on a COPY --from whose plain name is not an earlier stage. BuildKit then treats it as the name of an image, and
// pulls that from the registry unless a build context of that name was given.
#include <algorithm>
#include <string>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/edit_distance.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string closest_stage(const Dockerfile& file, const Stage& before, std::string_view name) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3 + 1);
  for (const auto& stage : file.stages()) {
    if (stage.index >= before.index || stage.name.empty()) continue;
    const auto distance = edit_distance(to_lower_ascii(name), stage.name);
    if (distance < least) least = distance, best = stage.name;
  }
  return best;
}

void check(const Dockerfile& file, Report& report) {
  for_each_copy(file, [&](const Stage& stage, const Step& step) {
    const auto& from = step.copy->from;
    // A tag, a digest or a path shows that an image is meant; `scratch` is rejected by name elsewhere.
    if (from.empty() || step.copy->stage || from.find_first_of(":@/$") != from.npos || is_number(from)) return;
    const auto* flag = step.instruction->flag("from");
    // Naming a later stage, or this one, is an error of the builder.
    const bool exists =
        std::ranges::any_of(file.stages(), [&](const Stage& s) { return s.name == to_lower_ascii(from); });
    if (exists || from.starts_with('-')) return;
    std::string message =
        "`" + from + "` is not an earlier stage, so the builder uses an image or a build context of that name";
    if (const auto close = closest_stage(file, stage, from); !close.empty()) message += "; is `" + close + "` meant?";
    report.add(flag != nullptr ? flag->span : step.instruction->keyword_span, std::move(message), {"DL3022"});
  });
}

}  // namespace

extern constinit const Rule copy_from_unknown_stage = {
    .id = "copy-from-unknown-stage",
    .aliases = {"DL3022"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "COPY --from does not name an earlier stage",
    .rationale =
        R"(A name that is not a stage is an image, `docker.io/library/NAME:latest`, or a build context given with
`--build-context NAME=…`. It may also be a misspelt stage, but then the build fails at once, so the rule is off by
default. If you mean an image, add its tag or digest, which silences the rule.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
