// What in a manifest ties the installation to the source: paths into it, scripts that read it, parts of a workspace.
// The text is searched and not interpreted, so some harmless manifests are refused and no harmful one is taken.
#pragma once

#include <string>
#include <string_view>

namespace dockhew {

// Each gives a reason for a person; empty when the installation needs nothing of the source.
std::string package_json_obstacle(const std::string& text);
std::string environment_yml_obstacle(std::string_view text);  // conda's
std::string gemfile_obstacle(std::string_view text);
std::string pipfile_obstacle(std::string_view text);
std::string pyproject_obstacle(std::string_view text);
std::string composer_json_obstacle(std::string_view text);
std::string mix_exs_obstacle(std::string_view text);
std::string pom_xml_obstacle(std::string_view text);
std::string gradle_obstacle(std::string_view path, std::string_view text);
// Settings that are copied along with the manifests: `.npmrc`, `.yarnrc`, `uv.toml`, `.mvn/maven.config`, by their
// names.
std::string settings_obstacle(std::string_view path, std::string_view text);

// What keeps a script of package.json from being known to leave `node_modules` as it is. Empty when nothing does.
std::string package_script_obstacle(const std::string& package_json, const std::string& script);

// A script of package.json that the installation runs and that may write beside `node_modules`; empty when none is
// seen.
std::string script_writing_at_install(const std::string& package_json);

// A path outside of the project that a script of package.json names, or one that it runs; empty when none is seen, or
// where there is no such script.
std::string script_path_outside(const std::string& package_json, const std::string& script);

}  // namespace dockhew
