// What tools that build a project do, as far as options say that many of them share.
#pragma once

#include "effects/effects.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Reads the project and writes into the directory that it works in, and where its options put its results.
Effects build_effects(const ShellCommand& command);

// Of a tool of which nothing more is known: those of a build for what needs the source of the project, otherwise
// anything.
Effects general_effects(const ToolUse& use);

// Adds a path that a tool is given; a relative one starts where the command runs.
void add_value(AffectedPaths& to, const ShellCommand& command, const Value& value);

// Adds one that no word names.
void add_path(AffectedPaths& to, const ShellCommand& command, std::string path);

// The first value of an option; undefined without it.
Value option_value(const ShellCommand& command, std::string_view option);

}  // namespace dockhew::inline ecosystems
