#include "ecosystems/node/development_needs.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ecosystems/node/declared_packages.hpp"
#include "ecosystems/node/required_modules.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 12;
constexpr int most_imports = 50;  // one in another
constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t most_settings = 2U << 20U;  // each name is looked for in all of them

// What TypeScript (`importHelpers`), Babel and SWC make the compiled code load; nobody writes an import of them.
constexpr std::string_view helpers[] = {"@babel/runtime", "@babel/runtime-corejs3", "@swc/helpers",
                                        "core-js",        "regenerator-runtime",    "tslib"};

// What Knex, Sequelize and TypeORM call a database, and the packages one of which they load for it.
struct Driver {
  std::string_view database, package;
};
constexpr Driver drivers[] = {
    {"mariadb", "mariadb"}, {"mariadb", "mysql2"},        {"mssql", "mssql"},     {"mssql", "tedious"},
    {"mysql", "mysql"},     {"mysql", "mysql2"},          {"oracle", "oracledb"}, {"postgres", "pg"},
    {"sqlite", "sqlite3"},  {"sqlite", "better-sqlite3"},
};

// What loads a driver by the name of a database, an address (`postgres://…`) or a setting from the environment.
constexpr std::string_view database_libraries[] = {
    "@mikro-orm/core", "bookshelf", "knex", "objection", "sequelize", "sequelize-typescript", "typeorm"};

// Express loads them by the endings of views: `res.render("index.ejs")`.
constexpr std::string_view view_engines[] = {"ejs", "eta", "handlebars", "hbs", "jade", "mustache", "nunjucks", "pug"};

// Whether a string belongs to an import, which find_required_modules reads: `import type { T } from 'd'`.
bool is_of_import(std::string_view before) {
  while (!before.empty() && (before.back() == ' ' || before.back() == '(')) before.remove_suffix(1);
  return before.ends_with("from") || before.ends_with("import") || before.ends_with("require");
}

constexpr std::size_t longest_string = 250;  // a package's name has 214 bytes at most

// What a text has between quotes of one kind, as whole strings.
using Strings = std::set<std::string_view>;

Strings strings_of(std::string_view text) {
  Strings strings;
  for (const char quote : {'"', '\'', '`'})
    for (auto begin = text.find(quote); begin != text.npos;) {
      const auto end = text.find(quote, begin + 1);
      if (end == text.npos) break;
      if (end - begin < longest_string && !is_of_import(text.substr(0, begin)))
        strings.insert(text.substr(begin + 1, end - begin - 1));
      begin = end;
    }
  return strings;
}

// Packages whose places a text names: `express.static("node_modules/bootstrap/dist")`.
Strings places_of(std::string_view text) {
  constexpr std::string_view modules = "node_modules/";
  Strings places;
  for (auto at = text.find(modules); at != text.npos; at = text.find(modules, at + 1)) {
    const auto rest = text.substr(at + modules.size(), longest_string);
    const auto end = rest.find_first_of("/'\"`");
    if (end == rest.npos) continue;
    places.insert(rest.substr(0, end));
    const auto second = rest.starts_with('@') && rest[end] == '/' ? rest.find_first_of("/'\"`", end + 1) : rest.npos;
    if (second != rest.npos) places.insert(rest.substr(0, second));
  }
  return places;
}

bool serves_all(std::string_view text) {
  const auto served = text.find("static(");
  return served != text.npos &&
         (text.find("node_modules'", served) != text.npos || text.find("node_modules\"", served) != text.npos);
}

// `"index.ejs"`
bool has_ending(std::string_view text, std::string_view ending) {
  for (auto at = text.find(ending); at != text.npos; at = text.find(ending, at + 1)) {
    const auto end = at + ending.size();
    if (at > 1 && end < text.size() && text[at - 1] == '.' && std::string_view("'\"`").find(text[end]) != text.npos)
      return true;
  }
  return false;
}

