// JavaScript and TypeScript on Node or Bun: npm, Yarn, pnpm, Bun.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/node/caches.hpp"
#include "ecosystems/node/effects.hpp"
#include "ecosystems/node/interpreter.hpp"
#include "ecosystems/node/manifests.hpp"
#include "ecosystems/node/omitted_development.hpp"
#include "ecosystems/node/package_scripts.hpp"
#include "ecosystems/node/pruning.hpp"
#include "ecosystems/node/refusal.hpp"
#include "ecosystems/node/required_modules.hpp"
#include "ecosystems/node/runtime.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"npm", "yarn", "pnpm", "turbo", "npx", "corepack", "bun"};

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = "node_modules", .beside = "package.json", .holds = Holds::packages, .workspace = "\"workspaces\""},
    {.path = "bower_components", .beside = "bower.json", .holds = Holds::remains, .may_be_written = true},
    {.path = ".next", .beside = "next.config.*", .holds = Holds::results},
    {.path = ".nuxt", .beside = "nuxt.config.*", .holds = Holds::results},
    {.path = ".output", .beside = "nuxt.config.* app.config.*", .holds = Holds::results, .may_be_written = true},
    {.path = ".svelte-kit", .beside = "svelte.config.*", .holds = Holds::results},
    {.path = ".turbo", .beside = "turbo.json", .holds = Holds::remains},
    {.path = ".angular", .beside = "angular.json", .holds = Holds::remains, .may_be_written = true},
    {.path = "dist",
     .beside = "package.json",
     .holds = Holds::results,
     .may_be_written = true,
     .made_by = "vite \"tsc tsc\" rollup webpack esbuild tsup parcel nest @angular unbuild tsdown swc babel ng vue-cli",
     .made_elsewhere = "@sveltejs/kit \"next\" \"nuxt\" \"react-scripts\" \"@remix-run/dev\"",
     .moved_by = "vite.config.* outDir"},
    {.path = "build",
     .beside = "package.json",
     .holds = Holds::results,
     .may_be_written = true,
     .made_by = "react-scripts craco react-app-rewired docusaurus @remix-run adapter-node @adonisjs gulp-build"},
    {.path = "out",
     .beside = "next.config.*",
     .holds = Holds::results,
     .may_be_written = true,
     .made_by = "'export' \"export\" `export` next-export"},
    {.path = "coverage",
     .beside = "package.json",
     .holds = Holds::remains,
     .may_be_written = true,
     .made_by = "jest vitest nyc \"c8 karma istanbul react-scripts coverage",
     .proof = "lcov.info"},
    {.path = ".nyc_output", .beside = ".nycrc*", .holds = Holds::remains},
};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "git-revision",
    "git-rev-sync",
    "git-describe",
    "git-last-commit",
    "git-repo-info",
    "git-rev",
    "simple-git",
    "isomorphic-git",
    "nodegit",
    "git-commit-info",
    "git-hooks",
    "lefthook",
    "git-raw-commits",
    "git-semver",
    "gitinfo",
    "child-process-git",
    "vite-plugin-git",
    "git-commit-version",
    "showLastUpdateTime",
    "lastUpdated",
    "nuxt-content-git",
    "eleventy-plugin-git",
    "lerna changed",
    "git-date",
    "last-commit-log",
    "next-build-id",
    "unplugin-info",
    "nx affected",
    "nextra",
    "@vuepress/plugin-git",
    // What has changed since a commit: https://turborepo.com/docs/reference/run#--filter-string, and pnpm's the same.
    "[HEAD",
    "[origin/",
    "--affected",
    // Its sources are repositories: https://docs.antora.org/antora/latest/playbook/content-source-url/
    "@antora/",
};

// `determineReleaseName` in
// https://github.com/getsentry/sentry-javascript-bundler-plugins/blob/main/packages/bundler-plugin-core/src/utils.ts
constexpr GitQuestion git_questions[] = {
    {.word = "SentryWebpackPlugin", .answer = "release", .variable = "SENTRY_RELEASE"},
    {.word = "sentryEsbuildPlugin", .answer = "release", .variable = "SENTRY_RELEASE"},
    {.word = "sentryRollupPlugin", .answer = "release", .variable = "SENTRY_RELEASE"},
    {.word = "sentrySvelteKit", .answer = "release", .variable = "SENTRY_RELEASE"},
    {.word = "sentryVitePlugin", .answer = "release", .variable = "SENTRY_RELEASE"},
    {.word = "sentryWebpackPlugin", .answer = "release", .variable = "SENTRY_RELEASE"},
    {.word = "withSentryConfig", .answer = "release", .variable = "SENTRY_RELEASE"},
};

// Packages and programs that read settings from a file in the project. Of the last ones:
// https://nodejs.org/api/process.html#processloadenvfilepath, https://docs.strapi.io/cms/configurations/environment,
// https://docs.medusajs.com/learn/fundamentals/environment-variables, https://directus.io/docs/configuration/intro,
// https://nx.dev/docs/guides/tips-n-tricks/define-environment-variables,
// https://parceljs.org/features/node-emulation/#.env-files, https://rsbuild.rs/guide/advanced/env-vars,
// https://payloadcms.com/docs/configuration/environment-vars, https://bun.com/docs/runtime/environment-variables.
constexpr std::string_view settings_readers[] = {
    "dotenv",          "env-cmd",        "\"vite\"",        "\"next\"",   "react-scripts", "\"nuxt\"",   "\"astro\"",
    "vue-cli-service", "@nestjs/config", "node --env-file", "--env-file", "\"expo\"",      "\"gatsby\"", "envalid",
    "\"prisma\"",      "@adonisjs/",     "\"dotenvx",       "\"@dotenvx", "convict",       "env-schema", "@fastify/env",
    "\"bun\"",         "bun run",        "bun --",          "\"bun ",     "@sveltejs/kit", "svelte-kit", "loadEnvFile",
    "\"@strapi/",      "\"strapi\"",     "\"@medusajs/",    "\"directus", "\"@directus/",  "\"nx\"",     "\"@nrwl/",
    "\"parcel\"",      "@rsbuild/",      "\"payload\"",     "\"n8n\"",    "\"convex\"",    "\"sst\"",    "oven/bun",
};

// Nothing else puts variables into a package.json.
std::string text_at_installation(const ToolUse& use, std::string_view path, const std::string& text) {
  if (path_basename(path) != "package.json") return text;
  return use.has_option("--ignore-scripts") ? std::string() : lines_at_installation(text);
}

}  // namespace

extern constinit const Ecosystem node = {
    .id = "node",
    .language = "node",
    .tools = tools,
    .cache_hazards = node_cache_hazards,
    .kept_directories = node_kept_directories,
    .effects = node_effects,
    .derived_manifests = pruned_manifests,
    .installation = node_installation,
    .manifests = node_manifests,
    .text_at_installation = text_at_installation,
    .local_settings = node_local_settings,
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = git_questions,
    .settings_readers = settings_readers,
    .local_imports = node_local_imports,
    .missing_for_build = node_missing_for_build,
    .refusal = node_refusal,
    .runtime = &node_runtime,
    .pruning = &node_pruning,
    .interpreter = &node_interpreter,
};

}  // namespace dockhew::inline ecosystems
