// Fires on a RUN that only sets the owner or the mode of the one file that the COPY above it has brought. The file then
// lies in two layers; COPY's own --chown and --chmod keep it in one.
#include <algorithm>
#include <string>

#include "edits/run_edits.hpp"
#include "lint/rule.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// The path of the one file that a COPY makes; empty when it may be several or is not known.
std::string copied_file(const Dockerfile& file, const Copy& copy) {
  if (copy.sources.size() != 1 || !copy.destination.is_known()) return {};
  const auto& source = copy.sources[0];
  const bool pattern = source.text.find_first_of("*?[") != std::string::npos;
  if (source.heredoc || !source.known || pattern || source.text.empty()) return {};
  const auto& context = file.context();
  if (copy.from_context() && context.is_known() && context.kind(clean_path(source.text)) != PathKind::file) return {};
  const auto& to = copy.destination.text;
  return clean_path(copy.directory ? to + "/" + std::string(path_basename(clean_path(source.text))) : to);
}

bool adds_execution(const ShellCommand& command) {
  return command.name() == "chmod" && (command.words[1].text() == "+x" || command.words[1].text() == "a+x");
}

// The flag that says the same as the command; empty when none does. `chown user` leaves the group as it is, which is
// root's, where `--chown=user` would set the user's own. Git knows the modes 0644 and 0755 only, and `+x` makes 0755 of
// both.
std::string flag_for(const ShellCommand& command) {
  const auto& what = command.words[1].text();
  if (adds_execution(command)) return "--chmod=0755";
  if (command.name() == "chmod")
    return what.find_first_not_of("01234567") == what.npos && what.size() <= 4 ? "--chmod=" + what : "";
  if (what.empty() || what.find_first_of(" \"'$") != what.npos) return {};
  const auto colon = what.find(':');
  if (colon == what.npos) return "--chown=" + what + ":0";
  return colon == 0 || colon + 1 == what.size() ? "" : "--chown=" + what;
}

Fix as_flag(const Dockerfile& file, const Step& copy, const Step& run, const RuleOptions& options) {
  Fix fix;
  const auto& command = run.script->commands[0];
  const auto decline = [&](const char* why) { return fix.declined = why, fix; };
  const auto flag = flag_for(command);
  if (flag.empty()) return decline("COPY has no flag that says the same");
  fix.title = "let COPY set it with `" + flag + "`";
  const bool is_old = options.builder == Builder::legacy || options.builder == Builder::kaniko;
  if (is_old && flag.starts_with("--chmod")) return decline("the builder knows no `COPY --chmod`");
  if (std::ranges::any_of(copy.instruction->flags, [](const Flag& other) { return other.name != "from"; }))
    return decline("the COPY has flags already");
  if (!run.instruction->flags.empty() || run.instruction->json || run.script->from_heredoc)
    return decline("the RUN is more than one plain command");
  if (copy.instruction->keyword == Keyword::add) return decline("ADD may have unpacked the file");
  if (adds_execution(command) && !copy.copy->from_context()) return decline("the mode of the file is not known");
  const char* kind = adds_execution(command) ? "of mode 0644 or 0755, as git makes it" : "without set-user-id bits";
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back({"plain-source-file", "`" + copy.copy->sources[0].text + "` is one plain file " + kind});
  const auto at = copy.instruction->keyword_span.end;
  fix.edits = {{{at, at}, " " + flag}, {own_lines(file.document(), *run.instruction), ""}};
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (std::size_t i = 1; i < stage.steps.size(); ++i) {
      const auto &copy = stage.steps[i - 1], &run = stage.steps[i];
      if (!copy.copy || !run.script || run.script->commands.size() != 1 || run.script->chain.size() > 1) continue;
      const auto& command = run.script->commands[0];
      const bool sets = command.name() == "chown" || command.name() == "chmod";
      if (!sets || command.words.size() != 3 || !command.wrappers.empty() || command.conditional) continue;
      const auto made = copied_file(file, *copy.copy);
      const auto& named = command.words[2].text();
      if (made.empty() || named.empty() || !command.directory.is_known() ||
          resolve_path(command.directory.text, named) != made)
        continue;
      auto& finding =
          report.add(run.script->to_source(command.span), "`" + command.name() + "` puts a second copy of `" + made +
                                                              "` into a layer of its own; COPY can set it");
      finding.fixes.push_back(as_flag(file, copy, run, report.options()));
    }
}

}  // namespace

extern constinit const Rule copy_then_chown = {
    .id = "copy-then-chown",
    .category = Category::size,
    .severity = Severity::info,
    .summary = "owner or mode of a copied file set by a RUN of its own",
    .rationale = R"(A layer holds whole files. `RUN chown` or `RUN chmod` on a file that `COPY` has just brought writes
it a second time, and runs again whenever the file changes. `COPY --chown=user:group --chmod=0755`
does it in one layer.

Only one file is looked at: for a directory, `--chmod` would give every file in it the same mode.
`chmod +x` becomes 0755, which is right for files as git checks them out.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
