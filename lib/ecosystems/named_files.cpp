#include "ecosystems/named_files.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Beginnings of the names of variables, and parts of them where the value can only be a file, that belong to no tool of
// the tables, but to the libraries that tools are made with.
constexpr std::string_view variables[] = {"CURL_CA", "GIT_", "NETRC", "SSL_CERT"};
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

// A word of a command as an option and what it is given, or as something else.
struct Given {
  std::string_view option;  // empty where it stands alone
  std::string value;
};

bool is_of_action(const ToolUse& use, std::size_t i) {
  const auto& text = use.command->words[i].raw;
  const auto in = [&](Words words) { return std::ranges::find(words, std::string_view(text)) != words.end(); };
  return i < use.first && (in(use.action->words) || std::ranges::any_of(use.tool->commands, in));
}

// `--cert=ca.pem`, `--cert ca.pem`, `-sci/settings.xml`; nothing where a word is an option alone, or belongs to the
// action.
std::optional<Given> given_by(const ToolUse& use, std::size_t i) {
  const auto& words = use.command->words;
  const std::string& text = words[i].value.is_known() ? words[i].text() : words[i].raw;
  if (text.empty() || is_of_action(use, i)) return std::nullopt;
  if (!text.starts_with('-')) {
    const std::string_view before = words[i - 1].raw;
    const bool is_value = before.starts_with('-') && before.find('=') == before.npos;
    return Given{is_value ? before : std::string_view(), text};
  }
  const std::string_view raw = words[i].raw;
  if (const auto equals = text.find('='); equals != text.npos)
    return Given{raw.substr(0, raw.find('=')), text.substr(equals + 1)};
  constexpr std::size_t short_option = 2;
  if (text[1] == '-' || text.size() <= short_option) return std::nullopt;
  return Given{raw.substr(0, short_option), text.substr(short_option)};
}

bool is_copied_by(const ToolUse& use, std::string_view option) {
  const auto& options = use.tool->project.copied_options;
  return std::ranges::find(options, option) != options.end();
}

// Parts of a value: `-r ./ci/h.js`, `a.jar,b.jar`, `-Dx=ci/s.xml`.
std::vector<std::string> parts_of(std::string_view text) {
  constexpr std::string_view between = " \t\r\n\"',:;=()[]{}<>";
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(between, begin), text.size());
    if (end > begin) parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

bool names_local_file(const ToolUse& use) {
  for (std::size_t i = 1; i < use.command->words.size(); ++i)
    if (const auto given = given_by(use, i); given && !given->value.empty() &&
                                             (takes_file(use, given->option) || is_copied_by(use, given->option)) &&
                                             given->value.find("://") == std::string::npos)
      return true;
  return false;
}

Outcome<std::vector<std::string>> files_named_by_words(const Site& site, const ToolUse& use,
                                                       const std::string& directory,
                                                       const std::vector<std::string>& manifests) {
  const auto& file = site.file;
  const auto& context = site.context();
  const auto& place = use.command->directory;
  const bool tasks = use.tool->project.operands_are_tasks;
  std::vector<std::string> copied;
  const auto is_manifest = [&](const std::string& path) {
    return std::ranges::find(manifests, path) != manifests.end();
  };
  for (std::size_t i = 1; i < use.command->words.size(); ++i) {
    if (std::ranges::binary_search(use.manifests, i)) continue;
    const auto given = given_by(use, i);
    const bool of_file = given && (takes_file(use, given->option) || is_copied_by(use, given->option));
    if (of_file && !use.command->words[i].value.is_known()) return told_of(use.command->words[i].raw);
    if (!given || given->value.empty() || given->value.find("://") != std::string::npos) continue;
    const auto& value = given->value;
    const bool alone = given->option.empty();
    if (alone && value.starts_with('@') && is_in_source(file, value.substr(1), place, directory, false))
      return told_of(value);
    if (alone && (tasks || i < use.first)) continue;
    const bool below = place.is_known() && path_is_under(clean_path(value), place.text);
    const auto path = join_context_path(directory, below ? relative_path(place.text, clean_path(value)) : value);
    if (is_manifest(path)) continue;
    const bool is_there = value != "." && is_in_source(file, value, place, directory, false);
    const bool is_file = context.is_known() && is_there && context.kind(path) == PathKind::file;
    if (is_file && is_copied_by(use, given->option)) {
      copied.push_back(path);
      continue;
    }
    if (is_there && is_copied_by(use, given->option)) return told_of(value);  // a directory, or a link
    // What is not there, `--cache-folder ./.cache`, the installation makes.
    const bool may_be_there = value.starts_with("../") || (value.starts_with("./") && !context.is_known());
    const bool named = takes_file(use, given->option) || (is_copied_by(use, given->option) && !context.is_known());
    if (named || (!tasks && may_be_there) || (tasks ? is_file : is_there)) return told_of(value);
    const auto parts = parts_of(value);
    const auto is_path = [&](const std::string& part) {
      return part.find('/') != part.npos && is_in_source(file, part, place, directory, false);
    };
    if (const auto part = std::ranges::find_if(parts, is_path); parts.size() > 1 && part != parts.end())
      return told_of(*part);
  }
  return copied;
}

