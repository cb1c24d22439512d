#include "facts/facts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "facts/embedded_data.hpp"

namespace dockhew {
namespace {

using nlohmann::json;

// Reads fields and refuses those it does not know, so that a misspelt key in a user's table is an error and not
// silence.
class Reader {
 public:
  Reader(const json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) throw std::runtime_error(where_ + ": expected an object");
  }
  template <typename T>
  void field(const char* name, T& out) {
    seen_.emplace_back(name);
    const auto found = object_.find(name);
    if (found == object_.end()) return;
    try {
      found->get_to(out);
    } catch (const json::exception&) {
      throw std::runtime_error(where_ + "." + name + ": unexpected type");
    }
  }
  const json* child(const char* name) {
    seen_.emplace_back(name);
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }
  const std::string& where() const { return where_; }
  void finish() const {
    for (const auto& [key, value] : object_.items())
      if (std::ranges::find(seen_, key) == seen_.end())
        throw std::runtime_error(where_ + ": unknown key \"" + key + "\"");
  }

 private:
  const json& object_;
  std::string where_;
  std::vector<std::string> seen_;
};

ActionKind action_kind(const std::string& text, const std::string& where) {
  if (text == "refresh") return ActionKind::refresh;
  if (text == "install") return ActionKind::install;
  if (text == "fetch") return ActionKind::fetch;
  if (text == "build") return ActionKind::build;
  if (text == "clean") return ActionKind::clean;
  if (text == "other") return ActionKind::other;
  throw std::runtime_error(where + ": unknown kind \"" + text + "\"");
}

// "python -m pip" is three words.
std::vector<std::vector<std::string>> read_commands(Reader& reader, const char* name) {
  std::vector<std::string> commands;
  reader.field(name, commands);
  std::vector<std::vector<std::string>> result;
  for (const auto& command : commands) {
    std::vector<std::string> words(1);
    for (const char c : command) {
      if (c == ' ') words.emplace_back();
      else words.back() += c;
    }
    result.push_back(std::move(words));
  }
  return result;
}

Tool read_tool(const json& object, const std::string& where) {
  Tool tool;
  Reader reader(object, where);
  reader.field("id", tool.id);
  reader.field("title", tool.title);
  tool.commands = read_commands(reader, "commands");
  tool.launches = read_commands(reader, "launches");
  tool.runs_from_cache = read_commands(reader, "runs_from_cache");
  if (const auto* caches = reader.child("caches")) {
    for (const auto& item : *caches) {
      Reader cache(item, where + ".caches");
      ToolCache result;
      cache.field("path", result.path);
      cache.field("sharing", result.sharing);
      cache.field("title", result.title);
      cache.field("store", result.store);
      cache.field("builds_only", result.builds_only);
      cache.field("unless_words", result.unless_words);
      cache.field("assumed", result.assumed);
      if (const auto* alternatives = cache.child("alternatives")) {
        for (const auto& alternative : *alternatives) {
          Reader place(alternative, cache.where() + ".alternatives");
          auto& added = result.alternatives.emplace_back();
          place.field("if_set", added.if_set);
          place.field("if_file", added.if_file);
          place.field("user", added.user);
          place.field("distribution", added.distribution);
          place.field("from", added.from);
          place.field("path", added.path);
          place.finish();
        }
      }
      cache.finish();
      tool.caches.push_back(std::move(result));
    }
  }
  if (const auto* actions = reader.child("actions")) {
    for (const auto& item : *actions) {
      Reader action(item, where + ".actions");
      ToolAction result;
      std::string kind;
      action.field("kind", kind);
      result.kind = action_kind(kind, action.where());
      action.field("words", result.words);
      action.field("reads_source", result.reads_source);
      action.field("uses_cache", result.uses_cache);
      action.field("only_with_option", result.only_with_option);
      action.field("packages", result.packages);
      action.field("alone", result.alone);
      action.field("stores_results_in", result.stores_results_in);
      action.field("independent", result.independent);
      action.finish();
      if (result.kind == ActionKind::clean || result.kind == ActionKind::other) result.uses_cache = false;
      tool.actions.push_back(std::move(result));
    }
  }
  reader.field("value_options", tool.value_options);
  reader.field("cached_only_options", tool.cached_only_options);
  reader.field("cached_only_settings", tool.cached_only_settings);
  reader.field("place_options", tool.place_options);
  reader.field("option_variables", tool.option_variables);
  reader.field("defeating_options", tool.defeating_options);
  reader.field("mount_pays", tool.mount_pays);
  reader.field("offline_options", tool.offline_options);
  reader.field("instead", tool.instead);
  reader.field("keeping_option", tool.keeping_option);
  reader.field("keeping_option_of", tool.keeping_option_of);
  reader.field("keeping_command", tool.keeping_command);
  reader.field("defeating_variables", tool.defeating_variables);
  reader.field("manifest_options", tool.manifest_options);
  reader.field("manifests", tool.manifests);
  reader.field("required_manifests", tool.required_manifests);
  reader.field("system_packages", tool.system_packages);
  if (const auto* pin = reader.child("pin")) {
    Reader pins(*pin, where + ".pin");
    pins.field("form", tool.pin_form);
    pins.field("options", tool.pin_options);
    pins.finish();
  }
  reader.field("yes_options", tool.yes_options);
  reader.field("lean_options", tool.lean_options);
  reader.field("left_directories", tool.left_directories);
  reader.field("lean_cache_options", tool.lean_cache_options);
  reader.field("codes", tool.codes);
  reader.field("download_cost", tool.download_cost);
  reader.field("build_cost", tool.build_cost);
  reader.finish();
  if (tool.id.empty() || tool.commands.empty()) throw std::runtime_error(where + ": needs an id and commands");
  return tool;
}

ImageEntry read_image(const json& object, const std::string& where) {
  ImageEntry image;
  Reader reader(object, where);
  reader.field("names", image.names);
  reader.field("since", image.since);
  reader.field("version", image.version);
  reader.field("distribution", image.distribution);
  reader.field("language", image.language);
  reader.field("user", image.user);
  reader.field("environment", image.environment);
  reader.field("variables", image.variables);
  reader.field("workdir", image.workdir);
  reader.field("users", image.users);
  reader.field("compilers", image.compilers);
  reader.field("codenames", image.codenames);
  reader.finish();
  if (image.names.empty()) throw std::runtime_error(where + ": needs names");
  return image;
}

void read_tables(Facts& facts, const json& root, const std::string& where) {
  Reader reader(root, where);
  if (const auto* tools = reader.child("tools"))
    for (std::size_t i = 0; i < tools->size(); ++i) {
      auto tool = read_tool((*tools)[i], where + ": tools[" + std::to_string(i) + "]");
      const auto same = std::ranges::find(facts.tools, tool.id, &Tool::id);
      if (same != facts.tools.end()) *same = std::move(tool);  // a later table replaces
      else facts.tools.push_back(std::move(tool));
    }
  if (const auto* images = reader.child("images"))
    for (std::size_t i = 0; i < images->size(); ++i)
      facts.images.insert(facts.images.begin(),
                          read_image((*images)[i], where + ": images[" + std::to_string(i) + "]"));
  std::vector<std::string> mirrors;
  reader.field("mirrors", mirrors);
  std::ranges::move(mirrors, std::back_inserter(facts.mirrors));
  reader.field("build_packages", facts.build_packages);
  reader.field("runtime_packages", facts.runtime_packages);
  reader.field("needed_packages", facts.needed_packages);
  reader.field("plain_commands", facts.plain_commands);
  reader.field("bystander_commands", facts.bystander_commands);
  reader.field("bystander_scripts", facts.bystander_scripts);
  reader.field("printing_commands", facts.printing_commands);
  reader.finish();
}

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

}  // namespace

