// What each kind of change rebuilds in a Dockerfile and in its optimized form, by reasoning alone: the four scenarios,
// and for every step in which of them it runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layers/cost.hpp"
#include "report/report.hpp"
#include "report/text.hpp"
#include "stages/base_sizes.hpp"
#include "text/position.hpp"

namespace dockhew::inline report {

struct LayersOfFile {
  std::shared_ptr<const Dockerfile> file;
  Costs costs{};
  std::vector<StepCost> steps;
  std::vector<ShippedBase> bases;  // where a registry was asked
};

LayersOfFile layers_of(std::shared_ptr<const Dockerfile> file);

struct Layers {
  std::string path;
  LayersOfFile original, optimized;
  Rewrite rewrite;
};

// A step on one line, with secrets masked, and where it begins in the file.
struct StepText {
  std::uint32_t line = 0;
  std::string text;
};
StepText step_text(const Dockerfile& file, const LineIndex& lines, const StepCost& step);

// In percent of `before`; 0 when both are next to nothing.
double change_in_percent(double before, double after);
// "-91 %"; empty when it rounds to nothing.
std::string change_text(double before, double after);

// The base images of a form in one line for a person: "`node:22` (sha256:0123456789ab), 400 MB". Empty without any.
std::string sizes_text(const LayersOfFile& layers);
// What else could be shipped, in sentences for a person.
std::vector<std::string> smaller_bases(const Layers& layers);

std::string format_layers(const Layers& layers, const Colours& colours);
// The same for programs, as a document whose files come piece by piece.
std::string layers_json(const Layers& layers);
ReportFormat::Frame layers_json_frame(bool empty);

}  // namespace dockhew::inline report
