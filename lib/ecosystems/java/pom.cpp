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

Outcome<Pom> read_pom(std::string_view text) {
  const auto elements = read_xml(text);
  if (!elements) return Declined{"pom.xml could not be read"};
  Pom pom;
  for (const auto& element : *elements) {
    if (element.name == "systemPath") return names_source("<systemPath>");
    if (element.text.find("file:") != std::string::npos) return names_source("file:");
    if (element.name != "module") continue;
    if (element.text.empty() || element.text.find('$') != std::string::npos)
      return Declined{"the name of a module contains a variable"};
    pom.modules.push_back(element.text);
  }
  return pom;
}

}  // namespace dockhew::inline ecosystems
