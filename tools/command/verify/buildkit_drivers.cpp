// BuildKit, through `docker buildx`, `docker build` or `buildctl`, on this machine, in a cluster or in a cloud. Cache
// mounts are separated by a namespace that the Dockerfile frontend supports (BUILDKIT_CACHE_MOUNT_NS), and the first
// build of each variant ignores layers that are already cached. Nothing is ever pruned.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "builder_answers.hpp"
#include "builder_features.hpp"
#include "process.hpp"
#include "verify/drivers.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
using Words = std::vector<std::string>;

constexpr std::chrono::seconds short_limit{60};

// BuildKit numbers, in each stage, the steps that make a layer: "[builder 2/5] RUN make".
std::vector<std::uint32_t> layered_steps(const Stage& stage) {
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < stage.steps.size(); ++i) {
    const auto keyword = stage.steps[i].instruction->keyword;
    if (keyword == Keyword::run || keyword == Keyword::copy || keyword == Keyword::add || keyword == Keyword::workdir)
      result.push_back(i);
  }
  return result;
}

// Reads the lines of `--progress=plain`: "#7 [builder 2/5] RUN make" names a step, "#7 CACHED" says that it did not
// run.
class ProgressReader {
 public:
  ProgressReader(const Dockerfile& file, const OnStep& on_step) : file_(file), on_step_(on_step) {}

  void read(std::string_view line) {
    if (!line.starts_with('#')) return;
    const auto end = line.find(' ');
    if (end == line.npos) return;
    const std::string id(line.substr(1, end - 1));
    const auto rest = line.substr(end + 1);
    if (rest == "CACHED") cached_.insert(id);
    if (!rest.starts_with('[') || rest.starts_with("[internal]")) return;
    on_step_(rest);
    const auto close = rest.find(']');
    if (close == rest.npos) return;
    auto inside = rest.substr(1, close - 1);
    const auto space = inside.rfind(' ');
    const auto stage = find_stage(space == inside.npos ? std::string_view() : inside.substr(0, space));
    const auto numbers = space == inside.npos ? inside : inside.substr(space + 1);
    std::uint32_t number = 0;
    std::from_chars(numbers.data(), numbers.data() + numbers.size(), number);
    if (!stage || number < 2) return;  // 1 is FROM
    const auto layered = layered_steps(file_.stages()[*stage]);
    if (number - 2 < layered.size()) places_[id] = {*stage, layered[number - 2], false};
  }

  std::vector<BuildStep> take() {
    std::vector<BuildStep> steps;
    for (auto [id, step] : places_) {
      step.cached = cached_.contains(id);
      steps.push_back(step);
    }
    return steps;
  }

 private:
  // A stage without a name is "stage-1", or has no name at all if it is the only one. A platform may precede it.
  std::optional<std::uint32_t> find_stage(std::string_view name) const {
    if (const auto space = name.rfind(' '); space != name.npos) name.remove_prefix(space + 1);
    if (name.empty() || name.find('/') != name.npos)
      return file_.stages().size() == 1 ? std::optional(0u) : std::nullopt;
    for (const auto& stage : file_.stages())
      if (stage.name == name || (stage.name.empty() && name == "stage-" + std::to_string(stage.index)))
        return stage.index;
    return std::nullopt;
  }

  const Dockerfile& file_;
  const OnStep& on_step_;
  std::map<std::string, BuildStep> places_;
  std::set<std::string> cached_;
};

class BuildkitDriver : public BuildDriver {
 public:
  BuildkitDriver(std::string name, std::string directory) : name_(std::move(name)), directory_(std::move(directory)) {}
  std::string name() const override { return name_; }
  Builder kind() const override { return Builder::buildkit; }

  // FROM alone fetches nothing until something, such as WORKDIR, needs the files.
  std::string prepare(const std::vector<std::string>& base_images, const OnStep& on_step) override {
    const auto dockerfile = fs::path(directory_) / "base.Dockerfile";
    const auto context = fs::path(directory_) / "empty";
    std::error_code error;
    fs::create_directories(context, error);
    for (const auto& image : base_images) {
      on_step("base image " + image);
      std::ofstream(dockerfile) << "FROM " << image << "\nWORKDIR /dockhew-verify\n";
      BuildRequest request;
      request.dockerfile = dockerfile.string();
      request.context = context.string();
      LogTail tail;
      const auto result =
          follow_process({command(request, to_cache()), environment()}, [&](std::string_view line) { tail.add(line); });
      if (result.status != 0)
        return "the base image `" + image + "` cannot be fetched" + (result.error.empty() ? "" : ": " + result.error) +
               tail.text();
    }
    return {};
  }

