// Buildah and Podman, which share their storage and most of their command line. Each variant has its own storage in a
// temporary directory, with the user's as a read-only source of base images, and its own cache mounts, which Buildah
// keeps below TMPDIR.
#include <fmt/format.h>
#include <sys/mount.h>

#include <charconv>
#include <filesystem>

#include "builder_answers.hpp"
#include "builder_features.hpp"
#include "process.hpp"
#include "text/json.hpp"
#include "verify/drivers.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds short_limit{60}, pull_limit{1800};
constexpr std::size_t most_steps = 100'000;  // a program that RUN starts can print lines that look like steps
constexpr const char* tag = "localhost/dockhew-verify:built";

struct Storage {
  std::string root, driver;
};

class ContainersDriver : public BuildDriver {
 public:
  ContainersDriver(std::string program, std::string version, Storage shared, std::string directory)
      : program_(std::move(program)),
        version_(std::move(version)),
        shared_(std::move(shared)),
        directory_(std::move(directory)) {}

  ~ContainersDriver() override {
    for (const auto variant : {Variant::original, Variant::optimized}) forget(variant);
  }
  ContainersDriver(const ContainersDriver&) = delete;
  ContainersDriver& operator=(const ContainersDriver&) = delete;

  std::string name() const override { return program_ + " " + version_; }
  Builder kind() const override { return Builder::buildah; }

  std::string unsupported(const Dockerfile& file) const override {
    const auto program = program_ == "podman" ? BuilderProgram::podman : BuilderProgram::buildah;
    const auto newer = unsupported_feature(file, program, version_);
    return newer.empty() ? "" : name() + " does not support " + newer;
  }

  std::string prepare(const std::vector<std::string>& base_images, const OnStep& on_step) override {
    for (const auto& image : base_images) {
      on_step("base image " + image);
      // If the user already has it, it is taken from there and nothing is downloaded.
      const auto ask = program_ == "podman" ? std::vector<std::string>{"podman", "image", "exists", image}
                                            : std::vector<std::string>{"buildah", "inspect", "--type", "image", image};
      if (run_process(ask, short_limit).status == 0) continue;
      for (const auto variant : {Variant::original, Variant::optimized}) {
        auto arguments = command(variant);
        arguments.insert(arguments.end(), {"pull", image});
        LogTail tail;
        const auto result = follow_process({arguments, environment(variant), pull_limit},
                                           [&](std::string_view line) { tail.add(line); });
        if (result.status != 0)
          return "the base image `" + image + "` is not available locally and cannot be pulled" + why(result, tail);
      }
    }
    return {};
  }

  BuildResult build(const BuildRequest& request, const OnStep& on_step) override {
    auto arguments = command(request.variant);
    arguments.insert(arguments.end(), {program_ == "podman" ? "build" : "bud", "--layers", "--pull=missing", "--tag",
                                       tag, "--file", request.dockerfile});
    for (const auto& argument : request.arguments) arguments.insert(arguments.end(), {"--build-arg", argument});
    arguments.insert(arguments.end(), request.options.begin(), request.options.end());
    arguments.push_back(request.context);
    BuildResult result;
    LogTail tail;
    const auto begin = Clock::now();
    const auto process = follow_process({arguments, environment(request.variant)}, [&](std::string_view line) {
      tail.add(line);
      result.read_download(line);
      read_line(line, result.steps, on_step);
    });
    result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    if (process.status != 0) result.error = why(process, tail);
    return result;
  }

  std::string save(const BuildRequest& request, const std::string& archive) override {
    std::error_code error;
    fs::remove(archive, error);  // neither program writes over an archive
    auto arguments = command(request.variant);
    arguments.insert(arguments.end(), {"push", tag, "docker-archive:" + archive});
    LogTail tail;
    const auto result =
        follow_process({arguments, environment(request.variant)}, [&](std::string_view line) { tail.add(line); });
    return result.status == 0 ? "" : "the image cannot be saved" + why(result, tail);
  }

