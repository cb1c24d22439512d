// How the four scenarios are shown to people and programs.
#include <doctest/doctest.h>

#include <span>
#include <string>
#include <vector>

#include "lint/rule.hpp"
#include "report/downloads.hpp"
#include "report/layers.hpp"
#include "report/page.hpp"
#include "report/repeated.hpp"
#include "rewrite/unjudged.hpp"
#include "rewrite/user_lines.hpp"
#include "text/words.hpp"

using namespace dockhew;

namespace {

const Facts& tables() {
  static const Facts all = builtin_facts();
  return all;
}

Layers layers_for(const std::string& before, const std::string& after) {
  Layers layers;
  layers.path = "a<b/Dockerfile";
  layers.rewrite.text = after;
  layers.original = layers_of(std::make_shared<const Dockerfile>(before, tables(), BuildContext()));
  layers.optimized = layers_of(std::make_shared<const Dockerfile>(after, tables(), BuildContext()));
  return layers;
}

const char* naive = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci \\\n    # all of them\n    --no-audit\nENV A=1\n";
const char* better =
    "FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nENV "
    "A=1\n";

}  // namespace

TEST_CASE("each step of a file is shown with the scenarios in which it runs") {
  const auto layers = layers_for(naive, better);
  REQUIRE(layers.original.steps.size() == 3);  // ENV makes no layer
  CHECK(layers.original.steps[2].runs == std::array{true, false, true, true});
  REQUIRE(layers.optimized.steps.size() == 4);
  CHECK(layers.optimized.steps[2].runs == std::array{true, false, false, true});
  CHECK(layers.optimized.steps[3].runs == std::array{true, false, true, true});
  CHECK(layers.optimized.costs[2] < layers.original.costs[2] / 10);
}

TEST_CASE("the costs of the steps add up to those of the scenarios in a file of one stage") {
  const auto layers = layers_for(naive, better);
  for (const auto* side : {&layers.original, &layers.optimized})
    for (std::size_t i = 0; i < 4; ++i) {
      double sum = 0;
      for (const auto& step : side->steps) sum += step.costs[i];
      CHECK(sum == doctest::Approx(side->costs[i]));
    }
}

TEST_CASE("a step is shown on one line, without how its caches are mounted and without secrets") {
  const auto layers = layers_for(naive, better);
  const auto text_of = [](const LayersOfFile& layers, std::size_t step) {
    return step_text(*layers.file, LineIndex(layers.file->source()), layers.steps[step]).text;
  };
  CHECK(text_of(layers.original, 2) == "RUN npm ci --no-audit");
  CHECK(text_of(layers.optimized, 2) == "RUN npm ci");
  const auto secret = layers_for("FROM a\nRUN curl https://user:hunter2secret@example.org/x\n", "FROM a\n");
  CHECK(text_of(secret.original, 0).find("hunter2") == std::string::npos);
}

TEST_CASE("the page is whole and escaped, with and without measurements") {
  auto layers = layers_for(std::string(naive).append("# <script>\n"), better);
  for (const bool measured : {false, true}) {
    Verification verification;
    verification.builder = "x & y";
    verification.original[0].seconds = {3, 1, 2};
    verification.comparison.files.push_back({"/a<b>", "1 byte", ""});
    const auto page = format_page(layers, measured ? &verification : nullptr);
    CHECK(page.starts_with("<!doctype html>"));
    CHECK(page.ends_with("</html>\n"));
    CHECK(page.find("<script>") == std::string::npos);
    CHECK(page.find("a&lt;b/Dockerfile") != std::string::npos);
    CHECK((page.find("2.00 s") != std::string::npos) == measured);
    CHECK((page.find("not equivalent") != std::string::npos) == measured);
  }
}

TEST_CASE("what package managers print of their downloads") {
  CHECK(reported_download("#9 12.31 Fetched 9,120 kB in 1s (8,411 kB/s)") == 9120000);
  CHECK(reported_download("Need to get 46.4 MB/62.0 MB of archives.") == std::nullopt);  // repeated as "Fetched"
  CHECK(reported_download("Need to get 0 B/137 kB of archives.") == 0);
  CHECK(reported_download("  Downloading numpy-2.1.3-cp312.whl (16.0 MB)") == 16000000);
  CHECK(reported_download("  Using cached numpy-2.1.3-cp312.whl (16.0 MB)") == 0);
  CHECK(reported_download("  Downloaded 37 crates (3.2 MB) in 0.55s") == 3200000);
  CHECK(reported_download("Downloaded from central: https://example.com/a.jar (12 kB at 1.1 MB/s)") == 12000);
  CHECK(reported_download("Total download size: 62 M") == 62 * 1024 * 1024);
  CHECK(reported_download("Total Download Size:   1.50 MiB") == 1572864);
  CHECK(reported_download("Overall download size: 0 B. Already cached: 12.0 MiB.") == 0);
  for (const auto* line :
       {"", "Downloading crates ...", "Downloaded (unknown)", "Fetched nothing", "Downloading a (.,)",
        "Fetched 3 files", "Downloading from central: https://example.com/a.jar"})
    CHECK(reported_download(line) == std::nullopt);
}

