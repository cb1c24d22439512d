#include "ecosystems/makefile.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t longest_makefile = 64U << 10U;
constexpr std::size_t longest_recipes = 16U << 10U;
constexpr std::size_t most_lines = 256;  // of recipes
constexpr std::size_t longest_line = 4096;
constexpr int deepest = 8;  // variables in variables
constexpr std::size_t most_expansions = 4096;
constexpr std::size_t most_targets = 256;  // that are looked at, and of one rule

// Stands for a value that only make knows.
constexpr std::string_view unseen = "${MAKE_VALUE}";

// Where a command is told to work, what it is told to read, and what it is told to make.
struct Words {
  std::string directory = ".", file;
  std::vector<std::string> goals;
  std::map<std::string, std::string, std::less<>> variables;
  bool known = true;
};

Words read_words(const ShellCommand& command) {
  Words words;
  const auto& all = command.words;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (!all[i].value.is_known()) {
      // `VERSION=$TAG`: another value of a variable.
      words.known &= all[i].raw.find('=') != std::string::npos;
      continue;
    }
    const auto& text = all[i].text();
    const auto next = [&] { return ++i < all.size() ? all[i].text() : std::string(); };
    if (const auto equals = text.find('='); !text.starts_with('-') && equals != text.npos)
      words.variables[text.substr(0, equals)] = text.substr(equals + 1);
    else if (!text.starts_with('-')) words.goals.push_back(text);
    else if (text == "-C" || text == "--directory") words.directory = next();
    else if (text == "-f" || text == "--file") words.file = next();
    else if (text == "-j" && i + 1 < all.size() && version_numbers(all[i + 1].text()).size() == 1) ++i;
    else words.known &= text.starts_with("-j") || text == "-s" || text == "-k" || text == "-B" || text == "--silent";
  }
  return words;
}

class Makefile {
 public:
  Makefile(std::string_view text, const Words& words) : given_(words) { read(text); }

