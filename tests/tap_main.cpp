// Runs doctest's test cases and reports them as TAP, so that every case counts as a separate test.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <iostream>
#include <string>

namespace {

struct TapReporter : doctest::IReporter {
  explicit TapReporter(const doctest::ContextOptions&) {}

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override { std::cout << "TAP version 13\n"; }
  void test_run_end(const doctest::TestRunStats&) override { std::cout << "1.." << number_ << '\n'; }
  void test_case_start(const doctest::TestCaseData& data) override {
    name_ = data.m_name;
    notes_.clear();
  }
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    std::cout << (stats.failure_flags == 0 ? "ok " : "not ok ") << ++number_ << " - " << name_ << '\n' << notes_;
  }
  void test_case_exception(const doctest::TestCaseException& exception) override {
    notes_ += "# exception: " + std::string(exception.error_string.c_str()) + '\n';
  }
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& data) override {
    if (!data.m_failed) return;
    notes_ += "# " + std::string(data.m_file) + ':' + std::to_string(data.m_line) + ": " + data.m_expr + "\n#   is " +
              escaped(data.m_decomp.c_str()) + '\n';
  }
  void log_message(const doctest::MessageData& data) override {
    notes_ += "# " + escaped(data.m_string.c_str()) + '\n';
  }
  void test_case_skipped(const doctest::TestCaseData&) override {}

 private:
  static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? std::string("\n#   ") : std::string(1, c);
    return out;
  }
  int number_ = 0;
  std::string name_, notes_;
};

REGISTER_REPORTER("tap", 1, TapReporter);

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  context.addFilter("reporters", "tap");
  return context.run();
}
