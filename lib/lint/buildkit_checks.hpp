// What `docker build --check` reports for a file. The checks themselves are ordinary rules; this is about when BuildKit
// runs them, which settings in the file apply to them, and where BuildKit stops. Facts: docs/compatibility.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"

namespace dockhew::inline lint {

// BuildKit's name for a finding's check; empty when it has none.
std::string_view buildkit_check(const Finding& finding);

// The rules that are BuildKit checks.
std::vector<const Rule*> buildkit_rules();

// Removes what the settings in the file switch off, and turns the rest into errors where they say so. `directive`
// replaces the one in the file, as the build argument BUILDKIT_DOCKERFILE_CHECK does.
void apply_check_settings(const Dockerfile& file, const std::optional<std::string>& directive,
                          std::vector<Finding>& findings);

// What is wrong with those settings themselves.
std::optional<SyntaxError> check_settings_error(const Dockerfile& file, const std::optional<std::string>& directive);

// The experimental checks that the settings at the top of the file request.
std::vector<const Rule*> experimental_rules(const Dockerfile& file, const std::optional<std::string>& directive);

// Exactly BuildKit's answer: those of `rules` that are its checks, with its defaults, whole instructions as places, and
// nothing after the first error. The file must have been read as Unsaid::plain_build.
std::vector<Finding> lint_as_buildkit(const Dockerfile& file, std::span<const Rule* const> rules,
                                      const std::optional<std::string>& directive);

}  // namespace dockhew::inline lint
