// Fires on a project that two stages of one image compile with the same command, or a package of it, such as a library
// that is built once by itself and once more where it is linked into an extension of another language: its dependencies
// are compiled twice.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/system/c_library.hpp"
#include "effects/source_parts.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

// Nobody writes more of them, and each is compared with all of the others.
constexpr std::size_t most_builds = 50;

struct Build {
  Site site;
  const ToolUse* use;
};

// `-p core --package=worker`: the packages, and the other words.
struct Words {
  std::vector<std::string> packages;
  std::string others;
};

std::optional<Words> words_of(const Build& build) {
  Words result{{}, std::string(build.use->tool->id)};
  bool is_package = false;
  for (const auto& word : build.use->command->words) {
    if (!word.value.is_known()) return std::nullopt;
    constexpr std::string_view option = "--package=";
    const auto& text = word.text();
    const bool takes_package = text == "-p" || text == "--package";
    if (is_package) result.packages.push_back(text);
    else if (text.starts_with(option)) result.packages.push_back(text.substr(option.size()));
    else if (!takes_package) result.others += ' ' + text;
    is_package = !is_package && takes_package;
  }
  return result;
}

// What is the same in two builds of the same: the words, and which of the packages, each by itself, or else the
// directory of the project.
std::vector<std::string> what_is_built(const Build& build) {
  auto words = words_of(build);
  if (!words) return {};
  for (auto& package : words->packages) package = words->others + " -p " + package;
  if (!words->packages.empty()) return std::move(words->packages);
  const auto& directory = build.use->command->directory;
  if (!directory.is_known()) return {};
  const auto project =
      project_in_context(build.site.file, build.site.stage, build.site.earlier().size(), directory.text);
  if (!project) return {};
  return {words->others + " in " + *project};
}

std::vector<Build> builds_in(const Dockerfile& file, const std::vector<bool>& stages) {
  std::vector<Build> builds;
  for (const auto& stage : file.stages()) {
    if (!stages[stage.index]) continue;
    for (const auto& step : stage.steps) {
      if (!step.script) continue;
      for (const auto& use : step.script->uses)
        if (use.action->kind == ActionKind::build && use.tool->cost.compiles_dependencies &&
            builds.size() < most_builds)
          builds.push_back({{file, stage, step}, &use});
    }
  }
  return builds;
}

// Stages on images with different C libraries make different programs.
bool can_share(const Build& one, const Build& other) {
  const auto& file = one.site.file;
  if (continues(file, one.site.stage, other.site.stage) || continues(file, other.site.stage, one.site.stage))
    return false;
  const auto a = c_library_of(one.site.stage), b = c_library_of(other.site.stage);
  if (a.kind != b.kind || a.kind == CLibrary::Kind::unknown) return false;
  const auto* ecosystem = find_ecosystem(*one.use->tool);
  return ecosystem == nullptr || ecosystem->unused_compilation == nullptr ||
         ecosystem->unused_compilation(one.site, *one.use, other.site, *other.use).empty();
}

void check_target(const Dockerfile& file, const Stage& target, std::set<std::uint32_t>& said, Report& report) {
  std::vector<bool> wanted(file.stages().size());
  wanted[target.index] = true;
  std::map<std::string, Build> first;
  for (const auto& build : builds_in(file, with_needed_stages(file, std::move(wanted)))) {
    for (const auto& what : what_is_built(build)) {
      const auto [found, is_new] = first.try_emplace(what, build);
      if (is_new || !can_share(found->second, build)) continue;
      const auto span = build.site.step.script->to_source(build.use->command->span);
      if (!said.insert(span.begin).second) break;
      const auto& other = found->second.site.stage;
      report.add(span, "stage " + (other.name.empty() ? std::to_string(other.index) : '`' + other.name + '`') +
                           " compiles the same, so that an image waits for both; build it in one stage and copy what "
                           "that has made");
      break;
    }
  }
}

void check(const Dockerfile& file, Report& report) {
  constexpr std::size_t most_targets = 20;
  std::set<std::uint32_t> said;
  std::size_t targets = 0;
  for (const auto& stage : file.stages())
    if (stage.target && ++targets <= most_targets) check_target(file, stage, said, report);
}

}  // namespace

extern constinit const Rule compiled_in_two_stages = {
    .id = "compiled-in-two-stages",
    .category = Category::speed,
    .severity = Severity::info,
    .summary = "two stages of an image compile the same project",
    .rationale =
        R"(Stages share layers only with the stages that they are built on. A stage that builds a crate and another one that builds
it again, to link it into an extension of Ruby or Python, compile all of its dependencies twice, and keep them in two
layers.

Do both in one stage, or let the second one take what the first has made with `COPY --from`. There is no fix: which of the
stages has all that both need is not written in the file. Stages that differ in the profile, the target, the flags or the C
library make different programs and are not reported.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
