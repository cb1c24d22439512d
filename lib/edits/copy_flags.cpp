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

bool has_names(std::string_view owner) {
  const auto colon = std::min(owner.find(':'), owner.size());
  const auto is_name = [](std::string_view part) {
    return part.find_first_not_of("0123456789") != part.npos && part != "root";
  };
  return is_name(owner.substr(0, colon)) || is_name(owner.substr(std::min(colon + 1, owner.size())));
}

bool allows_flag(const Instruction& copy, std::string_view flag) {
  constexpr std::string_view others[] = {"chmod", "chown", "from", "link"};
  const auto name = flag.substr(2, flag.find('=') - 2);
  if (flag.starts_with("--chown=") && copy.flag("link") != nullptr && has_names(flag.substr(flag.find('=') + 1)))
    return false;
  return std::ranges::all_of(copy.flags, [&](const Flag& other) {
    return other.name != name && std::ranges::find(others, other.name) != std::end(others);
  });
}

}  // namespace dockhew::inline edits
