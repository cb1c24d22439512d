#include "layers/cost.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "caches/cache_directories.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/installation.hpp"
#include "effects/commutes.hpp"
#include "effects/manifest_copy.hpp"
#include "layers/touched_paths.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {
namespace {

// Beyond that many steps after the one that made it, what another stage holds counts as changed.
constexpr std::size_t most_steps_after = 100;

constexpr double small_step = 0.2;        // COPY, WORKDIR, mkdir
constexpr double manifest_copy = 0.05;    // COPY of a few small files
constexpr double bystander = 1;           // curl, tar, sed
constexpr double unknown_command = 5;     // anything the tables do not name
constexpr double compilation = 120;       // make, g++: of a project as a whole
constexpr double warm_cache = 0.1;        // of a download, if the cache mount already contains it
constexpr double dependency_share = 0.8;  // of a build's cost: the part spent on dependencies
constexpr double little_left = 0.5;       // installing a project whose dependencies are there, or removing some of them
constexpr double dummy_share = 0.002;     // of a build's cost: compiling an empty program

// Whether there is a manifest in a directory of the context, or a little below it: `COPY server/ .` includes go.mod.
// `names` is how many more may be examined: a directory with thousands of files is not a project.
bool holds_manifest(const Dockerfile& file, const std::string& directory, int depth, std::size_t& names) {
  const auto entries = file.context().entries(directory);
  if (entries.size() > names) return false;
  names -= entries.size();
  if (std::ranges::any_of(entries, [&](const auto& name) { return is_manifest(file.facts(), name); })) return true;
  return depth > 0 && std::ranges::any_of(entries, [&](const std::string& name) {
           const auto path = join_context_path(directory, name);
           return !name.starts_with('.') && name != "node_modules" &&
                  file.context().kind(path) == PathKind::directory && holds_manifest(file, path, depth - 1, names);
         });
}

// The name of a file of settings that a word of a command gives as the value of an option: `--config ci.toml`.
std::string named_settings(const ShellCommand& command, std::size_t word) {
  constexpr std::string_view endings[] = {".cfg", ".conf", ".ini", ".json", ".toml", ".xml", ".yaml", ".yml"};
  const auto& value = command.words[word].value;
  if (!value.is_known()) return {};
  const std::string_view text = value.text;
  const auto equals = text.starts_with('-') ? text.find('=') : text.npos;
  const bool is_value = equals != text.npos || (word > 1 && command.words[word - 1].raw.starts_with('-'));
  const auto name = path_basename(equals == text.npos ? text : text.substr(equals + 1));
  const bool is_setting = name.find('=') == name.npos &&
                          std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
  return is_value && is_setting ? std::string(name) : std::string();
}

// ---- what is the same in all scenarios ------------------------------------------------------------------------------

struct CommandFacts {
  const ToolUse* use = nullptr;
  bool mounted = false;       // all caches of that tool are in mounts of this RUN, which hold them for later builds
  bool own_manifest = false;  // it installs what the project declares,
  bool little = false;        // which is hardly any work where another installation has done so
  const Tool* launcher = nullptr;  // the compiler cache that it goes through
  bool launcher_mounted = false;
  double cost = 0;  // where the tables know neither of them
};

struct StepFacts {
  std::array<bool, 4> changes{};  // per scenario: something that it takes from the context does
  bool brings_source = false;     // a COPY of more than manifests
  bool is_manifest_copy = false;  // a COPY of nothing else
  std::vector<CommandFacts> commands;
  std::vector<std::shared_ptr<const ContextScript>> scripts;  // that some of the commands are in
};

class Examination {
 public:
  explicit Examination(const Dockerfile& file, Builder builder = Builder::buildkit)
      : file_(file), mounts_(has_mounts(builder)), reachable_(file.stages().size()), steps_(file.stages().size()) {
    if (file.stages().empty()) return;
    for_each_script(file, [&](const Stage&, const Step& step) { add_settings(*step.script); });
    reachable_.back() = true;
    reachable_ = with_needed_stages(file, std::move(reachable_));
    for (const auto& stage : file.stages())
      if (reachable_[stage.index])
        for (const auto& step : stage.steps) steps_[stage.index].push_back(examine({file, stage, step}));
  }

