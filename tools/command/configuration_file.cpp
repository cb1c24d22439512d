#include "configuration_file.hpp"

#include <algorithm>

#include "line/option_values.hpp"
#include "lint/label_types.hpp"
#include "options.hpp"
#include "rule_selection.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr int newest_edition = 2026;

std::vector<std::string> strings_of(const YAML::Node& node) {
  if (node.IsNull()) return {};
  if (node.IsScalar()) return {node.as<std::string>()};
  if (!node.IsSequence()) throw WrongValue(node.Mark(), "expected a name or a list of names");
  return node.as<std::vector<std::string>>();
}

// Names of rules, checked in place so that errors have a position.
std::vector<std::string> rule_names_of(const YAML::Node& node) {
  auto names = strings_of(node);
  for (const auto& name : names)
    if (const auto error = check_rule_name(name); !error.empty()) throw WrongValue(node.Mark(), error);
  return names;
}

std::map<std::string, Severity> severities_of(const YAML::Node& node) {
  std::map<std::string, Severity> severities;
  if (!node.IsMap()) throw WrongValue(node.Mark(), "expected rules, each with a severity");
  for (const auto& entry : node) {
    const auto name = entry.first.as<std::string>();
    if (const auto error = check_rule_name(name); !error.empty()) throw WrongValue(entry.first.Mark(), error);
    severities[name] = severity_of(entry.second);
  }
  return severities;
}

std::map<std::string, std::string> labels_of(const YAML::Node& node) {
  std::map<std::string, std::string> labels;
  if (!node.IsMap()) throw WrongValue(node.Mark(), "expected labels, each with a type");
  for (const auto& entry : node) {
    const auto type = entry.second.as<std::string>();
    std::string types;
    for (const auto& known : label_types()) types += (types.empty() ? "" : ", ") + std::string(known.name);
    if (find_label_type(type) == nullptr)
      throw WrongValue(entry.second.Mark(), "the type of a label must be one of " + types + ", not `" + type + "`");
    labels[entry.first.as<std::string>()] = type;
  }
  return labels;
}

Override read_override(const YAML::Node& node) {
  Override result;
  read_keys(node, {{"files", [&](const YAML::Node& value) { result.files = strings_of(value); }},
                   {"ignore", [&](const YAML::Node& value) { result.ignore = rule_names_of(value); }},
                   {"severity", [&](const YAML::Node& value) { result.severities = severities_of(value); }}});
  if (result.files.empty()) throw WrongValue(node.Mark(), "an override needs `files`");
  return result;
}

KeyReaders own_readers(Configuration& result) {
  return {
      {"edition",
       [](const YAML::Node& value) {
         if (value.as<int>() != newest_edition)
           throw WrongValue(value.Mark(), "unknown edition; known are " + std::to_string(newest_edition));
       }},
      {"select", [&](const YAML::Node& value) { result.select = rule_names_of(value); }},
      {"ignore", [&](const YAML::Node& value) { result.ignore = rule_names_of(value); }},
      {"severity", [&](const YAML::Node& value) { result.severities = severities_of(value); }},
      {"exclude", [&](const YAML::Node& value) { result.exclude = strings_of(value); }},
      {"fail-on",
       [&](const YAML::Node& value) {
         Severity severity = Severity::off;
         const auto error = choose("fail-on", value.as<std::string>(), severity_choices(), severity);
         if (!error.empty()) throw WrongValue(value.Mark(), error);
         result.fail_on = severity;
       }},
      {"builder",
       [&](const YAML::Node& value) {
         const auto error = choose("builder", value.as<std::string>(), builder_choices(), result.options.builder);
         if (!error.empty()) throw WrongValue(value.Mark(), error);
       }},
      {"cache",
       [&](const YAML::Node& value) {
         const auto error = choose("cache", value.as<std::string>(), cache_choices(), result.options.builder_cache);
         if (!error.empty()) throw WrongValue(value.Mark(), error);
       }},
      {"rules", [&](const YAML::Node& value) { result.rules = strings_of(value); }},
      {"shellcheck",
       [&](const YAML::Node& value) {
         result.shellcheck.emplace();
         const auto error = choose("shellcheck", value.as<std::string>(), shellcheck_choices(), *result.shellcheck);
         if (!error.empty()) throw WrongValue(value.Mark(), error);
       }},
      {"trusted-registries", [&](const YAML::Node& value) { result.options.trusted_registries = strings_of(value); }},
      {"labels", [&](const YAML::Node& value) { result.options.label_schema = labels_of(value); }},
      {"strict-labels", [&](const YAML::Node& value) { result.options.strict_labels = value.as<bool>(); }},
      {"unsafe", [&](const YAML::Node& value) { result.takes_unsafe = value.as<bool>(); }},
      {"ignore-comments", [&](const YAML::Node& value) { result.comments = value.as<bool>(); }},
      {"overrides",
       [&](const YAML::Node& value) {
         if (!value.IsSequence()) throw WrongValue(value.Mark(), "expected a list");
         for (const auto& entry : value) result.overrides.push_back(read_override(entry));
       }},
  };
}

