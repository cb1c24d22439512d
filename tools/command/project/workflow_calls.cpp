#include "project/workflow_calls.hpp"

#include <algorithm>
#include <set>

#include "files.hpp"
#include "project/cache_exporters.hpp"
#include "project/docker_commands.hpp"
#include "project/workflow_steps.hpp"
#include "text/limits.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

// How often workflows are looked at because one calls them, how deep, and how many bytes of them are read: GitHub
// allows ten levels. And how many bytes of all that are called stay parsed.
constexpr std::size_t most_calls = 200, bytes_called = std::size_t{128} << 10U, bytes_known = std::size_t{2} << 20U;
constexpr int deepest_call = 10;

// Of one file, scripts that are read once for each run of a job.
constexpr std::size_t most_scripts = 1000;

// By the time that they take, in entries that are looked at.
constexpr std::size_t bytes_of_entry = 4, cost_of_run = 16, cost_of_step = 32;

// Of the workflow, the job and the step, the innermost last.
using Variables = std::vector<const WorkflowVariables*>;

bool depends(const YAML::Node& with) {
  constexpr const char* paths[] = {"context", "file", "dockerfile", "workdir"};
  return with && with.IsMap() &&
         std::ranges::any_of(paths, [&](const char* key) { return has_expression(text_of(with[key], "")); });
}

bool any_may_build(const std::map<std::string, std::string, std::less<>>& values) {
  return std::ranges::any_of(values, [](const auto& each) { return may_build(each.second); });
}

}  // namespace

CalledWorkflows::Called CalledWorkflows::of(const std::string& root, const std::string& uses) {
  const auto path = joined_path(root, uses);
  if (const auto known = known_.find(path); known != known_.end()) return known->second;
  Called called;
  const auto text = files_of(root)->read(joined_path(".", uses));
  if (text && text->size() <= bytes_called) {
    called.size = text->size();
    read_yaml_text(path, *text, [&](const YAML::Node& document) { called.document.reset(document); });
  }
  constexpr std::size_t least = 1024;  // of each
  const auto own = std::max(called.size, least);
  if (bytes_ + own > bytes_known) known_.clear(), bytes_ = 0;
  bytes_ += own;
  return known_.emplace(path, called).first->second;
}

const std::vector<WorkflowValues>& DependentBuilds::runs() {
  if (!runs_) {
    runs_ = runs_of(of_.job, of_.given);
    workflow_variables_ = variables_of(of_.document["env"]);
    job_variables_ = variables_of(of_.job["env"]);
  }
  return *runs_;
}

// `run: ${{ matrix.builder }} build .`
bool DependentBuilds::values_may_build(const WorkflowVariables& own) {
  if (!values_may_build_) {
    const auto& all = runs();
    values_may_build_ = any_may_build(*workflow_variables_) || any_may_build(*job_variables_) ||
                        std::ranges::any_of(all, any_may_build);
  }
  return *values_may_build_ || any_may_build(own);
}

void DependentBuilds::add(const YAML::Node& step, bool exports_cache) {
  const bool builds = builds_by_action(step);
  std::vector<std::string> texts;
  if (builds && depends(step["with"])) {
    texts = texts_of(step["with"]);
  } else if (const auto run = step["run"]; !builds && run && run.IsScalar()) {
    texts = {run.Scalar(), text_of(step["working-directory"], "")};
    if (std::ranges::none_of(texts, has_expression)) return;
  }
  if (texts.empty()) return;
  const auto own = variables_of(step["env"]);
  if (!builds && !may_build(texts[0]) && !values_may_build(own)) return;
  const auto script = builds ? DockerScript() : script_of(step, of_.root, of_.path);
  const auto name = text_of(step["name"], of_.name.c_str());
  std::set<WorkflowValues> seen;  // runs that differ in something else only build the same
  for (const auto& run : runs()) {
    if (result_.builds.size() >= most_builds || (!builds && of_.scripts >= most_scripts)) return;
    YamlBudget::look_at(cost_of_run + texts[0].size() / bytes_of_entry);
    auto values = values_for(texts, run, Variables{&*workflow_variables_, &*job_variables_, &own});
    if (!seen.insert(values).second) continue;
    if (builds) add_actions(step, std::move(values), exports_cache);
    else add_script(script, texts[0], name, values);
  }
}

