#include <doctest/doctest.h>

#include "example.hpp"

using namespace dockhew;

TEST_CASE("Deno reads its configuration or package.json, and the lock file") {
  CHECK(Example("deno install").manifests() ==
        "which manifests the project has is not known without the build context");
  CHECK(Example("deno install", {{"deno.jsonc", "{/* none */}"}, {"deno.lock", "{}"}}).manifests() ==
        "deno.jsonc; deno.lock");
  CHECK(Example("deno install", {{"package.json", R"({"dependencies": {"a": "1"}})"}}).manifests() == "package.json");
  CHECK(Example("deno install", {{"package.json", R"({"dependencies": {"a": "file:../a"}})"}}).manifests() ==
        "the dependency `a` is a local path");
  CHECK(Example("deno install", {{"deno.json", R"({"imports": {"@/": "./src/"}})"}}).manifests() == "deno.json");
  CHECK(Example("deno install", {{"deno.json", R"({"importMap": "map.json"})"}}).manifests() ==
        "`importMap` in `deno.json` may name other files of the source");
  CHECK(Example("deno install", {{"main.ts", ""}}).manifests() ==
        "neither deno.json nor package.json is in the build context");
  CHECK(Example("deno install --allow-scripts", {{"deno.json", "{}"}}).manifests() ==
        "`--allow-scripts` lets packages run scripts, which may read the source");
}
