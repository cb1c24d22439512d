// What is known about a variable, a path or a user. Unknown is not undefined: an unknown base image may set anything,
// and what is unknown must neither become a finding nor justify a rewrite.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace dockhew::inline model {

struct Value {
  enum class State { known, unknown, undefined };

  State state = State::undefined;
  std::string text;  // meaningful only when known

  static Value known(std::string text) { return {State::known, std::move(text)}; }
  static Value unknown() { return {State::unknown, {}}; }

  bool is_known() const { return state == State::known; }
  bool is_unknown() const { return state == State::unknown; }
  bool is(std::string_view expected) const { return is_known() && text == expected; }
  friend bool operator==(const Value&, const Value&) = default;
};

}  // namespace dockhew::inline model
