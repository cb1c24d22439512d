#include <doctest/doctest.h>

#include "ecosystems/cpp/build_commands.hpp"
#include "ecosystems/cpp/cmake_project.hpp"
#include "ecosystems/cpp/project_needs.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/node/development_needs.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "ecosystems/system/package_installation.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "model/start_command.hpp"

using namespace dockhew;

namespace {

using Files = std::map<std::string, std::string>;

Dockerfile read(std::string text, Files files = {}) {
  if (files.empty()) return {std::move(text), builtin_facts(), {}};
  return {std::move(text), builtin_facts(), BuildContext(std::make_shared<MemoryFiles>(std::move(files)), {})};
}

const Runtime& runtime_of(const Dockerfile& file) { return *ecosystem_of(file.final_stage())->runtime; }

// The runtime image of a base image, or the reason why there is none.
std::string image_for(const std::string& base) {
  const auto file = read("FROM " + base + "\n");
  const auto found = runtime_of(file).image(file.facts(), file.final_stage());
  return found ? found->name : "? " + found.reason();
}

// What the runtime stage takes of a program that the RUNs of a file build, or the reason why that is not known.
std::string artifacts(const Dockerfile& file, bool builds_source = true) {
  const auto& stage = file.final_stage();
  std::vector<const Step*> runs;
  for (const auto& step : stage.steps)
    if (step.script) runs.push_back(&step);
  const std::string name = "runtime";
  const auto program = runtime_of(file).program({file, stage, *runs.back(), builds_source, runs, name});
  if (!program) return "? " + program.reason();
  std::string text;
  for (const auto& artifact : program->artifacts)
    text += (text.empty() ? "" : " ") + artifact.from + (artifact.to == artifact.from ? "" : ">" + artifact.to);
  for (const auto& command : program->after_build) text += "; " + command;
  return text;
}

// What each command of a RUN does, by a letter: installs, builds, nothing, or "?" where that is not known.
std::string parts(const std::string& base, const std::string& run) {
  const auto file = read("FROM " + base + "\nRUN " + run + "\n");
  std::string letters;
  for (const auto& use : file.final_stage().steps[0].script->uses) {
    const auto part = runtime_of(file).part(use);
    letters += !part ? '?' : *part == BuildPart::builds ? 'b' : *part == BuildPart::installs ? 'i' : '-';
  }
  return letters;
}

bool leaves_nothing(const std::string& steps) {
  const auto file = read("FROM python:3.12\n" + steps);
  const auto& step = file.final_stage().steps.back();
  const auto& use = step.script->uses.back();
  return find_ecosystem(*use.tool)->runtime->leaves_nothing({file, file.final_stage(), step}, use);
}

}  // namespace

TEST_CASE("a compiled program runs in the image of its distribution") {
  CHECK(image_for("rust:1.81") == "debian:bookworm-slim");
  CHECK(image_for("golang:1.22-alpine3.20") == "alpine:3.20");
  CHECK(image_for("public.ecr.aws/docker/library/golang:1.22") == "public.ecr.aws/docker/library/debian:bookworm-slim");
  // Moving tags are based on no newer release than these.
  CHECK(image_for("rust:1") == "debian:stable-slim");
  CHECK(image_for("golang:1.25-alpine") == "alpine:3");
  CHECK(image_for("golang:1.9") == "? the packages of Debian stretch are no longer on its mirrors");
  CHECK(image_for("golang:1.22-windy") == "? `windy` in the tag is not a known release of Debian");
}

TEST_CASE("an interpreted program runs in the slim form of its image") {
  CHECK(image_for("python:3.12-bookworm") == "python:3.12-slim-bookworm");
  CHECK(image_for("node:20-bookworm") == "node:20-bookworm-slim");
  CHECK(image_for("node:20-alpine") == "node:20-alpine");
  CHECK(image_for("node") == "node:slim");
  CHECK(image_for("node:lts") == "node:lts-slim");
}

