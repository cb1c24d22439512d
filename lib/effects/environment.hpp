// The environment that one command of a RUN sees: what ENV, ARG and the base image set, what the script exports before
// it, and what is set for the command alone. Tools are told where their caches are, and whether to use them, by
// variables, so this is the one answer to "what is the value of X for this command".
#pragma once

#include <string>
#include <string_view>

#include "model/site.hpp"

namespace dockhew::inline effects {

// Who had the last word about a variable.
enum class Setter {
  nobody,   // nothing that is seen here: it is not set, or only a base image that is not known may do so
  file,     // ENV, ARG, or a base image that is known
  script,   // an earlier command of the same RUN: `export NAME=value`
  command,  // the command itself: `NAME=value pip install`, `env NAME=value pip install`
};

struct Variable {
  // Undefined where the command does not see it; unknown where that, or the value, cannot be told.
  Value value;
  Setter setter = Setter::nobody;
  const ShellCommand* by = nullptr;  // what sets it, where that is the script or the command
};

// `command` belongs to the script of the site's step. A variable that the script only assigns is not seen, unless it is
// exported before or afterwards. What `sudo` drops of the environment and what a sourced file sets is not followed.
Variable find_variable(const Site& site, const ShellCommand& command, std::string_view name);

// The value alone.
Value environment(const Site& site, const ShellCommand& command, std::string_view name);

// Whether the command sees a variable with a value: "UV_OFFLINE=1".
bool has_setting(const Site& site, const ShellCommand& command, std::string_view setting);

// The directory that a variable names, where the command sees one, and else one below the home of the step's user;
// of a user who is not known, root's.
std::string directory_by_variable(const Site& site, const ShellCommand& command, std::string_view variable,
                                  std::string_view below_home);

// Whether the shell that runs the command has other variables afterwards: by an assignment, by `export`, by `read`.
bool sets_variables(const ShellCommand& command);

// "1", "true", "yes", "on" and "0", "false", "no", "off", in any case. A value that is not known, or is another word,
// is neither; an empty one is off.
bool is_switched_on(const Value& value);
bool is_switched_off(const Value& value);

}  // namespace dockhew::inline effects
