// Fires on an option that a command certainly does not have, and on `npm build`, which is no command: what was meant
// has another name, and the build ends there.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "edits/run_edits.hpp"
#include "facts/facts.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

struct Unknown {
  std::string_view tool, option;
  std::string_view meant;  // in its place; empty where it is not needed at all
  std::string_view why = {};
};

constexpr Unknown unknown[] = {
    {"apk", "--nocache", "--no-cache"},
    {"apk", "--no-install-recommends", "", "it installs no recommended packages"},
    {"apk", "-y", "", "it asks no questions"},
    {"apk", "-qy", "-q", "it asks no questions"},
    {"apk", "--yes", "", "it asks no questions"},
    {"apk", "--assume-yes", "", "it asks no questions"},
    {"apt-get", "--no-install-recommend", "--no-install-recommends"},
    {"apt-get", "--no-install-recommands", "--no-install-recommends"},
    {"apt-get", "--no-install-recommended", "--no-install-recommends"},
};

// What stands there is no option: nothing that works today can change.
Fix fix_with(std::string title, TextEdit edit) {
  Fix fix;
  fix.title = std::move(title);
  fix.applicability = Applicability::safe;
  fix.edits = {std::move(edit)};
  return fix;
}

Fix replace(Span span, std::string_view meant) {
  return fix_with("write `" + std::string(meant) + "`", {span, std::string(meant)});
}

void check_options(const Site& site, const ShellCommand& command, Report& report) {
  const auto& script = *site.step.script;
  for (const auto& word : command.words)
    for (const auto& each : unknown)
      if (command.name() == each.tool && word.raw == each.option) {
        const auto advice = each.why.empty() ? "`" + std::string(each.meant) + "` is meant" : std::string(each.why);
        const auto span = script.to_source(word.span);
        auto& finding = report.add(span, '`' + std::string(each.tool) + "` has no option `" + std::string(each.option) +
                                             "`, so this fails; " + advice);
        finding.fixes.push_back(each.meant.empty() ? fix_with("remove the option", remove_word(script, word))
                                                   : replace(span, each.meant));
      }
}

// npm 7, which Node has had since 16, knows no such command. The one of before ran no script.
void check_npm(const Site& site, const ShellCommand& command, Report& report) {
  constexpr std::string_view first_without = "16";
  if (command.name() != "npm" || command.words.size() != 2 || command.words[1].raw != "build") return;
  const auto& image = site.stage.image;
  const bool is_node = image && image->entry != nullptr && image->entry->language == "node";
  const bool fails = is_node && (image->version.empty() || version_at_least(image->version, first_without));
  auto& finding = report.add(site.step.script->to_source(command.span),
                             std::string("`npm build` does not run the project's script") +
                                 (fails ? ", and fails" : "") + "; `npm run build` is meant");
  finding.fixes.push_back(replace(site.step.script->to_source(command.span), "npm run build"));
  if (fails) return;
  finding.severity = Severity::warning;
  finding.fixes.front().applicability = Applicability::unsafe;
  finding.fixes.front().checklist = {"the script `build` of package.json runs then, which it does not now"};
}

// Poetry 2 has no `--no-dev`; `pip install poetry` takes the newest, on a Python that it runs on.
bool installs_newest_poetry(const Site& site) {
  constexpr std::string_view first_with = "3.9";
  const auto& image = site.stage.image;
  const bool runs = image && image->entry != nullptr && image->entry->language == "python" &&
                    (image->version.empty() || version_at_least(image->version, first_with));
  return runs && std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
           constexpr std::string_view options[] = {"--constraint", "--requirement", "-c", "-r"};
           const auto is_told = [&](std::string_view option) { return use.has_option(option); };
           return use.action->kind == ActionKind::install && use.action->packages && !use.tool->packages.of_system &&
                  std::ranges::none_of(options, is_told) && std::ranges::any_of(use.operands, [&](std::size_t i) {
                    return use.command->words[i].raw == "poetry";
                  });
         });
}

// `ENV PIP_CONSTRAINT=c.txt`, `pip install "poetry==1.1.15"`
bool may_choose_poetry(const Site& site) {
  const auto text = site.file.source();
  return text.find("PIP_CONSTRAINT") != text.npos || text.find("poetry==") != text.npos ||
         text.find("poetry<") != text.npos || text.find("poetry~") != text.npos;
}

void check_poetry(const Site& site, const ShellCommand& command, Report& report) {
  if (command.name() != "poetry" || !command.has_word("install") || !command.has_word("--no-dev") ||
      may_choose_poetry(site))
    return;
  if (!installs_newest_poetry(site) && !site.any_earlier({"installs the newest Poetry"}, installs_newest_poetry))
    return;
  const auto word = std::ranges::find(command.words, "--no-dev", &ShellWord::raw);
  const auto span = site.step.script->to_source(word->span);
  auto& finding = report.add(span,
                             "Poetry 2, which is installed before, has no option `--no-dev`, so this fails; `--without "
                             "dev`, or `--only main`, is meant");
  finding.fixes.push_back(replace(span, "--only main"));
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script) continue;
      for (const auto& command : step.script->commands) {
        if (command.words.empty() || command.conditional) continue;
        check_options({file, stage, step}, command, report);
        check_npm({file, stage, step}, command, report);
        check_poetry({file, stage, step}, command, report);
      }
    }
}

}  // namespace

extern constinit const Rule unknown_option = {
    .id = "unknown-option",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "a command is given an option that it does not have",
    .rationale =
        R"(`apk add --nocache` and `apk add -y` end with "unrecognized option": Alpine's package manager has `--no-cache`, and never
asks. `npm build` is not `npm run build`: npm 7 and later do not know it, and older ones do something else. Poetry 2 has `--without dev` in place of `--no-dev`.

Only slips that people make often are known.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
