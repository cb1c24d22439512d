#include "ecosystems/node/refusal.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/ignored_builds.hpp"
#include "ecosystems/node/project_place.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/tag_versions.hpp"
#include "ecosystems/toolchain_changes.hpp"
#include "effects/environment.hpp"
#include "facts/facts.hpp"
#include "text/json.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The releases of Node that a major version of a package manager runs on: the first of each line, and with `+` of all
// after it. Source: `engines` of each in the npm registry, 2026-11-30. The last one stands for those that follow.
struct Manager {
  int major;
  std::string_view runs_on;
};

constexpr Manager npm[] = {{8, "12.13 14.15 16.0+"},
                           {9, "14.17 16.13 18.0+"},
                           {10, "18.17 20.5+"},
                           {11, "20.17 22.9+"},
                           {12, "22.22.2 24.15 26.0+"}};
constexpr Manager pnpm[] = {{9, "18.12+"}, {10, "18.12+"}, {11, "22.13+"}, {12, "18.0+"}};

bool runs_on(const Manager& manager, const std::vector<int>& node) {
  return std::ranges::any_of(split_words(manager.runs_on), [&](std::string_view line) {
    const bool later = line.ends_with('+');
    const auto first = version_numbers(line.substr(0, line.size() - (later ? 1 : 0)));
    return (later && node[0] > first[0]) || (node[0] == first[0] && !tag_is_older(node, first));
  });
}

const Manager* find_manager(std::span<const Manager> managers, std::string_view version) {
  const auto numbers = version_numbers(version);
  if (numbers.empty()) return nullptr;
  const auto found = std::ranges::find(managers, numbers[0], &Manager::major);
  return found == managers.end() ? nullptr : &*found;
}

// The Node of an image that is made for it, by the numbers of its tag; empty where that is not known.
std::vector<int> node_of(const Stage& stage) {
  const auto& image = stage.image;
  if (!image || image->entry == nullptr || image->entry->language != "node" || image->only_configured ||
      stage.base_from_argument)
    return {};
  return version_numbers(image->version);
}

// `npm@12`, `npm`: the word that names the package; null where none does.
const ShellWord* named_word(const ToolUse& use, std::string_view package) {
  for (const auto i : use.operands) {
    const auto& word = use.command->words[i];
    if (!word.value.is_known()) return nullptr;
    const std::string_view text = word.text();
    if (text.substr(0, text.find('@')) == package) return &word;
  }
  return nullptr;
}

// "12" of `npm@12`, "latest" of `npm@latest`, empty of `npm`; nothing where the package is not named.
std::optional<std::string> version_of(const ToolUse& use, std::string_view package) {
  const auto* word = named_word(use, package);
  if (word == nullptr) return std::nullopt;
  const auto at = word->text().find('@');
  return at == std::string::npos ? std::string() : word->text().substr(at + 1);
}

// `npm install -g npm@latest`. Since 7, which came with Node 15, npm refuses a version of itself that asks for another
// Node; one that came with Node 18 or later takes the newest that it can where no version is named. Source: tried with
// the npm of Node 14, 16, 18 and 20.
Refusal refusal_of_npm(const Site& site, const ToolUse& use, const std::vector<int>& node) {
  constexpr int first_that_refuses = 15, first_that_chooses = 18;
  const auto version = version_of(use, "npm");
  const bool forced = use.command->has_word("--force") || use.command->has_word("-f") ||
                      is_switched_on(environment(site, *use.command, "npm_config_force"));
  if (forced) return {};  // then it only warns
  if (!version || node[0] < first_that_refuses || (version->empty() && node[0] >= first_that_chooses)) return {};
  const bool newest = version->empty() || *version == "latest";
  const auto* manager = newest ? &std::end(npm)[-1] : find_manager(npm, *version);
  if (manager == nullptr || runs_on(*manager, node)) return {};
  const auto* last = std::ranges::find_if(npm, [&](const Manager& each) { return !runs_on(each, node); });
  Refusal refusal{"npm " + std::to_string(manager->major) + " does not run on the Node of `" + shown_base(site.stage) +
                  "`, and npm refuses it (EBADENGINE), so this fails"};
  if (last == npm) return refusal;
  const auto taken = "npm@" + std::to_string(last[-1].major);
  refusal.reason += "; take `" + taken + '`';
  refusal.title = "install `" + taken + '`';
  refusal.edits = {{site.step.script->to_source(named_word(use, "npm")->span), taken}};
  return refusal;
}

// The pnpm that an earlier command has installed by its version; empty where none has.
std::string installed_pnpm(const Site& site) {
  std::string version;
  const auto look_at = [&](const Site& any) {
    for (const auto& use : any.uses())
      if (use.tool->id == "npm" && use.action->kind == ActionKind::install && is_told_global(use))
        if (const auto named = version_of(use, "pnpm")) version = *named;
  };
  for (const auto& earlier : site.earlier()) look_at(site.at(earlier));
  look_at(site);
  return version;
}

// What the project asks for decides, whichever pnpm is there.
std::string refusal_of_pnpm(const Site& site, const ToolUse& use, const std::vector<int>& node) {
  const auto directory = directory_of_use(use);
  if (!directory.is_known()) return {};
  const auto text = read_project_file(site.file, site.stage, directory.text, "package.json");
  const auto wanted = text ? parse_json(*text).value.string_at("packageManager") : std::string();
  constexpr std::string_view named = "pnpm@";
  const auto version = wanted.starts_with(named) ? wanted.substr(named.size()) : installed_pnpm(site);
  const auto* manager = find_manager(pnpm, version);
  if (manager == nullptr || runs_on(*manager, node)) return {};
  return "pnpm " + std::to_string(manager->major) +
         (wanted.starts_with(named) ? ", which package.json asks for," : "") + " does not run on the Node of `" +
         shown_base(site.stage) + "`, so this fails";
}

}  // namespace

Refusal node_refusal(const Site& site, const ToolUse& use) {
  // `n 22`, `nvm install 22`, and what replaces the programs of the image.
  constexpr std::string_view other_node[] = {" n ", " n@",        "asdf",           "fnm",  "mise",
                                             "nvm", "nodesource", "/usr/local/bin", "volta"};
  const auto node = node_of(site.stage);
  if (node.empty()) return {};
  Refusal refusal;
  if (use.tool->id == "npm" && use.action->kind == ActionKind::install && is_told_global(use))
    refusal = refusal_of_npm(site, use, node);
  else if (use.tool->id == "pnpm") refusal = {refusal_of_pnpm(site, use, node)};
  if (refusal.reason.empty()) refusal = refusal_of_ignored_builds(site, use);
  return refusal.reason.empty() || may_find_other(site, use, other_node) ? Refusal() : refusal;
}

}  // namespace dockhew::inline ecosystems
