#include "rewrite/runtime_image.hpp"

namespace dockhew {
namespace {

RuntimeImage declined(std::string reason) {
  RuntimeImage image;
  image.declined = std::move(reason);
  return image;
}

RuntimeImage distribution_of(const Stage& stage) {
  const auto& image = *stage.image;
  if (image.release.empty())
    return declined("the tag `" + stage.reference.tag + "` does not tell the release of " + image.distribution +
                    ", which the runtime image must share");
  RuntimeImage result;
  if (image.distribution == "debian") result.name = image.mirror + "debian:" + image.release + "-slim";
  else if (image.distribution == "alpine") result.name = image.mirror + "alpine:" + image.release;
  else return declined("the runtime form of this distribution is not known");
  for (const auto& [name, value] : image.entry->environment)
    if (name != "PATH") result.lost_variables += (result.lost_variables.empty() ? "`" : ", `") + name + "`";
  return result;
}

RuntimeImage slim_form_of(const Stage& stage) {
  const auto& image = *stage.image;
  RuntimeImage result;
  result.name = stage.base.text;
  if (image.slim || image.distribution == "alpine") return result;
  if (stage.reference.tag.empty() || image.version.empty())
    return declined("the tag names no version, so its slim form cannot be named");
  std::string tag = stage.reference.tag;
  const auto dash = tag.find('-');
  // python:3.12-slim-bookworm, but node:20-bookworm-slim
  if (image.entry->language == "python" && dash != std::string::npos) tag.insert(dash, "-slim");
  else tag += "-slim";
  result.name =
      (stage.reference.registry.empty() ? "" : stage.reference.registry + '/') + stage.reference.repository + ':' + tag;
  return result;
}

}  // namespace

RuntimeImage find_runtime_image(const Facts& facts, const Stage& stage) {
  const auto& image = *stage.image;
  const bool release_is_known = image.distribution != "debian" || image.release.empty() || image.release == "buster" ||
                                facts.runtime_packages.contains(image.release);
  if (!release_is_known) return declined("`" + image.release + "` in the tag is no release of Debian that is known");
  const bool compiled = image.entry->language == "rust" || image.entry->language == "go";
  return compiled ? distribution_of(stage) : slim_form_of(stage);
}

}  // namespace dockhew
