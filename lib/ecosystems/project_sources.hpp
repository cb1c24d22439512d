// The files of a project that its runtime runs or compiles, read from the build context: what the program does that no
// manifest says is seen there. Tests, documentation, what others wrote and other programs are left out.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ecosystems/runtime.hpp"

namespace dockhew::inline ecosystems {

// `visit` gets the path in the context and the text of each file below `root`.
void for_each_source(const BuildContext& context, const std::string& root, const Runtime& runtime,
                     const std::function<void(const std::string& path, const std::string& text)>& visit);

// The directory of the context that the stage's last working directory is made of; "." where that is not known.
std::string source_root(const Dockerfile& file, const Stage& stage);

// Whether a directory of a project, by its name, holds source of the program, and no tests, results or libraries.
bool is_of_program(std::string_view directory);

struct SourceMark {
  std::string file;  // in the context
  std::string_view mark;
};

// The first of `marks` in a file below `root` of the context, as below: `com.sun.jdi` is in `com.sun.jdi.Bootstrap`.
std::optional<SourceMark> find_source_mark(const BuildContext& context, const std::string& root, const Runtime& runtime,
                                           Words marks);

// What the source of a stage's program says that it needs: of a table of the facts' `needed_packages`, the values of
// the texts that are found outside of comments, with the place of the first. `foo` is not found in
// `food`, and `foo*` is.
std::map<std::string_view, std::string> find_source_marks(const Dockerfile& file, const Stage& stage,
                                                          const Runtime& runtime, std::string_view table);

}  // namespace dockhew::inline ecosystems