void DependentBuilds::add_actions(const YAML::Node& step, WorkflowValues values, bool exports_cache) {
  const Environments environments = {of_.document["env"], of_.job["env"], step["env"]};
  values.emplace("github.workspace", ".");
  const auto file = text_of(step["with"]["file"], "");
  const auto path = file.empty() ? text_of(step["with"]["context"], ".") + "/Dockerfile" : file;
  for (const auto& each : with_directories(path, of_.root, values)) {
    YamlBudget::look_at(step["with"].size());
    const auto replaced = step_with_values(step, each);
    auto build = build_of_action(replaced, of_.name, of_.root, environments);
    build.exports_cache = exports_cache;
    keep(std::move(build), line_of(step));
  }
}

void DependentBuilds::add_script(DockerScript script, const std::string& text, const std::string& name,
                                 const WorkflowValues& values) {
  script.text = without_expressions(with_values(text, values));
  script.directory = with_values(script.directory, values);
  Builds read;
  read_docker_commands(script, name, read);
  of_.scripts += read.scripts;
  for (auto& build : read.builds) {
    const auto line = build.line;
    keep(std::move(build), line);
  }
}

void DependentBuilds::keep(Build build, std::size_t line) {
  if (build.dockerfile.empty() || result_.builds.size() >= most_builds) return;
  const bool known = std::ranges::any_of(result_.builds, [&](const Build& other) {
    return other.line == line && other.dockerfile == build.dockerfile && other.context == build.context &&
           other.target == build.target && other.platforms == build.platforms;
  });
  if (known) return;
  build.line = line;
  build.hosted = uses_hosted_cache(build);
  build.said_target.clear();
  build.said_arguments.clear();
  build.said_cache_to.clear();
  build.said_block.reset();
  result_.builds.push_back(std::move(build));
}

YAML::Node WorkflowCalls::called_workflow(const std::string& uses) {
  const auto [own, is_new] = called_.try_emplace(uses);
  if (!is_new) return own->second;
  const auto called = known_.of(root_, uses);
  YamlBudget::look_at(called.size);
  bytes_ += called.size;
  if (bytes_ <= bytes_called) own->second.reset(called.document);
  return own->second;
}

void WorkflowCalls::read(const YAML::Node& document, const YAML::Node& job, const WorkflowValues& given, int depth) {
  constexpr std::string_view here = "./.github/workflows/";
  const auto uses = text_of(job["uses"], "");
  if (!uses.starts_with(here) || uses.find('/', here.size()) != uses.npos || depth > deepest_call) return;
  const auto called = called_workflow(uses);
  if (!called.IsMap() || !called["jobs"] || !called["jobs"].IsMap()) return;
  const auto texts = texts_of(job["with"]);
  const auto variables = variables_of(texts.empty() ? YAML::Node() : document["env"]);
  for (const auto& run : runs_of(job, given)) {
    if (++calls_ > most_calls) return;
    const auto inputs = inputs_of(job, values_for(texts, run, Variables{&variables}), called);
    for (const auto& each : called["jobs"])
      if (each.second.IsMap())
        read_called(each.second, text_of(each.first, ""), joined_path(root_, uses), inputs, called, depth);
  }
}

void WorkflowCalls::read_called(const YAML::Node& job, const std::string& name, const std::string& path,
                                const WorkflowValues& inputs, const YAML::Node& document, int depth) {
  read(document, job, inputs, depth + 1);
  const auto steps = job["steps"];
  if (!steps || !steps.IsSequence()) return;
  YamlBudget::look_at(cost_of_step * (steps.size() + 1));
  Builds found;
  DependentBuilds dependent({path, root_, document, job, name, inputs, scripts_}, found);
  CacheExporters exporters;
  for (const auto& step : steps) {
    if (!step.IsMap()) continue;
    exporters.read(step);
    dependent.add(step, exporters.serve(step));
  }
  const bool hosted = runs_hosted(job, inputs), keeps = keeps_mounts(steps), prepared = prepares_checkout(steps);
  for (auto& build : found.builds) {
    if (result_.builds.size() >= most_builds) return;
    build.hosted = !keeps && (hosted || build.hosted);
    build.prepared |= prepared;
    build.said_in = path;
    build.job = name.substr(0, limits::longest_name);
    result_.builds.push_back(std::move(build));
  }
}

}  // namespace dockhew::cli
