#include "yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "files.hpp"
#include "text/edit_distance.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

constexpr std::string_view is_too_large_text = " this is too large";

std::string place(const std::string& path, const YAML::Mark& mark) {
  if (mark.is_null()) return path + ": ";
  return path + ':' + std::to_string(mark.line + 1) + ':' + std::to_string(mark.column + 1) + ": ";
}

// What a document amounts to once every alias is what it stands for: a few lines can stand for terabytes.
class Amount : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, anchor, 0); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& value) override {
    add(mark, anchor, value.size());
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = amounts_.find(anchor);
    if (known == amounts_.end()) throw WrongValue(mark, "an alias that stands for what it is in");
    add(mark, 0, known->second);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    add(mark, 0, 0);
    open_.emplace_back(anchor, total_);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    OnSequenceStart(mark, tag, anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  void add(const YAML::Mark& mark, YAML::anchor_t anchor, std::size_t bytes) {
    constexpr std::size_t node = 16, most = 32U * largest_companion;
    if ((total_ += node + bytes) > most) throw WrongValue(mark, "with its aliases" + std::string(is_too_large_text));
    if (anchor != 0) amounts_[anchor] = node + bytes;
  }
  void close() {
    const auto [anchor, before] = open_.back();
    open_.pop_back();
    if (anchor != 0) amounts_[anchor] = total_ - before;
  }

  std::map<YAML::anchor_t, std::size_t> amounts_;
  std::vector<std::pair<YAML::anchor_t, std::size_t>> open_;  // their anchors, and the total before them
  std::size_t total_ = 0;
};

enum class Documents : std::uint8_t { first, all };

// Before nodes are made of a text. At a `,` where a document would begin the library finds one without end, and each
// takes memory.
void check_amount(const std::string& text, Documents documents) {
  constexpr std::size_t most_documents = 10'000;
  const bool all = documents == Documents::all;
  if (!all && text.find('*') == text.npos) return;
  std::istringstream in(text);
  YAML::Parser parser(in);
  Amount amount;
  for (std::size_t count = 0; parser.HandleNextDocument(amount) && all;)
    if (++count > most_documents)
      throw WrongValue(YAML::Mark::null_mark(), "more than " + std::to_string(most_documents) + " documents");
}

std::string read_text(const std::string& path, const std::string& text,
                      const std::function<void(const YAML::Node&)>& reader, Documents documents = Documents::first) {
  const YamlBudget budget;
  try {
    const bool all = documents == Documents::all;
    check_amount(text, documents);
    for (const auto& root : all ? YAML::LoadAll(text) : std::vector{YAML::Load(text)})
      if (!root.IsNull()) reader(root);
  } catch (const WrongValue& error) {
    return place(path, error.mark) + error.what();
  } catch (const YAML::Exception& error) {
    return place(path, error.mark) + error.msg;
  }
  return {};
}

// Blanks out comments, so that places stay what they are.
std::string without_comments(std::string text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') ++i;
    else if (text[i] == '"') quoted = !quoted;
    else if (!quoted && text[i] == '/' && i + 1 < text.size() && (text[i + 1] == '/' || text[i + 1] == '*')) {
      const bool line = text[i + 1] == '/';
      const auto end = line ? text.find('\n', i) : text.find("*/", i + 2);
      const auto last = end == text.npos ? text.size() : line ? end : end + 2;
      for (; i < last; ++i)
        if (text[i] != '\n') text[i] = ' ';
      --i;
    }
    // YAML does not take tabs for indentation.
    if (!quoted && i < text.size() && text[i] == '\t') text[i] = ' ';
  }
  return text;
}

}  // namespace

thread_local YamlBudget::Left* YamlBudget::current_ = nullptr;

YamlBudget::YamlBudget(std::size_t times) : left_{}, given_{}, around_(current_) {
  constexpr std::size_t most_entries = 4'000'000, most_bytes = std::size_t{8} << 20U;
  left_ = {times * most_entries, times * most_bytes};
  if (around_ != nullptr) left_ = {std::min(left_.entries, around_->entries), std::min(left_.bytes, around_->bytes)};
  given_ = left_;
  current_ = &left_;
}

YamlBudget::~YamlBudget() {
  current_ = around_;
  if (around_ == nullptr) return;
  around_->entries -= given_.entries - left_.entries;
  around_->bytes -= given_.bytes - left_.bytes;
}

static void take(std::size_t& left, std::size_t count) {
  const bool enough = count <= left;
  left = enough ? left - count : 0;
  if (!enough)
    throw WrongValue(YAML::Mark::null_mark(),
                     "with all that its parts take from one another" + std::string(is_too_large_text));
}

void YamlBudget::look_at(std::size_t entries) {
  if (current_ != nullptr) take(current_->entries, entries);
}

// With what a container of texts needs for each.
void YamlBudget::keep(std::size_t bytes) {
  constexpr std::size_t of_each = 64;
  if (current_ != nullptr) take(current_->bytes, bytes + of_each);
}

bool is_too_large(const std::string& error) { return error.ends_with(is_too_large_text); }

