#include <doctest/doctest.h>

#include "model/dockerfile.hpp"
#include "syntax/arguments.hpp"
#include "syntax/document.hpp"
#include "syntax/duration.hpp"
#include "syntax/instruction_errors.hpp"
#include "syntax/shell.hpp"
#include "syntax/word_lexer.hpp"
#include "text/limits.hpp"

using namespace dockhew;

namespace {

std::string leaves(const Document& document) {
  std::string text;
  const auto& tree = document.lines().tree;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (tree.is_leaf(i)) text += slice(document.source(), tree.nodes[i].span());
  return text;
}

std::string shell_leaves(std::string_view text) {
  const auto shell = parse_shell(text);
  std::string out;
  for (std::uint32_t i = 0; i < shell.tree.nodes.size(); ++i)
    if (shell.tree.is_leaf(i)) out += slice(text, shell.tree.nodes[i].span());
  return out;
}

std::string dump(std::string text) { return dump_buildkit(parse_document(std::move(text))); }

std::string expand(std::string_view word) {
  const auto result = lex_word(word, [](std::string_view name) -> std::optional<std::string> {
    if (name == "A") return "alpha";
    if (name == "EMPTY") return "";
    return std::nullopt;
  });
  return result.error.empty() ? result.text : "error: " + result.error;
}

}  // namespace

TEST_CASE("the line tree gives every byte back") {
  for (const std::string text :
       {"", "\n", "FROM a", "\xEF\xBB\xBF# escape=`\r\nFROM a `\r\n  b\r\n", "RUN a \\\n# c\n\n b \\",
        "RUN <<E\nx\nE\nFROM b\n", "RUN <<E\nx", "\\\n", "  \\\n\\\\\n", "#\r\r\n \r"})
    CHECK(leaves(parse_document(text)) == text);
}

TEST_CASE("empty lines between instructions are one node") {
  const auto nodes = [](const std::string& text) { return parse_document(text).lines().tree.nodes.size(); };
  CHECK(nodes("FROM a\n" + std::string(1000, '\n') + "RUN b\n") == nodes("FROM a\n\nRUN b\n"));
  CHECK(parse_document("RUN a \\\n\n\n b\n").instructions()[0].empty_continuation);
  CHECK(!parse_document("RUN a \\\n# c\n b\n\n\n").instructions()[0].empty_continuation);
}

