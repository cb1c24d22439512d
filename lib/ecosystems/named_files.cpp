#include "ecosystems/named_files.hpp"

#include <algorithm>

#include "ecosystems/manifests.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

// Beginnings of the names of variables that change what a package manager reads.
constexpr std::string_view prefixes[] = {
    "PIP_",       "UV_",          "POETRY_",    "PIPENV_",     "PDM_",    "CONDA_",  "MAMBA_",   "npm_config",
    "NPM_CONFIG", "NODE_OPTIONS", "NODE_EXTRA", "YARN_",       "BUN_",    "PNPM_",   "BUNDLE_",  "RUBYOPT",
    "COMPOSER",   "GOFLAGS",      "GOENV",      "GOWORK",      "MAVEN_",  "GRADLE_", "CARGO_",   "NUGET_",
    "MIX_",       "HEX_",         "SSL_CERT",   "REQUESTS_CA", "CURL_CA", "GIT_",    "JAVA_TOOL"};
// Parts of their names, where the value can only be a file.
constexpr std::string_view file_names[] = {"CONFIG_FILE", "USERCONFIG",  "userconfig", "GLOBALCONFIG",
                                           "CONSTRAINT",  "REQUIREMENT", "FIND_LINKS", "GEMFILE",
                                           "PIPFILE",     "CERT",        "CA_BUNDLE",  "cafile"};

// Whether a part of a value is a file of the source. What is not there yet is written by the installation.
bool is_in_source(const Dockerfile& file, const std::string& part, const Value& image_directory,
                  const std::string& directory, bool must_be_file) {
  if (part.empty() || part.starts_with('-') || part.find("://") != part.npos) return false;
  auto path = part;
  if (part.starts_with('/')) {
    if (!image_directory.is_known() || !path_is_under(clean_path(part), image_directory.text)) return false;
    path = relative_path(image_directory.text, clean_path(part));
  }
  if (file.context().is_known()) {
    const auto in_context = join_context_path(directory, path);
    return !in_context.starts_with("..") && in_context != "." && file.context().exists(in_context);
  }
  return must_be_file || part.starts_with("./") || part.starts_with("../");
}

bool names_source(const Dockerfile& file, const std::string& name, const std::string& value, const ToolUse& use,
                  const std::string& directory) {
  if (std::ranges::none_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); })) return false;
  const bool must_be_file =
      std::ranges::any_of(file_names, [&](std::string_view part) { return name.find(part) != name.npos; });
  for (std::size_t begin = 0; begin < value.size();) {
    const auto end = std::min(value.find_first_of(" ,=", begin), value.size());
    if (is_in_source(file, value.substr(begin, end - begin), use.command->directory, directory, must_be_file))
      return true;
    begin = end + 1;
  }
  return false;
}

// `--find-links wheels`, `--cert=ca.pem`: options of those tools that install by name or from a list.
bool takes_file(const ToolUse& use, std::string_view option) {
  constexpr std::string_view options[] = {"--find-links", "--cert", "--client-cert", "--userconfig", "--config-file"};
  const auto& tool = use.tool->id;
  return std::ranges::find(options, option) != std::end(options) ||
         (option == "-f" && (tool == "pip" || tool == "pipx" || tool == "uv"));
}

// The first value of an option that `wanted` takes; empty when there is none.
template <typename Wanted>
std::string_view value_of_option(const ToolUse& use, const Wanted& wanted) {
  const auto& words = use.command->words;
  for (std::size_t i = use.first; i < words.size(); ++i) {
    const std::string_view raw = words[i].raw;
    const auto name = raw.substr(0, raw.find('='));
    if (!name.starts_with('-')) continue;
    const auto value = name.size() < raw.size() ? raw.substr(name.size() + 1)
                       : i + 1 < words.size()   ? std::string_view(words[i + 1].raw)
                                                : std::string_view();
    if (!value.empty() && wanted(name, value)) return value;
  }
  return {};
}

}  // namespace

bool names_local_file(const ToolUse& use) {
  return !value_of_option(use, [&](std::string_view option, std::string_view value) {
            return takes_file(use, option) && value.find("://") == value.npos;
          }).empty();
}

std::string file_named_by_option(const Dockerfile& file, const ToolUse& use, const std::string& directory) {
  const auto& words = use.command->words;
  for (std::size_t i = use.first; i < words.size(); ++i) {
    if (std::ranges::find(use.manifests, i) != use.manifests.end()) continue;
    const std::string& raw = words[i].value.is_known() ? words[i].text() : words[i].raw;
    const auto equals = raw.starts_with('-') ? raw.find('=') : raw.npos;
    const auto value = equals == raw.npos ? raw : raw.substr(equals + 1);
    if (value.empty() || (value.starts_with('-') && equals == raw.npos) || value.find("://") != value.npos) continue;
    const auto& option = equals == raw.npos ? words[i - 1].raw : raw.substr(0, equals);
    const bool is_there = file.context().is_known() && file.context().exists(join_context_path(directory, value));
    if (takes_file(use, option) || value.starts_with("./") || value.starts_with("../") || (is_there && value != "."))
      return value;
  }
  return {};
}

std::string configuration_named_by_option(const ToolUse& use) {
  constexpr std::string_view options[] = {"--configfile", "--config-file", "-I", "--init-script", "--lock-file-path"};
  return std::string(value_of_option(use, [&](std::string_view option, std::string_view value) {
    const auto file = path_basename(value);
    const bool usual = file == "nuget.config" || file == "NuGet.config" || file == "NuGet.Config";
    return !usual && std::ranges::find(options, option) != std::end(options);
  }));
}

std::string variable_naming_file(const Site& site, const ToolUse& use, const std::string& directory) {
  for (const auto& assignment : use.command->assignments)
    if (names_source(site.file, assignment.name, assignment.value.text(), use, directory)) return assignment.name;
  for (std::size_t i = 0; i < site.step.bindings; ++i) {
    const auto& name = site.stage.environment[i].name;
    if (names_source(site.file, name, site.variable(name).text, use, directory)) return name;
  }
  return {};
}

}  // namespace dockhew