  const Dockerfile& file() const { return file_; }
  bool is_reachable(const Stage& stage) const { return reachable_[stage.index]; }
  // Of a RUN, found when it is first asked for.
  const TouchedPaths& touched(const Site& site) const {
    const auto found = touched_.find(&site.step);
    return found != touched_.end() ? found->second : touched_.try_emplace(&site.step, site).first->second;
  }
  // In the order of its steps; of a stage that the image needs.
  const std::vector<StepFacts>& steps(const Stage& stage) const { return steps_[stage.index]; }

 private:
  void add_settings(const Script& script) {
    for (const auto& use : script.uses)
      for (std::size_t i = 1; i < use.command->words.size(); ++i)
        if (auto name = named_settings(*use.command, i); !name.empty()) settings_.insert(std::move(name));
  }

  // What a command is told to read besides its manifests changes as rarely as these.
  bool is_declared(const std::string& path) const {
    if (is_manifest(file_.facts(), path)) return true;
    return settings_.contains(std::string(path_basename(path))) &&
           file_.context().kind(path.substr(1)) == PathKind::file;
  }

  bool copies_only_declared(const Copy& copy) const {
    return copies_only_manifests(file_, copy) || std::ranges::all_of(copy.sources, [&](const CopySource& source) {
             return source.known && !source.heredoc && source.text.find_first_of("*?[") == std::string::npos &&
                    file_.context().kind(clean_path("/" + source.text).substr(1)) == PathKind::file &&
                    is_declared(clean_path("/" + source.text));
           });
  }

  StepFacts examine(const Site& site) const {
    StepFacts facts;
    const auto keyword = site.step.instruction->keyword;
    if (keyword == Keyword::run) {
      for (const auto& mount : site.step.mounts)
        if (mount.type == Mount::Type::bind && mount.from.empty()) add_changes(mount.source, facts);
      if (site.step.script && !site.step.script->opaque)
        for (const auto& command : site.step.script->commands) add_command(site, command, facts);
    }
    if ((keyword == Keyword::copy || keyword == Keyword::add) && site.step.copy && site.step.copy->from_context()) {
      for (const auto& source : site.step.copy->sources) {
        if (source.heredoc) continue;
        if (source.known) add_changes(source.text, facts);
        else facts.changes.fill(true);
      }
      facts.is_manifest_copy = copies_only_declared(*site.step.copy);
      facts.brings_source = !facts.is_manifest_copy;
    }
    return facts;
  }

  // A script costs what its commands cost.
  void add_command(const Site& site, const ShellCommand& command, StepFacts& facts) const {
    auto script = context_script(site, command);
    if (!script) return facts.commands.push_back(examine(site, command));
    for (const auto& each : script->commands) facts.commands.push_back(examine(site, *each.command));
    facts.scripts.push_back(std::move(script));
  }

  void add_changes(const std::string& source, StepFacts& facts) const {
    const auto path = clean_path("/" + source);
    const bool manifest = is_declared(path);
    if (!manifest) facts.changes[static_cast<std::size_t>(Scenario::source_changed)] = true;
    auto& with_dependencies = facts.changes[static_cast<std::size_t>(Scenario::dependencies_changed)];
    if (with_dependencies || manifest || path == "/" || matches_everything(path_basename(path))) {
      with_dependencies = true;
      return;
    }
    std::size_t names = 300;
    with_dependencies = std::ranges::any_of(file_.context().expand(path.substr(1)), [&](const auto& copied) {
      return file_.context().kind(copied) == PathKind::directory && holds_manifest(file_, copied, 2, names);
    });
  }

