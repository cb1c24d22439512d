#include "ecosystems/listed_programs.hpp"

#include <algorithm>

#include "ecosystems/makefile.hpp"
#include "text/path.hpp"
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

// `0 5 * * 1 root tar -zcf /var/backups/home.tgz /home`, `@reboot root …`; `user`: whether a user stands before the
// command. https://manpages.debian.org/bookworm/cron/crontab.5.en.html
std::vector<std::string> cron_lines(std::string_view text, bool user) {
  constexpr std::size_t fields = 5;
  std::vector<std::string> lines;
  for_each_line(text, [&](std::string_view line) {
    line = trim_unicode(line);
    const auto words = split_words(line);
    if (line.starts_with('#') || words.empty() || words[0].find('=') != words[0].npos) return;
    const std::size_t skipped = (words[0].starts_with('@') ? 1 : fields) + (user ? 1 : 0);
    if (words.size() > skipped)
      lines.emplace_back(line.substr(static_cast<std::size_t>(words[skipped].data() - line.data())));
  });
  return lines;
}

std::vector<std::string> system_jobs(std::string_view text) { return cron_lines(text, true); }
std::vector<std::string> jobs(std::string_view text) { return cron_lines(text, false); }
std::vector<std::string> listed_jobs(std::string_view text, const ShellCommand&) { return jobs(text); }

// `cmd = python worker.py` of Circus, `exec-pre-app = git pull` and `attach-daemon = celery worker` of uWSGI.
// https://circus.readthedocs.io/en/latest/configuration/, https://uwsgi-docs.readthedocs.io/en/latest/Hooks.html
std::vector<std::string> started_by_keys(std::string_view text, const ShellCommand&) {
  constexpr std::string_view keys[] = {"attach-daemon", "cmd", "exec-", "hook-", "smart-attach-daemon"};
  std::vector<std::string> lines;
  for_each_line(text, [&](std::string_view line) {
    const auto sign = line.find('=');
    if (sign == line.npos) return;
    const auto key = trim_unicode(line.substr(0, sign));
    auto value = trim_unicode(line.substr(sign + 1));
    if (std::ranges::none_of(keys, [&](std::string_view begin) { return key.starts_with(begin); })) return;
    if (value.starts_with("exec:")) value.remove_prefix(5);
    lines.emplace_back(value);
  });
  return lines;
}

// The first word behind the program that is no option.
std::optional<std::string> first_operand(const ShellCommand& command) {
  for (std::size_t i = 1; i < command.words.size(); ++i)
    if (command.words[i].value.is_known() && !command.words[i].raw.starts_with('-')) return command.words[i].text();
  return std::nullopt;
}

}  // namespace

std::span<const ServiceFiles> lists_of_services() {
  // https://github.com/just-containers/s6-overlay, https://smarden.org/runit/
  static constexpr ServiceFiles places[] = {{"/etc/cron.d", system_jobs},
                                            {"/etc/crontab", system_jobs},
                                            {"/var/spool/cron", jobs},
                                            {"/etc/crontabs", jobs},
                                            {"/etc/cron.daily", nullptr},
                                            {"/etc/cron.hourly", nullptr},
                                            {"/etc/periodic", nullptr},
                                            {"/etc/s6-overlay", nullptr},
                                            {"/etc/services.d", nullptr},
                                            {"/etc/cont-init.d", nullptr},
                                            {"/etc/service", nullptr},
                                            {"/etc/sv", nullptr},
                                            {"/docker-entrypoint-init.d", nullptr}};
  return places;
}

std::optional<CommandList> listed_by(const ShellCommand& command) {
  const std::string_view name = command.name();
  if (name == "supercronic")
    if (auto file = first_operand(command)) return CommandList{{*std::move(file)}, "", false, listed_jobs};
  if (name == "circusd")
    if (auto file = first_operand(command)) return CommandList{{*std::move(file)}, "", false, started_by_keys};
  if (name == "uwsgi") {
    auto file = value_of(command, {"--ini", "--ini-paste", "-i"});
    if (!file) file = first_operand(command);
    if (file && file->ends_with(".ini")) return CommandList{{*std::move(file)}, "", false, started_by_keys};
  }
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
