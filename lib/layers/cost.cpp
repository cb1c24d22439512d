#include "layers/cost.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "caches/cache_directories.hpp"
#include "ecosystems/installation.hpp"
#include "effects/manifest_copy.hpp"
#include "model/context_path.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

constexpr double small_step = 0.2;        // COPY, WORKDIR, mkdir
constexpr double bystander = 1;           // curl, tar, sed
constexpr double unknown_command = 5;     // anything the tables do not name
constexpr double warm_cache = 0.1;        // of a download, if the cache mount already contains it
constexpr double dependency_share = 0.8;  // of a build's cost: the part spent on dependencies
constexpr double project_alone = 0.5;     // installing a project whose dependencies are installed
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

// What the layers of a stage chain contain for one tool.
struct Progress {
  bool downloaded_in_layer = false;
  bool downloaded_in_mount = false;
  bool dependencies_built = false;
  bool dependencies_installed = false;  // so that only the project itself is left
};

struct StageState {
  std::map<std::string, Progress> tools;
  bool has_source = false;
  bool rerun = false;
  double finish = 0;
};

class Estimator {
 public:
  Estimator(const Dockerfile& file, Scenario scenario)
      : file_(file), scenario_(scenario), states_(file.stages().size()) {}

  // Calls `on_step(stage, step, cost)` for each step that runs, and returns the cost of the longest path.
  template <typename OnStep>
  double run(const OnStep& on_step) {
    if (file_.stages().empty()) return 0;
    mark_reachable(file_.final_stage());
    for (const auto& stage : file_.stages())
      if (reachable_.contains(stage.index)) visit(stage, on_step);
    return states_.back().finish;
  }

 private:
  void mark_reachable(const Stage& stage) {
    if (!reachable_.insert(stage.index).second) return;
    if (stage.parent) mark_reachable(file_.stages()[*stage.parent]);
    for (const auto& step : stage.steps) {
      if (step.copy && step.copy->stage) mark_reachable(file_.stages()[*step.copy->stage]);
      for (const auto& mount : step.mounts)
        if (const auto from = file_.find_stage(mount.from, stage.index)) mark_reachable(file_.stages()[*from]);
    }
  }

  template <typename OnStep>
  void visit(const Stage& stage, const OnStep& on_step) {
    auto& state = states_[stage.index];
    if (stage.parent) state = states_[*stage.parent];
    if (scenario_ == Scenario::first_build) state.rerun = true;
    for (const auto& step : stage.steps) {
      double cost = small_step;
      switch (step.instruction->keyword) {
        case Keyword::run:
          for (const auto& mount : step.mounts) {
            if (const auto from = file_.find_stage(mount.from, stage.index)) wait_for(state, *from);
            if (mount.type == Mount::Type::bind && mount.from.empty() && changes(mount.source)) state.rerun = true;
          }
          cost = run_cost(stage, step, state);
          break;
        case Keyword::copy:
        case Keyword::add:
          if (!step.copy) break;
          if (step.copy->stage) wait_for(state, *step.copy->stage);
          if (step.copy->from_context()) {
            for (const auto& source : step.copy->sources)
              if (!source.heredoc && (!source.known || changes(source.text))) state.rerun = true;
            state.has_source |= !copies_only_manifests(file_, *step.copy);
          }
          break;
        case Keyword::workdir: break;
        default: cost = 0;
      }
      if (!state.rerun) continue;
      state.finish += cost;
      on_step(stage, step, cost);
    }
  }

  void wait_for(StageState& state, std::uint32_t other) {
    state.finish = std::max(state.finish, states_[other].finish);
    state.rerun |= states_[other].rerun;
  }

  bool changes(const std::string& source) const {
    const auto path = clean_path("/" + source);
    const bool broad = path == "/";
    const bool manifest = is_manifest(file_.facts(), path);
    if (scenario_ == Scenario::source_changed) return !manifest;
    if (scenario_ != Scenario::dependencies_changed) return false;
    if (broad || manifest) return true;
    std::size_t names = 300;
    return std::ranges::any_of(file_.context().expand(path.substr(1)), [&](const auto& copied) {
      return file_.context().kind(copied) == PathKind::directory && holds_manifest(file_, copied, 2, names);
    });
  }

  // Whether what a tool downloads stays in a mount. A RUN without the mount does not see it, and downloads again.
  struct CacheUse {
    bool mounted = false;
    double warmth = 1;  // of a download, compared with one into an empty cache
  };

