// Installations that certainly fail: Bundler stops where the Gemfile asks for another Ruby than the image has.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Without a reason where nothing is known to speak against the installation.
Refusal ruby_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
