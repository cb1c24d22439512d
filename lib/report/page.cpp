#include "report/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lint/secrets.hpp"
#include "report/repeated.hpp"
#include "report/text.hpp"
#include "report/xml.hpp"

namespace dockhew::inline report {
namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ground:#fff;--text:#1c2128;--dim:#59636e;--line:#d1d9e0;--soft:#f6f8fa;--before:#8c959f;--after:#1a7f37;
--add:#dafbe1;--cut:#ffebe9;--run:#bc4c00;--bad:#cf222e}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#e6edf3;--dim:#9198a1;--line:#3d444d;--soft:#151b23;--before:#656c76;
--after:#3fb950;--add:#12361f;--cut:#4a1618;--run:#db6d28;--bad:#f85149}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}h1~h1{margin-top:3rem}
h2{font-size:1.15rem;margin:2.2rem 0 .7rem}
p{margin:.3rem 0}
.dim{color:var(--dim)}.good{color:var(--after);font-weight:600}.bad{color:var(--bad);font-weight:600}.worse{color:var(--run);font-weight:600}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th{text-align:right;font-weight:600;color:var(--dim)}th:first-child,td:first-child{text-align:left}
td,th{padding:.35rem .7rem;border-bottom:1px solid var(--line);white-space:nowrap}td{text-align:right;font-variant-numeric:tabular-nums}
.bars{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;align-items:center}
.bars .name{grid-row:span 2}
.bar{display:flex;align-items:center;gap:.5rem;min-width:0}
.bar i{display:block;height:.9rem;min-width:2px;border-radius:2px;background:var(--before)}
.bar.after i{background:var(--after)}.bar.slower i{background:var(--run)}.bar span{font-size:.85rem;color:var(--dim);white-space:nowrap}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(34rem,100%),1fr));gap:1.5rem}
.sides td{text-align:center}.sides td.step{text-align:left;max-width:0;width:100%;overflow:hidden;text-overflow:ellipsis}
.sides th{text-align:center;font-size:.8rem}.sides th:first-child{text-align:left}
code,pre{font:13px/1.45 ui-monospace,monospace}
.mark{display:inline-block;width:.8rem;height:.8rem;border-radius:50%;border:1px solid var(--line)}
.mark.runs{background:var(--run);border-color:var(--run)}
pre{margin:0;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.6rem 0;overflow-x:auto}
pre span{display:block;padding:0 .8rem;min-width:max-content}
pre .add{background:var(--add)}pre .cut{background:var(--cut)}pre .head{color:var(--dim)}
ul{padding-left:1.2rem;margin:.3rem 0}li{margin:.25rem 0}
)";

// Text between backticks in a message is code.
std::string with_code(std::string_view text) {
  std::string out;
  bool code = false;
  for (const char c : xml_escaped(text))
    if (c == '`') out += (code = !code) ? "<code>" : "</code>";
    else out += c;
  return out + (code ? "</code>" : "");
}

