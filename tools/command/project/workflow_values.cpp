#include "project/workflow_values.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "files.hpp"
#include "project/build_files.hpp"
#include "text/limits.hpp"
#include "text/utf8.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

// https://docs.github.com/actions/reference/limits: a matrix has 256 jobs at most.
constexpr std::size_t most_runs = 256;

void keep(const std::string& name, const std::string& value, WorkflowValues& values) {
  YamlBudget::keep(name.size() + value.size());
  values[name] = value;
}

// What another row, job or workflow takes over.
void keep_all(const WorkflowValues& added, WorkflowValues& values) {
  for (const auto& [name, value] : added) YamlBudget::keep(name.size() + value.size());
  values.insert(added.begin(), added.end());
}

// A value of the matrix: a scalar, or a map of them.
void add_value(const std::string& name, const YAML::Node& value, WorkflowValues& values) {
  if (value.IsScalar() && !has_expression(value.Scalar())) keep(name, value.Scalar(), values);
  if (!value.IsMap()) return;
  for (const auto& entry : value)
    if (entry.first.IsScalar() && entry.second.IsScalar() && !has_expression(entry.second.Scalar()))
      keep(name + '.' + entry.first.Scalar(), entry.second.Scalar(), values);
}

WorkflowValues values_of(const YAML::Node& entry) {
  WorkflowValues values;
  for (const auto& each : entry)
    if (each.first.IsScalar()) add_value("matrix." + each.first.Scalar(), each.second, values);
  return values;
}

// Whether what both name has the same value.
bool agree(const WorkflowValues& a, const WorkflowValues& b) {
  YamlBudget::look_at(a.size());
  return std::ranges::all_of(a, [&](const auto& each) {
    const auto other = b.find(each.first);
    return other == b.end() || other->second == each.second;
  });
}

bool contains(const WorkflowValues& all, const WorkflowValues& some) {
  YamlBudget::look_at(some.size());
  return std::ranges::all_of(some, [&](const auto& each) {
    const auto other = all.find(each.first);
    return other != all.end() && other->second == each.second;
  });
}

// The combinations of the lists; none where there are no lists.
std::vector<WorkflowValues> combinations(const YAML::Node& matrix) {
  std::vector<WorkflowValues> rows;
  for (const auto& list : matrix) {
    if (!list.first.IsScalar() || !list.second.IsSequence()) continue;
    const auto& name = list.first.Scalar();
    if (name == "include" || name == "exclude") continue;
    std::vector<WorkflowValues> longer;
    if (rows.empty()) rows.emplace_back();
    for (const auto& row : rows)
      for (const auto& value : list.second) {
        if (longer.size() >= most_runs) break;
        keep_all(row, longer.emplace_back());
        add_value("matrix." + name, value, longer.back());
      }
    rows = std::move(longer);
  }
  return rows;
}

// https://docs.github.com/actions/using-jobs/using-a-matrix-for-your-jobs: an entry of `include` goes to the rows whose
// values it does not change, and is a row of its own where there are none.
void include(const YAML::Node& entries, std::vector<WorkflowValues>& rows) {
  const auto original = rows;
  for (const auto& entry : entries) {
    if (!entry.IsMap() || rows.size() >= most_runs) continue;
    const auto values = values_of(entry);
    bool found = false;
    for (std::size_t i = 0; i < original.size(); ++i) {
      if (!agree(original[i], values)) continue;
      keep_all(values, rows[i]);
      found = true;
    }
    if (!found) rows.push_back(values);
  }
}

}  // namespace

std::vector<WorkflowValues> runs_of(const YAML::Node& job, const WorkflowValues& given) {
  const auto strategy = job["strategy"];
  const auto matrix = strategy && strategy.IsMap() ? strategy["matrix"] : YAML::Node(YAML::NodeType::Undefined);
  if (!matrix || matrix.IsNull()) return {given};
  if (!matrix.IsMap()) return {given};
  auto rows = combinations(matrix);
  if (const auto entries = matrix["exclude"]; entries && entries.IsSequence())
    for (const auto& entry : entries)
      if (entry.IsMap())
        std::erase_if(rows, [excluded = values_of(entry)](const auto& row) { return contains(row, excluded); });
  if (const auto entries = matrix["include"]; entries && entries.IsSequence()) include(entries, rows);
  if (rows.empty()) return {given};
  for (auto& row : rows) keep_all(given, row);
  return rows;
}

WorkflowVariables variables_of(const YAML::Node& environment) {
  WorkflowVariables variables;
  if (environment && environment.IsMap())
    for (const auto& entry : environment)
      if (entry.first.IsScalar() && entry.second.IsScalar())
        keep(entry.first.Scalar(), entry.second.Scalar(), variables);
  return variables;
}

