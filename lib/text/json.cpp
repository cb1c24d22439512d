#include "text/json.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <numeric>

#include "text/limits.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline text {
namespace {

std::string escaped(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Written another way, but the same text to every reader: a report may be printed into the log of a CI service, which
// takes `##[error]` for a command.
void append_without_commands(std::string& out, std::string_view text) {
  for (auto at = text.find("##"); at != text.npos; at = text.find("##")) {
    out.append(text.substr(0, at + 1)).append("\\u0023");
    text.remove_prefix(at + 2);
  }
  out += text;
}

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[(unit >> static_cast<unsigned>(shift)) & 0xFU];
}

// The same of what commands a terminal or cannot be seen there, in a valid text.
std::string without_controls(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto rune = decode_rune(text);
    const auto bytes = text.substr(0, rune.size);
    text.remove_prefix(rune.size);
    const bool ascii = bytes.size() == 1 && bytes[0] != '\x7F';
    if (ascii || escape_for_terminal(bytes) == bytes) {
      out += bytes;
    } else if (rune.value < 0x10000) {
      append_unit(out, rune.value);
    } else {
      append_unit(out, 0xD800 + ((rune.value - 0x10000) >> 10U));
      append_unit(out, 0xDC00 + ((rune.value - 0x10000) & 0x3FFU));
    }
  }
  return out;
}

void append_string(std::string& out, const std::string& text) {
  const auto is_plain = [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; };
  const bool plain = std::ranges::all_of(text, is_plain);
  if (text.find("##") != text.npos) return append_without_commands(out, without_controls(escaped(text)));
  if (!plain) return void(out += without_controls(escaped(text)));
  out += '"';
  out += text;
  out += '"';
}

void append_line(std::string& out, int indent, std::size_t column) {
  if (indent < 0) return;
  out += '\n';
  out.append(column, ' ');
}

}  // namespace

// Called by the library's parser, which keeps its own stack of open values and so does not recurse.
class JsonReader {
 public:
  explicit JsonReader(JsonRepeats repeats) : repeats_(repeats) {}

  JsonResult take() && { return error_.empty() ? JsonResult{std::move(root_), ""} : JsonResult{{}, std::move(error_)}; }

  bool null() { return add({}); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(std::vector<std::uint8_t>&) { return false; }  // never of a text
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    open_.back().name = std::move(name);
    return true;
  }
  bool end_object() {
    const auto repeated = sort(std::get<Json::Object>(open_.back().value.value_));
    if (!repeated || repeats_ == JsonRepeats::last_counts) return close();
    error_ = "an object has the key \"" + *repeated + "\" twice";
    return false;
  }
  bool parse_error(std::size_t, const std::string&, const std::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: …", in the words of the library.
    constexpr std::string_view before = " at ";
    const std::string_view what = error.what();
    const auto begin = what.find(before), end = what.find(':');
    error_ = "no valid JSON";
    if (begin < end && end != what.npos) error_ += what.substr(begin, end - begin);
    return false;
  }

 private:
  struct Open {
    Json value;
    std::string name;  // of its next member
  };

  bool open(Json value) {
    if (open_.size() == limits::deepest_nesting) {
      error_ = "nested deeper than " + std::to_string(limits::deepest_nesting) + " levels";
      return false;
    }
    open_.push_back({std::move(value), ""});
    return true;
  }

  bool close() {
    auto closed = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(closed));
  }

  bool add(Json value) {
    if (++values_ > limits::json_values) {
      error_ = "more than " + std::to_string(limits::json_values) + " values";
      return false;
    }
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto& [parent, name] = open_.back(); parent.is_array()) {
      parent.push_back(std::move(value));
    } else {
      std::get<Json::Object>(parent.value_).members.push_back({std::move(name), std::move(value)});
    }
    return true;
  }

  // Makes names unique, the first keeping its place and the last its value, and finds them fast. Returns a name that
  // was not unique.
  static std::optional<std::string> sort(Json::Object& object) {
    auto& members = object.members;
    const auto name_of = [&](std::uint32_t i) -> const std::string& { return members[i].name; };
    auto& order = object.by_name;
    order.resize(members.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, name_of);
    std::vector<bool> repeated(members.size());
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
      if (name_of(order[i]) != name_of(order[first])) {
        first = i;
      } else {
        members[order[first]].value = std::move(members[order[i]].value);
        repeated[order[i]] = true;
      }
    }
    const auto found = std::ranges::find(repeated, true);
    if (found == repeated.end()) return std::nullopt;
    auto name = members[static_cast<std::size_t>(found - repeated.begin())].name;
    std::erase_if(members,
                  [&](const auto& member) { return repeated[static_cast<std::size_t>(&member - members.data())]; });
    sort(object);
    return name;
  }

  JsonRepeats repeats_;
  Json root_;
  std::string error_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
};

Json::Json(std::initializer_list<Field> fields) {
  Object object;
  object.members.reserve(fields.size());
  for (const auto& field : fields) object.members.push_back({std::string(field.name), std::move(field.value)});
  value_ = std::move(object);
}

