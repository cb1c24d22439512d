#include "project/codebuild_images.hpp"

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

}  // namespace dockhew::cli
