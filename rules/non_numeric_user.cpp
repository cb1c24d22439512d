// Fires on a USER that is given by name. Kubernetes cannot see that a named user is not root, and refuses the container
// when `runAsNonRoot` is set.
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
        report.add(instruction.arguments[0].span, "`runAsNonRoot` of Kubernetes needs the user's number", {"DL3066"});
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
        R"(The name is looked up in the image's `/etc/passwd` when the container starts. Kubernetes decides before, and
with `runAsNonRoot: true` it refuses to start: "container has runAsNonRoot and image has non-numeric user". Write the number,
`USER 1000`, as the base image or the `useradd -u 1000` above has it.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
