// The lines that `optimize` proposes for the ignore file of a build context: shown as a diff of their own, or written.
// Several Dockerfiles may share the file, so what each of them proposes is put together.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "configuration.hpp"
#include "options.hpp"
#include "report/result.hpp"
#include "rewrite/rewrite.hpp"

namespace dockhew::cli {

struct ProposedIgnore {
  std::string path;  // of the ignore file; empty when nothing is proposed
  std::vector<std::string> lines;
  std::string text;               // of the ignore file with them
  std::string reason;             // why, with the place in the Dockerfile
  std::string message;            // the same without the place
  std::vector<std::string> left;  // what is copied nevertheless, and why

  bool empty() const { return lines.empty() && left.empty(); }
};

// For a Dockerfile; nothing where its rule is not one of those that optimize, or is told to be silent.
ProposedIgnore propose_ignore(const Settings& settings, const std::string& dockerfile, const Dockerfile& file);

// The rewrite of a Dockerfile together with the lines for its ignore file. Where there are lines, the rewrite counts on
// them: what they keep out is not in the context any more, so that nothing of it is copied, and nothing is in the way.
struct RewriteWithIgnore {
  Rewrite result;
  ProposedIgnore ignore;
};
RewriteWithIgnore rewrite_with_ignore(const Settings& settings, const std::string& dockerfile,
                                      const std::shared_ptr<const Dockerfile>& file);

// The ignore files of one run, in the order of the Dockerfiles.
class IgnoreFiles {
 public:
  explicit IgnoreFiles(const Options& options) : options_(options) {}

  struct Done {
    std::string output, notes;         // for standard output, and for standard error
    std::optional<FileResult> result;  // for a report
    bool failed = false, improved = false;
  };
  // Shows or writes what no earlier Dockerfile has asked for.
  Done add(const ProposedIgnore& proposed);

 private:
  Done write(const ProposedIgnore& proposed, const std::string& before, const std::string& after) const;

  const Options& options_;
  std::map<std::string, std::string> texts_;  // by their paths without links; with what was shown
};

}  // namespace dockhew::cli