  BuildResult build(const BuildRequest& request, const OnStep& on_step) override {
    auto arguments = command(request, timed_output(request.variant));
    if (cold_.insert(request.variant).second) arguments.emplace_back("--no-cache");
    ProgressReader reader(*request.file, on_step);
    LogTail tail;
    BuildResult result;
    const auto begin = Clock::now();
    const auto process = follow_process({arguments, environment()}, [&](std::string_view line) {
      tail.add(line);
      result.read_download(line);
      reader.read(line);
    });
    result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    result.steps = reader.take();
    if (process.status != 0) result.error = (process.error.empty() ? "" : ": " + process.error) + tail.text();
    return result;
  }

  std::string save(const BuildRequest& request, const std::string& archive) override {
    LogTail tail;
    const auto result = follow_process({command(request, to_archive(archive)), environment()},
                                       [&](std::string_view line) { tail.add(line); });
    return result.status == 0 ? "" : "the image cannot be saved" + tail.text();
  }

  void forget(Variant variant) override {
    cold_.erase(variant);
    ++generation_;
  }

 protected:
  // The whole command line; `output` contains the options that say where the result goes.
  virtual Words command(const BuildRequest& request, const Words& output) const = 0;
  virtual Words to_cache() const { return {"--output", "type=cacheonly"}; }
  virtual Words to_archive(const std::string& path) const { return {"--output", "type=docker,dest=" + path}; }
  virtual Words timed_output(Variant) const { return to_cache(); }
  virtual Words environment() const { return {}; }

  const std::string& directory() const { return directory_; }

  std::string cache_namespace(Variant variant) const {
    return fmt::format("BUILDKIT_CACHE_MOUNT_NS=dockhew-{}-{}-{}", ::getpid(), generation_, to_string(variant));
  }

 private:
  std::string name_, directory_;
  std::set<Variant> cold_;  // variants that were built once
  int generation_ = 0;
};

// Through the command line of `docker`: `docker buildx build`, with a separate builder, or `docker build`.
class DockerDriver : public BuildkitDriver {
 public:
  DockerDriver(std::string name, std::string directory, Words start)
      : BuildkitDriver(std::move(name), std::move(directory)), start_(std::move(start)) {}

  RunResult run(Variant variant, const std::string& script) override {
    RunResult result;
    const auto archive = (fs::path(directory()) / (std::string(to_string(variant)) + ".tar")).string();
    const auto loaded = run_process({"docker", "load", "--input", archive}, std::chrono::seconds(600));
    // "Loaded image: NAME" or "Loaded image ID: sha256:…"
    const auto colon = loaded.output.find(": ");
    if (loaded.status != 0 || colon == std::string::npos) return result.error = "the image cannot be run", result;
    const auto loaded_name = loaded.output.substr(colon + 2, loaded.output.find('\n') - colon - 2);
    result = run_in_image({{"docker", "run", "--rm", "--entrypoint", "/bin/sh", loaded_name, "-c", script}, {}});
    run_clean_up({"docker", "image", "rm", loaded_name}, short_limit);
    return result;
  }

 protected:
  Words command(const BuildRequest& request, const Words& output) const override {
    auto result = start_;
    result.insert(result.end(),
                  {"--progress=plain", "--file", request.dockerfile, "--build-arg", cache_namespace(request.variant)});
    result.insert(result.end(), output.begin(), output.end());
    for (const auto& argument : request.arguments) result.insert(result.end(), {"--build-arg", argument});
    result.insert(result.end(), request.options.begin(), request.options.end());
    result.push_back(request.context);
    return result;
  }

 private:
  Words start_;
};

// The BuildKit inside the Docker daemon, which `docker build` uses unless a builder was created. It cannot write an
// archive of what it builds. The image gets a name in the daemon, is saved from there, and is then removed; the time it
// takes to load it is part of the build, as it is for a user.
class DaemonDriver : public DockerDriver {
 public:
  using DockerDriver::DockerDriver;

  BuildResult build(const BuildRequest& request, const OnStep& on_step) override {
    auto result = DockerDriver::build(request, on_step);
    remove_image(request.variant);
    return result;
  }

