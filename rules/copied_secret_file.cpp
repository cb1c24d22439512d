// Fires on COPY and ADD of files from the build context that hold credentials. The layer keeps them, even when a later
// step removes the file. If a known tool is the only one to read the file, a secret mount is proposed.
#include <algorithm>
#include <string_view>

#include "edits/run_edits.hpp"
#include "flow/secret_files.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

// Configuration files of package managers may only hold other settings. If the context is available they are read, and
// only a token or a password in them counts.
bool holds_no_credential(const Dockerfile& file, const CopySource& source) {
  const auto name = path_basename(source.text);
  if (name != ".npmrc" && name != ".yarnrc.yml" && name != "pip.conf") return false;
  const auto text = file.context().is_known() ? file.context().read(clean_path(source.text)) : std::nullopt;
  if (!text) return false;
  constexpr std::string_view marks[] = {"_auth", "_password", "AuthToken", "authToken", "npmAuth", "username"};
  const auto has = [&](std::string_view mark) { return text->find(mark) != text->npos; };
  if (std::ranges::any_of(marks, has)) return false;
  for (auto at = text->find("://"); at != text->npos; at = text->find("://", at + 1))
    if (std::string_view(*text).substr(at, text->find('\n', at) - at).find('@') != std::string_view::npos) return false;
  return true;
}

// Where the copied file ends up.
std::string target_of(const Copy& copy, const CopySource& source) {
  if (!copy.destination.is_known()) return {};
  if (!copy.directory) return copy.destination.text;
  return resolve_path(copy.destination.text, path_basename(source.text));
}

Fix as_secret(const Site& site, const CopySource& source, const SecretFile& kind) {
  Fix fix;
  fix.title = "mount the file as a secret for the commands that need it";
  fix.applicability = Applicability::display_only;
  if (site.step.in_child) return decline(fix, "the trigger runs in the build of another image");
  if (kind.id.empty()) return decline(fix, "which commands read the file is not known");
  if (site.step.copy->sources.size() != 1) return decline(fix, "other files are copied with it");
  const auto target = target_of(*site.step.copy, source);
  if (target.empty()) return decline(fix, "where the file ends up is not known");
  const auto mount = "--mount=type=secret,id=" + std::string(kind.id) + ",target=" + target;
  for (const auto& later : site.stage.steps) {
    if (later.index <= site.step.index || !later.script) continue;
    const bool reads = std::ranges::any_of(later.script->uses, [&](const ToolUse& use) {
      return kind.tools.find(' ' + std::string(use.tool->id) + ' ') != kind.tools.npos &&
             (use.action->kind == ActionKind::install || use.action->kind == ActionKind::fetch);
    });
    if (reads) fix.edits.push_back(add_flags(site.file.document(), *later.instruction, {mount}));
  }
  if (fix.edits.empty()) return decline(fix, "no later command of this stage is known to read it");
  fix.edits.push_back(remove_lines(site.file.document(), own_lines(site.file.document(), *site.step.instruction)));
  fix.checklist.push_back("the build is started with --secret id=" + std::string(kind.id) + ",src=" + source.text);
  fix.checklist.push_back("no other step reads " + target);
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for_each_copy(file, [&](const Stage& stage, const Step& step) {
    if (!step.copy->from_context()) return;
    for (const auto& source : step.copy->sources) {
      if (!source.known || source.heredoc) continue;
      const auto* kind = secret_file(source.text);
      if (kind == nullptr || file.context().ignore().excludes(clean_path(source.text))) continue;
      if (holds_no_credential(file, source)) continue;
      auto& finding =
          report.add(source.span, "this file contains " + std::string(kind->title) + ", and stays in a layer");
      if (!file.ships(stage)) finding.severity = Severity::info;
      finding.fixes.push_back(as_secret({file, stage, step}, source, *kind));
    }
  });
}

}  // namespace

extern constinit const Rule copied_secret_file = {
    .id = "copied-secret-file",
    .category = Category::security,
    .severity = Severity::warning,
    .summary = "a file with credentials is copied into a layer",
    .rationale =
        R"(A layer keeps what was copied into it, even if a later step removes the file: anyone who has the image has
the file. In a stage that is not shipped, it only stays in the build cache, so that is just a note.
`RUN --mount=type=secret,id=npmrc,target=/app/.npmrc …` provides the file to one command and leaves nothing behind; the
build is then started with `--secret id=npmrc,src=.npmrc`.

The proposal is shown but never applied automatically, because the build must then be started differently.)",
    .fix = Applicability::display_only,
    .check = check,
};

}  // namespace dockhew::rules
