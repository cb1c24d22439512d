#include "ecosystems/listed_programs.hpp"

#include <algorithm>

#include "ecosystems/makefile.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

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

// `command=gunicorn app:app ; the web server` of every program; lines that begin with a blank go on with the value.
// http://supervisord.org/configuration.html, Python's configparser
std::vector<std::string> supervised(std::string_view text, const ShellCommand&) {
  std::vector<std::string> lines;
  bool in_command = false;
  for_each_line(text, [&](std::string_view line) {
    const auto part = trim_unicode(line.substr(0, line.find(" ;")));
    if (part.empty() || part.starts_with('#') || part.starts_with(';')) return;
    if (line.starts_with(' ') || line.starts_with('\t')) {
      if (in_command) lines.back().append(" ").append(part);
      return;
    }
    const auto sign = part.find_first_of("=:");
    in_command = sign != part.npos && to_lower_ascii(trim_unicode(part.substr(0, sign))) == "command";
    if (in_command) lines.emplace_back(trim_unicode(part.substr(sign + 1)));
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

std::vector<std::string> recipes(std::string_view text, const ShellCommand& command) {
  return read_recipes(text, command).lines;
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
  if (std::ranges::find(runners, name) != std::end(runners)) {
    auto file = value_of(command, {"-f", "--procfile"});
    // hivemind takes it as an operand.
    if (!file && name == "hivemind" && command.words.size() > 1 && !command.words.back().raw.starts_with('-'))
      file = command.words.back().text();
    return CommandList{{file.value_or("Procfile")}, "", true, of_procfile};
  }
  if (name == "make" || name == "gmake") return CommandList{makefiles_of(command), "", true, recipes};
  return std::nullopt;
}

bool is_list_of_commands(std::string_view path) {
  const auto name = path_basename(path);
  return name == "Makefile" || name == "Procfile" ||
         (path.find("supervisor") != path.npos && (name.ends_with(".conf") || name.ends_with(".ini")));
}

}  // namespace dockhew::inline ecosystems
