// Which calls of a source start a program: functions by the names that a language gives them, whatever names the source
// gives to them or to their module: `import subprocess as sp`, `from subprocess import run as start`,
// `const cp = require('child_process')`, `const start = promisify(exec)`.
#pragma once

#include <string_view>
#include <vector>

#include "facts/facts.hpp"

namespace dockhew::inline ecosystems {

class StartingCalls {
 public:
  // `functions`: "exec" by this name alone, "subprocess.run" of a module, ".execSync" of whatever it belongs to.
  StartingCalls(std::string_view source, Words functions);

  // Whether the bracket at this place begins the arguments of such a call.
  bool at(std::size_t bracket) const;

 private:
  bool is_one(std::string_view called) const;
  std::string_view module_of(std::string_view function) const;
  void find_modules();
  void find_imported(std::size_t names, std::string_view module);
  void find_renamed();
  void find_promises();
  std::string_view name_at(std::size_t begin) const;
  std::string_view name_before(std::size_t end) const;
  std::string_view line_before(std::size_t end) const;
  std::string_view assigned_name(std::size_t value) const;

  struct Module {
    std::string_view alias, name;
  };

  std::string_view source_;
  Words functions_;
  std::vector<std::string_view> aliases_;  // of functions
  std::vector<Module> modules_;
};

// A character of a name, and of a name with those of what it belongs to.
bool is_in_name(char c);
bool is_in_path(char c);

// `subprocess.run` before its bracket.
std::string_view called_at(std::string_view source, std::size_t bracket);

}  // namespace dockhew::inline ecosystems
