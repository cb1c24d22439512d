#include "table.hpp"

#include <algorithm>
#include <functional>
#include <regex>

std::map<std::string, int> count(const std::vector<std::string>& words) {
  std::map<std::string, int> counts;
  std::for_each(words.begin(), words.end(), [&](const std::string& word) { ++counts[word]; });
  return counts;
}