TEST_CASE("a Java program runs in an image with a JRE") {
  CHECK(image_for("eclipse-temurin:21.0.2-jdk-jammy") == "eclipse-temurin:21.0.2-jre-jammy");
  CHECK(image_for("maven:3.9-eclipse-temurin-17-alpine") == "eclipse-temurin:17-jre-alpine");
  CHECK(image_for("gradle:8.5-jdk17") == "eclipse-temurin:17-jre");
  CHECK(image_for("openjdk:17-slim") == "eclipse-temurin:17-jre");
  CHECK(image_for("openjdk:9-jdk") == "? there is no runtime image for Java 9");
  CHECK(image_for("eclipse-temurin:17-jre") == "? the base image has no JDK");
}

TEST_CASE("what of an image only the build needs") {
  const auto toolchain = [](const std::string& text) {
    const auto file = read(text);
    const auto& runtime = runtime_of(file);
    return runtime.toolchain == nullptr ? "its full form" : runtime.toolchain(file, file.final_stage());
  };
  CHECK(toolchain("FROM rust:1.81\n") == "Rust toolchain");
  CHECK(toolchain("FROM golang:1.22\n") == "Go toolchain");
  CHECK(toolchain("FROM maven:3.9-eclipse-temurin-17\nRUN mvn package\nCMD java -jar a.jar\n") == "JDK");
  CHECK(toolchain("FROM maven:3.9-eclipse-temurin-17\nRUN mvn package\nCMD mvn exec:java\n").empty());
  CHECK(toolchain("FROM node:20\n") == "its full form");
}

TEST_CASE("what commands of the ecosystem's own tools are for") {
  CHECK(parts("rust:1.81", "cargo install cargo-chef && cargo build --release && cargo clean") == "ib-");
  CHECK(parts("golang:1.22", "go mod download && go build -o /app") == "-b");
  CHECK(parts("python:3.12", "pip install -r requirements.txt && pip list") == "i-");
  CHECK(parts("node:20", "npm install -g pnpm@9 && npm ci && npm run build && npm config set x y") == "-ib-");
  CHECK(parts("node:20", "npm install -g typescript @nestjs/cli@10") == "-");
  CHECK(parts("node:20", "npm install -g typescript pm2") == "?");
  CHECK(parts("node:20", "npm link") == "?");
  CHECK(parts("node:20", "npm run link") == "b");
}

TEST_CASE("the program that cargo builds, and what it builds besides") {
  const std::string build = "FROM rust:1.81\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n";
  const Files two = {{"Cargo.toml", "[package]\nname = \"web\"\n"}, {"src/main.rs", ""}, {"src/bin/worker.rs", ""}};
  CHECK(artifacts(read(build + "CMD [\"target/release/web\"]\n", two)) ==
        "/app/target/release/web /app/target/release/worker");
  CHECK(artifacts(read("FROM rust:1.81\nWORKDIR /app\nCOPY . .\nRUN cargo install --path .\nCMD [\"web\"]\n", two)) ==
        "/usr/local/cargo/bin/web>/usr/local/bin/web /usr/local/cargo/bin/worker>/usr/local/bin/worker");
  CHECK(artifacts(read(build + "CMD [\"/srv/web\"]\n", two)) ==
        "? `/srv/web`, which the container runs, is not a known result of the build");
  CHECK(artifacts(read(build + "CMD [\"sh\", \"run.sh\"]\n")) ==
        "? `sh` starts another program, and it is not known which one");
  CHECK(artifacts(read("FROM rust:1.81\nWORKDIR /app\nCOPY . .\nRUN cargo install ripgrep\nCMD [\"rg\"]\n")) ==
        "? `rg` is not built from the source, and may need the toolchain at run time");
}

