#include "report/json_list.hpp"

namespace dockhew::inline report {
namespace {

constexpr std::size_t indent = 2;

}  // namespace

void add_element(std::string& elements, const Json& element, std::size_t depth) {
  const auto column = indent * (depth + 1);
  if (!elements.empty()) elements += ',';
  elements += '\n';
  elements.append(column, ' ');
  element.append_to(elements, indent, column);
}

std::string with_elements(std::string_view text, std::string_view name, std::string elements, std::size_t depth) {
  if (elements.empty()) return std::string(text);
  const auto mark = '"' + std::string(name) + "\": []";  // in a string the quotes would be escaped
  const auto bracket = text.rfind(mark) + mark.size() - 1;
  // They may be tens of megabytes, so the text comes to them.
  elements.insert(0, text.substr(0, bracket));
  return elements.append("\n").append(indent * depth, ' ').append(text.substr(bracket));
}

ReportFormat::Frame frame_around(const Json& document, std::string_view name, std::size_t depth, bool empty) {
  const auto text = document.dump(indent) + '\n';
  const auto mark = '"' + std::string(name) + "\": []";  // in a string the quotes would be escaped
  const auto bracket = text.find(mark) + mark.size() - 1;
  return {text.substr(0, bracket), (empty ? "" : '\n' + std::string(indent * depth, ' ')) + text.substr(bracket)};
}

}  // namespace dockhew::inline report
