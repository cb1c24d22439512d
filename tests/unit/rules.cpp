#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "lint/lint.hpp"
#include "rewrite/rewrite.hpp"

using namespace dockhew;

TEST_CASE("the catalogue is sorted, and names are unique except for codes shared by several rules") {
  std::set<std::string_view> names;
  std::string_view previous;
  for (const auto* rule : all_rules()) {
    CHECK(previous < rule->id);
    previous = rule->id;
    CHECK(names.insert(rule->id).second);
    for (const auto alias : rule->aliases)
      if (!alias.empty() && !alias.starts_with("DL") && !alias.starts_with("SC")) CHECK(names.insert(alias).second);
    CHECK_FALSE(rule->summary.empty());
    CHECK_FALSE(rule->rationale.empty());
    CHECK_FALSE(rule->summary.ends_with('.'));
    CHECK(((rule->check != nullptr) != (rule->check_builds != nullptr)));
  }
}

TEST_CASE("rules are found by id and alias, and misspelt names get a suggestion") {
  CHECK(find_rule("lost-cache-artifact") != nullptr);
  CHECK(find_rule("dl3006")->id == "unpinned-base-image");
  CHECK(find_rule("nonsense") == nullptr);
  CHECK(suggest_rule("lost-cache-artefact") == "lost-cache-artifact");
  CHECK(suggest_rule("zzzzzzzz").empty());
}

TEST_CASE("a mount takes the place of a COPY that a RUN removes, unless something may write into the context") {
  const auto fix = [](const std::string& run, std::size_t size) -> std::string {
    const std::map<std::string, std::string> files = {{"pkg/data.bin", std::string(size, 'x')}};
    const BuildContext context(std::make_shared<MemoryFiles>(files), {});
    const Dockerfile file("FROM python:3.12-slim\nCOPY pkg /tmp/pkg\nRUN " + run + " && rm -rf /tmp/pkg\n",
                          builtin_facts(), context);
    for (const auto& finding : lint_file(file, default_rules()))
      if (finding.rule->id == "copy-removed-later")
        return finding.fixes.at(0).declined.empty() ? "a fix" : finding.fixes.at(0).declined;
    return "silent";
  };
  constexpr std::size_t large = std::size_t{2} << 20U;
  CHECK(fix("cp /tmp/pkg/data.bin /usr/share/", 10) == "silent");
  CHECK(fix("cp /tmp/pkg/data.bin /usr/share/", large) == "a fix");
  CHECK(fix("pip install /tmp/pkg", large).starts_with("`pip install /tmp/pkg` may write there"));
  CHECK(fix("touch /tmp/pkg/x", large).starts_with("`touch /tmp/pkg/x` may write there"));
}

TEST_CASE("an image that a Compose file starts is one to ship") {
  const auto reason = [](std::vector<ContainerStart> starts, std::string text) -> std::string {
    ContextOrigin origin;
    origin.starts = std::move(starts);
    const BuildContext context(std::make_shared<MemoryFiles>(std::map<std::string, std::string>{{"a.py", ""}}), {},
                               std::move(origin));
    const Dockerfile file(std::move(text), builtin_facts(), context);
    for (const auto& finding : lint_file(file, default_rules()))
      if (finding.rule->id == "build-tools-in-final-image")
        return finding.fixes.at(0).declined.empty() ? "a fix" : finding.fixes.at(0).declined;
    return "silent";
  };
  const std::string python = "FROM python:3.12\nRUN pip install a==1\nCOPY a.py /a.py\n";
  CHECK(reason({{"python /a.py", "compose.yaml:3"}}, python) == "a fix");
  CHECK(reason({{"", "compose.yaml:3"}}, python) == "silent");
  CHECK(reason({}, python) == "silent");
  // Of a compiled program nothing else says where it is.
  const std::string go = "FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN go build -o /a .\n";
  CHECK(reason({{"/a", "compose.yaml:3"}}, go) == "only `compose.yaml:3` says what the image runs; add a CMD");
}

