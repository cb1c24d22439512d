#include "ecosystems/cpp/caches.hpp"

#include <algorithm>
#include <string_view>

#include "effects/effects.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `conan==1.64.1`, `conan<2`, `conan~=1.60`
bool is_version_1(std::string_view requirement) {
  constexpr std::string_view name = "conan";
  if (!requirement.starts_with(name)) return false;
  const auto version = requirement.substr(name.size());
  const auto digit = version.find_first_of("0123456789");
  if (digit == version.npos || digit == 0) return false;
  const auto number = version.substr(digit, version.find_first_of(".,*;", digit) - digit);
  const bool below = version[0] == '<' && number == "2";
  return below || number == "1" || number == "0" || version.find("<2") != version.npos;
}

// Options and commands that only Conan 1 has.
bool is_written_for_1(const ShellCommand& command) {
  if (command.name() != "conan" || command.words.size() < 2) return false;
  constexpr std::string_view options[] = {"--install-folder", "-if"};
  const auto& verb = command.words[1].raw;
  const auto& next = command.words.size() > 2 ? command.words[2].raw : std::string();
  const auto given = [&](std::string_view option) { return !option_values(command, option).empty(); };
  return std::ranges::any_of(options, given) || verb == "user" ||
         (verb == "config" && (next == "set" || next == "get")) ||
         (verb == "profile" && (next == "new" || next == "update"));
}

bool means_version_1(const Site& site) {
  const auto& script = site.step.script;
  return script && std::ranges::any_of(script->commands, [](const ShellCommand& command) {
           return is_written_for_1(command) || std::ranges::any_of(command.words, [](const ShellWord& word) {
                    return is_version_1(word.value.is_known() ? std::string_view(word.text()) : word.raw);
                  });
         });
}

bool removes(const Site& site, const Tool& conan) {
  return std::ranges::any_of(
      site.uses(), [&](const ToolUse& use) { return use.tool == &conan && use.action->kind == ActionKind::remove; });
}

// `--build=missing`: compiles the packages for which there is no binary.
bool compiles_missing(const ToolUse& use) {
  return std::ranges::any_of(use.command->words, [](const ShellWord& word) {
    return word.raw == "-b" || word.raw == "--build" || word.raw.starts_with("-b=") || word.raw.starts_with("--build=");
  });
}

// Uses of the packages, all of which compile what is missing, or none of which do.
bool uses_packages(const Site& site, const Tool& conan, bool compiling) {
  return std::ranges::any_of(site.uses(), [&](const ToolUse& use) {
    const auto kind = use.action->kind;
    return use.tool == &conan && (kind == ActionKind::install || kind == ActionKind::build) &&
           compiles_missing(use) == compiling;
  });
}

// One RUN compiles packages, and a later one only takes them: with the first from the layer cache and an empty mount,
// as on a new machine, the later one would not find them.
bool takes_compiled(const Site& site, const Tool& conan) {
  const auto compiles = [&](const Site& any) { return uses_packages(any, conan, true); };
  const auto takes = [&](const Site& any) { return uses_packages(any, conan, false) && !compiles(any); };
  return (compiles(site) && site.any_later({"takes packages of ", conan.id}, takes)) ||
         (takes(site) && site.any_earlier({"compiles packages of ", conan.id}, compiles));
}

}  // namespace

Outcome<std::vector<Assumption>> cpp_cache_hazards(const Site& site, const Tool& tool) {
  if (tool.id != "conan") return std::vector<Assumption>();
  if (means_version_1(site) || site.any_earlier({"means Conan 1"}, means_version_1))
    return Declined{"this is Conan 1, which keeps its packages elsewhere"};
  const auto chooses = [&](const Site& any) { return removes(any, tool); };
  if (chooses(site) || site.any_later({"removes packages of ", tool.id}, chooses))
    return Declined{"`conan remove` decides which of the packages stay in the image"};
  if (takes_compiled(site, tool))
    return Declined{
        "one RUN compiles packages (`--build`), and a later one without that option would fail without them"};
  return std::vector<Assumption>();
}

}  // namespace dockhew::inline ecosystems
