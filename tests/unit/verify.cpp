// How two images are compared by what runs in them: what a text loads, which packages only development needs, what may
// be left out, what moves by itself, and what two runs print.
#include <doctest/doctest.h>

#include "ecosystems/node/development_packages.hpp"
#include "ecosystems/node/required_modules.hpp"
#include "ecosystems/python/imports.hpp"
#include "example.hpp"
#include "image/comparison.hpp"
#include "image/moving_files.hpp"
#include "verify/harmless_edit.hpp"
#include "verify/left_out.hpp"
#include "verify/run_output.hpp"
#include "verify/started_program.hpp"

using namespace dockhew;

namespace {

using Names = std::vector<std::string>;

ImageFile file_with(const std::string& text) {
  ImageFile file;
  file.mode = 0644;
  file.size = text.size();
  file.text = text;
  file.digest = {std::hash<std::string>()(text), 0};
  return file;
}

ImageFile link_to(const std::string& target) {
  ImageFile file;
  file.type = FileType::symbolic_link;
  file.link = target;
  return file;
}

ImageFile program() {
  auto file = file_with(
      "\x7f"
      "ELF");
  file.elf = std::make_shared<const ElfNeeds>();
  return file;
}

// Files by their texts, in directories that exist.
Image image_of(const std::map<std::string, std::string>& texts) {
  Image image;
  image.configuration.environment["PATH"] = "/usr/bin:/bin";
  image.files["/usr/bin/node"] = image.files["/usr/bin/python3"] = image.files["/bin/sh"] = program();
  for (const auto& [path, text] : texts) image.files[path] = file_with(text);
  for (const auto& [path, file] : std::map(image.files))
    for (auto slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1)) {
      auto& directory = image.files[path.substr(0, slash)];
      directory.type = FileType::directory;
      directory.mode = 0755;
    }
  return image;
}

Image without(Image image, const std::string& path) {
  std::erase_if(image.files,
                [&](const auto& entry) { return entry.first == path || entry.first.starts_with(path + "/"); });
  return image;
}

BuildContext context_of(std::map<std::string, std::string> files) {
  return {std::make_shared<MemoryFiles>(std::move(files)), {}};
}

// What a verification of two images finds when the working directory is /app.
Comparison compared(const Image& original, const Image& optimized, const BuildContext& context) {
  Own own;
  own.places = {"/app"};
  const auto started = follow_started_program(original, optimized, own, context);
  const LeftOut left_out(builtin_facts(), original, context, started, own.places);
  auto comparison = compare_converted(original, optimized, own, left_out);
  for (const auto& sentence : started.missing) comparison.missing.push_back(sentence);
  return comparison;
}

Names paths(const std::vector<Difference>& differences) {
  Names names;
  for (const auto& each : differences) names.push_back(each.what);
  return names;
}

}  // namespace

TEST_CASE("the modules that JavaScript and TypeScript load by name") {
  const auto found = [](std::string_view text) { return find_required_modules(text); };
  CHECK(found("const a = require('a'), b = require(\"./b\");") == Names{"a", "./b"});
  CHECK(found("import a from 'a'; import * as b from \"b/c\"; import 'd'") == Names{"a", "b/c", "d"});
  CHECK(found("import a, { b as c,\n  type D } from '@x/y/z'") == Names{"@x/y/z"});
  CHECK(found("import type { A } from 'a'; export type { B } from 'b'; import type from 'c'") == Names{"c"});
  CHECK(found("export * from './a'; export { b } from './b'; export const c = 'd'; export default 'e'") ==
        Names{"./a", "./b"});
  CHECK(found("import a = require('a'); const b = await import('b'); require.resolve('c')") == Names{"a", "b", "c"});
  CHECK(found("x.require('a'); requires('b'); require(name); require('c' + d); require(`e`)") == Names{"e"});
  CHECK(found("// require('a')\n/* require('b') */ const s = \"require('c')\", r = /require('d')/;") == Names{});
  CHECK(found("const t = `x ${require('a')} {require('b')} ${`${{c: require('d')}}`}`; require('e')") ==
        Names{"a", "d", "e"});
  CHECK(found("a = b / require('c') / d; if (x) /'/.test(y); require('z')") == Names{"c", "z"});
  CHECK(found("#!/usr/bin/env node\nrequire('a');require('a')") == Names{"a"});
  CHECK(found("require('a") == Names{});
  CHECK(package_of_module("a/b") == "a");
  CHECK(package_of_module("@a/b/c") == "@a/b");
  for (const auto* none : {"./a", "/a", "fs", "fs/promises", "node:test", "#own", ""})
    CHECK(package_of_module(none).empty());
}

