#include "ecosystems/node/required_modules.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "model/context_path.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// `node --print 'require("module").builtinModules'`, without those below a directory.
constexpr std::string_view parts_of_node[] = {"assert",
                                              "async_hooks",
                                              "buffer",
                                              "child_process",
                                              "cluster",
                                              "console",
                                              "constants",
                                              "crypto",
                                              "dgram",
                                              "dns",
                                              "diagnostics_channel",
                                              "domain",
                                              "events",
                                              "fs",
                                              "http",
                                              "http2",
                                              "https",
                                              "inspector",
                                              "module",
                                              "net",
                                              "os",
                                              "path",
                                              "perf_hooks",
                                              "process",
                                              "punycode",
                                              "querystring",
                                              "readline",
                                              "repl",
                                              "stream",
                                              "string_decoder",
                                              "sys",
                                              "timers",
                                              "tls",
                                              "trace_events",
                                              "tty",
                                              "url",
                                              "util",
                                              "v8",
                                              "vm",
                                              "wasi",
                                              "worker_threads",
                                              "zlib"};

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         (c & '\x80') != 0;
}

struct Token {
  enum class Kind : std::uint8_t { name, string, sign };
  Kind kind;
  std::string_view text;  // of a string without its quotes
};

// The tokens of a text, without comments, regular expressions and the fixed parts of templates.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  std::vector<Token> read() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  bool starts(std::string_view part) const { return text_.substr(at_).starts_with(part); }
  void skip_past(std::string_view end) {
    const auto found = text_.find(end, at_);
    at_ = found == text_.npos ? text_.size() : found + end.size();
  }

  void step() {
    const char c = text_[at_];
    if (starts("//") || (at_ == 0 && starts("#!"))) return skip_past("\n");
    if (starts("/*")) return at_ += 2, skip_past("*/");
    if (c == '"' || c == '\'') return string(c);
    if (c == '`') return ++at_, rest_of_template();
    if (c == '/' && expression_may_begin()) return regular_expression();
    if (is_name_byte(c)) {
      const auto begin = at_;
      while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
      tokens_.push_back({Token::Kind::name, text_.substr(begin, at_ - begin)});
      return;
    }
    ++at_;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return;
    if (c == '(') conditions_.push_back(is_after_condition_word());
    after_condition_ = c == ')' && !conditions_.empty() && conditions_.back();
    if (c == ')' && !conditions_.empty()) conditions_.pop_back();
    tokens_.push_back({Token::Kind::sign, text_.substr(at_ - 1, 1)});
    if (templates_.empty()) return;
    if (c == '{') ++templates_.back();
    if (c == '}' && templates_.back()-- == 0) {
      templates_.pop_back();
      rest_of_template();
    }
  }

  // The end of a line ends it too: then it was none.
  void string(char quote) {
    const auto begin = ++at_;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, text_.size());
    tokens_.push_back({Token::Kind::string, text_.substr(begin, at_ - begin)});
    if (at_ < text_.size()) ++at_;
  }

  // A template without values is a string.
  void rest_of_template() {
    const auto begin = at_;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '`') {
        const bool whole = begin > 0 && text_[begin - 1] == '`';
        if (whole) tokens_.push_back({Token::Kind::string, text_.substr(begin, at_ - begin)});
        ++at_;
        return;
      } else if (starts("${")) {
        tokens_.push_back({Token::Kind::sign, "("});  // an expression may begin
        templates_.push_back(0);
        at_ += 2;
        return;
      }
    }
    at_ = std::min(at_, text_.size());
  }

  // Whether a slash here begins a regular expression, and does not divide.
  bool expression_may_begin() const {
    if (tokens_.empty()) return true;
    const auto& last = tokens_.back();
    if (last.kind == Token::Kind::string) return false;
    constexpr std::string_view before[] = {"return", "typeof", "case", "in", "of",  "delete",
                                           "void",   "throw",  "new",  "do", "else"};
    if (last.kind == Token::Kind::name) return std::ranges::find(before, last.text) != std::end(before);
    if (last.text == ")") return after_condition_;
    return last.text != "]" && last.text != "}";
  }

  // `if (…)` is followed by a statement.
  bool is_after_condition_word() const {
    constexpr std::string_view words[] = {"for", "if", "while", "with"};
    return !tokens_.empty() && tokens_.back().kind == Token::Kind::name &&
           std::ranges::find(words, tokens_.back().text) != std::end(words);
  }

  void regular_expression() {
    bool in_class = false;
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      const char c = text_[at_];
      if (c == '\\') ++at_;
      else if (c == '[') in_class = true;
      else if (c == ']') in_class = false;
      else if (c == '/' && !in_class) break;
    }
    at_ = std::min(at_ + 1, text_.size());
    tokens_.push_back({Token::Kind::name, ""});  // a value
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::vector<bool> conditions_;  // per open parenthesis: whether it holds the condition of a statement
  bool after_condition_ = false;
  std::vector<int> templates_;  // open braces within the value of each template around this place
};

