// Error messages of many files, each of which is printed once: a configuration that cannot be used is one mistake, in
// however many files it is noticed.
#pragma once

#include <iostream>
#include <set>
#include <string>

namespace dockhew::cli {

class SaidOnce {
 public:
  // Notes of a file that failed are left out where another file had the very same.
  void print(const std::string& notes, bool failed) {
    if (!failed || said_.insert(notes).second) std::cerr << notes;
  }

 private:
  std::set<std::string> said_;
};

}  // namespace dockhew::cli
