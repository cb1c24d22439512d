// What is said of rewrites besides their diffs: with which command each kind of change is taken, and, of a file that
// was written, what was done, how sure that is, what to look at, and what was left.
#pragma once

#include <string>

#include "configuration.hpp"
#include "options.hpp"
#include "rewrite/rewrite.hpp"

namespace dockhew::cli {

// Changes by how sure they are.
struct ChangeCounts {
  std::size_t safe = 0, conditional = 0, unsafe = 0;

  void add(const std::vector<AppliedFix>& fixes);
  void add(const ChangeCounts& more);
  std::size_t all() const { return safe + conditional + unsafe; }
};

// This command line, as one that writes; "--unsafe", "--safe" or nothing in place of what it says about that.
std::string writing_command(const Options& options, const std::string& how_much);

// Below all diffs: the commands that take what they show. `alone`: what of it there would be without the unsafe
// changes; `takes_unsafe`: the configuration says so.
std::string how_to_take(const Options& options, const ChangeCounts& shown, const ChangeCounts& alone,
                        bool takes_unsafe);

// After writing: one line for each change of the file at `path`, what it assumes and what to check, and the sum with
// the file that has them now.
std::string applied_notes(const std::string& path, const std::string& target, const Rewrite& rewrite);

// What a rewrite to `all` would do beyond what was written, and the command for it; empty where there is nothing.
std::string left_notes(const Options& options, const std::string& path, const Rewrite& more);

}  // namespace dockhew::cli
