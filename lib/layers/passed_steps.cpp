#include "layers/passed_steps.hpp"

#include <algorithm>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/settings_directory.hpp"
#include "effects/commutes.hpp"
#include "model/user.hpp"

namespace dockhew::inline layers {
namespace {

// Whether the absolute path of the destination can be written instead of the relative one.
bool has_plain_place(const Copy& copy) {
  return copy.destination.is_known() && copy.destination.text.find_first_of(" \t\"'$\\`[") == std::string::npos;
}

Obstacle working_directory_cannot_pass(const Step& between, const Copy& copy) {
  if (!copy.destination_text.starts_with('/') && !has_plain_place(copy))
    return Declined{"WORKDIR changes between the COPY and the installation"};
  if (between.user.is_unknown())
    return Declined{
        "a WORKDIR is between the COPY and the installation, and the user to whom it would give the directory is not "
        "known"};
  if (!is_root(between.user)) return Declined{"a WORKDIR for another user is between the COPY and the installation"};
  return std::nullopt;
}

Obstacle copy_cannot_pass(const Step& between, const Copy& copy) {
  if (!between.copy || !commutes(copy_effects(*between.copy), copy_effects(copy)))
    return Declined{"another COPY to the same place is between the COPY and the installation"};
  return std::nullopt;
}

Obstacle run_cannot_pass(const Site& between, const Copy& copy) {
  const auto& step = between.step;
  if (std::ranges::any_of(step.mounts, [](const Mount& mount) { return mount.type == Mount::Type::bind; }))
    return Declined{"a RUN with a bind mount is between the COPY and the installation"};
  if (!step.script || step.script->opaque)
    return Declined{"a RUN that cannot be analyzed is between the COPY and the installation"};
  if (may_hold_settings(between, copy.destination.text))
    return Declined{"the COPY may contain settings for a RUN between it and the installation"};
  if (!commutes(project_effects(between), copy_effects(copy)))
    return Declined{"a RUN that may read the source is between the COPY and the installation"};
  return std::nullopt;
}

}  // namespace

Obstacle cannot_pass(const Site& between, const Copy& copy, std::string_view copy_text) {
  switch (between.step.instruction->keyword) {
    case Keyword::env:
    case Keyword::arg:
      if (copy_text.find('$') == copy_text.npos) return std::nullopt;
      return Declined{"the COPY uses variables, and one is set between it and the installation"};
    case Keyword::workdir: return working_directory_cannot_pass(between.step, copy);
    case Keyword::copy:
    case Keyword::add: return copy_cannot_pass(between.step, copy);
    case Keyword::run: return run_cannot_pass(between, copy);
    case Keyword::unknown: return Declined{"an unknown instruction is between the COPY and the installation"};
    default: return std::nullopt;
  }
}

}  // namespace dockhew::inline layers
