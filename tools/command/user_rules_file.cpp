#include "user_rules_file.hpp"

#include <map>
#include <mutex>

#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

Applicability applicability_of(const YAML::Node& node) {
  const auto text = node.as<std::string>();
  for (const auto known :
       {Applicability::display_only, Applicability::unsafe, Applicability::conditional, Applicability::safe})
    if (text == to_string(known)) return known;
  throw WrongValue(node.Mark(), "`fix` must be display-only, unsafe, conditional or safe, not `" + text + "`");
}

UserRuleText read_rule(const YAML::Node& node) {
  UserRuleText text;
  const auto string = [](std::string& out) {
    return [&out](const YAML::Node& value) { out = value.as<std::string>(); };
  };
  read_keys(node, {{"id", string(text.id)},
                   {"message", string(text.message)},
                   {"why", string(text.why)},
                   {"severity", [&](const YAML::Node& value) { text.severity = severity_of(value); }},
                   {"command", string(text.command)},
                   {"image", string(text.image)},
                   {"instruction", string(text.keyword)},
                   {"argument", string(text.argument)},
                   {"flag", string(text.flag)},
                   {"replace", string(text.replacement)},
                   {"fix", [&](const YAML::Node& value) { text.applicability = applicability_of(value); }}});
  return text;
}

// What is known of the files that were read.
struct KnownFiles {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const UserRules>> files;
};
KnownFiles& known_files() {
  static KnownFiles known;
  return known;
}

UserRules read_user_rules(const std::string& path) {
  UserRules result;
  result.error = read_yaml(path, [&](const YAML::Node& root) {
    read_keys(root, {{"rules", [&](const YAML::Node& list) {
                        if (!list.IsSequence()) throw WrongValue(list.Mark(), "expected a list of rules");
                        for (const auto& node : list) {
                          auto made = make_user_rule(read_rule(node));
                          if (!made.error.empty()) throw WrongValue(node.Mark(), made.error);
                          result.rules.push_back(std::move(made.rule));
                        }
                      }}});
  });
  return result;
}

}  // namespace

std::shared_ptr<const UserRules> user_rules_of(const std::string& path) {
  auto& known = known_files();
  const std::scoped_lock lock(known.mutex);
  auto& file = known.files[path];
  if (!file) file = std::make_shared<const UserRules>(read_user_rules(path));
  return file;
}

void forget_user_rules() {
  auto& known = known_files();
  const std::scoped_lock lock(known.mutex);
  known.files.clear();
}

}  // namespace dockhew::cli
