// What one command does to the file system and to the shell that it runs in, as far as its words tell. What is not
// known is anything: a command may write what nothing here denies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/script.hpp"

namespace dockhew::inline effects {

// A path that a word names. It stands for itself and for everything below it.
struct AffectedPath {
  std::string path;  // absolute, cleaned and with its wildcards; below the home directory of who runs it: "~/.ssh"
  Span span;         // of the word, in the script's text; of the whole command where no word names the path
  std::string text;  // the mode or the owner that it gets, where it gets one and it is known
};

struct AffectedPaths {
  std::vector<AffectedPath> paths;
  bool anything = false;  // may be others too, wherever they lie

  // Whether there are paths of which it is not known where they lie: any, or some in a home directory.
  bool may_be_anywhere() const;
  // Takes a word of the command as one more path; "-" is no file.
  void add(const ShellCommand& command, const ShellWord& word, std::string text = {});
  void add(const AffectedPaths& others);
};

struct Effects {
  AffectedPaths reads;
  AffectedPaths writes;   // made, or overwritten as a whole
  AffectedPaths changes;  // files that are there and get other contents
  AffectedPaths removes;
  AffectedPaths modes;             // with the mode, as it is written
  AffectedPaths owners;            // with the owner, as it is written
  bool makes_directories = false;  // what it writes are directories, and empty
  bool changes_shell = false;

  // Whether it does nothing but read, and print what comes of it.
  bool only_prints() const;
  void add(const Effects& others);
  // Gives the paths below a home directory their place.
  void resolve_home(std::string_view home);
};

// Of a command of which nothing is known.
Effects unknown_effects();

// Whether the mode makes the file executable for everybody: 755, +x, a+rx.
bool makes_executable(std::string_view mode);

// A path with wildcards stands for its longest plain directory: "/a" of "/a/b*".
std::string without_wildcards(std::string_view path);

// The values of `--option value`, `--option=value` or, for go, `-o value`, in order.
std::vector<Value> option_values(const ShellCommand& command, std::string_view option);

}  // namespace dockhew::inline effects
