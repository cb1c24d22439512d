// The scripts of a package.json: which commands one runs, and what is known about them from their names alone. The text
// is searched, not executed, so some harmless scripts are rejected, but no harmful one is accepted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/outcome.hpp"
#include "model/script.hpp"

namespace dockhew::inline ecosystems {

// What `npm ci` runs from the project itself, `dependencies` with npm 8 and later (shown with 11.19), and `pnpm
// install`.
inline constexpr const char* lifecycle_scripts[] = {
    "preinstall",  "install",         "postinstall",  "prepare",          "prepublish",        "preprepare",
    "postprepare", "predependencies", "dependencies", "postdependencies", "pnpm:devPreinstall"};

// What `npm run SCRIPT` runs, including its pre and post scripts and the scripts that it runs. In the order in which
// they run, each a line of words without quotes.
Outcome<std::vector<std::string>> find_script_commands(const std::string& package_json, const std::string& script);

// The lines of the scripts, with their pre and post scripts, that words of a command name. Words that name none give
// nothing.
std::vector<std::string> script_lines(const std::string& package_json, const ShellCommand& command);

// The lines of the scripts that an installation runs, and of those that these name. Of a text that cannot be read, all.
std::string lines_at_installation(const std::string& package_json);

// What keeps a script of package.json from being known to leave `node_modules` as it is.
Obstacle package_script_obstacle(const std::string& package_json, const std::string& script);

// A script of package.json that the installation runs and that may write beside `node_modules`, if one is seen.
std::optional<std::string> script_writing_at_install(const std::string& package_json);

// Whether the value of an option is a part of addresses, where pages and their files are served, and no path of the
// image:
// `--base /static/` of Vite, `--base-href` and `--deploy-url` of Angular, `--public-url` of Parcel,
// `--output-public-path` of webpack.
bool takes_address(std::string_view option);

// A path outside of the project that a script of package.json names, or one that it runs, if one is seen.
std::optional<std::string> script_path_outside(const std::string& package_json, const std::string& script);

}  // namespace dockhew::inline ecosystems
