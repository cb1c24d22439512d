// What is bounded: values, recursion, matching; and what has become fast answers as what was slow did.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "example.hpp"
#include "lint/lint.hpp"
#include "lint/secrets.hpp"
#include "model/dockerfile.hpp"
#include "model/failure.hpp"
#include "report/text.hpp"
#include "syntax/word_lexer.hpp"
#include "text/overlapping_paths.hpp"
#include "text/path.hpp"
#include "text/position.hpp"
#include "text/utf8.hpp"

using namespace dockhew;

namespace {

std::string times(std::size_t n, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += text;
  return out;
}

std::string expand(std::string_view word, const std::string& value) {
  const auto result = lex_word(word, [&](std::string_view name) -> std::optional<std::string> {
    return name == "V" ? std::optional(value) : std::nullopt;
  });
  if (result.beyond_limits) return "beyond the limits";
  return result.error.empty() ? result.text : result.error;
}

std::size_t all_values(const Dockerfile& file) {
  std::size_t bytes = 0;
  for (const auto& stage : file.stages()) {
    for (const auto& binding : stage.environment) bytes += binding.value.text.size();
    for (const auto& step : stage.steps) {
      bytes += step.workdir.text.size() + step.user.text.size();
      if (step.copy)
        for (const auto& source : step.copy->sources) bytes += source.text.size();
      if (step.script)
        for (const auto& command : step.script->commands)
          for (const auto& word : command.words) bytes += word.text().size() + command.directory.text.size();
    }
  }
  return bytes;
}

std::size_t all_values(const std::string& text) { return all_values(Dockerfile(text, builtin_facts(), {})); }

}  // namespace

TEST_CASE("values that double end, and so does their sum") {
  const auto doubled = "FROM debian:12\nENV A=x\n" + times(40, "ENV A=$A$A\n");
  CHECK(all_values(doubled) < 2 * limits::all_values);
  CHECK(all_values(doubled + times(1000, "ENV B=$A\n")) < 2 * limits::all_values);
  CHECK(all_values(doubled + times(12, "COPY $A /x\n")) < 2 * limits::all_values);
  CHECK(all_values("FROM debian:12\nRUN A=xx; \\\n" + times(40, "A=$A$A; \\\n") + " echo $A\n") <
        2 * limits::all_values);
  CHECK(all_values("FROM debian:12\n" + times(5000, "WORKDIR abcdefgh\n")) < 2 * limits::all_values);
  CHECK(all_values("FROM debian:12\nRUN " + times(5000, "cd abcdefgh && ") + "ls\n") < 2 * limits::all_values);
  // The last value that is known is what it should be.
  const Dockerfile file("FROM debian:12\nENV A=x\n" + times(6, "ENV A=$A$A\n"), builtin_facts(), {});
  CHECK(file.final_stage().environment.back().value.text.size() == 64);
}

TEST_CASE("what is beyond a limit is unknown, and no error of the builder's") {
  const Dockerfile file("FROM debian:12\nENV A=" + times(5000, "${a:-") + "\nENV B=" + times(5000, "${a/") + "\n",
                        builtin_facts(), {});
  CHECK(file.final_stage().environment.back().value.is_unknown());
  for (const auto& finding : lint_file(file, default_rules())) CHECK(finding.rule->id != "conversion-error");
  const auto inside = times(150, "${a:-") + 'x' + times(150, "}");
  CHECK(expand(inside, "") == "x");
  CHECK(expand(times(300, "${a:-") + 'x' + times(300, "}"), "") == "beyond the limits");
}

TEST_CASE("patterns in words") {
  CHECK(expand("${V%b*}", "abab") == "aba");
  CHECK(expand("${V%%b*}", "abab") == "a");
  CHECK(expand("${V#*a}", "abab") == "bab");
  CHECK(expand("${V##*a}", "abab") == "b");
  CHECK(expand("${V%?}", "a\u00e9") == "a");
  CHECK(expand("${V#?}", "\u00e9a") == "a");
  CHECK(expand("${V%x}", "abab") == "abab");
  CHECK(expand("${V//a/x}", "abab") == "xbxb");
  CHECK(expand("${V/a*b/x}", "cabab") == "cx");
  CHECK(expand("${V//\\*/x}", "a*b") == "axb");
  CHECK(expand("${V%" + times(3000, "*a") + "b}", times(3000, "a")) == "beyond the limits");
  CHECK(expand("${V//" + times(3000, "*a") + "b/c}", times(3000, "a")) == "beyond the limits");
}

TEST_CASE("globs read no more of a pattern than the text has room for") {
  const auto many = times(300000, "*a");
  CHECK(!glob_match(many, times(200, "a")));
  CHECK(glob_match(times(100, "*a"), times(100, "a")));
  CHECK(!glob_match("[" + times(300000, "b") + "]", "a"));
  CHECK(glob_match(times(300000, "**/") + "a", "b/a"));
  CHECK(glob_match(times(100000, "**/**") + "a", "b/a"));
  CHECK(glob_match("*" + times(100000, "**"), "b/a"));
  CHECK(glob_match("a/**/b", "a/b"));
  CHECK(glob_match("a/**/b", "a/x/y/b"));
  CHECK(!glob_match("a/*/b", "a/x/y/b"));
  CHECK(glob_match("[a-c]?", "bx"));
  CHECK(!glob_match("[!a-c]", "b"));
  CHECK(glob_match_above("a/*", "a/b/c/d"));
  CHECK(!glob_match_above("b", "a/b"));
}