TEST_CASE("the modules that Python imports by name") {
  CHECK(find_imports("import a, b.c as d\nfrom e import f, g as h\n") == Names{"a", "b.c", "e", "e.f", "e.g"});
  CHECK(find_imports("from . import a\nfrom ..b import (\n  c,  # comment\n  d,\n)\n") ==
        Names{".a", "..b", "..b.c", "..b.d"});
  CHECK(find_imports("'''\nimport a\n'''\n# import b\nx = 'import c'\nif x:\n    import d; import e\n") ==
        Names{"d", "e"});
  CHECK(find_imports("try: import a\nexcept ImportError: pass\nimportant = 1\nraise E from b\n") == Names{"a"});
}

TEST_CASE("packages that only development needs, as npm writes them down") {
  const auto lock = R"({"packages": {"node_modules/a": {}, "node_modules/b": {"dev": true},
    "node_modules/a/node_modules/c": {"dev": true}, "node_modules/d": {"devOptional": true}}})";
  const std::map<std::string, std::string> files = {{"/app/package.json", "{}"},
                                                    {"/app/node_modules/a/package.json", "{}"},
                                                    {"/app/node_modules/b/package.json", "{}"},
                                                    {"/app/node_modules/a/node_modules/c/package.json", "{}"},
                                                    {"/app/node_modules/d/package.json", "{}"}};
  for (const auto* name : {"/app/package-lock.json", "/app/node_modules/.package-lock.json"}) {
    auto image = image_of(files);
    image.files[name] = file_with(lock);
    const auto development = find_development_packages(image, "/app");
    CHECK(development.contains("/app/node_modules/b"));
    CHECK(development.contains("/app/node_modules/a/node_modules/c"));
    CHECK(!development.contains("/app/node_modules/a"));
    CHECK(!development.contains("/app/node_modules/d"));
  }
}

TEST_CASE("packages that only development needs, from what each package depends on") {
  auto image = image_of(
      {{"/app/package.json", R"({"dependencies": {"a": "1"}, "devDependencies": {"t": "1"}})"},
       {"/app/node_modules/.modules.yaml", ""},
       {"/app/node_modules/.pnpm/a@1/node_modules/a/package.json",
        R"({"dependencies": {"b": "1"}, "peerDependencies": {"t": "1"}, "peerDependenciesMeta": {"t": {"optional": true}}})"},
       {"/app/node_modules/.pnpm/b@1/node_modules/b/package.json", "{}"},
       {"/app/node_modules/.pnpm/t@1/node_modules/t/package.json", "{}"}});
  image.files["/app/node_modules/a"] = link_to(".pnpm/a@1/node_modules/a");
  image.files["/app/node_modules/t"] = link_to(".pnpm/t@1/node_modules/t");
  image.files["/app/node_modules/.pnpm/a@1/node_modules/b"] = link_to("../../b@1/node_modules/b");
  const auto development = find_development_packages(image, "/app");
  CHECK(development.contains("/app/node_modules/t"));
  CHECK(development.contains("/app/node_modules/.pnpm/t@1"));
  for (const auto* needed : {"/app/node_modules/a", "/app/node_modules/.pnpm/a@1", "/app/node_modules/.pnpm/b@1"})
    CHECK(!development.contains(needed));
}

