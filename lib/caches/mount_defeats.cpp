#include "caches/mount_defeats.hpp"

#include <algorithm>
#include <set>

#include "caches/removed_directories.hpp"
#include "edits/run_edits.hpp"
#include "effects/environment.hpp"
#include "model/runs.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

constexpr std::string_view hook = "/etc/apt/apt.conf.d/docker-clean";
// Not in /tmp, which many a RUN empties.
constexpr std::string_view hook_aside = "/etc/apt/docker-clean";

bool mentions(const Step& step, std::string_view text) {
  return step.script && step.script->text.view().find(text) != std::string_view::npos;
}

// Whether a RUN does something to the hook, and does not put it back in its place.
bool removes_hook(const Step& step) {
  return mentions(step, "docker-clean") && std::ranges::none_of(step.script->commands, [](const ShellCommand& command) {
           return command.name() == "mv" && !command.words.empty() && command.words.back().value.is(hook);
         });
}

bool has_word_with(const ShellCommand& command, std::string_view text) {
  return std::ranges::any_of(command.words,
                             [&](const ShellWord& word) { return word.raw.find(text) != word.raw.npos; });
}

// The setting that "--setopt=keepcache=1" or "-o APT::Keep-Downloaded-Packages=true" makes, without its value.
std::string_view setting_of(std::string_view option) {
  option = option.substr(0, option.rfind('='));
  return option.substr(option.find_last_of(" =") + 1);
}

// That of `env NAME=value` is a word as a whole.
std::uint32_t begin_of(const ShellAssignment& assignment) {
  const auto& value = assignment.value;
  const bool word = value.raw.starts_with(assignment.name + '=');
  return value.span.begin - (word ? 0 : static_cast<std::uint32_t>(assignment.name.size() + 1));
}

class Planner {
 public:
  Planner(const Site& site, const Tool& tool, const std::vector<std::string>& mounted)
      : site_(site),
        file_(site.file),
        stage_(site.stage),
        step_(site.step),
        script_(*site.step.script),
        tool_(tool),
        mounted_(mounted) {}

  DefeatPlan plan() {
    for (const auto& command : script_.commands) {
      if (command.name() == "rm") {
        keep_removed(command);
        continue;
      }
      const auto* use = command.use;
      if (!use || use->tool != &tool_) continue;
      if (use->action->kind == ActionKind::clean) {
        defeat(command.span,
               "`" + std::string(script_.text.view(command.span)) + "` empties the cache mount of the same RUN");
        remove_element(command);
      }
      if (use->uses_cache() && use->action->kind != ActionKind::refresh) keep_installed(command);
      allow_cache(command);
    }
    check_variables();
    take_out_elements();
    if (tool_.id == "apt") keep_from_hook();
    if (!tool_.keeping_command.empty()) keep_from_now_on();
    if (!plan_.declined.empty()) plan_.edits.clear();
    return std::move(plan_);
  }

 private:
  void defeat(Span span, std::string message) {
    plan_.defeats.push_back({script_.to_source(span), std::move(message)});
  }
  void decline(std::string reason) {
    if (plan_.declined.empty()) plan_.declined = std::move(reason);
  }

  // Who needs `sudo` is not root.
  bool may_set_aside() const {
    return is_root(step_.user) ||
           (!step_.user.is_known() && script_.text.view().find("sudo") == std::string_view::npos);
  }

  // `sudo apt-get install`: whoever this is may become root, and does for every use of the tool.
  bool all_through_sudo() const {
    const auto& uses = script_.uses;
    return std::ranges::all_of(uses, [&](const ToolUse& use) {
      return use.tool != &tool_ || (!use.command->wrappers.empty() && use.command->wrappers[0].raw == "sudo");
    });
  }

  void remove_element(const ShellCommand& command) {
    if (!command.conditional && !command.nested && command.element < script_.chain.size() &&
        script_.chain[command.element].simple)
      elements_.push_back(command.element);
    else decline("`" + std::string(command.words[0].raw) + "` stands inside a compound command");
  }

  // `rm -rf /var/lib/apt/lists/*`
  void keep_removed(const ShellCommand& command) {
    const auto [inside, operands] = operands_inside(command, mounted_);
    if (inside.empty()) return;
    defeat(command.words[inside[0]].span,
           "`" + std::string(command.words[inside[0]].raw) +
               "` is in a cache mount, and removing it empties the cache for every build");
    if (inside.size() == operands) {
      remove_element(command);
    } else if (command.nested) {
      decline("the `rm` stands inside a quoted script");
    } else {
      for (const auto i : inside) plan_.edits.push_back(remove_word(script_, command.words[i]));
    }
  }

