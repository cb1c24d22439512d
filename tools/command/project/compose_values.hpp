// What Compose makes of the variables in a value, `${COMMAND:-npm start}`: those that the project's `.env` gives a
// value, and defaults. The environment of whoever calls Compose may have others: it is not known, unless that is this
// process.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::cli {

struct ComposeValue {
  std::string text;                  // variables without a value that is known stay as they are written
  std::vector<std::size_t> unknown;  // where they begin
};

enum class Caller { unknown, this_process };

class ComposeValues {
 public:
  // Of the project in a directory.
  explicit ComposeValues(const std::string& directory, Caller caller = Caller::unknown);
  ComposeValue resolve(std::string_view text) const;
  // Of a variable; nothing when it has none.
  std::optional<std::string> find(std::string_view name) const;

 private:
  ComposeValue resolve_within(std::string_view text, int depth) const;

  Caller caller_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace dockhew::cli
