// Fires on labels that do not follow the project's own schema, which is part of its configuration: a required label is
// missing, has the wrong type or, with strict labels, is not in the schema. Without a schema the rule is silent.
#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "lint/label_types.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"

namespace dockhew::rules {
namespace {

struct Label {
  std::string name;
  Value value;
  Span span;
};

std::vector<Label> labels_of(const Dockerfile& file, const Stage& stage) {
  std::vector<Label> labels;
  for (const auto& step : stage.steps) {
    const auto& triggers = step.instruction->trigger;
    const auto& instruction = triggers.empty() ? *step.instruction : triggers[0];
    if (instruction.keyword != Keyword::label) continue;
    for (const auto& pair : instruction.pairs) {
      const auto name = file.expand(stage, step, pair.name);
      if (name.is_known()) labels.push_back({name.text, file.expand(stage, step, pair.value), pair.span});
    }
  }
  return labels;
}

void check_label(const RuleOptions& options, const Label& label, Report& report) {
  const auto type = options.label_schema.find(label.name);
  if (type == options.label_schema.end()) {
    if (options.strict_labels)
      report.add(label.span, "the label `" + label.name + "` is not in the schema", {"DL3050"}).severity =
          Severity::info;
    return;
  }
  if (!label.value.is_known()) return;
  if (label.value.text.empty()) {
    report.add(label.span, "the label `" + label.name + "` is empty", {"DL3051"});
    return;
  }
  const auto* known = find_label_type(type->second);
  if (known != nullptr && !known->accepts(label.value.text))
    report.add(label.span, "the label `" + label.name + "` is not " + std::string(known->description),
               {std::string(known->code)});
}

// Only the stage that is shipped needs the label, not those it is built on or copied from.
void check_missing(const Dockerfile& file, const std::string& name, const std::vector<std::vector<Label>>& labels,
                   Report& report) {
  const auto has = [&](const Stage& stage) {
    return std::ranges::any_of(labels[stage.index], [&](const Label& label) { return label.name == name; });
  };
  std::set<std::uint32_t> good, source;
  for (const auto& stage : file.stages()) {
    if (has(stage) || (stage.parent && good.contains(*stage.parent))) good.insert(stage.index);
    for (const auto& step : stage.steps)
      if (step.copy && step.copy->stage) source.insert(*step.copy->stage);
  }
  for (const auto& stage : file.stages())
    if (good.contains(stage.index))
      for (const auto* s : chain_of(file, stage))
        if (s != &stage) source.insert(s->index);
  for (const auto& stage : file.stages())
    if (!stage.implicit && !good.contains(stage.index) && !source.contains(stage.index))
      report.add(stage.from->span, "the label `" + name + "` is missing", {"DL3049"}).severity = Severity::info;
}

void check(const Dockerfile& file, Report& report) {
  const auto& options = report.options();
  if (options.label_schema.empty() && !options.strict_labels) return;
  std::vector<std::vector<Label>> labels;
  for (const auto& stage : file.stages()) {
    labels.push_back(labels_of(file, stage));
    for (const auto& label : labels.back()) check_label(options, label, report);
  }
  for (const auto& [name, type] : options.label_schema) check_missing(file, name, labels, report);
}

}  // namespace

extern constinit const Rule label_schema = {
    .id = "label-schema",
    .aliases = {"DL3049", "DL3050", "DL3051", "DL3052", "DL3053", "DL3054", "DL3055", "DL3056", "DL3058"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a label does not follow the project's schema",
    .rationale =
        R"(The schema is in `.dockhew.yaml`: `labels: {org.opencontainers.image.source: url}`. Each label in it must be
set in the final image and have the given type: `text` (anything but empty), `url`, `semver`, `hash` (a Git commit),
`rfc3339` (a time), `spdx` (a licence) or `email`. With `strict-labels: true`, other labels are reported too.

Without a schema the rule is silent.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
