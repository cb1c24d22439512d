#include <doctest/doctest.h>

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

}  // namespace