std::string title_case(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

// More than measurement noise.
bool is_worse(double before, double after) { return after > before * 1.1 && after > before + 0.5; }

std::string change_cell(double before, double after) {
  const auto text = change_text(before, after);
  if (text.empty()) return "<td>–</td>";
  return fmt::format("<td class=\"{}\">{}</td>",
                     after < before            ? "good"
                     : is_worse(before, after) ? "worse"
                                               : "",
                     text);
}

// The data for the bars and the table: seconds if measured, otherwise the model's figures.
struct Row {
  std::string name, unit, not_measured;
  double before = 0, after = 0, predicted_before = 0, predicted_after = 0;
};

std::vector<Row> rows_of(const Layers& layers, const Verification* v) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    const auto before = layers.original.costs[i], after = layers.optimized.costs[i];
    Row row{title_case(to_string(all_scenarios[i])), "", "", before, after, before, after};
    if (v != nullptr) {
      row.unit = " s";
      row.not_measured = v->not_measured[i];
      row.before = v->original[i].median();
      row.after = v->optimized[i].median();
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string size_row(double before, double after, const char* empty_cells) {
  return fmt::format("<tr><td>Image size</td><td>{}</td><td>{}</td>{}{}</tr>",
                     readable_bytes(static_cast<std::uint64_t>(before)),
                     readable_bytes(static_cast<std::uint64_t>(after)), change_cell(before, after), empty_cells);
}

std::string table(const std::vector<Row>& rows, const Verification* v) {
  std::string out = "<div class=\"scroll\"><table><tr><th>Build</th><th>original</th><th>optimized</th><th>change</th>";
  if (v != nullptr) out += "<th>predicted change</th><th>steps that ran</th>";
  out += "</tr>";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    out += fmt::format("<tr><td>{}</td>", row.name);
    if (!row.not_measured.empty()) {
      out += fmt::format("<td colspan=\"5\" class=\"dim\">not measured: {}</td></tr>", xml_escaped(row.not_measured));
      continue;
    }
    out += fmt::format("<td>{:.{}f}{}</td><td>{:.{}f}{}</td>{}", row.before, v ? 2 : 1, row.unit, row.after, v ? 2 : 1,
                       row.unit, change_cell(row.before, row.after));
    if (v != nullptr)
      out += change_cell(row.predicted_before, row.predicted_after) +
             fmt::format("<td>{} → {}</td>", v->original[i].ran, v->optimized[i].ran);
    out += "</tr>";
  }
  if (v != nullptr)
    out +=
        size_row(static_cast<double>(v->original_bytes), static_cast<double>(v->optimized_bytes), "<td></td><td></td>");
  return out + "</table></div>";
}

std::string bars(const std::vector<Row>& rows) {
  double longest = 0;
  for (const auto& row : rows) longest = std::max({longest, row.before, row.after});
  if (longest <= 0) return {};
  std::string out = "<div class=\"bars\" role=\"img\" aria-label=\"the table above as bars\">";
  const auto bar = [&](double value, const Row& row, const char* kind, const char* more = "") {
    return fmt::format("<div class=\"bar {0}{1}\"><i style=\"width:{2:.1f}%\"></i><span>{0} {3:.1f}{4}</span></div>",
                       kind, more, value * 75 / longest, value, row.unit);
  };
  for (const auto& row : rows) {
    if (!row.not_measured.empty()) continue;
    out += fmt::format("<div class=\"name\">{}</div>", row.name);
    out +=
        bar(row.before, row, "before") + bar(row.after, row, "after", is_worse(row.before, row.after) ? " slower" : "");
  }
  return out + "</div>";
}

std::string side(const char* title, const LayersOfFile& layers) {
  std::string out = fmt::format(
      "<div><table><tr><th>{}</th><th>first</th><th>nothing</th><th>source</th><th>depend.</th></tr>", title);
  const LineIndex lines(layers.file->source());
  for (const auto& step : layers.steps) {
    const auto text = step_text(*layers.file, lines, step);
    const auto escaped = xml_escaped(text.text);
    out += fmt::format("<tr><td class=\"step\" title=\"{0}\"><code>{1} {0}</code></td>", escaped, text.line);
    for (std::size_t i = 0; i < all_scenarios.size(); ++i)
      out += fmt::format("<td><span class=\"mark{}\" title=\"{}\"></span></td>", step.runs[i] ? " runs" : "",
                         step.runs[i] ? "runs" : "from the cache");
    out += "</tr>";
  }
  return out + "</table></div>";
}

std::string diff(const Layers& layers) {
  const auto before = without_secrets(layers.original.file->source()), after = without_secrets(layers.rewrite.text);
  const auto text = format_diff(diff_lines(before, after), layers.path);
  std::string out = "<pre>";
  for (std::string_view rest = text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const bool head = line.starts_with("---") || line.starts_with("+++") || line.starts_with("@@");
    const auto* kind = head ? "head" : line.starts_with('+') ? "add" : line.starts_with('-') ? "cut" : "same";
    out += fmt::format("<span class=\"{}\">{}</span>", kind, xml_escaped(line));
  }
  return out + "</pre>";
}

std::string item_list(const char* title, const std::vector<SaidOfLines>& said) {
  if (said.empty()) return {};
  std::string out = fmt::format("<h2>{}</h2><ul>", title);
  for (const auto& one : said) out += fmt::format("<li>{}: {}</li>", title_case(line_list(one.lines)), one.text);
  return out + "</ul>";
}

std::string reasons(const Rewrite& rewrite) {
  LinesByText failing, why, not_changed, not_judged;
  for (const auto& step : rewrite.failing) failing.add(with_code(step.message), step.line);
  for (const auto& fix : rewrite.applied) {
    auto text = fmt::format("{} <span class=\"dim\">({})</span><br>{}", with_code(fix.title),
                            to_string(fix.applicability), with_code(fix.message));
    for (const auto& assumption : fix.assumptions)
      text += fmt::format("<br><span class=\"dim\">assuming: {}</span>", with_code(assumption.sentence));
    for (const auto& item : fix.checklist)
      text += fmt::format("<br><span class=\"dim\">check: {}</span>", with_code(item));
    why.add(std::move(text), fix.line);
  }
  for (const auto& declined : rewrite.declined)
    not_changed.add(fmt::format("{}<br><span class=\"dim\">because {}</span>", with_code(declined.message),
                                with_code(declined.reason)),
                    declined.line);
  for (const auto& one : rewrite.unjudged) not_judged.add(with_code(one.sentence), one.line);
  return item_list(heading_of_failing(rewrite), failing.sorted()) + item_list("Why", why.sorted()) +
         item_list("Not changed", not_changed.sorted()) + item_list("Not judged", not_judged.sorted());
}

std::string difference_list(const char* title, const std::vector<Difference>& differences) {
  if (differences.empty()) return {};
  std::string out = fmt::format("<h2>{}</h2><ul>", title);
  const auto side_of = [](const std::string& text) { return text.empty() ? std::string("absent") : xml_escaped(text); };
  for (const auto& d : differences)
    out += fmt::format("<li><code>{}</code>: {} → {}</li>", xml_escaped(d.what), side_of(d.before), side_of(d.after));
  return out + "</ul>";
}

std::string tallies(const char* title, const std::map<std::string, Tally>& tallies) {
  if (tallies.empty()) return {};
  std::string out = fmt::format("<h2>{}</h2><ul>", title);
  for (const auto& [name, tally] : by_size(tallies)) {
    out += fmt::format("<li>{}: {}, {} file{}", xml_escaped(title_case(name)), readable_bytes(tally.bytes), tally.files,
                       tally.files == 1 ? "" : "s");
    for (const auto& path : tally.names) out += " <code>" + xml_escaped(path) + "</code>";
    out += "</li>";
  }
  return out + "</ul>";
}

std::string name_list(const char* title, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::string out = fmt::format("<h2>{}</h2><ul>", title);
  for (const auto& name : names) out += "<li><code>" + xml_escaped(name) + "</code></li>";
  return out + "</ul>";
}

std::string verdict(const Verification* v) {
  if (v == nullptr)
    return "<p class=\"dim\">Relative cost by a model of what each step does. <code>dockhew verify</code> "
           "measures.</p>";
  const auto* text = !v->equivalent() ? "The images are not equivalent"
                     : v->converted   ? "The images are equivalent, apart from what was dropped"
                                      : "The images are equivalent";
  std::string out = fmt::format("<p class=\"{}\">{}</p><p class=\"dim\">Built with {}.",
                                v->equivalent() ? "good" : "bad", text, xml_escaped(v->builder));
  if (!v->source_file.empty())
    out += fmt::format(" The source change was made in <code>{}</code>.", xml_escaped(v->source_file));
  if (!v->manifest.empty())
    out += fmt::format(" The dependencies were changed in <code>{}</code>.", xml_escaped(v->manifest));
  return out + "</p>";
}

std::string sizes(const Layers& layers) {
  const auto before = sizes_text(layers.original), after = sizes_text(layers.optimized);
  if (before.empty() && after.empty()) return {};
  std::string out =
      "<h2>Base images of what is shipped</h2><p>As their registry sends them, "
      "compressed.</p><table><tr><td>original</td><td>" +
      xml_escaped(before) + "</td></tr><tr><td>optimized</td><td>" + xml_escaped(after) + "</td></tr></table>";
  for (const auto& sentence : smaller_bases(layers)) out += "<p>" + xml_escaped(sentence) + "</p>";
  return out;
}

// All of one Dockerfile below its heading.
std::string sections(const Layers& layers, const Verification* v) {
  const auto rows = rows_of(layers, v);
  auto out = verdict(v) + "<h2>Builds</h2>" + table(rows, v) + "<p></p>" + bars(rows);
  if (v != nullptr) {
    if (!v->comparison.missing.empty()) {
      out += "<h2>What the program needs is missing</h2><ul>";
      for (const auto& sentence : v->comparison.missing) out += "<li>" + xml_escaped(sentence) + "</li>";
      out += "</ul>";
    }
    out += difference_list("The configuration differs", v->comparison.configuration);
    out += difference_list("Files differ", v->comparison.files);
    if (!v->run_difference.empty())
      out += "<h2>The command runs differently</h2><pre>" + xml_escaped(v->run_difference) + "</pre>";
    out += tallies("Dropped, as intended by the multi-stage form", v->comparison.dropped);
    out += tallies("Differences found in every build", v->comparison.ignored);
    out += name_list("Differs between two builds of the original too", v->comparison.discounted);
  }
  out += sizes(layers);
  out += "<h2>Steps, and the changes after which each runs again</h2><div class=\"sides\">" +
         side("Original", layers.original) + side("Optimized", layers.optimized) + "</div>";
  return out + "<h2>Changes</h2>" + diff(layers) + reasons(layers.rewrite);
}

std::string page_of(const std::string& path, const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>dockhew: {0}</title><style>{1}</style></head><body><main>"
      "<h1>{0}</h1>{2}</main></body></html>\n",
      xml_escaped(path), style, body);
}

