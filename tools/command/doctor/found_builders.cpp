#include "doctor/found_builders.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "builder_answers.hpp"
#include "facts/facts.hpp"
#include "process.hpp"

namespace dockhew::cli {
namespace {

constexpr std::chrono::seconds limit{10};
constexpr std::size_t most = std::size_t{64} << 10U;  // bytes of an answer

ProcessResult ask(const std::vector<std::string>& arguments) { return run_process(arguments, limit, most); }

std::string version_of(const ProcessResult& answer) {
  const auto version = answer.status == 0 ? version_said(answer.output) : "?";
  return version == "?" ? "" : version;
}

FoundBuilder found(const std::string& name, BuilderProgram form) {
  FoundBuilder builder;
  builder.name = name;
  builder.path = find_program(name);
  builder.form = form;
  return builder;
}

// A program that says its version and needs nothing else to build.
FoundBuilder find_simple(const std::string& name, BuilderProgram form) {
  auto builder = found(name, form);
  if (builder.path.empty()) return builder;
  const auto answer = ask({builder.path, "--version"});
  builder.version = version_of(answer);
  if (answer.status != 0)
    builder.problem = "`" + name + " --version` fails" + (answer.error.empty() ? "" : ": " + answer.error);
  return builder;
}

// The builder that buildx uses. Without a daemon it has an answer too.
void read_buildx(FoundBuilder& docker) {
  const auto inspected = ask({docker.path, "buildx", "inspect"});
  if (inspected.status != 0) return;
  const auto driver = inspected_value(inspected.output, "Driver:");
  auto version = inspected_value(inspected.output, "BuildKit version:");
  if (version.empty()) version = inspected_value(inspected.output, "Buildkit:");  // before buildx 0.12
  if (version.starts_with('v')) version.erase(0, 1);
  if (!driver.empty())
    docker.notes.push_back("builds with the driver `" + driver + "`" +
                           (version.empty() ? "" : ", which has BuildKit " + version));
  if (version_numbers(version).empty()) return;
  docker.form = BuilderProgram::buildkit;
  docker.version = version;
}

// https://docs.docker.com/engine/release-notes/23.0/: BuildKit is the default, and only in buildx.
void judge_docker(FoundBuilder& docker, const std::string& release, bool buildx) {
  const char* set = std::getenv("DOCKER_BUILDKIT");
  const std::string_view switched = set == nullptr ? "" : set;
  const bool known = !version_numbers(release).empty(), old = known && !version_at_least(release, "23");
  if (switched == "0") {
    docker.form = BuilderProgram::legacy;
    docker.notes.emplace_back("`DOCKER_BUILDKIT=0` is set here, so `docker build` uses the legacy builder");
  } else if (known && !version_at_least(release, "18.09")) {
    docker.form = BuilderProgram::legacy;
    docker.notes.emplace_back("it has no BuildKit, which came with 18.09");
  } else if (known && !old && !buildx) {
    docker.form = BuilderProgram::legacy;
    docker.notes.emplace_back(
        "without buildx it uses the legacy builder; install `docker-buildx-plugin`, or Debian's "
        "`docker-buildx`");
  } else if (old && switched != "1") {
    docker.notes.emplace_back("`docker build` uses BuildKit only with `DOCKER_BUILDKIT=1`, which is not set here");
  }
}

FoundBuilder find_docker() {
  auto docker = found("docker", BuilderProgram::docker);
  if (docker.path.empty()) return docker;
  const auto client = version_of(ask({docker.path, "version", "--format", "{{.Client.Version}}"}));
  const auto server = version_of(ask({docker.path, "version", "--format", "{{.Server.Version}}"}));
  docker.version = server.empty() ? client : server;
  const auto release = docker.version;
  const auto buildx = ask({docker.path, "buildx", "version"});
  if (buildx.status == 0) docker.notes.push_back("buildx " + version_said(buildx.output));
  if (buildx.status == 0) read_buildx(docker);
  if (server.empty() && docker.form == BuilderProgram::docker)
    docker.problem = "no Docker daemon answers; start it, or set DOCKER_HOST";
  else if (docker.version != release) docker.notes.insert(docker.notes.begin(), "Docker " + release);
  judge_docker(docker, release, buildx.status == 0);
  return docker;
}

// It lies where its images have it.
FoundBuilder find_kaniko() {
  FoundBuilder kaniko;
  kaniko.name = "kaniko";
  kaniko.form = BuilderProgram::kaniko;
  constexpr auto place = "/kaniko/executor";
  if (::access(place, X_OK) != 0) return kaniko;
  kaniko.path = place;
  kaniko.version = version_of(ask({place, "version"}));
  return kaniko;
}

}  // namespace

std::vector<FoundBuilder> find_builders() {
  std::vector<FoundBuilder> all;
  all.push_back(find_docker());
  all.push_back(find_simple("buildctl", BuilderProgram::buildkit));
  if (!all.back().path.empty()) all.back().notes.emplace_back("whether a `buildkitd` answers was not asked");
  all.push_back(find_simple("podman", BuilderProgram::podman));
  all.push_back(find_simple("buildah", BuilderProgram::buildah));
  all.push_back(find_kaniko());
  return all;
}

std::string_view builder_option(BuilderProgram form) {
  switch (form) {
    case BuilderProgram::docker:
    case BuilderProgram::buildkit: break;
    case BuilderProgram::podman:
    case BuilderProgram::buildah: return "--builder buildah";
    case BuilderProgram::kaniko: return "--builder kaniko";
    case BuilderProgram::legacy: return "--builder legacy";
  }
  return {};
}

}  // namespace dockhew::cli
