// Fires when a build argument that differs from build to build, a commit or a date, is declared before RUNs that do not
// use it. For BuildKit, a RUN depends on every declared argument, used or not. The fix declares it after them, along
// with the labels and variables that take its value.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ecosystems/installation.hpp"
#include "ecosystems/named_files.hpp"
#include "edits/run_edits.hpp"
#include "effects/manifest_copy.hpp"
#include "flow/read_variables.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

constexpr std::array<std::string_view, 35> volatile_names = {
    "BUILDTIME",     "BUILD_AT",      "BUILD_COMMIT",        "BUILD_DATE",    "BUILD_HASH",     "BUILD_ID",
    "BUILD_NUMBER",  "BUILD_REV",     "BUILD_REVISION",      "BUILD_SHA",     "BUILD_TIME",     "BUILD_TIMESTAMP",
    "BUILD_VERSION", "CI_COMMIT_SHA", "CI_COMMIT_SHORT_SHA", "CI_JOB_ID",     "CI_PIPELINE_ID", "COMMIT",
    "COMMIT_HASH",   "COMMIT_ID",     "COMMIT_SHA",          "CREATED",       "GITHUB_RUN_ID",  "GITHUB_RUN_NUMBER",
    "GITHUB_SHA",    "GIT_COMMIT",    "GIT_COMMIT_SHA",      "GIT_HASH",      "GIT_REV",        "GIT_REVISION",
    "GIT_SHA",       "REVISION",      "SHORT_SHA",           "SOURCE_COMMIT", "VCS_REF"};

// With another default, the argument says which version is built, and is rarely passed.
constexpr std::array<std::string_view, 10> placeholders = {"",     "unknown", "dev", "none", "local", "development",
                                                           "head", "0",       "n/a", "unset"};

constexpr std::size_t longest_command = 40;  // as it is shown

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool mentions(std::string_view text, const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
      const auto end = at + name.size();
      if ((at == 0 || !is_word_character(text[at - 1])) && (end == text.size() || !is_word_character(text[end])))
        return true;
    }
    return false;
  });
}

// `LABEL org.opencontainers.image.revision=$STAMP`: a stage says of what commit or date the argument is.
bool feeds_label(const Stage& stage, const std::string& name) {
  constexpr std::string_view keys[] = {"org.opencontainers.image.created", "org.opencontainers.image.revision",
                                       "org.opencontainers.image.version", "org.label-schema.build-date",
                                       "org.label-schema.vcs-ref"};
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.instruction->keyword == Keyword::label &&
           std::ranges::any_of(step.instruction->pairs, [&](const NameValue& pair) {
             std::string key = pair.name;
             std::erase(key, '"');
             return std::ranges::find(keys, key) != std::end(keys) && mentions(pair.value, {name});
           });
  });
}

