#include "ecosystems/manifest_calls.hpp"

#include <algorithm>
#include <string>

namespace dockhew::inline ecosystems {
namespace {

bool is_upper(char c) { return 'A' <= c && c <= 'Z'; }
bool is_lower(char c) { return ('a' <= c && c <= 'z') || c == '_'; }
bool is_of_name(char c) { return is_upper(c) || is_lower(c) || ('0' <= c && c <= '9'); }

// The place after a comment or a string that begins at `at`, or `at` itself. What a string interpolates is code.
std::size_t skip_text(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool interpolation = text.substr(at).starts_with("#{");  // within a string
  if (quote == '#' && !interpolation) return std::min(text.find('\n', at), text.size());
  if (quote != '"' && quote != '\'') return at;
  for (auto end = at + 1; end < text.size(); ++end) {
    if (text[end] == '\\') ++end;
    else if (text[end] == '#' && end + 1 < text.size() && text[end + 1] == '{') return at;
    else if (text[end] == quote) return end + 1;
    else if (text[end] == '\n') return at;  // `it's`
  }
  return at;
}

std::size_t end_of_name(std::string_view text, std::size_t at) {
  while (at < text.size() && is_of_name(text[at])) ++at;
  return at;
}

// Behind the names of a module that begins at `at`: "Gem::Version", "Mix.Project".
std::size_t end_of_module(std::string_view text, std::size_t at) {
  auto end = end_of_name(text, at);
  for (;;) {
    const auto joint = text.substr(end).starts_with("::") ? 2U : text.substr(end).starts_with('.') ? 1U : 0U;
    if (joint == 0 || end + joint >= text.size() || !is_upper(text[end + joint])) return end;
    end = end_of_name(text, end + joint);
  }
}

// The call that begins at `at`, "YAML.load_file" or "Dir["; empty where none does.
std::string_view call_at(std::string_view text, std::size_t at) {
  const bool atom = text[at] == ':' && at + 1 < text.size() && is_lower(text[at + 1]);  // `:os.cmd`
  if (!atom && !is_upper(text[at])) return {};
  const auto end = atom ? end_of_name(text, at + 1) : end_of_module(text, at);
  if (end >= text.size()) return {};
  if (!atom && (text[end] == '[' || text[end] == '(')) return text.substr(at, end + 1 - at);
  if (text[end] != '.' || end + 1 >= text.size() || !is_lower(text[end + 1])) return {};
  return text.substr(at, end_of_name(text, end + 1) - at);
}

bool is_among(std::string_view call, Words harmless) {
  return std::ranges::any_of(harmless, [&](std::string_view each) {
    return each.ends_with('*') ? call.starts_with(each.substr(0, each.size() - 1)) : call == each;
  });
}

}  // namespace

std::string without_comments(std::string_view text) {
  std::string code;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::max(skip_text(text, at), at + 1);
    if (text[at] != '#' || end == at + 1) code += text.substr(at, end - at);
    at = end;
  }
  return code;
}

Obstacle calls_unknown(std::string_view manifest, std::string_view text, Words harmless) {
  for (std::size_t at = 0; at < text.size();) {
    if (const auto end = skip_text(text, at); end != at) {
      at = end;
      continue;
    }
    const auto call = call_at(text, at);
    if (!call.empty() && !is_among(call, harmless))
      return Declined{std::string(manifest) + " calls `" + std::string(call) +
                      "`, which may read a part of the source"};
    at = !call.empty() ? at + call.size() : is_of_name(text[at]) ? end_of_name(text, at) : at + 1;
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
