// JSON as a value: reports are built from it and manifests are read into it. A Dockerfile's context is not trusted, so
// reading limits nesting and throws no exceptions. Only json.cpp includes the JSON library, because every unit that
// does takes seconds longer to compile.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace dockhew::inline text {

class Json {
 public:
  struct Member;  // of an object: name and value
  struct Field;   // the same, for object literals: Json object = {{"line", 3}, {"column", 1}};

  Json();  // null
  Json(std::initializer_list<Field> fields);
  Json(const char* text);
  Json(std::string_view text);
  Json(std::string text);
  Json(std::integral auto value);  // a bool counts too
  Json(double value);
  template <typename T>
  Json(const std::vector<T>& list);
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();

  static Json object();
  template <typename... T>
  static Json array(T&&... elements);

  bool is_null() const;
  bool is_string() const { return string() != nullptr; }
  bool is_array() const;
  bool is_object() const;

  // Of a string, a boolean and a number; null when it is something else.
  const std::string* string() const;
  const bool* boolean() const;
  std::optional<double> number() const;
  // In order; nothing when it is not an array, or not an object.
  const std::vector<Json>& elements() const;
  const std::vector<Member>& members() const;
  bool empty() const;  // no elements and no members

  // A member's value; null when there is none of this name, or this is not an object.
  const Json* find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  // A member's value that should be of this type; empty, or 0, when it is not.
  const std::vector<Json>& elements_at(std::string_view name) const;
  std::string string_at(std::string_view name) const;
  std::int64_t integer_at(std::string_view name) const;

  // Null becomes an object, or an array; a missing member is added at the end as null.
  Json& operator[](std::string_view name);
  void push_back(Json element);

  // Bytes that are not UTF-8 come out as U+FFFD: JSON cannot represent them otherwise. Without `indent`: on one line.
  std::string dump(int indent = -1) const;
  // The same, after a text, and inside of a value whose lines begin at this column.
  void append_to(std::string& out, int indent, std::size_t column) const;

 private:
  friend class JsonReader;
  using Array = std::vector<Json>;
  struct Object {
    std::vector<Member> members;
    std::vector<std::uint32_t> by_name;  // of an object that was read: its members, sorted; others are searched
  };

  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value_;
};

struct Json::Member {
  std::string name;
  Json value;
};

struct Json::Field {
  std::string_view name;
  mutable Json value;  // is moved out of the list, which is constant
};

Json::Json(std::integral auto value) {
  if constexpr (std::same_as<decltype(value), bool>) value_ = value;
  else if constexpr (std::signed_integral<decltype(value)>) value_ = std::int64_t{value};
  else value_ = std::uint64_t{value};
}

template <typename T>
Json::Json(const std::vector<T>& list) : value_(Array(list.begin(), list.end())) {}

template <typename... T>
Json Json::array(T&&... elements) {
  Json result;
  result.value_ = Array();
  (result.push_back(Json(std::forward<T>(elements))), ...);
  return result;
}

struct JsonResult {
  Json value;  // null after an error
  std::string error;
};
enum class JsonComments : std::uint8_t { refused, ignored };
enum class JsonRepeats : std::uint8_t { last_counts, refused };  // of a name in one object

JsonResult parse_json(std::string_view text, JsonComments comments = JsonComments::refused,
                      JsonRepeats repeats = JsonRepeats::last_counts);

}  // namespace dockhew::inline text
