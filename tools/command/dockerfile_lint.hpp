// How one Dockerfile is read and linted with its settings, whoever asks for it: the command `lint`, and the language
// server at every keystroke.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "configuration.hpp"
#include "lint/shellcheck.hpp"

namespace dockhew::cli {

// `find_context` is asked for the context where the settings do not say that BuildKit's own is meant, which is
// `plain_context`.
struct ContextSearch {
  Dockerfile::FindContext find_context;
  std::function<BuildContext()> plain_context;
};
std::shared_ptr<const Dockerfile> read_dockerfile(std::string text, const Facts& facts, const Settings& settings,
                                                  const ContextSearch& search);
// What is assumed of a file that is read with these settings.
Unsaid unsaid_in(const Settings& settings);

// Whether ShellCheck's findings are wanted, if it is installed.
bool wants_shellcheck(const Settings& settings);
// What it is asked about.
std::vector<ShellScript> scripts_to_check(const Dockerfile& file, const Settings& settings);
// Drops those of its findings that no selected rule has.
void keep_selected(const Settings& settings, std::vector<Finding>& of_shellcheck);

// Whether it is a template, of which Jinja or another makes a Dockerfile: `{% if cookiecutter.use_celery == 'y' %}`
// stands where an instruction would, or `FROM debian:{{ release }}`. Nothing that is said of it would be true of what
// is built.
bool is_template(const Dockerfile& file);
inline constexpr std::string_view template_note =
    "not checked: `{%` at the beginning of a line, or `{{` in FROM, makes it a template; check what is made of it";

// All findings. `of_shellcheck`: what that program has found, which is treated like all others.
std::vector<Finding> find_in(const Dockerfile& file, const Settings& settings, std::vector<Finding> of_shellcheck);

}  // namespace dockhew::cli
