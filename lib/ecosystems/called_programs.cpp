#include "ecosystems/called_programs.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "ecosystems/member_programs.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/starting_calls.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t longest_call = 400;
constexpr std::size_t longest_type = 200;  // between a variable and its value
constexpr std::size_t most_variables = 64;

// A text between quotes, and where it ends.
struct Literal {
  std::string_view text;
  std::size_t end = 0;
};

Literal literal_at(std::string_view source, std::size_t quote) {
  const auto mark = source[quote];
  std::string_view marks = source.substr(quote, 1);
  if (source.substr(quote).starts_with(std::string(3, mark))) marks = source.substr(quote, 3);
  const auto rest = source.substr(std::min(source.size(), quote + marks.size()), longest_call);
  auto end = rest.find(marks);
  while (end != rest.npos && end > 0 && rest[end - 1] == '\\') end = rest.find(marks, end + 1);
  const auto text = rest.substr(0, end);
  return {text, quote + marks.size() + text.size() + marks.size()};
}

bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

// Where the first argument ends that is not in brackets of its own: at a comma, or at the bracket of the call.
std::size_t argument_end(std::string_view source, std::size_t begin) {
  int depth = 0;
  for (auto at = begin; at < source.size() && at < begin + longest_call; ++at) {
    const char c = source[at];
    if (is_quote(c)) at = literal_at(source, at).end - 1;
    else if (c == '(' || c == '[' || c == '{') ++depth;
    else if ((c == ')' || c == ']' || c == '}') && --depth < 0) return at;
    else if ((c == ',' || c == ';') && depth == 0) return at;
  }
  return std::min(source.size(), begin + longest_call);
}

bool is_shell(std::string_view program) {
  constexpr std::array<std::string_view, 5> shells = {"ash", "bash", "dash", "sh", "zsh"};
  return std::ranges::find(shells, program) != shells.end();
}

class Texts {
 public:
  Texts(std::string_view source, const Runtime& runtime, CalledPrograms& called)
      : source_(source), runtime_(runtime), programs_(called.names), scripts_(called.scripts) {}

  void read() {
    std::vector<std::string_view> functions;
    constexpr std::string_view all = ".*";
    for (const auto function : runtime_.starting_calls) {
      const auto condition = function.find('?');
      if (condition != function.npos) {
        if (source_.find(function.substr(0, condition)) != source_.npos)
          functions.push_back(function.substr(condition + 1));
        continue;
      }
      if (function == "`") read_backticks();
      else if (function == "%x") read_bracketed(function);
      else if (function.ends_with(' ')) read_words_behind(function);
      else if (function.ends_with('`'))
        read_behind(function, function.size() - 1);  // `git status` behind a dollar sign
      else if (function.ends_with('[')) read_behind(function, function.size());
      else if (function.ends_with(all))
        add_member_programs(source_, function.substr(0, function.size() - all.size()), programs_);
      else functions.push_back(function);
    }
    const StartingCalls calls(source_, functions);
    for (auto at = source_.find('('); at != source_.npos; at = source_.find('(', at + 1))
      if (calls.at(at)) read_call(at);
    for (const std::string_view directory : {"/usr/bin/", "/usr/sbin/", "/bin/"}) read_paths(directory);
    read_addresses();
  }

 private:
  std::string_view name_from(std::size_t begin) const {
    auto end = begin;
    while (end < source_.size() && is_in_name(source_[end])) ++end;
    return source_.substr(begin, end - begin);
  }

  // `#` begins a comment wherever a backtick is a call.
  // Asked for places one behind another, many of which may be in one line.
  bool is_behind_hash(std::size_t at) {
    if (at < line_.begin || at > line_.end) {
      line_.begin = at == 0 ? 0 : source_.rfind('\n', at - 1) + 1;
      line_.end = std::min(source_.find('\n', at), source_.size());
      line_.hash = source_.substr(0, line_.end).find('#', line_.begin);
    }
    return line_.hash < at && source_.substr(line_.hash, std::min<std::size_t>(2, at - line_.hash)) != "#{";
  }

  // A text between backticks is a command line.
  void read_backticks() {
    for (auto at = source_.find('`'); at != source_.npos; at = source_.find('`', at)) {
      if (is_behind_hash(at)) {
        at = std::min(source_.find('\n', at), source_.size());
        continue;
      }
      const auto literal = literal_at(source_, at);
      add_line(literal.text);
      at = literal.end;
    }
  }