TEST_CASE("what a compiled project of Node may leave out, and what it needs") {
  const auto context = context_of({{"src/a.ts", ""}, {"views/page.html", ""}, {"package.json", ""}, {"README.md", ""}});
  auto original =
      image_of({{"/app/package.json", R"({"dependencies": {"is-number": "7"}})"},
                {"/app/README.md", ""},
                {"/app/src/a.ts", "import 'is-odd'"},
                {"/app/views/page.html", "x"},
                {"/app/dist/a.js", "const a = require('is-number'), b = require('./b'), c = require('fs')"},
                {"/app/dist/b.js", "b"},
                {"/app/node_modules/is-number/package.json", "{}"},
                {"/app/node_modules/is-number/index.js", ""},
                {"/app/node_modules/typescript/package.json", "{}"},
                {"/app/package-lock.json",
                 R"({"packages": {"node_modules/is-number": {}, "node_modules/typescript": {"dev": true}}})"}});
  original.configuration.directory = "/app";
  original.configuration.command = {"node", "dist/a.js"};
  const auto after = [&](const Names& gone) {
    auto optimized = original;
    for (const auto& path : gone) optimized = without(std::move(optimized), path);
    return compared(original, optimized, context);
  };
  const auto good = after({"/app/node_modules/typescript", "/app/src", "/app/README.md", "/app/package-lock.json"});
  CHECK(good.equivalent());
  CHECK(good.dropped.at("packages that only development needs").names ==
        std::set<std::string>{"/app/node_modules/typescript/"});
  CHECK(good.dropped.at("sources and build files").names == std::set<std::string>{"/app/src/"});

  const auto package = after({"/app/node_modules/is-number"});
  CHECK(paths(package.files) == Names{"/app/node_modules/is-number"});
  CHECK(package.missing == Names{"`is-number`, which `/app/dist/a.js` loads, is not in the image"});
  CHECK(paths(after({"/app/views"}).files) == Names{"/app/views"});
  const auto script = after({"/app/dist/a.js"});
  CHECK(paths(script.files) == Names{"/app/dist/a.js"});
  CHECK(script.missing == Names{"`/app/dist/a.js`, which the container's command names, is not in the image"});
  CHECK(after({"/app/dist/b.js"}).missing == Names{"`./b`, which `/app/dist/a.js` loads, is not in the image"});

  // A development dependency is needed where what runs loads it, and a source where what runs names it.
  original.files["/app/dist/b.js"] = file_with("require('typescript'); read('../src/a.ts')");
  const auto development = after({"/app/node_modules/typescript"});
  CHECK(development.missing == Names{"`typescript`, which `/app/dist/b.js` loads, is not in the image"});
  CHECK(paths(development.files) == Names{"/app/node_modules/typescript"});
  CHECK(paths(after({"/app/src"}).files) == Names{"/app/src"});
}

TEST_CASE("the command of a container is followed to the file that it runs") {
  const auto context = context_of({{"app.js", ""}, {"lib/b.js", ""}, {"server.py", ""}, {"shop/views.py", ""}});
  auto original =
      image_of({{"/app/app.js", "require('./lib/b')"},
                {"/app/lib/b.js", ""},
                {"/app/package.json", R"({"scripts": {"start": "NODE_ENV=x node app", "up": "npm run start"}})"},
                {"/usr/bin/docker-entrypoint.sh", "#!/bin/sh\nset -e\nexec \"$@\"\n"},
                {"/usr/bin/gunicorn", "#!/usr/bin/python3\n"},
                {"/app/start.sh", "#!/bin/sh\ncd lib && exec node b.js\n"},
                {"/app/server.py", "from shop import views\nimport os"},
                {"/app/shop/__init__.py", ""},
                {"/app/shop/views.py", ""},
                {"/app/Procfile", "web: gunicorn server:app\n"},
                {"/app/Procfile.dev", "web: node app.js\n"},
                {"/app/Makefile", "run: check\n\tnode app.js\ncheck:\n\tgunicorn server:app\n"},
                {"/etc/supervisord.conf", "[program:web]\ncommand=gunicorn server:app ; the shop\n"},
                {"/etc/supervisor/conf.d/node.conf", "[program:node]\ncommand = node app.js\n"}});
  original.configuration.directory = "/app";
  const auto missing = [&](const Names& entrypoint, const Names& command, const std::string& gone) {
    original.configuration.entrypoint = entrypoint;
    original.configuration.command = command;
    return follow_started_program(original, without(original, gone), {}, context).missing;
  };
  const Names b = {"`./lib/b`, which `/app/app.js` loads, is not in the image"};
  CHECK(missing({}, {"node", "app.js"}, "/app/lib/b.js") == b);
  CHECK(missing({"docker-entrypoint.sh"}, {"node", "app.js"}, "/app/lib/b.js") == b);
  CHECK(missing({}, {"/bin/sh", "-c", "node app.js --port 80"}, "/app/lib/b.js") == b);
  CHECK(missing({"npm"}, {"start"}, "/app/lib/b.js") == b);
  CHECK(missing({}, {"npm", "run", "up"}, "/app/lib/b.js") == b);
  CHECK(missing({"tini", "--"}, {"node", "app"}, "/app/lib/b.js") == b);
  CHECK(missing({"./start.sh"}, {}, "/app/lib/b.js") ==
        Names{"`/app/lib/b.js`, which the container's command names, is not in the image"});
  const Names views = {"`shop.views`, which `/app/server.py` loads, is not in the image"};
  CHECK(missing({}, {"python3", "server.py"}, "/app/shop/views.py") == views);
  CHECK(missing({}, {"python3", "-m", "server"}, "/app/shop/views.py") == views);
  CHECK(missing({}, {"gunicorn", "-w", "4", "server:app"}, "/app/shop/views.py") == views);
  CHECK(missing({}, {"python3", "-m", "server"}, "/app/server.py") ==
        Names{"`server`, which the container's command loads, is not in the image"});
  CHECK(missing({}, {"gunicorn", "server:app"}, "/usr/bin/gunicorn") ==
        Names{"the program `gunicorn` is not in the image"});
  CHECK(missing({}, {"honcho", "start"}, "/app/shop/views.py") == views);
  CHECK(missing({}, {"hivemind", "--port", "80", "Procfile.dev"}, "/app/lib/b.js") == b);
  CHECK(missing({}, {"hivemind"}, "/app/shop/views.py") == views);
  CHECK(missing({}, {"make", "run"}, "/app/shop/views.py") == views);
  CHECK(missing({}, {"make", "run"}, "/app/lib/b.js") == b);
  CHECK(missing({}, {"make", "check"}, "/app/lib/b.js").empty());
  CHECK(missing({}, {"supervisord", "-n", "-c", "/etc/supervisord.conf"}, "/app/shop/views.py") == views);
  CHECK(missing({"/usr/bin/supervisord"}, {}, "/app/lib/b.js") == b);
  CHECK(missing({}, {"supervisord"}, "/usr/bin/gunicorn") == Names{"the program `gunicorn` is not in the image"});
  CHECK(missing({}, {"java", "-jar", "lib/b.js"}, "/app/lib/b.js").size() == 1);
  CHECK(missing({}, {"node", "none.js"}, "/app/lib/b.js").empty());
}

