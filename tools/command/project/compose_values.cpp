#include "project/compose_values.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "files.hpp"
#include "project/build_files.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr int deepest = 10;
constexpr std::size_t longest_value = 4096;
constexpr const char* too_long = "$LONG";  // stands for a value that is longer, as a variable does that is not known

bool is_name(char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// `${NAME}`, `${NAME:-default}`, `$NAME`
struct Variable {
  std::size_t size = 0;  // of all of it
  std::string_view name, operation, operand;
};

// Where each `${` closes, by the place of its brace; npos where it does not.
std::vector<std::size_t> closings(std::string_view text) {
  std::vector<std::size_t> closes(text.size(), text.npos), open;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '{' && text[i - 1] == '$') open.push_back(i);
    if (text[i] != '}' || open.empty()) continue;
    closes[open.back()] = i;
    open.pop_back();
  }
  return closes;
}

std::optional<Variable> variable_at(std::string_view whole, std::size_t at, const std::vector<std::size_t>& closes) {
  const auto text = whole.substr(at);
  const bool braced = text.size() > 1 && text[1] == '{';
  const std::size_t begin = braced ? 2 : 1;
  auto end = begin;
  while (end < text.size() && is_name(text[end])) ++end;
  if (end == begin) return std::nullopt;
  Variable found{end, text.substr(begin, end - begin), {}, {}};
  if (!braced) return found;
  if (closes[at + 1] == whole.npos) return std::nullopt;
  const auto close = closes[at + 1] - at;
  auto rest = text.substr(end, close - end);
  const std::size_t colon = rest.starts_with(':') ? 1 : 0;
  found.size = close + 1;
  if (rest.size() <= colon) return found;
  found.operation = rest.substr(0, colon + 1);
  found.operand = rest.substr(colon + 1);
  return found;
}

}  // namespace

// https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
ComposeValues::ComposeValues(const std::string& directory, Caller caller) : caller_(caller) {
  const auto read = read_regular_file(joined_path(directory, ".env"), largest_companion, Links::refused);
  if (!read.error.empty()) return;
  for (const auto line : split_lines(read.text)) {
    const auto equals = line.find('=');
    auto name = trim_unicode(line.substr(0, equals));
    if (name.starts_with("export ")) name = trim_unicode(name.substr(7));
    if (equals == line.npos || name.empty() || !std::ranges::all_of(name, is_name)) continue;
    auto value = trim_unicode(line.substr(equals + 1));
    const bool quoted =
        value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value.find(value[0], 1) != value.npos;
    value = quoted ? value.substr(1, value.find(value[0], 1) - 1) : trim_unicode(value.substr(0, value.find(" #")));
    if (value.find('$') == value.npos && value.size() <= longest_value) values_.emplace(name, value);
  }
}

std::optional<std::string> ComposeValues::find(std::string_view name) const {
  if (caller_ == Caller::this_process)
    if (const char* value = std::getenv(std::string(name).c_str()); value != nullptr) return value;
  const auto known = values_.find(name);
  return known == values_.end() ? std::nullopt : std::optional(known->second);
}

ComposeValue ComposeValues::resolve(std::string_view text) const { return resolve_within(text, deepest); }

ComposeValue ComposeValues::resolve_within(std::string_view text, int depth) const {
  ComposeValue result;
  if (text.size() > longest_value) return {too_long, {0}};
  YamlBudget::look_at(16 + text.size() / 8);  // by the time that it takes
  if (text.find('$') == text.npos) return {std::string(text), {}};
  const auto closes = closings(text);
  std::size_t done = 0;
  for (auto at = text.find('$'); at != text.npos; at = text.find('$', done)) {
    result.text.append(text.substr(done, at - done));
    if (result.text.size() > longest_value) return {too_long, {0}};
    if (text.substr(at).starts_with("$$")) {  // a dollar that is none of Compose's
      result.text += '$';
      done = at + 2;
      continue;
    }
    const auto variable = variable_at(text, at, closes);
    const auto known = variable ? find(variable->name) : std::nullopt;
    const bool needs_text = variable && variable->operation.starts_with(':');
    if (known && (!needs_text || !known->empty())) {
      if (variable->operation.ends_with('+')) result.text.append(variable->operand);
      else result.text.append(*known);
    } else if (variable && variable->operation.ends_with('-') && depth > 0) {
      const auto value = resolve_within(variable->operand, depth - 1);
      for (const auto place : value.unknown) result.unknown.push_back(result.text.size() + place);
      result.text.append(value.text);
    } else if (variable && caller_ == Caller::this_process && !variable->operation.ends_with('?')) {
      // Compose warns, and takes nothing.
    } else {
      result.unknown.push_back(result.text.size());
      result.text.append(text.substr(at, variable ? variable->size : 1));
    }
    done = at + (variable ? variable->size : 1);
  }
  result.text.append(text.substr(done));
  if (result.text.size() > longest_value) return {too_long, {0}};
  return result;
}

}  // namespace dockhew::cli
