// Fires on useradd with a large user number and without -l. The login records of such a user form a sparse file of many
// gigabytes, which a layer may store in full.
#include <charconv>
#include <optional>
#include <string_view>

#include "lint/command_fix.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

constexpr long large = 99999;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// -u N, -uN, --uid N, --uid=N, and -u at the end of a cluster.
std::optional<std::string> uid_of(const ShellCommand& command) {
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view raw = command.words[i].raw;
    if (raw.starts_with("--uid=")) return std::string(raw.substr(6));
    const bool cluster = raw.starts_with('-') && !raw.starts_with("--");
    if ((raw == "--uid" || (cluster && raw.ends_with('u'))) && i + 1 < command.words.size())
      return command.words[i + 1].text();
    if (cluster && raw.starts_with("-u")) return std::string(raw.substr(2));
  }
  return std::nullopt;
}

bool keeps_no_log(const ShellCommand& command) {
  for (const auto& word : command.words) {
    const std::string_view raw = word.raw;
    if (raw == "--no-log-init") return true;
    if (raw.starts_with('-') && !raw.starts_with("--") && raw.find('l') != raw.npos && raw.size() < 6) return true;
  }
  return false;
}

void check(const Dockerfile& file, Report& report) {
  for_each_script(file, [&](const Stage&, const Step& step) {
    for (const auto& command : step.script->commands) {
      if (command.name() != "useradd") continue;
      const auto uid = uid_of(command);
      if (!uid || !is_number(*uid) || uid->size() > 10 || std::stol(*uid) <= large || keeps_no_log(command)) continue;
      auto& finding = report.add(step.script->to_source(command.span),
                                 "with a user number this large, the login records become a huge sparse file; add `-l`",
                                 {"DL3046"});
      finding.fixes.push_back(insert_after(step, command, command.words[0], "-l",
                                           "keep the user out of the login records", Applicability::safe));
    }
  });
}

}  // namespace

extern constinit const Rule useradd_large_uid = {
    .id = "useradd-large-uid",
    .aliases = {"DL3046"},
    .category = Category::size,
    .severity = Severity::warning,
    .summary = "useradd with a large number makes huge login records",
    .rationale =
        R"(`/var/log/lastlog` and `/var/log/faillog` are indexed by user number. For the number 2147483647 the file is
627 GB long. Almost all of it is a hole, but a layer may store the hole in full: builds then hang or fill the disk. `-l`
keeps the user out of both files; nothing in a container reads them.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