TEST_CASE("of a compiled program only the source may go, and not what it may read") {
  const auto context = context_of({{"main.go", ""}, {"templates/a.html", ""}, {"go.mod", ""}, {"docs/a.md", ""}});
  auto original =
      image_of({{"/app/main.go", ""}, {"/app/templates/a.html", "a"}, {"/app/go.mod", ""}, {"/app/docs/a.md", ""}});
  original.files["/app/server"] = program();
  original.configuration.directory = "/app";
  original.configuration.command = {"/app/server"};
  auto optimized = original;
  for (const auto* gone : {"/app/main.go", "/app/go.mod", "/app/docs"}) optimized = without(std::move(optimized), gone);
  CHECK(compared(original, optimized, context).equivalent());
  const auto lost = compared(original, without(optimized, "/app/templates"), context);
  CHECK(paths(lost.files) == Names{"/app/templates"});
  CHECK(lost.files[0].before == "directory with 1 file, 1 bytes");
  // Settings may go if the program has no word of them.
  auto with_settings = original;
  with_settings.files["/app/.env"] = file_with("A=1");
  CHECK(compared(with_settings, original, context).equivalent());
  with_settings.files["/app/server"].text = "runtime.envs syscall.env";
  CHECK(compared(with_settings, original, context).equivalent());
  with_settings.files["/app/server"].text = "load .env,";
  CHECK(paths(compared(with_settings, original, context).files).front() == "/app/.env");
  // Neither has one of which it is not known that the build made it: an interpreter, a web server.
  original.files["/usr/bin/php-fpm"] = optimized.files["/usr/bin/php-fpm"] = program();
  original.configuration.command = {"php-fpm"};
  CHECK(compared(original, optimized, context).files.size() == 3);
  // A program that is text has no source that could go.
  original.configuration.command = {"python3", "main.py"};
  original.files["/app/main.py"] = optimized.files["/app/main.py"] = file_with("");
  CHECK(compared(original, optimized, context_of({{"main.py", ""}})).files.size() == 3);
}

