#include "stages/runtime_choice.hpp"

#include <algorithm>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/runtime_image.hpp"
#include "facts/base_image.hpp"
#include "stages/conversion_requirements.hpp"

namespace dockhew::inline stages {
namespace {

// A variable by which two images say that they are of different versions: `NODE_VERSION`. Empty where none does.
std::string differing_version(const BaseImage& base, const BaseImage& runtime) {
  for (const auto& [name, value] : base.environment) {
    if (!name.ends_with("_VERSION")) continue;
    const auto other = std::ranges::find(runtime.environment, name, &std::pair<std::string, std::string>::first);
    if (other != runtime.environment.end() && other->second != value) return name;
  }
  return {};
}

// What is true of the runtime image only if the digest of the base image is what its tag still stands for.
void say_what_a_digest_hides(const Stage& stage, bool same_version, RuntimeImage& image) {
  if (!image.same_family) return;
  const bool debian = stage.image->distribution == "debian" && stage.image->release.empty();
  if (same_version && !debian) return;
  const std::string what = same_version ? "" : debian ? "version and " : "version";
  image.differences.push_back("`" + image.name + "` is of the " + what + (debian ? "release of Debian " : " ") +
                              "that the digest of `" + shown_base(stage) + "` is of: its tag may have moved on since");
}

Obstacle fit_digest(const Stage& stage, const ResolvedImage* answer, RuntimeChoice& choice) {
  const auto base = shown_base(stage);
  auto& image = choice.image;
  if (answer == nullptr || answer->found != Found::image) {
    image.differences.push_back("`" + image.name + "` has no digest, as `" + base +
                                "` has: `dockhew pin` writes it, and with `--resolve` it is written at once");
    say_what_a_digest_hides(stage, false, image);
    return std::nullopt;
  }
  const auto* own = stage.image->resolved;
  if (own != nullptr && own->image.distribution == answer->image.distribution &&
      own->image.release != answer->image.release && !own->image.release.empty() && !answer->image.release.empty())
    return Declined{"the digest of `" + base + "` is based on " + own->image.release + ", and `" + image.name + "` (" +
                    short_digest(answer->digest) + ") on " + answer->image.release +
                    " now: `dockhew pin --update` moves it to the version of today"};
  if (own != nullptr)
    if (const auto name = differing_version(own->image, answer->image); !name.empty())
      return Declined{"the digest of `" + base + "` is of another version than `" + image.name + "` (" +
                      short_digest(answer->digest) + ") is now, by `" + name +
                      "`: `dockhew pin --update` moves it to the version of today"};
  choice.digest = answer->digest;
  say_what_a_digest_hides(stage, own != nullptr, image);
  return std::nullopt;
}

}  // namespace

Outcome<RuntimeChoice> choose_runtime_image(const Dockerfile& file, const Stage& stage) {
  const auto& runtime = *runtime_of(stage);
  auto image = runtime.image(file.facts(), stage);
  if (!image) return image.declined();
  RuntimeChoice choice{*std::move(image), {}};
  if (runtime.fit_image != nullptr)
    if (auto obstacle = runtime.fit_image(file, stage, choice.image)) return *obstacle;
  if (choice.image.name == stage.base.text) return choice;
  const auto& resolved = file.facts().resolved;
  const auto* answer = resolved ? resolved->find(parse_image_reference(choice.image.name), stage.platform) : nullptr;
  if (answer != nullptr && (answer->found == Found::no_image || answer->found == Found::no_platform))
    return Declined{"`" + choice.image.name + "` cannot be built on: " + answer->reason};
  if (!stage.reference.digest.empty())
    if (auto obstacle = fit_digest(stage, answer, choice)) return *obstacle;
  return choice;
}

std::optional<ImageReference> smaller_image(const Dockerfile& file, const Stage& stage) {
  if (stage.parent || stage.scratch || stage.implicit || image_obstacle(stage)) return std::nullopt;
  const auto choice = choose_runtime_image(file, stage);
  if (!choice || choice->image.name == stage.base.text) return std::nullopt;
  return parse_image_reference(choice->image.name);
}

}  // namespace dockhew::inline stages
