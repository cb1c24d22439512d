// Which files hold credentials, by their names.
#pragma once

#include <string_view>

namespace dockhew::inline flow {

struct SecretFile {
  std::string_view name;  // glob of the last part, or of the last two
  std::string_view title;
  std::string_view id;        // of the proposed secret mount; empty when none is proposed
  std::string_view tools;     // which read it
  bool may_be_plain = false;  // often has other settings alone, and is part of the project
  bool of_program = false;    // a program may read it where it runs
};

// Null for a file of any other name.
const SecretFile* secret_file(std::string_view path);

// Whether a file of settings, such as `.env`, gives a value to a variable that is called like a credential.
bool gives_credentials(std::string_view text);

}  // namespace dockhew::inline flow
