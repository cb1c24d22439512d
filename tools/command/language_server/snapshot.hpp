// One version of a document, read and linted: all that the features ask. It is made when somebody needs it, and
// replaced after the next change.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "language_server/documents.hpp"
#include "language_server/positions.hpp"
#include "language_server/project_memory.hpp"
#include "language_server/script_checks.hpp"

namespace dockhew::cli {

struct Snapshot {
  std::string uri, path;
  std::int64_t version = 0;
  std::shared_ptr<const Settings> settings;
  std::shared_ptr<const Dockerfile> file;
  Positions positions;  // of the file's text
  std::vector<Finding> findings;
  bool scripts_checked = true;  // ShellCheck has read all of them, or is not asked

  std::string_view text() const { return file->source(); }
};

// `checks`: what ShellCheck has said so far.
std::shared_ptr<const Snapshot> take_snapshot(const OpenDocument& document, ProjectMemory& memory,
                                              const ScriptChecks& checks, Encoding encoding);

// The finding's own span and the later places of which it says the same.
bool is_at(const Finding& finding, Span span);

}  // namespace dockhew::cli
