// What a Unix command does, by the table of them: `unix_commands` in commands.json. Its rows say how the words of a
// command are read; this reads them.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "effects/effects.hpp"
#include "facts/facts.hpp"

namespace dockhew::inline effects {

// Redirections and the program itself are among its reads and writes. Anything, for a command that the table does not
// know; `plain_commands` of a user write their operands.
Effects unix_effects(const Facts& facts, const ShellCommand& command);

// Whether rules go by what the table says that the command writes. It knows more commands than rules have acted upon so
// far, and for the others they keep to what is safe: that it may write anything.
bool is_settled(const Facts& facts, const ShellCommand& command);

// The places where `find` searches, and the commands that it starts, with "{}" for what it finds.
struct Searched {
  std::vector<ShellWord> roots;
  std::vector<ShellCommand> started;
};
Searched searched_by(const ShellCommand& find);

// `find … | xargs rm`: whether the next command of the pipeline removes what the command finds.
bool feeds_removal(const Facts& facts, const Script& script, const ShellCommand& find);

// Whether a command starts no program that might be a tool of the tables: one that never does, `find` and `xargs` with
// such a one, and what asks a program for its version alone.
bool starts_no_tool(const Facts& facts, const ShellCommand& command);

// Whether the command is one of the table that changes nothing, with its redirections: `grep a b`, not `grep a b > c`.
bool only_reads(const Facts& facts, const ShellCommand& command);

// Whether the command is one of the table whose words are one of these to it: {removed, moved} of rm, rmdir and mv.
bool has_operands(const Facts& facts, const ShellCommand& command, std::initializer_list<Operands> any_of);

// Adds what is true of every command: it reads its program, where that is given by its path, and its redirections read
// and write.
void add_surroundings(Effects& effects, const ShellCommand& command);

// The program alone.
void add_program(Effects& effects, const ShellCommand& command);

// Whether these words start a shell for a person, or only keep the container running: `bash`, `sleep infinity`.
bool is_waiting(std::span<const std::string_view> words);

// `bash -c 'npm ci && npm run build'`, whose commands are among those of the script: by itself it does nothing.
bool runs_read_commands(const Script& script, const ShellCommand& command);

// `source FILE`: it may do anything, and by custom sets variables alone.
bool is_sourcing(const ShellCommand& command);

// Whether chown or chmod changes all below what it names too.
bool is_recursive(const ShellCommand& command);

}  // namespace dockhew::inline effects
