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

// One place for all `apt` of a RUN that the fix replaces, and one for those that it leaves for the same reason.
std::vector<std::pair<Span, Fix>> places_in(const Step& step) {
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
  return found;
}

// The first place speaks for all of the file, and its fix replaces them all; hadolint wants one finding for each RUN.
void check(const Dockerfile& file, Report& report) {
  std::vector<std::pair<Span, Fix>> all;
  for_each_script(file,
                  [&](const Stage&, const Step& step) { std::ranges::move(places_in(step), std::back_inserter(all)); });
  for (auto it = all.begin(); it != all.end(); ++it) {
    const auto speaks_for = [&](const auto& other) { return other.second.declined == it->second.declined; };
    const bool first = std::find_if(all.begin(), it, speaks_for) == it;
    if (first)
      for (auto other = it + 1; other != all.end(); ++other)
        if (speaks_for(*other)) std::ranges::copy(other->second.edits, std::back_inserter(it->second.edits));
    auto& finding = report.add(
        it->first, "`apt` is meant for interactive use and its command line may change; use `apt-get`", {"DL3027"});
    if (!first) finding.severity = Severity::off;
    finding.fixes.push_back(it->second);
  }
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
