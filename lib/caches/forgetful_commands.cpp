#include "caches/forgetful_commands.hpp"

#include <algorithm>

#include "effects/unix_effects.hpp"
#include "model/base_files.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

bool has_word_with(const ShellCommand& command, std::string_view text) {
  return std::ranges::any_of(command.words,
                             [&](const ShellWord& word) { return word.raw.find(text) != word.raw.npos; });
}

// The setting that "--setopt=keepcache=1" or "-o APT::Keep-Downloaded-Packages=true" makes, without its value.
std::string_view setting_of(std::string_view option) {
  option = option.substr(0, option.rfind('='));
  return option.substr(option.find_last_of(" =") + 1);
}

// Whether a setting is made for all commands of a RUN: an option of the tool's is for its own command alone.
bool sets_for_all(const Step& step, std::string_view setting) {
  return mentions(step, setting) && std::ranges::none_of(step.script->uses, [&](const ToolUse& use) {
           return has_word_with(*use.command, setting);
         });
}

// Whether the option is given already, here or in what an earlier RUN wrote into the configuration.
bool is_given(const Site& site, const ShellCommand& command, std::string_view option) {
  const auto setting = setting_of(option);
  const auto configures = [&](const Site& any) { return sets_for_all(any.step, setting); };
  return has_word_with(command, setting) || site.holds_here({"sets ", setting}, configures) ||
         site.any_earlier({"sets ", setting}, configures);
}

// Whether a RUN changes the hook and does not put it back.
bool removes(const Facts& facts, const Step& step, const CacheHook& hook) {
  return mentions(step, path_basename(hook.path)) &&
         std::ranges::none_of(step.script->commands, [&](const ShellCommand& command) {
           return has_operands(facts, command, {Operands::moved}) && command.words.back().value.is(hook.path);
         });
}

// Whether the hook may be there and empties what one of the mounts holds.
bool may_be_in_force(const Site& site, const CacheHook& hook, const std::vector<std::string>& mounted) {
  if (hook.path.empty()) return false;
  const auto holds = [&](const std::string& target) { return path_is_under(hook.empties, target); };
  const auto removed = [&](const Site& earlier) { return removes(site.file.facts(), earlier.step, hook); };
  const bool other_image =
      site.stage.image && !site.stage.image->distribution.empty() &&
      std::ranges::find(hook.distributions, site.stage.image->distribution) == hook.distributions.end();
  const auto names = [&](const Site& any) { return mentions(any.step, path_basename(hook.path)); };
  // What the image itself has decides, where that is known.
  const auto* files = base_files(site.stage);
  if (files != nullptr && files->has_apt && !files->empties_apt_cache) return false;
  return std::ranges::any_of(mounted, holds) && !other_image && !site.holds_here({"names ", hook.path}, names) &&
         !site.any_earlier({"removes ", hook.path}, removed);
}

// `dpkg -i /var/cache/apt/archives/*.deb`, in this RUN or later: what is kept elsewhere is not found.
bool is_looked_for(const Site& site, const CacheHook& hook) {
  const auto looks = [&](const Site& any) {
    if (!mentions(any.step, hook.empties)) return false;
    return any.step.script->opaque || std::ranges::any_of(any.step.script->commands, [&](const ShellCommand& command) {
             return has_word_with(command, hook.empties) &&
                    !has_operands(any.file.facts(), command, {Operands::removed});
           });
  };
  return site.holds_here({"looks into ", hook.empties}, looks) || site.any_later({"looks into ", hook.empties}, looks);
}

// `apt-get` keeps its downloads, where no hook deletes them; `apt` does not.
bool forgets_by_itself(const Tool& tool, const ShellCommand& command) {
  const auto& of = tool.cache_defeat.keeping_option_of;
  return !tool.cache_defeat.keeping_option.empty() && (of.empty() || std::ranges::find(of, command.name()) != of.end());
}

std::string message_about(const Site& site, const CacheHook& hook) {
  const bool is_there =
      (site.stage.image && !site.stage.image->distribution.empty()) || base_files(site.stage) != nullptr;
  std::string message = "the base image's `";
  message.append(path_basename(hook.path)).append("` hook");
  if (!is_there) message.append(", if it is ").append(hook.owner).append(",");
  return message.append(" deletes every downloaded package, so the mount on ")
      .append(path_parent(hook.empties))
      .append(" stays empty");
}

}  // namespace

std::optional<DefeatingPart> forgetful_command(const Site& site, const Tool& tool, const ShellCommand& command,
                                               const std::vector<std::string>& mounted) {
  const auto& hook = tool.cache_defeat.hook;
  const bool hooked = may_be_in_force(site, hook, mounted) && !is_given(site, command, hook.keeping_option);
  const bool forgets = forgets_by_itself(tool, command) && !is_given(site, command, tool.cache_defeat.keeping_option);
  if (!hooked && !forgets) return std::nullopt;
  DefeatingPart part;
  part.defeat.span = site.step.script->to_source(command.words[0].span);
  part.defeat.message = hooked ? message_about(site, hook)
                               : "`" + command.words[0].raw +
                                     "` deletes the packages after installing them, so the mount keeps only the lists";
  if (command.nested) part.obstacle = Declined{"the command is inside a quoted script"};
  else if (hooked && is_looked_for(site, hook))
    part.obstacle =
        Declined{"a command looks for packages in `" + std::string(hook.empties) + "`, where none would be"};
  std::string options;
  if (hooked) options.append(" ").append(hook.keeping_option);
  if (forgets) options.append(" ").append(tool.cache_defeat.keeping_option);
  part.edits.push_back({{part.defeat.span.end, part.defeat.span.end}, std::move(options)});
  return part;
}

}  // namespace dockhew::inline caches
