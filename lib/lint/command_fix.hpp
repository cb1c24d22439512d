// Fixes that change one word of one command in a RUN, as offered by most rules about commands. If a word has no exact
// place in the source, inside `sh -c '…'` or in JSON form, the fix is declined for that reason.
#pragma once

#include <string>

#include "lint/finding.hpp"
#include "model/dockerfile.hpp"

namespace dockhew::inline lint {

Fix insert_after(const Step& step, const ShellCommand& command, const ShellWord& word, const std::string& inserted,
                 std::string title, Applicability applicability);
Fix replace_word(const Step& step, const ShellCommand& command, const ShellWord& word, const std::string& replacement,
                 std::string title, Applicability applicability);

// Runs `added` at the end of the RUN, if its commands are a plain chain.
Fix run_at_end(const Dockerfile& file, const Step& step, const std::string& added, std::string title,
               Applicability applicability);

}  // namespace dockhew::inline lint