  CommandFacts examine(const Site& site, const ShellCommand& command) const {
    CommandFacts facts;
    facts.use = command.use;
    if (const auto* use = command.use) {
      facts.mounted = is_mounted(site, *use);
      if (use->action->kind == ActionKind::install) {
        facts.own_manifest = installs_own_manifest(*use);
        facts.little =
            facts.own_manifest && !use->action->from_scratch && (installs_project(*use) || removes_development(*use));
      }
    } else if (!command.words.empty() && !file_.facts().is_plain(command.name())) {
      const auto* row = file_.facts().unix_command(command.name());
      const bool builds = row != nullptr && row->builds;
      facts.cost = builds ? compilation : file_.facts().is_bystander(command.name()) ? bystander : unknown_command;
    }
    if (site.step.script->launchers.empty()) return facts;
    const auto launches = [&](const ToolUse& use) { return use.command == &command && !use.tool->launches.empty(); };
    if (const auto found = std::ranges::find_if(site.uses(), launches); found != site.uses().end()) {
      facts.launcher = found->tool;
      facts.launcher_mounted = is_mounted(site, *found);
    }
    return facts;
  }

  // Whether what a tool downloads stays in a mount. A RUN without the mount does not see it, and downloads again.
  bool is_mounted(const Site& site, const ToolUse& use) const {
    return mounts_ && !use.tool->caches.empty() &&
           std::ranges::all_of(cache_directories(site, use), [&](const CacheDirectory& directory) {
             return directory.path.is_known() && mount_over(site.step, directory.path.text) != nullptr;
           });
  }

  const Dockerfile& file_;
  bool mounts_;  // the builder has them
  std::vector<bool> reachable_;
  std::set<std::string> settings_;             // names of files that commands are told to read
  std::vector<std::vector<StepFacts>> steps_;  // of each stage
  mutable std::map<const Step*, TouchedPaths> touched_;
};

// ---- one scenario ---------------------------------------------------------------------------------------------------

// What the layers of a stage chain contain for one tool.
struct Progress {
  bool downloaded_in_layer = false;
  bool downloaded_in_mount = false;
  bool dependencies_built = false;
  bool dependencies_installed = false;  // so that only the project itself is left
};

struct StageState {
  std::map<std::string_view, Progress> tools;
  bool has_source = false;           // somewhere, or
  std::vector<std::string> sources;  // in these places, where it is known
  bool rerun = false;
  double finish = 0;
};

class Estimator {
 public:
  Estimator(const Examination& examined, Scenario scenario)
      : examined_(examined),
        file_(examined.file()),
        scenario_(scenario),
        states_(file_.stages().size()),
        runs_(file_.stages().size()) {}

  // Calls `on_step(stage, step, cost)` for each step that runs, and returns the cost of the longest path.
  template <typename OnStep>
  double run(const OnStep& on_step) {
    if (file_.stages().empty()) return 0;
    for (const auto& stage : file_.stages())
      if (examined_.is_reachable(stage)) visit(stage, on_step);
    return states_.back().finish;
  }

  // Of a step that was visited: whether it is one for which something that it copies has changed.
  bool is_changed(const Stage& stage, std::size_t step) const {
    return step < runs_[stage.index].size() && runs_[stage.index][step].changed;
  }

 private:
  struct StepRun {
    bool changed = false;  // what it copies
    bool runs = false;     // for that reason, or because of a step before it
  };