// The name of the argument, if an instruction declares a single one that differs from build to build: by its name, by
// the label that takes its value, or because a build known of passes such a value.
std::optional<std::string> volatile_argument(const Stage& stage, const Step& step, const ContextOrigin& origin) {
  if (step.instruction->keyword != Keyword::arg || step.instruction->arguments.size() != 1) return std::nullopt;
  const std::string_view text = step.instruction->arguments[0].text;
  const auto equals = text.find('=');
  std::string name(text.substr(0, equals)), value(equals == text.npos ? "" : text.substr(equals + 1));
  std::erase_if(value, [](char c) { return c == '"' || c == '\''; });
  std::ranges::transform(value, value.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (origin.changing_arguments.contains(name)) return name;
  if (origin.passed_arguments && !origin.passed_arguments->contains(name)) return std::nullopt;
  std::string upper = name;
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const bool found = std::ranges::find(placeholders, value) != placeholders.end() &&
                     (std::ranges::find(volatile_names, upper) != volatile_names.end() || feeds_label(stage, name));
  return found ? std::optional(std::move(name)) : std::nullopt;
}

// A layer that compiles what the manifests list: of the project itself nothing is there that could use the argument.
bool compiles_dependencies_alone(const Site& site, const ToolUse& use) {
  const auto& directory = use.command->directory;
  if (!use.tool->cost.compiles_dependencies || use.action->kind != ActionKind::build || !directory.is_known())
    return false;
  const auto copies_manifests = [](const Site& earlier) {
    const auto& copy = earlier.step.copy;
    return copy && copy->from_context() && copies_only_manifests(earlier.file, *copy);
  };
  const auto copies_more = [&](const Site& earlier) {
    const auto& copy = earlier.step.copy;
    return copy && !copies_manifests(earlier) &&
           (!copy->destination.is_known() || path_is_under(directory.text, copy->destination.text) ||
            path_is_under(copy->destination.text, directory.text));
  };
  return site.any_earlier({"copies manifests alone"}, copies_manifests) &&
         !site.any_earlier({"copies more than manifests to ", directory.text}, copies_more);
}

// Packages are installed and files are moved the same way, whatever the commit is. A build may use it.
bool has_no_use(const Dockerfile& file, const Stage& stage, const Step& step) {
  if (!step.script || step.script->opaque || step.script->commands.empty()) return false;
  return std::ranges::all_of(step.script->commands, [&](const ShellCommand& command) {
    if (command.words.empty()) return true;
    if (const auto* use = command.use)
      return compiles_dependencies_alone({file, stage, step}, *use) ||
             (!use->action->reads_source &&
              (installs_by_name(*use) || (installs_from_manifest(*use) && !installs_project(*use)) ||
               use->action->kind == ActionKind::fetch || use->action->kind == ActionKind::clean));
    const auto& name = command.name();
    return name != "env" && name != "printenv" && name != "export" && name != "set" &&
           (file.facts().is_plain(name) || file.facts().is_bystander(name));
  });
}

// What reads a variable that a RUN does not mention.
struct Reader {
  const ToolUse* use = nullptr;
  std::string variable;
  std::string file;  // of the project; empty where the tool itself does
};

// `ENV PIP_EXTRA_INDEX_URL=https://example.org/$COMMIT_SHA`: pip reads it by its name. And `"postinstall"` of a
// package.json, a mix.exs or a requirements.txt may name it.
std::optional<Reader> find_reader(const Site& site, const std::vector<std::string>& names) {
  for (const auto& use : site.uses())
    for (const auto& name : names) {
      if (is_variable_of(*use.tool, name)) return Reader{&use, name, ""};
      if (auto path = file_naming_variable(site, use, name); !path.empty()) return Reader{&use, name, std::move(path)};
    }
  return std::nullopt;
}

struct Early {
  std::vector<std::size_t> moved;  // the argument and what takes its value, ascending
  std::size_t after = 0;           // the last RUN that does not use it
  std::string costly;              // what such RUNs do that takes time; empty when nothing does
  std::size_t costly_step = 0;     // the first that does it
  std::size_t stopped_at = 0;      // the RUN that may use it because of what a file says, if that ends the search,
  std::optional<Reader> reader;    // and which file does
  std::vector<std::string> names;  // of the argument, and of the variables that take its value
  std::size_t user = 0;            // the step that uses it and ends the search; 0 where none does
};

Early find_early(const Dockerfile& file, const Stage& stage, std::size_t argument, const std::string& name) {
  Early early;
  early.moved.push_back(argument);
  std::vector<std::string> names = {name};
  for (auto i = argument + 1; i < stage.steps.size(); ++i) {
    const auto& step = stage.steps[i];
    const auto& instruction = *step.instruction;
    const bool mentioned = mentions(slice(file.source(), instruction.span), names);
    if (instruction.keyword == Keyword::onbuild || instruction.keyword == Keyword::unknown) break;
    if (instruction.keyword == Keyword::run) {
      if (mentioned || !has_no_use(file, stage, step)) {
        early.user = i;
        break;
      }
      early.stopped_at = i;
      if (early.reader = find_reader({file, stage, step}, names); early.reader) {
        early.user = i;
        break;
      }
      early.after = i;
      const auto& uses = step.script->uses;
      if (early.costly.empty() && !uses.empty()) {
        early.costly = first_words(step.script->text.view(uses.front().command->span), longest_command);
        early.costly_step = i;
      }
    } else if (mentioned && instruction.keyword == Keyword::label) {
      early.moved.push_back(i);
    } else if (mentioned && instruction.keyword == Keyword::env && instruction.pairs.size() == 1 &&
               instruction.pairs[0].name != "PATH" && instruction.pairs[0].name != "HOME") {
      early.moved.push_back(i);
      names.push_back(instruction.pairs[0].name);
    } else if (mentioned) {
      early.user = i;
      break;
    }
  }
  std::erase_if(early.moved, [&](std::size_t i) { return i > early.after; });
  early.names = std::move(names);
  return early;
}

// Whether anything in the stage, or in one that is built on it, could use the argument: a build may read it from its
// environment, and so may a script or what an ENTRYPOINT is told by way of a variable.
bool is_unused(const Dockerfile& file, const Stage& stage, std::size_t argument, const std::string& name) {
  const auto leaves_alone = [&](const Step& step) {
    const auto keyword = step.instruction->keyword;
    if (mentions(slice(file.source(), step.instruction->span), {name})) return false;
    return keyword != Keyword::onbuild && keyword != Keyword::unknown &&
           (keyword != Keyword::run || (has_no_use(file, stage, step) && !find_reader({file, stage, step}, {name})));
  };
  const auto is_built_on_it = [&](const Stage& other) { return other.parent == stage.index; };
  return std::ranges::all_of(stage.steps.begin() + static_cast<std::ptrdiff_t>(argument) + 1, stage.steps.end(),
                             leaves_alone) &&
         std::ranges::none_of(file.stages(), is_built_on_it);
}

// `ARG GIT_REF_NAME`: passed along with those that differ from build to build.
bool is_passed_along(const Step& step) {
  if (step.instruction->keyword != Keyword::arg || step.instruction->arguments.size() != 1) return false;
  constexpr std::string_view beginnings[] = {"BUILD_", "CI_", "GIT_", "GITHUB_", "VCS_"};
  const std::string_view text = step.instruction->arguments[0].text;
  return text.find('=') == text.npos &&
         std::ranges::any_of(beginnings, [&](std::string_view beginning) { return text.starts_with(beginning); });
}

// Those of a stage that nothing uses are one finding. A builder only warns about a value for an argument that is not
// declared.
void report_unused(const Dockerfile& file, const Stage& stage, const std::vector<std::size_t>& arguments,
                   const std::string& costly, Report& report) {
  Fix fix;
  std::vector<std::string> names;
  for (const auto i : arguments) {
    const auto& instruction = *stage.steps[i].instruction;
    const auto& text = instruction.arguments[0].text;
    names.push_back(text.substr(0, text.find('=')));
    fix.edits.push_back(remove_lines(file.document(), own_lines(file.document(), instruction)));
  }
  const auto all = list_quoted(names, names.size());
  const bool one = arguments.size() == 1;
  auto& finding = report.add(stage.steps[arguments.front()].instruction->head_span(),
                             "nothing in this stage uses " + all + ", but every build with " +
                                 (one ? "a different value" : "different values") + " runs `" + costly +
                                 "` again; delete " + (one ? "it" : "them"));
  fix.title = one ? "delete the declaration" : "delete the declarations";
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back(
      {"unread-by-installation", "steps that only install packages or compile dependencies do not read " + all});
  finding.fixes.push_back(std::move(fix));
}

// The arguments for which the same RUN is the first that runs again.
struct Group {
  std::vector<std::string> names;
  std::vector<Early> all;
};

Fix plan(const Dockerfile& file, const Stage& stage, const Group& group) {
  const auto& document = file.document();
  const auto names = list_quoted(group.names, group.names.size());
  Fix fix;
  fix.title = "declare " + names + " after the RUNs that do not use " + (group.names.size() == 1 ? "it" : "them");
  // What takes the values of several goes behind the last place of theirs.
  std::map<std::size_t, std::size_t> places;
  for (const auto& early : group.all)
    for (const auto index : early.moved) places[index] = std::max(places[index], early.after);
  std::map<std::size_t, std::string> moved;  // by the step that it goes behind
  Span gap{};                                // the contiguous lines that are vacated
  for (const auto& [index, after] : places) {
    const auto lines = instruction_lines(document, *stage.steps[index].instruction);
    moved[after] += slice(file.source(), lines);
    gap = {gap.end == lines.begin && gap.end != 0 ? gap.begin : lines.begin, lines.end};
    fix.edits.push_back({lines_to_vacate(document, gap, lines), ""});
    fix.moves.push_back(lines);
  }
  for (auto& [after, text] : moved)
    fix.edits.push_back(insert_lines_after(document, *stage.steps[after].instruction, std::move(text)));
  fix.applicability = Applicability::conditional;
  fix.assumptions.push_back(
      {"unread-by-installation", "steps that only install packages or compile dependencies do not read " + names});
  return fix;
}

void report_group(const Dockerfile& file, const Stage& stage, const Group& group, Report& report) {
  const auto count = group.names.size();
  auto& finding =
      report.add(stage.steps[group.all.front().moved.front()].instruction->head_span(),
                 "every build with " + std::string(count == 1 ? "a different " : "other values of ") +
                     list_quoted(group.names, count) + " runs `" + group.all.front().costly + "` again, which " +
                     (count == 1   ? "does not use it"
                      : count == 2 ? "uses neither"
                                   : "uses none of them"));
  finding.fixes.push_back(plan(file, stage, group));
}

// It stays before the first installation that may use it.
void report_read(const Stage& stage, std::size_t argument, const std::string& name, const Early& early,
                 Report& report) {
  const auto& [use, variable, path] = *early.reader;
  const auto& step = stage.steps[early.stopped_at];
  const auto command = first_words(step.script->text.view(use->command->span), longest_command);
  auto& finding = report.add(stage.steps[argument].instruction->head_span(),
                             "every build with a different `" + name + "` runs `" + command + "` again");
  finding.severity = Severity::info;
  Fix fix;
  fix.title = "declare it after the RUNs that do not use it";
  finding.fixes.push_back(decline(fix, "`" + path + "`, which `" + command + "` reads, names `" + variable + "`"));
}

// The RUN of a stage that is built on another one, or of that stage itself, which takes time and runs again whenever
// the argument differs, although nothing up to it uses the argument.
struct Below {
  const Stage* stage = nullptr;
  std::string command;
};

Below first_below(const Dockerfile& file, const Stage& stage, const std::vector<std::string>& names) {
  for (const auto& other : file.stages()) {
    if (other.parent != stage.index) continue;
    for (const auto& step : other.steps) {
      const auto keyword = step.instruction->keyword;
      const bool mentioned = mentions(slice(file.source(), step.instruction->span), names);
      if (keyword == Keyword::onbuild || keyword == Keyword::unknown || keyword == Keyword::arg) break;
      if (keyword != Keyword::run) {
        if (mentioned && keyword != Keyword::label) break;
        continue;
      }
      if (mentioned || !has_no_use(file, other, step) || find_reader({file, other, step}, names)) break;
      if (const auto& uses = step.script->uses; !uses.empty())
        return {&other, first_words(step.script->text.view(uses.front().command->span), longest_command)};
    }
  }
  return {};
}

// Everything of a stage is there in those that are built on it, also its arguments.
void report_below(const Dockerfile& file, const Stage& stage, std::size_t argument, const std::string& name,
                  const Early& early, Report& report) {
  if (early.user != 0) return;
  const auto below = first_below(file, stage, early.names);
  if (below.stage == nullptr) return;
  auto& finding = report.add(
      stage.steps[argument].instruction->head_span(),
      "every build with a different `" + name + "` runs `" + below.command + "` again" +
          (below.stage->name.empty() ? " in a stage that is built on this one"
                                     : " in the stage `" + below.stage->name + "`, which is built on this one") +
          "; declare it where it is used, behind what does not use it");
  Fix fix;
  fix.title = "declare `" + name + "` where it is used";
  finding.fixes.push_back(decline(fix, "each stage that is built on this one would have to declare it"));
}

// `RUN echo "$VERSION" > /VERSION`: it makes a small file, and could as well do so later.
bool only_writes_value(const Facts& facts, const Step& step) {
  return step.script && !step.script->opaque && step.mounts.empty() &&
         std::ranges::all_of(step.script->commands, [&](const ShellCommand& command) {
           return command.use == nullptr && facts.is_bystander(command.name()) && !command.redirects.empty();
         });
}

// What makes a file of the value stands before RUNs that take time and do not use it.
void report_written(const Dockerfile& file, const Stage& stage, std::size_t argument, const std::string& name,
                    const Early& early, Report& report) {
  if (early.user == 0 || !only_writes_value(file.facts(), stage.steps[early.user])) return;
  const auto later = find_early(file, stage, early.user, name);
  if (later.costly.empty()) return;
  const auto line = std::to_string(LineIndex(file.source()).line(stage.steps[early.user].instruction->span.begin));
  auto& finding =
      report.add(stage.steps[argument].instruction->head_span(),
                 "every build with a different `" + name + "` runs `" + later.costly +
                     "` again, which does not use it; declare it, and write it in line " + line + ", behind that");
  Fix fix;
  fix.title = "declare `" + name + "` after the RUNs that do not use it";
  finding.fixes.push_back(decline(fix, "the RUN of line " + line + " uses it, and would have to move too"));
}

void check_stage(const Dockerfile& file, const Stage& stage, Report& report) {
  std::vector<std::size_t> unused;
  std::string costly;
  std::map<std::size_t, Group> groups;  // by that RUN
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto name = volatile_argument(stage, stage.steps[i], file.context().origin());
    if (!name) continue;
    auto early = find_early(file, stage, i, *name);
    if (early.reader && !early.reader->file.empty()) report_read(stage, i, *name, early, report);
    if (early.costly.empty()) {
      report_below(file, stage, i, *name, early, report);
      report_written(file, stage, i, *name, early, report);
      continue;
    }
    if (is_unused(file, stage, i, *name)) {
      if (unused.empty()) costly = early.costly;
      unused.push_back(i);
      continue;
    }
    auto& group = groups[early.costly_step];
    group.names.push_back(*name);
    group.all.push_back(std::move(early));
  }
  for (const auto& [step, group] : groups) report_group(file, stage, group, report);
  if (unused.empty()) return;
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    if (is_passed_along(stage.steps[i]) && std::ranges::find(unused, i) == unused.end() &&
        is_unused(file, stage, i, stage.steps[i].instruction->arguments[0].text))
      unused.push_back(i);
  std::ranges::sort(unused);
  report_unused(file, stage, unused, costly, report);
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) check_stage(file, stage, report);
}

}  // namespace

