// What the ecosystems and the tables say about caches.
#include <doctest/doctest.h>

#include "caches/cache_directories.hpp"
#include "caches/cache_hazards.hpp"
#include "caches/forgetful_commands.hpp"
#include "caches/mount_plan.hpp"
#include "caches/package_index.hpp"
#include "ecosystems/cargo/caches.hpp"
#include "ecosystems/dotnet/caches.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/node/caches.hpp"
#include "ecosystems/python/caches.hpp"
#include "ecosystems/ruby/caches.hpp"
#include "ecosystems/system/caches.hpp"

using namespace dockhew;

namespace {

using Files = std::map<std::string, std::string>;

// A file, and questions about one of its steps: the last one, unless another is asked for.
struct Case {
  Dockerfile file;

  explicit Case(std::string text, Files files = {}) : file(std::move(text), builtin_facts(), context_of(files)) {}
  static BuildContext context_of(const Files& files) {
    return files.empty() ? BuildContext() : BuildContext(std::make_shared<MemoryFiles>(files), {});
  }
  Site at(std::size_t step) const { return {file, file.final_stage(), file.final_stage().steps[step]}; }
  Site last() const { return at(file.final_stage().steps.size() - 1); }
};

const Tool& tool(std::string_view id) { return *builtin_facts().tool(id); }

// The reason why there must be no mount, or the ids of what is assumed; "-" when there is nothing.
std::string text_of(const Outcome<std::vector<Assumption>>& hazards) {
  if (!hazards) return hazards.reason();
  std::string text;
  for (const auto& assumption : *hazards) text += (text.empty() ? "" : " ") + assumption.id;
  return text.empty() ? "-" : text;
}

std::string hazards(const Site& site, std::string_view id) { return text_of(find_cache_hazards(site, tool(id))); }

// Where the last RUN's first tool keeps its caches.
std::string places(const std::string& text, Files files = {}) {
  const Case it(text, std::move(files));
  std::string result;
  for (const auto& directory : cache_directories(it.last(), it.last().uses()[0]))
    result += (result.empty() ? "" : " ") + (directory.path.is_known() ? directory.path.text : "?");
  return result;
}

}  // namespace

TEST_CASE("what a command does to the place of a cache") {
  CHECK(places("FROM python:3.12\nRUN pip install a\n") == "/root/.cache/pip");
  CHECK(places("FROM python:3.12\nRUN export PIP_CACHE_DIR=/c && pip install a\n") == "/c");
  CHECK(places("FROM python:3.12\nRUN PIP_CACHE_DIR=/c; pip install a\n") == "/root/.cache/pip");
  CHECK(places("FROM python:3.12\nRUN if a; then export PIP_CACHE_DIR=/c; fi; pip install a\n") == "?");
  CHECK(places("FROM python:3.12\nRUN pip install --cache-dir /c a\n") == "?");
  CHECK(places("FROM node:22\nRUN npm config set cache /c\nRUN npm ci\n") == "?");
  CHECK(places("FROM node:22\nRUN npm config get cache\nRUN npm ci\n") == "/root/.npm");
  CHECK(places("FROM python:3.12\nRUN poetry config cache-dir /c\nRUN poetry install\n") == "? ?");
  CHECK(places("FROM python:3.12\nRUN poetry config virtualenvs.create false\nRUN poetry install\n") ==
        "/root/.cache/pypoetry/cache /root/.cache/pypoetry/artifacts");
}

TEST_CASE("what Ruby's image decides") {
  const auto abi = [](const std::string& image) {
    const Case it("FROM " + image + "\n");
    return ruby_image_variable(it.file.final_stage(), "IMAGE_RUBY_ABI").value_or("?");
  };
  CHECK(abi("ruby:3.3.1-slim") == "3.3.0");
  CHECK(abi("ruby:3") == "?");
  CHECK(abi("debian:12") == "?");
  CHECK(places("FROM ruby:3.3\nENV BUNDLE_PATH=/b\nRUN bundle install\n") == "/b/ruby/3.3.0/cache");
  CHECK(places("FROM ruby:3.3\nRUN bundle config set path vendor && bundle install\n", {}).ends_with("?"));
}

