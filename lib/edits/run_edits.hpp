// Edits of one RUN: its flags, the elements of its command chain, single words. They are made on logical text and
// turned into source edits, so the caller need not care about continuations, comments and CRLF.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/dockerfile.hpp"
#include "text/edit.hpp"

namespace dockhew::inline edits {

// The line ending and continuation of this file, followed by the indentation of a continued line: " \\\n    ".
std::string continued_line(const Document& document);

// Puts flags before the arguments, each on a separate line.
TextEdit add_flags(const Document& document, const Instruction& instruction, const std::vector<std::string>& flags);

// Removes chain elements together with what joins them. Nothing when every element would be removed, or when one is
// joined by `||` or `&`. `elements` is sorted. Comments before and after them are kept where possible.
std::optional<std::vector<TextEdit>> remove_elements(const Document& document, const Script& script,
                                                     const std::vector<std::size_t>& elements);

// The comment lines after the first line of a part of the source, each with its ending.
std::string comment_lines(std::string_view text);

// Puts the comments that go with elements at the end of the chain, removed as above, on lines of their own after the
// instruction; nothing when there are none.
std::optional<TextEdit> keep_comments(const Document& document, const Instruction& instruction, const Script& script,
                                      const std::vector<std::size_t>& elements);

// Removes one word of a command with the blanks before it.
TextEdit remove_word(const Script& script, const ShellWord& word);

// Whether commands can be put before and after the chain without changing what it does: no part of it runs in the
// background, and its first list has no `||`.
bool can_be_framed(const Script& script);

// Runs `command` before the chain, but after a leading `set -e…`. Requires a chain that can be framed.
TextEdit prepend_command(const Document& document, const Script& script, const std::string& command);
// Runs `command` when the chain has succeeded.
TextEdit append_command(const Document& document, const Script& script, const std::string& command);

// The whole lines of an instruction with the comments directly above it, including its line ending.
Span instruction_lines(const Document& document, const Instruction& instruction);

// The instruction's own lines, without comments above.
Span own_lines(const Document& document, const Instruction& instruction);

// What to remove together with `lines`, the last of the lines `gap` to be removed, so that no two blank lines follow
// each other.
Span lines_to_vacate(const Document& document, Span gap, Span lines);

// Removes whole lines, so that no two blank lines follow each other.
TextEdit remove_lines(const Document& document, Span lines);

// Removes the lines of an instruction. Nothing if there is anything else on them, or a comment between them, which is
// not thrown away.
std::optional<TextEdit> remove_instruction(const Document& document, const Instruction& instruction);

// Puts whole lines, each with its ending, after those of an instruction, which may be the last and have no ending.
TextEdit insert_lines_after(const Document& document, const Instruction& instruction, std::string lines);

}  // namespace dockhew::inline edits