  // `%x(git status)`, `%w[git status]`: where the text in the brackets begins behind `at`; nothing for others.
  std::optional<std::string_view> bracketed_at(std::size_t at) const {
    constexpr std::string_view open = "([{<|!", close = ")]}>|!";
    const auto bracket = at < source_.size() ? open.find(source_[at]) : open.npos;
    if (bracket == open.npos) return std::nullopt;
    const auto rest = source_.substr(at + 1, longest_call);
    return rest.substr(0, rest.find(close[bracket]));
  }

  void read_bracketed(std::string_view mark) {
    for (auto at = source_.find(mark); at != source_.npos; at = source_.find(mark, at + 1))
      if (const auto text = bracketed_at(at + mark.size()); text && !is_behind_hash(at)) add_line(*text);
  }

  // `system "git", "pull"`: without brackets.
  void read_words_behind(std::string_view function) {
    for (auto at = source_.find(function); at != source_.npos; at = source_.find(function, at + 1)) {
      if ((at > 0 && is_in_name(source_[at - 1])) || is_behind_hash(at)) continue;
      const auto begin = at + function.size();
      const auto line = source_.substr(std::min(begin, source_.size()), longest_call);
      read_value(begin, begin + std::min(line.find('\n'), line.size()));
    }
  }

  // The text that begins `quote` characters behind the beginning of what is found.
  void read_behind(std::string_view function, std::size_t quote) {
    for (auto at = source_.find(function); at != source_.npos; at = source_.find(function, at + 1))
      if (at + quote < source_.size() && is_quote(source_[at + quote])) add_line(literal_at(source_, at + quote).text);
  }

  // A program by its path, wherever the source has it as a text.
  void read_paths(std::string_view directory) {
    for (auto at = source_.find(directory); at != source_.npos; at = source_.find(directory, at + 1))
      if (at > 0 && is_quote(source_[at - 1]))
        programs_.emplace(source_.substr(at + directory.size(), longest_call)
                              .substr(0, source_.substr(at + directory.size()).find_first_of("\"'` \n/")));
  }

  // Of Go a context stands before the program, and of Python's os.spawn the way to wait.
  static bool begins_with_another(std::string_view called) {
    return called.ends_with("Context") || called.starts_with("os.spawn");
  }

  // What Git reaches by SSH: `git@example.com:me/data.git`, `ssh://git@example.com/data`.
  void read_addresses() {
    for (const std::string_view address : {"git@", "ssh://"})
      for (auto at = source_.find(address); at != source_.npos; at = source_.find(address, at + 1))
        if (at > 0 && (is_quote(source_[at - 1]) || source_[at - 1] == ' ') && !is_behind_hash(at))
          programs_.emplace("ssh");
  }

  void read_call(std::size_t bracket) {
    auto begin = bracket + 1;
    // Of Ruby's calls, variables of the environment.
    const auto first_word = source_.find_first_not_of(" \t\r\n", begin);
    const bool sets_variables = first_word != source_.npos && source_[first_word] == '{';
    if (sets_variables || begins_with_another(called_at(source_, bracket))) begin = argument_end(source_, begin) + 1;
    const auto end = argument_end(source_, begin);
    const auto written = source_.substr(std::min(begin, source_.size()), end - std::min(begin, end));
    const auto first = written.find_first_not_of(" \t\r\n*&[");
    const auto name = first == written.npos ? std::string_view() : name_from(begin + first);
    // `command`, `command + [path]`, `command[0]`, `command.split()`; not `command()`, nor the `f` of a text, nor
    // `new`.
    const auto rest = written.substr(std::min(written.size(), first + name.size()));
    const auto next = rest.find_first_not_of(" \t\r\n");
    const bool is_alone = next == rest.npos || !(is_in_path(rest[next]) || rest[next] == '(' || is_quote(rest[next]));
    const bool is_variable = !name.empty() && (is_alone || rest.starts_with(".split"));
    if (is_variable) read_variable(name);
    else read_value(begin, end);
  }

  // The command that a variable has.
  void read_variable(std::string_view name) {
    if (!variables_.insert(name).second || variables_.size() > most_variables) return;
    for (auto at = source_.find(name); at != source_.npos; at = source_.find(name, at + 1)) {
      const auto behind = at + name.size();
      const bool is_whole =
          (at == 0 || !is_in_path(source_[at - 1])) && (behind == source_.size() || !is_in_name(source_[behind]));
      if (is_whole) read_assignment(behind);
    }
  }

  // `= ["git", …]`, `: list[str] = […]`, `:= "git"` behind the name of a variable.
  void read_assignment(std::size_t at) {
    const auto rest = source_.substr(at, longest_type);
    const auto sign = rest.find_first_of("=\n;,(){}");
    if (sign == rest.npos || rest[sign] != '=' || rest.substr(sign).starts_with("==")) return;
    const auto equals = at + sign;
    const auto line = source_.substr(equals + 1, longest_call);
    const auto end = equals + 1 + std::min(line.find('\n'), line.size());
    read_value(equals + 1, std::min(argument_end(source_, equals + 1), end), true);
  }

