// The shape of every syntax tree here: one flat preorder array of small nodes that annotate spans of a text they do not
// own. Leaves tile the text, so printing them in order gives it back byte for byte; no pointers, no ownership, no
// partial trees.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/span.hpp"

namespace dockhew::inline syntax {

template <typename Kind>
struct TreeNode {
  Kind kind;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t next = 0;  // index just past this subtree; the first child, if any, is the node after this one

  Span span() const { return {begin, end}; }
};

template <typename Kind>
struct Tree {
  std::vector<TreeNode<Kind>> nodes;

  bool is_leaf(std::uint32_t index) const { return nodes[index].next == index + 1; }
};

// Visits the direct children of a node: for (auto i : children(tree, parent)).
template <typename Kind>
class ChildRange {
 public:
  ChildRange(const Tree<Kind>& tree, std::uint32_t parent) : tree_(&tree), parent_(parent) {}
  struct Iterator {
    const Tree<Kind>* tree;
    std::uint32_t index;
    std::uint32_t operator*() const { return index; }
    Iterator& operator++() {
      index = tree->nodes[index].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index != other.index; }
  };
  Iterator begin() const { return {tree_, parent_ + 1}; }
  Iterator end() const { return {tree_, tree_->nodes[parent_].next}; }

 private:
  const Tree<Kind>* tree_;
  std::uint32_t parent_;
};

template <typename Kind>
ChildRange<Kind> children(const Tree<Kind>& tree, std::uint32_t parent) {
  return {tree, parent};
}

// What is wrong with a text, and where. `span` refers to the text that was parsed. What programs need to know about an
// error; people read the message. Most errors need no more than `other`.
enum class ErrorKind : std::uint8_t {
  other,
  no_build_stage,       // an instruction before the first FROM
  chained_onbuild,      // ONBUILD ONBUILD
  forbidden_trigger,    // FROM or MAINTAINER in ONBUILD
  expansion,            // a word whose variables cannot be expanded
  invalid_port,         // of EXPOSE: the number is not one
  circular_dependency,  // a stage that depends on itself
  later_stage,          // COPY --from a stage that comes later
};

struct SyntaxError {
  Span span;
  std::string message;
  ErrorKind kind = ErrorKind::other;
};

}  // namespace dockhew::inline syntax
