// A directory for the work of one command, which is removed with the object, and when the command is stopped.
#pragma once

#include <string>

#include "clean_up.hpp"

namespace dockhew::cli {

class TemporaryDirectory {
 public:
  // Below a directory that exists; the name begins with "dockhew-".
  explicit TemporaryDirectory(const std::string& parent);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }  // empty when it could not be created

 private:
  std::string path_;
  Unfinished unfinished_;
};

}  // namespace dockhew::cli