  // The first text of it is a program or the command line; for a shell, the line follows `-c`.
  bool read_value(std::size_t begin, std::size_t end, bool assigned = false) {
    auto quote = begin;
    while (quote < end && quote < source_.size() && !is_quote(source_[quote]) && source_.substr(quote, 2) != "%w")
      ++quote;
    if (quote < end && quote < source_.size() && source_[quote] == '%') {
      const auto words = bracketed_at(quote + 2);
      if (words) add_line(*words);
      return words.has_value();
    }
    // A list may begin on the next line.
    if (quote >= end || quote >= source_.size()) {
      const auto last = end == source_.npos || end > source_.size() ? source_.size() : end;
      const auto open = source_.substr(0, last).find_last_not_of(" \t\r");
      if (!assigned || open == source_.npos || open < begin ||
          std::string_view("([{").find(source_[open]) == std::string_view::npos)
        return false;
      quote = source_.find_first_not_of(" \t\r\n", last);
      if (quote == source_.npos || !is_quote(source_[quote])) return false;
    }
    const auto first = literal_at(source_, quote);
    const auto program = add_line(first.text);
    if (is_shell(program)) add_line_of_shell(first.end);
    return true;
  }

  void add_line_of_shell(std::size_t at) {
    const auto end = std::min(source_.size(), at + longest_call);
    for (bool told = false; at < end && source_[at] != ';';) {
      if (!is_quote(source_[at])) {
        ++at;
        continue;
      }
      const auto literal = literal_at(source_, at);
      if (told) {
        add_line(literal.text);
        return;
      }
      add_script(literal.text);
      told = literal.text.starts_with('-') && literal.text.find('c') != literal.text.npos;
      at = literal.end;
    }
  }

  // Of each of its commands the first word, without directories; returns that of the first one.
  std::string add_line(std::string_view line) {
    std::string first;
    while (!line.empty()) {
      const auto end = line.find_first_of(";|&\n");
      for (const auto word : split_words(line.substr(0, end))) add_script(word);
      for (const auto word : split_words(line.substr(0, end))) {
        const auto name = path_basename(word.substr(0, word.find_first_of("\"'`$")));
        if (word.find('=') != word.npos || name == "sudo" || name == "exec" || name == "env") continue;
        if (!name.empty()) programs_.emplace(name);
        if (first.empty()) first = name;
        break;
      }
      line.remove_prefix(end == line.npos ? line.size() : end + 1);
    }
    return first;
  }

  // A path that is not the system's own.
  void add_script(std::string_view word) {
    const bool path = word.ends_with(".sh") || (word.starts_with('.') && word.find('/') != word.npos);
    if (path && word.find_first_of("$\"'`{}%") == word.npos && scripts_.size() < most_variables) scripts_.emplace(word);
  }

  std::string_view source_;
  const Runtime& runtime_;
  std::set<std::string>& programs_;
  std::set<std::string>& scripts_;
  std::set<std::string_view> variables_;  // looked for
  struct {
    std::size_t begin = 1, end = 0, hash = 0;
  } line_;  // of the place that was asked for last, with its first `#`
};

// The code of a template: what stands between `<%` and `%>`.
std::string code_of_template(std::string_view text) {
  std::string code;
  for (auto at = text.find("<%"); at != text.npos; at = text.find("<%")) {
    text.remove_prefix(at + 2);
    const auto end = std::min(text.find("%>"), text.size());
    if (!text.starts_with('#')) code.append(text.substr(text.starts_with('='), end)).append("\n");
    text.remove_prefix(end);
  }
  return code;
}

}  // namespace

void add_called_programs(std::string_view source, const Runtime& runtime, CalledPrograms& called) {
  Texts(source, runtime, called).read();
}

CalledPrograms find_called_programs(const BuildContext& context, const std::string& root, const Runtime& runtime) {
  CalledPrograms called;
  if (runtime.starting_calls.empty()) return called;
  for_each_source(context, root, runtime, [&](const std::string& path, const std::string& text) {
    const auto ends = [&](std::string_view ending) { return path.ends_with(ending); };
    const bool is_template = std::ranges::any_of(runtime.template_endings, ends);
    add_called_programs(is_template ? code_of_template(text) : text, runtime, called);
  });
  return called;
}

}  // namespace dockhew::inline ecosystems
