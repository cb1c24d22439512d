// What a command of a RUN does, be it a Unix command or a tool of the tables: the one answer that rules act upon.
#pragma once

#include "effects/effects.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// `command` belongs to the script of the site's step. A Unix command that is not settled (is_settled in
// effects/unix_effects.hpp) may write anything.
Effects command_effects(const Site& site, const ShellCommand& command);

// What a command does to a project that a COPY brings, and to files that it does not install itself: the places where
// package managers put packages that are installed by name do not count, because no project is there.
Effects project_effects(const Site& site, const ShellCommand& command);

// The same of all commands of the site's RUN. Anything, where the script cannot be analyzed.
Effects project_effects(const Site& site);

// Takes out what a RUN makes and removes again, which is nothing to the project: an installer that is fetched, run and
// removed.
void forget_passing_files(const Site& site, Effects& effects);

// Whether a command may write a file of the image, or a directory that it lies in.
bool may_write_file(const Site& site, const ShellCommand& command, const std::string& path);
// Whether a command of a RUN may, or it is not known what they do; no other instruction does.
bool may_write_file(const Site& site, const std::string& path);

}  // namespace dockhew::inline ecosystems
