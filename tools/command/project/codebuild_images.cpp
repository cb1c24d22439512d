#include "project/codebuild_images.hpp"

#include <algorithm>

#include "files.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

// The first release of each kind that has Docker 23 or later, by its Dockerfile in
// https://github.com/aws/aws-codebuild-docker-images, and how the CDK calls it.
struct Kind {
  std::string_view name, in_cdk;
  int first_new;
};
constexpr Kind kinds[] = {
    {"aws/codebuild/standard:", "LinuxBuildImage.STANDARD_", 7},
    {"aws/codebuild/amazonlinux2-x86_64-standard:", "LinuxBuildImage.AMAZON_LINUX_2_", 5},
    {"aws/codebuild/amazonlinux2-aarch64-standard:", "LinuxBuildImage.AMAZON_LINUX_2_ARM_", 3},
};

bool is_buildspec(const std::string& file) { return path_basename(file).starts_with("buildspec"); }

// The number behind a name where it is in the text, and less than that of the first new release.
std::string old_release(std::string_view text, std::string_view name, int first_new) {
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + name.size())) {
    const auto begin = at + name.size();
    auto end = begin;
    while (end < text.size() && '0' <= text[end] && text[end] <= '9') ++end;
    const auto number = text.substr(begin, end - begin);
    if (number.size() == 1 && number[0] - '0' < first_new)
      return std::string(name) + std::string(number) + (name.ends_with(':') ? ".0" : "");
  }
  return {};
}

}  // namespace

std::string old_codebuild_image(std::string_view text) {
  if (text.find("DOCKER_BUILDKIT") != text.npos) return {};
  for (const auto& kind : kinds)
    for (const auto name : {kind.name, kind.in_cdk})
      if (auto found = old_release(text, name, kind.first_new); !found.empty()) return found;
  return {};
}

void refuse_mounts_of_codebuild(const std::vector<std::string>& texts, std::vector<NamedBuild>& builds,
                                std::vector<Build>& named) {
  const auto text_of = [](const std::string& path) {
    return read_regular_file(path, largest_companion, Links::refused).text;
  };
  std::vector<Build*> asked;
  const auto ask = [&](const std::string& file, Build& build) {
    if (!is_buildspec(file) || !build.by_docker || !build.refuses_mounts.empty()) return;
    if (text_of(file).find("DOCKER_BUILDKIT") == std::string::npos) asked.push_back(&build);
  };
  for (auto& [file, build] : builds) ask(file, build);
  for (auto& build : named) ask(build.said_in, build);
  if (asked.empty()) return;
  for (const auto& path : texts) {
    const auto image = old_codebuild_image(text_of(path));
    if (image.empty()) continue;
    for (auto* build : asked)
      build->refuses_mounts = "builds it in CodeBuild's `" + image + "`, as `" + std::string(path_basename(path)) +
                              "` says, whose `docker build` has no BuildKit, which mounts need";
    return;
  }
}

}  // namespace dockhew::cli
