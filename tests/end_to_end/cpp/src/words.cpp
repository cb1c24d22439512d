#include "words.hpp"

#include <algorithm>
#include <regex>

std::vector<std::string> words(const std::string& text) {
  static const std::regex word("[a-z]+");
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i) found.push_back(i->str());
  std::sort(found.begin(), found.end());
  return found;
}
