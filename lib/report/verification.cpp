#include "report/verification.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/json.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

constexpr std::size_t most_listed = 30;  // differences in the text form; JSON lists all
constexpr std::size_t most_named = 8;    // of one kind among what was left out; the same

void append_times(std::string& out, const Layers& layers, const Verification& v, const Colours& colours) {
  out += fmt::format("{}{:<22}{:>12}{:>12}{:>10}{:>12}{:>12}{}\n", colours.dim, "", "original", "optimized", "change",
                     "predicted", "steps run", colours.reset);
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    const auto name = to_string(all_scenarios[i]);
    if (!v.not_measured[i].empty()) {
      out += fmt::format("{:<22}not measured: {}\n", name, escape_for_terminal(v.not_measured[i]));
      continue;
    }
    const auto before = v.original[i].median(), after = v.optimized[i].median();
    if (v.original[i].seconds.empty() || v.optimized[i].seconds.empty()) {
      out += v.original[i].seconds.empty() ? fmt::format("{:<22}{:>12}\n", name, "not built")
                                           : fmt::format("{:<22}{:>10.2f} s{:>12}\n", name, before, "not built");
      continue;
    }
    out += fmt::format("{:<22}{:>10.2f} s{:>10.2f} s{:>10}{:>12}{:>12}\n", name, before, after,
                       change_text(before, after), change_text(layers.original.costs[i], layers.optimized.costs[i]),
                       fmt::format("{} → {}", v.original[i].ran, v.optimized[i].ran));
  }
  if (v.original_bytes == 0 || v.optimized_bytes == 0) return;
  out += fmt::format("{:<22}{:>12}{:>12}{:>10}\n", "image size", readable_bytes(v.original_bytes),
                     readable_bytes(v.optimized_bytes),
                     change_text(static_cast<double>(v.original_bytes), static_cast<double>(v.optimized_bytes)));
  if (!v.source_file.empty())
    out += fmt::format("The source change was made in {}", escape_for_terminal(v.source_file));
  if (!v.manifest.empty())
    out +=
        fmt::format("{} in {}", v.source_file.empty() ? "The dependencies were changed" : ", that of the dependencies",
                    escape_for_terminal(v.manifest));
  if (!v.source_file.empty() || !v.manifest.empty()) out += ".\n";
}

// Only what the package managers print, so a scenario for which none printed anything is left out.
void append_downloads(std::string& out, const Verification& v) {
  std::string scenarios;
  const auto amount = [](const std::optional<std::uint64_t>& bytes) {
    return bytes ? readable_bytes(*bytes) : std::string("unknown");
  };
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    const auto &before = v.original[i].downloaded, &after = v.optimized[i].downloaded;
    if (!before && !after) continue;
    scenarios += fmt::format("{}{} {} → {}", scenarios.empty() ? "" : ", ", to_string(all_scenarios[i]), amount(before),
                             amount(after));
  }
  if (!scenarios.empty()) out += "Downloads, as far as package managers report them: " + scenarios + ".\n";
}

void append_unpredicted(std::string& out, const Verification& v) {
  for (std::size_t i = 0; i < all_scenarios.size(); ++i)
    for (const auto* form : {&v.original, &v.optimized})
      for (const auto& sentence : (*form)[i].not_foreseen)
        out += fmt::format("Not predicted, {}, {}: {}\n", to_string(all_scenarios[i]),
                           form == &v.original ? "original" : "optimized", escape_for_terminal(sentence));
}

void append_differences(std::string& out, const char* title, const std::vector<Difference>& differences,
                        const Colours& colours) {
  if (differences.empty()) return;
  out += fmt::format("\n{}{}{}\n", colours.bold, title, colours.reset);
  for (std::size_t i = 0; i < differences.size() && i < most_listed; ++i) {
    const auto& d = differences[i];
    out += fmt::format("- {}: {} → {}\n", escape_for_terminal(d.what),
                       d.before.empty() ? "absent" : escape_for_terminal(d.before),
                       d.after.empty() ? "absent" : escape_for_terminal(d.after));
  }
  if (differences.size() > most_listed)
    out += fmt::format("- and {} more; `--format json` lists all\n", differences.size() - most_listed);
}

void append_tallies(std::string& out, const char* title, const std::map<std::string, Tally>& tallies) {
  if (tallies.empty()) return;
  out += title;
  const char* separator = " ";
  for (const auto& [name, tally] : by_size(tallies)) {
    out += fmt::format("{}{} ({}, {} file{})", separator, name, readable_bytes(tally.bytes), tally.files,
                       tally.files == 1 ? "" : "s");
    separator = ", ";
  }
  out += '\n';
}

// "/app/a, /app/b and 3 more; `--format json` lists all"
std::string names(std::vector<std::string> all) {
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < most_named; ++i)
    out += (out.empty() ? "" : ", ") + escape_for_terminal(all[i]);
  if (all.size() > most_named) out += fmt::format(" and {} more; `--format json` lists all", all.size() - most_named);
  return out;
}

// The application's own files that are not in the optimized form, although nothing is wrong with that.
void append_names(std::string& out, const std::map<std::string, Tally>& tallies) {
  for (const auto& [kind, tally] : by_size(tallies))
    if (!tally.names.empty()) out += fmt::format("- {}: {}\n", kind, names({tally.names.begin(), tally.names.end()}));
}

