#include "ecosystems/started_programs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "ecosystems/called_programs.hpp"
#include "ecosystems/listed_programs.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/shebang.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_scripts = 64;
// Of the scripts of one stage: people write some kilobytes, and each is read again whenever a change is tried.
constexpr std::size_t most_script_bytes = 64 << 10;
constexpr std::string_view too_long = "is too long to read, with all that it calls";
constexpr int deepest_service = 4;          // directories below that of all services
constexpr std::size_t most_lookups = 4096;  // of words in the build context

bool is_shell(std::string_view name) { return name.ends_with("sh"); }

class Reader {
 public:
  Reader(const Dockerfile& file, const Stage& stage, const Runtime& runtime)
      : file_(file), stage_(stage), runtime_(runtime) {}

  StartedPrograms read() {
    for (const auto& step : stage_.steps) {
      const auto keyword = step.instruction->keyword;
      if (keyword == Keyword::cmd || keyword == Keyword::entrypoint || keyword == Keyword::healthcheck)
        texts_.push_back({start_text(*step.instruction), {}, {}});
    }
    for (const auto& start : file_.context().origin().starts) texts_.push_back({start.text, {}, start.place});
    read_texts();
    for (const auto& place : lists_of_services()) read_service_files(place);
    read_texts();
    const auto root = stage_.workdir.is_known()
                          ? project_in_context(file_, stage_, stage_.steps.size(), stage_.workdir.text)
                          : std::nullopt;
    const auto called = find_called_programs(file_.context(), root.value_or("."), runtime_);
    for (const auto& name : called.names) add_name(name, {{}, "source", {}});
    for (const auto& path : called.scripts) add_script_of_source(root.value_or("."), path);
    read_texts();
    return std::move(found_);
  }

 private:
  struct Text {
    std::string text;
    std::string script;  // its path in the image; empty for what the file itself says
    std::string place;   // of what neither the file nor a script says
  };

  void read_texts() {
    for (; !texts_.empty(); texts_.pop_front()) read_text(texts_.front());
  }

  void read_text(const Text& text) {
    const auto look = [&](std::string_view name) { return file_.lookup(stage_, stage_.environment.size(), name); };
    auto script = parse_script(LogicalText(text.text, 0), look, stage_.workdir);
    find_tool_uses(file_.facts(), script);
    for (const auto& command : script.commands) {
      if (command.words.empty()) continue;
      add_name(command.name(), text);
      const auto is_by_ssh = [](const ShellWord& word) {
        return word.raw.find("git@") != word.raw.npos || word.raw.find("ssh://") != word.raw.npos;
      };
      if (command.name() == "git" && std::ranges::any_of(command.words, is_by_ssh)) add_name("ssh", text);
      if (command.words.size() > 1) found_.commands.insert(command.name() + ' ' + command.words[1].text());
      const bool launches = is_launcher(command.name()) || is_shell(command.name());
      for (std::size_t i = 0; i < command.words.size(); ++i) {
        const auto& word = command.words[i];
        if (!word.value.is_known() || word.text().starts_with('-')) continue;
        if (launches && i > 0) add_launched(word.text(), text);
        add_script(command, i);
      }
      if (command.use != nullptr) add_use(command, text);
      if (runtime_.run_by != nullptr)
        for (auto& line : runtime_.run_by(file_, stage_, command))
          push({std::move(line), text.script.empty() ? std::string(runtime_.scripts_file) : text.script, {}});
      if (const auto list = listed_by(command)) add_list(command, *list);
    }
  }

  void add_list(const ShellCommand& command, const CommandList& list) {
    std::vector<std::string> paths;
    for (const auto& path : list.paths)
      paths.push_back(resolve_path(command.directory.is_known() ? command.directory.text : "/", path));
    bool read = false;
    for (const auto& path : paths) read |= read_list(command, path, list);
    if (!read && list.required) add_unread(paths.front());
    if (list.directory.empty()) return;
    for (const auto& path : copied_below(list.directory)) read_list(command, path, list);
  }

