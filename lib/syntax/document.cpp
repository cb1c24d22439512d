#include "syntax/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "syntax/arguments.hpp"
#include "text/limits.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline syntax {
namespace {

struct Decoder {
  char escape;
  std::vector<SyntaxError>& errors;
  unsigned depth = 0;  // of ONBUILD after ONBUILD

  void error(Span span, std::string message) { errors.push_back({span, std::move(message)}); }

  Instruction decode(LogicalText text, Span span) {
    Instruction result;
    result.span = span;
    const auto head = split_keyword(text.view());
    const auto flags = split_flags(text.view(head.rest), escape);
    Span rest{head.rest.begin + std::min(flags.rest, head.rest.size()), head.rest.end};
    const auto trimmed = trim_unicode(text.view(rest));
    rest.end = rest.begin + static_cast<std::uint32_t>(trimmed.size());
    result.word = text.view(head.keyword);
    result.keyword = find_keyword(result.word);
    result.keyword_span = text.to_source(head.keyword);
    result.text = text;
    result.arguments_text = text.part(rest);
    for (const auto& flag : flags.flags) {
      const auto equals = flag.text.find('=');
      Flag decoded;
      decoded.name = flag.text.substr(2, equals == std::string::npos ? std::string::npos : equals - 2);
      decoded.has_value = equals != std::string::npos;
      if (decoded.has_value) decoded.value = flag.text.substr(equals + 1);
      decoded.span = text.to_source({flag.span.begin + head.rest.begin, flag.span.end + head.rest.begin});
      result.flags.push_back(std::move(decoded));
    }
    decode_arguments(result);
    return result;
  }

  void decode_arguments(Instruction& instruction) {
    switch (instruction.keyword) {
      case Keyword::env:
      case Keyword::label: return name_values(instruction);
      case Keyword::arg: return arg(instruction);
      case Keyword::from:
      case Keyword::expose: return words(instruction, split_blanks(instruction.arguments_text.view()));
      case Keyword::add:
      case Keyword::copy:
      case Keyword::volume:
        if (!json(instruction)) words(instruction, split_blanks(instruction.arguments_text.view()));
        return;
      case Keyword::run:
      case Keyword::cmd:
      case Keyword::entrypoint:
      case Keyword::shell:
        if (!json(instruction)) whole(instruction);
        return;
      case Keyword::healthcheck: return healthcheck(instruction);
      case Keyword::onbuild:
        if (instruction.arguments_text.view().empty() || depth == limits::deepest_nesting) return;
        ++depth;
        instruction.trigger.push_back(decode(instruction.arguments_text, instruction.span));
        --depth;
        return;
      case Keyword::unknown: return;
      default: return whole(instruction);
    }
  }

  void add(Instruction& instruction, Span logical) {
    const auto& text = instruction.arguments_text;
    instruction.arguments.push_back({std::string(text.view(logical)), text.to_source(logical)});
  }

  void whole(Instruction& instruction) {
    const auto size = static_cast<std::uint32_t>(instruction.arguments_text.view().size());
    if (size > 0) add(instruction, {0, size});
  }

  void words(Instruction& instruction, const std::vector<Span>& spans) {
    for (const auto& span : spans) add(instruction, span);
  }

  bool json(Instruction& instruction) { return json_from(instruction, instruction.arguments_text); }

  bool json_from(Instruction& instruction, const LogicalText& text) {
    const auto array = parse_json_array(text.view());
    if (!array) return false;
    if (!array->only_strings)
      error(text.to_source({0, static_cast<std::uint32_t>(text.view().size())}),
            "when using JSON array syntax, arrays must be comprised of strings only");
    instruction.json = true;
    for (const auto& element : array->elements)
      instruction.arguments.push_back({element.text, text.to_source({element.span.begin + 1, element.span.end - 1})});
    return true;
  }

  void healthcheck(Instruction& instruction) {
    const auto& text = instruction.arguments_text;
    if (text.view().empty()) return;
    const auto head = split_keyword(text.view());
    add(instruction, head.keyword);
    if (head.rest.empty()) return;
    const auto rest = text.part(head.rest);
    if (!json_from(instruction, rest)) add(instruction, head.rest);
  }

  void arg(Instruction& instruction) {
    const auto& text = instruction.arguments_text;
    for (const auto& span : split_words(text.view(), escape)) {
      add(instruction, span);
    }
  }

  void name_values(Instruction& instruction) {
    const auto& text = instruction.arguments_text;
    const auto view = text.view();
    const auto spans = split_words(view, escape);
    if (spans.empty()) return;
    if (view.substr(spans[0].begin, spans[0].size()).find('=') == view.npos) return legacy_pair(instruction);
    bool wrong = false;  // the builder stops at the first word that is, and the rest is often one remark
    for (const auto& span : spans) {
      const auto word = text.view(span);
      const auto equals = word.find('=');
      if (equals == word.npos) {
        if (!wrong)
          error(text.to_source(span),
                "Syntax error - can't find = in " + go_quote(word) + ". Must be of the form: name=value");
        wrong = true;
        continue;
      }
      const auto middle = span.begin + static_cast<std::uint32_t>(equals);
      instruction.pairs.push_back({std::string(word.substr(0, equals)), std::string(word.substr(equals + 1)), false,
                                   text.to_source(span), text.to_source({span.begin, middle}),
                                   text.to_source({middle + 1, span.end})});
    }
  }