Json::Json() = default;
Json::Json(const char* text) : value_(std::string(text)) {}
Json::Json(std::string_view text) : value_(std::string(text)) {}
Json::Json(std::string text) : value_(std::move(text)) {}
Json::Json(double value) : value_(value) {}
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json Json::object() {
  Json result;
  result.value_ = Object();
  return result;
}

bool Json::is_null() const { return std::holds_alternative<std::monostate>(value_); }
bool Json::is_array() const { return std::holds_alternative<Array>(value_); }
bool Json::is_object() const { return std::holds_alternative<Object>(value_); }
const std::string* Json::string() const { return std::get_if<std::string>(&value_); }
const bool* Json::boolean() const { return std::get_if<bool>(&value_); }

std::optional<double> Json::number() const {
  if (const auto* real = std::get_if<double>(&value_)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*whole);
  if (const auto* natural = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*natural);
  return std::nullopt;
}

const std::vector<Json>& Json::elements() const {
  static const Array none;
  const auto* array = std::get_if<Array>(&value_);
  return array != nullptr ? *array : none;
}

const std::vector<Json::Member>& Json::members() const {
  static const std::vector<Member> none;
  const auto* object = std::get_if<Object>(&value_);
  return object != nullptr ? object->members : none;
}

bool Json::empty() const { return elements().empty() && members().empty(); }

const Json* Json::find(std::string_view name) const {
  const auto* object = std::get_if<Object>(&value_);
  if (object == nullptr) return nullptr;
  const auto& [members, by_name] = *object;
  if (by_name.size() != members.size()) {
    const auto found = std::ranges::find(members, name, &Member::name);
    return found != members.end() ? &found->value : nullptr;
  }
  const auto name_of = [&members = members](std::uint32_t i) { return std::string_view(members[i].name); };
  const auto found = std::ranges::lower_bound(by_name, name, {}, name_of);
  return found != by_name.end() && name_of(*found) == name ? &members[*found].value : nullptr;
}

const std::vector<Json>& Json::elements_at(std::string_view name) const {
  static const Array none;
  const auto* member = find(name);
  return member != nullptr ? member->elements() : none;
}

std::string Json::string_at(std::string_view name) const {
  const auto* member = find(name);
  const auto* text = member != nullptr ? member->string() : nullptr;
  return text != nullptr ? *text : std::string();
}

std::int64_t Json::integer_at(std::string_view name) const {
  const auto* member = find(name);
  if (member == nullptr) return 0;
  if (const auto* number = std::get_if<std::int64_t>(&member->value_)) return *number;
  const auto* number = std::get_if<std::uint64_t>(&member->value_);
  return number != nullptr && std::in_range<std::int64_t>(*number) ? static_cast<std::int64_t>(*number) : 0;
}

Json& Json::operator[](std::string_view name) {
  if (!is_object()) value_ = Object();
  if (const auto* found = find(name); found != nullptr) return const_cast<Json&>(*found);
  return std::get<Object>(value_).members.emplace_back(Member{std::string(name), {}}).value;
}

void Json::push_back(Json element) {
  if (!is_array()) value_ = Array();
  std::get<Array>(value_).push_back(std::move(element));
}

std::string Json::dump(int indent) const {
  std::string out;
  append_to(out, indent, 0);
  return out;
}

void Json::append_to(std::string& out, int indent, std::size_t column) const {
  const auto inner = column + static_cast<std::size_t>(std::max(indent, 0));
  if (is_null()) {
    out += "null";
  } else if (const auto* flag = std::get_if<bool>(&value_)) {
    out += *flag ? "true" : "false";
  } else if (const auto* negative = std::get_if<std::int64_t>(&value_)) {
    out += std::to_string(*negative);
  } else if (const auto* number = std::get_if<std::uint64_t>(&value_)) {
    out += std::to_string(*number);
  } else if (const auto* real = std::get_if<double>(&value_)) {
    out += nlohmann::json(*real).dump();
  } else if (const auto* text = string()) {
    append_string(out, *text);
  } else if (empty()) {
    out += is_array() ? "[]" : "{}";
  } else if (is_array()) {
    const char* separator = "[";
    for (const auto& element : elements()) {
      out += separator;
      append_line(out, indent, inner);
      element.append_to(out, indent, inner);
      separator = ",";
    }
    append_line(out, indent, column);
    out += ']';
  } else {
    const char* separator = "{";
    for (const auto& [name, value] : members()) {
      out += separator;
      append_line(out, indent, inner);
      append_string(out, name);
      out += indent < 0 ? ":" : ": ";
      value.append_to(out, indent, inner);
      separator = ",";
    }
    append_line(out, indent, column);
    out += '}';
  }
}

JsonResult parse_json(std::string_view text, JsonComments comments, JsonRepeats repeats) {
  JsonReader reader(repeats);
  const bool read = nlohmann::json::sax_parse(text.begin(), text.end(), &reader, nlohmann::json::input_format_t::json,
                                              /*strict=*/true, comments == JsonComments::ignored);
  auto result = std::move(reader).take();
  if (!read && result.error.empty()) result = {{}, "is not JSON"};
  return result;
}

}  // namespace dockhew::inline text
