// Projects that the SDK of an image certainly refuses, because they are for a later .NET.
#pragma once

#include <string>

#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// For a person; empty where nothing is known to speak against it. Source:
// https://learn.microsoft.com/dotnet/core/tools/sdk-errors/netsdk1045, which `dotnet restore` gives too.
std::string dotnet_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
