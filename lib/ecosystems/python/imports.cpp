#include "ecosystems/python/imports.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The text without comments and strings, with its logical lines on one line each.
std::string without_strings(std::string_view text) {
  std::string out;
  int brackets = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"' || c == '\'') {
      const std::string_view quotes = text.substr(i, 3) == std::string(3, c) ? text.substr(i, 3) : text.substr(i, 1);
      for (i += quotes.size(); i < text.size() && !text.substr(i).starts_with(quotes); ++i) {
        if (quotes.size() == 1 && text[i] == '\n') break;
        if (text[i] == '\\') ++i;
      }
      i = std::min(i + quotes.size(), text.size());
      out += '"';
    } else if (c == '\\' && i + 1 < text.size() && text[i + 1] == '\n') {
      out += ' ';
      i += 2;
    } else {
      if (c == '(' || c == '[' || c == '{') ++brackets;
      if ((c == ')' || c == ']' || c == '}') && brackets > 0) --brackets;
      out += c == '\n' && brackets > 0 ? ' ' : c;
      ++i;
    }
  }
  return out;
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         (c & '\x80') != 0;
}

// Reads one statement, word by word.
class Statement {
 public:
  explicit Statement(std::string_view text) : rest_(text) {}

  // A name with its dots, or one sign; empty at the end.
  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r"), rest_.size()));
    std::size_t end = 0;
    while (end < rest_.size() && is_name_byte(rest_[end])) ++end;
    const auto word = rest_.substr(0, std::max<std::size_t>(end, rest_.empty() ? 0 : 1));
    rest_.remove_prefix(word.size());
    return word;
  }

 private:
  std::string_view rest_;
};

class Reader {
 public:
  std::vector<std::string> read(std::string_view text) {
    const auto plain = without_strings(text);
    for (std::string_view rest = plain; !rest.empty();) {
      const auto end = std::min(rest.find_first_of("\n;"), rest.size());
      statement(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::move(found_);
  }

 private:
  void add(std::string name) {
    if (!name.empty() && seen_.insert(name).second) found_.push_back(std::move(name));
  }

  void statement(std::string_view text) {
    Statement words(text);
    auto word = words.next();
    if (word == "try" || word == "else") words.next(), word = words.next();  // `try: import a`
    if (word == "import") return modules(words);
    if (word != "from") return;
    const std::string module(words.next());
    if (words.next() != "import") return;
    if (module.find_first_not_of('.') != module.npos) add(module);
    const auto inside = module.ends_with('.') ? module : module + ".";
    bool renamed = false;
    for (word = words.next(); !word.empty(); word = words.next()) {
      if (word == "as") renamed = true;
      else if (is_name_byte(word[0]) && !renamed) add(inside + std::string(word));
      else renamed = false;
    }
  }

  void modules(Statement& words) {
    bool renamed = false;
    for (auto word = words.next(); !word.empty(); word = words.next()) {
      if (word == "as") renamed = true;
      else if (is_name_byte(word[0]) && !renamed) add(std::string(word));
      else renamed = false;
    }
  }

  std::vector<std::string> found_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<std::string> find_imports(std::string_view text) { return Reader().read(text); }

std::vector<LocalImport> python_local_imports(const BuildContext&, const std::string& file, std::string_view text) {
  const std::string own(path_parent(file));
  auto above = directories_above(own, ".");
  above.insert(above.begin(), own);
  std::vector<LocalImport> imports;
  for (auto& name : find_imports(text)) {
    const auto dots = std::min(name.find_first_not_of('.'), name.size());
    std::string path = name.substr(dots);
    std::ranges::replace(path, '.', '/');
    LocalImport import{std::move(name), {}};
    if (dots == 0)
      for (const auto& directory : above) import.places.push_back(join_context_path(directory, path));
    else if (dots <= above.size()) import.places.push_back(join_context_path(above[dots - 1], path));
    imports.push_back(std::move(import));
  }
  return imports;
}

}  // namespace dockhew::inline ecosystems
