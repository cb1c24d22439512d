// The list in a JSON document that is written piece by piece: its elements as they come, and the text around them.
#pragma once

#include <string>
#include <string_view>

#include "report/report.hpp"
#include "text/json.hpp"

namespace dockhew::inline report {

// Adds one to the text of others in a list that is a member at this depth. A long list is never held as values and as
// text at the same time.
void add_element(std::string& elements, const Json& element, std::size_t depth);

// The text of a document in which the last empty list of this name, a member at this depth, has these elements.
std::string with_elements(std::string_view text, std::string_view name, std::string elements, std::size_t depth);

// The document around the elements of its member `name`, which is an empty list `depth` levels deep.
ReportFormat::Frame frame_around(const Json& document, std::string_view name, std::size_t depth, bool empty);

}  // namespace dockhew::inline report
