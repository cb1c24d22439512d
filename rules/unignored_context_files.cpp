// Fires on a COPY of a whole directory of the build context that brings along what is no part of the project: Git's
// data, what tools have installed or built on the host, passwords. It is a warning where this breaks the image or
// leaks.
#include <algorithm>
#include <string>

#include "flow/ignore_lines.hpp"
#include "flow/unwanted_files.hpp"
#include "lint/rule.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

constexpr std::size_t most_named = 3;
using Cost = UnwantedFile::Cost;

std::string_view cost_of(Cost cost, bool several, bool of_host = false) {
  if (cost == Cost::made_again && of_host)
    return several ? "are sent with every build, which installs packages of its own"
                   : "is sent with every build, which installs packages of its own";
  switch (cost) {
    case Cost::replaces:
      return several ? "are laid over what the image has made before" : "is laid over what the image has made before";
    case Cost::leaks: return several ? "leave passwords or keys in a layer" : "leaves passwords or keys in a layer";
    case Cost::removed:
      return several ? "are removed again by a later step, but stay in the layer of this COPY"
                     : "is removed again by a later step, but stays in the layer of this COPY";
    case Cost::every_commit: return "changes with every commit and fetch, which then rebuilds this step";
    case Cost::made_again:
      return several ? "are sent with every build, which makes its own"
                     : "is sent with every build, which makes its own";
    case Cost::nothing_used: return several ? "are of no use in an image" : "is of no use in an image";
  }
  return {};
}

// Of a file with passwords that an ignore file must not keep out.
std::string said_of_needed(const UnwantedFile& each) {
  return "`" + each.path + "` " + std::string(cost_of(each.cost, false)) +
         (each.needed.starts_with('`') ? ", where it may be read (" + each.needed + ")" : std::string()) +
         "; give what it says to the container when it starts, and to the build as a secret";
}

// Of files that certainly hold keys, for each kind.
std::string said_of_keys(const UnwantedFiles& unwanted) {
  std::string said;
  std::vector<std::string_view> kinds;
  std::size_t files = 0;
  for (const auto& file : unwanted.files) {
    if (file.holds.empty() || file.needed.empty() || std::ranges::find(kinds, file.holds) != kinds.end()) continue;
    kinds.push_back(file.holds);
    std::vector<std::string> names;
    for (const auto& other : unwanted.files)
      if (other.holds == file.holds && !other.needed.empty()) names.push_back(other.path);
    files += names.size();
    said.append(said.empty() ? "" : "; ")
        .append(list_quoted(names, most_named))
        .append(names.size() > 1 ? " hold " : " holds ")
        .append(file.holds);
  }
  if (said.empty()) return said;
  return said + ", and who has the image has " + (files > 1 ? "them; mount them" : "it; mount it") +
         " into the container when it starts";
}

// `vendor` of a project of which it is not known whether it keeps its packages in Git.
std::string said_of_packages(const UnwantedFiles& unwanted) {
  for (const auto& each : unwanted.files)
    if (each.cost == Cost::replaces && each.there && each.needed == "whether Git keeps it is not known")
      return "`" + each.path + "` " + std::string(cost_of(each.cost, false)) +
             "; keep it out by the ignore file, unless the project has its packages in Git";
  return {};
}

std::string said_of_needed(const UnwantedFiles& unwanted) {
  const auto settings = std::ranges::find_if(unwanted.files, [](const UnwantedFile& each) {
    return each.cost == Cost::leaks && !each.needed.empty() && each.holds.empty();
  });
  const auto said = settings == unwanted.files.end() ? std::string() : said_of_needed(*settings);
  const auto keys = said_of_keys(unwanted);
  return said + (said.empty() || keys.empty() ? "" : "; ") + keys;
}

// The names of those that can be listed, each with what it costs.
std::string costs_of(const UnwantedFiles& unwanted) {
  std::string costs;
  const auto add = [&](Cost cost, bool of_host) {
    std::vector<std::string> names;
    for (const auto& each : unwanted.files)
      if (const auto& name = each.everywhere.empty() ? each.path : each.everywhere;
          each.cost == cost && each.of_host == of_host && each.needed.empty() &&
          std::ranges::find(names, name) == names.end())
        names.push_back(name);
    if (names.empty()) return;
    costs.append(costs.empty() ? "" : "; ")
        .append(list_quoted(names, most_named))
        .append(" ")
        .append(cost_of(cost, names.size() > 1, of_host));
  };
  for (const auto cost :
       {Cost::replaces, Cost::leaks, Cost::every_commit, Cost::removed, Cost::made_again, Cost::nothing_used})
    for (const bool of_host : {false, true}) add(cost, of_host);
  return costs;
}

