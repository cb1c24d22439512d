#include "caches/cache_hooks.hpp"

#include <algorithm>

#include "edits/run_edits.hpp"
#include "effects/unix_effects.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

bool mentions(const Step& step, std::string_view text) {
  return step.script && step.script->text.view().find(text) != std::string_view::npos;
}

// Whether a RUN changes the hook and does not put it back.
bool removes(const Facts& facts, const Step& step, const CacheHook& hook) {
  return mentions(step, path_basename(hook.path)) &&
         std::ranges::none_of(step.script->commands, [&](const ShellCommand& command) {
           return has_operands(facts, command, {Operands::moved}) && command.words.back().value.is(hook.path);
         });
}

// Whether the hook is there and empties what one of the mounts holds. An image that is not known may have it.
bool may_be_in_force(const Site& site, const CacheHook& hook, const std::vector<std::string>& mounted) {
  const auto holds = [&](const std::string& target) { return path_is_under(hook.empties, target); };
  const auto removed = [&](const Site& earlier) { return removes(site.file.facts(), earlier.step, hook); };
  const bool other_image =
      site.stage.image && !site.stage.image->distribution.empty() &&
      std::ranges::find(hook.distributions, site.stage.image->distribution) == hook.distributions.end();
  return std::ranges::any_of(mounted, holds) && !other_image && !mentions(site.step, path_basename(hook.path)) &&
         !site.any_earlier({"removes ", hook.path}, removed);
}

// `sudo apt-get install`: the user may become root, and does so whenever it uses the tool.
bool all_through_sudo(const Site& site, const Tool& tool) {
  return std::ranges::all_of(site.uses(), [&](const ToolUse& use) {
    return use.tool != &tool || (!use.command->wrappers.empty() && use.command->wrappers[0].raw == "sudo");
  });
}

// Appended commands would not run. `exit 1` in a condition aborts the build.
bool ends_early(const Script& script) {
  return std::ranges::any_of(script.commands, [](const ShellCommand& command) {
    if (command.name() != "exit") return false;
    const bool fails = command.words.size() > 1 && command.words[1].value.is_known() && command.words[1].text() != "0";
    return !(command.conditional && fails);
  });
}

std::string message_for(const CacheHook& hook, bool is_there) {
  const auto condition = is_there ? std::string() : ", if it is " + std::string(hook.owner) + ",";
  return "the base image's `" + std::string(path_basename(hook.path)) + "` hook" + condition +
         " deletes every downloaded package, so the mount on " + std::string(path_parent(hook.empties)) +
         " stays empty";
}

// In a stage that is not shipped, the hook may be removed for good.
std::vector<TextEdit> edits_around(const Site& site, const CacheHook& hook, bool is_there, const std::string& wrapper) {
  const auto& document = site.file.document();
  const auto& script = *site.step.script;
  if (!site.file.ships(site.stage))
    return {prepend_command(document, script, wrapper + "rm -f " + std::string(hook.path))};
  const auto commands = set_hook_aside(hook, is_there, wrapper);
  return {prepend_command(document, script, commands.before), append_command(document, script, commands.after)};
}

}  // namespace

bool may_act_as_root(const Step& step) {
  return is_root(step.user) || (!step.user.is_known() && !mentions(step, "sudo"));
}

HookCommands set_hook_aside(const CacheHook& hook, bool is_there, std::string_view wrapper) {
  const auto move = [&](std::string_view from, std::string_view to) {
    const auto command = std::string(wrapper) + "mv " + std::string(from) + ' ' + std::string(to);
    return is_there ? command : "if [ -e " + std::string(from) + " ]; then " + command + "; fi";
  };
  return {move(hook.path, hook.aside), move(hook.aside, hook.path)};
}

std::optional<DefeatingPart> defeating_hook(const Site& site, const Tool& tool,
                                            const std::vector<std::string>& mounted) {
  const auto& hook = tool.cache_hook;
  if (hook.path.empty() || !may_be_in_force(site, hook, mounted)) return std::nullopt;
  const auto& script = *site.step.script;
  const bool is_there = site.stage.image && !site.stage.image->distribution.empty();
  const std::string wrapper = all_through_sudo(site, tool) ? "sudo " : "";
  const bool as_root = is_root(site.step.user);
  const auto name = "`" + std::string(path_basename(hook.path)) + "` hook";

  DefeatingPart part;
  part.defeat = {site.step.instruction->keyword_span, message_for(hook, is_there)};
  part.assumes_root = !as_root && wrapper.empty();
  if (!as_root && !wrapper.empty())
    part.assumptions.push_back(
        {"sudo-for-all", "`sudo` lets this user run `mv` and `rm`, and not " + std::string(tool.title) + " alone"});
  if (wrapper.empty() && !may_act_as_root(site.step))
    part.obstacle = Declined{"this RUN does not run as root, so it cannot set the " + name + " aside"};
  else if (!can_be_framed(script) || script.commands.front().nested || ends_early(script))
    part.obstacle =
        Declined{"the commands of this RUN are not a plain chain, so the " + name + " cannot be set aside around them"};
  else part.edits = edits_around(site, hook, is_there, wrapper);
  return part;
}

}  // namespace dockhew::inline caches
