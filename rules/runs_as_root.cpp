// Fires when the last USER of the image names root. Images without any USER are covered by `no-user`.
#include <algorithm>
#include <string_view>

#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// Whether the container begins with a script, which may give up root for the program: `entrypoint.sh`, `docker-start`.
bool may_drop_root(const Stage& stage) {
  const auto start = find_start_command(stage);
  if (!start) return false;
  const std::string_view program = start->words[0];
  return program.ends_with(".sh") || program.find("entrypoint") != program.npos ||
         program.find("-start") != program.npos;
}

// Programs that change to other users themselves, or that do not work otherwise.
bool needs_root(std::string_view program) {
  constexpr std::string_view names[] = {"cron",      "crond", "dockerd",     "init",
                                        "s6-svscan", "sshd",  "supervisord", "systemd"};
  return std::ranges::find(names, path_basename(program)) != std::end(names);
}

// Whether containers of the image serve somebody: one for builds, or for other images, has no command of its own, or a
// shell.
bool serves(const Dockerfile& file, const Stage& stage) {
  const auto instructions = find_start_instructions(stage);
  if (instructions.entrypoint == nullptr && instructions.arguments == nullptr)
    return stage.parent && serves(file, file.stages()[*stage.parent]);
  const auto start = find_start_command(stage);
  if (!start) return true;
  const std::string_view program = path_basename(start->words[0]);
  return !needs_root(program) && program != "bash" && program != "sh";
}

void check(const Dockerfile& file, Report& report) {
  if (file.stages().empty()) return;
  const auto& stage = file.final_stage();
  if (!is_root(stage.user) || (stage.image && stage.image->windows)) return;
  const auto* user = last_step(file, stage, Keyword::user);
  if (user == nullptr) return;
  auto& finding = report.add(user->instruction->span,
                             "the last `USER` is root, so the container's processes run as root", {"DL3002"});
  if (is_for_development(report.options().path, stage)) finding.severity = Severity::info;
  if (may_drop_root(stage) || !serves(file, stage)) finding.severity = Severity::off;  // unless hadolint is asked
}

}  // namespace

extern constinit const Rule runs_as_root = {
    .id = "runs-as-root",
    .aliases = {"DL3002"},
    .category = Category::security,
    .severity = Severity::warning,
    .summary = "the container's processes run as root",
    .rationale = R"(A process that runs as root inside the container is root for the kernel too, so a flaw in it does
more damage. Create a user in the image and set it with `USER` before `CMD`, by number if the orchestrator checks
`runAsNonRoot`. Where the container begins with a script, such as `entrypoint.sh`, that may give up root, where it runs `cron`
or the like, which need root, and where the image has no command, as one for builds, only hadolint reports it.

There is no fix, because the Dockerfile does not say which files that user must own.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