  void legacy_pair(Instruction& instruction) {
    const auto& text = instruction.arguments_text;
    const auto head = split_keyword(text.view());
    if (head.rest.empty()) {
      error(text.to_source(head.keyword), std::string(keyword_name(instruction.keyword)) + " must have two arguments");
      return;
    }
    const auto size = static_cast<std::uint32_t>(text.view().size());
    instruction.pairs.push_back({std::string(text.view(head.keyword)), std::string(text.view(head.rest)), true,
                                 text.to_source({0, size}), text.to_source(head.keyword), text.to_source(head.rest)});
  }
};

SyntaxError too_large(std::uint32_t begin, const std::string& read) {
  return {{begin, begin}, "this file is too large: " + read + ", so nothing is known from here on"};
}

void dump_instruction(std::string& out, const Instruction& instruction) {
  out += '(';
  out += escape_for_terminal(to_lower_ascii(instruction.word));
  if (!instruction.flags.empty()) {
    out += " [";
    for (std::size_t i = 0; i < instruction.flags.size(); ++i) {
      const auto& flag = instruction.flags[i];
      if (i > 0) out += ' ';
      out += go_quote("--" + flag.name + (flag.has_value ? "=" + flag.value : ""));
    }
    out += ']';
  }
  if (instruction.keyword == Keyword::unknown) out += instruction.word.empty() ? "\"\"" : " \"\"";
  for (const auto& trigger : instruction.trigger) {
    out += ' ';
    dump_instruction(out, trigger);
  }
  for (const auto& argument : instruction.arguments) out += ' ' + go_quote(argument.text);
  for (const auto& pair : instruction.pairs)
    out += ' ' + go_quote(pair.name) + ' ' + go_quote(pair.value) + (pair.legacy ? " \"\"" : " \"=\"");
  out += ')';
}

}  // namespace

const Flag* Instruction::flag(std::string_view name) const {
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

Span Instruction::head_span() const { return text.to_source(Span{0, static_cast<std::uint32_t>(text.view().size())}); }

Document parse_document(std::string source) {
  Document document;
  document.source_ = std::make_unique<const std::string>(std::move(source));
  document.lines_ = parse_lines(*document.source_);
  const auto first = document.source_->find('\n');
  if (first != std::string::npos && first > 0 && (*document.source_)[first - 1] == '\r') document.newline_ = "\r\n";
  document.errors_ = document.lines_.errors;
  Decoder decoder{document.lines_.escape, document.errors_};
  auto& all = document.lines_.instructions;
  document.instructions_.reserve(std::min(all.size(), limits::instructions_read));
  std::size_t bytes = 0;
  for (auto& raw : all) {
    bytes += raw.span.size();
    if (document.instructions_.size() == limits::instructions_read || bytes > limits::instruction_bytes_read) {
      document.too_large_ =
          too_large(raw.span.begin, fmt::format("{} instructions are read, and of these {} MiB",
                                                limits::instructions_read, limits::instruction_bytes_read >> 20U));
      document.errors_.push_back(*document.too_large_);
      break;
    }
    auto instruction = decoder.decode(raw.text, raw.span);
    instruction.node = raw.node;
    instruction.heredocs = raw.heredocs;
    for (auto& trigger : instruction.trigger) trigger.heredocs = raw.heredocs;  // BuildKit passes them on
    instruction.empty_continuation = raw.empty_continuation;
    document.instructions_.push_back(std::move(instruction));
  }
  if (document.lines_.end && !document.too_large_) {
    document.too_large_ = too_large(*document.lines_.end, fmt::format("{} comments are read", limits::comments_read));
    document.errors_.push_back(*document.too_large_);
  }
  if (document.instructions_.empty() && !document.too_large_) {
    // At the end of the last line, not after it.
    auto end = static_cast<std::uint32_t>(document.source_->size());
    if (document.source_->ends_with('\n')) --end;
    document.errors_.push_back({{end, end}, "file with no instructions"});
  }
  std::ranges::stable_sort(document.errors_, {}, [](const SyntaxError& error) { return error.span.begin; });
  return document;
}

std::string dump_buildkit(const Document& document) {
  std::string out;
  for (const auto& instruction : document.instructions()) {
    dump_instruction(out, instruction);
    out += '\n';
  }
  return out;
}

std::string dump_lines(const Document& document) {
  std::string out;
  const auto& tree = document.lines().tree;
  std::vector<std::uint32_t> ends;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const auto& node = tree.nodes[i];
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    out.append(ends.size() * 2, ' ').append(to_string(node.kind));
    out += ' ' + std::to_string(node.begin) + ".." + std::to_string(node.end);
    if (tree.is_leaf(i)) out += ' ' + go_quote(slice(document.source(), node.span()));
    out += '\n';
    ends.push_back(node.next);
  }
  return out;
}

}  // namespace dockhew::inline syntax
