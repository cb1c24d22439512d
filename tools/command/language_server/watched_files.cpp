#include "language_server/watched_files.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace dockhew::cli {
namespace {

// Configuration, ignore files, and files that say what is built and run.
constexpr std::string_view own_files[] = {"**/.dockhew.{yaml,yml}",
                                          "**/{.hadolint,hadolint}.{yaml,yml}",
                                          "**/*.dockerignore",
                                          "**/*.containerignore",
                                          "**/.{dockerignore,containerignore}",
                                          "**/*.sh",
                                          "**/fly.toml",
                                          "**/.gitignore",
                                          "**/{compose,docker-compose}*",
                                          "**/*.hcl",
                                          "**/.github/workflows/*",
                                          "**/devcontainer.json",
                                          "**/docker-bake*",
                                          "**/Makefile",
                                          "**/*.{yaml,yml}",
                                          "**/railway.{toml,json}"};

}  // namespace

Json file_watchers(const Facts& facts) {
  std::set<std::string> globs(std::begin(own_files), std::end(own_files));
  for (const auto& tool : facts.tools)
    for (const auto manifest : tool.project.manifests) globs.insert("**/" + std::string(manifest));
  auto watchers = Json::array();
  for (const auto& glob : globs) watchers.push_back({{"globPattern", glob}});
  return watchers;
}

}  // namespace dockhew::cli