  // What is copied where services are looked for is started with them: `COPY jobs /etc/cron.d/jobs`. A RUN may write
  // such a file: `echo "* * * * * root curl …" > /etc/cron.d/jobs`.
  void read_service_files(const ServiceFiles& place) {
    const std::string directory(place.directory);
    for (const auto& path : copied_below(directory)) {
      if (place.lines == nullptr) {
        read_script(path, true);
        continue;
      }
      const auto text = text_at(path);
      if (!text) continue;
      for (auto& line : place.lines(*text)) push({std::move(line), path, {}});
    }
    for (const auto& step : stage_.steps) {
      if (!step.script || place.lines == nullptr) continue;
      for (const auto& command : step.script->commands) {
        const auto writes = std::ranges::any_of(command.redirects, [&](const ShellRedirect& redirect) {
          return redirect.target.raw.find(directory) != std::string::npos;
        });
        for (const auto& word : command.words)
          if (writes && word.value.is_known())
            for (auto& line : place.lines(word.text())) push({std::move(line), directory, {}});
      }
    }
  }

  bool read_list(const ShellCommand& command, const std::string& path, const CommandList& list) {
    const auto text = text_at(path);
    if (!text) return false;
    if (std::ranges::find(lists_, path) != lists_.end() || lists_.size() == most_scripts) return true;
    lists_.push_back(path);
    for (auto& line : list.lines(*text, command)) push({std::move(line), path, {}});
    return true;
  }

  // The files that COPYs bring from the context into a directory of the image, or below it.
  std::vector<std::string> copied_below(const std::string& directory) const {
    std::vector<std::string> paths;
    for (const auto& step : stage_.steps) {
      if (!step.copy || !step.copy->destination.is_known() || !step.copy->from_context()) continue;
      const auto& to = step.copy->destination.text;
      if (!path_is_under(to, directory) && !path_is_under(directory, to)) continue;
      for (const auto& source : step.copy->sources)
        for (const auto& each : file_.context().expand(clean_path("/" + source.text).substr(1))) {
          if (file_.context().kind(each) == PathKind::file)
            paths.push_back(step.copy->directory ? resolve_path(to, path_basename(each)) : to);
          else add_below(each, to, deepest_service, paths);
        }
      std::size_t heredocs = 0;
      for (const auto& source : step.copy->sources)
        if (source.heredoc && heredocs < step.instruction->heredocs.size())
          paths.push_back(step.copy->directory ? resolve_path(to, step.instruction->heredocs[heredocs++].name) : to);
    }
    std::erase_if(paths, [&](const std::string& path) { return !path_is_under(path, directory); });
    return paths;
  }

  void add_below(const std::string& in_context, const std::string& to, int depth,
                 std::vector<std::string>& paths) const {
    for (const auto& name : file_.context().entries(in_context)) {
      const auto path = join_context_path(in_context, name);
      if (paths.size() == most_scripts) return;
      if (file_.context().kind(path) == PathKind::file) paths.push_back(resolve_path(to, name));
      else if (depth > 0) add_below(path, resolve_path(to, name), depth - 1, paths);
    }
  }

  void add_name(const std::string& name, const Text& by) {
    if (name.empty()) return;
    found_.names.insert(name);
    if (!by.script.empty()) found_.by_scripts.insert(name);
    if (!by.place.empty()) found_.by_others.emplace(name, by.place);
  }

  // The words of `sh -c` and of `timeout 5` are commands.
  void add_launched(const std::string& word, const Text& by) {
    if (word.find_first_of(" \n;|&") != word.npos) push({word, by.script, by.place});
    else add_name(std::string(path_basename(word)), by);
  }

  void add_use(const ShellCommand& command, const Text& by) {
    if (command.use->action->kind == ActionKind::install)
      found_.installs.push_back('`' + command.name() + '`' + (by.script.empty() ? "" : " in `" + by.script + '`'));
    for (const auto option : command.use->tool->cache_use.cached_only_options)
      if (command.use->has_option(option) && command.use->action->kind != ActionKind::clean)
        found_.cached.emplace(command.use->tool->id,
                              command.name() + ' ' + command.words[1].text() +
                                  (command.words[1].text() == option ? "" : ' ' + std::string(option)));
  }

  // A word may be the path of a script, or, where it stands first, its name.
  void add_script(const ShellCommand& command, std::size_t word) {
    const auto& text = command.words[word].text();
    const bool is_path = text.find('/') != text.npos || text.ends_with(".sh");
    if ((!is_path && word > 0) || ++looked_up_ > most_lookups) return;
    std::vector<std::string> places;
    if (const auto path = path_of(command, command.words[word]); path && (is_path || text.find('.') != text.npos))
      places.push_back(*path);
    if (text.find('/') == text.npos)
      for (const auto* directory : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) places.push_back(directory + text);
    for (const auto& place : places)
      if (read_script(place, word > 0 && (is_shell(command.name()) || is_sourcing(command)))) return;
    const bool told = word == 0 || is_shell(command.name());
    // A name alone is looked for in PATH, and not in the working directory.
    const bool by_name = word == 0 && text.find('/') == text.npos;
    if (told && text.ends_with(".sh") && !places.empty()) add_unread(by_name ? text : places.front());
  }

