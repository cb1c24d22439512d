// Which image AWS CodeBuild runs a project's buildspec in. Terraform, CloudFormation and the CDK say so, wherever they
// lie, and older images have a Docker whose `docker build` does not use BuildKit.
#pragma once

#include <string>
#include <string_view>

namespace dockhew::cli {

// The first of these images that a text names: "aws/codebuild/standard:5.0"; empty without one, and where the text
// tells Docker to use BuildKit.
std::string old_codebuild_image(std::string_view text);

}  // namespace dockhew::cli