class Reader {
 public:
  explicit Reader(std::string_view text) : tokens_(Tokens(text).read()) {}

  std::vector<std::string> read() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      // A member has no meaning of its own: `a.require("b")`. `module.require` is rare.
      if (tokens_[at_].kind != Token::Kind::name || is_sign(at_ - 1, '.')) continue;
      const auto word = tokens_[at_].text;
      if (word == "require") call(is_sign(at_ + 1, '.') && is_name(at_ + 2, "resolve") ? at_ + 3 : at_ + 1);
      if (word == "import" && is_sign(at_ + 1, '(')) call(at_ + 1);
      else if (word == "import" || word == "export") declaration(word == "import");
    }
    return std::move(found_);
  }

 private:
  bool is_sign(std::size_t i, char c) const {
    return i < tokens_.size() && tokens_[i].kind == Token::Kind::sign && tokens_[i].text[0] == c;
  }
  bool is_name(std::size_t i, std::string_view name) const {
    return i < tokens_.size() && tokens_[i].kind == Token::Kind::name && tokens_[i].text == name;
  }
  bool is_string(std::size_t i) const { return i < tokens_.size() && tokens_[i].kind == Token::Kind::string; }

  void add(std::string_view name) {
    if (!name.empty() && seen_.insert(name).second) found_.emplace_back(name);
  }

  void call(std::size_t open) {
    if (is_sign(open, '(') && is_string(open + 1) && (is_sign(open + 2, ')') || is_sign(open + 2, ',')))
      add(tokens_[open + 1].text);
  }

  // `import "a"`, `import a, {b as c} from "d"`, `export * from "a"`, `import a = require("b")`.
  void declaration(bool import) {
    auto i = at_ + 1;
    if (import && is_string(i)) return add(tokens_[i].text);
    // `import type from "a"` imports something that is called `type`.
    const bool type = is_name(i, "type") && !is_name(i + 1, "from") && !is_sign(i + 1, ',');
    if (!import && !is_sign(i, '*') && !is_sign(i, '{') && !type) return;
    constexpr std::size_t most_words = 12;  // outside of braces: `type a, * as b from`
    bool braces = false;
    for (std::size_t words = 0; i < tokens_.size() && words < most_words; ++i) {
      const auto& token = tokens_[i];
      words += braces ? 0 : 1;
      if (!braces && is_name(i, "from") && is_string(i + 1)) {
        at_ = i + 1;
        if (!type) add(tokens_[i + 1].text);
        return;
      }
      if (token.kind == Token::Kind::string && !braces) return;
      if (token.kind != Token::Kind::sign) continue;
      if (token.text == "{" && braces) return;  // no list of names
      if (token.text == "{") braces = true;
      else if (token.text == "}") braces = false;
      else if (token.text != "*" && token.text != ",") return;
    }
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<std::string> found_;
  std::set<std::string_view> seen_;
};

}  // namespace

std::vector<std::string> find_required_modules(std::string_view text) { return Reader(text).read(); }

std::vector<LocalImport> node_local_imports(const BuildContext&, const std::string& file, std::string_view text) {
  std::vector<LocalImport> imports;
  for (auto& name : find_required_modules(text)) {
    if (!name.starts_with("./") && !name.starts_with("../")) continue;
    auto place = join_context_path(path_parent(file), name);
    imports.push_back({std::move(name), {std::move(place)}});
  }
  return imports;
}

std::string package_of_module(std::string_view name) {
  if (name.empty() || name[0] == '.' || name[0] == '/' || name[0] == '#' || name.find(':') != name.npos) return {};
  auto end = name.find('/');
  if (name[0] == '@' && end != name.npos) end = name.find('/', end + 1);
  const auto package = name.substr(0, end);
  if (std::ranges::find(parts_of_node, package) != std::end(parts_of_node)) return {};
  return std::string(package);
}

}  // namespace dockhew::inline ecosystems
