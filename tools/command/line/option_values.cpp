#include "line/option_values.hpp"

#include <sstream>

#include "text/edit_distance.hpp"

namespace dockhew::cli {

std::span<const Choice<Severity>> severity_choices() {
  static constexpr Choice<Severity> choices[] = {{"style", Severity::style},
                                                 {"info", Severity::info},
                                                 {"warning", Severity::warning},
                                                 {"error", Severity::error},
                                                 {"never", Severity::off}};
  return choices;
}

// With `ignore` and `none` every finding fails the run.
std::span<const Choice<Severity>> threshold_choices() {
  static constexpr Choice<Severity> choices[] = {{"error", Severity::error},  {"warning", Severity::warning},
                                                 {"info", Severity::info},    {"style", Severity::style},
                                                 {"ignore", Severity::style}, {"none", Severity::style}};
  return choices;
}

std::span<const Choice<Builder>> builder_choices() {
  static constexpr Choice<Builder> choices[] = {{"buildkit", Builder::buildkit},
                                                {"buildah", Builder::buildah},
                                                {"kaniko", Builder::kaniko},
                                                {"legacy", Builder::legacy}};
  return choices;
}

std::span<const Choice<Builder>> program_choices() {
  static constexpr Choice<Builder> choices[] = {{"docker", Builder::buildkit},
                                                {"buildctl", Builder::buildkit},
                                                {"podman", Builder::buildah},
                                                {"buildah", Builder::buildah}};
  return choices;
}

std::span<const Choice<BuilderCache>> cache_choices() {
  static constexpr Choice<BuilderCache> choices[] = {{"persistent", BuilderCache::persistent},
                                                     {"ephemeral", BuilderCache::ephemeral}};
  return choices;
}

std::span<const Choice<CacheExport>> cache_export_choices() {
  static constexpr Choice<CacheExport> choices[] = {{"registry", CacheExport::registry}, {"local", CacheExport::local}};
  return choices;
}

std::span<const Choice<Shellcheck>> shellcheck_choices() {
  static constexpr Choice<Shellcheck> choices[] = {
      {"auto", Shellcheck::automatic}, {"on", Shellcheck::on}, {"off", Shellcheck::off}};
  return choices;
}

std::string wrong_choice(std::string_view option, std::string_view word, const std::vector<std::string_view>& names) {
  std::string listed;
  for (const auto name : names) listed.append(listed.empty() ? "" : ", ").append(name);
  const auto meant = nearest_word(word, names, 3);
  return "--" + std::string(option) + " takes " + listed + ", not `" + std::string(word) + "`" +
         (meant.empty() ? "" : "; is `" + std::string(meant) + "` meant?");
}

std::vector<std::string> split_commas(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const auto& value : values) {
    std::istringstream in(value);
    for (std::string name; std::getline(in, name, ',');)
      if (!name.empty()) names.push_back(name);
  }
  return names;
}

}  // namespace dockhew::cli
