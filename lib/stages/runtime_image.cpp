#include "stages/runtime_image.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

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
    if (name != "PATH")
      result.lost_variables += (result.lost_variables.empty() ? "`" : ", `") + std::string(name) + "`";
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

std::vector<std::string> parts_of(const std::string& tag) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= tag.size();) {
    const auto end = std::min(tag.find('-', begin), tag.size());
    parts.push_back(tag.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// Of Java, by the tag of an image that has a JDK: eclipse-temurin:17-jdk-jammy, maven:3.9-eclipse-temurin-17-alpine,
// gradle:8.5-jdk17, openjdk:17-slim.
std::string java_version(std::string_view image, const std::vector<std::string>& parts) {
  if (image == "eclipse-temurin" || image == "openjdk") return parts[0];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (image == "gradle" && parts[i].starts_with("jdk")) return parts[i].substr(3);
    const bool names = image == "maven" && (parts[i] == "temurin" || parts[i] == "openjdk" || parts[i] == "jdk");
    if (names && i + 1 < parts.size()) return parts[i + 1];
  }
  return {};
}

// The JRE of Eclipse Temurin, which is that of most JDK images too. It has none for versions between its long-supported
// ones before 18. Source: the tags of the official image.
RuntimeImage jre_of(const Stage& stage) {
  const auto& image = stage.image->entry->names.front();
  const auto& tag = stage.reference.tag;
  const auto parts = parts_of(tag);
  const auto written = java_version(image, parts);
  const auto numbers = version_numbers(written);
  if (numbers.empty())
    return declined("which Java `" + stage.base.text + "` has, and with which runtime image, is not known");
  if (numbers[0] < 18 && numbers[0] != 8 && numbers[0] != 11 && numbers[0] != 17)
    return declined("there is no runtime image for Java " + std::to_string(numbers[0]));
  // Other builds have versions of their own.
  const auto version = image == "eclipse-temurin" ? written : std::to_string(numbers[0]);
  const bool temurin = image == "eclipse-temurin" || image == "gradle" || tag.find("temurin") != tag.npos;
  std::string variant;
  for (const auto& part : parts) {
    if (part == "jre") return declined("the base image has no JDK");
    const bool release = part == "jammy" || part == "focal" || part == "noble";
    if (part == "alpine" || (release && temurin)) variant = '-' + part;
    constexpr std::string_view known[] = {"eclipse", "temurin", "openjdk",  "jdk",
                                          "slim",    "buster",  "bullseye", "bookworm"};
    const bool plain = version_numbers(part).empty() ? std::ranges::find(known, part) != std::end(known) : true;
    if (!plain && variant != '-' + part && part != "jdk" + written)
      return declined("the runtime form of the variant `" + part + "` is not known");
  }
  RuntimeImage result;
  result.name = stage.image->mirror + "eclipse-temurin:" + version + "-jre" + variant;
  result.other_distribution = !temurin;
  for (const auto& [name, value] : stage.image->entry->environment)
    if (name != "PATH" && name != "JAVA_HOME")
      result.lost_variables += (result.lost_variables.empty() ? "`" : ", `") + std::string(name) + "`";
  return result;
}

}  // namespace

RuntimeImage find_runtime_image(const Facts& facts, const Stage& stage) {
  const auto& image = *stage.image;
  if (image.entry->language == "java") return jre_of(stage);
  const bool release_is_known = image.distribution != "debian" || image.release.empty() || image.release == "buster" ||
                                facts.runtime_packages.contains(image.release);
  if (!release_is_known) return declined("`" + image.release + "` in the tag is no release of Debian that is known");
  const bool compiled = image.entry->language == "rust" || image.entry->language == "go";
  return compiled ? distribution_of(stage) : slim_form_of(stage);
}

}  // namespace dockhew
