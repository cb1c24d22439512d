// Fires on a variable that nothing sets and no ARG of the stage declares, in the words that the builder expands; on an
// argument from above the first FROM in a RUN, whose shell finds nothing there; and on an argument of the stage in what
// the container starts. What an unknown base image may set does not count as undefined.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "buildkit/expanded_words.hpp"
#include "flow/project_words.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "model/start_command.hpp"
#include "syntax/instruction_errors.hpp"

namespace dockhew::rules {
namespace {

// More undefined variables in one word are only in files made for it, where each would be searched for.
constexpr std::size_t most_examined = 50;

// Calls `visit(place, rest)` for each use of a variable, with what follows its name.
template <typename Visit>
void each_use(std::string_view text, std::string_view name, const Visit& visit) {
  for (auto at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
    const bool braces = text.substr(at + 1).starts_with('{');
    auto rest = text.substr(at + 1 + (braces ? 1 : 0));
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    if (!rest.empty() && (rest[0] == '_' || std::isalnum(static_cast<unsigned char>(rest[0])) != 0)) continue;
    visit(at, braces ? rest : std::string_view());
  }
}

// Whether the file says that there may be no value, and nothing stands for it: `${NAME:-}`, `${NAME:+:$NAME}`.
bool is_expected(std::string_view text, std::string_view name) {
  bool plain = false, optional = false;
  each_use(text, name, [&](std::size_t, std::string_view rest) {
    if (rest.starts_with(':')) rest.remove_prefix(1);
    (rest.starts_with('+') || rest.starts_with("-}") ? optional : plain) = true;
  });
  const bool inside = optional && text.find(":+") != text.npos;  // `$NAME` in the alternative
  return optional && (!plain || inside);
}

// `ARG NAME=${NAME:-a}` and `ENV CFLAGS="$CFLAGS -O2"` take what is there, if anything is. In a list of directories, an
// empty one would be the working directory.
bool extends_itself(const Site& site, const ExpandedWord& word, std::string_view name) {
  const auto& instruction = *site.step.instruction;
  if (instruction.keyword != Keyword::arg && instruction.keyword != Keyword::env) return false;
  const auto value = slice(site.file.source(), word.span);
  if (value.find(":$") != value.npos || value.find("}:") != value.npos) return false;
  const auto assigned = std::string(name) + '=';
  auto before = slice(site.file.source(), {instruction.span.begin, word.span.begin});
  while (before.ends_with('"') || before.ends_with('\'')) before.remove_suffix(1);
  return before.ends_with(assigned) || value.starts_with(assigned);
}

// What stands for the variable wherever the word uses it: `${NAME:-a}`. Nothing where it is not always the same, or has
// variables itself.
std::optional<std::string> default_of(std::string_view text, std::string_view name) {
  std::optional<std::string> found;
  bool same = true;
  each_use(text, name, [&](std::size_t, std::string_view rest) {
    if (rest.starts_with(':')) rest.remove_prefix(1);
    const auto end = rest.find('}');
    if (!rest.starts_with('-') || end == rest.npos || rest.substr(0, end).find('$') != rest.npos)
      return void(same = false);
    std::string value(rest.substr(1, end - 1));
    same &= !found || *found == value;
    found = std::move(value);
  });
  return same ? found : std::nullopt;
}

// The use itself where the word is as long as a heredoc.
Span place_of(const Dockerfile& file, const ExpandedWord& word, std::string_view name) {
  const auto text = slice(file.source(), word.span);
  if (text.find('\n') == text.npos) return word.span;
  std::optional<Span> first;
  each_use(text, name, [&](std::size_t at, std::string_view rest) {
    const auto begin = word.span.begin + static_cast<std::uint32_t>(at);
    const auto end = begin + static_cast<std::uint32_t>(name.size());
    if (!first) first = Span{begin, end + (rest.empty() ? 1 : rest.starts_with('}') ? 3 : 2)};
  });
  return first.value_or(word.span);
}

// Another pair of the same ENV sets it, which variable-from-same-env explains.
bool is_set_beside(const Site& site, const ExpandedWord& word, std::string_view name) {
  if (site.step.instruction->keyword != Keyword::env) return false;
  return std::ranges::any_of(site.step.instruction->pairs, [&](const NameValue& pair) {
    const bool own = pair.span.begin <= word.span.begin && word.span.end <= pair.span.end;
    return pair.name == name && !own;
  });
}

void check_step(const Site& site, Report& report) {
  std::vector<std::string_view> set;  // filled when it is needed
  for (const auto& word : expanded_words(site)) {
    for (const auto& name : word.undefined) {
      const bool examined = word.undefined.size() <= most_examined;
      if (examined && site.file.unsaid() == Unsaid::unknown && is_expected(word.text, name)) continue;
      if (examined && site.file.unsaid() == Unsaid::unknown && extends_itself(site, word, name)) continue;
      if (examined && site.file.unsaid() == Unsaid::unknown && is_set_beside(site, word, name)) continue;
      const bool few = set.empty() && site.step.bindings <= most_suggested;
      for (std::size_t i = few ? 0 : site.step.bindings; i < site.step.bindings; ++i)
        if (site.stage.environment[i].value.state != Value::State::undefined)
          set.push_back(site.stage.environment[i].name);
      const auto suggestion = suggest(name, set);
      const auto fallback = examined && site.file.unsaid() == Unsaid::unknown && suggestion.empty()
                                ? default_of(word.text, name)
                                : std::nullopt;
      if (fallback) {
        report.add(place_of(site.file, word, name),
                   "nothing sets `" + name + "` in this stage, so this is always `" + *fallback + "`; declare `ARG " +
                       name + "` before it, or write the value",
                   {"UndefinedVar"});
        continue;
      }
      report.add(examined ? place_of(site.file, word, name) : word.span,
                 "Usage of undefined variable '$" + name + "'" +
                     (suggestion.empty() ? "" : " (did you mean $" + suggestion + "?)"),
                 {"UndefinedVar"});
    }
  }
}

bool continues_name(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

// The first place where a shell puts in the value of a variable of which the script says nothing else: it neither sets
// it, nor has something for where it is not set. Nothing in single quotes.
std::optional<Span> plain_use(std::string_view text, std::string_view name) {
  std::optional<Span> first;
  bool single = false, twofold = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && !single) ++i;
    else if (c == '\'' && !twofold) single = !single;
    else if (c == '"' && !single) twofold = !twofold;
    if (i >= text.size() || !text.substr(i).starts_with(name)) continue;
    const auto end = i + name.size();
    if ((i > 0 && continues_name(text[i - 1])) || (end < text.size() && continues_name(text[end]))) continue;
    const bool braces = i > 1 && text[i - 1] == '{' && text[i - 2] == '$';
    const bool plain = braces ? end < text.size() && text[end] == '}' : i > 0 && text[i - 1] == '$';
    if (!plain) return std::nullopt;
    const auto dollar = i - (braces ? 2 : 1);
    const bool escaped = single || (dollar > 0 && text[dollar - 1] == '\\');
    if (!first && !escaped)
      first = Span{static_cast<std::uint32_t>(dollar), static_cast<std::uint32_t>(end + (braces ? 1 : 0))};
  }
  return first;
}

// Each once, and not more than anybody writes.
std::vector<std::string_view> names_above_from(const Dockerfile& file) {
  constexpr std::size_t most_arguments = 50;
  std::vector<std::string_view> names;
  for (const auto& argument : file.global_arguments()) {
    if (std::ranges::find(names, argument.name) == names.end()) names.push_back(argument.name);
    if (names.size() == most_arguments) break;
  }
  return names;
}

// `ARG VERSION=1` above FROM, and `RUN curl …/${VERSION}.tar.gz` or `EXPOSE $PORT` below it. The builder says nothing
// of a RUN, nor of an EXPOSE, which then exposes nothing.
void check_global_arguments(const Dockerfile& file, const Stage& stage, std::vector<std::string_view> names,
                            Report& report) {
  for (const auto& step : stage.steps) {
    if (names.empty()) return;
    const bool exposes = step.instruction->keyword == Keyword::expose;
    if (!exposes && (!step.script || step.script->opaque || !step.posix)) continue;
    const auto& words = exposes ? step.instruction->arguments_text : step.script->text;
    const auto text = words.view();
    std::erase_if(names, [&](std::string_view name) {
      if (text.find(name) == text.npos || file.lookup(stage, step, name).state != Value::State::undefined) return false;
      const auto use = plain_use(text, name);
      if (!use) return false;
      report.add(words.to_source(*use), "`" + std::string(name) +
                                            "` is declared above FROM and not in this stage, so it is empty "
                                            "here; repeat `ARG " +
                                            std::string(name) + "` in the stage");
      return true;
    });
  }
}

// The arguments that the stage itself declares, and that no ENV keeps for the container.
std::vector<std::string_view> arguments_of_build(const Stage& stage) {
  std::vector<std::string_view> names;
  constexpr std::size_t most_arguments = 50;
  for (const auto& step : stage.steps) {
    if (step.instruction->keyword != Keyword::arg || step.in_child) continue;
    for (const auto& argument : step.instruction->arguments) {
      const auto name = std::string_view(argument.text).substr(0, argument.text.find('='));
      if (names.size() < most_arguments && std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  for (const auto& binding : stage.environment)
    if (binding.persists) std::erase(names, binding.name);
  return names;
}

// `ARG PORT=8080`, and `CMD exec server --port $PORT`, whose shell runs when nobody knows of the argument any more.
void check_start(const Dockerfile& file, const Stage& stage, Report& report) {
  if (!stage.image || stage.image->windows || !file.ships(stage) || !file.context().is_known()) return;
  const auto& origin = file.context().origin();
  if (origin.start_in_place() != nullptr) return;
  const auto [entrypoint, arguments] = find_start_instructions(stage);
  // What an ENTRYPOINT starts may set variables for CMD.
  const auto* start = entrypoint != nullptr ? entrypoint : arguments;
  if (start == nullptr || start->json || !start->heredocs.empty()) return;
  for (const auto name : arguments_of_build(stage)) {
    if (origin.environment.contains(name)) continue;
    const auto use = plain_use(start->arguments_text.view(), name);
    if (!use || is_named_in_project(file.context(), name)) continue;
    report.add(
        start->arguments_text.to_source(*use),
        "`" + std::string(name) +
            "` is an argument of the build, and nothing sets it in the container, so it is empty here; add `ENV " +
            std::string(name) + "=$" + std::string(name) + "`");
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  const auto above = file.unsaid() == Unsaid::unknown ? names_above_from(file) : std::vector<std::string_view>();
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) check_step({file, stage, step}, report);
    if (file.unsaid() != Unsaid::unknown) continue;
    check_global_arguments(file, stage, above, report);
    check_start(file, stage, report);
  }
}

}  // namespace

extern constinit const Rule undefined_variable = {
    .id = "undefined-variable",
    .aliases = {"UndefinedVar"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "a variable is used that nothing sets",
    .rationale =
        R"(The builder replaces it with nothing and carries on: `COPY $app /` copies the whole context. Declare it with
`ARG`, set it with `ENV`, or escape the dollar sign if you mean the literal text. `HOME` is not set while an image is
built.

An `ARG` above the first `FROM` counts for the `FROM` lines alone. A stage that uses it needs `ARG NAME` once more, without
a value. In a RUN, the shell finds nothing otherwise, and the builder does not warn; nor does it of `EXPOSE $PORT`.

An `ARG` is there while the image is built. The shell of `CMD server --port $PORT` runs in the container, which has only what
`ENV` sets, or who starts it. That is not reported where Compose sets the variable, or another file of the project has its name.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
