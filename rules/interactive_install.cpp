// Fires on package installations without the option that answers the tool's questions. Nobody can answer them during a
// build, so the step fails as soon as the tool asks one.
#include <algorithm>
#include <string_view>

#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"

namespace dockhew::rules {
namespace {

// `-y`, or the same letter in a cluster: `-qy`. To some tools being told twice to be quiet means it.
bool answers(const ToolUse& use) {
  for (const auto& option : use.tool->packages.yes_options)
    if (use.has_option(option)) return true;
  std::size_t quiet = 0;
  for (const auto& word : use.command->words) {
    const std::string_view raw = word.raw;
    if (!word.value.is_known()) return true;                                                  // may hold the option
    if (raw.find("ssume-yes") != raw.npos || raw.find("ssume-Yes") != raw.npos) return true;  // -o APT::Get::Assume-Yes
    quiet += raw == "--quiet" ? 1 : raw == "--quiet=2" ? 2 : 0;
    if (!raw.starts_with('-') || raw.starts_with("--")) continue;
    if (raw.find('=') == raw.npos && raw.size() < 8 && raw.find('y') != raw.npos) return true;
    quiet += static_cast<std::size_t>(std::ranges::count(raw, 'q'));
    if (raw == "-q=2" || raw == "-q=3") quiet += 2;
  }
  return use.tool->packages.quiet_says_yes && quiet >= 2;
}

// Changes nothing, and so asks nothing.
bool only_shows(const ToolUse& use) {
  constexpr std::string_view options[] = {"--help",     "--download-only", "--print-uris", "-s",
                                          "--simulate", "--just-print",    "--dry-run",    "--assumeno"};
  return std::ranges::any_of(options, [&](std::string_view option) { return use.has_option(option); });
}

// The answer is piped in, or comes from the tool's configuration file.
bool answered_elsewhere(const Script& script, const ToolUse& use) {
  return std::ranges::any_of(script.commands, [&](const ShellCommand& command) {
    if (command.name() == "yes" && use.command->piped) return true;
    return std::ranges::any_of(command.words, [](const ShellWord& word) {
      return word.raw.find("Assume-Yes") != std::string::npos || word.raw.find("assumeyes=") != std::string::npos;
    });
  });
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    for (const auto& use : step.script->uses) {
      const auto code = use.tool->codes.find("interactive");
      // hadolint's rule for Zypper is about removals too. Others often find nothing to remove, and then ask nothing.
      const bool asks = use.action->kind == ActionKind::install ||
                        (use.action->kind == ActionKind::remove && use.tool->packages.yes_before_action);
      if (code == use.tool->codes.end() || !asks || use.tool->packages.yes_options.empty()) continue;
      if (only_shows(use)) continue;
      if (answers(use) || answered_elsewhere(*step.script, use)) continue;
      const auto& verb = use.command->words[use.first - 1];
      auto& finding =
          report.add(step.script->to_source(verb.span), "without `-y` this fails as soon as the tool asks a question",
                     {std::string(code->second)});
      if (use.tool->packages.never_asks) finding.severity = Severity::off;  // unless hadolint is asked
      // Its settings may say yes by themselves: `APT::Get::Assume-Yes "true"`.
      else if (!stage.image) finding.severity = Severity::info;
      const auto& place = use.tool->packages.yes_before_action ? use.command->words[0] : verb;
      finding.fixes.push_back(insert_after(step, *use.command, place, std::string(use.tool->packages.yes_options[0]),
                                           "answer yes", Applicability::safe));
    }
  });
}

}  // namespace

extern constinit const Rule interactive_install = {
    .id = "interactive-install",
    .aliases = {"DL3014", "DL3030", "DL3034", "DL3038"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "packages are installed without answering the tool's questions",
    .rationale =
        R"(APT, yum, dnf and Zypper ask before they install more packages than were named. Nobody answers during a
build, so the step fails, either now or once the package gains a dependency. If the tool has nothing to ask, `-y` makes
no difference. Of a base image that is not known it is a note: its settings may answer by themselves.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
