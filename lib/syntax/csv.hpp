// One record of comma-separated values, the form of --mount and --device. Facts: tonistiigi/go-csvvalue, which BuildKit
// uses; it is RFC 4180 for a single line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhew::inline syntax {

struct CsvRecord {
  std::vector<std::string> fields;  // quotes removed; commas inside them do not separate
  std::string error;                // the wording of Go's encoding/csv; the fields are set anyway
};

CsvRecord split_csv(std::string_view record);

}  // namespace dockhew::inline syntax
