// Any bytes as one file of a project: its manifest, its Makefile, or the list of programs that it starts. Findings have
// fixes or reasons, and what is rewritten has no new errors. The first byte chooses the file.
#include <array>
#include <cstdlib>
#include <memory>

#include "lint/lint.hpp"
#include "lint/rule.hpp"
#include "rewrite/rewrite.hpp"

using namespace dockhew;

namespace {

struct Project {
  const char *dockerfile, *file;
  std::map<std::string, std::string> others;
};

const std::array<Project, 10>& projects() {
  static const std::map<std::string, std::string> node = {
      {"package.json", R"({"scripts": {"start": "node a.js"}})"}, {"package-lock.json", "{}"}, {"a.js", ""}};
  static const char* with_node =
      "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"npm\", \"start\"]\n";
  static const char* with_rust =
      "FROM rust:1.75\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD [\"./target/release/a\"]\n";
  static const std::array<Project, 10> all = {{
      {"FROM golang:1.22 AS b\nWORKDIR /s\nCOPY . .\nRUN make all X=1\nFROM debian:12\nCOPY --from=b /app /app\nCMD "
       "[\"/app\"]\n",
       "Makefile",
       {{"go.mod", "module a\n"}, {"main.go", "package main\n"}}},
      {"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"honcho\", \"start\"]\n",
       "Procfile",
       {{"requirements.txt", "a==1\n"}, {"run.sh", "#!/bin/sh\nexec python a.py\n"}}},
      {"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"supervisord\", \"-c\", "
       "\"/app/s.conf\"]\n",
       "s.conf",
       {{"requirements.txt", "a==1\n"}}},
      {"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"python\", \"a.py\"]\n",
       "requirements.txt",
       {{"a.py", "import b\n"}, {"b.py", ""}}},
      {with_rust, "Cargo.toml", {{"Cargo.lock", ""}, {"src/main.rs", ""}, {"a/Cargo.toml", "[package]\nname = 'b'\n"}}},
      {"FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn -B package\nCMD [\"java\", \"-jar\", "
       "\"target/a.jar\"]\n",
       "pom.xml",
       {{"src/main/java/A.java", ""}}},
      {with_node, "package.json", {{"package-lock.json", "{}"}, {"a.js", ""}, {"a/package.json", "{}"}}},
      {with_node, "a.js", node},
      {"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install poetry && poetry install\nCMD [\"python\", "
       "\"a.py\"]\n",
       "pyproject.toml",
       {{"poetry.lock", ""}, {"a.py", ""}}},
      {"FROM composer:2\nWORKDIR /app\nCOPY . .\nRUN composer install\nCMD [\"php\", \"a.php\"]\n",
       "composer.json",
       {{"composer.lock", "{}"}, {"a.php", ""}}},
  }};
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& project = projects()[data[0] % projects().size()];
  auto files = project.others;
  files[project.file] = std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  const BuildContext context(std::make_shared<MemoryFiles>(std::move(files)), {});
  for (const auto& finding : lint_file(Dockerfile(project.dockerfile, builtin_facts(), context), all_rules()))
    for (const auto& fix : finding.fixes)
      if (fix.edits.empty() == fix.declined.empty()) std::abort();
  const auto done =
      rewrite_file(project.dockerfile, builtin_facts(), context, optimizing_rules(), Applicability::unsafe);
  if (!parse_document(done.text).errors().empty()) std::abort();
  return 0;
}
