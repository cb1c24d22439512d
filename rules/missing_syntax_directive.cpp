// Fires on a file that uses features of newer frontends without requesting one.
#include <algorithm>
#include <string_view>

#include "lint/rule.hpp"
#include "syntax/parser_directive.hpp"

namespace dockhew::rules {
namespace {

// What an old frontend does not know about this instruction; empty when it knows everything.
std::string_view new_feature(const Instruction& instruction) {
  if (!instruction.heredocs.empty()) return "a heredoc";
  for (const auto& flag : instruction.flags) {
    const bool run = instruction.keyword == Keyword::run;
    const bool copy = instruction.keyword == Keyword::copy || instruction.keyword == Keyword::add;
    if (run && (flag.name == "mount" || flag.name == "network" || flag.name == "security" || flag.name == "device"))
      return "RUN --mount";
    if (copy && flag.name != "from" && flag.name != "chown") return "a flag of COPY or ADD";
  }
  return {};
}

void check(const Dockerfile& file, Report& report) {
  if (find_syntax(file.source())) return;
  const auto& instructions = file.instructions();
  const auto first = std::ranges::find_if(instructions, [](const Instruction& i) { return !new_feature(i).empty(); });
  if (first == instructions.end()) return;
  auto& finding = report.add(first->keyword_span, std::string(new_feature(*first)) +
                                                      " needs a recent frontend, but there is no `# syntax=` line");
  Fix fix;
  fix.title = "request the current frontend";
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back({"frontend-can-be-pulled", "the builder can pull the image docker/dockerfile"});
  const std::uint32_t begin = file.source().starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (file.source().substr(begin).starts_with("#!")) decline(fix, "the file begins with a `#!` line");
  else fix.edits.push_back({{begin, begin}, "# syntax=docker/dockerfile:1" + std::string(file.document().newline())});
  finding.fixes.push_back(std::move(fix));
}

}  // namespace

extern constinit const Rule missing_syntax_directive = {
    .id = "missing-syntax-directive",
    .category = Category::style,
    .severity = Severity::info,
    .by_default = false,
    .summary = "new features are used without a `# syntax=` line",
    .rationale =
        R"(`# syntax=docker/dockerfile:1` makes every builder fetch the current frontend. Without it, the builder uses
its own: that of Docker 23 and newer knows mounts and heredocs, older ones fail on them. The frontend is an image that
must be reachable, so the rule is off by default.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
