#include "caches/mount_owner.hpp"

#include <algorithm>

#include "effects/accounts.hpp"
#include "effects/unix_effects.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline caches {

Outcome<std::string> mount_owner(const Site& site) {
  const auto& user = site.step.user;
  if (!user.is_known() || user.text.empty() || user.text == "root" || user.text == "0") return std::string();
  std::string uid;
  const auto& image = site.stage.image;
  if (user.text.find_first_not_of("0123456789") == std::string::npos) uid = user.text;
  else if (image && image->entry->users.contains(user.text) && !may_be_renumbered(site, user.text))
    uid = image->entry->users.find(user.text)->second;
  else if (const auto account = find_account(site, user.text)) uid = account->uid;
  if (uid.empty()) return Declined{"the uid of user `" + user.text + "` is not known"};
  // Some images say the group besides: "1000:100".
  const auto colon = uid.find(':');
  const auto gid = colon == uid.npos ? uid : uid.substr(colon + 1);
  return ",uid=" + uid.substr(0, colon) + ",gid=" + gid;
}

Obstacle obstacle_of_new_owner(const Site& site, const Tool& tool, const std::vector<std::string>& targets) {
  if (!tool.cache_use.checks_owner) return std::nullopt;
  for (const auto& command : site.step.script->commands) {
    if (command.use != nullptr || !is_recursive(command)) continue;
    const auto owners = unix_effects(site.file.facts(), command).owners;
    for (const auto& target : targets)
      if (std::ranges::any_of(owners.paths, [&](const AffectedPath& each) { return path_is_under(target, each.path); }))
        return Declined{"`" + first_words(site.step.script->text.view(command.span), 60) +
                        "` would give the cache to a user, and " + std::string(tool.title) +
                        " uses none that another one owns"};
  }
  return std::nullopt;
}

}  // namespace dockhew::inline caches