void read_keys(const YAML::Node& map, const KeyReaders& readers) {
  if (!map.IsMap()) throw WrongValue(map.Mark(), "expected keys and values");
  for (const auto& entry : map) {
    const auto key = entry.first.as<std::string>();
    const auto reader = readers.find(key);
    if (reader != readers.end()) {
      reader->second(entry.second);
      continue;
    }
    std::string all;
    std::vector<std::string_view> names;
    for (const auto& known : readers) {
      all += (all.empty() ? "" : ", ") + known.first;
      names.push_back(known.first);
    }
    const std::string closest(nearest_word(key, names, key.size() / 2 + 1));
    throw WrongValue(entry.first.Mark(), "unknown key `" + key + "`; " +
                                             (closest.empty() ? "the keys are " + all : "is `" + closest + "` meant?"));
  }
}

Severity severity_of(const YAML::Node& node) {
  Severity severity = Severity::off;
  const auto text = node.as<std::string>();
  for (const auto known : {Severity::off, Severity::style, Severity::info, Severity::warning, Severity::error})
    if (text == to_string(known)) return known;
  throw WrongValue(node.Mark(), "a severity must be off, style, info, warning or error, not `" + text + "`");
  return severity;
}

std::string read_yaml(const std::string& path, const std::function<void(const YAML::Node&)>& reader) {
  const auto file = read_file(path, largest_companion);
  if (!file.error.empty()) return path + ": " + file.error;
  return read_text(path, file.text, reader);
}

std::string read_yaml_text(const std::string& path, const std::string& text,
                           const std::function<void(const YAML::Node&)>& reader) {
  return read_text(path, text, reader);
}

std::string read_yaml_documents(const std::string& path, const std::string& text,
                                const std::function<void(const YAML::Node&)>& reader) {
  return read_text(path, text, reader, Documents::all);
}

std::string read_json_with_comments(const std::string& path, const std::function<void(const YAML::Node&)>& reader) {
  const auto file = read_file(path, largest_companion);
  if (!file.error.empty()) return path + ": " + file.error;
  return read_text(path, without_comments(file.text), reader);
}

// https://yaml.org/type/merge.html: of several maps the first counts. An alias cannot contain itself, but a chain of
// them may be long.
static YAML::Node merged_value_within(const YAML::Node& map, const std::string& key, unsigned levels) {
  if (!map.IsMap() || levels == 0) return YAML::Node(YAML::NodeType::Undefined);
  YamlBudget::look_at(map.size() + 16);  // by the time that it takes
  if (const auto own = map[key]) return own;
  const auto merged = map["<<"];
  if (!merged) return YAML::Node(YAML::NodeType::Undefined);
  if (!merged.IsSequence()) return merged_value_within(merged, key, levels - 1);
  for (const auto& each : merged)
    if (const auto found = merged_value_within(each, key, levels - 1)) return found;
  return YAML::Node(YAML::NodeType::Undefined);
}

YAML::Node merged_value(const YAML::Node& map, const std::string& key) {
  constexpr unsigned most_levels = 10;
  return merged_value_within(map, key, most_levels);
}

std::string scalar_of(const YAML::Node& node) { return node && node.IsScalar() ? node.Scalar() : std::string(); }

static void read_entries_within(const YAML::Node& node, const EntryReader& reader, unsigned levels) {
  if (levels == 0) return;
  if (node.IsSequence())
    for (const auto& each : node) read_entries_within(each, reader, levels - 1);
  if (!node.IsMap()) return;
  for (const auto& entry : node)
    if (!reader(scalar_of(entry.first), entry.second)) read_entries_within(entry.second, reader, levels - 1);
}

void read_entries(const YAML::Node& root, const EntryReader& reader) {
  constexpr unsigned most_levels = 16;
  read_entries_within(root, reader, most_levels);
}

std::string shell_words(const YAML::Node& list, std::size_t first) {
  std::string text;
  for (std::size_t i = first; list && list.IsSequence() && i < list.size(); ++i) {
    YamlBudget::look_at(1);
    if (list[i].IsScalar()) text += (text.empty() ? "" : " ") + quoted_for_shell(list[i].Scalar());
  }
  return text;
}

std::size_t line_of(const YAML::Node& node) { return static_cast<std::size_t>(node.Mark().line) + 1; }

std::set<std::string, std::less<>> argument_names(const YAML::Node& node) {
  std::set<std::string, std::less<>> names;
  const auto add = [&](std::string_view text) {
    text = trim_unicode(text);
    if (text.starts_with('"')) text.remove_prefix(1);  // actions read lines as CSV: `"NAME=value"`
    const auto name = trim_unicode(text.substr(0, text.find('=')));
    YamlBudget::keep(name.size());
    if (!name.empty()) names.emplace(name);
  };
  if (!node) return names;
  if (node.IsMap())
    for (const auto& entry : node)
      if (entry.first.IsScalar()) YamlBudget::keep(entry.first.Scalar().size()), names.insert(entry.first.Scalar());
  if (node.IsSequence())
    for (const auto& entry : node)
      if (entry.IsScalar()) add(entry.Scalar());
  if (!node.IsScalar()) return names;
  for (std::string_view rest = node.Scalar(); !rest.empty();) {
    const auto newline = rest.find('\n');
    add(rest.substr(0, newline));
    rest.remove_prefix(newline == rest.npos ? rest.size() : newline + 1);
  }
  return names;
}

}  // namespace dockhew::cli
