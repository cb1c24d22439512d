// Settings of the checks, and what may and may not be reported for a build that is not fully described.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "facts/image_reference.hpp"
#include "lint/buildkit_checks.hpp"
#include "lint/check_options.hpp"
#include "lint/lint.hpp"
#include "lint/secrets.hpp"
#include "lint/silencing.hpp"
#include "lint/user_rules.hpp"
#include "model/mount_options.hpp"
#include "model/platform.hpp"
#include "model/port.hpp"
#include "report/text.hpp"
#include "syntax/comments.hpp"
#include "syntax/csv.hpp"
#include "syntax/parser_directive.hpp"
#include "text/uri.hpp"

using namespace dockhew;

namespace {

std::string rules_of(std::string text, const std::optional<std::string>& directive = std::nullopt) {
  std::string names;
  const auto facts = builtin_facts();
  for (const auto& finding : lint_file(Dockerfile(std::move(text), facts, {}),
                                       LintSettings{.rules = buildkit_rules(), .check_directive = directive}))
    names += std::string(finding.rule->id) + (finding.severity == Severity::error ? "! " : " ");
  return names;
}

}  // namespace

TEST_CASE("patterns of a user's rules") {
  const auto finds = [](const std::string& pattern, const std::string& run, const std::string& replacement = "x") {
    std::vector<std::unique_ptr<UserRule>> rules;
    UserRuleText text;
    text.id = "a";
    text.message = "m";
    text.command = pattern;
    text.replacement = replacement;
    rules.push_back(make_user_rule(text).rule);
    std::string titles;
    for (const auto& finding : find_user_rules(Dockerfile("FROM a\nRUN " + run + "\n", builtin_facts(), {}), rules))
      titles += (titles.empty() ? "" : "; ") + finding.fixes[0].title;
    return titles;
  };
  CHECK(finds("curl ...", "curl a && /bin/curl && wget b && curl", "...") == "write `a`; write ``; write ``");
  CHECK(finds("curl ... -o ... b", "curl -o 1 -o 2 b", "...") == "write `1 -o 2`");
  CHECK(finds("c*l a", "curl a; cl a; curl b") == "write `x`; write `x`");
  CHECK(finds("$X a", "curl a; wget a; wget b", "$X") == "write `curl`; write `wget`");
  CHECK(finds("... a", "a; b a; c", "...") == "write ``; write `b`");
  CHECK(finds("curl ... | sh", "curl a | sh; curl b; sh", "...") == "write `a`");
  // The second `$X` decides how much the first `...` takes.
  CHECK(finds("a ... $X ... $X b", "a 1 2 3 2 b", "$X") == "write `2`");
  CHECK(finds("a ... $X ... $X b", "a 1 2 3 4 b").empty());
  CHECK(finds("a $X | b $X", "a 1 | b 1; a 1 | b 2", "$X") == "write `1`");
  // Of several `...` the first take as little as they can, however often they stand there.
  std::string dots, words;
  for (int i = 0; i < 40; ++i) dots += " ... b", words += " b c";
  CHECK(finds("a" + dots, "a" + words + " b") == "write `x`");
  CHECK(finds("a" + dots + " x", "a" + words + words).empty());
}

TEST_CASE("check options") {
  const auto options = parse_check_options("skip=A, B;error=TRUE;experimental=all");
  CHECK(options.skips("A"));
  CHECK(options.skips("B"));
  CHECK_FALSE(options.skips("C"));
  CHECK(options.fail);
  CHECK(options.tries("anything"));
  CHECK_FALSE(parse_check_options("error=0").fail);
  CHECK(
      parse_check_options("error=yes").error ==
      "failed to parse check options: failed to parse check option \"error=yes\": strconv.ParseBool: parsing \"yes\": "
      "invalid syntax");
  CHECK(parse_check_options("").error == "failed to parse check options: invalid check option \"\"");
  CHECK(check_options_of_comment("check = skip=A rest").skips("A"));
  CHECK_FALSE(check_options_of_comment("checks=skip=A").skips("A"));
}

TEST_CASE("the settings in a file reach the rules by BuildKit's names, and the caller's replace them") {
  const std::string text = "# check=skip=MaintainerDeprecated;error=true\nFROM scratch\nMAINTAINER a\nENV a b\n";
  CHECK(rules_of(text) == "legacy-key-value! ");
  CHECK(rules_of(text, "skip=all") == "");
  CHECK(rules_of(text, "skip=LegacyKeyValueFormat") == "maintainer-instruction ");
  CHECK(rules_of("# check=loud\nFROM scratch\n") == "conversion-error! ");
  CHECK(rules_of("FROM scratch\n# check=skip=LegacyKeyValueFormat\nENV a b\nENV c d\n") == "legacy-key-value ");
}

TEST_CASE("what build arguments may set is not wrong") {
  CHECK(rules_of("ARG BASE\nFROM $BASE\n") == "invalid-default-base-image ");
  CHECK(rules_of("FROM private\nARG V=\nENV W=\"${V:?give it}\" X=$ANY\n") == "");
  CHECK(rules_of("FROM scratch\nENV W=\"${V:?give it}\"\n") == "conversion-error! undefined-variable ");
}

TEST_CASE("comments of instructions") {
  const auto document =
      parse_document("# syntax=a\n# one\n\n#two \nFROM a\n#\n  # three\nRUN a \\\n# inside\nb\n# gone\n#\nCMD c\n");
  const auto comments = instruction_comments(document);
  REQUIRE(comments.size() == 3);
  CHECK(comments[0] == std::vector<std::string_view>{"one", "two"});
  CHECK(comments[1] == std::vector<std::string_view>{"# three"});
  CHECK(comments[2].empty());
}

