#include "facts/removed_images.hpp"

#include <algorithm>
#include <initializer_list>

#include "facts/facts.hpp"

namespace dockhew::inline facts {
namespace {

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

// The tag from the part after this "-" on; empty at its end.
std::string_view next_part(std::string_view& rest) {
  const auto part = rest.substr(0, rest.find('-'));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

// `17-jdk-alpine` of Temurin for `17-jdk-alpine`, `17-alpine` and `17-jdk-alpine3.13`; the releases with long-term
// support, which have all of these forms. Source: the `Tags` of library/eclipse-temurin, 2026-11-30.
std::string temurin_tag(std::string_view tag) {
  const auto version = next_part(tag);
  if (!is_one_of(version, {"8", "11", "17", "21", "25"})) return {};
  std::string_view kind = "jdk", form;
  while (!tag.empty()) {
    const auto part = next_part(tag);
    if (part == "jre") kind = part;
    else if (part.starts_with("alpine")) form = "-alpine";
    else if (!is_one_of(part, {"jdk", "slim", "stretch", "buster", "bullseye"})) return {};  // another distribution
  }
  return std::string(version).append("-").append(kind).append(form);
}

RemovedImage removed_java(std::string_view when, const std::string& tag) {
  constexpr std::string_view advice = "`eclipse-temurin`, `amazoncorretto` and others have releases of the JDK";
  const auto replacement = temurin_tag(tag);
  return {when, replacement.empty() ? "" : "eclipse-temurin:" + replacement, advice};
}

// All tags but those of exact versions (`11.0.6`) and early access (`14-ea`, `21-rc`) were deleted on 2025-11-03.
// Source: docker-library/openjdk pull request 550 and issue 551.
std::optional<RemovedImage> removed_openjdk(const std::string& tag) {
  std::string_view rest = tag;
  const auto version = next_part(rest);
  const bool exact = !version.empty() && !is_number(version) &&
                     !is_one_of(version, {"latest", "jdk", "jre", "slim", "alpine", "oracle", "oraclelinux7"});
  bool early = false, runtime = false;
  while (!rest.empty()) {
    const auto part = next_part(rest);
    runtime |= part == "jre";
    early =
        early || is_one_of(part, {"ea", "rc", "experimental"}) || (part.starts_with('b') && is_number(part.substr(1)));
  }
  if (exact || early) return std::nullopt;
  // Runtimes without the rest of the JDK were there up to 11.
  const bool never = runtime && is_number(version) && version.size() == 2 && version > "11";
  return removed_java(never ? "" : "November 2025", tag);
}

// Everything but `latest` of a few images went to bitnamilegacy, which gets no updates, until 2025-09-29; minideb
// stayed. Source: bitnami/containers issue 83267.
std::optional<RemovedImage> removed_bitnami(const ImageReference& reference) {
  constexpr std::string_view advice = "what was there is in `bitnamilegacy`, without updates";
  if (reference.repository == "bitnami/minideb" || reference.tag.empty() || reference.tag == "latest")
    return std::nullopt;
  return RemovedImage{
      "September 2025",
      "bitnamilegacy" + reference.repository.substr(std::string_view("bitnami").size()) + ":" + reference.tag, advice,
      true};
}

// NVIDIA deletes the tags of releases that it no longer supports. Source: unsupported-tags.md of its container images,
// as quoted in 2023-07 by NVIDIA/cudf-spark-examples pull request 311, and NVIDIA/nvidia-docker issues 1454 and 1735.
std::optional<RemovedImage> removed_cuda(const std::string& tag) {
  const auto version = std::string_view(tag).substr(0, tag.find('-'));
  constexpr std::string_view advice = "NVIDIA deletes releases that it no longer supports; take a newer one";
  if (!is_one_of(version, {"",       "latest", "7.0",    "8.0",    "9.0",    "9.1",    "9.2",    "10.0",
                           "10.1",   "10.2",   "11.0",   "11.2.0", "11.2.1", "11.3.0", "11.4.0", "11.4.1",
                           "11.4.2", "11.5.0", "11.5.1", "11.6.0", "11.6.1", "11.7.0"}))
    return std::nullopt;
  return RemovedImage{is_one_of(version, {"", "latest"}) ? "January 2021" : "July 2023", "", advice};
}

// `microsoft/dotnet:2.1-aspnetcore-runtime` is `mcr.microsoft.com/dotnet/aspnet:2.1`, where .NET Core from 2.1 on is.
// Source: dotnet/announcements issue 197.
std::optional<RemovedImage> moved_dotnet(std::string_view tag) {
  struct Kind {
    std::string_view old, now;
  };
  constexpr Kind kinds[] = {{"aspnetcore-runtime", "aspnet"}, {"runtime", "runtime"}, {"sdk", "sdk"}};
  const auto dash = tag.find('-');
  const auto numbers = version_numbers(tag.substr(0, dash));
  if (dash == tag.npos || numbers.size() < 2 || numbers[0] < 2 || (numbers[0] == 2 && numbers[1] < 1))
    return std::nullopt;
  const auto* kind = std::ranges::find(kinds, tag.substr(dash + 1), &Kind::old);
  if (kind == std::end(kinds)) return std::nullopt;
  return RemovedImage{.when = "August 2021",
                      .replacement = "mcr.microsoft.com/dotnet/" + std::string(kind->now) + ':' +
                                     std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]),
                      .advice = "",
                      .same_image = true};
}

}  // namespace

std::optional<RemovedImage> removed_image(const ImageReference& reference) {
  if (!reference.registry.empty() || !reference.digest.empty()) return std::nullopt;
  const std::string_view name = reference.repository;
  if (name == "openjdk") return removed_openjdk(reference.tag);
  // Source: 1C-Company/docker_fresh issue 30, idugalic/micro-company pull request 51.
  if (name == "java") return removed_java("2022", reference.tag);
  // Source: docker/hub-feedback issue 1741.
  if (name == "frolvlad/alpine-oraclejdk8") return removed_java("January 2019", "");
  if (name.starts_with("bitnami/")) return removed_bitnami(reference);
  if (name == "nvidia/cuda") return removed_cuda(reference.tag);
  if (name == "microsoft/dotnet")
    if (auto moved = moved_dotnet(reference.tag)) return moved;
  // Source: dotnet/dotnet-docker issue 2848, dotnet/announcements issue 197.
  if (is_one_of(name, {"microsoft/aspnetcore", "microsoft/aspnetcore-build", "microsoft/dotnet"}))
    return RemovedImage{"August 2021", "", "Microsoft's images are `mcr.microsoft.com/dotnet/sdk` and `aspnet` now"};
  // Source: dockerfile/ubuntu issue 10, dockerfile/java issue 23.
  if (name.starts_with("dockerfile/")) return RemovedImage{"2015", "", "Docker's official images replaced these"};
  return std::nullopt;
}

}  // namespace dockhew::inline facts