// What all services of a project take together.
std::string sum_section(const ProjectVerification& project) {
  const auto sum = sum_of(project);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < all_scenarios.size(); ++i) {
    Row row{title_case(to_string(all_scenarios[i])), " s", "", sum.scenarios[i].original, sum.scenarios[i].optimized};
    if (sum.scenarios[i].services == 0) row.not_measured = "in no service";
    rows.push_back(std::move(row));
  }
  auto text = table(rows, nullptr);
  constexpr std::string_view end = "</table></div>";
  text.insert(text.size() - end.size(), size_row(sum.bytes.original, sum.bytes.optimized, ""));
  return "<h2>All services in sum</h2>" + text + "<p></p>" + bars(rows);
}

}  // namespace

std::string format_page(const Layers& layers, const Verification* v) {
  return page_of(layers.path, sections(layers, v));
}

std::string format_page(const ProjectVerification& project) {
  const bool good = !project.failed() && project.equivalent();
  auto body = fmt::format("<p class=\"{}\">{}</p><p class=\"dim\">Built with {}.</p>", good ? "good" : "bad",
                          xml_escaped(verdict_of(project)), xml_escaped(project.builder));
  body += sum_section(project);
  for (const auto& service : project.services) {
    body += fmt::format("<h1>{}</h1>", xml_escaped(service.name));
    if (service.state != ServiceState::verified)
      body += fmt::format("<p class=\"dim\">{}</p>", with_code(title_case(state_text(service))));
    else
      body += fmt::format("<p><code>{}</code>{}</p>", xml_escaped(service.dockerfile),
                          service.target.empty() ? "" : ", target <code>" + xml_escaped(service.target) + "</code>") +
              sections(service.layers, &service.verification);
  }
  return page_of(project.path, body);
}

}  // namespace dockhew::inline report