namespace {

// Calls the function with the name in each expression, and with the text of the whole expression.
template <typename Visit>
void for_each_expression(std::string_view text, const Visit& visit) {
  for (auto at = text.find("${{"); at != text.npos; at = text.find("${{")) {
    const auto end = text.find("}}", at);
    if (end == text.npos) return;
    visit(trim_unicode(text.substr(at + 3, end - at - 3)), text.substr(at, end + 2 - at));
    text.remove_prefix(end + 2);
  }
}

// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#env: the innermost one counts, and
// those of one map do not see each other.
std::optional<std::string> value_of(std::string_view name, const WorkflowValues& run,
                                    std::span<const WorkflowVariables* const> variables) {
  constexpr std::string_view prefix = "env.";
  if (name.starts_with(prefix))
    for (; !variables.empty(); variables = variables.first(variables.size() - 1)) {
      const auto found = variables.back()->find(name.substr(prefix.size()));
      if (found == variables.back()->end()) continue;
      const auto outer = variables.first(variables.size() - 1);
      auto value = with_values(found->second, values_for(std::span(&found->second, 1), run, outer));
      return has_expression(value) ? std::nullopt : std::optional(std::move(value));
    }
  const auto found = run.find(name);
  return found == run.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

WorkflowValues values_for(std::span<const std::string> texts, const WorkflowValues& run,
                          std::span<const WorkflowVariables* const> variables) {
  WorkflowValues values;
  for (const auto& text : texts)
    for_each_expression(text, [&](std::string_view name, std::string_view) {
      constexpr std::size_t bytes_of_entry = 16;
      YamlBudget::look_at(1);
      if (values.contains(name)) return;
      auto value = value_of(name, run, variables);
      if (!value) return;
      YamlBudget::look_at(value->size() / bytes_of_entry);
      values.emplace(name, *std::move(value));
    });
  return values;
}

WorkflowValues inputs_of(const YAML::Node& calling_job, const WorkflowValues& values, const YAML::Node& called) {
  WorkflowValues inputs;
  const auto on = called["on"];
  const auto call = on && on.IsMap() ? on["workflow_call"] : YAML::Node(YAML::NodeType::Undefined);
  const auto declared = call && call.IsMap() ? call["inputs"] : YAML::Node(YAML::NodeType::Undefined);
  if (declared && declared.IsMap())
    for (const auto& input : declared)
      if (input.first.IsScalar() && input.second.IsMap() && input.second["default"])
        add_value("inputs." + input.first.Scalar(), input.second["default"], inputs);
  if (const auto given = calling_job["with"]; given && given.IsMap())
    for (const auto& input : given) {
      if (!input.first.IsScalar() || !input.second.IsScalar()) continue;
      const auto name = "inputs." + input.first.Scalar();
      const auto value = with_values(input.second.Scalar(), values);
      if (has_expression(value)) inputs.erase(name);
      else keep(name, value, inputs);
    }
  return inputs;
}

std::string with_values(std::string_view text, const WorkflowValues& values) {
  std::string result;
  std::size_t rest = 0, added = 0;  // what is not taken over yet, and the bytes of all values
  for_each_expression(text, [&](std::string_view name, std::string_view whole) {
    const auto found = values.find(name);
    if (found == values.end() || (added += found->second.size()) > limits::longest_value) return;
    const auto at = static_cast<std::size_t>(whole.data() - text.data());
    result.append(text.substr(rest, at - rest)).append(found->second);
    rest = at + whole.size();
  });
  return added > limits::longest_value ? std::string(text) : result.append(text.substr(rest));
}

std::vector<WorkflowValues> with_directories(const std::string& path, const std::string& root,
                                             const WorkflowValues& values) {
  const auto text = with_values(path, values);
  const auto begin = text.find("${{"), end = text.find("}}", begin == text.npos ? 0 : begin);
  if (begin == text.npos || end == text.npos) return {values};
  const auto before = text.substr(0, begin), after = text.substr(end + 2);
  const bool whole = (before.empty() || before.ends_with('/')) && after.starts_with('/') && !has_expression(after);
  if (!whole || is_elsewhere(before) || is_elsewhere(after)) return {values};
  const std::string name(trim_unicode(std::string_view(text).substr(begin + 3, end - begin - 3)));
  std::vector<WorkflowValues> found;
  const auto base = joined_path(root, before.empty() ? "." : before);
  for (const auto& [directory, kind] : list_directory(base, most_runs)) {
    constexpr std::size_t of_question = 16;  // for the disk
    YamlBudget::look_at(of_question);
    std::error_code error;
    if (kind != PathKind::directory || !std::filesystem::is_regular_file(base + '/' + directory + after, error))
      continue;
    found.push_back(values);
    found.back()[name] = directory;
  }
  return found.empty() ? std::vector{values} : found;
}

std::vector<std::string> texts_of(const YAML::Node& with) {
  std::vector<std::string> texts;
  if (with && with.IsMap())
    for (const auto& entry : with)
      if (entry.second.IsScalar() && has_expression(entry.second.Scalar())) texts.push_back(entry.second.Scalar());
  return texts;
}

YAML::Node step_with_values(const YAML::Node& step, const WorkflowValues& values) {
  auto copy = YAML::Clone(step);
  if (const auto with = copy["with"]; with && with.IsMap())
    for (const auto& entry : with)
      if (entry.second.IsScalar() && has_expression(entry.second.Scalar()))
        copy["with"][entry.first.Scalar()] = with_values(entry.second.Scalar(), values);
  return copy;
}

}  // namespace dockhew::cli
