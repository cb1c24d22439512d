#include "project/compose_starts.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t longest_start = 4096;

// Compose splits a text at lines as at blanks, where they are not quoted; to a shell they would be several commands.
std::string on_one_line(std::string text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quote != '\'') ++i;
    else if (quote != 0) quote = text[i] == quote ? 0 : quote;
    else if (text[i] == '"' || text[i] == '\'') quote = text[i];
    else if (text[i] == '\n') text[i] = ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

// Whether what a variable stands for decides which program is started: `$COMMAND`, `sh -c "$COMMAND"`.
bool is_program_unknown(const ComposeValue& value) {
  return std::ranges::any_of(value.unknown, [&](std::size_t place) {
    auto before = std::string_view(value.text).substr(0, place);
    while (!before.empty() && (before.back() == '"' || before.back() == '\'' || before.back() == ' '))
      before.remove_suffix(1);
    return before.empty() || before.ends_with(" -c");
  });
}

// `sh -c "$START"`: the shell finds in a variable what it starts.
bool starts_variable(std::string_view text) {
  for (auto at = text.find("-c"); at != text.npos; at = text.find("-c", at + 1)) {
    auto rest = text.substr(at + 2);
    if (!rest.starts_with(' ') && !rest.starts_with("' ")) continue;
    rest.remove_prefix(1);
    while (rest.starts_with('\'') || rest.starts_with('"') || rest.starts_with(' ')) rest.remove_prefix(1);
    if (rest.starts_with("exec ")) rest.remove_prefix(5);
    if (rest.starts_with('"')) rest.remove_prefix(1);
    const bool variable =
        rest.size() > 1 && rest[0] == '$' &&
        (rest[1] == '{' || rest[1] == '_' || (rest[1] >= 'A' && rest[1] <= 'Z') || (rest[1] >= 'a' && rest[1] <= 'z'));
    const auto before = text.substr(0, at);
    const bool shell = before.find("sh ") != text.npos || before.find("sh' ") != text.npos;
    if (variable && shell) return true;
  }
  return false;
}

// A command line, or a list of words of which `skipped` are none. Without value where there is none, empty where it is
// not known.
std::optional<std::string> command_of(const YAML::Node& node, const ComposeValues& values, std::size_t skipped = 0) {
  if (!node || node.IsNull()) return std::nullopt;
  std::string text;
  if (node.IsScalar()) {
    const auto value = values.resolve(node.Scalar());
    if (is_program_unknown(value)) return std::string();
    text = on_one_line(value.text);
  }
  for (std::size_t i = skipped; node.IsSequence() && i < node.size(); ++i) {
    if (!node[i].IsScalar()) continue;
    const auto value = values.resolve(node[i].Scalar());
    const bool is_program = i == skipped || (i > 0 && node[i - 1].IsScalar() && node[i - 1].Scalar() == "-c");
    if (is_program && is_program_unknown(value)) return std::string();
    text += (text.empty() ? "" : " ") + quoted_for_shell(value.text);
    if (text.size() > longest_start) return std::string();
  }
  if (starts_variable(text)) return std::string();
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

YAML::Node counted(const YAML::Node& node) {
  YamlBudget::look_at(node.size());
  return node;
}

// What containers of a service run.
class Starts {
 public:
  Starts(const ComposeService& service, const ComposeValues& values) : service_(service), values_(values) {}

  // https://docs.docker.com/reference/compose-file/services/
  std::vector<ContainerStart> read() {
    if (service_.unread()) add(service_.unread(), std::string());
    for (const auto* hook : {"post_start", "pre_stop"})
      if (const auto hooks = service_.value(hook); hooks && hooks.node.IsSequence())
        for (const auto& each : counted(hooks.node)) add_hook({each, hooks.document});
    read_watch();
    const auto entrypoint = service_.value("entrypoint"), command = service_.value("command");
    auto start = command_of(entrypoint.node, values_);
    if (const auto arguments = command_of(command.node, values_); arguments && (!start || !start->empty()))
      start = start ? *start + ' ' + *arguments : *arguments;
    add(entrypoint ? entrypoint : command, start);
    read_check();
    return std::move(starts_);
  }

 private:
  void add(const ComposeNode& place, std::optional<std::string> text) {
    if (!text || starts_.size() > most_starts) return;
    if (text->size() > longest_start) text->clear();  // not known
    starts_.push_back({std::move(*text), place.place()});
    YamlBudget::keep(starts_.back().text.size() + starts_.back().place.size());
  }

  void add_hook(const ComposeNode& hook) {
    if (starts_.size() <= most_starts && hook.node.IsMap()) add(hook, command_of(hook.node["command"], values_));
  }

  // https://docs.docker.com/reference/compose-file/develop/#exec
  void read_watch() {
    const auto develop = service_.value("develop");
    if (!develop || !develop.node.IsMap() || !develop.node["watch"] || !develop.node["watch"].IsSequence()) return;
    for (const auto& each : counted(develop.node["watch"]))
      if (each.IsMap() && each["exec"]) add_hook({each["exec"], develop.document});
  }

  void read_check() {
    const auto check = service_.value("healthcheck");
    if (!check || !check.node.IsMap() || !check.node["test"]) return;
    const ComposeNode test{check.node["test"], check.document};
    const auto shell = [&](const YAML::Node& text) {
      const auto value = values_.resolve(text.Scalar());
      add(test, is_program_unknown(value) ? std::string() : value.text);
    };
    if (test.node.IsScalar()) return shell(test.node);
    if (!test.node.IsSequence() || test.node.size() < 2) return;
    const auto kind = test.node[0].IsScalar() ? test.node[0].Scalar() : "";
    if (kind == "CMD") add(test, command_of(test.node, values_, 1));
    if (kind == "CMD-SHELL" && test.node[1].IsScalar()) shell(test.node[1]);
  }

  const ComposeService& service_;
  const ComposeValues& values_;
  std::vector<ContainerStart> starts_;
};

}  // namespace

std::vector<ContainerStart> read_starts(const ComposeService& service, const ComposeValues& values) {
  return Starts(service, values).read();
}

}  // namespace dockhew::cli
