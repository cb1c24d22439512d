#include <doctest/doctest.h>

#include <algorithm>

#include "text/diff.hpp"
#include "text/edit.hpp"
#include "text/encoding.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

using namespace dockhew;

TEST_CASE("edits are applied by place, whatever their order") {
  CHECK(apply_edits("abcdef", {{{4, 6}, "X"}, {{0, 1}, ""}, {{2, 2}, "-"}}) == "b-cdX");
  CHECK(apply_edits("abc", {}) == "abc");
}

TEST_CASE("equal edits are one edit") { CHECK(apply_edits("ab", {{{1, 1}, "x"}, {{1, 1}, "x"}}) == "axb"); }

TEST_CASE("edits that have no order collide") {
  CHECK(collide({{0, 3}, "a"}, {{2, 4}, "b"}));
  CHECK(collide({{2, 2}, "a"}, {{2, 2}, "b"}));
  CHECK(collide({{1, 4}, "a"}, {{2, 2}, "b"}));
  CHECK_FALSE(collide({{2, 2}, "a"}, {{2, 2}, "a"}));
  CHECK_FALSE(collide({{0, 2}, "a"}, {{2, 4}, "b"}));
  CHECK_FALSE(collide({{0, 2}, "a"}, {{2, 2}, "b"}));
}

TEST_CASE("a diff makes one text of the other, with three lines around what differs") {
  unsigned random = 1;
  const auto next = [&](std::size_t end) { return (random = random * 1103515245 + 12345) / 65536 % end; };
  const auto some = [&](std::size_t most) {
    std::string text;
    for (auto lines = next(most); lines > 0; --lines) text += std::string(next(3), 'a') + (next(3) == 0 ? "b\n" : "\n");
    return text;
  };
  for (int i = 0; i < 3000; ++i) {
    const auto head = some(12), tail = some(12) + (next(2) == 0 ? "a" : "");
    const auto before = head + some(6) + tail, after = head + some(6) + tail;
    const auto hunks = diff_lines(before, after);
    std::string made;
    std::size_t line = 1, at = 0;
    for (const auto& hunk : hunks) {
      for (const auto first = hunk.old_line + (hunk.old_count == 0 ? 1 : 0); line < first; ++line) {
        const auto end = before.find('\n', at) + 1;
        made += before.substr(at, end - at);
        at = end;
      }
      for (const auto& each : hunk.lines) {
        if (each.kind != DiffLine::Kind::removed) made += each.text;
        if (each.kind != DiffLine::Kind::added) at += each.text.size(), ++line;
      }
    }
    CHECK(made + before.substr(at) == after);
    CHECK(hunks.empty() == (before == after));
    if (hunks.empty()) continue;
    const auto is_context = [](const DiffLine& each) { return each.kind == DiffLine::Kind::context; };
    const auto& lines = hunks[0].lines;
    const auto lead = static_cast<std::size_t>(std::ranges::find_if_not(lines, is_context) - lines.begin());
    CHECK(lead == std::min<std::size_t>(3, lead + hunks[0].old_line - (hunks[0].old_count == 0 ? 0 : 1)));
  }
}

TEST_CASE("columns count UTF-16 units and lines end at line feeds only") {
  const LineIndex lines("a\xC3\xA4\xF0\x9F\x90\xB3x\r\nb\rc\n");
  CHECK(lines.position(0) == Position{1, 1});
  CHECK(lines.position(3) == Position{1, 3});
  CHECK(lines.position(7) == Position{1, 5});
  CHECK(lines.position(10) == Position{2, 1});
  CHECK(lines.line_text(1) == "a\xC3\xA4\xF0\x9F\x90\xB3x");
  CHECK(lines.line_text(2) == "b\rc");
  CHECK(lines.position(14) == Position{3, 1});
}