  // A cache mount contains what an earlier build left there, except in the very first build.
  CacheUse cache_use(const Stage& stage, const Step& step, const ToolUse& use) const {
    for (const auto& directory : cache_directories({file_, stage, step}, use))
      if (!directory.path.is_known() || mount_over(step, directory.path.text) == nullptr) return {};
    if (use.tool->caches.empty()) return {};
    return {true, scenario_ == Scenario::first_build ? 1 : warm_cache};
  }

  double run_cost(const Stage& stage, const Step& step, StageState& state) {
    if (!step.script || step.script->opaque) return unknown_command;
    double cost = small_step;
    for (const auto& command : step.script->commands) {
      const auto compiled = compiler_cache_use(stage, step, command);
      if (const auto* use = command.use)
        cost += use_cost(*use, cache_use(stage, step, *use), compiled ? compiled->warmth : 1, state);
      else if (compiled) cost += unknown_command + compiled->build_cost * compiled->warmth;
      else if (!command.words.empty() && !file_.facts().is_plain(command.name()))
        cost += file_.facts().is_bystander(command.name()) ? bystander : unknown_command;
    }
    return cost;
  }

  struct CompilerCacheUse {
    double build_cost = 0;
    double warmth = 1;  // of compiling, compared with an empty cache
  };

  // With a compiler cache, only what is not in the cache is compiled.
  std::optional<CompilerCacheUse> compiler_cache_use(const Stage& stage, const Step& step,
                                                     const ShellCommand& command) const {
    if (step.script->launchers.empty()) return std::nullopt;
    for (const auto& use : step.script->uses)
      if (use.command == &command && !use.tool->launches.empty())
        return CompilerCacheUse{use.tool->build_cost, cache_use(stage, step, use).warmth};
    return std::nullopt;
  }

  static double use_cost(const ToolUse& use, CacheUse cache, double compiled, StageState& state) {
    const auto& tool = *use.tool;
    auto& progress = state.tools[std::string(tool.id)];
    // What later commands read from the cache itself is only in the mount; everything else is installed into the layer.
    const bool stored = std::ranges::any_of(tool.caches, [](const ToolCache& each) { return each.store; });
    const auto download = [&] {
      bool& downloaded = cache.mounted && stored ? progress.downloaded_in_mount : progress.downloaded_in_layer;
      const double cost = downloaded ? 0 : tool.download_cost * cache.warmth;
      downloaded = true;
      return cost;
    };
    switch (use.action->kind) {
      case ActionKind::refresh: return 2;
      case ActionKind::install:
        if (installs_own_manifest(use) && std::exchange(progress.dependencies_installed, true) && installs_project(use))
          return project_alone;
        return tool.download_cost * cache.warmth +
               (tool.compiles_dependencies ? tool.build_cost * dependency_share * compiled : tool.build_cost);
      case ActionKind::fetch: {
        double cost = download();
        if (use.action->compiles_dependencies && !progress.dependencies_built) {
          progress.dependencies_built = true;
          cost += tool.build_cost * dependency_share * compiled;
        }
        return cost;
      }
      case ActionKind::build: {
        double cost = use.uses_cache() ? download() : 0;
        if (tool.compiles_dependencies && !progress.dependencies_built) {
          // Those in the tool's own cache are in a mount or in this layer; those beside the project are in the layer.
          const double warmth = tool.build_cache_holds_dependencies ? cache.warmth : compiled;
          cost += tool.build_cost * dependency_share * warmth;
          progress.dependencies_built = true;
        }
        return cost + tool.build_cost * (state.has_source ? 1 - dependency_share : dummy_share);
      }
      default: return small_step;
    }
  }

  const Dockerfile& file_;
  Scenario scenario_;
  std::vector<StageState> states_;
  std::set<std::uint32_t> reachable_;
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

Costs scenario_costs(const Dockerfile& file) {
  Costs costs{};
  const auto ignore = [](const Stage&, const Step&, double) {};
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) costs[i] = Estimator(file, all_scenarios[i]).run(ignore);
  return costs;
}

std::vector<StepCost> step_costs(const Dockerfile& file) {
  // The first build runs every step that the image needs, so it determines the list.
  std::vector<StepCost> steps;
  for (std::size_t i = 0; i < all_scenarios.size(); ++i)
    Estimator(file, all_scenarios[i]).run([&](const Stage& stage, const Step& step, double cost) {
      const auto index = static_cast<std::uint32_t>(&step - stage.steps.data());
      const auto same = [&](const StepCost& s) { return s.stage == stage.index && s.step == index; };
      auto found = std::ranges::find_if(steps, same);
      if (found == steps.end()) found = steps.insert(steps.end(), StepCost{.stage = stage.index, .step = index});
      found->runs[i] = true;
      found->costs[i] = cost;
    });
  return steps;
}

}  // namespace dockhew
