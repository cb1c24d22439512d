// Installations that certainly fail: Bundler stops where the Gemfile asks for another Ruby than the image has.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// For a person; empty where nothing is known to speak against the installation.
std::string ruby_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