TEST_CASE("the program that go builds, and what it builds besides") {
  const auto built = [](const std::string& run, const std::string& start) {
    return artifacts(read("FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN " + run + "\nCMD [\"" + start + "\"]\n"));
  };
  CHECK(built("go build -o /bin/web ./cmd/web", "web") == "/bin/web");
  CHECK(built("go build -o /bin/web ./cmd/web && go build -o /bin/cli ./cmd/cli", "/bin/web") == "/bin/web /bin/cli");
  CHECK(built("go build -o /out/ ./...", "/out/web") == "/out/");
  CHECK(built("go install ./cmd/web", "web") == "/go/bin/web>/usr/local/bin/web");
}

TEST_CASE("the archive that Java starts, or its directory") {
  const auto started = [](const std::string& pom, const std::string& start) {
    return artifacts(
        read("FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD " + start + "\n",
             {{"pom.xml", pom}}));
  };
  CHECK(started("<project/>", "java -jar target/a.jar") == "/app/target/a.jar");
  CHECK(started("<modules>", "java -jar target/a.jar") == "/app/target");
  CHECK(started("<project/>", "java -jar target/*.jar") == "/app/target/*.jar");
  CHECK(started("<project/>", "sh -c \"java -jar target/*.jar\"") == "/app/target/*.jar");
  CHECK(started("<project/>", R"(["sh", "-c", "java -jar target/*.jar"])") == "/app/target/*.jar");
  CHECK(started("<project/>", R"(["java", "-jar", "target/*.jar"])").starts_with("? no shell expands `target/*.jar`"));
  CHECK(started("<project/>", "java -jar /opt/a.jar") ==
        "? `/opt/a.jar`, which the container runs, is not a known result of the build");
  CHECK(started("<project/>", "mvn spring-boot:run") == "? the container does not start with `java`");
  CHECK(started("<project/>", "/opt/build/install/a/bin/a") ==
        "? `/opt/build/install/a`, from which the container starts, is not a known result of the build");
}

TEST_CASE("whether an archive has everything in it, by the parents of its module") {
  const auto started = [](const std::string& module, const std::string& root, const std::string& path = "pom.xml") {
    return artifacts(read(
        "FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD java -jar web/target/a.jar\n",
        {{"web/pom.xml", "<project>" + module + "</project>"}, {path, "<project>" + root + "</project>"}}));
  };
  const std::string named = "<parent><groupId>o</groupId><artifactId>root</artifactId><version>1</version>";
  const std::string own = "<groupId>o</groupId><artifactId>web</artifactId>", root = "<artifactId>root</artifactId>";
  const std::string archive = "/app/web/target/a.jar", directory = "/app/web/target";
  CHECK(started(named + "</parent>" + own, root) == archive);
  CHECK(started(named + "</parent>" + own, root + "<addClasspath>true</addClasspath>") == directory);
  CHECK(started(named + "</parent>" + own, "<artifactId>other</artifactId>") == directory);
  CHECK(started(named + "<relativePath/></parent>" + own, root) == directory);
  CHECK(started(named + "<relativePath>../parent</relativePath></parent>" + own, root, "parent/pom.xml") == archive);
  CHECK(started(named + "<relativePath>../parent</relativePath></parent>" + own, root) == directory);
  CHECK(started(named + "</parent>" + own, root + "<parent><artifactId>company</artifactId></parent>") == directory);
  CHECK(started("<parent><artifactId>spring-boot-starter-parent</artifactId></parent>" + own, root) == archive);
}

TEST_CASE("the packages of pip lie in the interpreter's own directories") {
  CHECK(artifacts(read("FROM python:3.12\nRUN pip install flask\nCMD python app.py\n"), false) ==
        "/usr/local/lib/python3.12/site-packages /usr/local/bin /usr/local/etc /usr/local/share");
  CHECK(artifacts(read("FROM python:3.12-alpine\nRUN pip install flask\nCMD python app.py\n"), false) ==
        "/usr/local/lib/python3.12/site-packages /usr/local/bin /usr/local/share");
  CHECK(artifacts(read("FROM python:3.12\nRUN pip install --target /lib flask\nCMD python app.py\n"), false) ==
        "? `pip --target` installs to another directory");
  CHECK(artifacts(read("FROM python:3.12\nENV VIRTUAL_ENV=/venv\nRUN pip install flask\n"), false) ==
        "? `VIRTUAL_ENV` makes packages go to another directory");
  CHECK(artifacts(read("FROM python:3\nRUN pip install flask\n"), false).starts_with("? the tag does not name"));
}

TEST_CASE("a Node project is taken whole where it is built, and pruned where plain node runs it") {
  const std::string file = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n";
  CHECK(artifacts(read(file + "CMD [\"node\", \"dist/main.js\"]\n")) == "/app; npm prune --omit=dev --no-save");
  CHECK(artifacts(read(file + "CMD [\"npx\", \"next\", \"start\"]\n")) == "/app");
  CHECK(artifacts(read("FROM node:20\nWORKDIR /app\nRUN npm ci\nCMD node a.js\n"), false) == "/app/node_modules");
  CHECK(artifacts(read("FROM node:20\nWORKDIR /app\nRUN cd /lib && npm ci\nCMD node a.js\n"), false)
            .starts_with("? `npm` also works outside `/app`"));
  CHECK(artifacts(read("FROM node:20\nWORKDIR /app\nRUN yarn install && yarn build\nCMD node a.js\n",
                       {{".yarnrc.yml", "nodeLinker: pnp"}})) ==
        "? Yarn 2 and newer may run the project from a cache outside it");
}

TEST_CASE("tools that leave nothing to be copied") {
  CHECK(leaves_nothing("RUN uv pip install --system flask\n"));
  CHECK_FALSE(leaves_nothing("RUN uv sync\n"));
  CHECK(leaves_nothing("ENV POETRY_VIRTUALENVS_CREATE=false\nRUN poetry install\n"));
  CHECK(leaves_nothing("RUN poetry config virtualenvs.create false && poetry install\n"));
  CHECK_FALSE(leaves_nothing("RUN poetry install\n"));
  CHECK(leaves_nothing("RUN corepack install\n"));
  CHECK_FALSE(leaves_nothing("RUN npm ci\n"));
}

TEST_CASE("packages of a language need those of the system") {
  const auto needed = [](const std::string& text, Files files) {
    const auto file = read(text, std::move(files));
    return runtime_of(file).needed_packages(file, file.final_stage());
  };
  const Files both = {{"requirements.txt", "psycopg2==2.9\n"}, {"package.json", R"({"dependencies": {"gm": "1"}})"}};
  CHECK(needed("FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\n", both) ==
        std::vector<std::string>{"libpq-dev"});
  CHECK(needed("FROM node:20\nCOPY . .\nRUN npm ci\n", both) == std::vector<std::string>{"imagemagick"});
}

TEST_CASE("packages are found in lists that include others") {
  const auto needed = [](Files files) {
    const auto file = read("FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\n", std::move(files));
    return runtime_of(file).needed_packages(file, file.final_stage());
  };
  CHECK(needed({{"requirements.txt", "-r base/all.txt\n"}, {"base/all.txt", "-r ../requirements.txt\nWeasyPrint\n"}}) ==
        std::vector<std::string>{"libpango-1.0-0", "libpangoft2-1.0-0"});
  CHECK(needed({{"requirements.txt", "psycopg[pool]\n"}}) == std::vector<std::string>{"libpq-dev"});
  CHECK(needed({{"requirements.txt", "psycopg[pool,binary]\npsycopg-binary\n"}}).empty());
}

TEST_CASE("development dependencies that the program needs") {
  const auto found = [](Files files) {
    files.emplace("package.json", R"({"dependencies": {"a": "1"}, "devDependencies": {"a": "1", "d": "1"}})");
    const BuildContext context(std::make_shared<MemoryFiles>(std::move(files)), {});
    const auto need = find_development_need(context, ".");
    return need ? need->reason : "";
  };
  CHECK(found({{"src/x.ts", "import d from 'd'"}}) == "`src/x.ts` imports `d`");
  CHECK(found({{"x.js", "require('a')"}}).empty());
  CHECK(found({{"x.jsx", "<p>it's</p>\nconst d = require('d/e');"}}) == "`x.jsx` imports `d`");
  CHECK(found({{"x.ts", "import type { T } from 'd';"}}).empty());
  CHECK(found({{"jest.config.js", "require('d')"}, {"test/x.js", "require('d')"}, {"src/x.spec.ts", "import 'd'"}})
            .empty());
  CHECK(found({{"x.js", "require('d')"}, {"package-lock.json", R"({"packages": {"": {}, "node_modules/d": {}}})"}})
            .empty());
  CHECK(found({{"x.js", "log({target: \"d\"})"}}) == "`x.js` names `d`");
  CHECK(found({{"x.js", "// d, 'd-e' and \"d'"}}).empty());
  CHECK(found({{"package.json", R"({"devDependencies": {"mysql2": "3"}})"}, {"x.js", "knex({client: 'mysql'})"}}) ==
        "`x.js` uses a database through `mysql2`");
  CHECK(found({{"package.json", R"({"devDependencies": {"sqlite3": "3"}})"}, {"x.js", "knex({client: 'mysql'})"}})
            .empty());
  CHECK(found({{"package.json", R"({"devDependencies": {"tslib": "2"}})"}}) == "compiled code may load `tslib`");
}

TEST_CASE("what a directory of a Java module is for") {
  const auto file = read("FROM maven:3.9-eclipse-temurin-17\n", {{"a/pom.xml", ""}});
  const auto& packed = *runtime_of(file).is_packed;
  CHECK(packed(file.context(), "a", "src"));
  CHECK_FALSE(packed(file.context(), "a", "data"));
  CHECK_FALSE(packed(file.context(), "b", "src"));
}

TEST_CASE("development packages become runtime libraries") {
  const auto packages = [](const char* base, const std::vector<std::string>& installed) {
    const auto& facts = builtin_facts();
    const auto found = runtime_packages(facts, installed, *facts.image(parse_image_reference(base)));
    std::string text;
    if (!found) return "? " + found.reason();
    for (const auto& name : *found) text += (text.empty() ? "" : " ") + name;
    return text;
  };
  CHECK(packages("debian:bookworm", {"build-essential", "libpq-dev", "git"}) == "git libpq5");
  CHECK(packages("python:3.12-alpine", {"build-base", "postgresql-dev", "git=2"}) == "git=2 libpq libstdc++");
  CHECK(packages("debian:bookworm", {"libunheard-dev"}).starts_with("? which package"));
  CHECK(packages("python:3.12", {"libssl-dev"}).starts_with("? which package"));  // it has a name in each release
}

TEST_CASE("whether packages are still served for an image") {
  const auto served = [](const char* base) {
    return has_package_archive(builtin_facts(), *builtin_facts().image(parse_image_reference(base)));
  };
  CHECK(served("python:3.8"));
  CHECK(served("python:3.7"));  // which was built for the last time on bookworm
  CHECK_FALSE(served("python:3.6.5"));
  CHECK_FALSE(served("node:14"));
  CHECK(served("debian:bookworm"));
  CHECK_FALSE(served("debian:stretch"));
  CHECK(served("python:3.7-alpine3.12"));
  CHECK(served("ruby:3.2"));
  CHECK_FALSE(served("ruby:2.5"));
}

TEST_CASE("packages that a stage has installed") {
  const auto file = read(
      "FROM debian:12\nRUN apt-get install -y curl\nRUN apt-get install -y --no-install-recommends git=1\n"
      "RUN apk add --virtual .b make && apk del .b\nRUN apt-get install -y $X\n");
  const auto found = find_installed_packages(file.final_stage(), {0, 1, 2});
  REQUIRE(found);
  CHECK(found->names == std::vector<std::string>{"curl", "git=1"});
  CHECK(found->with_recommended == std::set<std::string>{"curl"});
  const auto purged = [](const char* run) {
    const auto other = read("FROM debian:12\nRUN apt-get install -y make gcc=12 curl && " + std::string(run) + "\n");
    const auto left = find_installed_packages(other.final_stage(), {0});
    return left ? left->names : std::vector<std::string>{"?"};
  };
  CHECK(purged("apt-get purge -y make gcc && apt-get autoremove -y") == std::vector<std::string>{"curl"});
  CHECK(purged("apt-get remove -y --auto-remove make") == std::vector<std::string>{"gcc=12", "curl"});
  CHECK(purged("apt-get purge -y 'g*'") == std::vector<std::string>{"?"});
  CHECK(purged("ALL=$(cat list) && apt-get purge -y $ALL") == std::vector<std::string>{"?"});
  CHECK(removes_packages(file.final_stage().steps[2].script->commands[1]));
  CHECK_FALSE(removes_packages(file.final_stage().steps[0].script->commands[0]));
}

TEST_CASE("how packages are installed") {
  CHECK(install_packages("alpine", {{"git", "libpq"}, false, ""}).commands ==
        std::vector<std::string>{"apk add --no-cache git libpq"});
  const auto debian = install_packages("debian", {{"git"}, false, ""});
  CHECK(debian.commands.back() == "apt-get install -y --no-install-recommends git");
  CHECK(debian.tool == "apt");
  CHECK(install_packages("debian", {{"git"}, true, ""}).commands.back() == "apt-get install -y git");
}

TEST_CASE("pruning takes away what only the build needed") {
  const auto file =
      read("FROM node:20\nWORKDIR /app\nRUN npm run build && npx prisma generate && npm prune --omit=dev\n",
           {{"package.json", R"({"scripts": {"build": "tsc"}})"}});
  const auto& stage = file.final_stage();
  const auto& commands = stage.steps[1].script->commands;
  const auto& pruning = *ecosystem_of(stage)->pruning;
  CHECK(pruning.prunes(commands[2]));
  CHECK_FALSE(pruning.prunes(commands[0]));
  CHECK_FALSE(pruning.find_obstacle(file.context(), "."));
  CHECK(pruning.find_obstacle(file.context(), std::nullopt));
  const BuiltProject project{&stage, 1, "/app", ".", {}};
  CHECK(*pruning.find_script(file.context(), project, commands[0]) == "build");
  CHECK_FALSE(pruning.find_script(file.context(), project, commands[1]));
}

TEST_CASE("what a container starts with") {
  const auto start = [](const std::string& text) { return find_start_command(read("FROM a\n" + text).final_stage()); };
  const auto found = start("ENTRYPOINT [\"/sbin/tini\", \"--\"]\nCMD [\"app\", \"-x\"]\n");
  REQUIRE(found);
  CHECK(found->words == std::vector<std::string>{"app", "-x"});
  CHECK(found->init == "/sbin/tini");
  CHECK(start("CMD exec app\n")->words == std::vector<std::string>{"app"});
  CHECK(start("CMD a && b\n").reason() == "the start command is a shell script");
  CHECK_FALSE(start("USER 1\n"));
}

namespace {

// What a command of a RUN in /shop does: a letter for the work, where it is done, what is built there, and where that
// is installed.
std::string cpp_work(const std::string& command) {
  const auto file = read("FROM debian:12\nWORKDIR /shop\nRUN " + command + "\n");
  const auto found = read_cpp_command(file.final_stage().steps[1].script->commands.back());
  if (!found) return "?";
  std::string text(1, "pbfi"[static_cast<std::size_t>(found->work)]);
  const auto add = [&](std::string_view mark, const Value& value) {
    if (value.state != Value::State::undefined) text += ' ' + std::string(mark) + (value.is_known() ? value.text : "?");
  };
  add("", found->output);
  if (found->source != found->output) add("of ", found->source);
  add("to ", found->prefix);
  for (const auto& library : found->libraries) text += " -l" + library;
  return text;
}

std::string needs(const Outcome<ProjectNeeds>& found) {
  if (!found) return "? " + found.reason();
  std::string text;
  for (const auto& link : found->links) text += (text.empty() ? "" : " ") + link;
  for (const auto& library : found->shared) text += " +" + library;
  if (found->data) text += " data";
  if (found->installed) text += " installs " + std::to_string(found->installed->size());
  return text;
}

BuildContext context_of(Files files) { return {std::make_shared<MemoryFiles>(std::move(files)), {}}; }

std::string cmake(const std::string& lists, Files more = {}) {
  more["CMakeLists.txt"] = lists;
  return needs(read_cmake_project(context_of(std::move(more)), ".", false));
}

std::string make(const std::string& makefile, Files more = {}) {
  more["Makefile"] = makefile;
  return needs(read_make_project(context_of(std::move(more)), ".", ""));
}

}  // namespace

TEST_CASE("what builds C and C++, where, and what it installs") {
  CHECK(cpp_work("cmake -S . -B build -DCMAKE_BUILD_TYPE=Release") == "p /shop/build of /shop");
  CHECK(cpp_work("cmake -Bout -Ssrc -G Ninja") == "p /shop/out of /shop/src");
  CHECK(cpp_work("mkdir build && cd build && cmake .. -D CMAKE_INSTALL_PREFIX:PATH=/opt/x") ==
        "p /shop/build of /shop to /opt/x");
  CHECK(cpp_work("cmake ./CMakeLists.txt") == "p /shop");
  CHECK(cpp_work("cmake --preset release") == "p ? of /shop");
  CHECK(cpp_work("cmake --build build -j 4") == "b /shop/build");
  CHECK(cpp_work("cmake --build build --target install") == "i /shop/build");
  CHECK(cpp_work("cmake --install build --prefix /opt/x") == "i /shop/build to /opt/x");
  CHECK(cpp_work("cmake -E copy a b") == "?");
  CHECK(cpp_work("cmake --version") == "p");
  CHECK(cpp_work("make -j$(nproc)") == "b /shop");
  CHECK(cpp_work("make -C src PREFIX=/opt/x install") == "i /shop/src to /opt/x");
  CHECK(cpp_work("make clean") == "p /shop");
  CHECK(cpp_work("ninja -C build") == "b /shop/build");
  CHECK(cpp_work("meson setup build --prefix=/opt/x") == "p /shop/build of /shop to /opt/x");
  CHECK(cpp_work("meson compile -C build") == "b /shop/build");
  CHECK(cpp_work("./configure --prefix=/opt/x") == "p /shop to /opt/x");
  CHECK(cpp_work("g++ -std=c++20 main.cpp -o bin/shop -lssl -lpthread") == "f /shop/bin/shop of /shop -lssl -lpthread");
  CHECK(cpp_work("gcc main.c") == "f /shop/a.out of /shop");
  CHECK(cpp_work("g++-12 -c main.cpp -o main.o") == "b /shop");
  CHECK(cpp_work("clang++ -o $(name) main.cpp") == "f ? of /shop");
  CHECK(cpp_work("gcc --version") == "p of /shop");
  CHECK(cpp_work("python3 build.py") == "?");
}

TEST_CASE("what the files of a C or C++ project say that it needs") {
  CHECK(cmake("project(a)\nadd_executable(a a.cpp) # add_library(b SHARED)\ninstall(TARGETS a)") == " installs 1");
  CHECK(cmake("find_package(OpenSSL REQUIRED)\nadd_executable(a a.c)\ntarget_link_libraries(a PRIVATE OpenSSL::SSL m "
              "${X})") == "OpenSSL OpenSSL::SSL m installs 0");
  CHECK(cmake("add_subdirectory(lib)\nadd_executable(a a.c)\ntarget_link_libraries(a b)",
              {{"lib/CMakeLists.txt", "add_library(b SHARED b.c)"}}) == " +lib/libb.so");
  CHECK(cmake("set(BUILD_SHARED_LIBS ON)\nadd_library(b b.c)") == " +libb.so");
  CHECK(cmake("add_library(b b.c)") == " installs 0");
  CHECK(cmake("configure_file(a.h.in a.h)") == " installs 0");
  CHECK(cmake("configure_file(a.conf.in a.conf)") == " data installs 0");
  CHECK(cmake("include(FetchContent)\nFetchContent_Declare(googletest URL x)") == " installs 0");
  CHECK(cmake("CPMAddPackage(\"gh:fmtlib/fmt#10.0.0\")") == " installs 0");
  CHECK(cmake("add_subdirectory(${X})").starts_with("? `add_subdirectory(${X})`"));
  CHECK(cmake("add_subdirectory(lib)").starts_with("? `lib/CMakeLists.txt`"));
  CHECK(make("a: a.c\n\tgcc -o a a.c -lz `pkg-config --libs libcurl`\n") == "libcurl z");
  CHECK(make("LDFLAGS=-lz\na: b\n\t$(MAKE) -C b\n", {{"b/Makefile", "b:\n\tg++ -o b b.cpp -lssl\n"}}) == "ssl z");
  CHECK(make("a:\n\tpython3 x.py\n") == " data");
  CHECK(make("a:\n\tcc a.c\ntest:\n\tpython3 x.py\n").empty());
  CHECK(make("a: a.c\n\tgcc -shared -o b.so b.c\n").starts_with("? the project builds a shared library"));
  CHECK(make("include $(TOP)/x.mk\n").starts_with("? `$(TOP)/x.mk`"));
}

TEST_CASE("C and C++ run in the Debian of their compiler, or where they are built") {
  CHECK(image_for("gcc:12-bookworm") == "debian:bookworm-slim");
  CHECK(image_for("gcc:13.2") == "debian:bookworm-slim");
  CHECK(image_for("gcc:12.2.0") == "debian:bullseye-slim");
  CHECK(image_for("gcc:9.2.0") == "debian:buster-slim");
  CHECK(image_for("gcc:13") == "debian:stable-slim");
  CHECK(image_for("gcc") == "debian:stable-slim");
  CHECK(image_for("gcc:12.5.0") == "debian:bookworm-slim");
  CHECK(image_for("debian:12\nRUN make") == "debian:12");
}

TEST_CASE(".NET runs in the image that its SDK is built on") {
  const std::string sdk = "mcr.microsoft.com/dotnet/sdk:", aspnet = "mcr.microsoft.com/dotnet/aspnet:";
  CHECK(image_for(sdk + "8.0") == aspnet + "8.0");
  CHECK(image_for(sdk + "8.0-jammy") == aspnet + "8.0-jammy");
  CHECK(image_for(sdk + "8.0.204-alpine3.20") == aspnet + "8.0-alpine3.20");
  CHECK(image_for(sdk + "10.0.100-noble-amd64") == aspnet + "10.0-noble-amd64");
  CHECK(image_for(sdk + "latest") == aspnet + "latest");
  CHECK(image_for(sdk + "8.0-noble-aot").starts_with("? the runtime image for the tag"));
  CHECK(image_for(aspnet + "8.0") == aspnet + "8.0");
  CHECK(image_for(sdk + "8.0\nCMD [\"dotnet\", \"watch\"]").starts_with("? `dotnet watch` needs the SDK"));
}
