#include "syntax/lines.hpp"

#include <algorithm>

#include "syntax/line_grammar.hpp"

namespace dockhew::inline syntax {
namespace {

namespace pegtl = tao::pegtl;
constexpr std::size_t longest_line = 65535;  // bytes without the line feed; BuildKit's scanner accepts no more

template <typename Rule>
struct action : pegtl::nothing<Rule> {};

template <>
struct action<line_grammar::directive> {
  template <typename In, typename... States>
  static void apply(const In& in, LineBuilder& builder, States&&...) {
    const auto& value_node = builder.nodes[builder.nodes.size() - 1];
    const auto& name_node = builder.nodes[builder.nodes.size() - 2];
    const auto name = to_lower_ascii(slice(builder.text, {name_node.begin, name_node.end}));
    auto value = slice(builder.text, {value_node.begin, value_node.end});
    while (value.size() > 1 && std::string_view(" \t\r\f\n").find(value.back()) != value.npos) value.remove_suffix(1);
    if (std::ranges::find(builder.directives_seen, name) != builder.directives_seen.end())
      builder.error(in.begin(), in.end(), "only one " + name + " parser directive can be used");
    builder.directives_seen.push_back(name);
    if (name != "escape") return;
    if (value == "\\" || value == "`") builder.escape = value[0];
    else
      builder.error(in.begin(), in.end(), "invalid escape token '" + std::string(value) + "' does not match ` or \\");
  }
};

// Joins the text tokens of the instruction that ends the node list.
RawInstruction raw_instruction(LineBuilder& builder, std::size_t first, char* joined) {
  RawInstruction raw;
  std::vector<LogicalText::Piece> pieces;
  std::size_t size = 0;
  const TreeBuilder<LineKind>::Node* only = nullptr;
  std::uint32_t begin = 0, end = 0;
  bool line_is_empty = false, continued = false;
  for (auto i = first; i < builder.nodes.size(); ++i) {
    const auto& node = builder.nodes[i];
    if (node.kind == LineKind::continuation) continued = true, line_is_empty = true;
    if (node.kind == LineKind::comment || node.kind == LineKind::text) line_is_empty = false;
    if (node.kind == LineKind::newline && continued) {
      raw.empty_continuation |= line_is_empty;
      line_is_empty = true;
    }
    if (node.kind == LineKind::text || node.kind == LineKind::continuation) {
      if (end == 0) begin = node.begin;
      if (node.kind == LineKind::text || pieces.empty()) end = node.end;
    }
    if (node.kind != LineKind::text) continue;
    pieces.push_back({static_cast<std::uint32_t>(size), node.begin});
    size += node.end - node.begin;
    only = &node;
  }
  raw.span = {begin, end};
  if (pieces.size() == 1) {
    raw.text = LogicalText(slice(builder.text, {only->begin, only->end}), only->begin);
    return raw;
  }
  char* out = joined;
  for (auto i = first; i < builder.nodes.size(); ++i) {
    const auto& node = builder.nodes[i];
    if (node.kind == LineKind::text)
      out = std::copy(builder.text.begin() + node.begin, builder.text.begin() + node.end, out);
  }
  if (pieces.empty()) pieces.push_back({0, begin});
  raw.text = LogicalText(std::string_view(joined, size), std::move(pieces));
  return raw;
}

// Those that are not empty: a run of empty ones is one node.
std::size_t count_lines(std::string_view source) {
  std::size_t count = 0;
  for (std::size_t at = source.find('\n'); at != source.npos; at = source.find('\n', at + 1))
    count += at > 0 && source[at - 1] != '\n';
  return count + 1;
}

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

namespace line_grammar {

template <apply_mode A, rewind_mode, template <typename...> class, template <typename...> class, typename In,
          typename... States>
bool heredocs::match(In& in, LineBuilder& builder, States&&...) {
  if constexpr (A == apply_mode::action) {
    auto raw = raw_instruction(builder, builder.instruction_first, builder.joined);
    if (raw.text.view().data() == builder.joined) builder.joined += raw.text.view().size();
    const auto instruction_begin = builder.text.data() + raw.span.begin;
    if (raw.text.view().find("<<") != std::string_view::npos)
      raw.heredocs = find_heredocs(raw.text.view(), builder.escape);
    const char* position = in.current();
    for (auto& heredoc : raw.heredocs) {
      const char* const body = position;
      const char* line = position;
      bool terminated = false;
      while (position != in.end() && !terminated) {
        line = position;
        const void* newline = std::memchr(line, '\n', static_cast<std::size_t>(in.end() - line));
        position = newline != nullptr ? static_cast<const char*>(newline) + 1 : in.end();
        auto text = without_line_end({line, static_cast<std::size_t>(position - line)});
        if (heredoc.strip_tabs) text.remove_prefix(std::min(text.find_first_not_of('\t'), text.size()));
        terminated = text == heredoc.name;
      }
      if (!terminated) {
        line = position;
        builder.error(instruction_begin, position, "unterminated heredoc");
      }
      heredoc.body = {builder.at(body), builder.at(line)};
      heredoc.terminator = {builder.at(line), builder.at(position)};
      if (body != line) builder.append_leaf(LineKind::heredoc_body, body, line);
      if (line != position) builder.append_leaf(LineKind::heredoc_end, line, position);
      const auto terminator = without_line_end({line, static_cast<std::size_t>(position - line)});
      raw.span.end = static_cast<std::uint32_t>(builder.at(line) + terminator.size());
    }
    in.bump(static_cast<std::size_t>(position - in.current()));
    builder.instruction_bytes += raw.span.size();
    builder.instructions.push_back(std::move(raw));
  }
  return true;
}

}  // namespace line_grammar

std::string_view to_string(LineKind kind) {
  switch (kind) {
    case LineKind::file: return "file";
    case LineKind::byte_order_mark: return "byte-order-mark";
    case LineKind::directive: return "directive";
    case LineKind::directive_name: return "directive-name";
    case LineKind::directive_value: return "directive-value";
    case LineKind::comment: return "comment";
    case LineKind::blank: return "blank";
    case LineKind::newline: return "newline";
    case LineKind::instruction: return "instruction";
    case LineKind::text: return "text";
    case LineKind::continuation: return "continuation";
    case LineKind::heredoc_body: return "heredoc-body";
    case LineKind::heredoc_end: return "heredoc-end";
    case LineKind::token: return "token";
  }
  return "";
}

ParsedLines parse_lines(std::string_view source) {
  ParsedLines result;
  result.joined = std::make_unique_for_overwrite<char[]>(source.size() + 1);
  LineBuilder builder(source);
  builder.joined = result.joined.get();
  // A vector of many million nodes should not be copied to grow; most lines have no more than two, or are continued.
  builder.tree.reserve(2 * count_lines(source) + 8);
  builder.tree.open(LineKind::file);
  pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf, const char*> in(source.data(),
                                                                                  source.data() + source.size(), "");
  pegtl::parse<line_grammar::file, action, build>(in, builder);
  const auto end = static_cast<std::uint32_t>(source.size());
  builder.add_to_tree(end);
  builder.tree.close(end);

  for (std::size_t begin = 0; begin < source.size();) {
    const auto newline = std::min(source.find('\n', begin), source.size());
    if (newline - begin > longest_line)
      builder.error(source.data() + begin, source.data() + newline,
                    "dockerfile line greater than max allowed size of 65535");
    begin = newline + 1;
  }

  result.tree = builder.tree.take();
  result.escape = builder.escape;
  result.end = builder.end;
  result.errors = std::move(builder.errors);
  result.instructions = std::move(builder.instructions);
  std::size_t index = 0;
  const auto& nodes = result.tree.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].kind == LineKind::instruction) result.instructions[index++].node = i;
    if (nodes[i].kind == LineKind::directive) {
      Directive directive;
      directive.span = nodes[i].span();
      for (const auto child : children(result.tree, i)) {
        const auto text = slice(source, nodes[child].span());
        if (nodes[child].kind == LineKind::directive_name) directive.name = to_lower_ascii(text);
        if (nodes[child].kind == LineKind::directive_value) directive.value = trim_right_unicode(text);
      }
      result.directives.push_back(std::move(directive));
    }
  }
  return result;
}

}  // namespace dockhew::inline syntax
