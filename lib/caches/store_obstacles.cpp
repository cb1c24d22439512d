#include "caches/store_obstacles.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "caches/cached_uses.hpp"
#include "caches/started_tools.hpp"
#include "ecosystems/context_scripts.hpp"
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/installation.hpp"
#include "effects/unix_effects.hpp"
#include "text/path.hpp"

namespace dockhew::inline caches {
namespace {

// `curl https://sh.rustup.rs | sh -s -- -y`
bool reads_bystander_script(const Facts& facts, const Script& script, const ShellCommand& command) {
  const auto& name = command.name();
  if (!command.piped || (name != "sh" && name != "bash") || command.element >= script.chain.size()) return false;
  const auto text = script.text.view(script.chain[command.element].span);
  return std::ranges::any_of(facts.bystander_scripts,
                             [&](std::string_view address) { return text.find(address) != text.npos; });
}

// A script, or a `make`, whose commands are known, and none of which needs what is in a store already.
bool is_followed(const Site& site, const ShellCommand& command) {
  const auto started = known_context_script(site, command);
  return started && std::ranges::none_of(started->commands, [&](const ScriptCommand& each) {
           return each.command->use != nullptr && takes_only_cached(site, *each.command->use);
         });
}

// A command of this RUN that may run a tool of the tables without its name being seen here.
std::optional<std::string> opaque_command(const Site& site) {
  const auto& file = site.file;
  const auto& step = site.step;
  if (!step.script || step.script->opaque) return "a script";
  for (const auto& command : step.script->commands) {
    if (command.words.empty() || command.use != nullptr || starts_no_tool(file.facts(), command) ||
        reads_bystander_script(file.facts(), *step.script, command) || runs_no_tool(command) ||
        is_followed(site, command))
      continue;
    return "`" + (command.name().empty() ? command.words[0].raw : command.name()) + "`";
  }
  return std::nullopt;
}

// `./gradlew --version` downloads Gradle itself, and nothing that a mount would be proposed for.
bool is_wrapper(const ToolUse& use) {
  const auto& name = use.command->name();
  return name.ends_with('w') && name.substr(0, name.size() - 1) == use.tool->commands.front().front();
}

// `swag`, which asks Go for packages. A RUN that runs the tool as well gets its mounts.
std::optional<std::string> starting_command(const Site& site, const Tool& tool) {
  const auto gets_mounts = [&](const ToolUse& use) { return use.tool == &tool && use.uses_cache(); };
  if (std::ranges::any_of(site.uses(), gets_mounts)) return std::nullopt;
  for (const auto& use : site.uses())
    if (use.tool == &tool && is_wrapper(use)) return '`' + std::string(use.command->words.front().raw) + '`';
  if (uses_tool(site.step, tool)) return std::nullopt;
  for (const auto& command : site.step.script->commands)
    if (!command.words.empty() &&
        std::ranges::find(tool.started_by, std::string_view(command.name())) != tool.started_by.end())
      return '`' + command.name() + '`';
  return std::nullopt;
}

// What in a RUN without the mount may use the store.
std::optional<std::string> unmounted_user(const Site& site, const Tool& tool) {
  auto command = opaque_command(site);
  return command ? command : starting_command(site, tool);
}

// An earlier RUN may have filled the store in its layer, which a mount would hide.
std::optional<std::string> earlier_filler(const Site& site, const Tool& tool) {
  const auto filler = site.first_earlier({"may fill the store of ", tool.id}, [&](const Site& earlier) {
    return earlier.step.instruction->keyword == Keyword::run && unmounted_user(earlier, tool);
  });
  return filler ? unmounted_user(*filler, tool) : std::nullopt;
}

// In Gradle's image /root/.gradle is a link: what lies in one of the places lies in the other.
void add_linked(const Stage& stage, std::vector<std::string>& directories) {
  if (!stage.image) return;
  const auto count = directories.size();
  for (const auto& [link, target] : stage.image->entry->links)
    for (std::size_t i = 0; i < count; ++i)
      if (path_is_under(directories[i], link))
        directories.push_back(std::string(target) + directories[i].substr(link.size()));
}

// An earlier COPY copies the store, for example from a stage that only downloads. Settings copied next to it, and whole
// file systems (`COPY --from=xx / /`), do not count.
bool is_copied(const Site& site, std::vector<std::string> directories) {
  add_linked(site.stage, directories);
  return std::ranges::any_of(directories, [&](const std::string& directory) {
    return site.any_earlier({"copies to ", directory}, [&](const Site& earlier) {
      const auto& copy = earlier.step.copy;
      if (!copy || !copy->destination.is_known()) return false;
      const auto& destination = copy->destination.text;
      return path_is_under(destination, directory) ||
             (!copy->from_context() && destination != "/" && path_is_under(directory, destination));
    });
  });
}

// An image that downloads packages and builds nothing with them is meant for others who will: child images, or people
// who work in it.
bool packages_are_the_purpose(const Site& site, const Tool& tool) {
  if (!site.file.ships(site.stage)) return false;
  const auto builds = [&](const ToolUse& use) {
    const auto kind = use.action->kind;
    return use.tool == &tool && (kind == ActionKind::build || kind == ActionKind::install || kind == ActionKind::clean);
  };
  const auto builds_in = [&](const Site& other, bool own_versions) {
    bool found = false;
    for_each_use(other, [&](const ToolUse& use, const ShellCommand&, const std::string&) {
      found |= builds(use) && (own_versions || !names_versions(use));
    });
    return found;
  };
  // `go install example.org/tool@v1` in a later RUN builds something else.
  const auto builds_later = [&](const Site& other) {
    if (!other.step.script) return other.step.instruction->keyword == Keyword::run;
    return builds_in(other, false);
  };
  return !builds_in(site, true) && !site.any_later({"may build with ", tool.id}, builds_later);
}

// A container of a tool's image runs the tool, unless the file says otherwise: `CMD ["mvn"]` is inherited.
Obstacle inherited_command(const Site& site, const Tool& tool) {
  if (!site.stage.image) return std::nullopt;
  const auto program = site.stage.image->entry->command;
  if (std::ranges::none_of(tool.commands, [&](Words words) { return words[0] == program; })) return std::nullopt;
  const auto says_nothing = [&](const Stage& stage) {
    return stage.target && continues(site.file, stage, site.stage) &&
           last_step(site.file, stage, Keyword::cmd) == nullptr &&
           last_step(site.file, stage, Keyword::entrypoint) == nullptr;
  };
  if (std::ranges::none_of(site.file.stages(), says_nothing)) return std::nullopt;
  return Declined{"the container runs `" + std::string(program) +
                  "`, the command of its base image, which needs the downloaded packages in the image"};
}

bool stores_results(const Step& step, const Tool& tool) {
  return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
           return use.action->stores_results_in == tool.id;
         });
}

