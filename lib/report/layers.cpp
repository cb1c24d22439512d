#include "report/layers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lint/secrets.hpp"
#include "report/json_list.hpp"
#include "report/text.hpp"
#include "text/amounts.hpp"
#include "text/json.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline report {
namespace {

constexpr std::size_t text_columns = 56;  // of a step, before its line is cut
constexpr double negligible = 0.05;       // a cost that rounds to nothing

std::string padded(std::string text, std::size_t columns) {
  std::size_t width = 0;
  std::size_t end = 0;
  for (std::string_view rest = text; !rest.empty() && width < columns; ++width) {
    const auto rune = decode_rune(rest);
    end += rune.size;
    rest.remove_prefix(rune.size);
  }
  if (end < text.size()) return text.substr(0, end) + "…";
  return text + std::string(columns - width + 1, ' ');
}

// Continuations with the blanks and comments around them become one blank; a heredoc is cut after its first line.
std::string on_one_line(std::string_view text, char escape) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto line_end = text.find_first_not_of(" \t\r", i + 1);
    if (text[i] == escape && line_end != text.npos && text[line_end] == '\n') {
      while (out.ends_with(' ')) out.pop_back();
      out += ' ';
      auto next = text.find_first_not_of(" \t\r\n", line_end);
      while (next != text.npos && text[next] == '#')
        next = text.find_first_not_of(" \t\r\n", std::min(text.find('\n', next), text.size()));
      i = std::min(next, text.size()) - 1;
    } else if (text[i] == '\n' || text[i] == '\r') {
      break;
    } else if (text[i] != ' ' || !out.ends_with(' ')) {
      out += text[i];
    }
  }
  return out;
}

void append_table(std::string& out, const Layers& layers, const Colours& colours) {
  out +=
      fmt::format("{}{:<22}{:>12}{:>12}{:>10}{}\n", colours.dim, "", "original", "optimized", "change", colours.reset);
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    const auto before = layers.original.costs[i], after = layers.optimized.costs[i];
    const auto colour = after < before - negligible ? colours.green : std::string_view();
    out += fmt::format("{:<22}{:>12.1f}{:>12.1f}{}{:>10}{}\n", to_string(all_scenarios[i]), before, after, colour,
                       change_text(before, after), colour.empty() ? "" : colours.reset);
  }
}

void append_steps(std::string& out, std::string_view title, const LayersOfFile& layers, const Colours& colours) {
  out += fmt::format("\n{}{:<65}first  nothing  source  dependencies{}\n", colours.bold, title, colours.reset);
  const LineIndex lines(layers.file->source());
  for (const auto& step : layers.steps) {
    const auto shown = step_text(*layers.file, lines, step);
    const auto mark = [&](std::size_t i) { return step.runs[i] ? "run" : "·"; };
    out += fmt::format("{:>5}  {} {:^5}  {:^7}  {:^6}  {:^12}\n", shown.line,
                       padded(escape_for_terminal(shown.text), text_columns), mark(0), mark(1), mark(2), mark(3));
  }
}

std::string amount_text(const ImageSize& size) {
  return fmt::format("`{}` ({}) with {}", size.image, short_digest(size.digest),
                     readable_bytes(static_cast<std::uint64_t>(size.bytes)));
}

void append_sizes(std::string& out, const Layers& layers) {
  const auto before = sizes_text(layers.original), after = sizes_text(layers.optimized);
  if (before.empty() && after.empty()) return;
  const auto line = [&](std::string_view title, const std::string& text) {
    if (!text.empty()) out += fmt::format("{}: {}\n", title, escape_for_terminal(text));
  };
  out += "\nBase images of what is shipped, as their registry sends them (compressed):\n";
  line(before == after ? "  both" : "  original", before);
  if (before != after) line("  optimized", after);
  for (const auto& sentence : smaller_bases(layers)) out += "  " + escape_for_terminal(sentence) + '\n';
}

Json size_json(const ImageSize& size) {
  return {{"image", size.image}, {"digest", size.digest}, {"bytes", size.bytes}};
}

Json bases_json(const LayersOfFile& layers) {
  Json bases = Json::array();
  const LineIndex lines(layers.file->source());
  for (const auto& [stage, base, smaller, others] : layers.bases) {
    auto json = size_json(base);
    json["stage"] = stage->index;
    json["line"] = lines.line(stage->from->span.begin);
    json["platform"] = stage->platform;
    json["smaller"] = smaller ? size_json(*smaller) : Json();
    auto forms = Json::array();
    for (const auto& [size, difference] : others) {
      auto form = size_json(size);
      form["difference"] = difference.empty() ? Json() : Json(difference);
      forms.push_back(std::move(form));
    }
    json["others"] = std::move(forms);
    bases.push_back(std::move(json));
  }
  return bases;
}

