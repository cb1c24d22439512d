#include "model/bindings.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <vector>

namespace dockhew::inline model {
namespace {

constexpr std::uint32_t none = 0xFFFFFFFF;

}  // namespace

// What all versions share; it only grows. Nodes form a tree, in which a version is the way from a node to the root.
struct Bindings::Store {
  struct Node {
    Binding binding;
    std::size_t depth;       // how many are before it
    std::uint32_t previous;  // the binding before it
    std::uint32_t jump;      // one far before it: by these any ancestor is found in logarithmic time
    std::uint32_t names;     // root of the trie of the names so far
    std::uint32_t bits;      // its height
  };
  // Inner nodes of tries over the bits of a name's number, the highest first; at the bottom stand binding nodes.
  struct Fork {
    std::uint32_t child[2];
  };

  std::deque<Node> nodes;
  std::vector<Fork> forks;
  std::unordered_map<std::string, std::uint32_t> numbers;  // of names

  std::uint32_t number_of(const std::string& name) {
    return numbers.emplace(name, static_cast<std::uint32_t>(numbers.size())).first->second;
  }

  // A trie like `root`, with `value` for one number; only the way there is new.
  std::uint32_t with(std::uint32_t root, std::uint32_t bits, std::uint32_t number, std::uint32_t value) {
    if (bits == 0) return value;
    Fork fork = root == none ? Fork{{none, none}} : forks[root];
    auto& child = fork.child[(number >> (bits - 1)) & 1];
    child = with(child, bits - 1, number, value);
    forks.push_back(fork);
    return static_cast<std::uint32_t>(forks.size() - 1);
  }

  std::uint32_t find(const Node& version, std::uint32_t number) const {
    if (version.bits < 32 && (number >> version.bits) != 0) return none;
    auto at = version.names;
    for (auto bit = version.bits; bit-- > 0 && at != none;) at = forks[at].child[(number >> bit) & 1];
    return at;
  }
};

std::uint32_t Bindings::node_at(std::size_t index) const {
  auto node = last_;
  const auto& nodes = store_->nodes;
  while (nodes[node].depth > index)
    node = nodes[nodes[node].jump].depth >= index ? nodes[node].jump : nodes[node].previous;
  return node;
}

const Binding& Bindings::operator[](std::size_t index) const { return store_->nodes[node_at(index)].binding; }

const Binding* Bindings::find(std::string_view name, std::size_t count) const {
  count = std::min(count, size_);
  if (count == 0) return nullptr;
  const auto number = store_->numbers.find(std::string(name));
  if (number == store_->numbers.end()) return nullptr;
  const auto found = store_->find(store_->nodes[node_at(count - 1)], number->second);
  return found == none ? nullptr : &store_->nodes[found].binding;
}

void Bindings::push_back(Binding binding) {
  if (store_ == nullptr) store_ = std::make_shared<Store>();
  auto& store = *store_;
  const auto number = store.number_of(binding.name);
  const auto node = static_cast<std::uint32_t>(store.nodes.size());
  std::uint32_t previous = node, jump = node, names = none, bits = 0;
  if (size_ > 0) {
    previous = last_;
    const auto& before = store.nodes[last_];
    const auto& far = store.nodes[before.jump];
    // Jumps of the lengths of a skew binary number: the same two after each other make a longer one.
    const bool joins = before.depth - far.depth == far.depth - store.nodes[far.jump].depth;
    jump = joins ? far.jump : last_;
    names = before.names;
    bits = before.bits;
  }
  while (bits < 32 && (number >> bits) != 0) {
    if (names != none) {
      store.forks.push_back({{names, none}});
      names = static_cast<std::uint32_t>(store.forks.size() - 1);
    }
    ++bits;
  }
  names = store.with(names, bits, number, node);
  store.nodes.push_back({std::move(binding), size_, previous, jump, names, bits});
  last_ = node;
  ++size_;
}

}  // namespace dockhew::inline model