// `execSync("knex migrate:latest")`, `"npx knex …"`, `"pnpm exec knex …"`.
bool starts_with_program(std::string_view text, std::string_view program) {
  constexpr std::string_view before[] = {"'", "\"", "`", "exec ", "npx ", "pnpm ", "pnpx ", "yarn "};
  for (auto at = text.find(program); at != text.npos; at = text.find(program, at + 1)) {
    const auto begin = text.substr(0, at);
    const auto end = at + program.size();
    const auto ends = [&](std::string_view each) { return begin.ends_with(each); };
    if (end < text.size() && text[end] == ' ' && std::ranges::any_of(before, ends)) return true;
  }
  return false;
}

std::string without_script_ending(const std::string& path) {
  for (const std::string_view ending : {".js", ".mjs", ".cjs"})
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  return path;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> any_of) {
  return std::ranges::find(any_of, text) != any_of.end();
}

// Texts for people, in which `prettier` is a word: `locales/en.json`, `public/skills.json`.
bool is_for_people(std::string_view directory) {
  return is_one_of(path_basename(directory), {"i18n", "lang", "locales", "public", "static", "translations"});
}

// Settings that only tools of the development read, by how their names begin.
bool is_tool_setting(std::string_view name) {
  constexpr std::string_view tools[] = {"angular",    "api-extractor", "apollo.config",
                                        "appveyor",   "ava",           "azure-pipelines",
                                        "babel",      "biome",         "bitbucket-pipelines",
                                        "bower",      "buildspec",     "bun",
                                        "circle",     "codecov",       "codegen",
                                        "commitlint", "components",    "compose",
                                        "cspell",     "cypress",       "deno",
                                        "docker",     "eslint",        "firebase",
                                        "jest",       "jsconfig",      "karma",
                                        "knip",       "lefthook",      "lerna",
                                        "lint",       "mise",          "mocha",
                                        "nest-cli",   "netlify",       "nodemon",
                                        "nx",         "nyc",           "package",
                                        "pnpm",       "prettier",      "project",
                                        "release",    "renovate",      "rush",
                                        "serverless", "sonar",         "stylelint",
                                        "Taskfile",   "taskfile",      "swagger-codegen",
                                        "tsconfig",   "tslint",        "turbo",
                                        "typedoc",    "vercel",        "workspace"};
  return std::ranges::any_of(tools, [&](std::string_view tool) { return name.starts_with(tool); });
}

// Settings that a program reads, and no tool: `config/default.json`, `plugins.yml`, `.env`.
bool is_settings_file(std::string_view name) {
  if (name == ".env" || name.starts_with(".env.")) return true;
  const auto dot = name.rfind('.');
  return dot != name.npos && !name.starts_with('.') && !is_tool_setting(name) &&
         is_one_of(name.substr(dot), {".json", ".json5", ".toml", ".yaml", ".yml"});
}

// Configurations that only tools of the development load.
bool is_tool_configuration(std::string_view name) {
  constexpr std::string_view tools[] = {
      "Gruntfile",      "babel.config",  "commitlint.config",  "cypress.config",    "eslint.config",  "gulpfile",
      "jest.config",    "karma.conf",    "lint-staged.config", "playwright.config", "postcss.config", "prettier.config",
      "release.config", "rollup.config", "stylelint.config",   "tailwind.config",   "tsup.config",    "vite.config",
      "vitest.config",  "vue.config",    "webpack.config"};
  return std::ranges::any_of(tools, [&](std::string_view tool) { return name.starts_with(tool); });
}

// `bin/www`, as Express makes it.
bool is_program_without_ending(std::string_view name, std::string_view directory) {
  return path_basename(directory) == "bin" && name.find('.') == name.npos;
}

bool is_source_file(std::string_view name, std::string_view directory) {
  const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
  const auto dot = name.rfind('.');
  if (is_program_without_ending(name, directory)) return true;
  if (name.starts_with('.') || dot == name.npos ||
      !is_one_of(name.substr(dot), {".cjs", ".cts", ".js", ".jsx", ".mjs", ".mts", ".ts", ".tsx"}))
    return false;
  if (has(".d.ts") || has(".spec.") || has(".stories.") || has(".test.")) return false;
  return !is_tool_configuration(name);
}