TEST_CASE("medians, bytes and percentages as people write them") {
  CHECK(Measurement{.seconds = {3, 1, 2}}.median() == 2);
  CHECK(Measurement{.seconds = {4, 1}}.median() == 2.5);
  CHECK(Measurement{}.median() == 0);
  CHECK(readable_bytes(999) == "999 B");
  CHECK(readable_bytes(1500) == "1.5 kB");
  CHECK(readable_bytes(999999) == "1.0 MB");
  CHECK(readable_bytes(738000000) == "738 MB");
  CHECK(change_in_percent(0, 5) == 0);
  CHECK(change_in_percent(4, 1) == -75);
}

TEST_CASE("lines of a rewritten file are named as they are in the file that was given") {
  const std::string before = "FROM a\nRUN x\nCOPY . .\nRUN y\nRUN z\n";
  const UserLines same(before, before);
  CHECK(same.line_before(4) == 4);
  // A changed line, a moved one, a new one, and those below.
  const UserLines changed(before, "FROM a\nRUN --mount=type=cache,target=/c x\nCOPY . .\nRUN y\nRUN z\n");
  CHECK(changed.line_before(2) == 2);
  CHECK(changed.line_before(5) == 5);
  const UserLines moved(before, "FROM a\nRUN x\nRUN y\nRUN z\nCOPY . .\n");
  CHECK(moved.line_before(3) == 4);
  CHECK(moved.line_before(5) == 3);
  const UserLines added(before, "FROM a\nRUN x\nCOPY m .\nRUN i\nCOPY . .\nRUN y\nRUN z\n");
  CHECK(added.line_before(4) == 2);
  CHECK(added.line_before(5) == 3);
  CHECK(added.line_before(7) == 5);
}

TEST_CASE("what repeats is one group, unless its fix differs") {
  Finding finding;
  finding.rule = find_rule("missing-cache-mount");
  finding.message = "m";
  Fix fix;
  fix.title = "t";
  fix.applicability = Applicability::safe;
  fix.edits = {{{0, 0}, "x"}};
  finding.fixes.push_back(fix);
  auto declined = finding;
  declined.fixes[0].declined = "why";
  declined.fixes[0].edits.clear();
  const std::vector<Finding> findings = {finding, declined, finding, finding};
  const auto groups = group_repeated(findings);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].others.size() == 2);
  CHECK(groups[1].first == &findings[1]);
  CHECK(line_list({3}) == "line 3");
  CHECK(line_list({7, 3, 7}) == "lines 3 and 7");
  CHECK(line_list({7, 3, 12}) == "lines 3, 7 and 12");
  std::vector<std::uint32_t> many;
  for (std::uint32_t line = 1; line <= 21; ++line) many.push_back(line);
  CHECK(line_list(many).ends_with(", 19, 20 and 21"));
  many.push_back(22);
  CHECK(line_list(many).ends_with(", 19, 20 and 2 more"));
}

TEST_CASE("a command in a message ends with a word") {
  CHECK(first_words("go  build \t-o x", 60) == "go build -o x");
  CHECK(first_words("go build -ldflags '-s -w' ./cmd", 18) == "go build -ldflags …");
  CHECK(first_words("averyveryverylongword and more", 5) == "averyveryverylongword …");
}

TEST_CASE("names that a sentence lists") {
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  const auto listed = [&](std::size_t count, std::size_t most) {
    return list_quoted(std::span(names).first(count), most);
  };
  CHECK(listed(1, 3) == "`a`");
  CHECK(listed(2, 2) == "`a` and `b`");
  CHECK(listed(3, 3) == "`a`, `b` and `c`");
  CHECK(listed(4, 3) == "`a`, `b` and 2 more");
  CHECK(listed(3, 2) == "`a` and 2 more");
}

TEST_CASE("a name of its own in a text") {
  CHECK(find_name("curl", "curl", "") == 0);
  CHECK(find_name("libcurl4 curl-dev, curl", "curl", "-") == 19);
  CHECK(find_name("libcurl4 curl-dev, curl", "curl", "") == 9);
  CHECK(find_name("curl curl", "curl", "", 1) == 5);
  CHECK(find_name("curls acurl curl_", "curl", "_") == std::string_view::npos);
}

TEST_CASE("what no table knows is named, each RUN once") {
  const auto unjudged = [](const std::string& text) {
    std::string all;
    for (const auto& one : find_unjudged(Dockerfile(text, tables(), BuildContext())))
      all += std::to_string(one.line) + ' ' + one.sentence.substr(0, one.sentence.find(':')) + '\n';
    return all;
  };
  CHECK(unjudged("FROM debian:12\nRUN set -e; cd /x && apt-get update && mkdir a\nCOPY . .\n").empty());
  CHECK(unjudged("FROM debian:12\nRUN bazel build //a && bazel test //a\nRUN a; b; c; d; e; f\n") ==
        "2 `bazel` is not known\n3 `a`, `b`, `c` and 3 others are not known\n");
  CHECK(unjudged("FROM debian:12\nRUN $TOOL x\nRUN python3 <<EOF\nx\nEOF\n") ==
        "2 a command that a variable names is not known\n3 this script cannot be followed\n");
  CHECK(unjudged("FROM debian:12\nRUN apk add make && make build\nRUN meson setup o && ninja\nRUN ./a && make\n") ==
        "2 `make` runs what its own files say\n3 `meson` and `ninja` run what their own files say\n4 `./a` is not "
        "known\n");
  // It is not the interpreter that is not known.
  CHECK(unjudged("FROM debian:12\nRUN python3 manage.py migrate && php artisan cache\nRUN python -m build . && node -e "
                 "'a b'\n") ==
        "2 `python3 manage.py` and `php artisan` are not known\n3 `python -m build` and `node -e` are not known\n");
}