extern constinit const Rule volatile_argument_before_run = {
    .id = "volatile-argument-before-run",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "an argument that differs from build to build is declared before RUNs that do not use it",
    .rationale = R"(Every argument declared in a stage is part of the environment of the RUNs after it, and BuildKit
looks up their layers in the cache by that environment, whether they use the argument or not. With a commit or a date
before the installation, no two builds share anything.

The fix moves the declaration after the RUNs that only install packages or handle files, together with the labels and
variables that take its value. An argument that nothing in its stage uses is deleted. Of a stage that others are built on, the
RUNs of those count too; there the fix is left to you, as it is where a RUN that only writes the value into a file stands first. Build commands may use the argument, so it stays before them, and before an installation for
which a file of the project names it, as the `postinstall` of a package.json may. Such arguments are
recognized by name: `GIT_COMMIT`, `BUILD_DATE`, `VCS_REF` and the like, or by the label that takes their value
(`org.opencontainers.image.revision`, `created`, `version`), without a default that pins a version. Where
files of the project say what builds the image, an argument counts that one of them gives such a value (`${{ github.sha }}`,
`$(git rev-parse HEAD)`), whatever its name, and none that no build passes.)",
    .fix = Applicability::conditional,
    .check = check,
};

}  // namespace dockhew::rules