TEST_CASE("text for a terminal shows what could move the cursor") {
  CHECK(escape_for_terminal("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(escape_for_terminal("\xE2\x80\xAE") == "\\u202e");
  CHECK(escape_for_terminal("\xFF\t\xC3\xA4") == "\\xff\t\xC3\xA4");
}

TEST_CASE("a mark decides the encoding of a file") {
  using namespace std::string_literals;
  CHECK(decode_text("a\r\n") == "a\r\n");
  CHECK(decode_text("\xEF\xBB\xBF"
                    "a") == "a");
  CHECK(decode_text("\xFF\xFE"
                    "a\0\xE4\0\x3D\xD8\x33\xDC"s) == "a\xC3\xA4\xF0\x9F\x90\xB3");
  CHECK(decode_text("\xFE\xFF\0a\xD8\x3D\xDC\x33"s) == "a\xF0\x9F\x90\xB3");
  CHECK_FALSE(decode_text("a\0b\0"s));
  CHECK_FALSE(
      decode_text("\xFF\xFE"
                  "a"));
  CHECK_FALSE(decode_text("\xFF\xFE\x3D\xD8"));
}

TEST_CASE("texts in quotes end on their line") {
  using Texts = std::vector<std::string_view>;
  CHECK(texts_in_quotes("a(\"b\", \"\")") == Texts{"b", ""});
  CHECK(texts_in_quotes("a \"b\nc \"d\" \"e") == Texts{"d"});
  CHECK(texts_in_quotes("'").empty());
}

TEST_CASE("Go quoting") {
  CHECK(go_quote("a\"b\\\t\n\x01\xFF") == "\"a\\\"b\\\\\\t\\n\\x01\\xff\"");
  CHECK(go_quote("\xC2\xA0\xC3\xA4") == "\"\\u00a0\xC3\xA4\"");
}

TEST_CASE("paths are cleaned as Go cleans them") {
  CHECK(clean_path("") == ".");
  CHECK(clean_path("/a//b/../c/.") == "/a/c");
  CHECK(clean_path("../a/..") == "..");
  CHECK(clean_path("/..") == "/");
  CHECK(resolve_path("/app", "target/x") == "/app/target/x");
  CHECK(resolve_path("/app", "/x/") == "/x");
}

TEST_CASE("a path is under a directory by whole segments") {
  CHECK(path_is_under("/a/b", "/a"));
  CHECK(path_is_under("/a", "/a"));
  CHECK(path_is_under("/a", "/"));
  CHECK_FALSE(path_is_under("/ab", "/a"));
}

TEST_CASE("globs") {
  CHECK(glob_match("*.txt", "a.txt"));
  CHECK_FALSE(glob_match("*.txt", "a/b.txt"));
  CHECK(glob_match("**/b.txt", "b.txt"));
  CHECK(glob_match("**/b.txt", "x/y/b.txt"));
  CHECK(glob_match("a?[0-9]", "ab7"));
  CHECK_FALSE(glob_match("[^a]", "a"));
  CHECK(glob_match("\\*", "*"));
}

TEST_CASE("a glob of many stars is not slow") {
  CHECK_FALSE(glob_match(std::string(60, '*').append("b"), std::string(3000, 'a')));
  CHECK_FALSE(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(3000, 'a')));
  CHECK(glob_match("**/**/**/a", "x/y/z/a"));
}

TEST_CASE("a diff can be applied by patch") {
  CHECK(format_diff(diff_lines("a\nb\nc\n", "a\nx\nc\n"), "f") == "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
  CHECK(format_diff(diff_lines("", "a\n"), "f") == "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n");
  CHECK(format_diff(diff_lines("a", "a\n"), "f") ==
        "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  CHECK(format_diff(diff_lines("a\n", "a\n"), "f").empty());
}

TEST_CASE("far apart changes make two hunks") {
  std::string before, after;
  for (int i = 0; i < 20; ++i) before += std::to_string(i) + '\n';
  after = before;
  after.replace(after.find("2\n"), 1, "x");
  after.replace(after.find("17\n"), 2, "y");
  const auto hunks = diff_lines(before, after);
  REQUIRE(hunks.size() == 2);
  CHECK(hunks[0].old_line == 1);
  CHECK(hunks[0].old_count == 6);
  CHECK(hunks[1].old_line == 15);
}