  Recipes recipes() {
    Recipes result;
    auto wanted = given_.goals;
    if (wanted.empty() && !first_.empty()) wanted.push_back(first_);
    const auto goals = wanted.size();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto found = targets_.find(wanted[i]);
      if (found == targets_.end()) {
        // What has no recipe of its own is a file of the source, where no rule for many files makes it.
        result.complete &= i >= goals && !has_patterns_;
        continue;
      }
      for (const auto& needed : found->second.needed)
        if (wanted.size() <= most_targets && std::ranges::find(wanted, needed) == wanted.end())
          wanted.push_back(needed);
      for (const auto& line : found->second.lines)
        if (result.lines.size() <= most_lines) add(result, expand(line.text), line.number);
    }
    for (const auto& line : shell_)
      if (result.lines.size() <= most_lines) add(result, line, 0);
    std::size_t bytes = 0;
    for (const auto& line : result.lines) bytes += line.size();
    result.complete &= bytes <= longest_recipes;
    result.complete &=
        plain_ && given_.known && !wanted.empty() && wanted.size() <= most_targets && result.lines.size() <= most_lines;
    return result;
  }

  std::vector<RecipeLine> all() {
    std::vector<RecipeLine> lines;
    for (const auto& [name, target] : targets_)
      for (const auto& line : target.lines)
        if (lines.size() < most_lines) lines.push_back({expand(line.text), line.number});
    return lines;
  }

 private:
  struct Target {
    std::vector<std::string> needed;
    std::vector<RecipeLine> lines;
  };

  static void add(Recipes& recipes, std::string line, std::size_t number) {
    recipes.lines.push_back(std::move(line));
    recipes.numbers.push_back(number);
  }

  void read(std::string_view text) {
    std::string line;
    std::size_t number = 0;
    const auto parts = split_lines(text);
    for (auto part : parts) {
      ++number;
      if (line.empty()) number_ = number;
      if (part.ends_with('\r')) part.remove_suffix(1);
      const bool continued = part.ends_with('\\');
      line += part.substr(0, part.size() - (continued ? 1 : 0));
      if (continued && number < parts.size()) continue;
      read_line(line);
      line.clear();
    }
  }

  void read_line(std::string_view line) {
    if (line.starts_with('\t')) {
      const auto begin = line.find_first_not_of("\t @-+");
      if (begin == line.npos || line[begin] == '#') return;
      plain_ &= line.size() <= longest_line;
      for (auto* target : current_)
        if (target->lines.size() <= most_lines)
          target->lines.push_back({std::string(line.substr(begin, longest_line)), number_});
      return;
    }
    line = trim_unicode(line.substr(0, line.find('#')));
    if (line.empty()) return;
    const auto word = line.substr(0, line.find_first_of(" \t("));
    if (word.starts_with("if")) return void(++conditional_);
    if (word == "endif") return void(conditional_ -= conditional_ > 0);
    if (word == "else" || word == "unexport") return;
    // Other files, texts of several lines, and what changes how recipes run.
    const bool other = word == "include" || word == "-include" || word == "sinclude" || word == "define" ||
                       word == "load" || word == "override" || line.starts_with(".ONESHELL") ||
                       line.starts_with(".RECIPEPREFIX") || line.starts_with("SHELL") || line.starts_with("$(eval");
    if (other) return void(plain_ = false);
    if (word == "export") return read_export(trim_unicode(line.substr(6)));
    read_definition(line);
  }

  // What the tools see may move their caches.
  void read_export(std::string_view text) {
    constexpr std::string_view parts[] = {"CACHE", "DIR", "FLAGS", "HOME", "OFFLINE", "PATH", "PROXY"};
    plain_ &= text.find('=') != text.npos &&
              std::ranges::none_of(parts, [&](std::string_view part) { return text.find(part) != text.npos; });
    read_definition(text);
  }

  // `NAME := value`, or `target: what it needs`.
  void read_definition(std::string_view line) {
    const auto equals = line.find('='), colon = line.find(':');
    const bool rule = colon != line.npos && (equals == line.npos || colon < equals) && colon + 1 != equals &&
                      line.substr(colon).substr(0, 3) != "::=";
    if (rule) return read_rule(line, colon);
    if (equals == line.npos) return void(plain_ = false);
    auto name = line.substr(0, equals);
    if (name.ends_with('!')) return add_shell(line.substr(equals + 1));
    if (name.ends_with(':')) expand(line.substr(equals + 1));  // for what make runs when it reads the line
    const bool if_unset = name.ends_with('?'), more = name.ends_with('+');
    while (!name.empty() && std::string_view("?+:").find(name.back()) != std::string_view::npos) name.remove_suffix(1);
    const std::string key(trim_unicode(name));
    const auto value = std::string(trim_unicode(line.substr(equals + 1)));
    if (conditional_ > 0 || more) values_[key] = unseen;
    else if (!if_unset || !values_.contains(key)) values_[key] = value;
    if (key == ".DEFAULT_GOAL") first_ = expand(value);
  }

  void read_rule(std::string_view line, std::size_t colon) {
    current_.clear();
    auto needed = line.substr(colon + (line.substr(colon).starts_with("::") ? 2 : 1));
    if (needed.find('=') != needed.npos) return void(plain_ = false);  // a variable for this target alone
    const auto recipe = needed.find(';');
    const auto names = expand(line.substr(0, colon)), needs = expand(needed.substr(0, recipe));
    for (const auto name : split_words(names)) {
      has_patterns_ |= name.find('%') != name.npos || is_suffix_rule(name);
      if (name.find('%') != name.npos) continue;
      if (current_.size() == most_targets) return void(plain_ = false);
      auto& target = targets_[std::string(name)];
      current_.push_back(&target);
      if (first_.empty() && !name.starts_with('.')) first_ = name;
      for (const auto need : split_words(needs))
        if (need != "|" && target.needed.size() <= most_targets) target.needed.emplace_back(need);
      if (recipe != needed.npos && target.lines.size() <= most_lines)
        target.lines.push_back({std::string(trim_unicode(needed.substr(recipe + 1))), number_});
    }
  }

  // `$(shell go list ./...)`
  void add_shell(std::string_view text, int depth = 0) {
    auto line = expand(trim_unicode(text), depth + 1);
    if (shell_.size() <= most_lines) shell_.insert(std::move(line));
  }

  // `.c.o:`
  static bool is_suffix_rule(std::string_view name) { return name.starts_with('.') && name.find('.', 1) != name.npos; }

  // `$(NAME)` and `${NAME}`; functions of make, and what no line defines, have values that are not known.
  std::string expand(std::string_view text, int depth = 0) {
    std::string result;
    for (std::size_t i = 0; i < text.size() && result.size() < longest_line;) {
      if (text[i] != '$' || i + 1 == text.size()) {
        result += text[i++];
        continue;
      }
      const char next = text[i + 1];
      if (next == '$') {
        result += '$', i += 2;
        continue;
      }
      if (next != '(' && next != '{') {
        result += unseen, i += 2;
        continue;
      }
      const char close = next == '(' ? ')' : '}';
      auto end = i + 2;
      for (int open = 1; end < text.size(); ++end) {
        open += text[end] == next ? 1 : text[end] == close ? -1 : 0;
        if (open == 0) break;
      }
      result += value_of(text.substr(i + 2, end - i - 2), depth);
      i = std::min(end + 1, text.size());
    }
    plain_ &= result.size() < longest_line;
    return result;
  }

  std::string value_of(std::string_view name, int depth) {
    if (++expansions_ > most_expansions) {
      plain_ = false;
      return {};
    }
    if (const auto given = given_.variables.find(name); given != given_.variables.end()) return given->second;
    const auto found = values_.find(name);
    if (depth == deepest) plain_ = false;
    else if (found != values_.end()) return expand(found->second, depth + 1);
    else if (name.starts_with("shell ")) add_shell(name.substr(6), depth);
    else if (name.find('$') != name.npos) expand(name, depth + 1);  // an argument of another function
    return std::string(unseen);
  }

  const Words& given_;
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, Target, std::less<>> targets_;
  std::vector<Target*> current_;
  std::string first_;
  std::set<std::string> shell_;  // command lines that make runs for values
  std::size_t expansions_ = 0;
  std::size_t number_ = 0;  // of the line that is read, where it begins
  int conditional_ = 0;
  bool plain_ = true, has_patterns_ = false;
};

}  // namespace

bool is_make(const ShellCommand& command) { return command.name() == "make" || command.name() == "gmake"; }

std::vector<std::string> makefiles_of(const ShellCommand& command) {
  const auto words = read_words(command);
  const auto below = [&](std::string_view name) { return clean_path(words.directory + '/' + std::string(name)); };
  if (!words.file.empty()) return {below(words.file)};
  return {below("GNUmakefile"), below("makefile"), below("Makefile")};
}

Recipes read_recipes(std::string_view makefile, const ShellCommand& command) {
  const auto words = read_words(command);
  return Makefile(makefile.substr(0, longest_makefile), words).recipes();
}

std::vector<RecipeLine> all_recipes(std::string_view makefile) {
  const Words words;
  return Makefile(makefile.substr(0, longest_makefile), words).all();
}

std::string directory_of_make(const ShellCommand& command) { return read_words(command).directory; }

bool is_unseen_by_recipes(std::string_view variable) { return unseen.substr(2, unseen.size() - 3) == variable; }

}  // namespace dockhew::inline ecosystems
