// Fires on an installation that the image certainly refuses: pip where the distribution manages Python's packages, npm
// where its newest version asks for another Node, Go without the checksums of modules, Cargo, .NET and Maven where the
// project is for a later version than the image has. Each ecosystem knows its own reasons.
#include <optional>

#include "ecosystems/ecosystem.hpp"
#include "lint/newer_image.hpp"
#include "lint/rule.hpp"
#include "model/failure.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

std::optional<Fix> fix_of(const Dockerfile& file, const Stage& stage, const Refusal& refusal) {
  if (!refusal.needs.empty()) return newer_image_fix(file, stage, refusal.has, refusal.needs);
  if (refusal.edits.empty()) return std::nullopt;
  Fix fix;
  fix.title = refusal.title;
  fix.applicability = Applicability::safe;
  fix.edits = refusal.edits;
  return fix;
}

// Builds do not get beyond the first of a stage. For each use of a tool the commands before it are gone through, so
// that nothing is said of a RUN with more than anybody writes.
void check_stage(const Dockerfile& file, const Stage& stage, Report& report) {
  constexpr std::size_t most_commands = 500;
  for (const auto& step : stage.steps) {
    if (!step.script || step.script->commands.size() > most_commands) continue;
    for (const auto& use : step.script->uses) {
      const auto* ecosystem = find_ecosystem(*use.tool);
      const auto& command = *use.command;
      if (ecosystem == nullptr || ecosystem->refusal == nullptr || command.nested || command.piped ||
          command.conditional || is_failure_caught(*step.script, command))
        continue;
      const auto refusal = ecosystem->refusal({file, stage, step}, use);
      if (refusal.reason.empty()) continue;
      auto& finding = report.add(step.script->to_source(command.span), refusal.reason);
      if (auto fix = fix_of(file, stage, refusal)) finding.fixes.push_back(*std::move(fix));
      return;
    }
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) check_stage(file, stage, report);
}

}  // namespace

extern constinit const Rule refused_installation = {
    .id = "refused-installation",
    .category = Category::correctness,
    .severity = Severity::error,
    .stops_build = true,
    .summary = "an installation that the image certainly refuses",
    .rationale =
        R"(Debian from bookworm on, Ubuntu from 23.04 on and Alpine from 3.19 on manage the packages of their Python themselves:
`pip install` ends with "externally-managed-environment". A virtual environment is the answer (`python3 -m venv /opt/venv`), or,
in an image that does nothing else, `--break-system-packages`. Docker's images of Python are not affected.

`bundle install` stops where the Gemfile says `ruby "3.2.8"` and the image is `ruby:3.2.0`. Give the tag the version that the
project asks for. Docker's images of Go set `GOTOOLCHAIN=local`, so that a go.mod which asks for a later Go is refused. Composer
stops where a package of the lock file needs an extension that the image lacks, `gem update --system` and `gem install bundler`
where the newest RubyGems or Bundler does not run on the image's Ruby, and `npm install -g npm@latest` where the newest npm does not
run on its Node. pnpm itself stops on a Node that is too old for it, and from pnpm 11 on where a package wants to run a script that
nobody has approved, `go install …@latest` where the newest version asks for a later
Go, and outside of a module `go install` and `go run` without a version (since Go 1.16) and `go get` (since 1.18).

Since Go 1.16 nothing is built whose source imports a module that go.sum has no checksum of, and `go mod download` writes none that
would do: without a go.sum, `go build` ends with "missing go.sum entry". Commit it. A Cargo.toml with `edition = "2024"` needs Rust
1.85, a Cargo.lock of version 4 Rust 1.78, and with `rust-version` a package names the Rust that it needs itself. A project for
`net8.0` needs an SDK of .NET 8 or later (NETSDK1045), and a pom.xml with `maven.compiler.release` 21 a JDK of 21 or later.

Where another version of the image is needed, the fix names it in FROM, and of a stage that runs what is built with it, and is unsafe: what
else the newer image changes, only a build shows. A release of the distribution that it may no longer be made for is left to a
person. Where a version of a program would do, the command gets it.

Reported only where the release, the version and the manifest are known, and nothing before may have brought another Python.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
