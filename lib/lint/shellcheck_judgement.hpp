// Which of ShellCheck's findings hold for a build. ShellCheck judges a script that anybody may run anywhere; the script
// of a RUN runs once, in a shell and with variables that the Dockerfile tells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lint/shellcheck.hpp"

namespace dockhew::inline lint {

// Whether the finding is false in this script: its shell can do what ShellCheck says it cannot, or the variable it is
// about is set by the build or has a value that is one plain word. `words` is what the finding marks.
bool is_refuted(const ShellScript& script, int code, std::string_view words, std::string_view message);

// Whether the finding is true of scripts in general, but a build rarely gains by it: it warns of blanks in names that
// the file itself has chosen, or of how a script looks.
bool is_remark(int code, Severity severity);

// Whether a text is only a script after a generator has filled it in: `{{ .Version }}`, `{% if x %}`, `<%= x %>`.
bool is_template(std::string_view text);

}  // namespace dockhew::inline lint