Severity hadolint_severity(const std::string& name) {
  if (name == "error") return Severity::error;
  if (name == "warning") return Severity::warning;
  if (name == "style") return Severity::style;
  return name == "ignore" || name == "none" ? Severity::off : Severity::info;
}

void read_hadolint(const YAML::Node& root, Configuration& result) {
  if (!root.IsMap()) throw WrongValue(root.Mark(), "expected keys and values");
  result.select = {"hadolint"};
  result.fail_on = Severity::info;
  // Not reported unless a severity is given.
  result.severities = {{"DL1001", Severity::off}, {"DL3057", Severity::off}};
  bool no_fail = false;
  for (const auto& entry : root) {  // hadolint itself ignores keys it does not know
    const auto key = entry.first.as<std::string>();
    const auto& value = entry.second;
    if (key == "ignored") result.ignore = strings_of(value);
    else if (key == "trustedRegistries") result.options.trusted_registries = strings_of(value);
    else if (key == "label-schema" && value.IsMap()) result.options.label_schema = labels_of(value);
    else if (key == "strict-labels") result.options.strict_labels = value.as<bool>();
    else if (key == "disable-ignore-pragma") result.comments = !value.as<bool>();
    else if (key == "format" || key == "formats") result.formats = strings_of(value);
    else if (key == "no-color") result.no_colour = value.as<bool>();
    else if (key == "no-fail") no_fail = value.as<bool>();
    else if (key == "failure-threshold") result.fail_on = hadolint_severity(value.as<std::string>());
    else if (key == "override" && value.IsMap())
      for (const auto* level : {"style", "info", "warning", "error"})
        if (value[level])
          for (const auto& code : strings_of(value[level])) result.severities[code] = hadolint_severity(level);
  }
  // With its threshold `ignore` every finding fails the run; ours does so from the lowest severity on.
  if (result.fail_on == Severity::off) result.fail_on = Severity::style;
  if (no_fail) result.fail_on = Severity::off;
  // Codes that we do not have cannot be findings, so nothing is lost by dropping them.
  std::erase_if(result.ignore, [](const std::string& name) { return !check_rule_name(name).empty(); });
  std::erase_if(result.severities, [](const auto& entry) { return !check_rule_name(entry.first).empty(); });
}

}  // namespace

const std::vector<std::string>& configuration_keys() {
  static const auto keys = [] {
    Configuration none;
    std::vector<std::string> names;
    for (const auto& reader : own_readers(none)) names.push_back(reader.first);
    return names;
  }();
  return keys;
}

Configuration read_configuration(const std::string& path) {
  Configuration result;
  result.error = read_yaml(path, [&](const YAML::Node& root) { read_keys(root, own_readers(result)); });
  return result;
}

Configuration read_hadolint_configuration(const std::string& path) {
  Configuration result;
  result.error = read_yaml(path, [&](const YAML::Node& root) { read_hadolint(root, result); });
  if (!result.select) result.select = {"hadolint"};  // an empty file
  if (!result.fail_on) result.fail_on = Severity::info;
  return result;
}

std::string write_configuration(const Configuration& configuration, const std::string& origin) {
  YAML::Emitter out;
  const auto list = [&](const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) out << YAML::Key << key << YAML::Value << YAML::Flow << values;
  };
  out << YAML::BeginMap << YAML::Key << "edition" << YAML::Value << newest_edition;
  if (configuration.select) list("select", *configuration.select);
  list("ignore", configuration.ignore);
  if (configuration.fail_on)
    out << YAML::Key << "fail-on" << YAML::Value
        << (*configuration.fail_on == Severity::off ? "never" : std::string(to_string(*configuration.fail_on)));
  if (!configuration.severities.empty()) {
    out << YAML::Key << "severity" << YAML::Value << YAML::BeginMap;
    for (const auto& [name, severity] : configuration.severities)
      out << YAML::Key << name << YAML::Value << std::string(to_string(severity));
    out << YAML::EndMap;
  }
  list("trusted-registries", configuration.options.trusted_registries);
  if (!configuration.options.label_schema.empty())
    out << YAML::Key << "labels" << YAML::Value << configuration.options.label_schema;
  if (configuration.options.strict_labels) out << YAML::Key << "strict-labels" << YAML::Value << true;
  if (!configuration.comments) out << YAML::Key << "ignore-comments" << YAML::Value << false;
  out << YAML::EndMap;
  return "# Written from " + origin +
         " by `dockhew migrate`. With `select: [hadolint]` only hadolint's rules run;\n"
         "# add `default` for dockhew's own.\n" +
         out.c_str() + '\n';
}

}  // namespace dockhew::cli
