#include "ecosystems/runtime_image.hpp"

#include <algorithm>

#include "ecosystems/system/runtime_packages.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Of what slim images of compilers have, the programs that Debian's own has not. Source: their Dockerfiles.
constexpr std::pair<std::string_view, std::string_view> lacking_beside_slim[] = {
    {"cc", "gcc libc6-dev"}, {"gcc", "gcc libc6-dev"}, {"ld", "binutils"}};

Obstacle unknown_release(const Facts& facts, const Stage& stage) {
  if (is_known_release(facts, *stage.image)) return std::nullopt;
  return Declined{"`" + stage.image->release + "` in the tag is not a known release of Debian"};
}

}  // namespace

std::string starts_no_program(const Stage& stage, const std::string& image, std::string_view examples) {
  const bool named = image.find(':') != image.npos;
  return "nothing starts a program that `" + stage.base.text + "` has and " + (named ? "`" + image + "`" : image) +
         " does not, such as " + std::string(examples);
}

void add_lost_variables(const Stage& stage, std::initializer_list<std::string_view> kept, RuntimeImage& image) {
  std::string lost;
  for (const auto& [name, value] : stage.image->entry->environment)
    if (name != "PATH" && std::ranges::find(kept, name) == kept.end())
      lost += (lost.empty() ? "`" : ", `") + std::string(name) + "`";
  if (lost.empty()) return;
  image.differences.push_back("variables that `" + stage.base.text + "` sets are not set in `" + image.name +
                              "`: " + lost + ", and its directories in `PATH`");
}

Outcome<RuntimeImage> distribution_image(const Facts& facts, const Stage& stage) {
  const auto& image = *stage.image;
  if (auto obstacle = unknown_release(facts, stage)) return *obstacle;
  if (image.release.empty())
    return Declined{"the tag `" + stage.reference.tag + "` does not name the release of " + image.distribution +
                    ", which the runtime image must share"};
  RuntimeImage result;
  if (image.distribution == "debian") {
    result.name = image.mirror + "debian:" + image.release + "-slim";
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
    result.name = image.mirror + "alpine:" + image.release;
  } else {
    return Declined{"the runtime image of this distribution is not known"};
  }
  add_lost_variables(stage, {}, result);
  return result;
}

Outcome<RuntimeImage> slim_image(const Facts& facts, const Stage& stage, SlimPlace place) {
  const auto& image = *stage.image;
  if (auto obstacle = unknown_release(facts, stage)) return *obstacle;
  RuntimeImage result;
  result.name = stage.base.text;
  result.same_family = true;
  if (image.slim || image.distribution == "alpine") return result;
  if (stage.reference.tag.empty() || image.version.empty())
    return Declined{"the tag names no version, so its slim variant cannot be named"};
  auto tag = stage.reference.tag;
  const auto dash = tag.find('-');
  if (place == SlimPlace::before_release && dash != std::string::npos) tag.insert(dash, "-slim");
  else tag += "-slim";
  result.name =
      (stage.reference.registry.empty() ? "" : stage.reference.registry + '/') + stage.reference.repository + ':' + tag;
  result.lacks = facts.full_image_programs;
  result.unknown_needs = {starts_no_program(stage, "its slim variant", "git, curl or ImageMagick")};
  return result;
}

}  // namespace dockhew::inline ecosystems
