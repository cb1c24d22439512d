#include "project/building_programs.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "files.hpp"
#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "project/repository_builds.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

// A call that builds an image from a Dockerfile, what else stands in a file that has it, and what would make it use
// BuildKit.
struct Call {
  std::string_view ending, text, also, unless;
};
constexpr Call calls[] = {
    {".py", "images.build(", "docker", ""},  // https://docker-py.readthedocs.io/en/stable/images.html
    {".rb", "Docker::Image.build_from_dir(", "", ""},
    {".rake", "Docker::Image.build_from_dir(", "", ""},
    // https://java.testcontainers.org/features/creating_images/ and those of the other languages
    {".java", "new ImageFromDockerfile(", "", ""},
    {".kt", "ImageFromDockerfile(", "testcontainers", ""},
    {".cs", "new ImageFromDockerfileBuilder(", "", ""},
    {".go", "testcontainers.FromDockerfile{", "", "BuildOptionsModifier"},
    {".ts", "GenericContainer.fromDockerfile(", "", "withBuildkit("},
    // https://registry.terraform.io/providers/kreuzwerker/docker/latest/docs/resources/image
    {".tf", "resource \"docker_image\"", "build {", ""},
    {".js", "GenericContainer.fromDockerfile(", "", "withBuildkit("},
    {".py", "DockerImage(", "testcontainers", ""},
    {".js", ".buildImage(", "dockerode", "version:"},
    {".ts", ".buildImage(", "dockerode", "version:"},
    // https://dmp.fabric8.io/#build-overview: with `buildx` it calls that.
    {"pom.xml", "<artifactId>docker-maven-plugin<", "<contextDir>", "<buildx>"},
    {"pom.xml", "<artifactId>docker-maven-plugin<", "<dockerFile", "<buildx>"},
    {"pom.xml", "<artifactId>dockerfile-maven-plugin<", "", ""},
    {".gradle", "DockerBuildImage", "", "buildkit"},
    {".gradle.kts", "DockerBuildImage", "", "buildkit"},
    // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
    {"template.yaml", "AWS::Serverless", "Dockerfile:", ""},
    {"template.yml", "AWS::Serverless", "Dockerfile:", ""},
};
constexpr std::size_t longest_call = 600;

// The texts in quotes of a call and of what is called on its result.
std::vector<std::string> quoted_texts(std::string_view call) {
  std::vector<std::string> texts;
  for (auto at = call.find_first_of("\"'"); at != call.npos; at = call.find_first_of("\"'", at)) {
    const auto end = call.find(call[at], at + 1);
    if (end == call.npos) break;
    texts.emplace_back(call.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return texts;
}

// The Dockerfiles that a text may name: one, or that of a directory, from wherever the program is started.
std::vector<std::string> dockerfiles_of(const std::string& text, const std::string& program) {
  std::vector<std::string> found;
  if (text.empty() || text.size() > 200 || text.find_first_of("\n:*") != text.npos) return found;
  std::error_code error;
  for (const auto& directory : surroundings_of(program).directories) {
    const auto path = joined_path(directory, text);
    if (fs::is_regular_file(path + "/Dockerfile", error)) found.push_back(path + "/Dockerfile");
    else if (is_dockerfile_name(std::string(path_basename(path))) && fs::is_regular_file(path, error))
      found.push_back(path);
  }
  return found;
}

// At a place of the program: of the Dockerfiles that it names there, or of whichever there is.
void add_refusal(const std::string& path, std::string_view text, std::size_t at, const char* reason, Builds& result) {
  const auto line = 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n'));
  auto body = text.substr(at, longest_call);
  body = body.substr(0, body.find("\n\n"));
  for (const auto& quoted : quoted_texts(body))
    for (const auto& dockerfile : dockerfiles_of(quoted, path)) {
      auto build = named_build({}, ".", dockerfile, "/", line);
      build.refuses_mounts = reason;
      result.named.push_back(std::move(build));
    }
  if (result.named.empty()) result.unplaced.push_back({path + ':' + std::to_string(line), false, true, reason});
}

}  // namespace

bool may_build_images(std::string_view name) {
  return std::ranges::any_of(calls, [&](const Call& call) { return name.ends_with(call.ending); });
}

Builds read_building_program(const std::string& path) {
  Builds result;
  const auto file = read_regular_file(path, largest_companion, Links::refused);
  const auto has = [&](std::string_view text) { return text.empty() || file.text.find(text) != std::string::npos; };
  for (const auto& call : calls) {
    if (!path.ends_with(call.ending) || !has(call.text) || !has(call.also)) continue;
    if (!call.unless.empty() && has(call.unless)) continue;
    add_refusal(path, file.text, file.text.find(call.text),
                "builds through an API that has no BuildKit, which mounts need", result);
  }
  // `system({"DOCKER_BUILDKIT" => "0"}, "docker build …")`
  if (const auto place = has("docker") ? place_without_buildkit(file.text) : std::nullopt)
    add_refusal(path, file.text, *place, "has it built without BuildKit, which mounts need", result);
  return result;
}

}  // namespace dockhew::cli
