// Fires on replacing /bin/sh by a link. Every script of the image then runs in another shell; SHELL changes only the
// shell of the file's own RUNs.
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& command : step.script->commands)
      if (command.name() == "ln" && (command.has_word("/bin/sh") || command.has_word("/usr/bin/sh")))
        report.add(step.script->to_source(command.span),
                   "`SHELL` changes the shell of the RUNs without touching `/bin/sh`", {"DL4005"});
  });
}

}  // namespace

extern constinit const Rule link_to_sh = {
    .id = "link-to-sh",
    .aliases = {"DL4005"},
    .category = Category::style,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "`/bin/sh` is replaced by a link",
    .rationale =
        R"(Scripts of the distribution are written for its own `/bin/sh`. To run the RUNs of this file in Bash, write
`SHELL ["/bin/bash", "-o", "pipefail", "-c"]`.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
