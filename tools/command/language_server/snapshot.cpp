#include "language_server/snapshot.hpp"

#include <algorithm>

#include "dockerfile_lint.hpp"
#include "report/repeated.hpp"

namespace dockhew::cli {
namespace {

// Ends included: a cursor behind a word is at the word.
bool touch(Span a, Span b) { return a.begin <= b.end && b.begin <= a.end; }

}  // namespace

std::shared_ptr<const Snapshot> take_snapshot(const OpenDocument& document, ProjectMemory& memory,
                                              const ScriptChecks& checks, Encoding encoding) {
  auto settings = memory.settings(document.path);
  auto file = memory.read(document, *settings);
  auto snapshot = std::make_shared<Snapshot>(Snapshot{
      document.uri, document.path, document.version, settings, file, Positions(file->source(), encoding), {}, true});
  if (!settings->error.empty()) return snapshot;
  std::vector<Finding> of_shellcheck;
  if (wants_shellcheck(*settings)) {
    auto known = checks.known(scripts_to_check(*file, *settings));
    of_shellcheck = std::move(known.findings);
    snapshot->scripts_checked = known.complete;
    keep_selected(*settings, of_shellcheck);
  }
  snapshot->findings = find_in(*file, *settings, std::move(of_shellcheck));
  join_repeated(*file, snapshot->findings);
  return snapshot;
}

bool is_at(const Finding& finding, Span span) {
  return touch(finding.span, span) ||
         std::ranges::any_of(finding.related, [&](Span related) { return touch(related, span); });
}

}  // namespace dockhew::cli