bool Facts::is_printing(std::string_view command) const {
  return std::ranges::find(printing_commands, command) != printing_commands.end();
}

bool Facts::is_plain(std::string_view command) const {
  return std::ranges::find(plain_commands, command) != plain_commands.end();
}

bool Facts::is_bystander(std::string_view command) const {
  return is_plain(command) || std::ranges::find(bystander_commands, command) != bystander_commands.end();
}

const Tool* Facts::tool(std::string_view id) const {
  const auto found = std::ranges::find(tools, id, &Tool::id);
  return found == tools.end() ? nullptr : &*found;
}

std::optional<ImageFacts> Facts::image(const ImageReference& reference) const {
  const auto written = reference.name();
  std::string_view name = written, mirror;
  for (const auto& each : mirrors)
    if (name.starts_with(each)) mirror = each;
  name.remove_prefix(mirror.size());
  const auto entry = std::ranges::find_if(
      images, [&](const ImageEntry& image) { return std::ranges::find(image.names, name) != image.names.end(); });
  if (entry == images.end()) return std::nullopt;
  ImageFacts facts;
  facts.entry = &*entry;
  facts.mirror = mirror;
  facts.distribution = entry->distribution;
  facts.compilers = entry->compilers;
  // The tag is a version followed by variants: 1.81.0-slim-bookworm, 22-alpine3.20, bookworm-slim.
  std::string_view rest = reference.tag;
  for (bool first = true; !rest.empty(); first = false) {
    const auto dash = rest.find('-');
    const auto part = rest.substr(0, dash);
    rest.remove_prefix(dash == rest.npos ? rest.size() : dash + 1);
    if (first && !part.empty() && '0' <= part[0] && part[0] <= '9') {
      facts.version = part;
    } else if (const auto digit = part.find_first_of("0123456789");
               first && entry->distribution == "redhat" && digit != part.npos) {
      facts.version = part.substr(digit);  // centos7, stream9
    } else if (part == "slim") {
      facts.slim = true;
      facts.compilers = false;
    } else if (part.starts_with("alpine")) {
      facts.distribution = "alpine";
      facts.release = part.substr(6);
      facts.compilers = false;
    } else if (part.starts_with("windows") || part.starts_with("nano")) {
      facts.windows = true;
    } else if (entry->language == "java") {
      if (part.starts_with("ubi")) facts.distribution = "redhat";  // what else it says is about Java
    } else if (part != "latest" && part != "current" && part != "lts" && !is_number(part) &&
               facts.distribution != "alpine") {
      facts.release = part;  // a codename: bookworm, jammy
    }
  }
  if (facts.version.empty()) facts.version = entry->version;
  if (!entry->since.empty() && !facts.version.empty() && !version_at_least(facts.version, entry->since))
    return std::nullopt;
  if (entry->language == "rust" || entry->language == "go") facts.compilers = true;  // the compiler itself
  const bool is_distribution = entry->language.empty() && !entry->compilers;
  if (is_distribution && !facts.version.empty() && facts.release.empty()) facts.release = facts.version;
  if (facts.release.empty() && facts.distribution == "debian" && !facts.version.empty()) {
    // Only a tag that names a minor version keeps its default release; "1" moves on.
    const auto numbers = version_numbers(facts.version);
    const bool moves = numbers.size() < 2 && entry->language != "node";
    for (const auto& [since, release] : entry->codenames)
      if (!moves && version_at_least(facts.version, since)) facts.release = release;
  }
  return facts;
}

FactsResult parse_facts(const std::vector<std::pair<std::string, std::string_view>>& named_json) {
  FactsResult result;
  for (const auto& [name, text] : named_json) {
    try {
      read_tables(result.facts, json::parse(text), name);
    } catch (const std::exception& error) {
      result.error = error.what();
      return result;
    }
  }
  return result;
}

const Facts& builtin_facts() {
  static const Facts facts = [] {
    std::vector<std::pair<std::string, std::string_view>> tables;
    for (unsigned i = 0; i < embedded_data_count; ++i)
      tables.emplace_back(embedded_data[i].name, embedded_data[i].text);
    return parse_facts(tables).facts;
  }();
  return facts;
}

std::vector<int> version_numbers(std::string_view text) {
  std::vector<int> numbers;
  while (!text.empty()) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 8 && '0' <= text[digits] && text[digits] <= '9')
      value = value * 10 + (text[digits++] - '0');
    if (digits == 0) break;
    numbers.push_back(value);
    text.remove_prefix(digits);
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return numbers;
}

bool version_at_least(std::string_view version, std::string_view minimum) {
  const auto a = version_numbers(version), b = version_numbers(minimum);
  return !a.empty() && !std::ranges::lexicographical_compare(a, b);
}

}  // namespace dockhew