// What compiles the source while it runs may want types, presets and settings, which are for development elsewhere.
bool compiles(std::string_view module) {
  constexpr std::string_view compilers[] = {"@babel/register",
                                            "@swc-node/register",
                                            "@swc/register",
                                            "esbuild-register",
                                            "sucrase/register",
                                            "ts-node",
                                            "tsx"};
  return std::ranges::any_of(compilers, [&](std::string_view compiler) {
    return module == compiler || (module.starts_with(compiler) && module[compiler.size()] == '/');
  });
}

bool is_source_directory(std::string_view name) {
  return !name.starts_with('.') &&
         !is_one_of(name, {"__mocks__", "__tests__", "coverage", "cypress", "e2e", "node_modules", "test", "tests"});
}

class Search {
 public:
  Search(const BuildContext& context, const std::string& root)
      : context_(context),
        declared_(context, root),
        names_(declared_.development()),
        programs_(declared_.programs()),
        scripts_(declared_.scripts_with(programs_)) {}

  std::optional<DevelopmentNeed> helper() const {
    for (const auto name : helpers)
      if (declared_.names_development(name) && declared_.is_development(std::string(name)))
        return DevelopmentNeed{std::string(name), "compiled code may load `" + std::string(name) + '`'};
    return std::nullopt;
  }

  // Next reads it whenever it starts, and stops without TypeScript: https://github.com/vercel/next.js/issues/81798
  std::optional<DevelopmentNeed> of_next(const std::string& root) const {
    const std::string settings = "next.config.ts", package = "typescript";
    if (context_.kind(join_context_path(root, settings)) != PathKind::file || !declared_.is_development(package))
      return std::nullopt;
    return DevelopmentNeed{package, "Next reads `" + settings + "` with `" + package + "` when it starts"};
  }

  std::optional<DevelopmentNeed> in_manifest() const {
    for (const auto& part : declared_.own_parts())
      for (const auto strings = strings_of(part); const auto& name : names_)
        if (strings.contains(name))
          return DevelopmentNeed{name, "package.json names `" + name + "` for the project itself"};
    const bool has_databases = declared_.has_one_of(database_libraries);
    for (const auto& driver : drivers)
      if (has_databases && driver.database != "sqlite" && is_named(driver.package))
        return DevelopmentNeed{std::string(driver.package),
                               "the project may use a database through `" + std::string(driver.package) + '`'};
    for (const auto& target : declared_.imported())
      for (const auto& name : names_)
        if (target == name || strings_of(target).contains(name))
          return DevelopmentNeed{name, "`imports` of package.json names `" + name + '`'};
    return std::nullopt;
  }

  std::optional<DevelopmentNeed> in(const std::string& directory, int depth) {
    for (const auto& name : context_.entries(directory)) {
      if (read_ > most_bytes) return DevelopmentNeed{{}, "there is more source than is searched"};
      const auto path = join_context_path(directory, name);
      const auto kind = context_.kind(path);
      std::optional<DevelopmentNeed> found;
      if (kind == PathKind::directory && depth < deepest && is_source_directory(name)) found = in(path, depth + 1);
      if (kind == PathKind::file && is_source_file(name, directory)) found = in_file(path);
      if (kind == PathKind::file && is_settings_file(name) && !is_for_people(directory)) found = in_settings(path);
      if (found) return found;
    }
    return std::nullopt;
  }

 private:
  bool is_named(std::string_view package) const { return std::ranges::find(names_, package) != names_.end(); }

  // What a file loads of those that are not searched themselves: `require("./test/seed")`.
  std::optional<DevelopmentNeed> in_local(const std::string& place) {
    if (imports_ == most_imports) return std::nullopt;
    const auto written = without_script_ending(place);  // `./seed.js` of TypeScript is `seed.ts`
    for (const auto& path :
         {place, place + ".js", place + ".cjs", place + ".mjs", place + ".ts", place + ".tsx", place + "/index.js",
          place + "/index.ts", written + ".ts", written + ".tsx", written + ".mts", written + ".cts"}) {
      if (context_.kind(path) != PathKind::file) continue;
      if (!seen_.insert(path).second) return std::nullopt;
      ++imports_;
      auto found = in_file(path);
      --imports_;
      return found;
    }
    return std::nullopt;
  }