TEST_CASE("what makes Yarn's cache no cache") {
  const std::string text = "FROM node:22\nCOPY . .\nRUN yarn install\n";
  const auto with = [&](Files files) {
    const Case it(text, std::move(files));
    return text_of(node_cache_hazards(it.last(), tool("yarn")));
  };
  CHECK(with({}) == "yarn-1");
  CHECK(with({{"package.json", "{}"}}) == "-");
  CHECK(with({{"package.json", R"({"packageManager": "yarn@1.22.0"})"}}) == "-");
  CHECK(with({{"package.json", R"({"packageManager": "yarn@3.6.0"})"}}).starts_with("Yarn is version 2"));
  const std::string four = R"({"packageManager": "yarn@4.1.0"})";
  CHECK(with({{"package.json", four}, {".yarnrc.yml", "nodeLinker: node-modules\n"}}) == "-");
  CHECK(with({{"package.json", four}, {".yarnrc.yml", ""}}).starts_with("Yarn creates no node_modules"));
  CHECK(with({{"package.json", "{}"}, {".yarnrc.yml", ""}}).starts_with("neither package.json nor .yarnrc.yml says"));
  const Case local("FROM node:22\nCOPY . .\nRUN export YARN_ENABLE_GLOBAL_CACHE=false && yarn install\n",
                   {{"package.json", four}, {".yarnrc.yml", "nodeLinker: node-modules\n"}});
  CHECK(hazards(local.last(), "yarn") == "`.yarnrc.yml` moves Yarn's cache elsewhere");
  const Case set("FROM node:22\nRUN yarn set version stable\nRUN yarn install\n");
  CHECK(hazards(set.last(), "yarn").starts_with("Yarn is version 2"));
}

TEST_CASE("what is linked into a cache") {
  const std::string links = "what is installed may consist of links into the cache";
  const auto of = [&](const std::string& run, std::string_view id, Files files = {}) {
    const Case it("FROM node:22\nRUN " + run + "\n", std::move(files));
    return hazards(it.last(), id) == links;
  };
  CHECK(of("pnpm add -g a", "pnpm"));
  CHECK(of("export npm_config_enable_global_virtual_store=true; pnpm install", "pnpm"));
  CHECK(of("pnpm install", "pnpm", {{".npmrc", "enable-global-virtual-store=true"}}));
  CHECK_FALSE(of("pnpm install", "pnpm"));
  CHECK(of("UV_LINK_MODE=symlink uv sync", "uv"));
  CHECK(of("uv sync --link-mode=symlink", "uv"));
  CHECK_FALSE(of("uv sync --link-mode=copy", "uv"));
  CHECK(of("bun install --backend=symlink", "bun"));
}

