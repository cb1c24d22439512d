#include "project/bake_file.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "files.hpp"
#include "project/said_in_file.hpp"
#include "text/path.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

struct Target {
  std::string name;
  std::size_t line = 0;
  // What is not a plain string is not known: "$".
  std::map<std::string, std::string, std::less<>> texts;
  std::vector<std::string> inherits;
  std::set<std::string, std::less<>> arguments;
  std::vector<SaidInFile> said_target, said_arguments, said_cache_to;
  bool fetches_layers = false;
};

template <typename Texts>
std::string joined(const Texts& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ",") + text;
  return all;
}

// ---- HCL ------------------------------------------------------------------------------------------------------------

// As much of HCL as it takes to find the attributes of targets: words, strings, brackets, and lines.
class HclReader {
 public:
  explicit HclReader(std::string_view text) : text_(text) { next(); }

  std::vector<Target> read() {
    std::vector<Target> targets;
    while (kind_ != Kind::end) {
      const bool target = kind_ == Kind::word && token_ == "target";
      const auto line = line_;
      next();
      if (!target || kind_ != Kind::string) continue;
      Target found;
      found.name = token_;
      found.line = line;
      next();
      if (!is_mark('{')) continue;
      next();
      read_attributes(found);
      targets.push_back(std::move(found));
    }
    return targets;
  }

 private:
  enum class Kind { end, newline, word, string, mark };

  bool is_mark(char c) const { return kind_ == Kind::mark && token_[0] == c; }
  bool opens() const { return is_mark('{') || is_mark('[') || is_mark('('); }
  bool closes() const { return is_mark('}') || is_mark(']') || is_mark(')'); }

  void read_attributes(Target& target) {
    while (kind_ != Kind::end && !is_mark('}')) {
      const auto key = token_;
      const bool named = kind_ == Kind::word || kind_ == Kind::string;
      next();
      if (!named || (!is_mark('=') && !is_mark('{'))) continue;
      if (is_mark('=')) next();
      read_value(key, target);
    }
  }

  // A string alone is the value; of a list its strings, of a map its keys.
  void read_value(const std::string& key, Target& target) {
    const bool map = is_mark('{');
    std::vector<std::string> strings, words;
    std::vector<SaidInFile> said_strings, said_words;
    int depth = 0;
    bool plain = kind_ == Kind::string;
    for (std::size_t tokens = 0; kind_ != Kind::end && (depth > 0 || (kind_ != Kind::newline && !closes())); ++tokens) {
      plain &= tokens == 0;
      if (opens()) ++depth;
      if (closes()) --depth;
      const auto word = token_;
      const auto said = SaidInFile{token_, place_line_, place_column_};
      const bool name = kind_ == Kind::word || kind_ == Kind::string;
      if (kind_ == Kind::string) strings.push_back(token_), said_strings.push_back(said);
      next();
      if (name && depth == 1 && (is_mark('=') || is_mark(':'))) words.push_back(word), said_words.push_back(said);
    }
    if (key == "target" && plain && word_is_plain(strings)) target.said_target = said_strings;
    if (key == "cache-to" && !map) target.said_cache_to = said_strings;
    if (key == "cache-from" && !strings.empty()) target.fetches_layers = true;
    if (key == "args" && map) target.said_arguments = said_words;
    if (key == "args" && map) target.arguments.insert(words.begin(), words.end());
    else if (key == "inherits") target.inherits = std::move(strings);
    else if (key == "platforms") target.texts[key] = joined(strings);
    else target.texts[key] = plain && strings.size() == 1 ? strings[0] : "$";
  }

  static bool word_is_plain(const std::vector<std::string>& strings) {
    return strings.size() == 1 && strings[0].find('$') == std::string::npos;
  }

  void skip_blanks_and_comments() {
    for (;;) {
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
      const auto rest = text_.substr(at_);
      if (rest.starts_with('#') || rest.starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (rest.starts_with("/*")) {
        const auto end = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
        const auto comment = text_.substr(at_, end - at_);
        line_ += static_cast<std::size_t>(std::ranges::count(comment, '\n'));
        if (const auto newline = comment.rfind('\n'); newline != comment.npos) line_begin_ = at_ + newline + 1;
        at_ = end;
      } else {
        return;
      }
    }
  }

  void next() {
    skip_blanks_and_comments();
    const auto rest = text_.substr(at_);
    place_line_ = line_ - 1, place_column_ = at_ - line_begin_;
    token_.clear();
    if (rest.empty()) return void(kind_ = Kind::end);
    if (rest[0] == '\n') {
      ++line_, ++at_;
      line_begin_ = at_;
      return void(kind_ = Kind::newline);
    }
    if (rest[0] == '"') return read_string();
    const auto is_word = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    };
    const auto end = std::ranges::find_if_not(rest, is_word) - rest.begin();
    kind_ = end == 0 ? Kind::mark : Kind::word;
    token_ = rest.substr(0, static_cast<std::size_t>(std::max<std::ptrdiff_t>(end, 1)));
    at_ += token_.size();
  }

