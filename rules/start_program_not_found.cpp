// Fires on the JSON form of ENTRYPOINT or CMD whose first word is certainly no program: several words in one pair of
// quotes, a file of the WORKDIR without `./`, which is looked for in the directories of PATH alone, or a path that no
// COPY brings into an image that has nothing else. The build does not notice, and no container starts.
#include <algorithm>
#include <string>
#include <string_view>

#include "effects/bare_images.hpp"
#include "effects/source_copy.hpp"
#include "facts/base_image.hpp"
#include "facts/facts.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool has_no_entrypoint(const ImageFacts& image) {
  return image.resolved != nullptr ? image.resolved->image.entrypoint.empty() : image.entry->starts_command;
}

// Whether the PATH of the container has a directory, or may have: what of it is not set by the file or its base is that
// of every image, whose directories all end with "bin".
bool may_be_in_path(const Dockerfile& file, const Stage& stage, std::string_view directory) {
  if (directory.ends_with("bin")) return true;
  const auto path = file.lookup(stage, stage.environment.size(), "PATH");
  return path.is_unknown() || (':' + path.text + ':').find(':' + std::string(directory) + ':') != std::string::npos;
}

// Of ENTRYPOINT and CMD, the one whose first word is the program of the container.
const Step* starting_step(const Dockerfile& file, const Stage& stage) {
  const auto& base = *chain_of(file, stage).back();
  const auto& image = base.image;
  if (!image || image->entry == nullptr || image->windows || base.base_from_argument) return nullptr;
  const auto* step = last_step(file, stage, Keyword::entrypoint);
  if (step == nullptr && has_no_entrypoint(*image)) step = last_step(file, stage, Keyword::cmd);
  return step != nullptr && step->instruction->json && !step->instruction->arguments.empty() ? step : nullptr;
}

// Whether a command has nothing to do with a file of that name, or changes no more than its mode.
bool leaves_in_place(const Facts& facts, const ShellCommand& command, std::string_view name) {
  const auto* row = facts.unix_command(command.name());
  if (row != nullptr && row->operands == Operands::moded) return true;
  return std::ranges::none_of(command.words,
                              [&](const ShellWord& word) { return word.raw.find(name) != word.raw.npos; });
}

// A COPY or a command may bring a program of that name into a directory of PATH.
bool may_be_brought(const Site& site, std::string_view name) {
  for (const auto& [stage, step] : steps_of_chain(site.file, site.stage)) {
    const auto keyword = step->instruction->keyword;
    if (keyword == Keyword::add) return true;
    if (keyword == Keyword::run && (!step->script || step->script->opaque)) return true;
    const auto leaves = [&](const ShellCommand& command) { return leaves_in_place(site.file.facts(), command, name); };
    if (keyword == Keyword::run && !std::ranges::all_of(step->script->commands, leaves)) return true;
    if (!step->copy) continue;
    const auto& destination = step->copy->destination;
    if (!destination.is_known() || destination.text.find("bin") != std::string::npos) return true;
  }
  return false;
}

void check_first_word(const Site& site, Report& report) {
  const auto& word = site.step.instruction->arguments[0];
  const auto& name = word.text;
  if (name.empty() || name.find_first_of("$\\%{") != name.npos) return;
  const auto blank = name.find(' ');
  if (name.find('/') < blank) return;
  if (blank != name.npos) {
    report.add(word.span, '`' + name +
                              "` is one word here, so a program of that name is looked for, and no container "
                              "starts; each word takes its own quotes");
    return;
  }
  const auto& directory = site.stage.workdir;
  if (!directory.is_known() || may_be_in_path(site.file, site.stage, directory.text) || may_be_brought(site, name))
    return;
  if (!file_in_context(site, resolve_path(directory.text, name))) return;
  report.add(word.span, '`' + name + "` is looked for in the directories of PATH, and it is in `" + directory.text +
                            "`, so no container starts; write `./" + name + '`');
}

void check_bare(const Dockerfile& file, const Stage& stage, Report& report) {
  const auto& base = *chain_of(file, stage).back();
  const auto* step = last_step(file, stage, Keyword::entrypoint);
  if (step == nullptr) step = last_step(file, stage, Keyword::cmd);
  if (!begins_bare(base) || base.base_from_argument || step == nullptr || !step->instruction->json ||
      step->instruction->arguments.empty())
    return;
  const auto& word = step->instruction->arguments[0];
  const auto& name = word.text;
  const bool plain = name.find_first_of("$\\%{ ") == name.npos && name.find('/') != name.npos;
  if (!plain || (!name.starts_with('/') && !stage.workdir.is_known())) return;
  const auto path = resolve_path(stage.workdir.text, name);
  if (path_is_under(path, "/busybox") || path_basename(path) == "openssl" || may_have_path(file, stage, path)) return;
  report.add(word.span, "no COPY brings `" + path + "` into the image, which has nothing else, so no container starts");
}

void check(const Dockerfile& file, Report& report) {
  constexpr std::size_t most_stages = 100;  // for each, those that it is built on are gone through
  std::size_t examined = 0;
  if (!file.context().origin().starts.empty()) return;  // Compose may start something else
  for (const auto& stage : file.stages())
    if (stage.target && ++examined <= most_stages) {
      check_bare(file, stage, report);
      if (const auto* step = starting_step(file, stage)) check_first_word({file, stage, *step}, report);
    }
}

}  // namespace

extern constinit const Rule start_program_not_found = {
    .id = "start-program-not-found",
    .category = Category::correctness,
    .severity = Severity::error,
    .summary = "what a container starts is not a program",
    .rationale =
        R"(The JSON form starts its first word without a shell. `CMD ["go run main.go"]` asks for a program whose name has blanks
in it, and `CMD ["start.sh"]` for one in a directory of PATH, although the file is in the WORKDIR. The build succeeds, and
`docker run` ends with "executable file not found in $PATH". In `FROM scratch` and in distroless images there is nothing but
what a COPY brings, so a path that none brings is not there.

Give each word its own quotes, and begin the path of a file with `./` or `/`. The rule looks at a CMD only where the image certainly
has no ENTRYPOINT, whose arguments the CMD would otherwise be. It offers no fix.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