TEST_CASE("an installed package that is gone counts although it is not the application's") {
  auto original = image_of({{"/app/a.py", "import yaml, distro"},
                            {"/usr/lib/python3/dist-packages/distro/__init__.py", ""},
                            {"/usr/local/lib/python3.11/site-packages/yaml/__init__.py", ""},
                            {"/usr/local/lib/python3.11/site-packages/deep/__init__.py", ""},
                            {"/usr/local/lib/python3.11/site-packages/pip/__init__.py", ""}});
  original.configuration.directory = "/app";
  original.configuration.environment["PATH"] = "/usr/local/bin:/usr/bin";
  original.configuration.command = {"python3", "a.py"};
  const auto packages = std::string("/usr/local/lib/python3.11/site-packages");
  const auto context = context_of({{"a.py", ""}});
  CHECK(compared(original, without(original, packages + "/pip"), context).equivalent());
  CHECK(paths(compared(original, without(original, packages + "/deep"), context).files) == Names{packages + "/deep"});
  CHECK(compared(original, without(original, packages + "/yaml"), context).missing ==
        Names{"`yaml`, which `/app/a.py` loads, is not in the image"});
  // The distribution's own packages are not those of another interpreter.
  CHECK(compared(original, without(original, "/usr/lib/python3"), context).missing.size() == 1);
  original.files["/usr/local/bin"] = original.files["/usr/bin"];
  original.files["/usr/local/bin/python3"] = program();
  CHECK(compared(original, without(original, "/usr/lib/python3"), context).missing.empty());
}

TEST_CASE("what differs between two builds of the same file is discounted, and nothing else") {
  const auto first = image_of({{"/app/.modules.yaml", "prunedAt: 1"},
                               {"/app/a", "a"},
                               {"/tmp/yarn--17-0.1/node", ""},
                               {"/app/.next/static/Yx3kfjQ9a_bcdefgh1234/m.js", ""},
                               {"/app/log", "long enough"}});
  const auto second = image_of({{"/app/.modules.yaml", "prunedAt: 2"},
                                {"/app/a", "a"},
                                {"/tmp/yarn--18-0.27/node", ""},
                                {"/app/.next/static/pQ8rstU_vwx-yz012345A/m.js", ""},
                                {"/app/log", "long enougH"}});
  auto optimized = image_of({{"/app/.modules.yaml", "prunedAt: 3"},
                             {"/app/a", "b"},
                             {"/tmp/yarn--19-0.3/node", ""},
                             {"/app/.next/static/Zb1cdefGhi_jklmnopqr9/m.js", ""},
                             {"/app/log", ""},
                             {"/app/new1", ""}});
  const auto moving = find_moving_files(first, second);
  const LeavesOut nothing = [](const std::string&) { return std::string_view(); };
  auto comparison = compare_images(first, optimized, {}, nothing);
  discount_moving_files(comparison, first, optimized, moving);
  CHECK(paths(comparison.files) == Names{"/app/a", "/app/log", "/app/new1"});
  CHECK(comparison.discounted.size() == 5);

  // Another owner is a difference, whatever its content is.
  optimized.files["/app/.modules.yaml"].user = 5;
  comparison = compare_images(first, optimized, {}, nothing);
  discount_moving_files(comparison, first, optimized, moving);
  CHECK(paths(comparison.files) == Names{"/app/.modules.yaml", "/app/a", "/app/log", "/app/new1"});

  // What has no counterpart is lost, even if its name is made up: but for scratch files.
  const auto lost = without(without(first, "/app/.next/static/Yx3kfjQ9a_bcdefgh1234"), "/tmp/yarn--17-0.1");
  comparison = compare_images(first, lost, {}, nothing);
  CHECK(Movable(first, lost)({"/tmp/yarn--17-0.1/node", "", ""}));
  CHECK(!Movable(first, lost)({"/app/.next/static/Yx3kfjQ9a_bcdefgh1234/m.js", "", ""}));
  discount_moving_files(comparison, first, lost, moving);
  CHECK(paths(comparison.files).front().starts_with("/app/.next/static"));
}

TEST_CASE("times, processes and names of containers are no difference of output") {
  const std::pair<const char*, const char*> lines[] = {
      {"2026-11-28T06:15:33.123Z up", "<time> up"},
      {"[2026-11-28 06:15:33 +0000] [7] [INFO] Booting worker with pid: 8",
       "[<time>] [<process>] [INFO] Booting worker with pid: <process>"},
      {"28/Nov/2026:06:15:33 +0000", "<time>"},
      {"Sat, 28 Nov 2026 06:15:33 GMT", "<time> GMT"},
      {"Sat Nov 28 06:15:33 2026", "<time> 2026"},
      {"host 3f2a9c1d0b7e id 123e4567-e89b-12d3-a456-426614174000", "host <id> id <id>"},
      {"ready in 12 ms, 1.25s", "ready in <duration>, <duration>"},
      {"at 1764310533 0x7ffd1234abcd", "at <time> <address>"},
      {"node[123]: Started server process [9]", "node[<process>]: Started server process [<process>]"},
      {"\x1b[32m[Nest] 8  - \x1b[39m11/28/2026, 7:18:24 AM \x1b[32m LOG\x1b[39m", "[Nest] <process>  - <time>  LOG"},
      {"port 8080, 3 items, v1.2.3, [7] facade", "port 8080, 3 items, v1.2.3, [7] facade"}};
  for (const auto& [line, plain] : lines) CHECK(without_passing_values(line) == plain);
}