Obstacle file_named_by_settings(const BuildContext& context, const std::string& path, const std::string& project,
                                std::string_view image_directory, const std::vector<std::string>& manifests) {
  std::string directory(path_parent(path));
  while (path_basename(directory).starts_with('.') && directory != ".")  // `.cargo/config.toml` is about what is beside
    directory = path_parent(directory);
  if (directory.empty()) directory = ".";
  const auto is_copied = [&](const std::string& named) {
    return std::ranges::any_of(manifests, [&](const std::string& manifest) {
      return manifest == named || path_is_under(manifest, named) || glob_match(manifest, named);
    });
  };
  for (auto& part : parts_of(context.read(path).value_or(""))) {
    if (part.starts_with('-')) part.erase(0, 2);  // `-Tlinker/x.ld`
    // A part that begins with a slash is a path of the image, or what follows a variable: `${basedir}/repo`.
    std::string_view name = part;
    while (name.starts_with('/')) name.remove_prefix(1);
    if (image_directory.size() > 1 && path_is_under('/' + std::string(name), image_directory))
      name.remove_prefix(std::min(image_directory.size(), name.size()));
    if (part.find_first_of("./") == part.npos) continue;
    for (const auto& base : {directory, project}) {
      const auto named = join_context_path(base, name);
      const bool is_path = part.find('/') != part.npos || context.kind(named) == PathKind::file;
      if (named == "." || named.starts_with("..") || named == path || !is_path || !context.exists(named)) continue;
      if (!is_copied(named)) return Declined{"`" + path + "` names `" + part + "`, which is part of the source"};
    }
  }
  return std::nullopt;
}

bool names_source(const Dockerfile& file, const ShellCommand& command, const ShellWord& word,
                  const std::string& directory) {
  return std::ranges::any_of(parts_of(word.text()), [&](const std::string& part) {
    return part != "." && is_in_source(file, part, command.directory, directory, false);
  });
}

bool is_variable_of(const Tool& tool, std::string_view name) {
  return to_lower_ascii(name).starts_with(to_lower_ascii(tool.id) + '_') ||
         std::ranges::any_of(tool.project.variables, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

Obstacle variable_naming_file(const Site& site, const ToolUse& use, const std::string& directory) {
  for (const auto& assignment : use.command->assignments)
    if (value_names_source(site.file, assignment.name, assignment.value.text(), use, directory) ||
        (!assignment.value.value.is_known() && must_be_file(site.file.facts(), assignment.name)))
      return names_file(assignment.name);
  for (std::size_t i = 0; i < site.step.bindings; ++i) {
    const auto& name = site.stage.environment[i].name;
    if (value_names_source(site.file, name, site.variable(name).text, use, directory)) return names_file(name);
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
