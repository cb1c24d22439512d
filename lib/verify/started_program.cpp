#include "verify/started_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ecosystems/interpreter.hpp"
#include "ecosystems/listed_programs.hpp"
#include "image/program_needs.hpp"
#include "model/script.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/shebang.hpp"

namespace dockhew::inline verify {
namespace {

constexpr int deepest = 8;                // commands that start commands
constexpr std::size_t most_texts = 5000;  // that are followed

bool is_shell(std::string_view command) {
  constexpr std::string_view shells[] = {"ash", "bash", "dash", "ksh", "sh", "zsh"};
  return std::ranges::find(shells, path_basename(command)) != std::end(shells);
}

// The program that `#!` names, or the one that env finds.
std::string interpreter_of(const ImageFile& file) {
  const auto found = find_shebang(file.text);
  return found ? found->program() : std::string();
}

class Walk {
 public:
  Walk(const Image& original, const Image& optimized, const Own& own, const BuildContext& context)
      : original_(original), optimized_(optimized), own_(own), context_(context) {}

  StartedProgram run() {
    auto words = original_.configuration.entrypoint;
    const auto& arguments = original_.configuration.command;
    words.insert(words.end(), arguments.begin(), arguments.end());
    command(words, clean_path("/" + original_.configuration.directory), 0);
    while (!left_.empty() && result_.texts.size() < most_texts) {
      const auto file = std::move(left_.back());
      left_.pop_back();
      const auto* found = find_file(original_, file);
      const auto* interpreter = find_interpreter_of(path_basename(file));
      if (found != nullptr && interpreter != nullptr) load(*interpreter, file, found->text);
    }
    result_.compiled = built_ && !of_source_;
    return std::move(result_);
  }

 private:
  using Strings = std::span<const std::string>;

  void miss(std::string sentence) {
    if (told_.insert(sentence).second) result_.missing.push_back(std::move(sentence));
  }

  void miss_file(const std::string& path) {
    miss(fmt::format("`{}`, which the container's command names, is not in the image", path));
  }

  void command(Strings words, const std::string& directory, int depth) {
    // A script may run itself, as often as it likes.
    if (words.empty() || words[0].empty() || depth > deepest || ++commands_ > limits::commands_followed) return;
    look_at_operands(words, directory);
    listed(words, directory, depth);
    if (is_shell(words[0])) return shell(words, directory, depth);
    if (const auto* interpreter = find_interpreter(words[0])) {
      built_ |= interpreter->compiled;
      return interpret(*interpreter, words, directory, depth);
    }
    const auto path = program(words[0], directory);
    const auto* file = path.empty() ? nullptr : find_file(original_, path);
    if (file != nullptr && file->elf && may_be_built(path)) {
      built_ = true;
      result_.compiled_files.insert(path);
    }
    if (file != nullptr && !file->elf) script(*file, path, words, directory, depth);
    // What starts something else: `tini -- node a.js`, `docker-entrypoint.sh python b.py`, `gosu app ./run`.
    for (std::size_t i = 1; i < words.size(); ++i)
      if (is_shell(words[i]) || find_interpreter(words[i]) != nullptr)
        return command(words.subspan(i), directory, depth + 1);
  }

  // What supervisord, a Procfile or a Makefile starts.
  void listed(Strings words, const std::string& directory, int depth) {
    ShellCommand command;
    for (const auto& word : words) command.words.push_back({{}, Value::known(word), word});
    command.find_name();
    const auto list = listed_by(command);
    if (!list) return;
    const auto read = [&](const std::string& path) {
      const auto* file = find_file(original_, path);
      if (file == nullptr) return;
      for (const auto& line : list->lines(file->text, command)) shell_text(line, directory, {}, depth);
    };
    for (const auto& path : list->paths) read(resolve_path(directory, path));
    if (list->directory.empty()) return;
    for (auto at = original_.files.lower_bound(list->directory);
         at != original_.files.end() && path_is_under(at->first, list->directory); ++at)
      read(at->first);
  }

  // Not a part of the base image, such as an interpreter that is not known or a web server, which reads the source.
  bool may_be_built(const std::string& path) const { return own_.compiles || is_of_application(own_, path); }

  // Words that name a file which only the original has, whatever the program: `-jar app.jar`, `--config=/etc/a.conf`.
  void look_at_operands(Strings words, const std::string& directory) {
    for (const auto& word : words.subspan(1)) {
      const auto begin = word.starts_with('-') ? word.find('=') + 1 : 0;
      if ((word.starts_with('-') && begin == 0) || begin == word.size()) continue;
      const auto path = resolve_path(directory, word.substr(begin));
      if (path != "/" && find_file(original_, path) != nullptr && find_file(optimized_, path) == nullptr)
        miss_file(path);
    }
  }

  // The path in the original; that of a project's own programs too.
  std::string program(const std::string& name, const std::string& directory) {
    for (const auto& each : {find_command(original_, name, directory), directory + "/node_modules/.bin/" + name}) {
      if (each.empty() || find_file(original_, each) == nullptr) continue;
      const bool gone = find_file(optimized_, each) == nullptr && find_command(optimized_, name, directory).empty();
      if (gone) miss(fmt::format("the program `{}` is not in the image", name));
      return each;
    }
    return {};
  }

  // A program that is a text itself, with its words.
  void script(const ImageFile& file, const std::string& path, Strings words, const std::string& directory, int depth) {
    const auto name = interpreter_of(file);
    if (is_shell(name)) return shell_text(file.text, directory, words.subspan(1), depth);
    if (const auto* interpreter = find_interpreter(name)) {
      left(path);
      interpret(*interpreter, words, directory, depth);
    }
  }

