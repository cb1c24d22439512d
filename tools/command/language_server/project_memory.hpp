// What is remembered between two keystrokes, because it does not depend on them: the settings of a Dockerfile, what
// other files of its project say of its builds, and its build context with all that was found there. Whoever notices
// that a file on disk has changed has it forgotten.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "commands.hpp"
#include "configuration.hpp"
#include "language_server/documents.hpp"

namespace dockhew::cli {

class ProjectMemory {
 public:
  // Both must outlive this object.
  ProjectMemory(const Options& options, const Facts& facts) : options_(options), facts_(facts) { forget(); }

  std::shared_ptr<const Settings> settings(const std::string& path);
  // The document's text as it is in the editor, in the context that its project has on disk.
  std::shared_ptr<const Dockerfile> read(const OpenDocument& document, const Settings& settings);

  const Options& options() const { return options_; }
  const Facts& facts() const { return facts_; }
  const RepositoryBuilds& repositories() const { return *inputs_.repositories; }
  void forget();
  std::chrono::steady_clock::duration age() const { return std::chrono::steady_clock::now() - since_; }

 private:
  BuildContext context(const std::string& path, const Dockerfile& file);

  // A context that is guessed depends on what the Dockerfile copies and its tools read: `chosen_by`.
  struct Remembered {
    std::string chosen_by;
    BuildContext context;
  };

  const Options& options_;
  const Facts& facts_;
  Inputs inputs_;
  std::map<std::string, std::shared_ptr<const Settings>> settings_;
  std::map<std::string, Remembered> contexts_;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace dockhew::cli
