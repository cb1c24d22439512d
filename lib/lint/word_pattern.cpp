#include "lint/word_pattern.hpp"

#include <algorithm>
#include <set>

#include "text/path.hpp"

namespace dockhew::inline lint {
namespace {

constexpr std::string_view special = "*?[]\\";  // what glob_match does not take for itself

bool is_any(const ShellWord& word) { return word.raw == "..."; }

bool is_variable(const ShellWord& word) {
  return word.raw.size() > 1 && word.raw[0] == '$' &&
         std::ranges::all_of(word.raw.substr(1), [](char c) { return ('A' <= c && c <= 'Z') || c == '_'; });
}

const std::string& wanted_text(const ShellWord& pattern) {
  return pattern.value.is_known() ? pattern.text() : pattern.raw;
}

bool matches_word(const ShellWord& pattern, const ShellWord& word) {
  const auto& wanted = wanted_text(pattern);
  return word.value.is_known() && (word.text() == wanted || matches_text(wanted, word.text()));
}

// Whether a variable stands twice: then a `...` may have to take more, so that the same word comes again.
bool repeats_variable(const std::vector<ShellWord>& pattern) {
  std::set<std::string_view> seen;
  return std::ranges::any_of(pattern,
                             [&](const ShellWord& word) { return is_variable(word) && !seen.insert(word.raw).second; });
}

class Matching {
 public:
  Matching(const std::vector<ShellWord>& pattern, const ShellCommand& command, Captures& captures, Attempts& attempts)
      : pattern_(pattern),
        command_(command),
        captures_(captures),
        attempts_(attempts),
        repeats_(repeats_variable(pattern)) {}

  // The words of the command from `w` on against those of the pattern from `p` on.
  bool matches(std::size_t p, std::size_t w) {
    if (!attempts_.spend(repeats_)) return false;
    const auto& words = command_.words;
    if (p == pattern_.size()) return w == words.size();
    if (is_any(pattern_[p])) return matches_any(p, w);
    if (w == words.size()) return false;
    const auto& word = words[w];
    if (!is_variable(pattern_[p])) {
      const bool is_name = w == 0 && command_.name() == pattern_[p].text();
      return (is_name || matches_word(pattern_[p], word)) && matches(p + 1, w + 1);
    }
    const auto [captured, fresh] = captures_.emplace(pattern_[p].raw, word.raw);
    if (captured->second == word.raw && matches(p + 1, w + 1)) return true;
    if (fresh) captures_.erase(captured);
    return false;
  }

 private:
  bool matches_any(std::size_t p, std::size_t w) {
    if (p + 1 == pattern_.size()) return capture_rest(w, command_.words.size());
    for (auto end = w; end <= command_.words.size() && !hopeless_; ++end)
      if (matches(p + 1, end)) return capture_rest(w, end);
    // It began as early as it could, so an earlier `...` that takes more leaves it nothing that it has not tried.
    hopeless_ |= !repeats_;
    return false;
  }

  // What a `...` means; the last of several counts. Always true.
  bool capture_rest(std::size_t begin, std::size_t end) {
    std::string text;
    for (auto i = begin; i < end; ++i) text += (text.empty() ? "" : " ") + command_.words[i].raw;
    captures_.emplace("...", text);
    return true;
  }

  const std::vector<ShellWord>& pattern_;
  const ShellCommand& command_;
  Captures& captures_;
  Attempts& attempts_;
  bool repeats_;
  bool hopeless_ = false;
};

}  // namespace

bool matches_text(std::string_view pattern, std::string_view text) {
  if (pattern.find_first_of(special) == pattern.npos) return pattern == text;
  std::string wide;
  for (const char c : pattern) wide += c == '*' ? "**" : std::string(1, c);
  return glob_match(wide, text);
}

std::string plain_first_word(const std::vector<ShellWord>& pattern) {
  if (pattern.empty() || is_any(pattern[0]) || is_variable(pattern[0]) || !pattern[0].value.is_known()) return {};
  const auto& text = pattern[0].text();
  return text.find_first_of(special) == text.npos ? text : std::string();
}

bool matches_words(const std::vector<ShellWord>& pattern, const ShellCommand& command, Captures& captures,
                   Attempts& attempts) {
  return Matching(pattern, command, captures, attempts).matches(0, 0);
}

}  // namespace dockhew::inline lint
