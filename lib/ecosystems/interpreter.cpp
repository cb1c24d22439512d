#include "ecosystems/interpreter.hpp"

#include <algorithm>

#include "ecosystems/ecosystem.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

template <typename Test>
const Interpreter* find(const Test& test) {
  for (const auto* ecosystem : all_ecosystems())
    if (ecosystem->interpreter != nullptr && test(*ecosystem->interpreter)) return ecosystem->interpreter;
  return nullptr;
}

}  // namespace

const Interpreter* find_interpreter(std::string_view command) {
  auto name = path_basename(command);
  const auto end = name.find_last_not_of("0123456789.");
  name = name.substr(0, end == name.npos ? 0 : end + 1);
  return find([&](const Interpreter& each) { return std::ranges::find(each.commands, name) != each.commands.end(); });
}

const Interpreter* find_interpreter_of(std::string_view file_name) {
  return find([&](const Interpreter& each) {
    return std::ranges::any_of(each.texts, [&](std::string_view glob) { return glob_match(glob, file_name); });
  });
}

bool is_manifest_of_interpreter(std::string_view file_name) {
  return find([&](const Interpreter& each) {
           return std::ranges::find(each.manifests, file_name) != each.manifests.end();
         }) != nullptr;
}

bool is_in_packages(std::string_view path) {
  return find([&](const Interpreter& each) {
           return std::ranges::any_of(each.packages, [&](std::string_view directory) {
             for (auto at = path.find(directory); at != path.npos; at = path.find(directory, at + 1)) {
               const auto end = at + directory.size();
               if (at > 0 && path[at - 1] == '/' && (end == path.size() || path[end] == '/')) return true;
             }
             return false;
           });
         }) != nullptr;
}

bool runs_file(const ShellCommand& command) {
  constexpr std::string_view shells[] = {".", "ash", "bash", "dash", "sh", "source"};
  if (command.words[0].raw.find('/') != std::string::npos) return true;
  const bool runs =
      std::ranges::find(shells, command.name()) != std::end(shells) || find_interpreter(command.name()) != nullptr;
  return runs && std::any_of(command.words.begin() + 1, command.words.end(),
                             [](const ShellWord& word) { return !word.raw.starts_with('-'); });
}

}  // namespace dockhew::inline ecosystems
