#include "language_server/server_commands.hpp"

#include "language_server/optimize_preview.hpp"
#include "language_server/workspace_edits.hpp"
#include "rewrite/rewrite.hpp"

namespace dockhew::cli {
namespace {

Done fix_all(const Snapshot& snapshot, const Client& client) {
  const auto& settings = snapshot.settings->lint;
  const auto result = rewrite_file(std::string(snapshot.text()), snapshot.file->facts(), snapshot.file->context(),
                                   settings.rules, Applicability::safe, settings.options, Fixed::shown);
  Done done;
  done.label = "dockhew: make all safe fixes";
  if (result.text == snapshot.text()) done.message = "dockhew: nothing here has a safe fix";
  else done.edit = workspace_edit(snapshot, edits_between(snapshot.text(), result.text), client);
  return done;
}

Applicability applicability_named(std::string_view name) {
  for (const auto known : {Applicability::safe, Applicability::unsafe})
    if (name == to_string(known)) return known;
  return Applicability::conditional;
}

}  // namespace

Json command_names() { return Json::array(fix_all_command, optimize_command); }

ServerCommand read_command(const Json& said) {
  ServerCommand command;
  const auto name = said.string_at("command");
  if (name == fix_all_command) command.kind = CommandKind::fix_all;
  if (name == optimize_command) command.kind = CommandKind::optimize;
  const auto& arguments = said.elements_at("arguments");
  if (arguments.empty()) return command;
  const auto& first = arguments.front();
  command.uri = first.string() != nullptr ? *first.string() : first.string_at("uri");
  command.least = applicability_named(first.string_at("least"));
  return command;
}

Json command_json(const ServerCommand& command, std::string_view title) {
  const bool optimizes = command.kind == CommandKind::optimize;
  Json argument = {{"uri", command.uri}};
  if (optimizes) argument["least"] = to_string(command.least);
  return {{"title", title},
          {"command", optimizes ? optimize_command : fix_all_command},
          {"arguments", Json::array(std::move(argument))}};
}

Done edit_of_command(const Snapshot& snapshot, const ServerCommand& command, const Client& client) {
  if (!snapshot.settings->error.empty()) return {{}, "", "dockhew: " + snapshot.settings->error};
  return command.kind == CommandKind::fix_all ? fix_all(snapshot, client)
                                              : preview_optimized(snapshot, command.least, client);
}

}  // namespace dockhew::cli
