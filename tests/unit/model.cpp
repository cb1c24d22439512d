#include <doctest/doctest.h>

#include "buildkit/image_configuration.hpp"
#include "caches/cache_directories.hpp"
#include "flow/lost_artifacts.hpp"
#include "layers/cost.hpp"
#include "model/dockerfile.hpp"
#include "model/tool_use.hpp"

using namespace dockhew;

namespace {

Dockerfile model_of(std::string text, std::map<std::string, std::string> files = {}, std::string_view ignore = "") {
  if (files.empty()) return {std::move(text), builtin_facts(), {}};
  return {std::move(text), builtin_facts(),
          BuildContext(std::make_shared<MemoryFiles>(std::move(files)), IgnorePatterns::parse(ignore))};
}

const Step& last_step(const Dockerfile& file) { return file.final_stage().steps.back(); }

}  // namespace

TEST_CASE("image references") {
  const auto reference = parse_image_reference("ghcr.io/a/b:1.2@sha256:00");
  CHECK(reference.registry == "ghcr.io");
  CHECK(reference.repository == "a/b");
  CHECK(reference.tag == "1.2");
  CHECK(reference.digest == "sha256:00");
  CHECK(parse_image_reference("docker.io/library/rust").name() == "rust");
  CHECK(parse_image_reference("localhost:5000/x").tag.empty());
}

TEST_CASE("what a tag says about an image") {
  const auto facts = [](const char* text) { return *builtin_facts().image(parse_image_reference(text)); };
  CHECK(facts("rust:1.81").release == "bookworm");
  CHECK(facts("rust:1.70").release == "bullseye");  // the history of Docker's list of official images
  CHECK(facts("rust:1.54").release == "buster");
  CHECK(facts("rust:1.51-slim").release == "buster");
  CHECK(facts("golang:1.20").release == "bookworm");
  CHECK(facts("golang:1.20.4").release == "bullseye");
  CHECK(facts("golang:1.23").release == "bookworm");
  CHECK(facts("golang:1.20.14").release == "bookworm");
  CHECK(facts("golang:1.18.3").release == "bullseye");
  CHECK(facts("golang:1.16.2").release == "buster");
  CHECK(facts("golang:1.15").release == "buster");
  CHECK(facts("python:3.6.5").release == "stretch");
  CHECK(facts("ruby:2.3.3").release == "jessie");
  CHECK(facts("nginx:1.17").release == "buster");
  CHECK(facts("node:10").release == "stretch");  // which was built for the last time in 2021
  CHECK(facts("node:8.9.4").release == "jessie");
  CHECK(facts("postgres:12.0").release == "buster");
  CHECK(facts("node:22").release.empty());
  CHECK(facts("node:22-slim").oldest_release == "bookworm");
  CHECK(facts("node:lts").oldest_release == "bookworm");
  CHECK(facts("node").oldest_release == "trixie");
  CHECK(facts("node:18").release == "bookworm");
  CHECK(facts("python:3.12-slim").oldest_release == "trixie");
  CHECK(facts("python:3.12-slim").release.empty());
  CHECK(facts("python:3.12.4").release == "bookworm");
  CHECK(facts("python:3.12.4").oldest_release.empty());
  CHECK(facts("python:3.99").oldest_release.empty());
  CHECK(facts("python:3.12-alpine").oldest_release.empty());
  CHECK(facts("debian:12.5-slim").release == "bookworm");
  CHECK(facts("debian:stable-slim").oldest_release == "trixie");
  CHECK(facts("debian:stable-slim").release.empty());
  CHECK(facts("mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-ltsc2022").windows);
  CHECK(facts("ubuntu:disco").release == "disco");
  CHECK(facts("rust:1").release.empty());
  CHECK(facts("rust:1.81-slim-bullseye").release == "bullseye");
  CHECK(facts("golang:1.22-alpine3.20").distribution == "alpine");
  CHECK(facts("golang:1.22-alpine3.20").release == "3.20");
  CHECK(facts("node:20-slim").slim);
  CHECK_FALSE(facts("node:20-slim").compilers);
  CHECK(facts("node:20").compilers);
  CHECK(facts("debian:bookworm-slim").release == "bookworm");
  CHECK(facts("eclipse-temurin:21-jdk-jammy").distribution == "ubuntu");
  CHECK(facts("eclipse-temurin:21-jdk-ubi9-minimal").distribution == "redhat");
  CHECK(facts("maven:3.9-eclipse-temurin-17-alpine").distribution == "alpine");
  CHECK(facts("openjdk:17").distribution.empty());
  CHECK(facts("gradle:jdk17").entry->language == "java");
  // Its older images did not run as root.
  CHECK_FALSE(builtin_facts().image(parse_image_reference("gradle:4.10-jdk8")));
  CHECK_FALSE(builtin_facts().image(parse_image_reference("mycompany/base:1")));
}

