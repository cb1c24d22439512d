// The keys of the tables and the members that they fill, defined once. Both the reader of tables and the generator that
// prints them as C++ use these lists, so that no key can be known to only one of them.
#pragma once

#include <array>

#include "facts/facts.hpp"

namespace dockhew::inline facts {

// In the order of ActionKind, whose enumerators have the same names.
constexpr std::array<std::string_view, 7> action_kinds = {"refresh", "install", "fetch", "build",
                                                          "clean",   "remove",  "other"};
// The same of Operands.
constexpr std::array<std::string_view, 16> operand_roles = {
    "none",   "read",  "written", "changed",  "removed",  "packed", "copied",      "moved",
    "linked", "moded", "owned",   "archived", "searched", "cloned", "assignments", "tested"};

// The same of PinForm.
constexpr std::array<std::string_view, 10> pin_forms = {"unknown", "apk", "apt",    "at",  "colon",
                                                        "go",      "npm", "python", "rpm", "zypper"};

// `visit(key, member)` for each key that a table may have, in the order of the members.
template <typename Visit>
void visit_fields(Visit&& visit, ToolAction& action) {
  visit("kind", action.kind);
  visit("words", action.words);
  visit("reads_source", action.reads_source);
  visit("uses_cache", action.uses_cache);
  visit("only_with_option", action.only_with_option);
  visit("packages", action.packages);
  visit("alone", action.alone);
  visit("stores_results_in", action.stores_results_in);
  visit("independent", action.independent);
  visit("compiles_dependencies", action.compiles_dependencies);
  visit("partial", action.partial);
}

template <typename Visit>
void visit_fields(Visit&& visit, CacheAlternative& alternative) {
  visit("if_set", alternative.if_set);
  visit("if_file", alternative.if_file);
  visit("user", alternative.user);
  visit("distribution", alternative.distribution);
  visit("from", alternative.from);
  visit("path", alternative.path);
}

template <typename Visit>
void visit_fields(Visit&& visit, ToolCache& cache) {
  visit("path", cache.path);
  visit("sharing", cache.sharing);
  visit("title", cache.title);
  visit("alternatives", cache.alternatives);
  visit("unless_words", cache.unless_words);
  visit("unless_settings", cache.unless_settings);
  visit("assumed", cache.assumed);
  visit("builds_only", cache.builds_only);
  visit("store", cache.store);
  visit("index", cache.index);
  visit("mistaken", cache.mistaken);
}

template <typename Visit>
void visit_fields(Visit&& visit, CacheHook& hook) {
  visit("path", hook.path);
  visit("empties", hook.empties);
  visit("distributions", hook.distributions);
  visit("owner", hook.owner);
  visit("keeping_option", hook.keeping_option);
}

template <typename Visit>
void visit_fields(Visit&& visit, InstalledPlace& place) {
  visit("variables", place.variables);
  visit("paths", place.paths);
  visit("endings", place.endings);
  visit("what", place.what);
  visit("mountable", place.mountable);
  visit("passed_on", place.passed_on);
  visit("only_of_tool", place.only_of_tool);
}

template <typename Visit>
void visit_fields(Visit&& visit, WorkspaceRoot& root) {
  visit("file", root.file);
  visit("text", root.text);
}

template <typename Visit>
void visit_fields(Visit&& visit, SettingsFile& settings) {
  visit("file", settings.file);
  visit("with", settings.with);
  visit("without", settings.without);
}

template <typename Visit>
void visit_fields(Visit&& visit, PackagePin& pin) {
  visit("form", pin.form);
  visit("options", pin.options);
  visit("own", pin.own);
}

template <typename Visit>
void visit_fields(Visit&& visit, Tool& tool) {
  visit("id", tool.id);
  visit("title", tool.title);
  visit("commands", tool.commands);
  visit("caches", tool.caches);
  visit("actions", tool.actions);
  visit("value_options", tool.value_options);
  visit("bundles_options", tool.bundles_options);
  visit("launches", tool.launches);
  visit("mount_pays", tool.mount_pays);
  visit("offline_options", tool.offline_options);
  visit("runs_from_cache", tool.runs_from_cache);
  visit("cached_only_options", tool.cached_only_options);
  visit("cached_only_settings", tool.cached_only_settings);
  visit("linking_options", tool.linking_options);
  visit("linking_settings", tool.linking_settings);
  visit("pruning_options", tool.pruning_options);
  visit("refreshing_options", tool.refreshing_options);
  visit("build_variables", tool.build_variables);
  visit("build_options", tool.build_options);
  visit("place_options", tool.place_options);
  visit("place_settings", tool.place_settings);
  visit("option_variables", tool.option_variables);
  visit("defeating_options", tool.defeating_options);
  visit("keeping_option", tool.keeping_option);
  visit("keeping_option_of", tool.keeping_option_of);
  visit("keeping_command", tool.keeping_command);
  visit("instead", tool.instead);
  visit("defeating_variables", tool.defeating_variables);
  visit("any_value_defeats", tool.any_value_defeats);
  visit("cache_hook", tool.cache_hook);
  visit("for_one_distribution", tool.for_one_distribution);
  visit("own_store_on", tool.own_store_on);
  visit("installs_into", tool.installs_into);
  visit("build_directory", tool.build_directory);
  visit("installs_results", tool.installs_results);
  visit("manifest_options", tool.manifest_options);
  visit("manifests", tool.manifests);
  visit("required_manifests", tool.required_manifests);
  visit("directory_options", tool.directory_options);
  visit("file_options", tool.file_options);
  visit("variables", tool.variables);
  visit("file_variables", tool.file_variables);
  visit("workspace_roots", tool.workspace_roots);
  visit("settings_files", tool.settings_files);
  visit("compiles_dependencies", tool.compiles_dependencies);
  visit("build_cache_holds_dependencies", tool.build_cache_holds_dependencies);
  visit("system_packages", tool.system_packages);
  visit("named_as_called", tool.named_as_called);
  visit("pin", tool.pin);
  visit("yes_options", tool.yes_options);
  visit("yes_before_action", tool.yes_before_action);
  visit("quiet_says_yes", tool.quiet_says_yes);
  visit("lean_options", tool.lean_options);
  visit("left_by", tool.left_by);
  visit("left_directories", tool.left_directories);
  visit("held_by", tool.held_by);
  visit("clean_up", tool.clean_up);
  visit("lean_cache_options", tool.lean_cache_options);
  visit("codes", tool.codes);
  visit("download_cost", tool.download_cost);
  visit("build_cost", tool.build_cost);
}

template <typename Visit>
void visit_fields(Visit&& visit, ImageEntry& image) {
  visit("names", image.names);
  visit("since", image.since);
  visit("version", image.version);
  visit("distribution", image.distribution);
  visit("language", image.language);
  visit("user", image.user);
  visit("workdir", image.workdir);
  visit("environment", image.environment);
  visit("variables", image.variables);
  visit("users", image.users);
  visit("links", image.links);
  visit("directories", image.directories);
  visit("command", image.command);
  visit("compilers", image.compilers);
  visit("is_compiler", image.is_compiler);
  visit("codename_in_tag", image.codename_in_tag);
  visit("codenames", image.codenames);
  visit("served_since", image.served_since);
}

template <typename Visit>
void visit_fields(Visit&& visit, UnixCommand& command) {
  visit("operands", command.operands);
  visit("pattern", command.pattern);
  visit("pattern_options", command.pattern_options);
  visit("value_options", command.value_options);
  visit("read_options", command.read_options);
  visit("written_options", command.written_options);
  visit("into_options", command.into_options);
  visit("mode_options", command.mode_options);
  visit("owner_options", command.owner_options);
  visit("directory_options", command.directory_options);
  visit("in_place_options", command.in_place_options);
  visit("reading_options", command.reading_options);
  visit("here", command.here);
  visit("here_options", command.here_options);
  visit("writes", command.writes);
  visit("accounts", command.accounts);
  visit("builds", command.builds);
  visit("shell", command.shell);
  visit("anything", command.anything);
  visit("plain", command.plain);
  visit("bystander", command.bystander);
  visit("printing", command.printing);
  visit("settled", command.settled);
  visit("required", command.required);
}

template <typename Visit>
void visit_fields(Visit&& visit, FactTables& tables) {
  visit("tools", tables.tools);
  visit("images", tables.images);
  visit("mirrors", tables.mirrors);
  visit("build_packages", tables.build_packages);
  visit("runtime_packages", tables.runtime_packages);
  visit("needed_packages", tables.needed_packages);
  visit("full_image_programs", tables.full_image_programs);
  visit("unix_commands", tables.unix_commands);
  visit("build_files", tables.build_files);
  visit("plain_commands", tables.plain_commands);
  visit("bystander_commands", tables.bystander_commands);
  visit("bystander_scripts", tables.bystander_scripts);
  visit("printing_commands", tables.printing_commands);
}

template <typename T>
concept HasFields = requires(T& object) {
  visit_fields([](const char*, auto&) {}, object);
};

}  // namespace dockhew::inline facts
