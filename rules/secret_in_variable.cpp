// Fires on names of ARG and ENV that sound like credentials. Both end up in the image: ENV in its configuration, ARG in
// its history.
#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "effects/environment.hpp"
#include "lint/rule.hpp"
#include "lint/secrets.hpp"
#include "text/utf8.hpp"

namespace dockhew::rules {
namespace {

// A part of a name between underscores, or the name itself.
bool has_part(std::string_view name, std::initializer_list<std::string_view> parts) {
  for (;;) {
    const auto end = name.find('_');
    if (std::ranges::find(parts, to_lower_ascii(name.substr(0, end))) != parts.end()) return true;
    if (end == name.npos) return false;
    name.remove_prefix(end + 1);
  }
}

// Keys that open nothing: the session of a debugger, an entry of a cache or a table.
bool is_other_key(std::string_view name) {
  constexpr std::string_view others[] = {"cachekey",   "foreignkey", "idekey",   "partitionkey",
                                         "primarykey", "sortkey",    "xdebugkey"};
  auto plain = to_lower_ascii(name);
  std::erase(plain, '_');
  return std::ranges::any_of(others, [&](std::string_view other) { return plain.ends_with(other); });
}

bool sounds_secret(std::string_view name) {
  return has_part(name, {"apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret",
                         "token"}) &&
         !has_part(name, {"public", "publishable", "file", "version"}) && !is_other_key(name);
}

// GPG_KEY=0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D: a fingerprint, which is public.
bool is_fingerprint(std::string_view value) {
  return value.size() == 40 && value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
}

std::string_view unquoted(std::string_view value) {
  if (value.size() < 2 || (value[0] != '"' && value[0] != '\'') || value.back() != value[0]) return value;
  return value.substr(1, value.size() - 2);
}

using Names = std::set<std::string, std::less<>>;

// `$TOKEN`, `"${TOKEN}"`: the value of one of these and nothing else.
bool is_value_of(const Names& names, std::string_view value) {
  value = unquoted(value);
  return std::ranges::any_of(
      names, [&](const std::string& name) { return value == '$' + name || value == "${" + name + '}'; });
}

// What a tool puts into the pages that it makes for browsers, whatever it is called.
bool is_for_browsers(std::string_view name) {
  return name.starts_with("GATSBY_") || name.starts_with("REACT_APP_") || name.starts_with("VITE_") ||
         name.starts_with("VUE_APP_");
}

// Whether a value shows that the variable holds no secret here: a fingerprint, a switch, a path, a dummy. Nothing is in
// the image either where ENV sets a variable to nothing, for whoever runs it to set. BuildKit looks at names only.
bool is_harmless(const Dockerfile& file, std::string_view value, bool is_env) {
  if (file.unsaid() == Unsaid::plain_build) return false;
  value = unquoted(value);
  if (value.empty()) return is_env;
  const auto word = Value::known(std::string(value));
  return is_fingerprint(value) || is_switched_on(word) || is_switched_off(word) || value.starts_with('/') ||
         value.starts_with("http://") || value.starts_with("https://") || is_dummy_value(value);
}

void check(const Dockerfile& file, Report& report) {
  // Their values are not in the image, but in the build's own record; BuildKit does not check them.
  for (std::size_t i = 0; i < file.instructions_before_stages(); ++i) {
    const auto& instruction = file.instructions()[i];
    if (instruction.keyword != Keyword::arg) continue;
    for (const auto& argument : instruction.arguments) {
      const auto equals = std::min(argument.text.find('='), argument.text.size());
      const auto name = argument.text.substr(0, equals);
      const auto value = std::string_view(argument.text).substr(std::min(equals + 1, argument.text.size()));
      if (sounds_secret(name))
        report
            .add(argument.span,
                 "a build argument does not keep a secret; use a secret mount (ARG " + go_quote(name) + ')', {"DL3064"})
            .severity = is_harmless(file, value, false) ? Severity::off : Severity::info;
    }
  }
  for (const auto& stage : file.stages()) {
    Names arguments;  // that have been reported: `ENV TOKEN=$TOKEN` says no more
    for (const auto& step : stage.steps) {
      const auto look = [&](std::string_view kind, const std::string& name, std::string_view value, Span span) {
        if (!sounds_secret(name)) return;
        auto& finding = report.add(
            span,
            "Do not use ARG or ENV instructions for sensitive data (" + std::string(kind) + ' ' + go_quote(name) + ')',
            {"SecretsUsedInArgOrEnv", "DL3064"});
        const bool is_env = kind == "ENV";
        const bool says_no_more = is_for_browsers(name) || (is_env && is_value_of(arguments, value));
        if ((says_no_more && file.unsaid() != Unsaid::plain_build) || is_harmless(file, value, is_env))
          finding.severity = Severity::off;  // unless hadolint is asked
        else if (!is_env) arguments.insert(name);
      };
      if (step.instruction->keyword == Keyword::arg)
        for (const auto& argument : step.instruction->arguments) {
          const auto equals = std::min(argument.text.find('='), argument.text.size());
          look("ARG", argument.text.substr(0, equals),
               std::string_view(argument.text).substr(std::min(equals + 1, argument.text.size())), argument.span);
        }
      if (step.instruction->keyword == Keyword::env)
        for (const auto& pair : step.instruction->pairs) {
          const auto name = file.expand(stage, step, pair.name);
          // `ENV TOKEN=$TOKEN` without an ARG of that name is empty.
          const bool has_variable = pair.value.find('$') != std::string::npos;
          const auto value = has_variable ? file.expand(stage, step, pair.value) : Value::unknown();
          look("ENV", name.is_known() ? name.text : pair.name, value.is_known() ? value.text : pair.value,
               pair.name_span);
        }
    }
  }
}

}  // namespace

extern constinit const Rule secret_in_variable = {
    .id = "secret-in-variable",
    .aliases = {"SecretsUsedInArgOrEnv", "DL3064"},
    .category = Category::security,
    .severity = Severity::warning,
    .summary = "the name of an ARG or ENV sounds like a secret",
    .rationale =
        R"(Anyone who has the image can read its environment and its history, and so the values of ENV and ARG. Pass a
secret only to the RUN that needs it: `RUN --mount=type=secret,id=token,env=TOKEN …`.

Names that contain `PUBLIC`, `PUBLISHABLE`, `FILE` or `VERSION` are not reported, nor those that a tool puts into pages for
browsers anyway (`VITE_…`, `REACT_APP_…`), an ENV that repeats a reported ARG, or values that are no secrets: fingerprints, switches,
paths, addresses, dummies such as `changeme`, and an ENV that is empty.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