TEST_CASE("variables are known, unknown or undefined") {
  const auto known = model_of("ARG T=1\nFROM debian:$T\nARG A=x\nENV B=$A-$C\nRUN true\n");
  const auto& stage = known.final_stage();
  CHECK(stage.base.is("debian:1"));
  CHECK(known.lookup(stage, last_step(known), "B").is("x-"));
  CHECK(known.lookup(stage, last_step(known), "NONE").state == Value::State::undefined);
  const auto unknown = model_of("FROM private/base\nARG GIVEN\nRUN true\n");
  CHECK(unknown.lookup(unknown.final_stage(), last_step(unknown), "NONE").is_unknown());
  CHECK(unknown.lookup(unknown.final_stage(), last_step(unknown), "GIVEN").is_unknown());
  CHECK(unknown.final_stage().user.is_unknown());
}

TEST_CASE("the last of ARG and ENV wins") {
  const auto file = model_of("FROM debian:12\nENV X=a\nARG X=b\nRUN true\n");
  CHECK(file.lookup(file.final_stage(), last_step(file), "X").is("b"));
}

TEST_CASE("stages inherit") {
  const auto file =
      model_of("FROM node:20 AS Base\nWORKDIR /app\nENV A=1\nUSER node\nFROM base\nWORKDIR sub\nRUN true\n");
  const auto& stage = file.final_stage();
  REQUIRE(stage.parent);
  CHECK(stage.user.is("node"));
  CHECK(last_step(file).workdir.is("/app/sub"));
  CHECK(file.lookup(stage, last_step(file), "A").is("1"));
  CHECK(file.home(stage, last_step(file)).is("/home/node"));
  CHECK(file.ships(file.stages()[0]));
}

TEST_CASE("wrappers are removed from commands") {
  const auto file =
      model_of("FROM debian:12\nRUN sudo -E env A=1 apt-get -y install x && cd /a && exec sh -c 'pip3.11 install y'\n");
  const auto& uses = last_step(file).script->uses;
  REQUIRE(uses.size() == 2);
  CHECK(uses[0].tool->id == "apt");
  CHECK(uses[0].action->kind == ActionKind::install);
  CHECK(uses[1].tool->id == "pip");
  CHECK(uses[1].command->nested);
  CHECK(uses[1].command->directory.is("/a"));
}

TEST_CASE("operands are neither options nor their values") {
  const auto file = model_of("FROM debian:12\nRUN pip install -i https://x a==1 --no-cache-dir -r r.txt b\n");
  const auto& uses = last_step(file).script->uses;
  REQUIRE(uses.size() == 1);
  REQUIRE(uses[0].operands.size() == 2);
  CHECK(uses[0].command->words[uses[0].operands[1]].text() == "b");
  REQUIRE(uses[0].manifests.size() == 1);
  CHECK(uses[0].command->words[uses[0].manifests[0]].text() == "r.txt");
}

TEST_CASE("cache directories follow user, HOME and variables") {
  const auto directory = [](std::string text) {
    const auto file = model_of(std::move(text));
    const auto& uses = last_step(file).script->uses;
    const auto found = cache_directories({file, file.final_stage(), last_step(file)}, uses.at(0));
    return found.at(0).path.is_known() ? found[0].path.text : std::string("unknown");
  };
  CHECK(directory("FROM python:3.12\nRUN pip install x\n") == "/root/.cache/pip");
  CHECK(directory("FROM python:3.12\nENV PIP_CACHE_DIR=/c\nRUN pip install x\n") == "/c");
  CHECK(directory("FROM python:3.12\nRUN XDG_CACHE_HOME=/x pip install x\n") == "/x/pip");
  CHECK(directory("FROM node:20\nUSER node\nRUN npm ci\n") == "/home/node/.npm");
  CHECK(directory("FROM node:20\nUSER stranger\nRUN npm ci\n") == "unknown");
  CHECK(directory("FROM rust:1.81\nRUN cargo build\n") == "/usr/local/cargo/registry");
  CHECK(directory("FROM golang:1.22\nENV GOPATH=/g\nRUN go build\n") == "/g/pkg/mod");
}