  std::string save(const BuildRequest& request, const std::string& archive) override {
    LogTail tail;
    const auto add = [&](std::string_view line) { tail.add(line); };
    auto result = follow_process({command(request, timed_output(request.variant)), environment()}, add);
    if (result.status == 0)
      result = follow_process({{"docker", "save", "--output", archive, tag(request.variant)}, {}}, add);
    remove_image(request.variant);
    return result.status == 0 ? "" : "the image cannot be saved" + tail.text();
  }

 protected:
  // A user may have told buildx not to load what it builds (BUILDX_NO_DEFAULT_LOAD).
  Words timed_output(Variant variant) const override { return {"--load", "--tag", tag(variant)}; }
  static std::string tag(Variant variant) {
    return fmt::format("dockhew-verify-{}:{}", ::getpid(), to_string(variant));
  }

 private:
  static void remove_image(Variant variant) { run_clean_up({"docker", "image", "rm", tag(variant)}, short_limit); }
};

// Docker before 23 has BuildKit built in, and does not need buildx for it.
class OldDaemonDriver : public DaemonDriver {
 public:
  OldDaemonDriver(const std::string& version, std::string directory)
      : DaemonDriver("docker " + version, std::move(directory), {"docker", "build"}), version_(version) {}

  std::string unsupported(const Dockerfile& file) const override {
    const auto newer = unsupported_feature(file, BuilderProgram::docker, version_);
    return newer.empty() ? "" : name() + " does not support " + newer + " without a `# syntax=` line";
  }

 protected:
  Words timed_output(Variant variant) const override { return {"--tag", tag(variant)}; }
  Words environment() const override { return {"DOCKER_BUILDKIT=1"}; }

 private:
  std::string version_;
};

class BuildctlDriver : public BuildkitDriver {
 public:
  using BuildkitDriver::BuildkitDriver;
  RunResult run(Variant, const std::string&) override {
    return {-1, "", "buildctl cannot run images; `--run` needs docker, podman or buildah"};
  }

 protected:
  Words command(const BuildRequest& request, const Words& output) const override {
    const fs::path dockerfile(request.dockerfile);
    Words result = {"buildctl",
                    "build",
                    "--progress=plain",
                    "--frontend",
                    "dockerfile.v0",
                    "--local",
                    "context=" + request.context,
                    "--local",
                    "dockerfile=" + dockerfile.parent_path().string(),
                    "--opt",
                    "filename=" + dockerfile.filename().string(),
                    "--opt",
                    "build-arg:" + cache_namespace(request.variant)};
    for (const auto& argument : request.arguments) result.insert(result.end(), {"--opt", "build-arg:" + argument});
    result.insert(result.end(), request.options.begin(), request.options.end());
    result.insert(result.end(), output.begin(), output.end());
    return result;
  }
  Words to_cache() const override { return {}; }
};

}  // namespace

FoundDriver open_docker(const std::string& directory) {
  if (find_program("docker").empty()) return {nullptr, "docker is not installed"};
  const auto version = run_process({"docker", "buildx", "version"}, short_limit);
  if (version.status != 0) {
    const auto client = run_process({"docker", "version", "--format", "{{.Client.Version}}"}, short_limit);
    const auto number = client.output.substr(0, client.output.find_first_of("+\n"));
    if (client.status != 0) return {nullptr, "no Docker daemon answers; start it, or set DOCKER_HOST"};
    if (version_at_least(number, "23")) return {nullptr, "docker has no buildx here"};
    return {std::make_unique<OldDaemonDriver>(number, directory), ""};
  }
  const auto builder = run_process({"docker", "buildx", "inspect", "--bootstrap"}, std::chrono::seconds(300));
  if (builder.status != 0) return {nullptr, "docker has no running builder; `docker buildx ls` lists them"};
  const auto name = "docker buildx " + version_said(version.output);
  const Words start = {"docker", "buildx", "build"};
  if (inspected_value(builder.output, "Driver:") == "docker")
    return {std::make_unique<DaemonDriver>(name, directory, start), ""};
  return {std::make_unique<DockerDriver>(name, directory, start), ""};
}

FoundDriver open_buildctl(const std::string& directory) {
  if (find_program("buildctl").empty()) return {nullptr, "buildctl is not installed"};
  const auto version = run_process({"buildctl", "--version"}, short_limit);
  if (run_process({"buildctl", "debug", "workers"}, short_limit).status != 0)
    return {nullptr, "no buildkitd answers; start it, or set BUILDKIT_HOST"};
  return {std::make_unique<BuildctlDriver>("buildctl " + version_said(version.output), directory), ""};
}

}  // namespace dockhew::cli
