// Fires on a FROM whose image is not a valid name when all arguments have their defaults, so that `docker build .`
// without arguments fails. Arguments that the project's Compose files and workflows always pass count as given.
#include <algorithm>
#include <optional>
#include <string>

#include "lint/rule.hpp"

namespace dockhew::rules {
namespace {

// An ARG in which those arguments have a value that are always passed.
std::string with_given(const Dockerfile& file, const Instruction& instruction) {
  const auto& given = file.context().origin().arguments;
  std::string text = "ARG";
  for (const auto& argument : instruction.arguments) {
    const auto name = argument.text.substr(0, argument.text.find('='));
    text.append(" ").append(given.contains(name) ? name + "=given" : argument.text);
  }
  return text;
}

// The file without its steps: what decides about the names of base images.
std::string without_steps(const Dockerfile& file) {
  const auto source = file.source();
  const auto& instructions = file.instructions();
  std::string text(source.substr(0, instructions.front().span.begin));  // may say how to read the rest
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const auto keyword = instructions[i].keyword;
    if (keyword != Keyword::from && (keyword != Keyword::arg || i >= file.instructions_before_stages())) continue;
    text +=
        keyword == Keyword::arg ? with_given(file, instructions[i]) : std::string(slice(source, instructions[i].span));
    text += '\n';
  }
  return text;
}

void check(const Dockerfile& file, Report& report) {
  const auto has_word = [](const Stage& stage) { return !stage.from->arguments.empty(); };
  if (std::ranges::none_of(file.stages(), has_word)) return;
  // Here, arguments without a value count as empty, whatever the rest of this run assumes.
  const bool has_variables = std::ranges::any_of(file.stages(), [&](const Stage& stage) {
    return has_word(stage) && stage.from->arguments[0].text.find('$') != std::string::npos;
  });
  std::optional<Dockerfile> plain;
  if (has_variables && file.unsaid() != Unsaid::plain_build)
    plain.emplace(without_steps(file), file.facts(), BuildContext{}, Unsaid::plain_build);
  const auto& named = plain ? plain->stages() : file.stages();
  const auto implicit = file.stages().size() - named.size();  // stages without FROM, which come first
  for (const auto& stage : file.stages()) {
    if (!has_word(stage)) continue;
    const auto& base = named[stage.index - implicit].base;
    if (!base.is_known() || (!base.text.empty() && image_reference_error(base.text).empty())) continue;
    const auto& word = stage.from->arguments[0];
    // Without variables it is simply wrong, and reported as an error elsewhere.
    if (file.unsaid() == Unsaid::unknown && word.text.find('$') == std::string::npos) continue;
    report.add(word.span, "Default value for ARG " + word.text + " results in empty or invalid base image name",
               {"InvalidDefaultArgInFrom"});
  }
}

}  // namespace

extern constinit const Rule invalid_default_base_image = {
    .id = "invalid-default-base-image",
    .aliases = {"InvalidDefaultArgInFrom"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .by_default = false,
    .summary = "without build arguments, a base image has no usable name",
    .rationale =
        R"(`docker build .` fails for everyone who does not know which `--build-arg` to pass. Give the argument a
default, in its `ARG` or as `${TAG:-latest}`. The rule is off by default, because many files have such an argument in order to be
told.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