  // `sh -c 'node a.js'`, `sh start.sh`.
  void shell(Strings words, const std::string& directory, int depth) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto& word = words[i];
      if (word.starts_with('-')) {
        if (!word.starts_with("--") && word.find('c') != word.npos && i + 1 < words.size())
          return shell_text(words[i + 1], directory, words.subspan(std::min(i + 3, words.size())), depth);
        continue;
      }
      const auto* file = find_file(original_, resolve_path(directory, word));
      if (file != nullptr) shell_text(file->text, directory, words.subspan(i + 1), depth);
      return;
    }
  }

  void shell_text(const std::string& text, const std::string& directory, Strings arguments, int depth) {
    if ((script_bytes_ += text.size()) > limits::scripts_followed) return;
    const auto lookup = [&](std::string_view name) {
      const auto found = original_.configuration.environment.find(std::string(name));
      return found == original_.configuration.environment.end() ? Value::unknown() : Value::known(found->second);
    };
    const auto parsed = parse_script(LogicalText(text, 0), lookup, Value::known(directory));
    for (const auto& each : parsed.commands) {
      if (!each.directory.is_known() || each.words.empty()) continue;
      // `exec "$@"`
      if (each.words[0].raw == "\"$@\"" || each.words[0].raw == "$@") {
        command(arguments, each.directory.text, depth + 1);
        continue;
      }
      std::vector<std::string> words;
      for (const auto& word : each.words) words.push_back(word.value.is_known() ? word.text() : "");
      for (const auto& word : words) result_.named.insert(clean_path(word));
      command(words, each.directory.text, depth + 1);
    }
  }

  void interpret(const Interpreter& interpreter, Strings words, const std::string& directory, int depth) {
    const CommandLine line{words, directory};
    if (interpreter.scripts != nullptr)
      for (const auto& text : interpreter.scripts(original_, line)) shell_text(text, directory, {}, depth);
    if (interpreter.start == nullptr) return;
    const auto before = interpreter.start(original_, line), after = interpreter.start(optimized_, line);
    for (const auto& file : before.files) {
      if (after.files.empty()) miss_file(file);
      left(file);
      (is_of_context(context_, file) ? of_source_ : built_) = true;
    }
    const auto place = directory + (directory == "/" ? "" : "/") + "command line";
    for (const auto& name : before.modules) module(interpreter, place, name);
    load(interpreter, place, before.text);
  }

  void module(const Interpreter& interpreter, const std::string& file, const std::string& name) {
    if (interpreter.find_module == nullptr || name.empty()) return;
    const auto found = interpreter.find_module(original_, file, name);
    if (!found) return;
    const auto by = path_basename(file) == "command line" ? "the container's command" : "`" + file + "`";
    if (!interpreter.find_module(optimized_, file, name))
      miss(fmt::format("`{}`, which {} loads, is not in the image", name, by));
    if (is_in_packages(*found)) {
      result_.packages.insert(*found);
      return;
    }
    if (by.front() != '`' && is_of_context(context_, *found)) of_source_ = true;
    left(*found);
  }

  void left(const std::string& file) {
    if (result_.texts.insert(file).second) left_.push_back(file);
  }

  void load(const Interpreter& interpreter, const std::string& file, const std::string& text) {
    if (interpreter.loads == nullptr || text.empty()) return;
    for (const auto& name : interpreter.loads(text)) module(interpreter, file, name);
    find_quoted(text);
  }

  // What stands in quotes on one line, without the way up to it: "../views" is "views".
  void find_quoted(std::string_view text) {
    constexpr std::size_t longest = 200;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char quote = text[at];
      if (quote != '"' && quote != '\'' && quote != '`') continue;
      const auto end = text.find_first_of(std::string{quote, '\n'}, at + 1);
      if (end == text.npos) return;
      if (text[end] == '\n' || end - at > longest) continue;
      auto name = clean_path(text.substr(at + 1, end - at - 1));
      while (name.starts_with("../")) name.erase(0, 3);
      result_.named.insert(std::move(name));
      at = end;
    }
  }

  const Image& original_;
  const Image& optimized_;
  const Own& own_;
  const BuildContext& context_;
  StartedProgram result_;
  std::vector<std::string> left_;  // files to follow
  std::set<std::string> told_;
  std::size_t commands_ = 0, script_bytes_ = 0;
  bool built_ = false, of_source_ = false;
};

}  // namespace

StartedProgram follow_started_program(const Image& original, const Image& optimized, const Own& own,
                                      const BuildContext& context) {
  return Walk(original, optimized, own, context).run();
}

bool is_of_context(const BuildContext& context, const std::string& path) {
  if (!context.is_known()) return true;
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    if (context.kind(path.substr(slash + 1)) == PathKind::file) return true;
  return false;
}

bool is_followed_text(const std::string& path) {
  const auto name = path_basename(path);
  // Not the programs of a toolchain, which are large.
  for (const auto* toolchain : {"/go/bin", "/usr/libexec", "/usr/local/go", "/usr/local/lib"})
    if (path_is_under(path, toolchain)) return is_manifest_of_interpreter(name);
  if (is_manifest_of_interpreter(name)) return true;
  if (is_in_packages(path)) return false;
  for (const std::string_view directory :
       {"/bin", "/lib", "/sbin", "/usr/bin", "/usr/lib", "/usr/sbin", "/usr/share", "/var/lib"})
    if (path_is_under(path, directory)) return false;
  return name.find('.') == name.npos || name.ends_with(".sh") || is_list_of_commands(path) ||
         find_interpreter_of(name) != nullptr;
}

}  // namespace dockhew::inline verify