TEST_CASE("what differs in two runs is shown as a diff, with the error of the program") {
  CHECK(find_run_difference({0, "a\nup at 10:00:00\n"}, {0, "a\nup at 10:00:09\n"}).empty());
  CHECK(find_run_difference({0, "a\nb\n"}, {1, "a\nError: Cannot find module 'b'\n"}) ==
        "exit status 0 in the original, 1 in the optimized image\n--- original\n+++ optimized\n a\n-b\n"
        "+Error: Cannot find module 'b'\n");
  // A second run in the original tells which words are made up.
  CHECK(find_run_difference({0, "lucky 5 of 6\n"}, {0, "lucky 1 of 6\n"}, RunOutcome{0, "lucky 3 of 6\n"}).empty());
  CHECK(!find_run_difference({0, "lucky 5 of 6\n"}, {0, "lucky 1 of 7\n"}, RunOutcome{0, "lucky 3 of 6\n"}).empty());
  CHECK(find_run_difference({0, "a\nx y\nb\n"}, {0, "a\nx q r\nb\n"}, RunOutcome{0, "a\nx y z\nb\n"}).empty());
  CHECK(find_run_difference({0, "a\nx\nb\n"}, {0, "a\ny\nx\nb\n"}, RunOutcome{0, "a\nz\nx\nb\n"}).empty());
  CHECK(!find_run_difference({0, "a\nx\nb\n"}, {0, "a\ny\nz\n"}, RunOutcome{0, "a\nz\nx\nb\n"}).empty());
  CHECK(find_run_difference({0, "a\nb\n"}, {0, "b\na\n"}).empty());
  CHECK(find_run_difference({0, "<a id=Yx3k><b>\n"}, {0, "<a id=p_Q-8><b>\n"}, RunOutcome{0, "<a id=rstU><b>\n"})
            .empty());
  CHECK(
      !find_run_difference({0, "<a id=Yx3k><b>\n"}, {0, "<a id=p_Q-8>\n"}, RunOutcome{0, "<a id=rstU><b>\n"}).empty());
  CHECK(find_run_difference({0, "|   12.5 ms |\n"}, {0, "| 101.25 ms |\n"}).empty());
  CHECK(!find_run_difference({0, "a\n"}, {0, "a"}).empty());
}

TEST_CASE("the source that gets an edit is the one that a person would edit") {
  const auto chosen = [](const std::string& command, const Names& files) {
    std::map<std::string, std::string> context;
    for (const auto& path : files) context[path] = "x";
    const Dockerfile file("FROM node:20\nWORKDIR /a\nCOPY . .\nCMD " + command + "\n", builtin_facts(),
                          context_of(std::move(context)));
    return choose_source_file(file);
  };
  const auto main = R"(["node", "dist/main.js"])";
  CHECK(chosen(main, {"src/app.controller.spec.ts", "src/app.controller.ts", "src/app.module.ts", "src/main.ts"}) ==
        "src/main.ts");
  CHECK(chosen(main, {"src/index.ts", "src/main.ts", "test/main.ts"}) == "src/main.ts");
  CHECK(chosen(R"(["node", "build/worker.js"])", {"src/index.ts", "src/jobs/worker.ts"}) == "src/jobs/worker.ts");
  CHECK(chosen("node server.js", {"index.js", "server.js"}) == "server.js");
  CHECK(chosen("npm start", {"src/app.test.ts", "src/util.ts", "src/app.ts"}) == "src/app.ts");
  CHECK(chosen("npm start", {"src/main.test.ts", "src/zebra.ts"}) == "src/zebra.ts");
  CHECK(chosen("npm start", {"tests/app.ts"}) == "tests/app.ts");
  CHECK(chosen("gunicorn --config gunicorn_config.py app:app", {"gunicorn_config.py", "app.py", "main.py"}) ==
        "app.py");
  CHECK(chosen("node --inspect worker.js", {"index.js", "worker.js"}) == "worker.js");
  CHECK(chosen("gunicorn --config gunicorn.conf.py shop.wsgi", {"gunicorn.conf.py", "shop/wsgi.py", "manage.py"}) ==
        "shop/wsgi.py");
  CHECK(chosen("python -m shop", {"other.py", "shop.py"}) == "shop.py");
}