  void add_unread(const std::string& path, std::string_view why = "is not in the build context") {
    if (std::ranges::find(read_, path) == read_.end()) found_.unread.push_back({path, why});
  }

  // What the source calls by a path: a script in the image, as the working directory says, or beside the source.
  void add_script_of_source(const std::string& root, const std::string& path) {
    if (stage_.workdir.is_known() && read_script(resolve_path(stage_.workdir.text, path), false)) return;
    if (const auto in_context = join_context_path(root, path); file_.context().kind(in_context) == PathKind::file)
      read_script(path, file_.context().read(in_context), false);
  }

  bool read_script(const std::string& path, bool by_shell) { return read_script(path, text_at(path), by_shell); }

  bool read_script(const std::string& path, const std::optional<std::string>& text, bool by_shell) {
    if (!text) return false;
    if (std::ranges::find(read_, path) != read_.end()) return true;
    read_bytes_ += text->size();
    if (read_.size() == most_scripts || read_bytes_ > most_script_bytes) return add_unread(path, too_long), true;
    read_.push_back(path);
    const auto interpreter = shebang_program(*text);
    if (!interpreter.empty()) add_name(interpreter, {{}, path, {}});
    const bool shell = interpreter.empty() ? by_shell || path.ends_with(".sh") : is_shell(interpreter);
    if (!shell) {
      CalledPrograms called;
      add_called_programs(*text, runtime_, called);
      for (const auto& name : called.names) add_name(name, {{}, path, {}});
      return true;
    }
    auto script = *text;
    std::erase(script, '\r');
    found_.scripts.emplace(path, script);
    push({std::move(script), path, {}});
    return true;
  }

  // Of a file of the image that comes from the build context, or that a COPY has in itself. Empty where it cannot be
  // read.
  std::optional<std::string> text_at(const std::string& path) const {
    for (const auto& step : stage_.steps) {
      if (!step.copy || !step.copy->destination.is_known()) continue;
      std::size_t heredocs = 0;
      for (const auto& source : step.copy->sources) {
        if (!source.heredoc || heredocs == step.instruction->heredocs.size()) continue;
        const auto& heredoc = step.instruction->heredocs[heredocs++];
        const auto& to = step.copy->destination.text;
        if (path == (step.copy->directory ? resolve_path(to, heredoc.name) : to))
          return std::string(slice(file_.source(), heredoc.body));
      }
    }
    const auto in_context = file_in_context(file_, stage_, path);
    if (!in_context) return std::nullopt;
    return file_.context().read(*in_context).value_or("");
  }

  void push(Text text) {
    if (++pushed_ <= most_scripts) return texts_.push_back(std::move(text));
    if (std::ranges::find(found_.unread, text.script, &UnreadScript::path) == found_.unread.end())
      found_.unread.push_back({text.script, too_long});
  }

  const Dockerfile& file_;
  const Stage& stage_;
  const Runtime& runtime_;
  std::deque<Text> texts_;
  std::vector<std::string> read_, lists_;  // scripts, and lists of commands
  std::size_t pushed_ = 0, looked_up_ = 0, read_bytes_ = 0;
  StartedPrograms found_;
};

// The bytes that it takes, about.
std::size_t size_of(const StartedPrograms& started) {
  constexpr std::size_t of_each = 64;  // of a text
  std::size_t size = 0;
  for (const auto* texts : {&started.names, &started.by_scripts, &started.commands})
    for (const auto& text : *texts) size += of_each + text.size();
  for (const auto* texts : {&started.by_others, &started.cached, &started.scripts})
    for (const auto& [name, text] : *texts) size += 2 * of_each + name.size() + text.size();
  for (const auto& script : started.unread) size += of_each + script.path.size();
  for (const auto& text : started.installs) size += of_each + text.size();
  return size;
}

}  // namespace

std::shared_ptr<const StartedPrograms> find_started_programs(const Dockerfile& file, const Stage& stage,
                                                             const Runtime& runtime) {
  // A runtime is a constant, which has no name of its own.
  const auto question = "what stage " + std::to_string(stage.index) + " starts, read as by " +
                        std::to_string(reinterpret_cast<std::uintptr_t>(&runtime));
  return file.answer(
      question, [&] { return Reader(file, stage, runtime).read(); }, size_of);
}

}  // namespace dockhew::inline ecosystems
