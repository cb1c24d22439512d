// Every rule on any bytes: places are inside the file, a fix has edits or a reason why not, and what stops BuildKit is
// an error here too.
#include <algorithm>
#include <cstdlib>

#include "lint/buildkit_checks.hpp"
#include "lint/lint.hpp"

using namespace dockhew;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto inside = [&](Span span) { return span.begin <= span.end && span.end <= text.size(); };
  const auto check = [&](const std::vector<Finding>& findings) {
    for (const auto& finding : findings) {
      if (!inside(finding.span) || finding.message.empty()) std::abort();
      for (const auto& fix : finding.fixes) {
        if (fix.edits.empty() == fix.declined.empty()) std::abort();
        if (!std::ranges::all_of(fix.edits, [&](const TextEdit& edit) { return inside(edit.span); })) std::abort();
      }
    }
  };
  check(lint_file(Dockerfile(text, builtin_facts(), {}), all_rules()));
  const Dockerfile plain(text, builtin_facts(), {}, Unsaid::plain_build);
  const auto answer = lint_as_buildkit(plain, buildkit_rules(), std::nullopt);
  check(answer);
  const auto everything = lint_file(plain, buildkit_rules());
  const auto is_error = [](const Finding& finding) { return finding.rule->check == nullptr; };
  if (std::ranges::any_of(answer, is_error) && std::ranges::none_of(everything, is_error) &&
      !answer.back().message.starts_with("lint violation"))
    std::abort();
  return 0;
}