TEST_CASE("of a file that is too large, the rest is one token") {
  std::string few = "FROM a\n", many = few, long_ones = few;
  for (int i = 0; i < 19'999; ++i) few += "RUN a\n";
  for (int i = 0; i < 30'000; ++i) many += "RUN a\n";
  for (int i = 0; i < 30; ++i) long_ones += "RUN " + std::string(50'000, 'a') + "\n";
  CHECK(!parse_document(few).too_large());
  CHECK(!parse_document(few + "# c\n\n").too_large());
  for (const auto& text : {many, long_ones, few + "RUN a", few + "RUN a\nRUN <<E\n"}) {
    const auto document = parse_document(text);
    CHECK(leaves(document) == text);
    REQUIRE(document.too_large());
    // The one behind the last that is read has been found, and nothing after it.
    CHECK(document.lines().instructions.size() == document.instructions().size() + 1);
    CHECK(document.too_large()->span.begin == document.lines().instructions.back().span.begin);
    CHECK(document.errors().size() == 1);
  }
}

TEST_CASE("a million comments are read") {
  std::string comments = "FROM a\n";
  for (std::size_t i = 0; i < limits::comments_read; ++i) comments += "#\n";
  CHECK(!parse_document(comments).too_large());
  const auto document = parse_document(comments + "RUN a\n");
  CHECK(leaves(document) == comments + "RUN a\n");
  REQUIRE(document.too_large());
  CHECK(document.too_large()->span.begin == comments.size());
}

TEST_CASE("continuations are joined without a trace") {
  CHECK(dump("RU\\\nN a \\\n  b\n") == "(run \"a   b\")\n");
  CHECK(dump("RUN a \\  \n# comment \\\n\n  # another\nb\n") == "(run \"a b\")\n");
  CHECK(dump("RUN a \\\\\nRUN b\n") == "(run \"a \\\\\\\\\")\n(run \"b\")\n");
}

TEST_CASE("the escape directive counts only at the top") {
  CHECK(dump("# escape=`\nRUN a `\n b\n") == "(run \"a  b\")\n");
  CHECK(dump("\n# escape=`\nRUN a \\\n b\n") == "(run \"a  b\")\n");
}

TEST_CASE("logical text maps back to the source") {
  const auto document = parse_document("RUN aa \\\n  bb \\\n  cc\n");
  const auto& text = document.instructions()[0].text;
  CHECK(text.view() == "RUN aa   bb   cc");
  const auto at = static_cast<std::uint32_t>(text.view().find("bb"));
  CHECK(slice(document.source(), text.to_source(Span{at, at + 2})) == "bb");
  CHECK(slice(document.source(), text.to_source(Span{4, at + 2})) == "aa \\\n  bb");
}

TEST_CASE("heredocs belong to their instruction") {
  const auto document = parse_document("RUN <<A cat <<-\"B\"\none\nA\n\ttwo\n\tB\nFROM x\n");
  REQUIRE(document.instructions().size() == 2);
  const auto& heredocs = document.instructions()[0].heredocs;
  REQUIRE(heredocs.size() == 2);
  CHECK(heredocs[0].name == "A");
  CHECK(heredocs[0].expand);
  CHECK(slice(document.source(), heredocs[0].body) == "one\n");
  CHECK(heredocs[1].name == "B");
  CHECK(heredocs[1].strip_tabs);
  CHECK_FALSE(heredocs[1].expand);
  CHECK(slice(document.source(), heredocs[1].body) == "\ttwo\n");
}

TEST_CASE("after an unclosed quote there is no heredoc") {
  CHECK(dump("RUN echo it's <<EOF\nRUN b\n") == "(run \"echo it's <<EOF\")\n(run \"b\")\n");
}

TEST_CASE("errors are recorded in layers and the rest is read") {
  const auto document = parse_document("FROM a\nFOO b\nRUN c\nENV x=1 y\n");
  REQUIRE(document.errors().size() == 1);
  CHECK(document.errors()[0].message == "Syntax error - can't find = in \"y\". Must be of the form: name=value");
  CHECK(slice(document.source(), document.errors()[0].span) == "y");
  const auto rejected = find_instruction_errors(document);
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].message == "unknown instruction: FOO (did you mean FROM?)");
  CHECK(slice(document.source(), rejected[0].span) == "FOO");
  CHECK(document.instructions().size() == 4);
}

TEST_CASE("every instruction has its own error, at the word that is wrong") {
  const auto document =
      parse_document("FROM a AS 1x\nRUN --mont=b c\nCOPY x\nHEALTHCHECK --interval=5 CMD x\nONBUILD FROM y\n");
  std::string found;
  for (const auto& error : find_instruction_errors(document))
    found += std::string(slice(document.source(), error.span)) + ": " + error.message + '\n';
  CHECK(found ==
        "1x: invalid name for build stage: \"1x\", name can't start with a number or contain symbols\n"
        "--mont=b: unknown flag: --mont (did you mean mount?)\n"
        "COPY: COPY requires at least two arguments, but only one was provided. Destination could not be determined\n"
        "--interval=5: time: missing unit in duration \"5\"\n"
        "FROM: FROM isn't allowed as an ONBUILD trigger\n");
}

TEST_CASE("durations are Go's") {
  CHECK(parse_duration("1h2m3.5s").nanoseconds == 3723.5e9);
  CHECK(parse_duration("0").error.empty());
  CHECK(parse_duration("1ns").nanoseconds == 1);
  CHECK(parse_duration("").error == "time: invalid duration \"\"");
  CHECK(parse_duration("3x").error == "time: unknown unit \"x\" in duration \"3x\"");
}

TEST_CASE("flags keep their place and lose their quotes") {
  const auto document = parse_document("COPY --from=\"a b\" --link x y\n");
  const auto& copy = document.instructions()[0];
  REQUIRE(copy.flags.size() == 2);
  CHECK(copy.flags[0].name == "from");
  CHECK(copy.flags[0].value == "a b");
  CHECK(slice(document.source(), copy.flags[0].span) == "--from=\"a b\"");
  CHECK_FALSE(copy.flags[1].has_value);
  CHECK(copy.arguments.size() == 2);
}

TEST_CASE("JSON is strict, and what is not JSON is shell") {
  CHECK(parse_json_array(R"(["a", "b\u00e4\n"])")->elements[1].text == "b\xC3\xA4\n");
  CHECK_FALSE(parse_json_array("['a']"));
  CHECK_FALSE(parse_json_array(R"(["a",])"));
  CHECK_FALSE(parse_json_array(R"(["a"] # c)"));
  CHECK_FALSE(parse_json_array("[1]")->only_strings);
  CHECK_FALSE(parse_json_array(std::string(100000, '[')));
}

TEST_CASE("variable expansion") {
  CHECK(expand("$A-${A}-'$A'-\"$A\"-\\$A") == "alpha-alpha-$A-alpha-$A");
  CHECK(expand("${NONE:-x$A}") == "xalpha");
  CHECK(expand("${EMPTY-x}|${EMPTY:-x}|${A:+y}|${NONE+y}") == "|x|y|");
  CHECK(expand("${A#al}|${A##*p}|${A%a}|${A%%p*}") == "pha|ha|alph|al");
  CHECK(expand("${A/a/o}|${A//a/o}") == "olpha|olpho");
  CHECK(expand("${NONE?gone}").ends_with("NONE: gone"));
  CHECK(expand("${A:-x") == "error: failed to process \"${A:-x\": syntax error: missing '}'");
  CHECK(expand("$001a|${001:-b}") == "a|b");
  CHECK(expand("'a").ends_with("unexpected end of statement while looking for matching single-quote"));
}

TEST_CASE("the shell tree gives every byte back and reports what is missing") {
  for (const std::string text : {"a && b || c; d &", "if a; then b; fi", "case $x in a|b) c;; esac",
                                 "for i in a b; do echo \"$i\"; done", "f() { a; }", "cat <<E\nx\nE\necho", "a=(1 2) b",
                                 "[[ a == b ]] && c", "x=$(a `b` $((1+2))) > /dev/null 2>&1"}) {
    CHECK(shell_leaves(text) == text);
    CHECK(parse_shell(text).errors.empty());
  }
  for (const std::string text : {"if a; then b", "a && ", "(a", "echo 'x", "a | ; b"}) {
    CHECK(shell_leaves(text) == text);
    CHECK_FALSE(parse_shell(text).errors.empty());
  }
}

TEST_CASE("two errors of one script are both reported") {
  CHECK(parse_shell("foo && || bar; (a; b").errors.size() == 2);
}

TEST_CASE("deep nesting is an error and not an overflow") {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "$(";
  const auto shell = parse_shell(deep);
  REQUIRE(shell.errors.size() == 1);
  CHECK(shell.errors[0].message == "nested too deeply");
  CHECK(shell_leaves(deep) == deep);
}

// Found by fuzzing: replacements inside replacements grew to gigabytes.
TEST_CASE("an expansion has an end") {
  const auto lookup = [](std::string_view) -> std::optional<std::string> { return std::string(40, 'a'); };
  CHECK(lex_word("${A//a/${A//a/${A//a/${A//a/${A//a/x}}}}}", lookup, {}).beyond_limits);
  std::string doubling = "FROM scratch\nENV A=aaaaaaaaaaaaaaaa\n";
  for (int i = 0; i < 60; ++i) doubling += "ENV A=$A$A\n";
  const Dockerfile file(doubling, builtin_facts(), {});
  CHECK(file.final_stage().environment.back().value.is_unknown());
}
