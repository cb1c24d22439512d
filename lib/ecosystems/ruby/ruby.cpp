// Ruby: RubyGems and Bundler.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/manifest_calls.hpp"
#include "ecosystems/plain_manifest.hpp"
#include "ecosystems/ruby/caches.hpp"
#include "ecosystems/ruby/effects.hpp"
#include "ecosystems/ruby/interpreter.hpp"
#include "ecosystems/ruby/refusal.hpp"
#include "ecosystems/ruby/runtime.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"gem", "bundler"};

bool reads_gemfile(const ToolUse& use) { return use.tool->id == "bundler"; }

Installation installation(const ToolUse& use) {
  if (reads_gemfile(use) && is_plain_installation(use)) return {Declares::manifest, false};
  return named_installation(use, !reads_gemfile(use));
}

// Without `cat .ruby-version`, a file that is copied with the Gemfile.
std::string without_known_command(std::string_view text) {
  constexpr std::string_view known = "`cat .ruby-version`";
  auto rest = without_comments(text);
  for (auto at = rest.find(known); at != rest.npos; at = rest.find(known, at)) rest.erase(at, known.size());
  return rest;
}

// A Gemfile is a program.
Obstacle gemfile_obstacle(std::string_view text) {
  constexpr std::string_view words[] = {"gemspec",     "path",          "eval_gemfile", "require_relative",
                                        "__dir__",     "tool-versions", "load ",        "load(",
                                        "require './", "require \"./",  "%x",           "system(",
                                        "system \"",   "system '",      "exec(",        "exec \"",
                                        "spawn",       "popen",         "open(",        "$:",
                                        "$LOAD_PATH",  "eval(",         "eval ",        "instance_eval",
                                        "class_eval"};
  constexpr std::string_view harmless[] = {"ENV*",   "Gem.win_platform", "Gem.ruby_version", "Gem::Version.new",
                                           "RUBY_*", "RbConfig*",        "Float*",           "Integer*"};
  const auto program = without_known_command(text);
  if (program.find('`') != program.npos)
    return Declined{"Gemfile starts a command in backticks, which may read a part of the source"};
  if (auto obstacle = names_source("Gemfile", program, words)) return obstacle;
  return calls_unknown("Gemfile", program, harmless);
}

// `.bundle/config`
constexpr std::string_view places_in_settings[] = {"BUNDLE_GEMFILE", "BUNDLE_LOCAL"};
constexpr SettingsWords bundler_settings[] = {{"config", places_in_settings}};

Outcome<Manifests> manifests(const Site& site, const ToolUse& use, const Project& project) {
  return find_plain_manifests(site, use, project,
                              {.file = "Gemfile",
                               .lock = "Gemfile.lock",
                               .in_source = "vendor/cache",
                               .obstacle = gemfile_obstacle,
                               .settings = bundler_settings});
}

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = "vendor/bundle", .beside = "Gemfile", .holds = Holds::packages, .made_by = "vendor/bundle"},
    {.path = ".bundle", .beside = "Gemfile", .holds = Holds::remains, .may_be_written = true},
};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "git ls-files", "jekyll-last-modified", "jekyll-git", "rugged", "gem \"git\"", "gem 'git'",
};

// https://github.com/getsentry/sentry-ruby/blob/master/sentry-ruby/lib/sentry/release_detector.rb
constexpr GitQuestion git_questions[] = {
    {.word = "Raven.configure", .answer = "release", .variable = "SENTRY_RELEASE", .when_it_starts = true},
    {.word = "Sentry.init", .answer = "release", .variable = "SENTRY_RELEASE", .when_it_starts = true},
};

// Packages and programs that read settings from a file in the project. https://ddollar.github.io/foreman/#ENVIRONMENT
constexpr std::string_view settings_readers[] = {
    "dotenv",
    "figaro",
    "foreman",
};

}  // namespace

extern constinit const Ecosystem ruby = {
    .id = "ruby",
    .language = "ruby",
    .tools = tools,
    .image_variable = ruby_image_variable,
    .effects = ruby_effects,
    .installation = installation,
    .manifests = manifests,
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = git_questions,
    .settings_readers = settings_readers,
    .refusal = ruby_refusal,
    .runtime = &ruby_runtime,
    .interpreter = &ruby_interpreter,
};

}  // namespace dockhew::inline ecosystems
