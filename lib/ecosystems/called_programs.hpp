// Programs that the source of a project starts: `subprocess.run(["git", …])`, `execSync('curl …')`,
// `exec.Command("sh", "-c", "git pull")`. Only what is written as a text is seen, in such a call or where the variable
// gets its value that such a call is given. Besides functions, `starting_calls` of a runtime has `$``, before a text;
// "`", the text itself; `%x`, before a text in brackets; `system `, a function that needs no brackets;
// `local[`, before one as an index; `sh.*`, a module whose members are programs; and `fabric?.run`, a function where
// the source has a word.
#pragma once

#include <set>
#include <string>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

struct CalledPrograms {
  std::set<std::string> names;    // without directories
  std::set<std::string> scripts;  // what may be one of the project's own, by its path: "scripts/run.sh"
};

// Of the files below `root` of the context that `runtime` runs or that are compiled for it. Without tests.
CalledPrograms find_called_programs(const BuildContext& context, const std::string& root, const Runtime& runtime);

// Of one file.
void add_called_programs(std::string_view source, const Runtime& runtime, CalledPrograms& called);

}  // namespace dockhew::inline ecosystems
