#include "lint/package_fix.hpp"

#include <algorithm>
#include <optional>

#include "ecosystems/system/archived_releases.hpp"
#include "ecosystems/system/package_sources.hpp"
#include "edits/run_edits.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline lint {
namespace {

std::string run_that_installs(const Stage& stage, std::string_view package) {
  const std::string name(package);
  if (stage.image->distribution == "alpine") return "RUN apk add --no-cache " + name;
  return "RUN apt-get update && apt-get install -y --no-install-recommends " + name + " && rm -rf /var/lib/apt/lists/*";
}

// The end of what the last RUN installs that installs packages of the distribution by name.
std::optional<std::uint32_t> end_of_packages(const Stage& stage) {
  for (auto step = stage.steps.rbegin(); step != stage.steps.rend(); ++step) {
    if (!step->script) continue;
    for (const auto& use : step->script->uses) {
      constexpr std::string_view elsewhere[] = {
          "--download-only", "--only-upgrade", "--root", "--simulate", "--virtual", "-d", "-o", "-s", "-t"};
      const auto is_told = [&](std::string_view option) { return use.has_option(option); };
      const bool installs = use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                            use.action->packages && !use.operands.empty() && !use.command->nested &&
                            !use.command->conditional && std::ranges::none_of(elsewhere, is_told);
      if (installs) return step->script->to_source(use.command->words[use.operands.back()].span).end;
    }
  }
  return std::nullopt;
}

// Whether the file sets what an installation at the top of a stage would lack: a proxy, another mirror, other sources.
bool prepares_installation(const Dockerfile& file) {
  constexpr std::string_view words[] = {"/etc/apk", "/etc/apt", "proxy", "sources.list"};
  const auto prepares = [&](const Step& step) {
    if (!download_setting(step).empty()) return true;
    if (step.instruction->keyword != Keyword::run) return false;
    const auto text = to_lower_ascii(step.instruction->text.view());
    return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
  };
  return std::ranges::any_of(file.stages(),
                             [&](const Stage& stage) { return std::ranges::any_of(stage.steps, prepares); });
}

// `COPY .npmrc`, `ENV NPM_CONFIG_REGISTRY=…`, `NODE_EXTRA_CA_CERTS`
bool names_registry(const Dockerfile& file, const Stage& stage) {
  constexpr std::string_view words[] = {".npmrc", "ca_certs", "ca-cert", "npm_config", "npm config", "registry"};
  const auto names = [&](const Step& step) {
    const auto text = to_lower_ascii(step.instruction->text.view());
    return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
  };
  return std::ranges::any_of(chain_of(file, stage),
                             [&](const Stage* each) { return std::ranges::any_of(each->steps, names); });
}

// Why no RUN of root can be put at the top of the stage; empty where one can.
std::string obstacle_of_root(const Dockerfile& file, const Stage& stage) {
  if (chain_of(file, stage).back()->base_from_argument) return "the base image is only the default of an argument";
  const auto user = stage.image->entry == nullptr ? std::string_view() : stage.image->entry->user;
  if (user != "root") return "the base image may run as another user";
  for (const auto* above : chain_of(file, stage))
    if (above != &stage && std::ranges::any_of(above->steps, [](const Step& step) {
          return step.instruction->keyword == Keyword::user || step.instruction->keyword == Keyword::shell;
        }))
      return "the stage is built on one that sets a user";
  return {};
}

// The same for one that installs packages of the distribution.
std::string obstacle_at_top(const Dockerfile& file, const Stage& stage) {
  const auto& image = *stage.image;
  constexpr std::string_view known[] = {"alpine", "debian", "ubuntu"};
  if (std::ranges::find(known, image.distribution) == std::end(known) ||
      (image.distribution != known[0] && image.release.empty() && image.oldest_release.empty()))
    return "the release of the base image is not known";
  if (archived_release(image)) return "the release of the base image has no packages any more";
  if (auto obstacle = obstacle_of_root(file, stage); !obstacle.empty()) return obstacle;
  if (prepares_installation(file)) return "the file names a proxy, or other sources of packages";
  return {};
}

Fix begun(std::string_view package) {
  Fix fix;
  fix.title = "install `" + std::string(package) + "`";
  fix.applicability = Applicability::conditional;
  fix.assumptions = {{"absent-program", "no step brings the program in a way that its words do not tell"}};
  return fix;
}

// `besides`: why it is in no other RUN, for a person.
Fix install_at_top(const Dockerfile& file, const Stage& stage, std::string_view packages, Fix fix,
                   const std::string& besides) {
  const auto run = run_that_installs(stage, packages);
  if (const auto obstacle = obstacle_at_top(file, stage); !obstacle.empty())
    return decline(fix, besides + obstacle + "; it takes one: `" + run + "`");
  fix.adds_work = true;
  fix.edits = {insert_lines_after(file.document(), *stage.from, run + std::string(file.document().newline()))};
  return fix;
}

}  // namespace

Fix install_fix(const Dockerfile& file, const Stage& stage, std::string_view package) {
  auto fix = begun(package);
  for (const auto* each : chain_of(file, stage))
    if (const auto end = end_of_packages(*each)) {
      fix.edits = {{{*end, *end}, ' ' + std::string(package)}};
      return fix;
    }
  return install_at_top(file, stage, package, std::move(fix), "no RUN of the stage installs packages, and ");
}

Fix install_first_fix(const Dockerfile& file, const Stage& stage, std::string_view package,
                      const std::string& packages) {
  return install_at_top(file, stage, packages, begun(package), "a RUN has to come before, and ");
}

Fix line_first_fix(const Dockerfile& file, const Stage& stage, std::string_view line) {
  Fix fix;
  fix.title = "add `" + std::string(line) + '`';
  if (auto obstacle = obstacle_of_root(file, stage); !obstacle.empty()) return decline(fix, std::move(obstacle));
  if (prepares_installation(file) || names_registry(file, stage))
    return decline(fix, "the file has settings for downloads, which would come after it");
  fix.applicability = Applicability::safe;
  fix.adds_work = true;
  fix.edits = {
      insert_lines_after(file.document(), *stage.from, std::string(line) + std::string(file.document().newline()))};
  return fix;
}

}  // namespace dockhew::inline lint
