// A directory in which one file has the text that it has in the editor. Else what is on disk would be taken for another
// Dockerfile that lies beside the one that is edited.
#pragma once

#include <memory>
#include <string>

#include "model/build_context.hpp"

namespace dockhew::cli {

class EditedFile : public FileSource {
 public:
  // `path`: in the directory.
  EditedFile(std::shared_ptr<const FileSource> files, std::string path, std::string text)
      : files_(std::move(files)), path_(std::move(path)), text_(std::move(text)) {}

  PathKind kind(const std::string& path) const override { return files_->kind(path); }
  std::vector<std::string> entries(const std::string& directory) const override { return files_->entries(directory); }
  std::optional<std::string> read(const std::string& path) const override {
    return path == path_ ? std::optional(text_) : files_->read(path);
  }
  std::optional<bool> is_versioned(const std::string& path) const override { return files_->is_versioned(path); }

 private:
  std::shared_ptr<const FileSource> files_;
  std::string path_, text_;
};

}  // namespace dockhew::cli
