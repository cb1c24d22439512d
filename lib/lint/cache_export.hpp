// What an entry of `cache-to` keeps. Without `mode=max` it keeps the layers of the stage that the build stops at alone,
// so a new machine makes all other stages again.
#pragma once

#include <string_view>

namespace dockhew::inline lint {

// The value of a key of "type=registry,ref=IMAGE,mode=max"; empty without one.
std::string_view cache_export_field(std::string_view entry, std::string_view key);

// False where it is not known, as with a mode that is in a variable.
// https://docs.docker.com/build/cache/backends/#cache-mode
bool exports_final_stage_alone(std::string_view entry);

}  // namespace dockhew::inline lint
