#include "ecosystems/starting_calls.hpp"

#include <algorithm>

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_aliases = 16;
constexpr std::size_t longest_list = 400;  // of imported names

bool is_quote(char c) { return c == '"' || c == '\''; }

}  // namespace

bool is_in_name(char c) {
  return c == '_' || c == '$' || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9');
}

bool is_in_path(char c) { return c == '.' || c == ':' || is_in_name(c); }

std::string_view called_at(std::string_view source, std::size_t bracket) {
  auto begin = bracket;
  while (begin > 0 && is_in_path(source[begin - 1])) --begin;
  return source.substr(begin, bracket - begin);
}

StartingCalls::StartingCalls(std::string_view source, Words functions) : source_(source), functions_(functions) {
  find_modules();
  find_renamed();
  find_promises();
}

bool StartingCalls::at(std::size_t bracket) const {
  const auto called = called_at(source_, bracket);
  if (called.empty()) return false;
  if (is_one(called)) return true;
  // `require('child_process').exec(`
  const auto before = source_.substr(0, bracket - called.size());
  if (!called.starts_with('.') || before.size() < 2 || !before.ends_with(')') || !is_quote(before[before.size() - 2]))
    return false;
  return std::ranges::any_of(functions_, [&](std::string_view function) {
    const auto module = module_of(function);
    return !module.empty() && function.substr(module.size()) == called &&
           before.substr(0, before.size() - 2).ends_with(module);
  });
}

bool StartingCalls::is_one(std::string_view called) const {
  if (std::ranges::find(aliases_, called) != aliases_.end()) return true;
  return std::ranges::any_of(functions_, [&](std::string_view function) {
    if (function == called || (function.starts_with('.') && called.ends_with(function))) return true;
    const auto module = module_of(function);
    return !module.empty() && std::ranges::any_of(modules_, [&](const Module& other) {
      return other.name == module && called.starts_with(other.alias) &&
             called.substr(other.alias.size()) == function.substr(module.size());
    });
  });
}

// `subprocess` of `subprocess.run`; empty for others.
std::string_view StartingCalls::module_of(std::string_view function) const {
  const auto dot = function.rfind('.');
  return dot == function.npos || dot == 0 ? std::string_view() : function.substr(0, dot);
}

void StartingCalls::find_modules() {
  constexpr std::string_view as = " as ", import = " import ", from = " from ";
  std::vector<std::string_view> seen;
  for (const auto function : functions_) {
    const auto module = module_of(function);
    if (module.empty() || std::ranges::find(seen, module) != seen.end()) continue;
    seen.push_back(module);
    for (auto at = source_.find(module); at != source_.npos; at = source_.find(module, at + 1)) {
      const auto rest = source_.substr(at + module.size());
      std::string_view alias;
      if (rest.starts_with(as)) alias = name_at(at + module.size() + as.size());
      else if (rest.starts_with(import)) find_imported(at + module.size() + import.size(), module);
      else if (!rest.empty() && is_quote(rest[0])) {
        const auto before = line_before(at);
        const auto word = before.rfind(from);
        alias = word == before.npos ? assigned_name(at) : name_before(at - before.size() + word);
      }
      if (!alias.empty() && modules_.size() < most_aliases) modules_.push_back({alias, module});
    }
  }
}

// `run, call as start` of `from subprocess import run, call as start`.
void StartingCalls::find_imported(std::size_t names, std::string_view module) {
  auto list = source_.substr(names, longest_list);
  const bool bracketed = list.starts_with('(');
  if (bracketed) list.remove_prefix(1);
  const auto last = std::min(list.find(bracketed ? ')' : '\n'), list.size());
  for (std::size_t at = 0; at < last;) {
    if (!is_in_name(list[at])) {
      ++at;
      continue;
    }
    const auto name = name_at(names + (bracketed ? 1 : 0) + at);
    at += name.size();
    const bool starts = std::ranges::any_of(functions_, [&](std::string_view function) {
      return module_of(function) == module && function.substr(module.size() + 1) == name;
    });
    if (!starts) continue;
    constexpr std::string_view as = " as ";
    const bool renamed = list.substr(at).starts_with(as);
    const auto alias = renamed ? name_at(names + (bracketed ? 1 : 0) + at + as.size()) : name;
    if (!alias.empty() && aliases_.size() < most_aliases) aliases_.push_back(alias);
  }
}

// `{ exec as start }`, `{ exec: start }` where the list is of a module that is named behind it.
void StartingCalls::find_renamed() {
  for (const std::string_view mark : {" as ", ": "})
    for (auto at = source_.find(mark); at != source_.npos; at = source_.find(mark, at + 1)) {
      const auto name = name_before(at);
      const auto listed = std::ranges::any_of(functions_, [&](std::string_view function) {
        return !module_of(function).empty() && function.substr(module_of(function).size() + 1) == name;
      });
      if (!listed) continue;
      const auto rest = source_.substr(at, longest_list);
      const auto close = rest.find('}');
      const auto end = std::min(rest.find('\n', close == rest.npos ? 0 : close), rest.size());
      const bool of_module = close != rest.npos && std::ranges::any_of(functions_, [&](std::string_view function) {
                               const auto module = module_of(function);
                               return !module.empty() && rest.substr(close, end - close).find(module) != rest.npos;
                             });
      const auto alias = name_at(at + mark.size());
      if (of_module && !alias.empty() && aliases_.size() < most_aliases) aliases_.push_back(alias);
    }
}

void StartingCalls::find_promises() {
  constexpr std::string_view promise = "promisify(";
  for (auto at = source_.find(promise); at != source_.npos; at = source_.find(promise, at + 1)) {
    const auto begin = at + promise.size();
    auto end = begin;  // `exec`, `require('child_process').exec`
    for (int depth = 0; end < source_.size() && end < begin + longest_list; ++end) {
      if (source_[end] == '(') ++depth;
      if (source_[end] == ')' && depth-- == 0) break;
    }
    const auto alias = assigned_name(at);
    if (end < source_.size() && this->at(end) && !alias.empty() && aliases_.size() < most_aliases)
      aliases_.push_back(alias);
  }
}

std::string_view StartingCalls::name_at(std::size_t begin) const {
  auto end = begin;
  while (end < source_.size() && is_in_name(source_[end])) ++end;
  return source_.substr(std::min(begin, source_.size()), end - begin);
}

std::string_view StartingCalls::name_before(std::size_t end) const {
  auto begin = end;
  while (begin > 0 && is_in_name(source_[begin - 1])) --begin;
  return source_.substr(begin, end - begin);
}

// What stands before a place on its line, as far as it matters.
std::string_view StartingCalls::line_before(std::size_t end) const {
  const auto window = source_.substr(end - std::min(end, longest_list), std::min(end, longest_list));
  const auto line = window.rfind('\n');
  return line == window.npos ? window : window.substr(line + 1);
}

// `start` of `const start = util.promisify`, for a place of the value.
std::string_view StartingCalls::assigned_name(std::size_t value) const {
  const auto before = line_before(value);
  const auto equals = before.find_last_of("=;");
  if (equals == before.npos || before[equals] != '=' || equals == 0) return {};
  const auto last = before.find_last_not_of(" \t", equals - 1);
  return last == before.npos ? std::string_view() : name_before(value - before.size() + last + 1);
}

}  // namespace dockhew::inline ecosystems
