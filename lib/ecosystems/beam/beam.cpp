// Elixir and Erlang: Mix.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/manifest_calls.hpp"
#include "ecosystems/plain_manifest.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"mix"};

Installation installation(const ToolUse& use) {
  // `mix do deps.get, deps.compile`: what it does besides may read the configuration.
  if (use.action->words.size() > 1 && !use.operands.empty()) return {};
  if (use.action->kind == ActionKind::fetch) return {Declares::manifest, false};
  return named_installation(use, false);
}

// What mix.exs says of a key, without what follows it: `"mix.lock"` of `lockfile: "mix.lock",`.
bool has_other_value(std::string_view program, std::string_view key, std::string_view usual) {
  for (auto at = program.find(key); at != program.npos; at = program.find(key, at + 1)) {
    if (at > 0 && (program[at - 1] == '_' || program[at - 1] == '"')) continue;
    const auto value = program.substr(std::min(program.find_first_not_of(" \t\n", at + key.size()), program.size()));
    if (!value.starts_with(usual)) return true;
  }
  return false;
}

// `lockfile: "../../mix.lock"`, as in the projects of an umbrella: the lock is not the file beside mix.exs, and what is
// fetched is not in the directory beside it. `config_path: "conf/config.exs"`: each task loads that and stops where it
// is missing, unless it is the usual one (Mix.Tasks.Loadconfig).
Obstacle other_place(std::string_view program) {
  struct Place {
    std::string_view key, usual;
  };
  constexpr Place places[] = {{"lockfile:", "\"mix.lock\""},
                              {"deps_path:", "\"deps\""},
                              {"build_path:", "\"_build\""},
                              {"config_path:", "\"config/config.exs\""}};
  for (const auto& [key, usual] : places)
    if (has_other_value(program, key, usual))
      return Declined{"mix.exs names another place than " + std::string(usual) + " (`" + std::string(key) + "`)"};
  return std::nullopt;
}

// `aliases: ["deps.get": ["deps.get", "assets.setup"]]`: what runs then may need the source. Where the name of the task
// is only a part of another alias, no colon follows it.
Obstacle alias_of_task(std::string_view program) {
  constexpr std::string_view tasks[] = {"\"deps.get\"", "\"deps.compile\"", "\"local.hex\"", "\"local.rebar\""};
  for (const auto task : tasks)
    for (auto at = program.find(task); at != program.npos; at = program.find(task, at + 1)) {
      const auto rest = program.substr(at + task.size());
      const bool atom = at > 0 && program[at - 1] == ':';
      if (atom || rest.starts_with(':'))
        return Declined{"mix.exs has an alias for " + std::string(task) + ", which may run other tasks"};
    }
  return std::nullopt;
}

// mix.exs is a program.
Obstacle mix_exs_obstacle(std::string_view text) {
  constexpr std::string_view words[] = {"path:", "apps_path", "in_umbrella"};
  constexpr std::string_view harmless[] = {"Mix.env",          "Mix.target",     "Mix.compilers",
                                           "Mix.Task.*",       "Mix.shell",      "System.get_env",
                                           "System.fetch_env", "System.version", "System.otp_release",
                                           "Atom.*",           "Date.*",         "DateTime.*",
                                           "Enum.*",           "Integer.*",      "Keyword.*",
                                           "List.*",           "Map.*",          "Regex.*",
                                           "String.*",         "Version.*",      ":os.type"};
  const auto program = without_comments(text);
  if (auto obstacle = names_source("mix.exs", program, words)) return obstacle;
  if (auto obstacle = other_place(program)) return obstacle;
  if (auto obstacle = alias_of_task(program)) return obstacle;
  return calls_unknown("mix.exs", program, harmless);
}

Outcome<Manifests> manifests(const Site& site, const ToolUse& use, const Project& project) {
  return find_plain_manifests(
      site, use, project,
      {.file = "mix.exs", .lock = "mix.lock", .in_source = "deps", .obstacle = mix_exs_obstacle, .settings = {}});
}

// The words of the first task of `mix do deps.get --only prod, deps.compile`, or with ` + ` between them, where that
// fetches; empty otherwise, or where it is the only task.
std::string fetching_task(const ToolUse& use) {
  if (use.action->kind != ActionKind::build) return {};
  const auto& words = use.command->words;
  std::string task;
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (!words[i].value.is_known()) return {};
    const std::string_view word = words[i].raw;
    if (task.empty() && word != "deps.get" && word != "deps.get,") return {};
    const bool ends = word == "+" || word.ends_with(',');
    if (word != "+") task += (task.empty() ? "" : " ") + std::string(word.substr(0, word.size() - (ends ? 1 : 0)));
    if (ends) return task;
  }
  return {};
}

bool reads_variable(std::string_view name) {
  constexpr std::string_view prefixes[] = {"ERL_", "HEX_", "MIX_"};
  return starts_with_any(name, prefixes) || changes_downloads(name);
}

std::optional<DependencyLayer> dependency_layer(const Site&, const ToolUse& use) {
  if (fetching_task(use).empty()) return std::nullopt;
  return DependencyLayer{
      .title = "fetch the dependencies in a separate layer", .writes_project = true, .reads = reads_variable};
}

Outcome<DependencyStep> dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  if (!site.context().is_known())
    return Declined{"without the build context, it is not known which files the dependencies need"};
  auto found = find_manifests(site, use, project);
  if (!found) return found.declined();
  DependencyStep step;
  step.manifests = std::move(found->paths);
  step.commands = {"mix " + fetching_task(use)};
  step.assumptions = std::move(found->assumptions);
  return step;
}

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = "deps", .beside = "mix.exs", .holds = Holds::packages},
    {.path = "_build", .beside = "mix.exs", .holds = Holds::results},
    {.path = "cover", .beside = "mix.exs", .holds = Holds::remains, .may_be_written = true},
};

// Packages that read settings from a file in the project.
constexpr std::string_view settings_readers[] = {
    "dotenvy",
    "dotenv",
};

// `{vsn, git}` of rebar3, `{app, git}` of relx.
constexpr std::string_view git_readers[] = {"vsn, git", "vsn,git"};

}  // namespace

extern constinit const Ecosystem beam = {
    .id = "beam",
    .language = "",
    .tools = tools,
    .installation = installation,
    .manifests = manifests,
    .dependency_layer = dependency_layer,
    .dependency_step = dependency_step,
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = {},
    .settings_readers = settings_readers,
};

}  // namespace dockhew::inline ecosystems
