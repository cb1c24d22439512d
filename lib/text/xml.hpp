// The elements of an XML document and the text in each, so that what a comment contains is not taken for a part of
// it. Attributes and entities are passed over, and a document type is refused: manifests have none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline text {

struct XmlElement {
  std::string name;  // as written, with its prefix
  std::string text;  // its own, without that of the elements in it, and without blanks around it
};

// In the order in which they begin. Nothing where the text is not well-formed.
std::optional<std::vector<XmlElement>> read_xml(std::string_view text);

}  // namespace dockhew::inline text
