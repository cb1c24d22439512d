// What can be written in a --mount flag, for whoever helps to write one: the types, and the options that each takes.
// Reading one is the business of mount.hpp.
#pragma once

#include <span>
#include <string_view>

namespace dockhew::inline model {

struct MountOption {
  std::string_view name;
  std::string_view meaning;  // for a person, without a full stop
};

// In the order in which people need them.
std::span<const MountOption> mount_types();

// The options that a mount of this type takes besides `type`, each under one of its names. Without a type it is a bind
// mount; empty for one that does not exist.
std::span<const MountOption> mount_options(std::string_view type);

}  // namespace dockhew::inline model
