#include "language_server/optimize_preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "files.hpp"
#include "ignore_file.hpp"
#include "language_server/file_uri.hpp"
#include "language_server/workspace_edits.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// Names of annotations.
constexpr std::string_view of_dockerfile = "dockhew-dockerfile", of_ignore_file = "dockhew-ignore-file";

// The rewrite; its part for the ignore file only where the client can make that change as well.
RewriteWithIgnore rewritten(const Snapshot& snapshot, Applicability least, const Client& client) {
  auto settings = *snapshot.settings;
  settings.least = least;
  if (client.versioned_edits) {
    auto both = rewrite_with_ignore(settings, snapshot.path, snapshot.file);
    std::error_code error;
    const bool possible = both.ignore.lines.empty() || fs::is_regular_file(both.ignore.path, error) ||
                          (client.creates_files && !fs::exists(fs::symlink_status(both.ignore.path, error)));
    if (possible) return both;
  }
  auto plain = rewrite_file(std::string(snapshot.text()), snapshot.file->facts(), snapshot.file->context(),
                            settings.optimizing, least, settings.lint.options);
  return {std::move(plain), {}};
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// "3 changes: add a cache mount for pip (safe), …"
std::string reasons(const Rewrite& result) {
  constexpr std::size_t most = 20;
  std::string text;
  std::set<std::string> said;
  for (const auto& fix : result.applied) {
    auto reason = fix.title + " (" + std::string(to_string(fix.applicability)) + ")";
    if (said.size() < most && said.insert(reason).second) text += (text.empty() ? "" : "; ") + reason;
  }
  return text;
}

// What somebody has to know after the change, in one sentence or two.
std::string summary(const RewriteWithIgnore& both) {
  const auto& result = both.result;
  std::string text = "dockhew: " + counted(result.applied.size(), "change");
  std::set<std::string> assumed, looked_at;
  for (const auto& fix : result.applied) {
    for (const auto& assumption : fix.assumptions) assumed.insert(assumption.sentence);
    looked_at.insert(fix.checklist.begin(), fix.checklist.end());
  }
  if (!both.ignore.lines.empty()) text += ", and " + counted(both.ignore.lines.size(), "line") + " for the ignore file";
  const auto list = [&](std::string_view what, const std::set<std::string>& sentences) {
    if (sentences.empty()) return;
    text.append(what);
    for (const auto& sentence : sentences) text += (&sentence == &*sentences.begin() ? "" : "; ") + sentence;
  };
  list(". Assumed: ", assumed);
  list(". Look whether: ", looked_at);
  return text;
}

std::string nothing_to_do(const Rewrite& result, Applicability least) {
  std::string text = "dockhew: nothing to improve";
  if (least != Applicability::unsafe) text += " by changes that are " + std::string(to_string(least)) + " or safer";
  if (!result.declined.empty())
    text += fmt::format(". Line {}: {}", result.declined.front().line, result.declined.front().reason);
  return text;
}

Json annotation(std::string_view label, const std::string& description) {
  return {{"label", label}, {"needsConfirmation", true}, {"description", description}};
}

// Adds the change of the ignore file.
void add_ignore_file(const ProposedIgnore& ignore, const Client& client, Json& edit) {
  std::error_code error;
  const auto path = fs::absolute(ignore.path, error).lexically_normal().string();
  const bool is_new = !fs::exists(path, error);
  const auto before = is_new ? std::string() : read_file(path, largest_companion).text;
  auto& changes = edit["documentChanges"];
  if (is_new)
    changes.push_back({{"kind", "create"}, {"uri", uri_of_path(path)}, {"options", {{"ignoreIfExists", true}}}});
  const auto name = client.annotates_edits ? of_ignore_file : std::string_view();
  changes.push_back(
      {{"textDocument", {{"uri", uri_of_path(path)}, {"version", Json()}}},
       {"edits", text_edits(Positions(before, client.encoding), edits_between(before, ignore.text), name)}});
  if (client.annotates_edits)
    edit["changeAnnotations"][of_ignore_file] = annotation("Keep files out of the build context", ignore.reason);
}

}  // namespace

Done preview_optimized(const Snapshot& snapshot, Applicability least, const Client& client) {
  const auto both = rewritten(snapshot, least, client);
  const auto& text = both.result.text;
  if (text == snapshot.text() && both.ignore.lines.empty()) return {{}, "", nothing_to_do(both.result, least)};
  const bool annotates = client.versioned_edits && client.annotates_edits;
  auto edit = workspace_edit(snapshot, edits_between(snapshot.text(), text), client,
                             annotates ? of_dockerfile : std::string_view());
  if (annotates) edit["changeAnnotations"][of_dockerfile] = annotation("Optimize the Dockerfile", reasons(both.result));
  if (!both.ignore.lines.empty()) add_ignore_file(both.ignore, client, edit);
  return {std::move(edit), "dockhew: optimize", summary(both)};
}

}  // namespace dockhew::cli
