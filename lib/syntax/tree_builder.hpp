// Builds a tree while PEGTL matches. Nodes are appended when their rule has succeeded, which yields postorder and keeps
// the tree whole under backtracking; one linear pass then converts it to preorder and adds a token for all bytes that
// no rule named. Where a grammar never backtracks past the end of a line, that is done line by line.
//
// A grammar says itself what it builds: a rule with a static member `kind` becomes a node, `message` is the error when
// it is expected but missing, `nests` marks the recursive rules whose depth is limited, `bare` those that build
// nothing.
#pragma once

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include <type_traits>

#include "syntax/tree.hpp"
#include "text/limits.hpp"

namespace dockhew::inline syntax {

template <typename Kind>
struct TreeBuilder {
  struct Node {
    Kind kind;
    std::uint32_t begin, end;
    std::uint32_t first;  // index of the first node of this subtree
  };
  // Taken before each rule, so it is small. `built`: how many things there were.
  struct Mark {
    std::uint32_t nodes, built;
  };

  std::string_view text;
  std::vector<Node> nodes{};
  std::vector<SyntaxError> errors{};
  std::vector<std::uint32_t> error_stamps{};  // of each error, what `built` was with it
  std::uint32_t built = 0;
  unsigned depth = 0;
  bool too_deep = false;  // then what was built is not the text

  std::uint32_t at(const char* position) const { return static_cast<std::uint32_t>(position - text.data()); }
  Mark mark() const { return {static_cast<std::uint32_t>(nodes.size()), built}; }
  [[gnu::noinline]] void discard(Mark mark) {
    nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(mark.nodes), nodes.end());
    for (; !error_stamps.empty() && error_stamps.back() > mark.built; error_stamps.pop_back()) errors.pop_back();
    built = mark.built;
  }
  void append(Kind kind, const char* begin, const char* end, Mark mark) {
    nodes.push_back({kind, at(begin), at(end), mark.nodes});
    ++built;
  }
  void append_leaf(Kind kind, const char* begin, const char* end) { append(kind, begin, end, mark()); }
  void error(const char* begin, const char* end, std::string message) {
    errors.push_back({{at(begin), at(end)}, std::move(message)});
    error_stamps.push_back(++built);
  }
};

template <typename Rule>
struct build : tao::pegtl::normal<Rule> {
  template <tao::pegtl::apply_mode A, tao::pegtl::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename In, typename Builder, typename... States>
  static bool match(In& in, Builder& builder, States&&... states) {
    if constexpr (requires { Rule::nests; }) {
      struct Level {
        unsigned& depth;
        explicit Level(unsigned& d) : depth(++d) {}
        ~Level() { --depth; }
      } level(builder.depth);
      // Once is enough: nothing nests any more, so that the rest of the text is passed over at once.
      builder.too_deep |= builder.depth > limits::deepest_nesting;
      if (builder.too_deep) return false;
      return match_rule<A, M, Action, Control>(in, builder, states...);
    } else {
      return match_rule<A, M, Action, Control>(in, builder, states...);
    }
  }

 private:
  template <tao::pegtl::apply_mode A, tao::pegtl::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename In, typename Builder, typename... States>
  static bool match_rule(In& in, Builder& builder, States&&... states) {
    // Terminals, and rules marked `bare`, have nothing below them that builds; they account for most calls.
    constexpr bool is_bare = std::is_same_v<typename Rule::subs_t, tao::pegtl::empty_list> || requires { Rule::bare; };
    constexpr bool is_node = requires { Rule::kind; };
    if constexpr (A != tao::pegtl::apply_mode::action ||
                  (is_bare && !is_node)) {  // inside at<> and not_at<>: match, but do not build
      return tao::pegtl::normal<Rule>::template match<A, M, Action, Control>(in, builder, states...);
    } else {
      const auto mark = builder.mark();
      const char* const begin = in.current();
      if (!tao::pegtl::normal<Rule>::template match<A, M, Action, Control>(in, builder, states...)) {
        if (builder.built != mark.built) builder.discard(mark);  // most failures built nothing
        return false;
      }
      if constexpr (is_node) builder.append(Rule::kind, begin, in.current(), mark);
      return true;
    }
  }
};

