// Fires on wget without an option for its progress display, which fills a build's log with thousands of dots.
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
                                 "the progress display of wget fills the build's log", {"DL3047"});
      auto fix = insert_behind(step, command, command.words[0], "--progress=dot:giga",
                               "show one dot for a megabyte and a half", Applicability::safe);
      // BusyBox has no such option.
      if (!stage.image || stage.image->distribution == "alpine" || stage.image->distribution.empty()) {
        fix.edits.clear();
        fix.declined = "the wget of this image may be BusyBox, which has no such option";
      }
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
    .summary = "wget's progress display fills the log",
    .rationale =
        R"(`--progress=dot:giga` prints one dot for 32 kB times 48; `-q` and `-nv` print less. The option is GNU Wget's: the
`wget` of BusyBox, which Alpine has, shows a bar only on terminals and needs none.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
