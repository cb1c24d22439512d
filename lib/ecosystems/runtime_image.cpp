#include "ecosystems/runtime_image.hpp"

#include <algorithm>

#include "ecosystems/system/archived_releases.hpp"
#include "ecosystems/system/runtime_packages.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Of what slim images of compilers have, the programs that Debian's own has not. Source: their Dockerfiles.
constexpr std::pair<std::string_view, std::string_view> lacking_beside_slim[] = {
    {"cc", "gcc libc6-dev"}, {"gcc", "gcc libc6-dev"}, {"ld", "binutils"}};

Obstacle unknown_release(const Facts& facts, const Stage& stage) {
  if (is_known_release(facts, *stage.image)) return std::nullopt;
  if (const auto archived = archived_release(*stage.image))
    return Declined{"the packages of " + archived->name + " are no longer on its mirrors"};
  return Declined{"`" + stage.image->release + "` in the tag is not a known release of Debian"};
}

// A tag that names no release, as `golang:latest` and `golang:1.25-alpine`, moves on with the newest one. Of Debian's
// that is only so without a minor version, because images of old versions stay where they are; of Alpine's it does not
// matter, because its C library is compatible with all that was built against an older one.
// https://github.com/docker-library/official-images/blob/master/library/golang
std::string_view newest_release(const ImageFacts& image) {
  if (image.distribution == "alpine") return "3";
  const bool moves_on = image.distribution == "debian" && image.version.find('.') == std::string::npos;
  return moves_on ? "stable" : "";
}

}  // namespace

std::string shown_base(const Stage& stage) { return stage.base.text.substr(0, stage.base.text.find('@')); }

std::string starts_no_program(const Stage& stage, const std::string& image, std::string_view examples) {
  const bool named = image.find(':') != image.npos;
  return "nothing starts a program that `" + shown_base(stage) + "` has and " + (named ? "`" + image + "`" : image) +
         " does not, such as " + std::string(examples);
}

void add_lost_variables(const Stage& stage, std::initializer_list<std::string_view> kept, RuntimeImage& image) {
  std::string lost;
  for (const auto& [name, value] : stage.image->entry->environment)
    if (name != "PATH" && std::ranges::find(kept, name) == kept.end())
      lost += (lost.empty() ? "`" : ", `") + std::string(name) + "`";
  if (lost.empty()) return;
  image.differences.push_back("variables that `" + shown_base(stage) + "` sets are not set in `" + image.name +
                              "`: " + lost + ", and its directories in `PATH`");
}

Outcome<RuntimeImage> distribution_image(const Facts& facts, const Stage& stage) {
  const auto& image = *stage.image;
  if (auto obstacle = unknown_release(facts, stage)) return *obstacle;
  const std::string release(image.release.empty() ? newest_release(image) : image.release);
  if (release.empty())
    return Declined{"the tag `" + stage.reference.tag + "` does not name the release of " + image.distribution +
                    ", which the runtime image must share"};
  RuntimeImage result;
  result.same_release = !image.release.empty();
  if (image.distribution == "debian") {
    result.name = image.mirror + "debian:" + release + "-slim";
    result.has_certificates = false;
    result.unknown_needs = {"shared libraries that the program loads at run time are in `" + result.name +
                            "` or among its packages; `ldd` in the builder lists them"};
    if (image.slim) {
      result.lacks.entries = lacking_beside_slim;
    } else {
      result.lacks = facts.full_image_programs;
      result.unknown_needs.push_back(starts_no_program(stage, result.name, "git, curl or ssh"));
    }
  } else if (image.distribution == "alpine") {
    result.name = image.mirror + "alpine:" + release;
  } else {
    return Declined{"the runtime image of this distribution is not known"};
  }
  if (image.release.empty())
    result.differences.push_back("`" + shown_base(stage) + "` is based on no newer release than `" + result.name +
                                 "`: a program runs on newer ones, not on older ones");
  add_lost_variables(stage, {}, result);
  return result;
}

// The tags of the newest version and of the newest with long-term support have slim forms too: `node:slim`,
// `node:lts-slim`, `python:slim`. https://github.com/docker-library/official-images/blob/master/library/node
std::string moving_slim_tag(const std::string& tag) {
  if (tag.empty() || tag == "latest") return "slim";
  return tag == "lts" || tag == "current" ? tag + "-slim" : "";
}

Outcome<RuntimeImage> slim_image(const Facts& facts, const Stage& stage, SlimPlace place) {
  const auto& image = *stage.image;
  if (auto obstacle = unknown_release(facts, stage)) return *obstacle;
  RuntimeImage result;
  result.name = stage.base.text;
  result.same_family = true;
  if (image.slim || image.distribution == "alpine") return result;
  auto tag = stage.reference.tag;
  const auto dash = tag.find('-');
  if (image.version.empty()) {
    tag = moving_slim_tag(tag);
    if (tag.empty()) return Declined{"the tag names no version, so its slim variant cannot be named"};
    result.differences.push_back("`" + shown_base(stage) +
                                 "` and its slim variant are of one version, if both are up to date; "
                                 "name the version to be sure");
  } else if (place == SlimPlace::before_release && dash != std::string::npos) tag.insert(dash, "-slim");
  else tag += "-slim";
  result.name =
      (stage.reference.registry.empty() ? "" : stage.reference.registry + '/') + stage.reference.repository + ':' + tag;
  result.lacks = facts.full_image_programs;
  result.unknown_needs = {starts_no_program(stage, "its slim variant", "git, curl or ImageMagick")};
  return result;
}

}  // namespace dockhew::inline ecosystems
