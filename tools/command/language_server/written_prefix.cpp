#include "language_server/written_prefix.hpp"

#include <algorithm>

#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_lines = 500;  // of one instruction

bool is_comment(std::string_view line) { return trim_unicode(line).starts_with('#'); }

std::string_view line_before(std::string_view source, std::size_t begin) {
  const auto before = source.substr(0, begin - 1);  // without the newline
  const auto newline = before.rfind('\n');
  return newline == before.npos ? before : before.substr(newline + 1);
}

// The lines above that the line goes on from, put together without what continues them.
std::string continued_text(std::string_view source, std::size_t begin, char escape) {
  std::string text;
  for (std::size_t lines = 0; begin > 0 && lines < most_lines; ++lines) {
    const auto line = line_before(source, begin);
    begin -= line.size() + 1;
    if (is_comment(line)) continue;  // which counts for nothing between two lines
    const auto trimmed = trim_right_unicode(line);
    if (!trimmed.ends_with(escape)) break;
    text.insert(0, trimmed.substr(0, trimmed.size() - 1));
  }
  return text;
}

bool is_in_heredoc(const Dockerfile& file, std::uint32_t offset) {
  return std::ranges::any_of(file.instructions(), [&](const Instruction& instruction) {
    return std::ranges::any_of(instruction.heredocs, [&](const Heredoc& heredoc) {
      return heredoc.body.begin <= offset && offset < heredoc.body.end;
    });
  });
}

}  // namespace

bool WrittenPrefix::only_flags() const {
  return std::ranges::all_of(words.begin(), words.end() - 1,
                             [](const std::string& word) { return word.starts_with("--"); });
}

WrittenPrefix prefix_before(const Dockerfile& file, std::uint32_t offset) {
  WrittenPrefix prefix;
  const auto source = file.source();
  if (is_in_heredoc(file, offset)) return prefix;
  const auto newline = offset == 0 ? source.npos : source.rfind('\n', offset - 1);
  const auto begin = newline == source.npos ? 0 : newline + 1;
  const auto line = source.substr(begin, offset - begin);
  if (is_comment(line)) return {WrittenPrefix::Kind::comment, Keyword::unknown, {std::string(line)}, {offset, offset}};

  auto text = continued_text(source, begin, file.document().escape()) + std::string(line);
  const bool open = text.empty() || text.back() == ' ' || text.back() == '\t';
  for (const auto word : split_words(text)) prefix.words.emplace_back(word);
  if (open) prefix.words.emplace_back();
  const auto drop_keyword = [&] { prefix.words.erase(prefix.words.begin()); };
  // What ONBUILD triggers is an instruction like others.
  while (prefix.words.size() > 1 && find_keyword(prefix.words.front()) == Keyword::onbuild) drop_keyword();
  const auto size = static_cast<std::uint32_t>(prefix.words.back().size());
  prefix.last = size <= line.size() ? Span{offset - size, offset} : Span{offset, offset};
  prefix.kind = prefix.words.size() == 1 ? WrittenPrefix::Kind::keyword : WrittenPrefix::Kind::argument;
  if (prefix.kind == WrittenPrefix::Kind::keyword) return prefix;
  prefix.keyword = find_keyword(prefix.words.front());
  drop_keyword();
  return prefix;
}

}  // namespace dockhew::cli