// Empty where nothing can be done about any of them.
std::string message_for(const Dockerfile& file, const UnwantedFiles& unwanted) {
  const auto& context = file.context();
  const auto costs = costs_of(unwanted);
  auto needed = file.ships(*unwanted.worst().stage) ? said_of_needed(unwanted) : std::string();
  if (const auto packages = said_of_packages(unwanted); !packages.empty())
    needed = needed.empty() ? packages : packages + "; " + needed;
  if (costs.empty() && needed.empty()) return {};
  const auto& origin = context.origin();
  const std::string ignore_file(origin.ignore_file.empty() ? ".dockerignore" : path_basename(origin.ignore_file));
  const bool several = std::ranges::count(unwanted.files, "", &UnwantedFile::needed) > 1;
  const auto list =
      costs.empty() ? std::string() : costs + "; list " + (several ? "them" : "it") + " in `" + ignore_file + "`";
  return "besides the project, this copies what lies beside it: " + list +
         (list.empty() || needed.empty() ? "" : "; ") + needed +
         (origin.unread_ignore_file.empty() || origin.own_ignore_file
              ? ""
              : "; `" + origin.unread_ignore_file + "` is not read, because it is not in the build context `" +
                    origin.directory + "`");
}

// Results that another Dockerfile may copy are not to be listed.
void leave_to_others(const Dockerfile& file, UnwantedFiles& unwanted) {
  for (const auto& left : find_ignore_lines(file).left)
    for (auto& each : unwanted.files)
      if (each.path == left.path && (each.cost == Cost::made_again || each.cost == Cost::removed) && !each.packages &&
          each.needed.empty())
        each.needed = left.reason;
}

void check(const Dockerfile& file, Report& report) {
  auto unwanted = find_unwanted_files(file);
  if (!unwanted) return;
  leave_to_others(file, *unwanted);
  auto message = message_for(file, *unwanted);
  if (message.empty()) return;
  const auto& worst = unwanted->worst();
  auto& finding = report.add(worst.span, std::move(message));
  const bool harms = std::ranges::any_of(unwanted->files, [&](const UnwantedFile& each) {
    return each.cost == Cost::replaces || (each.cost == Cost::leaks && file.ships(*worst.stage));
  });
  if (!harms) finding.severity = Severity::info;
  // Every build known of starts from a fresh clone, which has none of them.
  const bool there = std::ranges::any_of(unwanted->files, &UnwantedFile::there);
  const auto& origin = file.context().origin();
  if (!there && !origin.hosted.empty() && !origin.prepared) finding.severity = Severity::off;
}

}  // namespace

extern constinit const Rule unignored_context_files = {
    .id = "unignored-context-files",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .once_in = OnceIn::context,
    .summary = "a COPY of everything brings along what no ignore file keeps out",
    .rationale =
        R"(`COPY . .` copies all of the build context: also `.git`, which changes with every commit, so that the step is
never taken from the cache; `node_modules`, `.venv`, `obj` or `vendor` of the host, which replace what the image has
installed, for another system perhaps; `target` and `dist`, which are sent to the builder and may pass for up to date; and
`.env`, a private key or credentials for a cloud, which then lie in a layer; and what a later RUN removes, which stays in the layer of the COPY.

An environment of Python is known by its `pyvenv.cfg`, and Composer's `vendor` by its `autoload.php`; where it is not known
whether Git keeps the latter, there is no line for the ignore file.

What counts is what lies there, and what the project's tools make and `.gitignore` names: it will lie there on the machine
of whoever works on the project. A `.env` that Git keeps counts if it gives a value to a variable called like a password,
and a file such as `tls.key`, `key.pem` or `service-account.json` if its text is a private key without a passphrase. Certificates do
not count, nor keys below `tests`, `testdata`, `fixtures`, `examples` and the like. A line for the ignore file is only given where
nothing in the image may read the file.
A directory only counts where the Dockerfile makes its own, and `.git` only where nothing
in the build reads it.

Nothing is reported where only runners of GitHub and the like build the file, from a fresh clone.

`dockhew optimize` proposes the lines for `.dockerignore`, or for `Dockerfile.dockerignore` where there is one, and
`--write` adds them ([fixes.md](../fixes.md#the-ignore-file)).)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
