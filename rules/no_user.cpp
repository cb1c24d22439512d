// Fires when an image that starts a process sets no USER and its base image is known to run as root. It is off unless
// asked for: many images need root, many choose the user where they are run, and nothing here can tell which.
#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

struct Found {
  bool user = false, process = false;
};

// In the stage and the stages it continues.
Found find_settings(const Dockerfile& file, const Stage& stage) {
  Found found;
  for (const Stage* s = &stage;; s = &file.stages()[*s->parent]) {
    for (const auto& step : s->steps) {
      const auto keyword = step.instruction->keyword;
      found.user |= keyword == Keyword::user;
      found.process |= keyword == Keyword::cmd || keyword == Keyword::entrypoint;
    }
    if (!s->parent) return found;
  }
}

void check(const Dockerfile& file, Report& report) {
  if (file.stages().empty()) return;
  const auto& stage = file.final_stage();
  const bool root = stage.user.is("root") || stage.user.is("0");
  if (!root || (stage.image && stage.image->windows)) return;
  // An image that starts no process of its own is a base for others, who choose the user.
  if (const auto found = find_settings(file, stage); found.process && !found.user)
    report.add(stage.from->span, "no `USER` is set, so the container's processes run as root");
}

}  // namespace

extern constinit const Rule no_user = {
    .id = "no-user",
    .category = Category::security,
    .severity = Severity::info,
    .by_default = false,
    .summary = "the image sets no user for its processes",
    .rationale = R"(Without `USER`, the processes of the container run as the base image's user, which mostly is root. A
policy that asks for an unprivileged user in every image selects this rule; `runs-as-root` is about a
`USER` that names root.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