TEST_CASE("the indexes of system packages") {
  const Case apk("FROM alpine:3.20\nRUN apk add curl\n");
  CHECK(text_of(system_cache_hazards(apk.last(), tool("apk"))).starts_with("this RUN installs without `apk update`"));
  const Case updated("FROM alpine:3.20\nRUN apk add -U curl\n");
  CHECK(text_of(system_cache_hazards(updated.last(), tool("apk"))) == "one-platform");
  const Case later("FROM alpine:3.20\nRUN apk add -U curl\nRUN apk add git\n");
  CHECK(text_of(system_cache_hazards(later.at(0), tool("apk"))).starts_with("a later RUN of apk"));

  const Case suse("FROM opensuse/leap:15.6\nRUN zypper addrepo http://r r\nRUN zypper install -y curl\n");
  CHECK(text_of(system_cache_hazards(suse.last(), tool("zypper"))).starts_with("a repository is added"));
  const Case refreshed("FROM opensuse/leap:15.6\nRUN zypper refresh && zypper install -y curl\n");
  CHECK(text_of(system_cache_hazards(refreshed.last(), tool("zypper"))) == "-");

  const std::string_view lists = "/var/lib/apt/lists";
  const auto needed = [&](const std::string& runs) {
    const Case it("FROM debian:12\n" + runs);
    return needs_index_in_layer(it.at(0), tool("apt"), lists);
  };
  CHECK(needed("RUN apt-get install -y curl\n"));
  CHECK_FALSE(needed("RUN apt-get update && apt-get install -y curl\n"));
  CHECK(needed("RUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git\n"));
  CHECK_FALSE(needed("RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nRUN ./x\n"));
  CHECK_FALSE(needed("RUN apt-get update && apt-get install -y curl && apt-get dist-clean\nRUN ./x\n"));
  CHECK(needed("RUN apt-get update && apt-get install -y curl && apt-get clean\nRUN ./x\n"));
}

TEST_CASE("a command that deletes what it has installed") {
  const auto& apt = tool("apt");
  const auto options = [&](const std::string& text, const std::string& target = "/var/cache/apt") -> std::string {
    const Case it(text);
    const auto& site = it.last();
    for (const auto& use : site.uses()) {
      if (use.action->kind != ActionKind::install) continue;
      const auto part = forgetful_command(site, apt, *use.command, {target});
      return !part ? "none" : part->obstacle ? part->obstacle->reason : part->edits[0].text;
    }
    return "no installation";
  };
  const std::string kept = " -o Dir::Cache::Archives=kept";
  const std::string debian = "FROM debian:12\n", install = "RUN apt-get update && apt-get install -y curl\n";
  CHECK(options(debian + install) == kept);
  CHECK(options("FROM private\n" + install) == kept);
  CHECK(options(debian + "USER nobody\nRUN sudo apt-get install -y curl || exit 0\n") == kept);
  CHECK(options(debian + "RUN apt install -y curl\n") == kept + " -o APT::Keep-Downloaded-Packages=true");
  CHECK(options(debian + "RUN apt-get -o Dir::Cache::Archives=kept install -y curl\n") == "none");
  CHECK(options(debian + install, "/var/lib/apt/lists") == "none");
  CHECK(options("FROM fedora:40\n" + install) == "none");
  // The ways in which files set the hook aside.
  CHECK(options(debian + "RUN rm -f /etc/apt/apt.conf.d/docker-clean\n" + install) == "none");
  CHECK(options(debian + "RUN mv /etc/apt/apt.conf.d/docker-clean /etc/apt/ && apt-get install -y curl && mv "
                         "/etc/apt/docker-clean /etc/apt/apt.conf.d/docker-clean\n") == "none");
  CHECK(options(debian + "RUN apt-get install -d curl && dpkg -i /var/cache/apt/archives/*.deb\n") ==
        "a command looks for packages in `/var/cache/apt/archives`, where none would be");
  CHECK(options(debian + "RUN apt-get install -y curl && rm -f /var/cache/apt/archives/*.deb\n") == kept);
  CHECK(options(debian + "RUN bash -c 'apt-get install -y curl'\n") == "the command is inside a quoted script");
}

