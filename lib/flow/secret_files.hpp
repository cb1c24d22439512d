// Which files hold credentials: by their names, and by what they say where a name alone is not sure, as that of a
// certificate and of its key may be the same.
#pragma once

#include <string_view>

namespace dockhew::inline flow {

struct SecretFile {
  std::string_view name;  // glob of the last part, or of the last two
  std::string_view title;
  std::string_view id;         // of the proposed secret mount; empty when none is proposed
  std::string_view tools;      // which read it
  bool may_be_plain = false;   // often has other settings alone, and is part of the project
  bool of_program = false;     // a program may read it where it runs
  std::string_view mark = {};  // what its text has where it is such a file
};

// Null for a file of any other name.
const SecretFile* secret_file(std::string_view path);

// Whether the text of such a file has what makes it one.
bool has_mark(const SecretFile& file, std::string_view text);

// Whether a file of this name may hold a key, so that its text is worth a look.
bool may_hold_key(std::string_view path);

// What a text proves to hold, for a person: "a private key". Empty where it proves nothing, as a key behind a
// passphrase.
std::string_view held_key(std::string_view text);

// Whether a path says that what lies there is for tests, for a try or for one machine: such a key opens nothing.
bool is_for_trials(std::string_view path);

// Whether a file of settings, such as `.env`, gives a value to a variable that is called like a credential.
bool gives_credentials(std::string_view text);

}  // namespace dockhew::inline flow
