#include "ecosystems/ruby/interpreter.hpp"

#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view commands[] = {"ruby"};
constexpr std::string_view texts[] = {"*.rb", "*.ru", "Rakefile"};

StartedText start(const Image& image, const CommandLine& line) {
  StartedText result;
  for (const auto& word : line.words.subspan(1)) {
    if (word == "-e") return result;
    if (word.starts_with('-')) continue;
    if (auto path = resolve_path(line.directory, word); find_file(image, path) != nullptr)
      result.files.push_back(std::move(path));
    return result;
  }
  return result;
}

// `require_relative "a/b"`, `require "./a"`: the latter is relative to the working directory.
std::vector<std::string> loads(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto words = split_words(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words.size() < 2 || (words[0] != "require_relative" && words[0] != "require")) continue;
    auto name = words[1];
    if (name.size() < 3 || (name[0] != '"' && name[0] != '\'') || name.back() != name[0]) continue;
    name = name.substr(1, name.size() - 2);
    if (words[0] == "require_relative") names.push_back("./" + std::string(name));
    else if (name.starts_with("./")) names.emplace_back(name.substr(2));
  }
  return names;
}

std::optional<std::string> find_module(const Image& image, const std::string& file, const std::string& name) {
  const auto& working = image.configuration.directory;
  const auto path = resolve_path(name.starts_with("./") ? path_parent(file) : std::string_view(working), name);
  for (const auto* ending : {"", ".rb", ".so"})
    if (const auto* found = find_file(image, path + ending); found != nullptr && found->type == FileType::regular)
      return path + ending;
  return std::nullopt;
}

}  // namespace

extern constinit const Interpreter ruby_interpreter = {
    .commands = commands,
    .texts = texts,
    .start = start,
    .loads = loads,
    .find_module = find_module,
};

}  // namespace dockhew::inline ecosystems