  void forget(Variant variant) override {
    std::error_code error;
    const auto home = fs::path(directory_) / to_string(variant);
    if (!fs::exists(home, error)) return;
    auto arguments = command(variant);
    arguments.insert(arguments.end(), {"rm", "--all"});
    run_clean_up(arguments, short_limit);  // unmounts what an aborted build left behind
    ::umount2((home / "storage" / shared_.driver).c_str(), MNT_DETACH);
    fs::remove_all(home, error);
    if (!fs::exists(home, error)) return;
    // Without privileges the files belong to other users of this user's namespace.
    run_clean_up({program_, "unshare", "rm", "-rf", home.string()}, short_limit);
  }

  RunResult run(Variant variant, const std::string& script) override {
    RunResult result;
    auto arguments = command(variant);
    if (program_ == "podman") {
      arguments.insert(arguments.end(), {"run", "--rm", "--entrypoint", "/bin/sh", tag, "-c", script});
    } else {
      auto from = command(variant);
      from.insert(from.end(), {"from", tag});
      const auto made = run_process(from, short_limit);
      if (made.status != 0) return result.error = "the image cannot be run", result;
      const auto container = made.output.substr(0, made.output.find('\n'));
      arguments.insert(arguments.end(), {"run", container, "--", "/bin/sh", "-c", script});
    }
    return run_in_image({arguments, environment(variant)});
  }

 private:
  std::vector<std::string> command(Variant variant) const {
    const auto home = fs::path(directory_) / to_string(variant);
    std::error_code error;
    fs::create_directories(home / "tmp", error);
    return {program_,
            "--root",
            (home / "storage").string(),
            "--runroot",
            (home / "run").string(),
            "--storage-driver",
            shared_.driver,
            "--storage-opt",
            shared_.driver + ".imagestore=" + shared_.root};
  }

  std::vector<std::string> environment(Variant variant) const {
    return {"TMPDIR=" + (fs::path(directory_) / to_string(variant) / "tmp").string()};
  }

  static std::string why(const ProcessResult& result, const LogTail& tail) {
    return (result.error.empty() ? "" : ": " + result.error) + tail.text();
  }

  // "[1/2] STEP 3/7: RUN make", and "--> Using cache 3f2a…" after it when nothing ran. Step 1 is FROM.
  static void read_line(std::string_view line, std::vector<BuildStep>& steps, const OnStep& on_step) {
    std::uint32_t stage = 1;
    auto rest = line;
    const auto number = [&](std::uint32_t& out) {
      const auto end = std::from_chars(rest.data(), rest.data() + rest.size(), out).ptr;
      rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    };
    if (rest.starts_with("--> Using cache") && !steps.empty()) steps.back().cached = true;
    if (rest.starts_with('[')) {
      rest.remove_prefix(1);
      number(stage);
      const auto end = rest.find("] ");
      if (end == rest.npos) return;
      rest.remove_prefix(end + 2);
    }
    if (!rest.starts_with("STEP ")) return;
    rest.remove_prefix(5);
    std::uint32_t step = 0;
    number(step);
    on_step(line);
    if (stage > 0 && step > 1 && steps.size() < most_steps) steps.push_back({stage - 1, step - 2, false});
  }

  std::string program_, version_;
  Storage shared_;
  std::string directory_;
};

FoundDriver open(const std::string& program, const std::string& directory) {
  if (find_program(program).empty()) return {nullptr, program + " is not installed"};
  const auto version = run_process({program, "--version"}, short_limit);
  std::vector<std::string> ask = {program, "info"};
  if (program == "podman") ask.insert(ask.end(), {"--format", "json"});
  const auto document = parse_json(run_process(ask, short_limit).output).value;
  const auto* store = document.find("store");
  if (version.status != 0 || store == nullptr || !store->is_object())
    return {nullptr, program + " does not work here: `" + program + " info` fails"};
  Storage shared;
  for (const auto& [key, value] : store->members()) {
    if ((key == "GraphRoot" || key == "graphRoot") && value.is_string()) shared.root = *value.string();
    if ((key == "GraphDriverName" || key == "graphDriverName") && value.is_string()) shared.driver = *value.string();
  }
  if (shared.root.empty() || shared.driver.empty())
    return {nullptr, program + " does not report where it keeps images"};
  return {std::make_unique<ContainersDriver>(program, version_said(version.output), shared, directory), ""};
}

}  // namespace

FoundDriver open_buildah(const std::string& directory) { return open("buildah", directory); }
FoundDriver open_podman(const std::string& directory) { return open("podman", directory); }

}  // namespace dockhew::cli
