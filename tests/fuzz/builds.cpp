// Compose files, bake files, workflows, devcontainer.json, scripts and deployments come with a repository: any bytes in
// them give builds or an error. The first byte chooses which.
#include <array>

#include "project/build_files.hpp"
#include "project/compose_file.hpp"
#include "project/container_runs.hpp"
#include "scratch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  static const auto paths = [] {
    const auto directory = scratch_directory();
    std::filesystem::create_directories(directory + "/.github/workflows");
    // It adds to this one.
    write_bytes(directory + "/compose.yaml", "services:\n  a:\n    build: {context: ., args: [A=1]}\n");
    return std::array{
        directory + "/compose.prod.yaml", directory + "/docker-bake.hcl",         directory + "/docker-bake.json",
        directory + "/devcontainer.json", directory + "/.github/workflows/a.yml", directory + "/Makefile",
        directory + "/package.json",      directory + "/.gitlab-ci.yml",          directory + "/pod.yaml"};
  }();
  const auto& path = paths[data[0] % paths.size()];
  write_bytes(path, {reinterpret_cast<const char*>(data) + 1, size - 1});
  dockhew::cli::ComposeDirectories known;
  const auto read =
      dockhew::cli::is_run_file(path) ? dockhew::cli::read_run_file(path, known) : dockhew::cli::read_build_file(path);
  if (read.builds.size() > dockhew::cli::most_builds) std::abort();
  return 0;
}
