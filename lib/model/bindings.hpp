// The variables that ARG and ENV bind in a stage, in order. A stage that continues another begins with all of that
// one's, and a step needs those before it, so this is a persistent list: copies are cheap, share what they have in
// common, and a name is found in logarithmic time in every version of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/value.hpp"

namespace dockhew::inline model {

struct Binding {  // ARG and ENV write the same build-time environment; the last one wins
  std::string name;
  Value value;
  bool persists = false;  // ENV: part of the image configuration
};

class Bindings {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Binding& operator[](std::size_t index) const;  // the first is the oldest
  const Binding& back() const { return (*this)[size_ - 1]; }

  // The last binding of a name among the first `count`; null when there is none.
  const Binding* find(std::string_view name, std::size_t count) const;
  const Binding* find(std::string_view name) const { return find(name, size_); }

  // Other copies stay as they are.
  void push_back(Binding binding);

  struct Iterator {
    const Bindings* bindings;
    std::size_t index;
    const Binding& operator*() const { return (*bindings)[index]; }
    Iterator& operator++() {
      ++index;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index != other.index; }
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }

 private:
  struct Store;

  std::uint32_t node_at(std::size_t index) const;

  std::shared_ptr<Store> store_;
  std::uint32_t last_ = 0;  // node of the last binding, if there is one
  std::size_t size_ = 0;
};

}  // namespace dockhew::inline model
