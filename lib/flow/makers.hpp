// Which use of a tool made a file that a stage has: `cargo build` made /src/target/release/app. What another stage
// takes is judged by who made it: whether it is a program, and what it needs where it runs.
#pragma once

#include <optional>
#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline flow {

struct Maker {
  Site site;
  const ToolUse* use;
};

// The last use in a stage, or in those it is built on, that makes what is at a path; nothing where something else does,
// or may. As slow as the stages are long, so whoever asks bounds how often.
std::optional<Maker> maker_of(const Dockerfile& file, const Stage& stage, const std::string& path);

// The same of a source of a COPY from another stage; nothing where its words do not name one file.
std::optional<Maker> maker_of(const Dockerfile& file, const Copy& copy, const CopySource& source);

// Whether a path is by its name one of the programs that a compiler for them makes: no library and no description.
bool is_compiled_program(const Maker& maker, const std::string& path);

}  // namespace dockhew::inline flow
