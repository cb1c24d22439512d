#include "caches/mount_owner.hpp"

#include "effects/accounts.hpp"

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

}  // namespace dockhew::inline caches