  // `dnf install` without `keepcache`, and `apt install`, delete what they have installed.
  void keep_installed(const ShellCommand& command) {
    if (tool_.keeping_option.empty()) return;
    const auto& of = tool_.keeping_option_of;
    if (!of.empty() && std::ranges::find(of, command.name()) == of.end()) return;
    const auto setting = setting_of(tool_.keeping_option);
    const auto configures = [&](const Step& any) {
      if (!mentions(any, setting)) return false;
      const auto& uses = any.script->uses;  // an option is for its own command alone
      return std::ranges::none_of(uses, [&](const ToolUse& use) { return has_word_with(*use.command, setting); });
    };
    if (has_word_with(command, setting) || configures(step_) || any_earlier_step(file_, stage_, step_, configures))
      return;
    defeat(command.words[0].span, "`" + command.words[0].raw +
                                      "` deletes the packages after installing them, so the "
                                      "mount keeps only the lists");
    if (command.nested) decline("the command stands inside a quoted script");
    const auto at = script_.to_source(command.words[0].span).end;
    plan_.edits.push_back({{at, at}, " " + std::string(tool_.keeping_option)});
  }

  // `zypper modifyrepo --all --keep-packages` is written to the image, so only where nobody gets the stage. Without it
  // the mount still keeps the metadata.
  void keep_from_now_on() {
    const auto setting = std::string_view(tool_.keeping_command).substr(tool_.keeping_command.rfind(' ') + 1);
    const auto keeps = [&](const Step& any) { return mentions(any, setting); };
    if (file_.ships(stage_) || keeps(step_) || any_earlier_step(file_, stage_, step_, keeps)) return;
    if (!can_be_framed(script_) || script_.commands.front().nested || !may_set_aside()) return;
    plan_.defeats.push_back(
        {step_.instruction->keyword_span,
         std::string(tool_.title) + " deletes packages after installing them, so the mount keeps only metadata"});
    plan_.edits.push_back(prepend_command(file_.document(), script_, std::string(tool_.keeping_command)));
  }

  // `pip --no-cache-dir`
  void allow_cache(const ShellCommand& command) {
    for (const auto& word : command.words) {
      if (std::ranges::find(tool_.defeating_options, word.raw) == tool_.defeating_options.end()) continue;
      defeat(word.span,
             "`" + std::string(word.raw) + "` keeps " + std::string(tool_.title) + " from using the cache mount");
      if (command.nested) decline("the command stands inside a quoted script");
      else if (tool_.instead.empty() || command.has_word(tool_.instead))
        plan_.edits.push_back(remove_word(script_, word));
      else plan_.edits.push_back({script_.to_source(word.span), std::string(tool_.instead)});
    }
  }

  // `ENV PIP_NO_CACHE_DIR=1`, `export PIP_NO_CACHE_DIR=1`, `PIP_NO_CACHE_DIR=1 pip install`
  void check_variables() {
    for (const auto& name : tool_.defeating_variables)
      for (const auto& use : script_.uses) {
        if (use.tool != &tool_ || !use.uses_cache()) continue;
        const auto variable = find_variable(site_, *use.command, name);
        if (variable.by == nullptr) check_environment(name, variable.value);
        else if (!is_switched_off(variable.value)) check_setting(name, variable);
      }
  }

  void check_environment(std::string_view name, const Value& value) {
    if (!value.is_known() || is_switched_off(value)) return;
    defeat_by_variable(name, step_.instruction->keyword_span);
    decline("`" + std::string(name) + "` is set to `" + value.text +
            "` in the environment, and removing it would change the image");
  }

  // What is set for this RUN alone can go.
  void check_setting(std::string_view name, const Variable& variable) {
    if (variable.value.state == Value::State::undefined || !seen_settings_.insert(variable.by).second) return;
    const auto& command = *variable.by;
    defeat_by_variable(name, script_.to_source(command.span));
    const auto text = "`" + std::string(name) + "`";
    if (!variable.value.is_known()) return decline("whether " + text + " is set here is not known");
    if (variable.setter == Setter::command) return remove_assignment(command, name);
    const bool alone = command.words.size() == 2;
    if (command.words.empty() || !command.assignments.empty()) decline(text + " is set in a way that is not plain");
    else if (alone) remove_element(command);
    else remove_operand(command, name);
  }

  // One of the words of `export NAME=value OTHER=value`.
  void remove_operand(const ShellCommand& command, std::string_view name) {
    const auto setting = std::string(name) + '=';
    for (const auto& word : command.words) {
      if (!word.text().starts_with(setting)) continue;
      if (command.nested) return decline("`" + command.words[0].raw + "` stands inside a quoted script");
      return plan_.edits.push_back(remove_word(script_, word));
    }
    decline("`" + std::string(name) + "` is set in a way that is not plain");
  }

  // From its name up to what follows, so that a continued line stays one.
  void remove_assignment(const ShellCommand& command, std::string_view name) {
    if (command.nested) return decline("the command stands inside a quoted script");
    std::vector<std::uint32_t> places = {command.words[0].span.begin};
    for (const auto& word : command.wrappers) places.push_back(word.span.begin);
    for (const auto& assignment : command.assignments) places.push_back(begin_of(assignment));
    std::ranges::sort(places);
    for (const auto& assignment : command.assignments) {
      if (assignment.name != name) continue;
      const auto begin = begin_of(assignment);
      plan_.edits.push_back({script_.to_source(Span{begin, *std::ranges::upper_bound(places, begin)}), ""});
    }
  }

