// The list in a JSON document that is written piece by piece: its elements as they come, and the text around them.
#pragma once

#include <string>
#include <string_view>

#include "report/report.hpp"
#include "text/json.hpp"

namespace dockhew::inline report {

// The elements of a list that is a member at this depth, each on lines of its own, with commas between them only.
std::string elements_text(const Json& list, std::size_t depth);

// The document around the elements of its member `name`, which is an empty list `depth` levels deep.
ReportFormat::Frame frame_around(const Json& document, std::string_view name, std::size_t depth, bool empty);

}  // namespace dockhew::inline report
