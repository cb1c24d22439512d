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

}  // namespace dockhew