  std::optional<DevelopmentNeed> in_file(const std::string& path) {
    const auto text = context_.read(path);
    seen_.insert(path);
    if (!text) return std::nullopt;
    read_ += text->size();
    for (const auto& module : find_required_modules(*text)) {
      if (compiles(module))
        return DevelopmentNeed{module, '`' + path + "` has `" + module + "` compile the source, which may need one"};
      if (module.starts_with("./") || module.starts_with("../"))
        if (auto found = in_local(join_context_path(path_parent(path), module))) return found;
      auto package = package_of_module(module);
      if (package.empty() || !declared_.is_development(package)) continue;
      auto reason = '`' + path + "` imports `" + package + '`';
      return DevelopmentNeed{std::move(package), std::move(reason)};
    }
    const auto strings = strings_of(*text), places = places_of(*text);
    for (const auto& name : names_)
      if (strings.contains(name) || places.contains(name))
        return DevelopmentNeed{name, '`' + path + "` names `" + name + '`'};
    if (serves_all(*text) && !names_.empty())
      return DevelopmentNeed{names_.front(), '`' + path + "` may serve `" + names_.front() + "` of `node_modules`"};
    for (const auto engine : view_engines)
      if (is_named(engine) && has_ending(*text, engine))
        return DevelopmentNeed{std::string(engine), '`' + path + "` has views of `" + std::string(engine) + '`'};
    if (auto found = started_in(*text, strings)) {
      found->reason = found->reason + '`' + path + "` starts `" + found->package + '`';
      return found;
    }
    for (const auto& driver : drivers) {
      std::string package(driver.package);
      if (is_named(package) && strings.contains(driver.database))
        return DevelopmentNeed{package, '`' + path + "` uses a database through `" + package + '`'};
    }
    return std::nullopt;
  }

  // A program of a development dependency that code starts, itself or by a script of package.json.
  std::optional<DevelopmentNeed> started_in(std::string_view text, const Strings& strings) const {
    const auto has = [&](const std::string& part) { return text.find(part) != text.npos; };
    if (!has("spawn") && !has("exec") && !has("fork")) return std::nullopt;
    for (const auto& program : programs_)
      if (strings.contains(program) || starts_with_program(text, program)) return DevelopmentNeed{program, ""};
    for (const auto& [script, program] : scripts_)
      if (has("run " + script) || has("yarn " + script) || (strings.contains("run") && strings.contains(script)))
        return DevelopmentNeed{program, "by `npm run " + script + "` "};
    return std::nullopt;
  }

  std::optional<DevelopmentNeed> in_settings(const std::string& path) {
    const auto text = context_.read(path);
    if (!text) return std::nullopt;
    settings_read_ += text->size();
    if (settings_read_ > most_settings) return DevelopmentNeed{{}, "there are more settings than are searched"};
    for (const auto& name : names_)
      if (find_name(*text, name, "-_@/") != text->npos || find_name(*text, name + "/register", "-_@") != text->npos)
        return DevelopmentNeed{name, '`' + path + "` names `" + name + '`'};
    return std::nullopt;
  }

  const BuildContext& context_;
  const DeclaredPackages declared_;
  const std::vector<std::string> names_;                            // of development dependencies
  const std::vector<std::string> programs_;                         // of these
  const std::vector<std::pair<std::string, std::string>> scripts_;  // of package.json that start them
  std::set<std::string> seen_;                                      // files that are searched
  int imports_ = 0;                                                 // that led to the file
  std::size_t read_ = 0, settings_read_ = 0;                        // bytes
};

}  // namespace

std::optional<DevelopmentNeed> find_development_need(const BuildContext& context, const std::string& root,
                                                     const std::vector<std::string>& others) {
  if (!context.is_known()) return std::nullopt;
  Search search(context, root);
  if (auto found = search.helper()) return found;
  if (auto found = search.of_next(root)) return found;
  if (auto found = search.in_manifest()) return found;
  auto found = search.in(root, 0);
  for (const auto& other : others)
    if (!found) found = search.in(other, 1);
  return found;
}

}  // namespace dockhew::inline ecosystems