// `mvn install` in one RUN and a use of its result in another: in a mount, the second would find what some other build
// put there last, or nothing. What a RUN before them downloads has to be in the layer, too, where they look for it.
bool passes_results_on(const Site& site, const Tool& tool) {
  const auto stores = [&](const Site& any) { return stores_results(any.step, tool); };
  const auto uses = [&](const Site& later) { return uses_tool(later.step, tool); };
  const auto passes = [&](const Site& any) { return stores(any) && any.any_later({"uses ", tool.id}, uses); };
  return passes(site) || site.any_earlier({"stores results of ", tool.id}, stores) ||
         site.any_later({"passes on results of ", tool.id}, passes);
}

// A start command that runs the tool, itself or in a script.
Obstacle started_reader(const Site& later, const Tool& tool) {
  const auto program = started_by_image(later, tool);
  if (!program) return std::nullopt;
  return Declined{"the container runs `" + *program + "`, which needs the downloaded packages in the image"};
}

// The same where somebody else than the image says what the container of a stage with the store runs.
Obstacle started_elsewhere(const Site& site, const Tool& tool) {
  const auto start = started_by_others(site, tool);
  if (!start) return std::nullopt;
  return Declined{"`" + start->program + "`, which " + start->place +
                  " starts, needs the downloaded packages in the image"};
}

// A shell script that some container which has the store starts, and that cannot be read.
std::optional<std::string> unread_script(const Site& site) {
  const auto starts_unread = [](const Site& later) {
    return is_last_start(later) && !started_in(later)->unread.empty();
  };
  const auto start = find_start(site, {"starts an unread script"}, starts_unread);
  if (!start) return std::nullopt;
  return started_in(*start)->unread.front().path;
}

