// The types that a project's label schema can require. Names and meanings are hadolint's, so that its configuration can
// be reused.
#pragma once

#include <span>
#include <string_view>

namespace dockhew::inline lint {

struct LabelType {
  std::string_view name;         // "semver"
  std::string_view code;         // hadolint's code for a value of another type; empty for `text`
  std::string_view description;  // "a semantic version"
  bool (*accepts)(std::string_view value);
};

std::span<const LabelType> label_types();
const LabelType* find_label_type(std::string_view name);

}  // namespace dockhew::inline lint
