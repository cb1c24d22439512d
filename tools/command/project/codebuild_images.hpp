// Which image AWS CodeBuild runs a project's buildspec in. Terraform, CloudFormation and the CDK say so, wherever they
// lie, and older images have a Docker whose `docker build` does not use BuildKit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "project/repository_builds.hpp"

namespace dockhew::cli {

// The first of these images that a text names: "aws/codebuild/standard:5.0"; empty without one, and where the text
// tells Docker to use BuildKit.
std::string old_codebuild_image(std::string_view text);

// Of the builds of a repository, those of a buildspec. `texts`: files that may name the image.
void refuse_mounts_of_codebuild(const std::vector<std::string>& texts, std::vector<NamedBuild>& builds,
                                std::vector<Build>& named);

}  // namespace dockhew::cli