TEST_CASE("paths are resolved by their parts") {
  CHECK(resolve_path("/", "a") == "/a");
  CHECK(resolve_path("/a", "../../b") == "/b");
  CHECK(resolve_path("/a/b", "./c//d/..") == "/a/b/c");
  CHECK(resolve_path("/a/../b/", "c") == "/b/c");
  CHECK(resolve_path("/a", "") == "/a");
  CHECK(resolve_path("/a", "/b/../c") == "/c");
}

TEST_CASE("paths of two lists overlap as each with each would") {
  unsigned random = 1;
  const auto next = [&](std::size_t end) { return (random = random * 1103515245 + 12345) / 65536 % end; };
  const auto paths = [&](std::size_t most) {
    std::vector<std::string> list(next(most));
    for (auto& path : list) {
      const auto depth = next(5);
      for (std::size_t i = 0; i < depth; ++i)
        path += std::string("/") + "ab-.\xC3"[next(5)] + (next(2) == 0 ? "x" : "");
      if (path.empty()) path = next(40) == 0 ? "/" : "~/c";
    }
    return list;
  };
  for (int i = 0; i < 2000; ++i) {
    const auto one = paths(20), other = paths(i % 2 == 0 ? 4 : 40);
    const auto is_in = [](const auto& list, const std::string& path) {
      return std::ranges::any_of(list, [&](const auto& each) { return path_is_under(path, each); });
    };
    const auto any = [&](const auto& a, const auto& b) {
      return std::ranges::any_of(a, [&](const auto& path) { return is_in(b, path); });
    };
    CHECK(paths_overlap(one, other) == (any(one, other) || any(other, one)));
    const auto overlapped = overlapped_paths(one, other);
    for (std::size_t at = 0; at < one.size(); ++at) {
      const auto& path = one[at];
      CHECK(overlapped[at] == std::ranges::any_of(other, [&](const auto& each) {
              return path_is_under(path, each) || path_is_under(each, path);
            }));
    }
    CHECK(all_are_under(one, other) == std::ranges::all_of(one, [&](const auto& path) { return is_in(other, path); }));
  }
  CHECK(!paths_overlap({}, std::vector<std::string>{"/"}));
  CHECK(all_are_under({}, {}));
}

TEST_CASE("what a failure means is found for a whole chain as for each element") {
  unsigned random = 1;
  const auto next = [&](std::size_t end) { return (random = random * 1103515245 + 12345) / 65536 % end; };
  const std::string commands[] = {"a", "set -eu", "exit 1", "false", "{ b; exit 2; }", "exit 0"},
                    joints[] = {" && ", " || ", "; "};
  for (int i = 0; i < 500; ++i) {
    std::string text = "FROM debian:12\nRUN a";
    for (auto more = next(8); more > 0; --more) text += joints[next(3)] + commands[next(6)];
    const Dockerfile file(text + '\n', builtin_facts(), {});
    const auto& script = *file.stages()[0].steps[0].script;
    const auto& chain = script.chain;
    for (std::size_t at = 0; at < chain.size(); ++at) {
      auto handler = at;
      while (handler < chain.size() && chain[handler].joint == Joint::and_if) ++handler;
      const bool caught = handler < chain.size() && chain[handler].joint == Joint::or_if;
      const auto what = caught ? script.text.view(chain[handler + 1].span) : "";
      CHECK(chain[at].caught == caught);
      CHECK(chain[at].passed_on == (what == "exit 1" || what == "false" || what.find("exit 2") != what.npos));
      CHECK(chain[at].after_stop == std::any_of(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(at),
                                                [&](const auto& each) { return stops_on_failure(script, each); }));
      CHECK(chain[at].decides_in_end == (handler + 1 == chain.size() && chain.back().joint == Joint::none));
    }
  }
}

TEST_CASE("bindings of a tree of stages are found as a list of each would find them") {
  std::vector<Bindings> versions(1);
  std::vector<std::vector<std::pair<std::string, std::string>>> lists(1);
  unsigned random = 1;
  const auto next = [&](std::size_t end) { return (random = random * 1103515245 + 12345) / 65536 % end; };
  for (int i = 0; i < 400; ++i) {
    const auto from = next(versions.size());
    auto version = versions[from];
    auto list = lists[from];
    const auto name = "N" + std::to_string(next(60)), value = std::to_string(i);
    version.push_back({name, Value::known(value), true});
    list.emplace_back(name, value);
    versions.push_back(version);
    lists.push_back(list);
  }
  for (std::size_t v = 0; v < versions.size(); ++v) {
    REQUIRE(versions[v].size() == lists[v].size());
    for (std::size_t i = 0; i < lists[v].size(); ++i) CHECK(versions[v][i].value.text == lists[v][i].second);
    std::map<std::string, std::string> last;
    for (std::size_t count = 0; count <= lists[v].size(); ++count) {
      if (count > 0) last[lists[v][count - 1].first] = lists[v][count - 1].second;
      for (const auto* name : {"N0", "N7", "N59", "none"}) {
        const auto* found = versions[v].find(name, count);
        const auto expected = last.find(name);
        REQUIRE((found != nullptr) == (expected != last.end()));
        if (found != nullptr) CHECK(found->value.text == expected->second);
      }
    }
  }
}

