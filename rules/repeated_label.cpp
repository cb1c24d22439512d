// Fires on a key of LABEL that a later LABEL of the same stage sets again: only the last value is in the image.
#include <map>
#include <string>
#include <utility>

#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    std::map<std::string, Span> set;
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::label) continue;
      for (const auto& pair : step.instruction->pairs) {
        const auto key = file.expand(stage, step, pair.name);
        if (!key.is_known() || key.text.empty()) continue;
        const auto [known, is_new] = set.emplace(key.text, pair.name_span);
        if (is_new) continue;
        report.add(std::exchange(known->second, pair.name_span),
                   "the label `" + key.text + "` is set again below, and only the last value counts");
      }
    }
  }
}

}  // namespace

extern constinit const Rule repeated_label = {
    .id = "repeated-label",
    .category = Category::correctness,
    .severity = Severity::info,
    .summary = "a label is set twice",
    .rationale =
        R"(Of two values for one label the image has the last. The first misleads the reader, and is often what is left
of a merge.

A label that the base image or an earlier stage sets is not meant, because to replace it is what LABEL is for. There is
no fix, because only you know which value is right.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