TEST_CASE("an artifact under a mount is lost unless it is copied out or the reader has the mount") {
  const std::string build =
      "FROM rust:1.81 AS b\nWORKDIR /app\nRUN --mount=type=cache,target=/app/target cargo build --release";
  CHECK(find_lost_artifacts(model_of(build + "\nFROM debian:12\nCOPY --from=b /app/target/release/x /x\n")).size() ==
        1);
  CHECK(find_lost_artifacts(model_of(build + " && cp target/release/x /x\nFROM debian:12\nCOPY --from=b /x /x\n"))
            .empty());
  CHECK(find_lost_artifacts(model_of(build + "\nRUN --mount=type=cache,target=/app/target cp target/release/x /x\n"))
            .empty());
  CHECK(find_lost_artifacts(model_of(build + "\nRUN cp target/release/x /x\n")).size() == 1);
  CHECK(find_lost_artifacts(model_of(build + "\nCMD [\"/app/target/release/x\"]\n")).size() == 1);
}

TEST_CASE("the configuration is that of the whole chain of stages") {
  const auto file = model_of("FROM debian:12 AS a\nENV A=1\nCMD [\"x\"]\nFROM a\nENTRYPOINT [\"y\"]\nLABEL l=$A\n");
  const auto configuration = final_configuration(file);
  CHECK(configuration.base == "debian:12");
  CHECK(configuration.environment.at("A") == "=1");
  CHECK(configuration.labels.at("l") == "=1");
  CHECK(configuration.command.empty());
  CHECK(differences(configuration, configuration, false).empty());
}

TEST_CASE("manifests first costs less when the source changes and never more") {
  const auto late = scenario_costs(model_of("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"));
  const auto first =
      scenario_costs(model_of("FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n"));
  CHECK(first[2] < late[2] / 5);
  CHECK(late[1] == 0);
  CHECK(first[0] < late[0] + 1);
}

TEST_CASE("what is copied from another stage counts by its contents") {
  const auto changed = [](const std::string& between, const std::string& copy) -> bool {
    const auto file = model_of("FROM rust:1.83 AS a\nWORKDIR /app\nRUN cargo install cargo-chef\nCOPY . .\n" + between +
                            "\nFROM rust:1.83\nWORKDIR /app\n" + copy + "\nRUN cargo chef cook\n");
    return changed_by_source(file)[1][1];
  };
  CHECK_FALSE(changed("RUN cargo chef prepare", "COPY --from=a /app/recipe.json ./"));
  CHECK_FALSE(changed("RUN cargo chef prepare --recipe-path /r.json", "COPY --from=a /r.json recipe.json"));
  CHECK(changed("RUN cargo chef prepare --recipe-path /r.json", "COPY --from=a /app/recipe.json ./"));
  CHECK(changed("RUN cargo chef prepare && date >> recipe.json", "COPY --from=a /app/recipe.json ./"));
  CHECK(changed("RUN cargo chef prepare\nRUN ./adjust.sh", "COPY --from=a /app/recipe.json ./"));
  CHECK_FALSE(changed("RUN cargo build --release", "COPY --from=a /usr/local/cargo/bin/cargo-chef /usr/bin/"));
  CHECK(changed("RUN cargo build --release", "COPY --from=a /app/target/release/a /usr/bin/"));
  CHECK(changed("RUN cargo chef prepare", "COPY --from=a /app ./"));
}

TEST_CASE("a download into a mount does not count for a RUN without it") {
  const auto cost = [](const char* fetch, const char* build) {
    return scenario_costs(model_of(std::string("FROM golang:1.22\nWORKDIR /s\nCOPY go.mod ./\nRUN ") + fetch +
                                   "go mod download\nCOPY . .\nRUN " + build + "go build .\n"))[2];
  };
  const auto mounts = "--mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build ";
  CHECK(cost(mounts, "") > cost("", ""));
  CHECK(cost(mounts, mounts) < cost("", ""));
}

