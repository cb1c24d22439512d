#include "language_server/code_actions.hpp"

#include <algorithm>
#include <set>

#include "language_server/diagnostics.hpp"
#include "language_server/server_commands.hpp"
#include "language_server/workspace_edits.hpp"
#include "lint/silencing.hpp"

namespace dockhew::cli {
namespace {

constexpr std::string_view quick_fix = "quickfix", fix_all_kind = "source.fixAll.dockhew",
                           optimize_kind = "refactor.rewrite.dockhew.optimize";

// "a" is one of the kinds "", "a" and, of "a.b", "a".
bool is_of_kind(std::string_view kind, std::string_view wanted) {
  return wanted.empty() || kind == wanted || (kind.starts_with(wanted) && kind[wanted.size()] == '.');
}

class Actions {
 public:
  Actions(const Snapshot& snapshot, const Json& params, const Client& client)
      : snapshot_(snapshot), client_(client), span_(lines_of(snapshot.positions, params.find("range"))) {
    const auto* context = params.find("context");
    if (context == nullptr) return;
    if (const auto* only = context->find("only"); only != nullptr && only->is_array()) {
      limited_ = true;
      for (const auto& kind : only->elements())
        if (kind.string() != nullptr) only_.push_back(*kind.string());
    }
  }

  Json collect() && {
    if (is_wanted(quick_fix)) {
      for (const auto& finding : snapshot_.findings)
        if (is_at(finding, span_)) add_fixes(finding);
      for (const auto& finding : snapshot_.findings)
        if (is_at(finding, span_)) add_silencing(finding);
    }
    // On a file that is saved, an editor asks for this kind, and everywhere else for all.
    const bool asks_for_source =
        std::ranges::any_of(only_, [](const std::string& kind) { return kind.starts_with("source"); });
    if (is_wanted(fix_all_kind) && (asks_for_source || !limited_) && has_safe_fix())
      add_command({CommandKind::fix_all, snapshot_.uri}, "Make all safe fixes of dockhew", fix_all_kind);
    if (is_wanted(optimize_kind)) add_optimizing();
    return std::move(actions_);
  }

 private:
  // Whole lines: who stands in a line means what is said of it.
  static Span lines_of(const Positions& positions, const Json* range) {
    const auto span = positions.span(range);
    return {positions.line_begin(positions.line(span.begin)), positions.line_span(positions.line(span.end)).end};
  }

  bool is_wanted(std::string_view kind) const {
    return !limited_ || std::ranges::any_of(only_, [&](const std::string& wanted) { return is_of_kind(kind, wanted); });
  }

  // "add a cache mount for pip (conditional: the base image leaves pip's cache where it is)"
  static std::string title_of(const Fix& fix) {
    auto title = fix.title + " (" + std::string(to_string(fix.applicability));
    for (const auto& assumption : fix.assumptions)
      title += (&assumption == fix.assumptions.data() ? ": " : "; ") + assumption.sentence;
    if (!fix.checklist.empty()) title += ": look at the result";
    title += ')';
    title[0] = 'a' <= title[0] && title[0] <= 'z' ? static_cast<char>(title[0] - 32) : title[0];
    return title;
  }

  void add(std::string title, std::string_view kind, const Finding& finding, std::vector<TextEdit> edits,
           bool preferred) {
    if (!client_.literal_actions) return;
    Json action = {{"title", std::move(title)},
                   {"kind", kind},
                   {"diagnostics", Json::array(diagnostic_of(snapshot_, finding, client_))},
                   {"edit", workspace_edit(snapshot_, std::move(edits), client_)}};
    if (preferred) action["isPreferred"] = true;
    actions_.push_back(std::move(action));
  }

  void add_fixes(const Finding& finding) {
    std::vector<const Fix*> fixes;
    for (const auto& fix : finding.fixes)
      if (!fix.edits.empty() && fix.declined.empty()) fixes.push_back(&fix);
    std::ranges::stable_sort(fixes, std::ranges::greater(), &Fix::applicability);
    for (const auto* fix : fixes)
      add(title_of(*fix), quick_fix, finding, fix->edits,
          fix == fixes.front() && fix->applicability == Applicability::safe);
  }

  // Of several findings of one rule, one is enough.
  void add_silencing(const Finding& finding) {
    const auto& settings = *snapshot_.settings;
    if (settings.as_buildkit || !settings.lint.comments) return;
    const auto name = silencing_name(finding);
    if (!silenced_.insert(name).second) return;
    if (auto edit = silence_here(*snapshot_.file, finding))
      add("Ignore " + name + " on this line", quick_fix, finding, {*std::move(edit)}, false);
    if (auto edit = silence_in_file(*snapshot_.file, finding))
      add("Ignore " + name + " in this file", quick_fix, finding, {*std::move(edit)}, false);
  }

  bool has_safe_fix() const {
    return std::ranges::any_of(snapshot_.findings, [](const Finding& finding) {
      return std::ranges::any_of(
          finding.fixes, [](const Fix& fix) { return !fix.edits.empty() && fix.applicability == Applicability::safe; });
    });
  }

  // The edit is made when the action is chosen: the client asks for it then, or has the command executed.
  void add_command(const ServerCommand& command, std::string_view title, std::string_view kind) {
    auto said = command_json(command, title);
    if (!client_.literal_actions) {
      actions_.push_back(std::move(said));
      return;
    }
    Json action = {{"title", title}, {"kind", kind}};
    // What only `resolve` can give is an edit; a message needs the command.
    const bool resolved = client_.resolves_edits && command.kind == CommandKind::fix_all;
    if (resolved) {
      said["uri"] = command.uri;
      action["data"] = std::move(said);
    } else {
      action["command"] = std::move(said);
    }
    actions_.push_back(std::move(action));
  }

  void add_optimizing() {
    const auto optimize = [&](Applicability least) {
      return ServerCommand{CommandKind::optimize, snapshot_.uri, least};
    };
    if (snapshot_.file->stages().empty()) return;
    add_command(optimize(Applicability::conditional), "Optimize this Dockerfile (safe and conditional changes)",
                optimize_kind);
    add_command(optimize(Applicability::unsafe), "Optimize this Dockerfile (also changes that a person must look at)",
                optimize_kind);
  }

  const Snapshot& snapshot_;
  const Client& client_;
  Span span_;
  bool limited_ = false;
  std::vector<std::string> only_;
  std::set<std::string> silenced_;
  Json actions_ = Json::array();
};

}  // namespace

Json code_action_kinds() { return Json::array(quick_fix, fix_all_kind, optimize_kind); }

Json code_actions_at(const Snapshot& snapshot, const Json& params, const Client& client) {
  return Actions(snapshot, params, client).collect();
}

}  // namespace dockhew::cli
