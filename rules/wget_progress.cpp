// Fires on wget without an option for its progress display, which fills the build log with thousands of dots.
#include <algorithm>
#include <string_view>

#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

bool is_quiet(const ShellCommand& command) {
  for (const auto& word : command.words) {
    const std::string_view raw = word.raw;
    for (const auto option :
         {"--progress", "--quiet", "--no-verbose", "--output-file", "--append-output", "--version", "--help"})
      if (raw.starts_with(option)) return true;
    // A cluster of letters: -q, -qO-, -nv, -o FILE, -a FILE.
    if (raw.size() > 1 && raw[0] == '-' && raw[1] != '-' &&
        (raw.find('q') != raw.npos || raw.starts_with("-nv") || raw.starts_with("-o") || raw.starts_with("-a")))
      return true;
  }
  return false;
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    for (const auto& command : step.script->commands) {
      if (command.name() != "wget" || command.words.size() < 2 || is_quiet(command)) continue;
      auto& finding = report.add(step.script->to_source(command.words[0].span),
                                 "wget's progress display floods the build log; add `--progress=dot:giga`", {"DL3047"});
      auto fix = insert_after(step, command, command.words[0], "--progress=dot:giga", "print one dot per 1.5 MB",
                              Applicability::safe);
      // BusyBox has no such option.
      if (!stage.image || stage.image->distribution == "alpine" || stage.image->distribution.empty())
        decline(fix, "the wget of this image may be BusyBox, which has no such option");
      finding.fixes.push_back(std::move(fix));
    }
  });
}

}  // namespace

extern constinit const Rule wget_progress = {
    .id = "wget-progress",
    .aliases = {"DL3047"},
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "wget's progress display floods the build log",
    .rationale =
        R"(`--progress=dot:giga` prints one dot per 32 kB × 48; `-q` and `-nv` print less. Only GNU Wget has the option:
BusyBox's `wget`, as in Alpine, shows a bar only on terminals and does not need it.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
