// Builds of a workflow that depend on what expressions stand for: on the rows of a job's matrix, on variables, and on
// the inputs that another workflow of the repository passes (`uses: ./.github/workflows/build.yml`).
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/build_files.hpp"
#include "project/docker_commands.hpp"
#include "project/workflow_values.hpp"

namespace dockhew::cli {

// Workflows that others call, each parsed once for all of them.
class CalledWorkflows {
 public:
  struct Called {
    YAML::Node document;  // null where it cannot be read
    std::size_t size = 0;
  };

  // Whoever asks for a document holds this until all is read.
  std::mutex& reading() { return reading_; }
  // `uses`: as a job names it. What lies outside of the repository is not read. What is wrong with a file is said where
  // it is read itself.
  Called of(const std::string& root, const std::string& uses);

 private:
  std::mutex reading_;
  std::map<std::string, Called> known_;  // by their paths
  std::size_t bytes_ = 0;                // of all of these
};

// Builds whose paths have expressions, once for each value of these. What the file says of them it says of all.
class DependentBuilds {
 public:
  // A job of a workflow. `given`: the inputs of one that is called. `scripts`: how many were read for this file.
  struct Job {
    const std::string& path;  // of the workflow
    const std::string& root;  // of the repository
    const YAML::Node& document;
    const YAML::Node& job;
    const std::string& name;
    const WorkflowValues& given;
    std::size_t& scripts;
  };

  DependentBuilds(const Job& of, Builds& result) : of_(of), result_(result) {}

  // Of a step, in each run of its job.
  void add(const YAML::Node& step, bool exports_cache);

 private:
  const std::vector<WorkflowValues>& runs();
  bool values_may_build(const WorkflowVariables& own);
  void add_actions(const YAML::Node& step, WorkflowValues values, bool exports_cache);
  void add_script(DockerScript script, const std::string& text, const std::string& name, const WorkflowValues& values);
  void keep(Build build, std::size_t line);

  Job of_;
  Builds& result_;
  // What is found when a step first asks for it: most jobs have no such step.
  std::optional<std::vector<WorkflowValues>> runs_;
  std::optional<bool> values_may_build_;
  std::optional<WorkflowVariables> workflow_variables_, job_variables_;
};

// What the workflows that a job calls build.
class WorkflowCalls {
 public:
  WorkflowCalls(const std::string& root, CalledWorkflows& known, Builds& result)
      : root_(root), known_(known), result_(result) {}

  // `given`: the inputs of the workflow that the job stands in.
  void read(const YAML::Node& document, const YAML::Node& job, const WorkflowValues& given, int depth = 0);

 private:
  YAML::Node called_workflow(const std::string& uses);
  void read_called(const YAML::Node& job, const std::string& name, const std::string& path,
                   const WorkflowValues& inputs, const YAML::Node& document, int depth);

  const std::string& root_;
  CalledWorkflows& known_;
  Builds& result_;
  std::size_t calls_ = 0, bytes_ = 0, scripts_ = 0;
  std::map<std::string, YAML::Node> called_;  // by how they are named
};

}  // namespace dockhew::cli
