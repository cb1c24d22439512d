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
  visit("from_scratch", action.from_scratch);
  visit("independent", action.independent);
  visit("compiles_dependencies", action.compiles_dependencies);
  visit("partial", action.partial);
  visit("runs_without_manifest", action.runs_without_manifest);
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
  visit("needed_by", cache.needed_by);
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
void visit_fields(Visit&& visit, SettingLine& setting) {
  visit("file", setting.file);
  visit("line", setting.line);
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
void visit_fields(Visit&& visit, CacheUse& use) {
  visit("mount_pays", use.mount_pays);
  visit("commands_run", use.commands_run);
  visit("offline_options", use.offline_options);
  visit("cached_only_options", use.cached_only_options);
  visit("cached_only_settings", use.cached_only_settings);
  visit("cached_only_lines", use.cached_only_lines);
  visit("linking_options", use.linking_options);
  visit("linking_settings", use.linking_settings);
  visit("refreshing_options", use.refreshing_options);
  visit("refreshes_itself", use.refreshes_itself);
  visit("place_options", use.place_options);
  visit("place_queries", use.place_queries);
  visit("index_keepers", use.index_keepers);
  visit("checks_owner", use.checks_owner);
  visit("place_settings", use.place_settings);
  visit("option_variables", use.option_variables);
}

template <typename Visit>
void visit_fields(Visit&& visit, CacheDefeat& defeat) {
  visit("options", defeat.options);
  visit("instead", defeat.instead);
  visit("compiling_options", defeat.compiling_options);
  visit("variables", defeat.variables);
  visit("any_value", defeat.any_value);
  visit("keeping_option", defeat.keeping_option);
  visit("keeping_option_of", defeat.keeping_option_of);
  visit("keeping_command", defeat.keeping_command);
  visit("hook", defeat.hook);
}

template <typename Visit>
void visit_fields(Visit&& visit, CacheContent& content) {
  visit("for_one_distribution", content.for_one_distribution);
  visit("own_store_on", content.own_store_on);
  visit("variables", content.variables);
  visit("options", content.options);
}

template <typename Visit>
void visit_fields(Visit&& visit, ProjectFiles& project) {
  visit("manifest_options", project.manifest_options);
  visit("manifests", project.manifests);
  visit("required_manifests", project.required_manifests);
  visit("read_besides", project.read_besides);
  visit("directory_options", project.directory_options);
  visit("file_options", project.file_options);
  visit("copied_options", project.copied_options);
  visit("operands_are_tasks", project.operands_are_tasks);
  visit("variables", project.variables);
  visit("file_variables", project.file_variables);
  visit("workspace_roots", project.workspace_roots);
  visit("settings_files", project.settings_files);
  visit("build_directory", project.build_directory);
}

template <typename Visit>
void visit_fields(Visit&& visit, PackageNames& packages) {
  visit("of_system", packages.of_system);
  visit("pin", packages.pin);
  visit("yes_options", packages.yes_options);
  visit("never_asks", packages.never_asks);
  visit("yes_before_action", packages.yes_before_action);
  visit("quiet_says_yes", packages.quiet_says_yes);
  visit("lean_options", packages.lean_options);
  visit("pruning_options", packages.pruning_options);
  visit("large", packages.large);
}

template <typename Visit>
void visit_fields(Visit&& visit, Leftovers& leftovers) {
  visit("left_by", leftovers.left_by);
  visit("directories", leftovers.directories);
  visit("held_by", leftovers.held_by);
  visit("clean_up", leftovers.clean_up);
  visit("prevented_by", leftovers.prevented_by);
}

template <typename Visit>
void visit_fields(Visit&& visit, ToolCost& cost) {
  visit("download", cost.download);
  visit("build", cost.build);
  visit("compiles_dependencies", cost.compiles_dependencies);
  visit("cache_holds_dependencies", cost.cache_holds_dependencies);
}

template <typename Visit>
void visit_fields(Visit&& visit, Tool& tool) {
  visit("id", tool.id);
  visit("title", tool.title);
  visit("commands", tool.commands);
  visit("started_by", tool.started_by);
  visit("finished_endings", tool.finished_endings);
  visit("finished_by", tool.finished_by);
  visit("named_as_called", tool.named_as_called);
  visit("caches", tool.caches);
  visit("actions", tool.actions);
  visit("value_options", tool.value_options);
  visit("list_options", tool.list_options);
  visit("bundles_options", tool.bundles_options);
  visit("launches", tool.launches);
  visit("installs_into", tool.installs_into);
  visit("installs_results", tool.installs_results);
  visit("cache_use", tool.cache_use);
  visit("cache_defeat", tool.cache_defeat);
  visit("cache_content", tool.cache_content);
  visit("project", tool.project);
  visit("packages", tool.packages);
  visit("leftovers", tool.leftovers);
  visit("cost", tool.cost);
  visit("codes", tool.codes);
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
  visit("all_users", image.all_users);
  visit("links", image.links);
  visit("directories", image.directories);
  visit("command", image.command);
  visit("compilers", image.compilers);
  visit("is_compiler", image.is_compiler);
  visit("starts_command", image.starts_command);
  visit("other_package_sources", image.other_package_sources);
  visit("codename_in_tag", image.codename_in_tag);
  visit("codenames", image.codenames);
  visit("moving", image.moving);
  visit("served_since", image.served_since);
  visit("version_names", image.version_names);
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
void visit_fields(Visit&& visit, AbsentTool& tool) {
  visit("programs", tool.programs);
  visit("images", tool.images);
  visit("distribution", tool.distribution);
  visit("since", tool.since);
  visit("brought_with", tool.brought_with);
  visit("bystanders", tool.bystanders);
  visit("comes_with_others", tool.comes_with_others);
  visit("advice", tool.advice);
  visit("one_version", tool.one_version);
}

template <typename Visit>
void visit_fields(Visit&& visit, FactTables& tables) {
  visit("tools", tables.tools);
  visit("images", tables.images);
  visit("mirrors", tables.mirrors);
  visit("official_images", tables.official_images);
  visit("build_packages", tables.build_packages);
  visit("runtime_packages", tables.runtime_packages);
  visit("needed_packages", tables.needed_packages);
  visit("full_image_packages", tables.full_image_packages);
  visit("absent_programs", tables.absent_programs);
  visit("absent_tools", tables.absent_tools);
  visit("plain_packages", tables.plain_packages);
  visit("full_image_programs", tables.full_image_programs);
  visit("unix_commands", tables.unix_commands);
  visit("build_files", tables.build_files);
  visit("plain_commands", tables.plain_commands);
  visit("bystander_commands", tables.bystander_commands);
  visit("bystander_scripts", tables.bystander_scripts);
  visit("vendor_scripts", tables.vendor_scripts);
  visit("printing_commands", tables.printing_commands);
}

template <typename T>
concept HasFields = requires(T& object) {
  visit_fields([](const char*, auto&) {}, object);
};

}  // namespace dockhew::inline facts
