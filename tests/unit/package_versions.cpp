#include <doctest/doctest.h>

#include "ecosystems/node/version_range.hpp"
#include "ecosystems/python/package_versions.hpp"

using namespace dockhew;

namespace {

std::string packages(std::string_view names, std::string_view python) {
  std::string text;
  for (const auto& package : packages_of_versions(builtin_facts(), names, python))
    text += (text.empty() ? "" : " ") + package;
  return text;
}

TEST_CASE("a version that is older than the first wheel for this Python is compiled") {
  const std::string libraries = "libxml2-dev libxslt1-dev";
  CHECK(packages("lxml==4.6.3", "3.11") == libraries);
  CHECK(packages("lxml==4.6.3", "3.9").empty());
  CHECK(packages("lxml[html]<4.9.1", "3.11.4") == libraries);
  CHECK(packages("lxml<=4.9.0", "3.11") == libraries);
  CHECK(packages("lxml<5,>=4", "3.11").empty());
  CHECK(packages("lxml~=4.6 # why", "3.12") == libraries);
  CHECK(packages("lxml>=4.6", "3.12").empty());
  CHECK(packages("lxml", "3.14").empty());
  CHECK(packages("lxml==5.2.1", "3.99") == libraries);
  CHECK(packages("name = \"lxml\"\nversion = \"4.6.3\"\n", "3.11") == libraries);
  CHECK(packages("name = \"lxml\"\nversion = \"5.0.0\"\n", "3.11").empty());
  CHECK(packages("python-lxml==1\nlxml-stubs==0.1\n# lxml==4.6.3", "3.11").empty());
  CHECK(packages("psycopg2_binary==2.9.3", "3.11") == "libpq-dev");
}

TEST_CASE("requirements that need what the slim image has not") {
  const auto obstacle = [](std::string_view names) {
    const auto found = obstacle_of_requirements(builtin_facts(), names, "python:3.11-slim");
    return found ? found->reason : "";
  };
  CHECK(obstacle("flask\n-e git+https://example.org/a#egg=a").starts_with("the requirements say `-e git"));
  CHECK(obstacle("pystan==3.9").starts_with("`pystan` compiles code with g++"));
  CHECK(obstacle("# pystan\nflask-e\npystan-utils==1").empty());
}

TEST_CASE("ranges of npm") {
  struct Row {
    std::string_view version, range;
    std::optional<bool> in;
  };
  for (const auto& row : {Row{"4.18.2", "^4.17.0", true},
                          Row{"4.16.9", "^4.17.0", false},
                          Row{"5.0.0", "^4.17.0", false},
                          Row{"0.2.5", "^0.2.3", true},
                          Row{"0.3.0", "^0.2.3", false},
                          Row{"0.0.4", "^0.0.3", false},
                          Row{"0.9.0", "^0", true},
                          Row{"1.2.9", "~1.2.3", true},
                          Row{"1.3.0", "~1.2.3", false},
                          Row{"1.9.0", "~1", true},
                          Row{"2.0.0", "~1", false},
                          Row{"1.5.0", "1.x", true},
                          Row{"1.5.0", "1", true},
                          Row{"1.5.0", "=1.5.0", true},
                          Row{"1.5.1", "v1.5.0", false},
                          Row{"9.0.0", ">=2.1", true},
                          Row{"2.0.0", ">=2.1", false},
                          Row{"2.0.0", "*", true},
                          Row{"2.0.0", "", true},
                          Row{"2.0.0", "latest", {}},
                          Row{"2.0.0", ">1 <3", {}},
                          Row{"2.0.0-rc.1", "^2.0.0", {}},
                          Row{"2.0.0", "^2.0.0-rc.1", {}},
                          Row{"2.0.0", "github:a/b", {}},
                          Row{"git+ssh://a", "^2.0.0", {}},
                          Row{"2.0", "^2.0.0", {}},
                          Row{"2.0.0", "1.2.3.4", {}},
                          Row{"2.0.0", "99999999999999", {}},
                          Row{"2.0.0", "^", {}}}) {
    CAPTURE(row.version);
    CAPTURE(row.range);
    CHECK(is_in_range(row.version, row.range) == row.in);
  }
}

}  // namespace
