#include "stages/kept_owners.hpp"

#include <algorithm>

#include "effects/accounts.hpp"
#include "effects/unix_effects.hpp"
#include "model/user.hpp"
#include "stages/directory_owner.hpp"
#include "stages/runtime_users.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

bool is_given(const std::string& directory, const std::vector<OwnedPath>& given) {
  return std::ranges::any_of(given, [&](const OwnedPath& owned) {
    return owned.path == directory || (owned.recursive && path_is_under(directory, owned.path));
  });
}

}  // namespace

Obstacle number_obstacle(const Conversion& conversion) {
  const auto& facts = conversion.file.facts();
  if (conversion.runtime_image == conversion.stage.base.text) return std::nullopt;
  std::string user;
  for (const auto& step : conversion.stage.steps) {
    if (step.index > conversion.build.index) break;
    if (!step.script) continue;
    for (const auto& command : step.script->commands) {
      if (auto name = user_with_free_number(command); !name.empty()) user = std::move(name);
      if (user.empty()) continue;
      const bool owns = std::ranges::any_of(unix_effects(facts, command).owners.paths,
                                            [&](const AffectedPath& path) { return path.text.starts_with(user); });
      if (owns || conversion.build.user.is(user))
        return Declined{"`" + user + "` gets the first number that is free, which may be another one in `" +
                        conversion.runtime_image + "`; name it with `--uid`"};
    }
  }
  return std::nullopt;
}

Obstacle user_obstacle(const Dockerfile& file, const Stage& stage, const Placement& placement, bool same_family) {
  if (!stage.user.is_known()) return Declined{"the user is not known"};
  const auto& user = stage.user.text;
  if (has_runtime_user(file.facts(), stage, placement, stage.steps.size(), same_family, user)) return std::nullopt;
  return Declined{"it is not known where the user `" + user + "` is created"};
}

Outcome<std::vector<std::string>> keep_owners(const Dockerfile& file, const Stage& stage, const Placement& placement,
                                              std::size_t build, bool same_family,
                                              const std::vector<OwnedPath>& given) {
  std::vector<std::string> commands;
  if (is_root(stage.user)) return commands;  // root may read and write everything
  std::vector<bool> copied;
  for (std::size_t i = 0; i < stage.steps.size(); ++i)
    copied.push_back(placement.places[i].builder &&
                     (!placement.places[i].runtime || is_covered_later(file, stage, placement, i)));
  const auto& step = stage.steps[build];
  std::vector<const Value*> directories = {&step.workdir};
  if (step.workdir != stage.workdir) directories.push_back(&stage.workdir);
  for (const auto* directory : directories) {
    if (!directory->is_known() || is_given(directory->text, given)) continue;
    const auto owner = find_directory_owner(file.facts(), stage, copied, directory->text);
    if (!owner) return owner.declined();
    if (!*owner) continue;
    const auto& name = **owner;
    if (!has_runtime_user(file.facts(), stage, placement, build, same_family, name) || !is_root(step.user))
      return Declined{"`" + name + "`, who owns `" + directory->text + "`, may not exist in the runtime image"};
    commands.push_back("chown " + name + ' ' + directory->text);
  }
  return commands;
}

}  // namespace dockhew::inline stages
