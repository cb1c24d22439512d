// Fires when the last USER of the image names root. Images without any USER are covered by `no-user`.
#include <algorithm>
#include <string_view>

#include "lint/purpose.hpp"
#include "lint/rule.hpp"
#include "model/base_start.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// Whether the container begins with a script, which may give up root for the program: `entrypoint.sh`, `docker-start`.
// It may be one of the base image.
bool may_drop_root(const Dockerfile& file, const Stage& stage) {
  const auto* inherited = inherited_start(file, stage, Keyword::entrypoint);
  const auto start = find_start_command(stage);
  const bool by_base = inherited != nullptr && !inherited->empty();
  if (!by_base && !start) return false;
  const std::string_view program = by_base ? inherited->front() : start->words[0];
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
  const auto is_service = [](std::string_view program) {
    program = path_basename(program);
    return !needs_root(program) && program != "bash" && program != "sh";
  };
  const auto instructions = find_start_instructions(stage);
  if (instructions.entrypoint == nullptr && instructions.arguments == nullptr) {
    if (stage.parent) return serves(file, file.stages()[*stage.parent]);
    for (const auto keyword : {Keyword::entrypoint, Keyword::cmd})
      if (const auto* base = inherited_start(file, stage, keyword); base != nullptr && !base->empty())
        return is_service(base->front());
    return false;
  }
  const auto start = find_start_command(stage);
  return !start || is_service(start->words[0]);
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
  if (may_drop_root(file, stage) || !serves(file, stage)) finding.severity = Severity::off;  // unless hadolint is asked
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
