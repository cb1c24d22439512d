#include "ecosystems/java/images.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecosystems/runtime_image.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Those that every build of Java has.
bool is_long_supported(int release) {
  return release == 8 || release == 11 || release == 17 || release == 21 || release == 25;
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

// For Java, by the tag of an image that has a JDK: eclipse-temurin:17-jdk-jammy, maven:3.9-eclipse-temurin-17-alpine,
// gradle:8.5-jdk17, openjdk:17-slim.
std::string java_version(std::string_view image, const std::vector<std::string>& parts) {
  if (image == "eclipse-temurin" || image == "openjdk") return parts[0];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (image == "gradle" && parts[i].starts_with("jdk")) return parts[i].substr(3);
    const bool names = image == "maven" && (parts[i] == "temurin" || parts[i] == "openjdk" || parts[i] == "jdk" ||
                                            parts[i] == "amazoncorretto");
    if (names && i + 1 < parts.size()) return parts[i + 1];
  }
  return {};
}

// What images of Maven and Gradle have, and those with the JRE have not, by distribution. Source: their Dockerfiles.
constexpr std::pair<std::string_view, std::string_view> lacking_on_alpine[] = {
    {"bash", "bash"}, {"curl", "curl"}, {"git", "git"}, {"hg", "mercurial"}, {"ssh", "openssh-client"}};
constexpr std::pair<std::string_view, std::string_view> lacking_on_ubuntu[] = {
    {"git", "git"}, {"hg", "mercurial"}, {"ssh", "openssh-client"}, {"svn", "subversion"}, {"unzip", "unzip"}};

// Eclipse Temurin's JRE, which most JDK images use too. Before 18, it exists only for versions with long-term support.
// Source: the tags of the official image.
Outcome<RuntimeImage> temurin_image(const Stage& stage) {
  const auto& image = stage.image->entry->names.front();
  const auto& tag = stage.reference.tag;
  const auto parts = parts_of(tag);
  const auto written = java_version(image, parts);
  const auto numbers = version_numbers(written);
  if (numbers.empty())
    return Declined{"it is not known which Java `" + stage.base.text + "` has, and which runtime image fits"};
  if (numbers[0] < 18 && !is_long_supported(numbers[0]))
    return Declined{"there is no runtime image for Java " + std::to_string(numbers[0])};
  // Other builds have their own versions.
  const auto version = image == "eclipse-temurin" ? written : std::to_string(numbers[0]);
  const bool temurin = image == "eclipse-temurin" || image == "gradle" || tag.find("temurin") != tag.npos;
  std::string variant;
  for (const auto& part : parts) {
    if (part == "jre") return Declined{"the base image has no JDK"};
    const bool release = part == "jammy" || part == "focal" || part == "noble";
    if (part == "alpine" || (release && temurin)) variant = '-' + part;
    constexpr std::string_view known[] = {"eclipse", "temurin", "openjdk",  "jdk",      "amazoncorretto", "al2023",
                                          "slim",    "buster",  "bullseye", "bookworm", "debian"};
    const bool plain = version_numbers(part).empty() ? std::ranges::find(known, part) != std::end(known) : true;
    if (!plain && variant != '-' + part && part != "jdk" + written)
      return Declined{"the runtime image of the variant `" + part + "` is not known"};
  }
  RuntimeImage result;
  result.name = stage.image->mirror + "eclipse-temurin:" + version + "-jre" + variant;
  result.lacks.entries = variant == "-alpine" ? std::span(lacking_on_alpine) : std::span(lacking_on_ubuntu);
  if (image != "eclipse-temurin" && image != "openjdk")
    result.unknown_needs = {starts_no_program(stage, result.name, "git or ssh")};
  result.same_release = image == "eclipse-temurin";
  result.other_distribution = !temurin && variant != "-alpine";
  if (!temurin)
    result.differences.push_back("`" + result.name + "` is a different build of Java from `" + shown_base(stage) +
                                 "`, on a different distribution, with different values of `JAVA_HOME` and `LANG`");
  add_lost_variables(stage, {"JAVA_HOME"}, result);
  return result;
}