TEST_CASE(".dockerignore: the last pattern that matches decides") {
  const auto ignore = IgnorePatterns::parse("# c\n*.md\n!README.md\n/build\n**/node_modules\n");
  CHECK(ignore.excludes("a.md"));
  CHECK_FALSE(ignore.excludes("README.md"));
  CHECK(ignore.excludes("build/x"));
  CHECK(ignore.excludes("a/node_modules/b"));
  CHECK_FALSE(ignore.excludes("src/build"));
}

TEST_CASE("the build context hides what is ignored and never leaves its root") {
  const auto file = model_of("FROM a\n", {{"a/b.txt", "1"}, {"secret", "2"}}, "secret\n");
  CHECK(file.context().read("a/b.txt") == "1");
  CHECK_FALSE(file.context().read("secret"));
  CHECK(file.context().expand("../../a/*.txt") == std::vector<std::string>{"a/b.txt"});
}

TEST_CASE("broken tables give an error with a place") {
  CHECK(parse_facts({{"t.json", R"({"tools":[{"id":"x","comands":["x"]}]})"}}).error ==
        "t.json: tools[0]: unknown key \"comands\"");
  CHECK_FALSE(parse_facts({{"t.json", "{"}}).error.empty());
  CHECK(parse_facts({{"t.json", R"({"tools":[{"id":"x","commands":["x y"]}]})"}}).error.empty());
  CHECK(parse_facts({{"t.json", R"({"tools":[{"id":"x","commands":["x"],"actions":[{"kind":"biuld"}]}]})"}}).error ==
        "t.json: tools[0].actions[0].kind: unknown kind \"biuld\"");
  CHECK(parse_facts({{"t.json", R"({"images":[{"names":"x"}]})"}}).error == "t.json: images[0].names: unexpected type");
  CHECK(parse_facts({{"t.json", R"({"tools":[{"id":"x"}]})"}}).error == "t.json: tools[0]: needs an id and commands");
}

TEST_CASE("tables are added to the built-in ones") {
  Facts facts;
  {
    const std::string text = R"({
      "tools": [{"id": "yarn", "commands": ["yarn", "corepack yarn"]}, {"id": "zig", "commands": ["zig", "python -m zig"],
                 "actions": [{"kind": "fetch", "words": ["build", "--fetch"]}, {"kind": "build", "words": ["build"]}]}],
      "images": [{"names": ["debian"], "user": "app"}, {"names": ["zig"], "environment": {"B": "2", "A": "1"}}],
      "mirrors": ["registry.example/"], "plain_commands": ["frobnicate"], "needed_packages": {"pip": {"x": "libx1"}}})";
    auto result = parse_facts({{"t.json", text}}, builtin_facts());
    REQUIRE(result.error.empty());
    facts = result.facts;
  }
  const auto& builtin = builtin_facts();
  CHECK(facts.tools.size() == builtin.tools.size() + 1);
  CHECK(facts.tool("yarn") - facts.tools.data() == builtin.tool("yarn") - builtin.tools.data());
  CHECK(facts.tool("yarn")->caches.empty());
  CHECK(facts.image(parse_image_reference("registry.example/debian:12"))->entry->user == "app");
  CHECK(facts.image(parse_image_reference("zig"))->entry->environment.find("B")->second == "2");
  CHECK(facts.image(parse_image_reference("node:20"))->entry->language == "node");
  CHECK((facts.is_plain("frobnicate") && facts.is_plain("mkdir")));
  CHECK(facts.needed_packages.find("pip")->second.entries.size() ==
        builtin.needed_packages.find("pip")->second.entries.size() + 1);
  const Dockerfile file("FROM zig\nRUN corepack yarn add x && python3 -m zig build && corepack enable\n", facts, {});
  const auto& uses = last_step(file).script->uses;
  REQUIRE(uses.size() == 3);
  CHECK(uses[0].tool == facts.tool("yarn"));
  CHECK(uses[1].action->kind == ActionKind::build);
  CHECK(uses[2].tool->id == "corepack");
}
