// Where a line of a rewritten file comes from. Whoever reads why something was changed, or why not, has the file as it
// was, so lines are named as they are there.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace dockhew::inline rewrite {

class UserLines {
 public:
  // Both texts must outlive this object.
  UserLines(std::string_view before, std::string_view after);

  // The line of `before` that became a line of `after`, both counted from 1. Of a line that was changed, the one that
  // it replaces; of a line that was moved, where it was; of a new one, the line above it.
  std::uint32_t line_before(std::uint32_t after) const;

 private:
  std::vector<std::uint32_t> before_;  // by the line of `after`, from 0; empty when nothing has changed
};

}  // namespace dockhew::inline rewrite
