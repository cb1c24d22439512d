// Files whose state is asked of the system once: rules ask the same of the same files again and again, and the language
// server at every keystroke. What is remembered is as old as this object.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/build_context.hpp"

namespace dockhew::cli {

// Belongs to one thread, as the build context does.
class RememberedFiles : public FileSource {
 public:
  explicit RememberedFiles(std::shared_ptr<const FileSource> files) : files_(std::move(files)) {}

  PathKind kind(const std::string& path) const override;
  std::vector<std::string> entries(const std::string& directory) const override;
  std::optional<std::string> read(const std::string& path) const override;
  std::optional<bool> is_versioned(const std::string& path) const override { return files_->is_versioned(path); }

 private:
  std::shared_ptr<const FileSource> files_;
  mutable std::map<std::string, PathKind, std::less<>> kinds_;
  mutable std::map<std::string, std::vector<std::string>, std::less<>> entries_;
  mutable std::map<std::string, std::optional<std::string>, std::less<>> texts_;
  mutable std::size_t names_ = 0;  // in kinds_ and entries_
  mutable std::size_t bytes_ = 0;  // of texts_
};

}  // namespace dockhew::cli