  template <typename OnStep>
  void visit(const Stage& stage, const OnStep& on_step) {
    auto& state = states_[stage.index];
    if (stage.parent) state = states_[*stage.parent];
    if (scenario_ == Scenario::first_build) state.rerun = true;
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& step = stage.steps[i];
      const auto& facts = examined_.steps(stage)[i];
      double cost = small_step;
      bool changed = facts.changes[static_cast<std::size_t>(scenario_)];
      switch (step.instruction->keyword) {
        case Keyword::run:
          for (const auto& mount : step.mounts)
            if (const auto from = file_.find_stage(mount.from, stage.index))
              changed |= wait_for(state, *from, mount.source);
          cost = run_cost(step, facts, state);
          break;
        case Keyword::copy:
        case Keyword::add:
          if (step.copy && step.copy->stage)
            for (const auto& source : step.copy->sources)
              changed |= wait_for(state, *step.copy->stage, source.known ? source.text : "/");
          if (facts.brings_source) add_source(*step.copy, state);
          if (facts.is_manifest_copy) cost = manifest_copy;
          break;
        case Keyword::workdir: break;
        default: cost = 0;
      }
      state.rerun |= changed;
      runs_[stage.index].push_back({changed, state.rerun});
      if (!state.rerun) continue;
      state.finish += cost;
      on_step(stage, step, cost);
    }
  }

  // Each stage that continues this one takes the places over, and what is built is compared with them.
  static void add_source(const Copy& copy, StageState& state) {
    if (copy.destination.is_known() && state.sources.size() < limits::copies_before) {
      if (std::ranges::find(state.sources, copy.destination.text) == state.sources.end())
        state.sources.push_back(copy.destination.text);
    } else {
      state.has_source = true;
      state.sources.clear();
    }
  }

  // Whether there is anything to compile where a command runs: a file of settings elsewhere is nothing.
  static bool has_source(const StageState& state, const ShellCommand& command) {
    if (state.has_source || !command.directory.is_known()) return state.has_source || !state.sources.empty();
    return std::ranges::any_of(state.sources, [&](const std::string& place) {
      return path_is_under(place, command.directory.text) || path_is_under(command.directory.text, place);
    });
  }

  // Of what is copied from another stage; whether that has changed. The cache looks at the contents of the files, and
  // not at the steps that made them.
  bool wait_for(StageState& state, std::uint32_t other, const std::string& source) const {
    state.finish = std::max(state.finish, states_[other].finish);
    return states_[other].rerun && changes(file_.stages()[other], clean_path("/" + without_wildcards(source)));
  }

  // Whether files of a stage are others than before. The last step that runs again and touches them decides.
  bool changes(const Stage& stage, const std::string& path) const {
    std::size_t looked_at = 0;
    for (const auto* each = &stage; each != nullptr; each = parent_of(file_, *each))
      for (auto i = each->steps.size(); i-- > 0;) {
        const auto& run = runs_[each->index][i];
        if (!run.runs) return false;  // neither do those before it
        if (++looked_at > most_steps_after) return true;
        const auto touch = touch_of({file_, *each, each->steps[i]}, run.changed, path);
        if (touch != Touch::not_at_all) return touch == Touch::may_change;
      }
    return false;
  }

  Touch touch_of(const Site& site, bool changed, const std::string& path) const {
    if (site.step.copy) {
      const bool apart = commutes(copy_effects(site, *site.step.copy), writes_below(path));
      return apart || !changed ? Touch::not_at_all : Touch::may_change;
    }
    if (site.step.instruction->keyword != Keyword::run) return Touch::not_at_all;
    return examined_.touched(site).touch_of(path, scenario_ != Scenario::dependencies_changed);
  }

  // What is left of the work when its results are in a mount: it contains what an earlier build left there, except in
  // the very first build.
  double warmth(bool mounted) const { return mounted && scenario_ != Scenario::first_build ? warm_cache : 1; }

  double run_cost(const Step& step, const StepFacts& facts, StageState& state) const {
    if (!step.script || step.script->opaque) return unknown_command;
    double cost = small_step;
    for (const auto& command : facts.commands) {
      const double compiled = warmth(command.launcher_mounted);  // with a compiler cache, compared with an empty one
      if (command.use != nullptr) cost += use_cost(command, compiled, state);
      else if (command.launcher != nullptr) cost += unknown_command + command.launcher->cost.build * compiled;
      else cost += command.cost;
    }
    return cost;
  }

