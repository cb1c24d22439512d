#include "ecosystems/listed_programs.hpp"

#include <algorithm>

#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

template <typename Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(line);
  }
}

// The value of an option: `-c FILE`, `--configuration=FILE`; nothing without it, or where it is not known.
std::optional<std::string> value_of(const ShellCommand& command, std::initializer_list<std::string_view> options) {
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (!word.value.is_known()) continue;
    for (const auto option : options) {
      const std::string_view text = word.text();
      if (text == option && i + 1 < command.words.size() && command.words[i + 1].value.is_known())
        return command.words[i + 1].text();
      if (text.starts_with(option) && text.substr(option.size()).starts_with('='))
        return std::string(text.substr(option.size() + 1));
    }
  }
  return std::nullopt;
}

// `command=gunicorn app:app ; the web server` of every program. http://supervisord.org/configuration.html
std::vector<std::string> supervised(std::string_view text, const ShellCommand&) {
  std::vector<std::string> lines;
  for_each_line(text, [&](std::string_view line) {
    const auto equals = line.find('=');
    if (equals == line.npos || trim_unicode(line.substr(0, equals)) != "command") return;
    const auto value = line.substr(equals + 1);
    lines.emplace_back(trim_unicode(value.substr(0, value.find(" ;"))));
  });
  return lines;
}

// `web: gunicorn app:app`
std::vector<std::string> of_procfile(std::string_view text, const ShellCommand&) {
  std::vector<std::string> lines;
  for_each_line(text, [&](std::string_view line) {
    const auto colon = line.find(':');
    if (colon != line.npos && !line.starts_with('#') && line.substr(0, colon).find(' ') == line.npos)
      lines.emplace_back(trim_unicode(line.substr(colon + 1)));
  });
  return lines;
}

// The recipes of the targets that are named, and of those that these need; of the first one where none is.
std::vector<std::string> recipes(std::string_view text, const ShellCommand& command) {
  std::vector<std::string> wanted;
  for (std::size_t i = 1; i < command.words.size(); ++i)
    if (const auto& text = command.words[i].text();
        !text.empty() && !text.starts_with('-') && text.find('=') == text.npos)
      wanted.push_back(text);
  std::vector<std::string> lines;
  bool first = wanted.empty();
  for (std::size_t looked_at = 0; first || looked_at < wanted.size(); ++looked_at) {
    bool inside = false;
    for_each_line(text, [&](std::string_view line) {
      if (line.starts_with('\t')) {
        const auto begin = line.find_first_not_of("\t @-+");
        if (inside && begin != line.npos) lines.emplace_back(line.substr(begin));
        return;
      }
      const auto colon = line.find(':');
      if (colon == line.npos || line.starts_with('#') || line.starts_with('.') || line.substr(colon).starts_with(":="))
        return;
      const auto targets = split_words(line.substr(0, colon));
      if (std::exchange(first, false) && !targets.empty()) wanted.emplace_back(targets[0]);
      inside = looked_at < wanted.size() && std::ranges::find(targets, wanted[looked_at]) != targets.end();
      if (!inside) return;
      for (const auto needed : split_words(line.substr(colon + 1)))
        if (std::ranges::find(wanted, needed) == wanted.end()) wanted.emplace_back(needed);
    });
    if (std::exchange(first, false)) break;
  }
  return lines;
}

}  // namespace

std::optional<CommandList> listed_by(const ShellCommand& command) {
  const std::string_view name = command.name();
  if (name == "supervisord") {
    if (auto named = value_of(command, {"-c", "--configuration"}))
      return CommandList{{*std::move(named)}, "/etc/supervisor/conf.d", true, supervised};
    return CommandList{
        {"supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"},
        "/etc/supervisor/conf.d",
        false,
        supervised};
  }
  constexpr std::string_view runners[] = {"foreman", "forego", "goreman", "hivemind", "honcho", "overmind"};
  if (std::ranges::find(runners, name) != std::end(runners))
    return CommandList{{value_of(command, {"-f", "--procfile"}).value_or("Procfile")}, "", true, of_procfile};
  if (name == "make") {
    const auto below = value_of(command, {"-C", "--directory"}).value_or(".") + '/';
    if (const auto named = value_of(command, {"-f", "--file"})) return CommandList{{below + *named}, "", true, recipes};
    return CommandList{{below + "Makefile", below + "makefile", below + "GNUmakefile"}, "", true, recipes};
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