TEST_CASE("comments silence findings") {
  const auto count = [](std::string text) {
    const auto findings = lint_file(Dockerfile(std::move(text), builtin_facts(), {}), default_rules());
    return std::ranges::count_if(findings, [](const Finding& f) { return f.rule->id != "unused-suppression"; });
  };
  CHECK(count("FROM debian\n") == 1);
  CHECK(count("# dockhew ignore=unpinned-base-image: chosen on purpose\nFROM debian\n") == 0);
  CHECK(count("# hadolint ignore=DL3006\nFROM debian\n") == 0);
  CHECK(count("# hadolint ignore=DL3007\nFROM debian\n") == 1);
  CHECK(count("FROM debian\n# hadolint global ignore=DL3006,DL3008\n") == 0);
  CHECK(count("# dockhew ignore=unpinned-base-image\nFROM debian:1 AS a\nFROM debian\n") == 1);
  CHECK(count("FROM debian:1 AS a\n# hadolint stage ignore=DL3028\nFROM debian:1\nRUN gem install x\n") == 0);
  CHECK(count("# hadolint stage ignore=DL3028\nFROM debian:1 AS a\nFROM debian:1\nRUN gem install x\n") == 1);
}

TEST_CASE("a comment inside a RUN silences its next line") {
  const std::string run = "FROM debian:12\nRUN gem install a:1 && \\\n  # dockhew ignore=DL3028: any\n";
  const auto names = [](const std::string& text) {
    std::string out;
    for (const auto& f : lint_file(Dockerfile(text, builtin_facts(), {}), default_rules()))
      if (f.rule->id != "missing-cache-mount") out += std::string(f.rule->id) + ' ';
    return out;
  };
  CHECK(names(run + "  gem install b\n").empty());
  CHECK(names(run + "  # why\n  gem install b\n").empty());
  CHECK(names(run + "  true && \\\n  gem install b\n") == "unused-suppression unpinned-package ");
}

TEST_CASE("codes select single findings of a rule") {
  const Dockerfile file("FROM debian:12\nRUN npm install -g a && pip install b\n", builtin_facts(), {});
  const auto codes = [&](LintSettings settings) {
    settings.rules = {find_rule("unpinned-package")};
    std::string out;
    for (const auto& f : lint_file(file, settings))
      out += f.aliases.at(0) + ':' + std::string(to_string(f.severity)) + ' ';
    return out;
  };
  CHECK(codes({}) == "DL3016:warning DL3013:warning ");
  CHECK(codes({.ignore = {"dl3016"}}) == "DL3013:warning ");
  CHECK(codes({.only = {"DL3016"}}) == "DL3016:warning ");
  CHECK(codes({.severities = {{"unpinned-package", Severity::error}, {"DL3016", Severity::off}}}) == "DL3013:error ");
}

TEST_CASE("a severity may be set by a former id of its rule") {
  const Dockerfile file(
      "FROM node:22 AS builder\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n"
      "RUN npm run build\nRUN npm prune --omit=dev\nFROM node:22-slim\nCOPY --from=builder /app /app\n",
      builtin_facts(), {});
  const auto severity = [&](std::map<std::string, Severity> severities) {
    LintSettings settings{.severities = std::move(severities)};
    settings.rules = {find_rule("prune-after-build")};
    const auto findings = lint_file(file, settings);
    return findings.empty() ? Severity::off : findings[0].severity;
  };
  CHECK(severity({}) == Severity::info);
  CHECK(severity({{"prune-behind-build", Severity::error}}) == Severity::error);
  CHECK(severity({{"prune-behind-build", Severity::off}}) == Severity::off);
  CHECK(severity({{"prune-behind-build", Severity::off}, {"prune-after-build", Severity::error}}) == Severity::error);
}

TEST_CASE("a syntax error is a finding, and the rest is linted") {
  const auto findings = lint_file(Dockerfile("FROM debian\nFOO\n", builtin_facts(), {}), default_rules());
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].rule->id == "unpinned-base-image");
  CHECK(findings[1].rule->id == "instruction-error");
  CHECK(findings[1].severity == Severity::error);
}

TEST_CASE("a fix below the wanted applicability is not taken") {
  const std::string text = "FROM python:3.12\nRUN pip install a==1\nCMD [\"x\"]\n";
  const auto safe = rewrite_file(text, builtin_facts(), {}, optimizing_rules(), Applicability::safe);
  CHECK(safe.text.find("--mount") != std::string::npos);
  CHECK(safe.text.find("AS builder") == std::string::npos);
  const auto unknown = rewrite_file("FROM private\nRUN pip install a==1\n", builtin_facts(), {}, optimizing_rules(),
                                    Applicability::safe);
  CHECK(unknown.applied.empty());
}

TEST_CASE("without fixes the text comes back as it was") {
  for (const std::string text : {"", "FROM a:1", "FOO\n", "FROM a:1\r\nRUN x \\\r\n  y\r\n"})
    CHECK(rewrite_file(text, builtin_facts(), {}, optimizing_rules(), Applicability::unsafe).text == text);
}