bool is_corretto(std::string_view image) { return image.find("amazoncorretto") != image.npos; }

// A tag that is the number of a release with long-term support, and nothing else; 0 for others.
int plain_release(const std::string& tag) {
  const auto numbers = version_numbers(tag);
  return numbers.size() == 1 && is_long_supported(numbers[0]) && tag == std::to_string(numbers[0]) ? numbers[0] : 0;
}

// A form of the same image, by its whole name.
RuntimeImage same_vendor(std::string name) {
  RuntimeImage result;
  result.name = std::move(name);
  result.same_family = true;
  return result;
}

std::string written_name(const Stage& stage) {
  return (stage.reference.registry.empty() ? "" : stage.reference.registry + '/') + stage.reference.repository;
}

// Amazon has JREs of Java 8 on Alpine, and `headless` ones of later releases on Amazon Linux 2023. Source: the tags of
// the official image.
Outcome<RuntimeImage> corretto_image(const Stage& stage) {
  const auto& tag = stage.reference.tag;
  const auto parts = parts_of(tag);
  const auto numbers = version_numbers(parts[0]);
  const bool of_8 = !numbers.empty() && numbers[0] == 8, later = !numbers.empty() && numbers[0] >= 11;
  if (parts.size() == 2 && of_8 && parts[1].starts_with("alpine"))
    return same_vendor(written_name(stage) + ':' + tag + "-jre");
  if (parts.size() == 2 && later && parts[1] == "al2023") {
    auto result = same_vendor(written_name(stage) + ':' + tag + "-headless");
    result.differences.push_back("nothing draws or needs fonts: `" + result.name +
                                 "` lacks the libraries of Java's graphics");
    return result;
  }
  auto reason = "Amazon publishes no image with only the JRE of `" + stage.base.text + '`';
  if (later) reason += "; on Amazon Linux 2023, it has `" + written_name(stage) + ':' + parts[0] + "-al2023-headless`";
  return Declined{std::move(reason)};
}

// `azul/zulu-openjdk:17` and `bellsoft/liberica-openjdk-debian:17` have siblings with the JRE. Source: the Dockerfiles
// of their makers.
Outcome<RuntimeImage> sibling_image(const Stage& stage) {
  const auto& tag = stage.reference.tag;
  if (plain_release(tag) == 0)
    return Declined{"it is not known whether there is an image of `" + tag + "` with only the JRE"};
  auto name = written_name(stage);
  const auto jdk = name.find("liberica-openjdk");
  if (jdk == name.npos) return same_vendor(name + ':' + tag + "-jre");
  name.replace(jdk, std::string_view("liberica-openjdk").size(), "liberica-openjre");
  return same_vendor(name + ':' + tag);
}

}  // namespace

int java_release(const Stage& stage) {
  const auto& image = stage.image->entry->names.front();
  const auto parts = parts_of(stage.reference.tag);
  const auto numbers = version_numbers(is_corretto(image) ? parts[0] : java_version(image, parts));
  if (numbers.empty()) return 0;
  return numbers[0] == 1 && numbers.size() > 1 ? numbers[1] : numbers[0];
}

bool has_jdk(const Stage& stage) {
  const auto& tag = stage.reference.tag;
  return tag.find("jre") == tag.npos && tag.find("headless") == tag.npos &&
         stage.reference.repository.find("openjre") == std::string::npos;
}

Outcome<RuntimeImage> jre_image(const Stage& stage) {
  const auto image = stage.image->entry->names.front();
  if (is_corretto(image)) return corretto_image(stage);
  return image.find('/') != image.npos ? sibling_image(stage) : temurin_image(stage);
}

}  // namespace dockhew::inline ecosystems
