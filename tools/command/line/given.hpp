// The options that were given on a command line, by their names in the table.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dockhew::cli {

class Given {
 public:
  // A switch has no value.
  void add(const std::string& name, const std::vector<std::string>& values) {
    auto& known = values_[name];
    known.insert(known.end(), values.begin(), values.end());
  }

  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  std::string text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::string() : found->second.back();
  }
  std::vector<std::string> list(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second;
  }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace dockhew::cli
