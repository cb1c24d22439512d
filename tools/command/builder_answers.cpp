#include "builder_answers.hpp"

#include <algorithm>
#include <sstream>

namespace dockhew::cli {

std::string version_said(const std::string& text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word.starts_with('v')) word.erase(0, 1);
    if (word.ends_with(',')) word.pop_back();
    if (!word.empty() && word[0] >= '0' && word[0] <= '9') return word;
  }
  return "?";
}

std::string inspected_value(std::string_view inspected, std::string_view label) {
  const auto at = inspected.find(label);
  if (at == inspected.npos) return {};
  auto value = inspected.substr(at + label.size());
  value = value.substr(0, value.find('\n'));
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return std::string(value.substr(0, value.find_first_of(" \r")));
}

}  // namespace dockhew::cli
