#include "ecosystems/python/data_files.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The runtime stage has these of the directory of installations.
bool is_carried(std::string_view directory) {
  constexpr std::string_view carried[] = {"bin", "etc", "share"};
  const auto first = directory.substr(0, directory.find('/'));
  return std::ranges::find(carried, first) != std::end(carried);
}

// The first directory that a setup.py names in its list; empty where all are carried. What is put together while it
// runs is not seen.
std::string other_directory(std::string_view source) {
  const auto list = source.find("data_files");
  if (list == source.npos) return {};
  for (auto at = source.find('(', list); at != source.npos; at = source.find('(', at + 1)) {
    const auto quote = source.find_first_not_of(" \t\n", at + 1);
    if (quote == source.npos || (source[quote] != '\'' && source[quote] != '"')) continue;
    const auto end = source.find(source[quote], quote + 1);
    if (end == source.npos) return {};
    const auto next = source.find_first_not_of(" \t\n", end + 1);
    const auto directory = source.substr(quote + 1, end - quote - 1);
    if (next != source.npos && source[next] == ',' && !directory.empty() && !is_carried(directory))
      return std::string(directory);
  }
  return {};
}

}  // namespace

Obstacle obstacle_of_data_files(const BuildContext& context, const std::string& root) {
  const auto text = context.read(join_context_path(root, "setup.py"));
  const auto directory = text ? other_directory(*text) : std::string();
  if (directory.empty()) return std::nullopt;
  return Declined{"setup.py installs files into `" + directory + "`, which the runtime stage does not take"};
}

}  // namespace dockhew::inline ecosystems
