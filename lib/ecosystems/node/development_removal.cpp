#include "ecosystems/node/development_removal.hpp"

#include <algorithm>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/development_needs.hpp"
#include "ecosystems/node/global_packages.hpp"
#include "ecosystems/node/omitted_development.hpp"
#include "ecosystems/node/package_json.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/runtime.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool prunes(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
             return (command.name() == "npm" || command.name() == "pnpm") && command.has_word("prune");
           });
  });
}

// Options that change nothing of what is loaded.
bool is_harmless_option(std::string_view word) {
  constexpr std::string_view options[] = {"--enable-source-maps",   "--harmony",        "--max-http-header-size",
                                          "--max-old-space-size",   "--no-deprecation", "--no-warnings",
                                          "--trace-deprecation",    "--trace-uncaught", "--trace-warnings",
                                          "--unhandled-rejections", "--use-openssl-ca"};
  return std::ranges::find(options, word.substr(0, word.find('='))) != std::end(options);
}

// `node dist/main.js`: a file of the project alone, not of its packages or its tests.
bool starts_with_node(std::string_view command) {
  constexpr std::string_view others[] = {"__tests__", "cypress", "e2e", "node_modules", "test", "tests"};
  if (command.find_first_of("&|;`$") != command.npos) return false;
  const auto words = split_words(command);
  if (words.empty() || words[0] != "node") return false;
  std::size_t i = 1;
  while (i < words.size() && is_harmless_option(words[i])) ++i;
  if (i == words.size() || words[i].starts_with('-')) return false;
  return std::ranges::none_of(others, [&](std::string_view other) {
    return ('/' + std::string(words[i])).find('/' + std::string(other) + '/') != std::string::npos;
  });
}

// `CMD curl -f localhost`, and what node itself is told to run.
bool is_plain(const Facts& facts, std::string text) {
  std::erase(text, '\'');
  const auto words = split_words(text);
  return starts_with_node(text) || (!words.empty() && facts.unix_command(words.front()) != nullptr);
}

// A check that starts something else may start what only development has.
bool checks_plainly(const Dockerfile& file, const Stage& runner) {
  const auto* check = last_step(file, runner, Keyword::healthcheck);
  if (check == nullptr) return true;
  auto text = start_text(*check->instruction);
  const auto end = text.find("||");  // `curl … || exit 1`
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.empty() || text == "NONE" || is_plain(file.facts(), text.substr(0, end));
}

}  // namespace

bool runs_plain_node(const Dockerfile& file, const Stage& runner, const Stage& builder, const std::string& project) {
  const auto start = find_start_command(runner);
  const auto starts_plainly = [&](const ContainerStart& other) { return is_plain(file.facts(), other.text); };
  const bool plain_options =
      !file.context().origin().environment.contains("NODE_OPTIONS") &&
      (runner.steps.empty() || file.lookup(runner, runner.steps.back(), "NODE_OPTIONS").text.empty());
  if (!start || !plain_options || !std::ranges::all_of(file.context().origin().starts, starts_plainly) ||
      !checks_plainly(file, runner))
    return false;
  std::string text;
  for (const auto& word : start->words) text += (text.empty() ? "" : " ") + word;
  if (starts_with_node(text)) return true;
  constexpr std::string_view starts[] = {"npm start",      "npm run start", "yarn start",
                                         "yarn run start", "pnpm start",    "pnpm run start"};
  if (std::ranges::find(starts, text) == std::end(starts)) return false;
  const auto package = read_project_file(file, builder, project, "package.json");
  if (!package) return false;
  const auto parsed = parse_json(*package).value;
  const auto* scripts = parsed.find("scripts");
  return scripts != nullptr && !scripts->contains("prestart") && !scripts->contains("poststart") &&
         starts_with_node(scripts->string_at("start"));
}

bool is_of_project(const ToolUse& use) {
  return is_package_manager(use.tool->id) && *part_of_action(use) != BuildPart::nothing &&
         !installs_package_manager(use) && !installs_build_tools(use) && !installs_programs(use);
}

PackageUses find_package_uses(const Dockerfile& file, const Stage& stage, const std::string& project) {
  PackageUses result;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (!is_of_project(use)) continue;
      if (result.manager.empty()) result.manager = use.tool->id;
      result.one_manager &= result.manager == use.tool->id;
      result.all_here &= directory_of_use(use).is(project);
      if (use.action->kind != ActionKind::install) continue;
      const bool omits = omits_development({file, stage, step}, use);
      // `npm ci --omit=dev` after the build removes what an earlier one installed.
      const bool all_again = omits && use.operands.empty() && !use.command->conditional;
      result.has_development = !omits || (result.has_development && !all_again);
    }
  }
  return result;
}

bool has_development_left(const Dockerfile& file, const Stage& builder, const std::string& project) {
  return find_package_uses(file, builder, project).has_development && !prunes(builder);
}

namespace {

// Directories that are copied beside the project: `COPY shared/ ./shared/` for `api`.
std::vector<std::string> other_sources(const Dockerfile& file, const Stage& builder, const Stage& runner,
                                       const std::string& root) {
  std::vector<std::string> found;
  for (const auto* stage : {&builder, &runner})
    for (const auto& step : stage->steps) {
      if (!step.copy || !step.copy->from_context()) continue;
      for (const auto& source : step.copy->sources) {
        const auto path = join_context_path(".", source.text);
        const bool beside = root != "." && !path_is_under(path, root) && !path_is_under(root, path) && path != ".";
        if (source.known && beside && file.context().kind(path) == PathKind::directory) found.push_back(path);
      }
    }
  return found;
}

}  // namespace

Outcome<PruneCommand> find_development_removal(const Dockerfile& file, const Stage& builder, const Stage& runner,
                                               const std::string& project) {
  const auto root = project_root(file, builder, project);
  const auto needed = find_development_need(file.context(), root, other_sources(file, builder, runner, root));
  if (needed) return Declined{needed->reason + (needed->package.empty() ? "" : ", which is one of them")};
  const auto uses = find_package_uses(file, builder, project);
  if (!uses.all_here || !uses.one_manager)
    return Declined{"they are in several directories, or of several package managers"};
  if (!runs_plain_node(file, runner, builder, project)) return Declined{"what the container runs may need them"};
  return find_prune_command(file, builder, uses.manager, project);
}

}  // namespace dockhew::inline ecosystems
