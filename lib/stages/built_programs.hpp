// The programs that the builder of a compiled language makes: whether the one that the container starts is among them,
// and which others the image had besides it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"

namespace dockhew {

struct BuiltProgram {
  bool known = false;          // some command makes it
  bool from_registry = false;  // of sources that are not in the image: `go install example.com/tool@latest`
};

// `tool`: "cargo" or "go". `builder_steps`: the RUNs of the builder. `path`: absolute.
BuiltProgram find_built_program(const Dockerfile& file, const Stage& stage, std::string_view tool,
                                const std::vector<const Step*>& builder_steps, const std::string& path);

// What the builder makes besides the program at `path`. Only what is there for certain, because a COPY must not fail.
struct OtherPrograms {
  std::vector<std::string> paths;  // absolute; directories end with "/", where the names of the programs are not known
  bool complete = true;            // nothing else is made
};

OtherPrograms find_other_programs(const Dockerfile& file, const Stage& stage, std::string_view tool,
                                  const std::vector<const Step*>& builder_steps, const std::string& path);

// The absolute paths at which a cp, mv or install puts its files; empty where its words do not tell.
std::vector<std::string> find_copied_files(const Stage& stage, const ShellCommand& command);

}  // namespace dockhew
