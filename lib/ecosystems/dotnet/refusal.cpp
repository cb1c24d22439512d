#include "ecosystems/dotnet/refusal.hpp"

#include <algorithm>
#include <string_view>

#include "ecosystems/dotnet/projects.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/toolchain_changes.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/xml.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool is_plain_build(const ToolUse& use) {
  constexpr std::string_view builders[] = {"build", "pack", "publish", "restore", "test"};
  constexpr std::string_view others[] = {"-f", "--framework", "--sdk"};
  const auto& words = use.action->words;
  if (words.size() != 1 || std::ranges::find(builders, words.front()) == std::end(builders)) return false;
  return std::ranges::none_of(use.command->words, [&](const ShellWord& word) {
    const auto& text = word.text();
    return !word.value.is_known() || text.find("TargetFramework") != text.npos ||
           std::ranges::any_of(others, [&](std::string_view option) { return text.starts_with(option); });
  });
}

// The .NET that a project is for, where it is one, and under no condition: 8 of `net8.0`; else 0.
int target_of(std::string_view text) {
  constexpr std::string_view element = "<TargetFramework>";
  const auto elements = read_xml(text);
  if (!elements) return 0;
  int found = 0;
  for (const auto& each : *elements) {
    if (each.name == "TargetFrameworks" || each.name == "Choose" || each.name == "Import") return 0;
    if (each.name != "TargetFramework") continue;
    const auto numbers = each.text.starts_with("net") ? version_numbers(each.text.substr(3)) : std::vector<int>();
    if (found != 0 || numbers.size() != 2 || each.text != "net" + std::to_string(numbers[0]) + ".0") return 0;
    found = numbers[0];
  }
  // Of a condition the elements do not tell.
  const auto place = text.find(element);
  const auto group = place == text.npos ? place : text.rfind("<PropertyGroup", place);
  if (group == text.npos || text.substr(group, place - group).find("Condition") != text.npos) return 0;
  return found;
}

// The project that the use is about, in the build context; empty where that is not plain.
std::string project_of(const BuildContext& context, const std::string& directory, const ToolUse& use) {
  if (use.operands.size() > 1) return {};
  if (use.operands.empty()) return only_project_in(context, directory);
  const auto path = join_context_path(directory, use.command->words[use.operands.front()].text());
  if (path.find("..") != path.npos) return {};
  if (path_basename(path).ends_with("proj")) return path;
  return only_project_in(context, path);
}

// Whether a file beside or above the project may say something else.
bool is_overruled(const BuildContext& context, const std::string& project) {
  auto directories = directories_above(std::string(path_parent(project)), ".");
  directories.emplace_back(path_parent(project));
  directories.emplace_back(".");
  constexpr std::string_view names[] = {"Directory.Build.targets", "Directory.Build.rsp", "global.json"};
  return std::ranges::any_of(directories, [&](const std::string& directory) {
    return std::ranges::any_of(
        names, [&](std::string_view name) { return context.exists(join_context_path(directory, name)); });
  });
}

// Of what may bring another SDK.
constexpr std::string_view other_sdk[] = {"dotnet-install", "dotnet-sdk", "DOTNET_ROOT", "PATH", "share/dotnet"};

}  // namespace

Refusal dotnet_refusal(const Site& site, const ToolUse& use) {
  const auto& image = site.stage.image;
  const auto& command = *use.command;
  if (use.tool->id != "dotnet" || !command.directory.is_known() || !is_plain_build(use)) return {};
  if (!image || image->entry == nullptr || image->entry->language != "dotnet" || image->only_configured ||
      image->windows || site.stage.base_from_argument || path_basename(site.stage.reference.repository) != "sdk")
    return {};
  const auto has = version_numbers(image->version);
  if (has.empty()) return {};
  const auto& context = site.context();
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  const auto project = directory ? project_of(context, *directory, use) : std::string();
  const auto text = project.empty() ? std::nullopt : context.read(project);
  const int target = text ? target_of(*text) : 0;
  if (target <= has[0] || is_overruled(context, project)) return {};
  const auto within = *directory == "." ? project : project.substr(std::min(directory->size() + 1, project.size()));
  const auto file = resolve_path(command.directory.text, within);
  if (!is_brought(site, command.directory.text, project) || may_find_other(site, use, other_sdk, file)) return {};
  const auto wanted = std::to_string(target) + ".0";
  return {"`" + project + "` is for `net" + wanted + "`, and the SDK of `" + shown_base(site.stage) +
              "` knows no .NET after " + std::to_string(has[0]) + ", so this fails with NETSDK1045",
          image->version, wanted};
}

}  // namespace dockhew::inline ecosystems
