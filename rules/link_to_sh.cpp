// Fires when /bin/sh is replaced by a link. Every script in the image then runs in another shell; SHELL changes only
// the shell of the file's own RUNs.
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& command : step.script->commands)
      if (command.name() == "ln" && (command.has_word("/bin/sh") || command.has_word("/usr/bin/sh")))
        report.add(step.script->to_source(command.span),
                   "this changes the shell of every script in the image; `SHELL` changes only that of the RUNs",
                   {"DL4005"});
  });
}

}  // namespace

extern constinit const Rule link_to_sh = {
    .id = "link-to-sh",
    .aliases = {"DL4005"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "`/bin/sh` is replaced by a link",
    .rationale =
        R"(The distribution's scripts are written for its own `/bin/sh`. To run the RUNs of this file in Bash, use
`SHELL ["/bin/bash", "-o", "pipefail", "-c"]`.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
