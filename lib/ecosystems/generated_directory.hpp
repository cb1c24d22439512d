// What the tools of an ecosystem leave in a project: what they have installed, what they have built, what they
// remember. It lies in the build context of whoever has worked there, and is not meant to be copied.
#pragma once

#include <cstdint>
#include <string_view>

namespace dockhew::inline ecosystems {

struct GeneratedDirectory {
  enum class Holds : std::uint8_t {
    packages,  // what an installation makes: laid over another one, it replaces it
    results,   // what a build makes: another one may find it up to date
    remains,   // what nothing needs: caches, reports
  };

  std::string_view path;    // below the directory of the project
  std::string_view beside;  // names of which one lies in the project's directory, with wildcards, separated by spaces
  Holds holds = Holds::remains;
  bool anywhere = false;          // also in directories below the project's
  bool may_be_written = false;    // by hand, too: it only counts where Git is told to leave it alone
  bool build_makes_it = false;    // packages that a build also installs
  std::string_view made_by = {};  // words in the project's settings, if only some projects make it; with blanks between
  std::string_view made_elsewhere = {};  // words of a manifest beside it whose tool makes another directory instead
  // Names of settings, and behind a blank the word that is followed there by the directory that is made instead.
  std::string_view moved_by = {};
  std::string_view made_with = {};   // names of which one lies there where it is made, if its settings do not tell
  std::string_view workspace = {};   // text of a manifest above whose packages share the directory there: "[workspace"
  bool of_any_installation = false;  // packages that no image uses that installs its own, wherever it puts them
  std::string_view proof = {};       // a file in it that only the tool writes there
};

}  // namespace dockhew::inline ecosystems
