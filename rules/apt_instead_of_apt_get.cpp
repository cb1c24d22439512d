// Fires on `apt` in a RUN. Its command line is meant for people and may change; apt-get's is meant for scripts.
#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

// The commands that both understand in the same way.
bool is_common(const ShellCommand& command) {
  constexpr std::string_view common[] = {"update",     "install", "remove",    "purge",     "upgrade",
                                         "autoremove", "clean",   "autoclean", "build-dep", "download"};
  const auto verb = std::find_if(command.words.begin() + 1, command.words.end(),
                                 [](const ShellWord& word) { return !word.raw.starts_with('-'); });
  return verb != command.words.end() && std::ranges::find(common, verb->raw) != std::end(common);
}

// One finding for all `apt` of a RUN that the fix replaces, and one for those that it leaves for the same reason.
void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    std::vector<std::pair<Span, Fix>> found;
    for (const auto& command : step.script->commands) {
      if (command.name() != "apt") continue;
      const auto& name = command.words[0];
      auto fix = replace_word(step, command, name, "apt-get", "use apt-get", Applicability::safe);
      if (!is_common(command) || name.raw != "apt") {
        fix.edits.clear();
        fix.declined = "apt-get has no such command";
      }
      const auto same = std::ranges::find(found, fix.declined, [](const auto& other) { return other.second.declined; });
      if (same == found.end()) found.emplace_back(step.script->to_source(name.span), std::move(fix));
      else std::ranges::move(fix.edits, std::back_inserter(same->second.edits));
    }
    for (auto& [span, fix] : found) {
      auto& finding = report.add(
          span, "`apt` is meant for interactive use and its command line may change; use `apt-get`", {"DL3027"});
      finding.fixes.push_back(std::move(fix));
    }
  });
}

}  // namespace

extern constinit const Rule apt_instead_of_apt_get = {
    .id = "apt-instead-of-apt-get",
    .aliases = {"DL3027"},
    .category = Category::correctness,
    .severity = Severity::info,
    .summary = "`apt` in a script",
    .rationale = R"(`apt` itself says so on every run: "apt does not have a stable CLI interface. Use with caution in
scripts." `apt-get`, and `apt-cache` for queries, have kept theirs stable for decades.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
