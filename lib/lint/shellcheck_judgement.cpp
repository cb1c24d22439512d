#include "lint/shellcheck_judgement.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace dockhew::inline lint {
namespace {

constexpr int tilde_in_quotes = 2088, not_assigned = 2154, not_quoted = 2086, glob_as_command = 2211,
              variable_of_other_shells = 3028, option_of_other_shells = 3045;

// What ShellCheck's dialect `dash` lacks and BusyBox's shell has: tried with BusyBox 1.35, as Debian builds it.
constexpr auto known_to_busybox = std::to_array<int>({
    2112,  // `function name`
    2113,  // `function name()`
    2240,  // `. file arguments`
    3001,  // <(command)
    3003,  // $'…'
    3010,  // [[ ]]
    3012,  // [ a \< b ]
    3013,  // [ a -nt b ]
    3014,  // ==
    3015,  // =~
    3018,  // ++ and --
    3019,  // **
    3020,  // &>
    3021,  // >& file
    3026,  // [^a]
    3036,  // echo -e
    3037,  // echo -n
    3039,  // let
    3040,  // set -o pipefail
    3046,  // source
    3047,  // trap … ERR
    3048,  // trap … SIGTERM
    3049,  // trap … term
    3051,  // source
    3052,  // $((16#FF))
    3057,  // ${x:1:2}
    3060,  // ${x/a/b}
    3065,  // [ -k file ]
    3066,  // [ -G file ]
    3067,  // [ -O file ]
});

// Warnings about words that the shell splits and about names with blanks or line breaks. In a build, the names are
// those that the file itself has given, and words are meant to be split. Of the others: a loop over a list of one, an
// empty assignment, an `export` that hides a status, `-a` in a test and `mix do` are what people write on purpose.
constexpr auto remarks =
    std::to_array<int>({1007, 1010, 1075, 2010, 2011, 2012, 2013, 2034, 2035, 2038, 2043, 2044, 2045, 2046,
                        2061, 2062, 2086, 2153, 2155, 2156, 2166, 2174, 2206, 2207, 2223, 2231, 2283});

// An option of a builtin that BusyBox has too: "In dash, read -s is not supported".
bool is_option_of_busybox(std::string_view message) {
  constexpr std::string_view options[] = {"read -d", "read -n", "read -p", "read -s",   "read -t",
                                          "read -u", "type -p", "type -a", "export -n", "wait -n"};
  if (message.find("ulimit -") != message.npos) return true;
  return std::ranges::any_of(options, [&](std::string_view option) { return message.find(option) != message.npos; });
}

bool can_busybox(int code, std::string_view message) {
  if (code == variable_of_other_shells)
    return message.find(" RANDOM ") != message.npos || message.find(" HOSTNAME ") != message.npos;
  if (code == option_of_other_shells) return is_option_of_busybox(message);
  return std::ranges::binary_search(known_to_busybox, code);
}

// Whether the finding is about what the script's shell lacks.
bool is_about_dialect(int code) {
  return (code >= 3000 && code < 4000) || code == 2112 || code == 2113 || code == 2240;
}

bool is_name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// "$NAME", "${NAME}" and "${NAME%…}" → NAME.
std::string_view expanded_name(std::string_view words) {
  const auto dollar = words.find('$');
  if (dollar == words.npos) return {};
  words.remove_prefix(dollar + 1);
  if (words.starts_with('{')) words.remove_prefix(1);
  const auto end = std::ranges::find_if_not(words, is_name_character);
  return {words.begin(), end};
}

// Whether the script may give the variable another value: its name stands somewhere without a dollar sign.
bool is_set_in_script(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if (end < text.size() && is_name_character(text[end])) continue;
    if (at > 0 && (is_name_character(text[at - 1]) || text[at - 1] == '$')) continue;
    if (at > 1 && text[at - 1] == '{' && text[at - 2] == '$' && text.substr(end, 2) != ":=" && text[end] != '=')
      continue;
    return true;
  }
  return false;
}

bool is_plain_word(std::string_view text) { return !text.empty() && text.find_first_of(" \t\n*?[\\") == text.npos; }

// An ARG without a default is what the builder says it is; those that it sets itself are never several words.
bool is_platform_argument(std::string_view name) {
  constexpr std::string_view names[] = {"BUILDARCH",  "BUILDOS",  "BUILDPLATFORM",
                                        "TARGETARCH", "TARGETOS", "TARGETPLATFORM"};
  return std::ranges::find(names, name) != std::end(names);
}

bool has_plain_value(const ShellScript& script, std::string_view name) {
  if (name.empty() || is_set_in_script(script.text.view(), name)) return false;
  const auto* binding = script.environment.find(name, script.bindings);
  if (binding == nullptr) return false;
  return is_platform_argument(name) || (binding->value.is_known() && is_plain_word(binding->value.text));
}

// A variable that ARG or ENV sets, or the build itself.
bool is_given(const ShellScript& script, std::string_view name) {
  constexpr std::string_view given[] = {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"};
  return std::ranges::find(given, name) != std::end(given) || script.environment.find(name, script.bindings) != nullptr;
}

// `git config --global core.excludesFile '~/.gitignore'`: the program puts the home directory in itself, wherever it
// reads the setting.
bool is_kept_tilde(std::string_view text, std::string_view words) {
  constexpr std::string_view programs[] = {"git config ", "npm config set ", "npm set "};
  for (auto at = text.find(words); at != text.npos; at = text.find(words, at + 1)) {
    const auto before = text.substr(0, at);
    const auto separator = before.find_last_of(";&|\n(");
    const auto command = before.substr(separator == before.npos ? 0 : separator + 1);
    const auto is_there = [&](std::string_view program) { return command.find(program) != command.npos; };
    if (std::ranges::none_of(programs, is_there)) return false;
  }
  return !words.empty();
}

}  // namespace

bool is_refuted(const ShellScript& script, int code, std::string_view words, std::string_view message) {
  if (script.dialect == ScriptDialect::unknown && is_about_dialect(code)) return true;
  if (script.dialect == ScriptDialect::busybox && can_busybox(code, message)) return true;
  if (code == tilde_in_quotes) return is_kept_tilde(script.text.view(), words);
  if (code == not_assigned) return is_given(script, message.substr(0, message.find(' ')));
  // `/lib64/ld-linux-*.so.* --version`: an absolute path leaves out what differs from one machine to the next.
  if (code == glob_as_command) return words.starts_with('/');
  if (code == variable_of_other_shells) return is_given(script, expanded_name(words));
  return code == not_quoted && has_plain_value(script, expanded_name(words));
}

bool is_remark(int code, Severity severity) {
  return severity < Severity::warning || std::ranges::binary_search(remarks, code);
}

bool is_template(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> marks[] = {{"{{", "}}"}, {"{%", "%}"}, {"<%", "%>"}};
  std::array<std::size_t, 3> last_close{};  // 0: none
  for (std::size_t i = 0; i < last_close.size(); ++i) last_close[i] = text.rfind(marks[i].second) + 1;
  if (std::ranges::all_of(last_close, [](std::size_t end) { return end == 0; })) return false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && c == '\\') ++i;
    else if (c == '\'' || c == '"') quote = quote == 0 ? c : quote == c ? '\0' : quote;
    if (quote != 0) continue;  // `docker inspect --format '{{.Id}}'`
    for (std::size_t m = 0; m < last_close.size(); ++m)
      if (last_close[m] > i && text.substr(i).starts_with(marks[m].first)) return true;
  }
  return false;
}

}  // namespace dockhew::inline lint
