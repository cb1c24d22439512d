// A result, or the reason why there is none. dockhew does only what it can show to be right, so nearly every analysis
// may decline, and the user sees the reason.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace dockhew::inline model {

// The reason: a sentence for people, starting in lower case and without a full stop.
struct Declined {
  std::string reason;
};

// An obstacle, if there is one.
using Obstacle = std::optional<Declined>;

template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::move(value)) {}
  Outcome(Declined declined) : state_(std::move(declined)) {}

  explicit operator bool() const { return state_.index() == 0; }

  // These require a result.
  const T& operator*() const& { return std::get<0>(state_); }
  T& operator*() & { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  const T* operator->() const { return &std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }

  // This requires that there is none.
  const std::string& reason() const { return std::get<1>(state_).reason; }
  const Declined& declined() const { return std::get<1>(state_); }

 private:
  std::variant<T, Declined> state_;
};

}  // namespace dockhew::inline model