Json steps_json(const LayersOfFile& layers) {
  Json steps = Json::array();
  const LineIndex lines(layers.file->source());
  for (const auto& step : layers.steps) {
    const auto text = step_text(*layers.file, lines, step);
    Json runs = Json::object();
    for (std::size_t i = 0; i < all_scenarios.size(); ++i)
      runs[std::string(to_string(all_scenarios[i]))] = step.runs[i] ? Json(step.costs[i]) : Json();
    steps.push_back({{"stage", step.stage}, {"line", text.line}, {"text", text.text}, {"cost", std::move(runs)}});
  }
  return steps;
}

}  // namespace

LayersOfFile layers_of(std::shared_ptr<const Dockerfile> file) {
  LayersOfFile layers;
  layers.costs = scenario_costs(*file);
  layers.steps = step_costs(*file);
  layers.bases = shipped_bases(*file);
  // What only sets metadata makes no layer.
  std::erase_if(layers.steps, [&](const StepCost& step) {
    const auto keyword = file->stages()[step.stage].steps[step.step].instruction->keyword;
    return keyword != Keyword::run && keyword != Keyword::copy && keyword != Keyword::add &&
           keyword != Keyword::workdir;
  });
  std::ranges::sort(layers.steps, {}, [](const StepCost& s) { return std::pair(s.stage, s.step); });
  layers.file = std::move(file);
  return layers;
}

StepText step_text(const Dockerfile& file, const LineIndex& lines, const StepCost& step) {
  const auto& instruction = *file.stages()[step.stage].steps[step.step].instruction;
  auto text = without_secrets(slice(file.source(), instruction.span));
  // What a RUN does matters more to the reader than how its caches are mounted.
  if (instruction.keyword == Keyword::run && !instruction.flags.empty())
    text.replace(instruction.keyword_span.end - instruction.span.begin,
                 instruction.flags.back().span.end - instruction.keyword_span.end, "");
  return {static_cast<std::uint32_t>(lines.line(instruction.span.begin)), on_one_line(text, file.document().escape())};
}

double change_in_percent(double before, double after) {
  return before < negligible ? 0 : (after - before) * 100 / before;
}

std::string change_text(double before, double after) {
  const auto change = change_in_percent(before, after);
  if (change > -0.5 && change < 0.5) return "";
  return fmt::format("{:+.0f} %", change);
}

std::string sizes_text(const LayersOfFile& layers) {
  std::string text;
  for (const auto& shipped : layers.bases) text += (text.empty() ? "" : ", and ") + amount_text(shipped.base);
  return text;
}

std::vector<std::string> smaller_bases(const Layers& layers) {
  std::vector<std::string> sentences;
  for (const auto& shipped : layers.optimized.bases) {
    if (shipped.smaller)
      sentences.push_back("In place of `" + shipped.base.image + "`, its registry has " +
                          amount_text(*shipped.smaller) + ".");
    std::string others;
    for (const auto& [size, difference] : shipped.others) {
      others += (others.empty() ? "" : "; ") + amount_text(size);
      if (!difference.empty()) others.append(", which has ").append(difference);
    }
    if (!others.empty())
      sentences.push_back("Smaller than `" + shipped.base.image + "` as well, to try: " + others + ".");
  }
  return sentences;
}

std::string format_layers(const Layers& layers, const Colours& colours) {
  std::string out = fmt::format("{}{}{}\n", colours.bold, escape_for_terminal(layers.path), colours.reset);
  out += format_contexts(layers.rewrite.contexts);
  append_table(out, layers, colours);
  out += "Relative cost by a model of what each step does; `dockhew verify` measures.\n";
  append_sizes(out, layers);
  append_steps(out, "original", layers.original, colours);
  if (layers.rewrite.text != layers.original.file->source()) append_steps(out, "optimized", layers.optimized, colours);
  return out;
}

std::string layers_json(const Layers& layers) {
  Json scenarios = Json::array();
  for (std::size_t i = 0; i < all_scenarios.size(); ++i)
    scenarios.push_back({{"name", to_string(all_scenarios[i])},
                         {"original", layers.original.costs[i]},
                         {"optimized", layers.optimized.costs[i]}});
  std::string text;
  add_element(text,
              {{"path", layers.path},
               {"scenarios", std::move(scenarios)},
               {"bases", {{"original", bases_json(layers.original)}, {"optimized", bases_json(layers.optimized)}}},
               {"original", steps_json(layers.original)},
               {"optimized", steps_json(layers.optimized)}},
              1);
  return text;
}

ReportFormat::Frame layers_json_frame(bool empty) {
  return frame_around({{"version", 1}, {"files", Json::array()}}, "files", 1, empty);
}

}  // namespace dockhew::inline report
