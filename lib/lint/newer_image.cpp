#include "lint/newer_image.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/runtime_image.hpp"
#include "facts/facts.hpp"
#include "model/runs.hpp"
#include "text/words.hpp"

namespace dockhew::inline lint {
namespace {

// Where a version stands in a tag as a part of it, once: 17 in `3.9-eclipse-temurin-17`.
std::optional<std::size_t> place_in_tag(std::string_view tag, std::string_view version) {
  std::optional<std::size_t> found;
  for (std::size_t begin = 0; begin <= tag.size();) {
    const auto end = std::min(tag.find('-', begin), tag.size());
    if (tag.substr(begin, end - begin) == version) {
      if (found) return std::nullopt;
      found = begin;
    }
    begin = end + 1;
  }
  return found;
}

// `3.9.6-eclipse-temurin-25` becomes `3.9-…`: a release of something else may be older than what the tag is to name.
std::string without_patch_of_others(std::string tag, std::string_view version) {
  const auto end = std::min(tag.find('-'), tag.size());
  const std::string_view first = std::string_view(tag).substr(0, end);
  const bool plain = first.find_first_not_of("0123456789.") == first.npos;
  if (first == version || !plain || std::ranges::count(first, '.') < 2) return tag;
  return tag.erase(first.rfind('.'), end - first.rfind('.'));
}

// `alpine3.18` becomes `alpine`, because the images of a language move on with Alpine.
std::string without_release_of_alpine(std::string tag) {
  constexpr std::string_view alpine = "alpine";
  const auto begin = tag.find(alpine);
  if (begin == tag.npos) return tag;
  const auto end = begin + alpine.size();
  const auto rest = std::min(tag.find('-', end), tag.size());
  return tag.erase(end, rest - end);
}

// What newer images of a language may no longer be made with, in the name of an older one: a release of a distribution,
// the builds of OpenJDK that Docker no longer publishes. Empty where the name has none.
std::string_view outdated_part(std::string_view image) {
  constexpr std::string_view parts[] = {"bionic", "bullseye", "buster",  "focal", "jdk",
                                        "jessie", "openjdk",  "stretch", "xenial"};
  const auto found = std::ranges::find_if(parts, [&](std::string_view part) {
    const auto place = find_name(image, part, "");
    return place != image.npos && (part != "jdk" || image.substr(place).starts_with("jdk-"));
  });
  return found == std::end(parts) ? std::string_view() : *found;
}

// What is built on `base` runs in it, or in a stage that is built on it: `FROM mcr.microsoft.com/dotnet/aspnet:6.0`.
bool takes_from(const Dockerfile& file, const Stage& stage, const Stage& base) {
  const auto takes = [&](const Step& step) {
    return step.copy && step.copy->stage && continues(file, file.stages()[*step.copy->stage], base);
  };
  return std::ranges::any_of(file.stages(), [&](const Stage& each) {
    return continues(file, each, stage) && std::ranges::any_of(each.steps, takes);
  });
}

// Whether what is built with the language needs it to run, and not only its compiler.
bool needs_language(const Stage& base) {
  const auto* runtime = runtime_of(base);
  return runtime != nullptr && !runtime->kept_programs.empty();
}

bool has_same_language(const Stage& a, const Stage& b) {
  const auto language = [](const Stage& stage) {
    return stage.image && stage.image->entry != nullptr ? stage.image->entry->language : std::string_view();
  };
  return !language(a).empty() && language(a) == language(b);
}

}  // namespace

Fix newer_image_fix(const Dockerfile& file, const Stage& stage, std::string_view has, std::string_view needs) {
  const auto& base = *chain_of(file, stage).back();
  Fix fix;
  fix.title = "take an image that has it";
  for (const auto& other : file.stages()) {
    if (other.parent || other.scratch || other.from->arguments.empty()) continue;
    if (&other != &base && !takes_from(file, other, base)) continue;
    const auto& word = other.from->arguments[0];
    const auto& tag = other.reference.tag;
    const auto place = place_in_tag(tag, has);
    if (&other != &base && (!place || !has_same_language(other, base) || other.base_from_argument)) {
      if (!needs_language(base)) continue;
      return decline(fix, "what is built runs in `" + shown_base(other) + "`, and would need another one there, too");
    }
    if (!other.reference.digest.empty())
      return decline(fix, "`" + shown_base(other) + "` is pinned by a digest, which is of one version");
    if (!place || word.text != other.base.text || !word.text.ends_with(':' + tag))
      return decline(fix, "what another tag of `" + shown_base(other) + "` would be is not known");
    if (const auto part = outdated_part(word.text); !part.empty())
      return decline(fix, "whether there is one with `" + std::string(part) + "` is not known");
    auto newer = tag;
    newer.replace(*place, has.size(), needs);
    const auto name = word.text.substr(0, word.text.size() - tag.size()) +
                      without_patch_of_others(without_release_of_alpine(std::move(newer)), needs);
    if (&other == &base) fix.title = "take `" + name + "`";
    fix.edits.push_back({word.span, name});
  }
  fix.applicability = Applicability::unsafe;
  fix.changes_base = true;
  fix.checklist = {"there is such an image, and what it has besides fits: build it, and start the result once"};
  return fix;
}

}  // namespace dockhew::inline lint
