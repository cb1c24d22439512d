#include "caches/user_obstacle.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "model/runs.hpp"

namespace dockhew::inline caches {
namespace {

// Users of Docker's official images and of packages, which start as root for all that.
bool is_of_a_service(std::string_view name) {
  constexpr std::string_view names[] = {"apache", "bin",   "caddy",  "daemon",   "http",  "httpd",
                                        "mysql",  "nginx", "nobody", "postgres", "redis", "www-data"};
  return std::ranges::find(names, name) != std::end(names);
}

// The user by name to whom a COPY gives its files; empty for root, for a number, and where it is not known.
std::string named_owner(const Step& step) {
  const auto* flag = step.instruction->flag("chown");
  if (flag == nullptr) return {};
  const auto name = flag->value.substr(0, flag->value.find(':'));
  const bool number = name.find_first_not_of("0123456789") == name.npos;
  return number || name.find('$') != name.npos || name == "root" || is_of_a_service(name) ? std::string()
                                                                                          : std::string(name);
}

// Whether a step can only be made by root, or has to do with the user.
bool tells_of_root(const Step& step, const std::string& user) {
  if (step.instruction->keyword == Keyword::user) return true;
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || mentions(step, user)) return true;
  return std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
    return use.tool->packages.of_system && use.command->wrappers.empty();
  });
}

// Empty where none is certain.
std::string user_of_base(const Site& site) {
  std::string user;
  const auto steps = steps_of_chain(site.file, site.stage);
  for (const auto& each : steps) {
    if (!each.step->copy || !each.step->copy->from_context()) continue;
    const auto owner = named_owner(*each.step);
    if (owner.empty() || (!user.empty() && user != owner)) return {};
    user = owner;
  }
  if (user.empty()) return user;
  const bool otherwise =
      std::ranges::any_of(steps, [&](const StageStep& each) { return tells_of_root(*each.step, user); });
  return otherwise ? std::string() : user;
}

}  // namespace

Obstacle user_obstacle(const Site& site, const Tool& tool) {
  if (tool.packages.of_system || !site.step.user.is_unknown()) return std::nullopt;
  const auto user = user_of_base(site);
  if (user.empty()) return std::nullopt;
  return Declined{"what is copied belongs to `" + user +
                  "`, so the base image does not run as root, and it is not known where its user keeps caches"};
}

}  // namespace dockhew::inline caches
