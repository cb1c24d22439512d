#include "ecosystems/named_files.hpp"

#include <algorithm>

#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Beginnings of the names of variables, and parts of them where the value can only be a file, that belong to no tool of
// the tables, but to the libraries that tools are made with.
constexpr std::string_view variables[] = {"CURL_CA", "GIT_", "SSL_CERT"};
constexpr std::string_view file_variables[] = {"CA_BUNDLE", "CERT", "CONFIG_FILE"};

// Any package manager's, because one may call the other.
bool changes_what_is_read(const Facts& facts, std::string_view name) {
  const auto begins = [&](std::string_view beginning) { return name.starts_with(beginning); };
  return std::ranges::any_of(variables, begins) || std::ranges::any_of(facts.tools, [&](const Tool& tool) {
           return std::ranges::any_of(tool.project.variables, begins);
         });
}

bool must_be_file(const Facts& facts, std::string_view name) {
  const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
  return std::ranges::any_of(file_variables, has) || std::ranges::any_of(facts.tools, [&](const Tool& tool) {
           return std::ranges::any_of(tool.project.file_variables, has);
         });
}

// Whether a part of a value is a file of the source. Files that do not exist yet are written by the installation.
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

bool value_names_source(const Dockerfile& file, const std::string& name, const std::string& value, const ToolUse& use,
                        const std::string& directory) {
  if (!changes_what_is_read(file.facts(), name)) return false;
  const bool only_file = must_be_file(file.facts(), name);
  for (std::size_t begin = 0; begin < value.size();) {
    const auto end = std::min(value.find_first_of(" ,=", begin), value.size());
    auto part = value.substr(begin, end - begin);
    // `-I/app/include`, `-T/app/link.x`
    if (part.starts_with('-') && part.find('/') != part.npos) part.erase(0, part.find('/'));
    if (is_in_source(file, part, use.command->directory, directory, only_file)) return true;
    begin = end + 1;
  }
  return false;
}

bool takes_file(const ToolUse& use, std::string_view option) {
  return std::ranges::find(use.tool->project.file_options, option) != use.tool->project.file_options.end();
}

Declined told_of(std::string_view path) {
  return {"the installation uses `" + std::string(path) + "`, which is part of the source"};
}

Declined names_file(const std::string& variable) {
  return {"the variable `" + variable + "` names a file from the source"};
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

Obstacle file_named_by_option(const Site& site, const ToolUse& use, const std::string& directory) {
  const auto& context = site.context();
  const auto& words = use.command->words;
  for (std::size_t i = use.first; i < words.size(); ++i) {
    if (std::ranges::binary_search(use.manifests, i)) continue;
    const std::string& raw = words[i].value.is_known() ? words[i].text() : words[i].raw;
    const auto equals = raw.starts_with('-') ? raw.find('=') : raw.npos;
    const auto value = equals == raw.npos ? raw : raw.substr(equals + 1);
    if (value.empty() || (value.starts_with('-') && equals == raw.npos) || value.find("://") != value.npos) continue;
    const auto& option = equals == raw.npos ? words[i - 1].raw : raw.substr(0, equals);
    const bool is_there = context.is_known() && context.exists(join_context_path(directory, value));
    // What is not there, `--cache-folder ./.cache`, the installation makes.
    const bool may_be_there = value.starts_with("../") || (value.starts_with("./") && !context.is_known());
    if (takes_file(use, option) || may_be_there || (is_there && value != ".")) return told_of(value);
  }
  return std::nullopt;
}

Obstacle configuration_named_by_option(const ToolUse& use) {
  const auto& manifests = use.tool->project.manifests;
  const auto path = value_of_option(use, [&](std::string_view option, std::string_view value) {
    const bool usual = std::ranges::find(manifests, path_basename(value)) != manifests.end();
    return !usual && takes_file(use, option);
  });
  return path.empty() ? Obstacle() : told_of(path);
}

bool is_variable_of(const Tool& tool, std::string_view name) {
  return to_lower_ascii(name).starts_with(to_lower_ascii(tool.id) + '_') ||
         std::ranges::any_of(tool.project.variables, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

Obstacle variable_naming_file(const Site& site, const ToolUse& use, const std::string& directory) {
  for (const auto& assignment : use.command->assignments)
    if (value_names_source(site.file, assignment.name, assignment.value.text(), use, directory))
      return names_file(assignment.name);
  for (std::size_t i = 0; i < site.step.bindings; ++i) {
    const auto& name = site.stage.environment[i].name;
    if (value_names_source(site.file, name, site.variable(name).text, use, directory)) return names_file(name);
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
