#include "syntax/csv.hpp"

namespace dockhew::inline syntax {

CsvRecord split_csv(std::string_view record) {
  CsvRecord result;
  result.fields.emplace_back();
  bool quoted = false, closed = false;
  const auto fail = [&](std::size_t at, const char* message) {
    if (result.error.empty()) result.error = "parse error on line 1, column " + std::to_string(at + 1) + ": " + message;
  };
  for (std::size_t i = 0; i < record.size(); ++i) {
    const char c = record[i];
    auto& field = result.fields.back();
    if (c == '"' && quoted && i + 1 < record.size() && record[i + 1] == '"') {
      field += record[++i];
    } else if (c == '"' && quoted) {
      quoted = false;
      closed = true;
    } else if (c == '"' && field.empty() && !closed) {
      quoted = true;
    } else if (c == ',' && !quoted) {
      result.fields.emplace_back();
      closed = false;
    } else {
      if (c == '"') fail(i, "bare \" in non-quoted-field");
      if (closed) fail(i, "extraneous or missing \" in quoted-field");
      field += c;
    }
  }
  if (quoted) fail(record.size(), "extraneous or missing \" in quoted-field");
  return result;
}

}  // namespace dockhew::inline syntax
