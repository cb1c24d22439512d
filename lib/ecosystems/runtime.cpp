#include "ecosystems/runtime.hpp"

#include <algorithm>

#include "ecosystems/ecosystem.hpp"

namespace dockhew::inline ecosystems {

bool is_launcher(std::string_view name) {
  constexpr std::string_view launchers[] = {"busybox", "chpst",   "chroot", "command", "dumb-init", "env",
                                            "exec",    "gosu",    "ionice", "nice",    "nohup",     "runuser",
                                            "setpriv", "setsid",  "stdbuf", "su",      "su-exec",   "sudo",
                                            "time",    "timeout", "tini",   "xargs",   "xvfb-run"};
  return std::ranges::find(launchers, name) != std::end(launchers);
}

bool runs_source(const Runtime& runtime, const Stage& stage, const ShellCommand& command) {
  return command.use == nullptr && runtime.runs_source != nullptr && runtime.runs_source(stage, command);
}

const Runtime* runtime_of(const ToolUse& use) {
  const auto* ecosystem = find_ecosystem(*use.tool);
  return ecosystem == nullptr ? nullptr : ecosystem->runtime;
}

std::optional<BuildPart> part_of_command(const Runtime& runtime, const ShellCommand& command) {
  if (command.use != nullptr || runtime.part_of_command == nullptr) return std::nullopt;
  return runtime.part_of_command(command);
}

bool is_repeated(const Runtime& runtime, const ShellCommand& command) {
  return std::ranges::find(runtime.repeated_commands, command.name()) != runtime.repeated_commands.end();
}

Outcome<BuildPart> part_of_action(const ToolUse& use) {
  if (use.action->kind == ActionKind::build) return BuildPart::builds;
  return use.action->kind == ActionKind::install ? BuildPart::installs : BuildPart::nothing;
}

}  // namespace dockhew::inline ecosystems