  void read_string() {
    kind_ = Kind::string;
    for (++at_; at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      token_ += text_[at_];
    }
    if (at_ < text_.size() && text_[at_] == '"') ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, line_begin_ = 0;
  std::size_t place_line_ = 0, place_column_ = 0;  // of the token, from 0
  Kind kind_ = Kind::end;
  std::string token_;
};

// ---- JSON -----------------------------------------------------------------------------------------------------------

std::vector<Target> read_json_targets(const YAML::Node& root) {
  std::vector<Target> targets;
  if (!root.IsMap() || !root["target"] || !root["target"].IsMap()) return targets;
  for (const auto& entry : root["target"]) {
    if (!entry.first.IsScalar() || !entry.second.IsMap()) continue;
    Target target;
    target.name = entry.first.Scalar();
    target.line = line_of(entry.first);
    target.arguments = argument_names(entry.second["args"]);
    target.said_target = said_in(entry.second["target"]);
    target.said_arguments = names_said_in(entry.second["args"]);
    target.said_cache_to = said_in(entry.second["cache-to"], Variables::allowed);
    target.fetches_layers = entry.second["cache-from"].IsDefined();
    for (const auto& attribute : entry.second)
      if (attribute.first.IsScalar() && attribute.second.IsScalar())
        target.texts[attribute.first.Scalar()] = attribute.second.Scalar();
    if (const auto list = argument_names(entry.second["platforms"]); !list.empty())
      target.texts["platforms"] = joined(list);
    if (const auto inherits = entry.second["inherits"]; inherits && inherits.IsSequence())
      for (const auto& name : inherits)
        if (name.IsScalar()) target.inherits.push_back(name.Scalar());
    targets.push_back(std::move(target));
  }
  return targets;
}

// ---- both -----------------------------------------------------------------------------------------------------------

constexpr int most_ancestors = 10;  // a target that inherits from itself is an error of bake

// The targets of a file, by their names, with what they inherit.
class Targets {
 public:
  explicit Targets(const std::vector<Target>& all) {
    for (const auto& target : all) by_name_.emplace(target.name, &target);
    for (const auto& target : all) inherited_.insert(target.inherits.begin(), target.inherits.end());
  }

  bool is_inherited(const Target& target) const { return inherited_.contains(target.name); }

  std::optional<std::string> attribute(const Target& target, std::string_view key) const {
    std::set<const Target*> seen;
    std::size_t names = 0;
    return find(target, key, seen, names, 0);
  }

 private:
  // `seen`: targets that do not have it, whatever leads to them; `names`: that were looked at, also of none.
  std::optional<std::string> find(const Target& target, std::string_view key, std::set<const Target*>& seen,
                                  std::size_t& names, int depth) const {
    if (const auto found = target.texts.find(key); found != target.texts.end()) return found->second;
    constexpr std::size_t most_names = 1000;
    if (depth == most_ancestors || !seen.insert(&target).second) return std::nullopt;
    // The last that is named takes precedence.
    for (auto name = target.inherits.rbegin(); name != target.inherits.rend(); ++name) {
      if (++names > most_names) return "$";  // unknown
      const auto parent = by_name_.find(*name);
      if (parent == by_name_.end()) continue;
      if (auto value = find(*parent->second, key, seen, names, depth + 1)) return value;
    }
    return std::nullopt;
  }

  std::map<std::string_view, const Target*> by_name_;
  std::set<std::string_view> inherited_;
};

// Paths are relative to where bake is started: the directory of the file, or one above it that has the Dockerfile.
Build build_of(const Targets& all, const Target& target, const std::string& directory) {
  const auto context = all.attribute(target, "context").value_or(".");
  const auto dockerfile = all.attribute(target, "dockerfile").value_or("Dockerfile");
  constexpr int most_levels = 4;
  std::error_code error;
  auto build = local_build(target.name, context, dockerfile, directory, target.line);
  auto base = directory;
  for (int i = 0; i < most_levels && !build.dockerfile.empty() && !fs::is_regular_file(build.dockerfile, error); ++i) {
    base = joined_path(base, "..");
    if (auto above = local_build(target.name, context, dockerfile, base, target.line);
        fs::is_regular_file(above.dockerfile, error))
      build = std::move(above);
  }
  if (all.attribute(target, "dockerfile-inline")) build.dockerfile.clear();
  build.arguments = target.arguments;
  build.said_target = target.said_target;
  build.said_arguments = target.said_arguments;
  build.said_cache_to = target.said_cache_to;
  build.fetches_layers = target.fetches_layers;
  add_platforms(build, all.attribute(target, "platforms").value_or(""));
  const auto stage = all.attribute(target, "target").value_or("");
  if (stage.find('$') == stage.npos) build.target = stage;
  return build;
}

// What only others inherit from says nothing that is built alone.
bool is_template(const Targets& all, const Target& target) {
  return !target.texts.contains("context") && !target.texts.contains("dockerfile") && all.is_inherited(target);
}

}  // namespace

bool is_bake_file(const std::string& path) {
  const auto name = path_basename(path);
  return name.starts_with("docker-bake.") && (name.ends_with(".hcl") || name.ends_with(".json"));
}

// https://docs.docker.com/build/bake/reference/
Builds read_bake_file(const std::string& path) {
  Builds result;
  std::vector<Target> targets;
  if (path.ends_with(".json")) {
    result.error = read_json_with_comments(path, [&](const YAML::Node& root) { targets = read_json_targets(root); });
  } else if (const auto file = read_file(path, largest_companion); file.error.empty()) {
    targets = HclReader(file.text).read();
  } else {
    result.error = path + ": " + file.error;
  }
  const auto directory = fs::path(path).parent_path().string();
  const Targets all(targets);
  for (const auto& target : targets)
    if (!is_template(all, target) && result.builds.size() < most_builds)
      result.builds.push_back(build_of(all, target, directory));
  return result;
}

}  // namespace dockhew::cli
