// Fires on names of ARG and ENV that sound like credentials. Both end up in the image: ENV in its configuration, ARG in
// its history.
#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "lint/rule.hpp"
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

bool sounds_secret(std::string_view name) {
  return has_part(name, {"apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret",
                         "token"}) &&
         !has_part(name, {"public", "file", "version"});
}

// GPG_KEY=0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D: a fingerprint, which is public. BuildKit does not check values.
bool is_fingerprint(const Dockerfile& file, std::string_view value) {
  return file.unsaid() == Unsaid::unknown && value.size() == 40 &&
         value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
}

void check(const Dockerfile& file, Report& report) {
  // Their values are not in the image, but in the build's own record; BuildKit does not check them.
  for (std::size_t i = 0; i < file.instructions_before_stages(); ++i) {
    const auto& instruction = file.instructions()[i];
    if (instruction.keyword != Keyword::arg) continue;
    for (const auto& argument : instruction.arguments) {
      const auto name = argument.text.substr(0, argument.text.find('='));
      if (sounds_secret(name))
        report
            .add(argument.span,
                 "a build argument does not keep a secret; use a secret mount (ARG " + go_quote(name) + ')', {"DL3064"})
            .severity = Severity::info;
    }
  }
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      const auto look = [&](std::string_view kind, const std::string& name, Span span) {
        if (sounds_secret(name))
          report.add(span,
                     "Do not use ARG or ENV instructions for sensitive data (" + std::string(kind) + ' ' +
                         go_quote(name) + ')',
                     {"SecretsUsedInArgOrEnv", "DL3064"});
      };
      if (step.instruction->keyword == Keyword::arg)
        for (const auto& argument : step.instruction->arguments)
          look("ARG", argument.text.substr(0, argument.text.find('=')), argument.span);
      if (step.instruction->keyword == Keyword::env)
        for (const auto& pair : step.instruction->pairs) {
          const auto name = file.expand(stage, step, pair.name);
          if (!is_fingerprint(file, pair.value)) look("ENV", name.is_known() ? name.text : pair.name, pair.name_span);
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

The rule looks at names only. Names that contain `PUBLIC`, `FILE` or `VERSION` are not reported.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