  void defeat_by_variable(std::string_view name, Span span) {
    const auto message =
        "`" + std::string(name) + "` keeps " + std::string(tool_.title) + " from using the cache mount";
    const auto same = [&](const Defeat& defeat) { return defeat.span == span && defeat.message == message; };
    if (std::ranges::none_of(plan_.defeats, same)) plan_.defeats.push_back({span, message});
  }

  void take_out_elements() {
    std::ranges::sort(elements_);
    elements_.erase(std::unique(elements_.begin(), elements_.end()), elements_.end());
    if (elements_.empty() || !plan_.declined.empty()) return;
    auto edits = remove_elements(file_.document(), script_, elements_);
    if (!edits) return decline("the clean-up cannot be taken out of this chain of commands");
    std::ranges::move(*edits, std::back_inserter(plan_.edits));
    if (hides_failure())
      plan_.assumptions.push_back(
          {"nothing-fails", "no command before the clean-up fails, which a failed build would now show"});
  }

  // `apt-get install git; rm -rf /var/lib/apt/lists/*` succeeds whatever APT does, and without its end it does not.
  bool hides_failure() const {
    auto last = script_.chain.size();
    while (std::ranges::find(elements_, last - 1) != elements_.end()) --last;
    if (last == script_.chain.size() || stops_on_failure(script_, script_.chain[0])) return false;
    const auto joint = script_.chain[last - 1].joint;
    return joint == Joint::semicolon || joint == Joint::newline;
  }

  // Debian's and Ubuntu's images delete every downloaded package by a hook. An image that is not known may have it.
  void keep_from_hook() {
    const bool keeps_packages = std::ranges::any_of(
        mounted_, [](const std::string& target) { return path_is_under("/var/cache/apt/archives", target); });
    const std::string_view distribution = stage_.image ? std::string_view(stage_.image->distribution) : "";
    const bool has_hook = distribution == "debian" || distribution == "ubuntu";
    const bool may_have_hook = has_hook || distribution.empty();
    if (!keeps_packages || !may_have_hook || mentions(step_, "docker-clean") ||
        any_earlier_step(file_, stage_, step_, removes_hook))
      return;
    plan_.defeats.push_back({step_.instruction->keyword_span,
                             std::string("the base image's `docker-clean` hook") +
                                 (has_hook ? " deletes" : ", if it is one of Debian's or Ubuntu's, deletes") +
                                 " every downloaded package, so the mount on /var/cache/apt stays empty"});
    const std::string wrapper = all_through_sudo() ? "sudo " : "";
    plan_.assumes_root = !is_root(step_.user) && wrapper.empty();
    if (!is_root(step_.user) && !wrapper.empty())
      plan_.assumptions.push_back({"sudo-for-all", "`sudo` lets this user run `mv` and `rm`, and not APT alone"});
    if (!may_set_aside() && wrapper.empty())
      decline("this RUN does not run as root, so it cannot set the `docker-clean` hook aside");
    // What is appended would not run. `exit 1` in a condition gives the build up.
    const bool ends_early = std::ranges::any_of(script_.commands, [](const ShellCommand& command) {
      if (command.name() != "exit") return false;
      const bool fails =
          command.words.size() > 1 && command.words[1].value.is_known() && command.words[1].text() != "0";
      return !(command.conditional && fails);
    });
    if (!can_be_framed(script_) || script_.commands.front().nested || ends_early)
      return decline(
          "the commands of this RUN are not a plain chain, so the `docker-clean` hook cannot be set aside around "
          "them");
    if (file_.ships(stage_)) {
      const auto commands = set_hook_aside(has_hook, wrapper);
      plan_.edits.push_back(prepend_command(file_.document(), script_, commands.before));
      plan_.edits.push_back(append_command(file_.document(), script_, commands.after));
    } else {
      plan_.edits.push_back(prepend_command(file_.document(), script_, wrapper + "rm -f " + std::string(hook)));
    }
  }

  const Site& site_;
  const Dockerfile& file_;
  const Stage& stage_;
  const Step& step_;
  const Script& script_;
  const Tool& tool_;
  const std::vector<std::string>& mounted_;
  std::vector<std::size_t> elements_;  // of the chain, that go
  std::set<const ShellCommand*> seen_settings_;
  DefeatPlan plan_;
};

}  // namespace

HookCommands set_hook_aside(bool is_there, std::string_view wrapper) {
  const auto move = [&](std::string_view from, std::string_view to) {
    const auto command = std::string(wrapper) + "mv " + std::string(from) + ' ' + std::string(to);
    return is_there ? command : "if [ -e " + std::string(from) + " ]; then " + command + "; fi";
  };
  return {move(hook, hook_aside), move(hook_aside, hook)};
}

DefeatPlan plan_defeat_removal(const Site& site, const Tool& tool, const std::vector<std::string>& mounted) {
  return Planner(site, tool, mounted).plan();
}

}  // namespace dockhew
