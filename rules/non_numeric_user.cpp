// Fires on a USER given by name. Kubernetes cannot tell that a named user is not root, and refuses to start the
// container when `runAsNonRoot` is set.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return '0' <= c && c <= '9'; });
}

void check(const Dockerfile& file, Report& report) {
  if (file.stages().empty()) return;
  // Only the last one reaches the image's configuration.
  for (const auto* s : chain_of(file, file.final_stage()))
    for (auto i = s->steps.size(); i-- > 0;) {
      const auto& instruction = *s->steps[i].instruction;
      if (instruction.keyword != Keyword::user || instruction.arguments.empty()) continue;
      const auto user = file.expand(*s, s->steps[i], instruction.arguments[0].text);
      if (user.is_known() && !is_number(std::string_view(user.text).substr(0, user.text.find(':'))))
        report.add(instruction.arguments[0].span,
                   "the user is given by name, which Kubernetes cannot check for `runAsNonRoot`; use its number",
                   {"DL3066"});
      return;
    }
}

}  // namespace

extern constinit const Rule non_numeric_user = {
    .id = "non-numeric-user",
    .aliases = {"DL3066"},
    .category = Category::security,
    .severity = Severity::info,
    .by_default = false,
    .summary = "the image's user is given by name",
    .rationale =
        R"(The name is looked up in the image's `/etc/passwd` when the container starts. Kubernetes decides before that,
and with `runAsNonRoot: true` it refuses to start it: "container has runAsNonRoot and image has non-numeric user". Use
the number, `USER 1000`, as defined by the base image or by a `useradd -u 1000` above.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
