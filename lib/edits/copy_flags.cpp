#include "edits/copy_flags.hpp"

#include <algorithm>
#include <iterator>

namespace dockhew::inline edits {

std::string owner_flag(std::string_view owner) {
  if (owner.empty() || owner.find_first_of(" \"'$") != owner.npos) return {};
  const auto colon = owner.find(':');
  if (colon == owner.npos) return "--chown=" + std::string(owner) + ":0";
  if (colon + 1 == owner.size()) return {};
  return "--chown=" + std::string(colon == 0 ? "0" : "") + std::string(owner);
}

namespace {

// With `--link` the files are put on nothing, where no user has a name.
bool names_nobody(const Instruction& copy, std::string_view flag) {
  const auto owner = flag.substr(flag.find('=') + 1);
  return flag.starts_with("--chown=") && copy.flag("link") != nullptr &&
         owner.find_first_not_of("0123456789:") != owner.npos && owner != "root" && owner != "root:root";
}

}  // namespace

bool allows_flag(const Instruction& copy, std::string_view flag) {
  constexpr std::string_view others[] = {"chmod", "chown", "from", "link"};
  const auto name = flag.substr(2, flag.find('=') - 2);
  if (names_nobody(copy, flag)) return false;
  return std::ranges::all_of(copy.flags, [&](const Flag& other) {
    return other.name != name && std::ranges::find(others, other.name) != std::end(others);
  });
}

}  // namespace dockhew::inline edits