TEST_CASE("columns of long lines are counted as those of short ones") {
  const auto line = times(300, "a\u00e9\U0001F600\xff\xe2\x82");
  const auto source = "x\n" + line + "\n" + line;
  const LineIndex lines(source);
  for (std::uint32_t offset = 2; offset < source.size(); offset += 7) {
    const auto begin = lines.line_begin(lines.line(offset));
    const LineIndex alone(std::string_view(source).substr(begin, offset - begin));
    std::uint32_t column = 1;
    for (auto rest = std::string_view(source).substr(begin, offset - begin); !rest.empty();) {
      const auto rune = decode_rune(rest);
      column += rune.value >= 0x10000 ? 2 : 1;
      rest.remove_prefix(rune.size);
    }
    CHECK(lines.position(offset).column == column);
  }
}

TEST_CASE("a long line is shown around its finding") {
  const auto file = std::make_shared<Dockerfile>(
      "FROM debian:12\nRUN " + times(500, "true; ") + "sudo make; " + times(500, "true; ") + "\n", builtin_facts(),
      BuildContext());
  FileResult result;
  result.path = "Dockerfile";
  result.file = file;
  result.findings = lint_file(*file, default_rules());
  REQUIRE(!result.findings.empty());
  const auto text = format_text(result, {});
  CHECK(text.size() < result.findings.size() * 1500);
  CHECK(text.find("\u2026") != text.npos);
}

TEST_CASE("comments silence by name and place") {
  const auto count = [](const std::string& text) {
    std::size_t found = 0;
    for (const auto& finding : lint_file(Dockerfile(text, builtin_facts(), {}), default_rules()))
      found += finding.rule->id == "sudo-in-run" || finding.rule->id == "unused-suppression";
    return found;
  };
  const std::string run = "RUN sudo make\n";
  CHECK(count("FROM debian:12\n" + run + run) == 2);
  CHECK(count("FROM debian:12\n# dockhew ignore=sudo-in-run\n" + run + run) == 1);
  CHECK(count("FROM debian:12\n# dockhew ignore=DL3004\n# hadolint ignore=DL3004\n" + run) == 0);
  CHECK(count("# dockhew global ignore=SUDO-in-run\nFROM debian:12\n" + run + run) == 0);
  CHECK(count("# dockhew stage ignore=DL3004\nFROM debian:12\n" + run + "FROM debian:12\n" + run) == 1);
  CHECK(count("FROM debian:12\nRUN a && \\\n# dockhew ignore=DL3004\n# more\n sudo make && \\\n sudo make\n") == 1);
  CHECK(count("FROM debian:12\n# dockhew ignore=DL3004\nRUN true\n") == 1);
}

TEST_CASE("a key is a secret to its end, however many begin") {
  const auto text = "-----BEGIN PRIVATE KEY\na\n-----END PRIVATE KEY-----\n";
  REQUIRE(find_secrets(text).size() == 1);
  CHECK(slice(text, find_secrets(text)[0].span) == "-----BEGIN PRIVATE KEY\na\n");
  CHECK(find_secrets("-----BEGIN PRIVATE KEY\na").size() == 1);
  CHECK(find_secrets("-----BEGIN \nPRIVATE KEY").empty());
}

TEST_CASE("a chain of files that include one another is followed so far and no further") {
  Files lists, crates;
  for (int i = 0; i < 3000; ++i) {
    lists["r" + std::to_string(i)] = "-r r" + std::to_string(i + 1) + '\n';
    crates["c" + std::to_string(i) + "/Cargo.toml"] =
        "[package]\nname = 'a'\n[dependencies]\nb = { path = '../c" + std::to_string(i + 1) + "' }\n";
  }
  lists["r3000"] = "flask\n";
  crates["c3000/Cargo.toml"] = "[package]\nname = 'a'\n";
  crates["Cargo.toml"] = "[package]\nname = 'a'\n[dependencies]\nb = { path = 'c0' }\n";
  crates["src/main.rs"] = "";
  CHECK(Example("pip install -r r0", lists).manifests() ==
        "more than 200 lists of requirements include one another, up to `r200`");
  CHECK(Example("pip install -r r2990", lists).manifests().starts_with("r2990; r2991"));
  CHECK(Example("cargo build --release", crates).step() == "more than 200 crates depend on one another, up to `c199`");
}