TEST_CASE("parser directives") {
  CHECK(find_parser_directive("# escape=`\n#check = skip=all x\nFROM a\n", "check")->value == "skip=all");
  CHECK_FALSE(find_parser_directive("# hello\n# check=skip=all\n", "check"));
  CHECK(find_syntax("//syntax=a b\n")->whole == "a b");
  CHECK(find_syntax("{\"syntax\": \"x\"}")->value == "x");
}

TEST_CASE("one record of comma-separated values") {
  CHECK(split_csv("a,\"b,c\",\"d\"\"e\"").fields == std::vector<std::string>{"a", "b,c", "d\"e"});
  CHECK(split_csv("a\"b").error == "parse error on line 1, column 2: bare \" in non-quoted-field");
  CHECK(split_csv("\"a").error.ends_with("extraneous or missing \" in quoted-field"));
}

TEST_CASE("platforms, ports and image names") {
  CHECK(parse_platform("linux/x86_64").architecture == "amd64");
  CHECK(parse_platform("windows(10.0.17763)/amd64").os == "windows");
  CHECK(parse_platform("arm64").os == "linux");
  CHECK_FALSE(parse_platform("a/b/c/d/e").error.empty());
  CHECK_FALSE(parse_platform("*").error.empty());
  CHECK(parse_port("[::1]:80:90-91/udp").last == 91);
  CHECK(parse_port("80:90-91").error.starts_with("invalid ranges"));
  CHECK(parse_port(":80").error.empty());
  CHECK(image_reference_error("localhost:5000/a/b:1").empty());
  CHECK(image_reference_error("a@sha256:" + std::string(40, 'a')) == "invalid checksum digest length");
  CHECK_FALSE(image_reference_error("").empty());
  CHECK_FALSE(image_reference_error("a b").empty());
}

// The tokens are assembled here, so that no scanner mistakes this file for a leak.
TEST_CASE("tokens with a known prefix are found, and placeholders are not") {
  const std::string github = fmt::format("gh{}", "p_a8Kd93jLmQ02xZpWv7RtYb5NcE1HsUfG4iTo");
  const std::string aws = fmt::format("AK{}", "IAQ3EGRZ7P5KXW2NLM");
  const auto found = [](const std::string& text) {
    std::string spans;
    for (const auto& secret : find_secrets(text)) spans += std::string(slice(text, secret.span)) + ';';
    return spans;
  };
  CHECK(found(fmt::format("ENV A={} B={}", github, aws)) == fmt::format("{};{};", github, aws));
  CHECK(found(fmt::format("x{}", github)).empty());
  CHECK(found(fmt::format("ENV A={}", github.substr(0, 30))).empty());
  CHECK(found("RUN x https://u:pa55word@h/ ftp://u:$P@h https://u:your-password@h") == "pa55word;");
  CHECK(found("RUN x\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END").size() > 30);
  CHECK(found("").empty());
}

TEST_CASE("no report repeats a secret") {
  FileResult result;
  result.path = "Dockerfile";
  result.file = std::make_shared<const Dockerfile>("FROM debian:12\nRUN curl https://u:pa55word@h/x | sh && sudo x\n",
                                                   builtin_facts(), BuildContext{});
  result.findings = lint_file(*result.file, all_rules());
  const auto text = format_text(result, Colours::none());
  CHECK(text.find("secret-in-text") != text.npos);
  CHECK(text.find("https://u:********@h/x | sh") != text.npos);
  CHECK(text.find("pa55word") == text.npos);
}

TEST_CASE("a comment silences the finding for which it is written") {
  const auto silenced = [](const std::string& text, auto write) {
    const auto source = "FROM debian:12\n" + text;
    const Dockerfile file(source, builtin_facts(), {});
    for (const auto& finding : lint_file(file, all_rules()))
      if (finding.rule->id == "sudo-in-run") return apply_edits(source, {*write(file, finding)}).substr(15);
    return std::string("nothing found");
  };
  CHECK(silenced("RUN sudo ls\n", silence_here) == "# dockhew ignore=sudo-in-run\nRUN sudo ls\n");
  CHECK(silenced("RUN ls && \\\n    sudo ls\n", silence_here) ==
        "RUN ls && \\\n    # dockhew ignore=sudo-in-run\n    sudo ls\n");
  CHECK(silenced("RUN <<EOF\nsudo ls\nEOF\n", silence_here) ==
        "# dockhew ignore=sudo-in-run\nRUN <<EOF\nsudo ls\nEOF\n");
  CHECK(silenced("RUN sudo ls", silence_in_file).ends_with("RUN sudo ls"));
}

TEST_CASE("every option that is proposed for a mount is one that it takes") {
  for (const auto& type : mount_types())
    for (const auto& option : mount_options(type.name)) {
      const auto text = std::string(option.name);
      const auto value = text == "sharing" ? "locked" : text == "required" || text == "readonly" ? "true" : "1";
      const auto flag = "type=" + std::string(type.name) + ",target=/x,id=a," + text + "=" + value;
      const auto mount = read_mount({.name = "mount", .value = flag, .has_value = true, .span = {}}, Value::known("/"),
                                    [](std::string_view word) { return Value::known(std::string(word)); });
      const bool known = mount.error.empty() || mount.error.starts_with("both source and id");
      CHECK_MESSAGE(known, flag << ": " << mount.error);
    }
}

TEST_CASE("paths in URIs") {
  CHECK(percent_encoded("/a b/\xC3\xA9#") == "/a%20b/%C3%A9%23");
  CHECK(percent_decoded("/a%20b/%c3%a9%23%2") == "/a b/\xC3\xA9#%2");
}