// A later step that may read the store without the mount.
Obstacle later_reader(const Site& later, const Tool& tool) {
  const auto& instruction = *later.step.instruction;
  if (instruction.keyword == Keyword::run) {
    const auto command = unmounted_user(later, tool);
    if (!command) return std::nullopt;
    return Declined{*command + " in a later RUN may need the downloaded " + std::string(tool.title) + " packages"};
  }
  return started_reader(later, tool);
}

}  // namespace

Obstacle store_obstacle(const Site& site, const Tool& tool, const std::vector<std::string>& directories) {
  const auto packages = std::string(tool.title) + " packages";
  if (const auto filler = earlier_filler(site, tool))
    return Declined{*filler + " in an earlier RUN may have put " + packages +
                    " into its layer, which a mount would hide"};
  if (auto obstacle = started_elsewhere(site, tool)) return obstacle;
  if (passes_results_on(site, tool))
    return Declined{"one RUN installs what it builds into the store, and another RUN takes it from there"};
  if (is_copied(site, directories))
    return Declined{"an earlier COPY contains " + packages + ", which a mount would hide"};
  const auto may_read = [&](const Site& later) { return later_reader(later, tool).has_value(); };
  const auto later = site.first_later({"may read the store of ", tool.id}, may_read);
  auto reader = later ? later_reader(*later, tool) : std::nullopt;
  // `CMD ["mvn", "-o", "exec:java"]` may stand before the RUN, or in a stage that this one is built on.
  const auto starts = [&](const Site& start) { return started_reader(start, tool).has_value(); };
  if (!reader)
    if (const auto start = site.first_earlier({"starts a reader of the store of ", tool.id}, starts))
      reader = started_reader(*start, tool);
  if (!reader) reader = inherited_command(site, tool);
  if (!reader && stores_results(site.step, tool))
    if (const auto script = unread_script(site))
      return Declined{"this RUN installs what it builds into the store, and `" + *script +
                      "`, which the container starts and which cannot be read here, may run it"};
  if (!reader && packages_are_the_purpose(site, tool))
    return Declined{
        "nothing here builds with the downloaded packages, so providing them may be the purpose of the image"};
  return reader;
}

bool may_fill_store(const Site& site, const Tool& tool) { return unmounted_user(site, tool).has_value(); }

bool is_copied_below(const Site& site, const std::string& directory) { return is_copied(site, {directory}); }

namespace {

// `npm ci --offline` in a start script, `gem pristine --all`.
std::string container_use(const Site& later, const Tool& tool) {
  if (!is_last_start(later)) return {};
  const auto started = started_in(later);
  if (const auto cached = started->cached.find(std::string(tool.id)); cached != started->cached.end())
    return cached->second;
  for (const auto& cache : tool.caches)
    for (const auto& words : cache.needed_by) {
      std::string command;
      for (const auto word : words) command += (command.empty() ? "" : " ") + std::string(word);
      if (started->commands.contains(command)) return command;
    }
  return {};
}

// Asked once for all tools: what a container starts takes long to find out.
bool takes_from_some_cache(const Site& later) { return is_last_start(later) && !started_in(later)->cached.empty(); }

bool is_needed_in_containers(const Tool& tool) {
  return std::ranges::any_of(tool.caches, [](const ToolCache& cache) { return !cache.needed_by.empty(); });
}

}  // namespace

Obstacle container_obstacle(const Site& site, const Tool& tool) {
  if (!is_needed_in_containers(tool) && !find_start(site, {"takes from some cache"}, takes_from_some_cache))
    return std::nullopt;
  const auto takes = [&](const Site& later) { return !container_use(later, tool).empty(); };
  const auto start = find_start(site, {"takes from the cache of ", tool.id}, takes);
  if (!start) return std::nullopt;
  return Declined{"the container runs `" + container_use(*start, tool) +
                  "`, which needs the downloaded packages in the image"};
}

std::optional<Assumption> store_assumption(const Site& site, const Tool& tool) {
  const auto script = unread_script(site);
  if (!script) return std::nullopt;
  return Assumption{"start-script", "`" + *script + "`, which the container starts, does not need the downloaded " +
                                        std::string(tool.title) + " packages"};
}

}  // namespace dockhew::inline caches
