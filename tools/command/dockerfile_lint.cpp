#include "dockerfile_lint.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "lint/buildkit_checks.hpp"
#include "lint/hadolint.hpp"

namespace dockhew::cli {
namespace {

// Like the build argument of that name, it replaces the directive in the file.
std::optional<std::string> check_directive() {
  const char* value = std::getenv("BUILDKIT_DOCKERFILE_CHECK");
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

Unsaid unsaid_in(const Settings& settings) { return settings.as_buildkit ? Unsaid::plain_build : Unsaid::unknown; }

std::shared_ptr<const Dockerfile> read_dockerfile(std::string text, const Facts& facts, const Settings& settings,
                                                  const ContextSearch& search) {
  const auto find_context = [&](const Dockerfile& file) {
    return settings.as_buildkit ? search.plain_context() : search.find_context(file);
  };
  return Dockerfile::read(std::move(text), facts, find_context, unsaid_in(settings));
}

bool wants_shellcheck(const Settings& settings) {
  const auto is_wanted = [](const Rule* rule) { return rule->id.starts_with("shellcheck"); };
  return settings.shellcheck != Shellcheck::off && !settings.as_buildkit &&
         std::ranges::any_of(settings.lint.rules, is_wanted);
}

std::vector<ShellScript> scripts_to_check(const Dockerfile& file, const Settings& settings) {
  return shell_scripts(file, settings.as_hadolint ? ScriptReader::hadolint : ScriptReader::dockhew);
}

void keep_selected(const Settings& settings, std::vector<Finding>& of_shellcheck) {
  const auto& rules = settings.lint.rules;
  std::erase_if(of_shellcheck, [&](const Finding& f) { return std::ranges::find(rules, f.rule) == rules.end(); });
}

bool is_template(const Dockerfile& file) {
  return std::ranges::any_of(file.instructions(), [](const Instruction& instruction) {
    const auto text = instruction.text.view();
    return (instruction.keyword == Keyword::unknown && text.starts_with("{%")) ||
           (instruction.keyword == Keyword::from && text.find("{{") != text.npos);
  });
}

std::vector<Finding> find_in(const Dockerfile& file, const Settings& settings, std::vector<Finding> of_shellcheck) {
  if (settings.as_buildkit) return lint_as_buildkit(file, settings.lint.rules, check_directive());
  auto lint_settings = settings.lint;
  lint_settings.found = std::move(of_shellcheck);
  for (const auto& user_rules : settings.user_rules)
    std::ranges::move(find_user_rules(file, user_rules->rules), std::back_inserter(lint_settings.found));
  lint_settings.check_directive = check_directive();
  return settings.as_hadolint ? lint_as_hadolint(file, lint_settings) : lint_file(file, lint_settings);
}

}  // namespace dockhew::cli