  double use_cost(const CommandFacts& command, double compiled, StageState& state) const {
    const auto& use = *command.use;
    const auto& tool = *use.tool;
    const double cached = warmth(command.mounted);
    auto& progress = state.tools[tool.id];
    // What later commands read from the cache itself is only in the mount; everything else is installed into the layer.
    const bool stored = std::ranges::any_of(tool.caches, [](const ToolCache& each) { return each.store; });
    const auto download = [&] {
      bool& downloaded = command.mounted && stored ? progress.downloaded_in_mount : progress.downloaded_in_layer;
      const double cost = downloaded ? 0 : tool.cost.download * cached;
      downloaded = true;
      return cost;
    };
    switch (use.action->kind) {
      case ActionKind::refresh: return 2;
      case ActionKind::install:
        if (command.own_manifest && std::exchange(progress.dependencies_installed, true) && command.little)
          return little_left;
        return tool.cost.download * cached +
               (tool.cost.compiles_dependencies ? tool.cost.build * dependency_share * compiled : tool.cost.build);
      case ActionKind::fetch: {
        double cost = download();
        if (use.action->compiles_dependencies && !progress.dependencies_built) {
          progress.dependencies_built = true;
          cost += tool.cost.build * dependency_share * compiled;
        }
        return cost;
      }
      case ActionKind::build: {
        double cost = use.uses_cache() ? download() : 0;
        if (tool.cost.compiles_dependencies && !progress.dependencies_built) {
          // Those in the tool's own cache are in a mount or in this layer; those beside the project are in the layer.
          cost += tool.cost.build * dependency_share * (tool.cost.cache_holds_dependencies ? cached : compiled);
          progress.dependencies_built = true;
        }
        return cost + tool.cost.build * (has_source(state, *use.command) ? 1 - dependency_share : dummy_share);
      }
      default: return small_step;
    }
  }

  const Examination& examined_;
  const Dockerfile& file_;
  Scenario scenario_;
  std::vector<StageState> states_;
  std::vector<std::vector<StepRun>> runs_;  // of each stage
};

}  // namespace

std::string_view to_string(Scenario scenario) {
  switch (scenario) {
    case Scenario::first_build: return "first build";
    case Scenario::nothing_changed: return "nothing changed";
    case Scenario::source_changed: return "source changed";
    case Scenario::dependencies_changed: return "dependencies changed";
  }
  return "";
}

Costs scenario_costs(const Dockerfile& file, Builder builder) {
  Costs costs{};
  const Examination examined(file, builder);
  const auto ignore = [](const Stage&, const Step&, double) {};
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) costs[i] = Estimator(examined, all_scenarios[i]).run(ignore);
  return costs;
}

ChangedSteps changed_by_source(const Dockerfile& file) {
  const Examination examined(file);
  Estimator estimator(examined, Scenario::source_changed);
  estimator.run([](const Stage&, const Step&, double) {});
  ChangedSteps changed(file.stages().size());
  for (const auto& stage : file.stages())
    for (std::size_t i = 0; i < stage.steps.size(); ++i) changed[stage.index].push_back(estimator.is_changed(stage, i));
  return changed;
}

std::vector<StepCost> step_costs(const Dockerfile& file) {
  // The first build runs every step that the image needs, so it determines the list; and all run in the same order.
  std::vector<StepCost> steps;
  const Examination examined(file);
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    std::size_t next = 0;
    Estimator(examined, all_scenarios[i]).run([&](const Stage& stage, const Step& step, double cost) {
      const auto index = static_cast<std::uint32_t>(&step - stage.steps.data());
      if (all_scenarios[i] == Scenario::first_build) steps.push_back({.stage = stage.index, .step = index});
      while (steps[next].stage != stage.index || steps[next].step != index) ++next;
      steps[next].runs[i] = true;
      steps[next].costs[i] = cost;
    });
  }
  return steps;
}

}  // namespace dockhew::inline layers