void append_run_difference(std::string& out, const Verification& v, const Colours& colours) {
  if (v.run_difference.empty()) return;
  out += fmt::format("\n{}The command runs differently:{}\n", colours.bold, colours.reset);
  for (std::string_view rest = v.run_difference; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    const auto colour = line.starts_with('-')   ? colours.red
                        : line.starts_with('+') ? colours.green
                                                : std::string_view();
    out += fmt::format("{}{}{}\n", colour, escape_for_terminal(line), colour.empty() ? colour : colours.reset);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

Json differences_json(const std::vector<Difference>& differences) {
  Json list = Json::array();
  for (const auto& d : differences) list.push_back({{"what", d.what}, {"original", d.before}, {"optimized", d.after}});
  return list;
}

Json tallies_json(const std::map<std::string, Tally>& tallies) {
  Json out = Json::object();
  for (const auto& [name, tally] : tallies) {
    out[name] = {{"files", tally.files}, {"bytes", tally.bytes}};
    if (!tally.names.empty())
      out[name]["names"] = Json(std::vector<std::string>(tally.names.begin(), tally.names.end()));
  }
  return out;
}

Json measurement_json(const Measurement& m, double predicted) {
  Json downloaded = m.downloaded ? Json(*m.downloaded) : Json();
  return {{"seconds", m.seconds},          {"median", m.median()},        {"steps_run", m.ran},
          {"steps_cached", m.cached},      {"predicted_cost", predicted}, {"downloaded_bytes", std::move(downloaded)},
          {"not_foreseen", m.not_foreseen}};
}

}  // namespace

double Measurement::median() const {
  if (seconds.empty()) return 0;
  auto sorted = seconds;
  std::ranges::sort(sorted);
  const auto middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::vector<std::pair<std::string, Tally>> by_size(const std::map<std::string, Tally>& tallies) {
  std::vector<std::pair<std::string, Tally>> sorted(tallies.begin(), tallies.end());
  std::ranges::stable_sort(sorted, std::greater(), [](const auto& entry) { return entry.second.bytes; });
  return sorted;
}

std::string format_verification(const Layers& layers, const Verification& v, const Colours& colours) {
  std::string out = fmt::format("{}{}{}, built with {}\n", colours.bold, escape_for_terminal(layers.path),
                                colours.reset, escape_for_terminal(v.builder));
  append_times(out, layers, v, colours);
  append_downloads(out, v);
  append_unpredicted(out, v);
  append_differences(out, "The configuration differs:", v.comparison.configuration, colours);
  append_differences(out, "Files differ:", v.comparison.files, colours);
  if (!v.comparison.missing.empty()) {
    out += fmt::format("\n{}What the program needs is missing:{}\n", colours.bold, colours.reset);
    for (const auto& sentence : v.comparison.missing) out += "- " + escape_for_terminal(sentence) + '\n';
  }
  append_run_difference(out, v, colours);
  if (v.interrupted) return out + "\ninterrupted; the images were not compared\n";
  append_tallies(out, "Ignored:", v.comparison.ignored);
  if (!v.comparison.discounted.empty())
    out += fmt::format("Not counted, because it differs between two builds of the original too: {}\n",
                       names(v.comparison.discounted));
  append_tallies(out, "Dropped, as intended by the multi-stage form:", v.comparison.dropped);
  append_names(out, v.comparison.dropped);
  const auto colour = v.equivalent() ? colours.green : colours.red;
  const auto* verdict = !v.equivalent()                                ? "not equivalent"
                        : v.converted || !v.comparison.dropped.empty() ? "equivalent, apart from what was dropped"
                                                                       : "equivalent";
  out += fmt::format("\n{}{}{}\n", colour, verdict, colours.reset);
  return out;
}

std::string format_verification_json(const Layers& layers, const Verification& v) {
  return verification_json(layers, v).dump(2) + '\n';
}

Json verification_json(const Layers& layers, const Verification& v) {
  Json scenarios = Json::array();
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    Json scenario = {{"name", to_string(all_scenarios[i])}};
    if (!v.not_measured[i].empty()) scenario["not_measured"] = v.not_measured[i];
    scenario["original"] = measurement_json(v.original[i], layers.original.costs[i]);
    scenario["optimized"] = measurement_json(v.optimized[i], layers.optimized.costs[i]);
    scenarios.push_back(std::move(scenario));
  }
  return {{"version", 1},
          {"path", layers.path},
          {"builder", v.builder},
          {"equivalent", v.interrupted ? Json() : Json(v.equivalent())},
          {"interrupted", v.interrupted},
          {"converted", v.converted},
          {"scenarios", std::move(scenarios)},
          {"changed", {{"source", v.source_file}, {"dependencies", v.manifest}}},
          {"bytes", {{"original", v.original_bytes}, {"optimized", v.optimized_bytes}}},
          {"configuration", differences_json(v.comparison.configuration)},
          {"files", differences_json(v.comparison.files)},
          {"missing", v.comparison.missing},
          {"run_difference", v.run_difference},
          {"discounted", v.comparison.discounted},
          {"ignored", tallies_json(v.comparison.ignored)},
          {"dropped", tallies_json(v.comparison.dropped)}};
}

}  // namespace dockhew::inline report
