// What `dockhew verify` found out with a real builder, ready to be shown: how the two images compare, how long the four
// scenarios took, and how well the model predicted them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/comparison.hpp"
#include "report/layers.hpp"
#include "text/amounts.hpp"
#include "text/json.hpp"

namespace dockhew::inline report {

// One scenario of one form of the file.
struct Measurement {
  std::vector<double> seconds{};              // one value per repetition
  std::size_t ran = 0, cached = 0;            // steps, in the last repetition
  std::optional<std::uint64_t> downloaded{};  // bytes, in the last repetition; nothing if no tool reported any
  std::vector<std::string> not_foreseen{};    // steps that ran although the model said they would not, or vice versa
  double median() const;                      // 0 when nothing was measured
};

struct Verification {
  std::string builder;                                    // "buildah 1.28.2"
  std::array<Measurement, 4> original, optimized;         // in the order of all_scenarios
  std::array<std::string, 4> not_measured;                // why it was not measured; empty if it was
  std::string source_file, manifest;                      // what was edited, relative to the context
  std::uint64_t original_bytes = 0, optimized_bytes = 0;  // of the layers, unpacked
  bool converted = false;                                 // the final stage of the optimized form differs by design
  Comparison comparison;
  std::string run_difference;  // of `--run`: how the two differ, in lines; empty when they do not
  bool interrupted = false;    // before the images were compared, so there is no verdict
  bool equivalent() const { return !interrupted && comparison.equivalent() && run_difference.empty(); }
};

std::string format_verification(const Layers& layers, const Verification& verification, const Colours& colours);
Json verification_json(const Layers& layers, const Verification& verification);
std::string format_verification_json(const Layers& layers, const Verification& verification);

// The largest first.
std::vector<std::pair<std::string, Tally>> by_size(const std::map<std::string, Tally>& tallies);

}  // namespace dockhew::inline report
