#include "project/said_in_file.hpp"

#include <algorithm>

#include "text/limits.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_values = 200;

}  // namespace

std::vector<SaidInFile> said_in(const YAML::Node& node, Variables variables) {
  std::vector<SaidInFile> all;
  const auto add = [&](const YAML::Node& at, std::string_view text) {
    text = trim_unicode(text);
    const bool refused = variables == Variables::refused && text.find('$') != text.npos;
    if (text.empty() || text.size() > limits::longest_name || refused || all.size() == most_values) return;
    const auto mark = at.Mark();
    all.push_back({std::string(text), static_cast<std::size_t>(std::max(mark.line, 0)),
                   static_cast<std::size_t>(std::max(mark.column, 0))});
  };
  if (!node) return all;
  if (node.IsMap())
    for (const auto& entry : node)
      if (entry.first.IsScalar()) add(entry.first, entry.first.Scalar());
  if (node.IsSequence())
    for (const auto& entry : node)
      if (entry.IsScalar()) add(entry, entry.Scalar());
  if (node.IsScalar())
    for (const auto line : split_lines(node.Scalar())) add(node, line);
  return all;
}

std::vector<SaidInFile> names_said_in(const YAML::Node& node) {
  auto all = said_in(node, Variables::allowed);
  for (auto& said : all) {
    said.text = said.text.substr(0, said.text.find('='));
    while (said.text.ends_with(' ')) said.text.pop_back();
  }
  std::erase_if(all, [](const SaidInFile& said) {
    return said.text.empty() || said.text == "<<" || said.text.find_first_of("$ #") != std::string::npos;
  });
  return all;
}

SaidValue place_in(const LineIndex& lines, std::string_view text, const SaidInFile& said, Match match) {
  constexpr std::size_t farthest = std::size_t{16} << 10U;  // of a value from where its block begins
  const auto line = std::min(static_cast<std::uint32_t>(said.line) + 1, lines.line_count());
  const auto begin = std::min<std::size_t>(lines.line_begin(line) + said.column, text.size());
  const auto near = text.substr(0, std::min(text.size(), begin + farthest));
  const auto found = match == Match::whole_name ? find_name(near, said.text, "_", begin) : near.find(said.text, begin);
  const auto at = found == near.npos ? begin : found;
  const auto end = found == near.npos ? std::min(text.find('\n', begin), text.size()) : found + said.text.size();
  return {said.text, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}};
}

}  // namespace dockhew::cli
