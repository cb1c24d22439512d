#include <doctest/doctest.h>

#include "ecosystems/node/package_scripts.hpp"
#include "ecosystems/node/typescript_outputs.hpp"

using namespace dockhew;

namespace {

using Files = std::map<std::string, std::string>;

// The directories that `npm run build` writes to in a project at the root of the context; "?" when they are not known.
std::string outputs(const std::string& build, Files files) {
  files["package.json"] = R"({"scripts": {"build": ")" + build + R"("}})";
  const BuildContext context(std::make_shared<MemoryFiles>(std::move(files)), {});
  const auto found = find_typescript_outputs(context, ".", "build");
  if (!found) return "?";
  std::string text = found->cleared ? "cleared" : "";
  for (const auto& directory : found->directories) text += (text.empty() ? "" : " ") + directory;
  return text;
}

std::string settings(const std::string& options) { return R"({"compilerOptions": {)" + options + "}}"; }

}  // namespace

TEST_CASE("what a script of package.json runs") {
  const std::string package =
      R"({"scripts": {"prebuild": "rimraf dist", "build": "tsc && npm run copy", "copy": "cp a dist",
                                  "postbuild": "echo made", "loop": "npm run loop", "piped": "tsc | tee log"}})";
  CHECK(*find_script_commands(package, "build") ==
        std::vector<std::string>{"rimraf dist", "tsc", "cp a dist", "echo made"});
  for (const auto* name : {"loop", "piped", "none"}) CHECK_FALSE(find_script_commands(package, name));
  CHECK_FALSE(find_script_commands("[]", "build"));
  CHECK_FALSE(find_script_commands(R"({"scripts": ["build"]})", "build"));
}

TEST_CASE("where the TypeScript compiler writes") {
  const Files plain = {{"tsconfig.json", settings(R"("outDir": "./dist")")}};
  CHECK(outputs("tsc", plain) == "dist");
  CHECK(outputs("tsc --outDir out/js", plain) == "out/js");
  CHECK(outputs("tsc --noEmit && tsc", plain) == "dist");
  CHECK(outputs("rimraf dist && tsc && tsc-alias", plain) == "cleared dist");
  CHECK(outputs("tsc && cp -r views dist/views", plain) == "dist");
  CHECK(outputs("tsc -p server", {{"server/tsconfig.json", settings(R"("outDir": "../dist")")}}) == "dist");
  CHECK(outputs("tsc", {{"tsconfig.json",
                         "// generated\n" + settings(R"("outDir": "dist", /* both */ "declarationDir": "types")")}}) ==
        "dist types");

  CHECK(outputs("tsc --noEmit", plain).empty());
  CHECK(outputs("tsc --build", plain) == "?");
  CHECK(outputs("tsc && cp -r views public", plain) == "?");
  CHECK(outputs("rimraf src && tsc", plain) == "?");
  CHECK(outputs("tsc && webpack", plain) == "?");
  CHECK(outputs("tsc", {}) == "?");
  for (const auto* options :
       {"", R"("outDir": ".")", R"("outDir": "../dist")", R"("outDir": "/srv")", R"("outDir": "${configDir}/dist")",
        R"("outDir": 1)", R"("outDir": "dist", "outFile": "a.js")", R"("outDir": "dist", "emitDeclarationOnly": true)"})
    CHECK(outputs("tsc", {{"tsconfig.json", settings(options)}}) == "?");
}

TEST_CASE("what a configuration of TypeScript extends") {
  const auto extends = [](const char* base, const char* options) {
    return std::string(R"({"extends": )") + base + R"(, "compilerOptions": {)" + options + "}}";
  };
  const Files below = {{"base.json", settings(R"("outDir": "built")")},
                       {"config/base.json", settings(R"("outDir": "built")")}};
  const auto with = [&](const std::string& text) {
    auto files = below;
    files["tsconfig.json"] = text;
    return files;
  };
  CHECK(outputs("tsc", with(extends(R"("./base")", ""))) == "built");
  CHECK(outputs("tsc", with(extends(R"("./config/base.json")", ""))) == "config/built");
  CHECK(outputs("tsc", with(extends(R"(["@tsconfig/node20/tsconfig.json", "./base.json"])", R"("outDir": "own")"))) ==
        "own");
  CHECK(outputs("tsc", with(extends(R"("./tsconfig.json")", ""))) == "?");
  CHECK(outputs("tsc", with(extends(R"("some-package")", R"("outDir": "own")"))) == "?");
  CHECK(outputs("tsc", with(extends("7", R"("outDir": "own")"))) == "?");
}

TEST_CASE("where Nest's command writes") {
  Files files = {{"tsconfig.json", settings(R"("outDir": "./dist")")}};
  CHECK(outputs("nest build", files) == "dist");
  CHECK(outputs("nest build api", files) == "?");
  files["tsconfig.build.json"] = R"({"extends": "./tsconfig.json", "exclude": ["test"]})";
  files["nest-cli.json"] = settings(R"("deleteOutDir": true)");
  CHECK(outputs("nest build", files) == "cleared dist");
  files["nest-cli.json"] = settings(R"("webpack": true)");
  CHECK(outputs("nest build", files) == "?");
  files["nest-cli.json"] = "{";
  CHECK(outputs("nest build", files) == "?");
}
