// RUN in JSON form: the words of one command, without a shell, unless the command is one: `["sh", "-c", "…"]`.
#include "model/script.hpp"
#include "text/path.hpp"

namespace dockhew::inline model {

Script exec_script(const Instruction& instruction, std::string_view source, Value directory, const ValueLookup& lookup,
                   std::size_t longest_value) {
  Script script;
  script.text = LogicalText(source, 0);  // spans of words are source spans
  // Because of JSON's quoting the words differ from the source, so nothing in here is ever edited.
  script.chain.push_back({{}, Joint::background, {}, false});
  const auto& arguments = instruction.arguments;
  if (arguments.empty()) return script;
  const auto shell = path_basename(arguments[0].text);
  const bool runs_shell = arguments.size() == 3 && arguments[1].text.starts_with('-') &&
                          arguments[1].text.ends_with('c') && (shell == "sh" || shell == "bash" || shell == "ash");
  if (runs_shell) {  // the shell form with another shell
    const auto& argument = arguments[2];
    auto inner = parse_script(LogicalText(argument.text, 0), lookup, std::move(directory), longest_value);
    script.opaque = inner.opaque;
    for (auto& command : inner.commands) {
      command.nested = true;
      command.element = 0;
      command.move_to(argument.span);
    }
    script.commands = std::move(inner.commands);
    script.find_setters();
    return script;
  }
  ShellCommand command;
  command.directory = std::move(directory);
  command.nested = true;
  command.span = {arguments.front().span.begin, arguments.back().span.end};
  for (const auto& argument : arguments)
    command.words.push_back({argument.span, Value::known(argument.text), argument.text});
  command.find_name();
  script.commands.push_back(std::move(command));
  script.find_setters();
  return script;
}

}  // namespace dockhew::inline model