// ---- recovery: record what is missing and continue
// -----------------------------------------------------------------------

template <typename Rule>
struct missing {
  using rule_t = missing;
  using subs_t = tao::pegtl::empty_list;
  template <tao::pegtl::apply_mode A, tao::pegtl::rewind_mode, template <typename...> class,
            template <typename...> class, typename In, typename Builder, typename... States>
  static bool match(In& in, Builder& builder, States&&...) {
    static_assert(Rule::message != nullptr);
    if constexpr (A == tao::pegtl::apply_mode::action) builder.error(in.current(), in.current(), Rule::message);
    return true;
  }
};

template <typename Rule>
struct expect : tao::pegtl::sor<Rule, missing<Rule>> {};
template <typename Open, typename... Rules>
struct if_expect : tao::pegtl::seq<Open, expect<Rules>...> {};
template <typename Close>
struct closing : tao::pegtl::sor<Close, tao::pegtl::seq<tao::pegtl::eof, missing<Close>>> {
};  // the end condition of until<>

// ---- postorder to preorder ------------------------------------------------------------------------------------------

// `token_kind` is called with the bytes between two children and says what they are.
template <typename Kind, typename TokenKind>
class Preorder {
 public:
  Preorder(const TreeBuilder<Kind>& builder, TokenKind token_kind) : builder_(builder), token_kind_(token_kind) {}

  void reserve(std::size_t nodes) { tree_.nodes.reserve(nodes); }

  // Adds what has been built, with tokens for the bytes from `begin` to `end` that it leaves out.
  void add(std::uint32_t begin, std::uint32_t end) {
    emit_children(static_cast<std::uint32_t>(builder_.nodes.size()), 0, begin, end);
  }

  // A node around all that is added until it is closed; the first of the tree.
  void open(Kind kind) { tree_.nodes.push_back({kind, 0, 0, 0}); }
  void close(std::uint32_t end) {
    tree_.nodes.front().end = end;
    tree_.nodes.front().next = static_cast<std::uint32_t>(tree_.nodes.size());
  }

  Tree<Kind> take() { return std::move(tree_); }

 private:
  void emit(std::uint32_t index) {
    const auto& node = builder_.nodes[index];
    const auto place = tree_.nodes.size();
    tree_.nodes.push_back({node.kind, node.begin, node.end, 0});
    if (index > node.first) emit_children(index, node.first, node.begin, node.end);
    tree_.nodes[place].next = static_cast<std::uint32_t>(tree_.nodes.size());
  }

  // The nodes from `first` to before `last` that are in none of these, and what is between them.
  void emit_children(std::uint32_t last, std::uint32_t first, std::uint32_t begin, std::uint32_t end) {
    const auto mark = pending_.size();
    for (auto child = last; child > first; child = builder_.nodes[child - 1].first) pending_.push_back(child - 1);
    auto position = begin;
    while (pending_.size() > mark) {
      const auto child = pending_.back();
      pending_.pop_back();
      emit_token(position, builder_.nodes[child].begin);
      emit(child);
      position = builder_.nodes[child].end;
    }
    emit_token(position, end);
  }

  void emit_token(std::uint32_t begin, std::uint32_t end) {
    if (begin >= end) return;
    const auto next = static_cast<std::uint32_t>(tree_.nodes.size() + 1);
    tree_.nodes.push_back({token_kind_(builder_.text.substr(begin, end - begin)), begin, end, next});
  }

  const TreeBuilder<Kind>& builder_;
  TokenKind token_kind_;
  Tree<Kind> tree_;
  std::vector<std::uint32_t> pending_;
};

template <typename Kind, typename TokenKind>
Tree<Kind> to_preorder(const TreeBuilder<Kind>& builder, TokenKind token_kind) {
  Preorder<Kind, TokenKind> preorder(builder, token_kind);
  preorder.reserve(builder.nodes.size() + builder.nodes.size() / 2);
  if (!builder.nodes.empty()) preorder.add(builder.nodes.back().begin, builder.nodes.back().end);
  return preorder.take();
}

}  // namespace dockhew::inline syntax
