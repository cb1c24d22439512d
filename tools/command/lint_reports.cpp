#include "lint_reports.hpp"

#include <iostream>

#include "commands.hpp"
#include "report/formats.hpp"
#include "report/hadolint_formats.hpp"
#include "version.hpp"
#include "writing.hpp"

namespace dockhew::cli {

const ReportFormat* report_format(const Options& options, std::string_view name) {
  return options.hadolint ? find_hadolint_format(name) : find_report_format(name);
}

LintReports::LintReports(const Options& options, const std::vector<const Rule*>& rules) {
  for (const auto& wanted : options.reports) {
    const auto& format = *report_format(options, wanted.format);
    const bool colour = options.colour && wanted.file.empty();
    targets_.push_back({format, ReportWriter(format, report_context(rules, version, colour)), wanted.file, {}});
  }
}

ReportPieces LintReports::pieces(const FileResult& result) const {
  ReportPieces pieces;
  for (const auto& target : targets_) {
    pieces.totals.push_back(target.format.totals(result));
    pieces.texts.push_back(target.format.piece(result, target.writer.context()));
  }
  return pieces;
}

void LintReports::put(Target& target, std::string text) {
  if (target.file.empty()) std::cout << text;
  else target.text += text;
}

void LintReports::add(ReportPieces pieces) {
  for (std::size_t i = 0; i < targets_.size() && i < pieces.texts.size(); ++i)
    put(targets_[i], targets_[i].writer.add(std::move(pieces.texts[i]), std::move(pieces.totals[i])));
}

bool LintReports::finish() {
  bool done = true;
  for (auto& target : targets_) {
    put(target, target.writer.finish());
    if (target.file.empty()) continue;
    const auto written = write_file(target.file, target.text);
    if (!written.error.empty()) complain(target.file, written.error);
    done &= written.error.empty();
  }
  return done;
}

}  // namespace dockhew::cli
