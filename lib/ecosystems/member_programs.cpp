#include "ecosystems/member_programs.hpp"

#include <algorithm>

#include "ecosystems/starting_calls.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t longest_list = 400;  // of imported names

void add(std::string name, std::set<std::string>& programs) {
  if (name.empty()) return;
  programs.insert(name);
  std::ranges::replace(name, '_', '-');
  programs.insert(std::move(name));
}

std::string_view name_at(std::string_view source, std::size_t at) {
  auto end = at;
  while (end < source.size() && is_in_name(source[end])) ++end;
  return source.substr(std::min(at, source.size()), end - at);
}

// Where a text follows at the beginning of a line, behind blanks.
template <typename Visit>
void for_each_line_with(std::string_view source, const std::string& text, const Visit& visit) {
  for (auto at = source.find(text); at != source.npos; at = source.find(text, at + 1)) {
    const auto before = source.substr(0, at);
    const auto last = before.find_last_not_of(" \t");
    if (last == before.npos || before[last] == '\n') visit(at + text.size());
  }
}

// `git, curl as fetch` and `(git,\n curl)`
void add_imported(std::string_view list, std::set<std::string>& programs) {
  const bool bracketed = list.starts_with('(');
  if (bracketed) list.remove_prefix(1);
  list = list.substr(0, list.find_first_of(bracketed ? ")" : "\n#;"));
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    add(std::string(name_at(trim_unicode(list.substr(0, comma)), 0)), programs);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

void add_called(std::string_view source, std::string_view name, std::set<std::string>& programs) {
  const auto prefix = std::string(name) + '.';
  for (auto at = source.find(prefix); at != source.npos; at = source.find(prefix, at + 1))
    if (at == 0 || !is_in_path(source[at - 1])) add(std::string(name_at(source, at + prefix.size())), programs);
}

}  // namespace

void add_member_programs(std::string_view source, std::string_view module, std::set<std::string>& programs) {
  const std::string name(module);
  for_each_line_with(source, "from " + name + " import ",
                     [&](std::size_t at) { add_imported(source.substr(at, longest_list), programs); });
  for_each_line_with(source, "import " + name, [&](std::size_t at) {
    constexpr std::string_view as = " as ";
    const auto rest = source.substr(at);
    if (rest.starts_with(as)) add_called(source, name_at(source, at + as.size()), programs);
    else if (rest.empty() || !is_in_path(rest[0])) add_called(source, module, programs);
  });
}

}  // namespace dockhew::inline ecosystems
