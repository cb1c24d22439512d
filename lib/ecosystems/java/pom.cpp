#include "ecosystems/java/pom.hpp"

#include "text/xml.hpp"

namespace dockhew::inline ecosystems {
namespace {

Declined names_source(std::string_view what) {
  return {"pom.xml has `" + std::string(what) + "`, which may refer to a part of the source"};
}

Obstacle obstacle_in(const XmlElement& element) {
  if (element.name == "modules") return Declined{"pom.xml has modules, whose manifests are in other directories"};
  if (element.name == "systemPath") return names_source("<systemPath>");
  // Any property may be one of a path, and any path one that a plugin reads.
  if (element.text.find("basedir}") != std::string::npos) return names_source("basedir}");
  if (element.name == "relativePath" && !element.text.empty()) return names_source("<relativePath>");
  if (element.text.find("file:") != std::string::npos) return names_source("file:");
  return std::nullopt;
}

}  // namespace

Obstacle pom_xml_obstacle(std::string_view text) {
  const auto elements = read_xml(text);
  if (!elements) return Declined{"pom.xml could not be read"};
  for (const auto& element : *elements)
    if (auto obstacle = obstacle_in(element)) return obstacle;
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