TEST_CASE("what lies in a cache and is none") {
  const auto poetry = [](const std::string& run) {
    const Case it("FROM python:3.12\nRUN " + run + "\n");
    const auto kept = python_kept_directories(it.last());
    return kept.empty() ? "-" : kept[0].path;
  };
  CHECK(poetry("poetry install") == "/root/.cache/pypoetry/virtualenvs");
  CHECK(poetry("export POETRY_CACHE_DIR=/c && poetry install") == "/c/virtualenvs");
  CHECK(poetry("POETRY_VIRTUALENVS_CREATE=false poetry install") == "-");
  CHECK(poetry("export POETRY_VIRTUALENVS_IN_PROJECT=1 && poetry install") == "-");
  CHECK(poetry("poetry config virtualenvs.create false && poetry install") == "-");

  const Case browsers("FROM node:22\nRUN npx playwright install && cypress install\n");
  const auto kept = node_kept_directories(browsers.last());
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].path == "/root/.cache/ms-playwright");
  CHECK(kept[1].what == "Cypress puts its program into `/root/.cache/Cypress`");

  const Case nuget("FROM mcr.microsoft.com/dotnet/sdk:8.0\nENV NUGET_PACKAGES=/n\nRUN dotnet restore\n");
  const auto packages = dotnet_kept_directories(nuget.last());
  REQUIRE(packages.size() == 1);
  CHECK(packages[0].path == "/n");
  const Case publish("FROM mcr.microsoft.com/dotnet/sdk:8.0\nRUN dotnet publish --no-restore\n");
  CHECK(packages[0].read_by(publish.last().step.script->commands[0], "/n"));
  const Case cleared("FROM mcr.microsoft.com/dotnet/sdk:8.0\nRUN dotnet restore && dotnet nuget locals all --clear\n");
  CHECK(text_of(dotnet_cache_hazards(cleared.last(), tool("dotnet"))) == "this RUN empties NuGet's caches itself");
}

TEST_CASE("intermediate files of Cargo") {
  const auto found = [](const std::string& image, std::string_view artifact) {
    const Case it("FROM " + image + "\nRUN cargo build --release\n");
    return cargo_intermediate_files(it.last(), artifact, "/app/target").has_value();
  };
  CHECK(found("rust:1.93", "/app/target/release/app"));
  CHECK(found("rust:1.93", "/app/target/x86_64-unknown-linux-musl/release/app"));
  CHECK_FALSE(found("rust:1.93", "/app/target/release/deps/app"));
  CHECK_FALSE(found("rust:1.93", "/app/target/release"));
  CHECK_FALSE(found("rust:1.81", "/app/target/release/app"));
}

TEST_CASE("a plan of mounts") {
  const auto plan = [](const std::string& text, std::string_view id) {
    const Case it(text);
    const auto planned = plan_cache_mounts(it.last(), tool(id), Builder::buildkit);
    if (!planned.is_needed()) return std::string("none");
    return planned.mounts ? std::string("planned") : planned.mounts.reason();
  };
  CHECK(plan("FROM node:22\nRUN npm ci\n", "npm") == "planned");
  CHECK(plan("FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n", "npm") == "none");
  CHECK(plan("FROM node:22\nRUN npm --version\n", "npm") == "none");
  CHECK(plan("FROM node:22\nRUN npm ci\n", "yarn") == "none");
  CHECK(plan("FROM node:22\nRUN sudo -u node npm ci\n", "npm") ==
        "the command runs as another user, whose cache is elsewhere");
  CHECK(
      plan("FROM node:22\nUSER app\nRUN npm_config_cache=/c npm ci\n", "npm").starts_with("where npm keeps its cache"));
  CHECK(plan("FROM python:3.12\nRUN export UV_OFFLINE=1 && uv sync\n", "uv").starts_with("it works offline"));
  CHECK(plan("FROM python:3.12\nENV PIP_NO_CACHE_DIR=off\nRUN pip install a\n", "pip") == "planned");
  CHECK(plan("FROM python:3.12\nENV PIP_NO_CACHE_DIR=off\nRUN sudo pip install a\n", "pip")
            .starts_with("`PIP_NO_CACHE_DIR` is set to `off`"));
  CHECK(plan("FROM python:3.12\nENV UV_NO_CACHE=0\nRUN uv sync\n", "uv") == "planned");
}

TEST_CASE("every ecosystem names tools of the tables") {
  for (const auto* ecosystem : all_ecosystems())
    for (const auto id : ecosystem->tools) CHECK(builtin_facts().tool(id) != nullptr);
}
