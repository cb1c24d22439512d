#include "ecosystems/system/other_distribution.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "ecosystems/system/runtime_packages.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Besides those of the tables.
constexpr std::string_view managers[] = {
    "add-apt-repository",   "apt-add-repository",     "apt-key",           "dpkg", "dpkg-query", "rpm",
    "subscription-manager", "update-crypto-policies", "yum-config-manager"};
constexpr std::string_view settings[] = {"/etc/apk/", "/etc/apt/", "/etc/dnf/", "/etc/yum"};
constexpr std::string_view release_of_alpine = "/alpine/v";

// Of one name on the distributions that have the tool: see has_one_name.
Obstacle tie_of_use(const ToolUse& use, const RuntimeImage& image) {
  const auto other = " is called on the distribution of `" + image.name + "` is not known";
  if (use.tool->id != "apt")
    return Declined{"`" + use.command->name() + "`, which a RUN calls, is not in `" + image.name +
                    "`, which stands on another distribution"};
  if (use.action->kind != ActionKind::install) return std::nullopt;
  for (const auto i : use.operands) {
    const auto& word = use.command->words[i];
    if (!word.value.is_known() || !has_one_name(word.text())) return Declined{"what `" + word.raw + '`' + other};
  }
  return std::nullopt;
}

Declined names(std::string_view text, const RuntimeImage& image) {
  return {"a RUN or COPY names `" + std::string(text) + "`, which is different in `" + image.name + "`"};
}

}  // namespace

Obstacle tie_to_distribution(const Dockerfile& file, const Stage& stage, const RuntimeImage& image) {
  if (image.same_release && !image.other_distribution) return std::nullopt;
  for (const auto& step : stage.steps) {
    const auto keyword = step.instruction->keyword;
    if (keyword != Keyword::run && keyword != Keyword::copy && keyword != Keyword::add) continue;
    const auto text = slice(file.source(), step.instruction->span);
    if (text.find(release_of_alpine) != text.npos) return names(release_of_alpine, image);
    if (!image.other_distribution) continue;
    for (const auto place : settings)
      if (text.find(place) != text.npos) return names(place, image);
    if (!step.script) continue;
    for (const auto& command : step.script->commands) {
      if (command.use != nullptr && command.use->tool->packages.of_system)
        if (auto obstacle = tie_of_use(*command.use, image)) return obstacle;
      if (std::ranges::find(managers, command.name()) != std::end(managers))
        return Declined{"`" + command.name() + "`, which a RUN calls, may do something else in `" + image.name +
                        "`, which stands on another distribution"};
    }
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
