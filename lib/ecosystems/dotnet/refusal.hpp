// Projects that the SDK of an image certainly refuses, because they are for a later .NET.
#pragma once

#include "ecosystems/refusal.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"

namespace dockhew::inline ecosystems {

// Without a reason where nothing is known to speak against it. Source:
// https://learn.microsoft.com/dotnet/core/tools/sdk-errors/netsdk1045, which `dotnet restore` gives too.
Refusal dotnet_refusal(const Site& site, const ToolUse& use);

}  // namespace dockhew::inline ecosystems
