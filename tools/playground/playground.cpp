// The library as a page of the website calls it: a Dockerfile goes in as UTF-8, and the same JSON comes out that
// `dockhew lint --format json` and `dockhew optimize --format json` print for standard input. There are no files, so
// nothing is known of a build context.
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "facts/facts.hpp"
#include "lint/lint.hpp"
#include "report/json.hpp"
#include "report/repeated.hpp"
#include "report/rewrites.hpp"
#include "rewrite/rewrite.hpp"

namespace {

using namespace dockhew;

// The page calls from one thread, and has read an answer before it asks again.
std::string question, answer;

std::shared_ptr<const Dockerfile> read_question() {
  return std::make_shared<const Dockerfile>(question, builtin_facts(), BuildContext());
}

const char* report_as(const ReportFormat& format, const FileResult& result) {
  ReportWriter writer(format, report_context(default_rules(), "", false));
  answer = writer.add(format.piece(result, writer.context()), format.totals(result));
  answer += writer.finish();
  return answer.data();
}

}  // namespace

extern "C" {

// Where the page puts a text of this size before it asks about it.
char* reserve(std::size_t size) {
  question.resize(size);
  return question.data();
}

std::size_t answer_size() { return answer.size(); }

const char* lint() {
  FileResult result{.path = "-", .file = read_question()};
  result.findings = lint_file(*result.file, default_rules());
  join_repeated(*result.file, result.findings);
  return report_as(json_report, result);
}

// `least`: how sure a change must be: 1 unsafe, 2 conditional, 3 safe.
const char* optimize(int least) {
  FileResult result{.path = "-", .file = read_question()};
  result.rewrite =
      std::make_shared<const Rewrite>(rewrite_file(result.file, optimizing_rules(), static_cast<Applicability>(least)));
  return report_as(rewrite_json_report, result);
}

}  // extern "C"
