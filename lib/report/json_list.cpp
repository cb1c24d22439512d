#include "report/json_list.hpp"

namespace dockhew::inline report {
namespace {

constexpr int indent = 2;

}  // namespace

std::string elements_text(const Json& list, std::size_t depth) {
  std::string out;
  if (list.empty()) return out;
  const auto text = list.dump(indent);  // its elements are one level deep
  const std::string deeper(indent * depth, ' ');
  for (auto rest = std::string_view(text).substr(1, text.size() - 3); !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n', 1));  // every line begins with its newline
    out += '\n';
    out += deeper;
    out += line.substr(1);
    rest.remove_prefix(line.size());
  }
  return out;
}

void add_element(std::string& elements, Json element, std::size_t depth) {
  if (!elements.empty()) elements += ',';
  elements += elements_text(Json::array(std::move(element)), depth);
}

std::string with_elements(std::string text, std::string_view name, const std::string& elements, std::size_t depth) {
  if (elements.empty()) return text;
  const auto mark = '"' + std::string(name) + "\": []";  // in a string the quotes would be escaped
  text.insert(text.rfind(mark) + mark.size() - 1, elements + '\n' + std::string(indent * depth, ' '));
  return text;
}

ReportFormat::Frame frame_around(const Json& document, std::string_view name, std::size_t depth, bool empty) {
  const auto text = document.dump(indent) + '\n';
  const auto mark = '"' + std::string(name) + "\": []";  // in a string the quotes would be escaped
  const auto bracket = text.find(mark) + mark.size() - 1;
  return {text.substr(0, bracket), (empty ? "" : '\n' + std::string(indent * depth, ' ')) + text.substr(bracket)};
}

}  // namespace dockhew::inline report
