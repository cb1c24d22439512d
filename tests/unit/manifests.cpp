#include <doctest/doctest.h>

#include "ecosystems/java/pom.hpp"
#include "example.hpp"
#include "text/toml.hpp"
#include "text/xml.hpp"

using namespace dockhew;

TEST_CASE("Go reads go.mod and go.sum, of this directory") {
  CHECK(Example("go mod download").manifests() == "go.mod; go.sum* | no-local-modules, manifest-in-context");
  CHECK(Example("go mod download", {{"go.mod", ""}, {"main.go", ""}}).manifests() == "go.mod");
  CHECK(Example("go mod download", {{"go.mod", "replace a => ./a"}}).manifests() ==
        "go.mod replaces a module with a directory");
  CHECK(Example("go mod download", {{"go.work", ""}, {"api/go.mod", ""}}).manifests({"api", "."}) ==
        "`go.work` makes the project part of a workspace");
}

TEST_CASE("Node's package managers read package.json, a lock file and their settings") {
  const std::string plain = R"({"dependencies": {"a": "1"}})";
  CHECK(Example("npm ci").manifests() == "package*.json | no-install-scripts, no-workspaces, no-installed-files");
  CHECK(Example("npm ci", {{"package.json", plain}, {"package-lock.json", ""}, {".npmrc", ""}}).manifests() ==
        "package.json; package-lock.json; .npmrc");
  CHECK(Example("npm install", {{"package.json", plain}, {"package-lock.json", ""}}).manifests() ==
        "package.json; package-lock.json | lock-in-sync");
  CHECK(Example("npm ci", {{"package.json", plain}, {".npmrc", "cafile=ca.pem"}}).manifests() ==
        ".npmrc has `cafile`, which may refer to a part of the source");
  CHECK(Example("npm ci", {{"package.json", R"({"scripts": {"prepare": "tsc"}})"}}).manifests() ==
        "package.json has the install lifecycle script `prepare`, which may read the source");
  const auto hooks = [](const std::string& script) {
    return Files{{"package.json", "{\"scripts\": {\"prepare\": \"" + script + "\"}}"}, {".git/HEAD", ""}};
  };
  CHECK(Example("npm ci", hooks("husky || true")).manifests() == "package.json");
  CHECK(Example("npm ci", hooks("is-ci || npx --yes husky install .hooks; exit 0")).manifests() == "package.json");
  CHECK(Example("npm ci", hooks("lefthook install || echo none")).manifests() == "package.json");
  for (const auto* script : {"lefthook install", "husky install && node a.js", "node .husky/install.mjs", "husky > log",
                             "exit 1", "patch-package"})
    CHECK(Example("npm ci", hooks(script)).manifests().starts_with("package.json has the install lifecycle script"));
  CHECK(Example("npm ci", {{"package.json", R"({"scripts": {"prepare": "lefthook install"}})"}}).manifests() ==
        "package.json");
  CHECK(Example("yarn", {{"package.json", R"({"dependencies": {"a": "file:../a"}})"}}).manifests() ==
        "the dependency `a` is a local path");
  CHECK(Example("npm ci", {{"package.json", R"({"workspaces": ["packages/*"]})"}, {"packages/a/package.json", "{}"}})
            .manifests() == "package.json; packages/a/package.json");
  CHECK(Example("pnpm install -r", {{"package.json", plain}}).manifests().starts_with("`-r` applies to"));
}

TEST_CASE("pip reads lists, and the lists that they include") {
  CHECK(Example("pip install -r requirements.txt").manifests() == "requirements.txt | self-contained-requirements");
  CHECK(Example("pip install -r a.txt", {{"a.txt", "-r b.txt\nflask"}, {"b.txt", "# -e ."}}).manifests() ==
        "a.txt; b.txt");
  CHECK(Example("pip install -r a.txt", {{"a.txt", "-e .\n"}}).manifests() == "`a.txt` names a local path: `-e .`");
  CHECK(Example("uv pip install -r a.txt", {{"a.txt", ""}, {"uv.toml", ""}}).manifests() == "a.txt; uv.toml");
  CHECK(Example("pip install -r a.txt", {{"a.txt", ""}, {"c.txt", ""}}, "ENV PIP_CONSTRAINT=c.txt\n").manifests() ==
        "the variable `PIP_CONSTRAINT` names a file from the source");
}

TEST_CASE("manifests with a lock file beside them") {
  CHECK(Example("bundle install").manifests() == "Gemfile; Gemfile.lock* | no-other-files");
  CHECK(Example("bundle install").manifests({"api", "."}) ==
        "api/Gemfile; api/Gemfile.lock* | no-other-files, manifests-in-place");
  CHECK(Example("bundle install", {{"Gemfile", "gemspec"}}).manifests() ==
        "Gemfile has `gemspec`, which may refer to a part of the source");
  CHECK(Example("poetry install -C api --no-root").manifests() == "`-C` names another location for the manifests");
  CHECK(Example("mix deps.get", {{"mix.exs", ""}, {"mix.lock", ""}}).manifests() == "mix.exs; mix.lock");
  CHECK(Example("mix deps.get", {{"mix.exs", ""}, {"deps/a", ""}}).manifests().find("contains `deps`") !=
        std::string::npos);
}

TEST_CASE("conda reads an environment") {
  CHECK(Example("conda env create -f env.yml", {{"env.yml", "name: a"}}).manifests() == "env.yml");
  CHECK(Example("conda env create").manifests() == "environment.yml | no-other-files");
  CHECK(Example("conda env create -p env", {{"environment.yml", ""}}).manifests().starts_with("the environment is"));
}

TEST_CASE(".NET reads every project below") {
  CHECK(Example("dotnet restore", {{"a/a.csproj", ""}, {"a.sln", ""}, {"a/a.cs", ""}}).manifests() ==
        "a.sln; a/a.csproj");
  CHECK(Example("dotnet restore", {{"a.csproj", "Exists('x')"}}).manifests().find("uses `Exists(`") !=
        std::string::npos);
  CHECK(Example("dotnet restore --configfile my.config", {{"a.csproj", ""}}).manifests() ==
        "the installation uses `my.config`, which is part of the source");
}

TEST_CASE("a pom.xml is read as XML, so comments do not count") {
  CHECK_FALSE(pom_xml_obstacle("<project><!-- <modules> --><name>a</name></project>"));
  CHECK_FALSE(pom_xml_obstacle("<project><a b='&lt;modules>'/></project>"));
  CHECK(pom_xml_obstacle("<project><modules ><module>a</module></modules></project>")->reason ==
        "pom.xml has modules, whose manifests are in other directories");
  CHECK(pom_xml_obstacle("<project><parent><relativePath>\n ../a</relativePath></parent></project>"));
  CHECK(pom_xml_obstacle("<project><parent><relativePath>parent/pom.xml</relativePath></parent></project>"));
  CHECK_FALSE(pom_xml_obstacle("<project><parent><relativePath/></parent></project>"));
  CHECK(pom_xml_obstacle("<project><url><![CDATA[file:lib]]></url></project>"));
  CHECK(pom_xml_obstacle("<project><dir>${project.basedir}/lib</dir></project>"));
  CHECK(pom_xml_obstacle("<project>"));
}

TEST_CASE("TOML that begins no key or no value is an error") {
  CHECK(parse_toml("[a]\nb = ['c', {d = 1}] # é\n"));
  for (const auto* text : {"[~", "[**a]\n", "a = ['c', }\n", "{a = 1, }", "\u01fc", "a\u01fc a=1", "[\u00e9]\n",
                           "a = \u00e9", "[[", "a = ,"})
    CHECK_FALSE(parse_toml(text));
}

TEST_CASE("XML is taken apart at its tags") {
  const auto elements = read_xml("<?xml version='1.0'?><a x='>'>1<b/> 2 <!-- 3 --></a>");
  REQUIRE(elements);
  REQUIRE(elements->size() == 2);
  CHECK((*elements)[0].text == "1 2");
  CHECK((*elements)[1].name == "b");
  for (const auto* text : {"", "a", "<a>", "</a>", "<a></b>", "<a><!-- </a>", "<!DOCTYPE a><a/>", "<a b='>", "<>"})
    CHECK_FALSE_MESSAGE(read_xml(text), text);
}

TEST_CASE("the step that brings the dependencies alone") {
  const Files go = {{"go.mod", ""}};
  CHECK(Example("go build ./...", go).step() == "go mod download");
  CHECK_FALSE(Example("go build -mod=vendor ./...", go).has_layer());
  CHECK_FALSE(Example("go mod download", go).has_layer());

  CHECK(Example("dotnet publish a -c Release -r linux-x64 --sc", {{"a/a.csproj", ""}}).step() ==
        "dotnet restore a -r linux-x64 -p:SelfContained=true");
  CHECK_FALSE(Example("dotnet publish --no-restore").has_layer());

  const Files python = {{"pyproject.toml", "[project]"}, {"uv.lock", ""}};
  CHECK(Example("uv sync --frozen", python).step() == "uv sync --frozen --no-install-project");
  CHECK(Example("uv sync", {{"pyproject.toml", ""}}).step().starts_with("there is no lock file"));
  CHECK_FALSE(Example("uv sync --no-install-project").has_layer());

  const Files php = {{"composer.json", "{}"}, {"composer.lock", "{}"}};
  CHECK(Example("composer install --no-scripts", php).step() == "composer install --no-scripts --no-autoloader");
  const auto locked = [](const std::string& list, const std::string& plugin) {
    return Files{
        {"composer.json", "{}"},
        {"composer.lock", "{\"" + list + "\": [{\"name\": \"" + plugin + "\", \"type\": \"composer-plugin\"}]}"}};
  };
  CHECK(Example("composer install", locked("packages", "a/b")).step() ==
        "the Composer plugin `a/b` is installed, and may read the source");
  CHECK(Example("composer install", locked("packages-dev", "a/b")).step().starts_with("the Composer plugin"));
  CHECK(Example("composer install --no-dev", locked("packages-dev", "a/b")).step().starts_with("composer install"));
  CHECK(Example("composer install", locked("packages", "php-http/discovery")).step().starts_with("composer install"));
  CHECK(Example("composer install", {{"composer.json", "{}"}, {"composer.lock", "composer-plugin"}}).step() ==
        "composer.lock could not be read");

  const Files crate = {{"Cargo.toml", "[package]\nname = 'a'"}, {"src/main.rs", ""}};
  CHECK(Example("cargo build --release", crate).step() ==
        "mkdir -p src; echo 'fn main() {}' > src/main.rs; cargo build --release > touch src/main.rs");
  CHECK(Example("cargo install --path . --locked", crate).step() ==
        "mkdir -p src; echo 'fn main() {}' > src/main.rs; cargo build --locked --release > touch src/main.rs");
  CHECK(Example("cargo test", crate).step() == "`cargo test` is not a build");
}
