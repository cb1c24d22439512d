// The virtual environment that uv, Poetry or Pipenv make inside a project: a container finds it by PATH, and it can be
// taken into another form of the same image as it is, because it uses the image's own interpreter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ecosystems/runtime.hpp"
#include "model/site.hpp"

namespace dockhew::inline ecosystems {

// `poetry config SETTING VALUE`, in this RUN or an earlier one.
bool is_poetry_told(const Site& site, std::string_view setting, std::string_view value);

// The directory of the environment into which `use` installs: `/app/.venv` of `uv sync` in /app, or that of
// UV_PROJECT_ENVIRONMENT. Nothing where the tool puts it elsewhere, or where that is not known.
std::optional<std::string> project_environment(const Site& site, const ToolUse& use);

// Why a container of `version` ("3.12") of the image may not find the environment, or not with the interpreter that it
// was made with.
Obstacle obstacle_of_project_environment(const Conversion& conversion, const Site& site, const ToolUse& use,
                                         const std::string& directory, const std::string& version);

}  // namespace dockhew::inline ecosystems
