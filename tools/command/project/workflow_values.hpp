// What the expressions of a workflow stand for, where the repository itself says it: `${{ matrix.service }}` by the
// rows of a job's matrix, `${{ inputs.dockerfile }}` by the workflow that calls this one, `${{ env.NAME }}`.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::cli {

// "matrix.service" to "api".
using WorkflowValues = std::map<std::string, std::string, std::less<>>;

// The variables that a workflow, a job or a step sets, as they are written.
using WorkflowVariables = std::map<std::string, std::string, std::less<>>;
WorkflowVariables variables_of(const YAML::Node& environment);

// One for each run of a job, besides `given`: the combinations of its matrix, or `given` alone. Of a matrix that is
// only known when the workflow runs there are none.
std::vector<WorkflowValues> runs_of(const YAML::Node& job, const WorkflowValues& given);

// What the expressions in some texts stand for, by the values of a run, and by the variables of the workflow, of the
// job and of the step, the innermost last. Nothing else is looked at: a job may have hundreds of runs and of steps.
WorkflowValues values_for(std::span<const std::string> texts, const WorkflowValues& run,
                          std::span<const WorkflowVariables* const> variables);

// The inputs of a workflow that is called: those of `with` in the job that calls it, with the values there, and what
// the called one says itself.
WorkflowValues inputs_of(const YAML::Node& calling_job, const WorkflowValues& values, const YAML::Node& called);

// A text with its expressions replaced; those whose value is not known stay, and all of them where their values are
// longer than any path.
std::string with_values(std::string_view text, const WorkflowValues& values);

// For a path of a Dockerfile, `services/${{ matrix.service }}/Dockerfile`, in which one directory is not known: the
// values with each directory that has such a file. Else the values alone.
std::vector<WorkflowValues> with_directories(const std::string& path, const std::string& root,
                                             const WorkflowValues& values);

// The scalars below `with` of a step that have expressions.
std::vector<std::string> texts_of(const YAML::Node& with);

// A step with these replaced. It has no places in the file.
YAML::Node step_with_values(const YAML::Node& step, const WorkflowValues& values);

inline bool has_expression(std::string_view text) { return text.find("${{") != text.npos; }

}  // namespace dockhew::cli
