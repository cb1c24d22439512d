// A third-party program: it knows the installed headers and the pkg-config file, and nothing about this project.
#include <dockhew/dockhew.hpp>
#include <iostream>

int main() {
  const std::string text = "FROM debian\nRUN true\n";
  const dockhew::Dockerfile file(text, dockhew::builtin_facts(), {});
  const auto findings = dockhew::lint_file(file, dockhew::default_rules());
  const auto result = dockhew::rewrite_file(text, dockhew::builtin_facts(), {}, dockhew::optimizing_rules(),
                                            dockhew::Applicability::safe);
  const dockhew::LineIndex lines(file.source());
  for (const auto& finding : findings)
    std::cout << lines.line(finding.span.begin) << ": " << finding.message << " [" << finding.rule->id << "]\n";
  return findings.size() == 1 && result.text == text ? 0 : 1;
}
