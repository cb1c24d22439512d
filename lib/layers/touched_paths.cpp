#include "layers/touched_paths.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/ecosystem.hpp"
#include "text/path.hpp"

namespace dockhew::inline layers {

TouchedPaths::TouchedPaths(const Site& site) : unread_(!site.step.script || site.step.script->opaque) {
  if (unread_) return;
  const auto& commands = site.step.script->commands;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    for (auto& manifest : derived_manifests(commands[i])) derived_[std::move(manifest)] = i;
    const auto effects = command_effects(site, commands[i]);
    for (const auto* affected :
         {&effects.writes, &effects.changes, &effects.removes, &effects.modes, &effects.owners}) {
      if (affected->anything) anything_ = i;
      for (const auto& each : affected->paths) touched_[without_wildcards(each.path)] = i;
    }
  }
}

TouchedPaths::Answer TouchedPaths::last_of(const std::string& path) const {
  Answer answer{anything_, {}};
  for (std::string_view at = path;; at = path_parent(at)) {
    if (const auto found = touched_.find(at); found != touched_.end())
      answer.touches = std::max(answer.touches, found->second);
    if (const auto found = derived_.find(at); found != derived_.end())
      answer.derives = std::max(answer.derives, found->second);
    if (at == "/" || at == ".") break;
  }
  if (touched_.empty()) return answer;
  // Of a directory with many paths below it the answer is kept; anything else is found as fast as that.
  constexpr std::size_t many = 16;
  if (const auto known = directories_.find(path); known != directories_.end()) return known->second;
  const auto below = path == "/" ? path : path + '/';
  std::size_t count = 0;
  for (auto at = touched_.lower_bound(below); at != touched_.end() && at->first.starts_with(below); ++at, ++count)
    answer.touches = std::max(answer.touches, at->second);
  if (count > many) directories_.emplace(path, answer);
  return answer;
}

Touch TouchedPaths::touch_of(const std::string& path, bool derived_counts) const {
  if (unread_) return Touch::may_change;
  const auto [touches, derives] = last_of(path);
  if (derived_counts && derives && derives >= touches) return Touch::makes_again;
  return touches ? Touch::may_change : Touch::not_at_all;
}

}  // namespace dockhew::inline layers
