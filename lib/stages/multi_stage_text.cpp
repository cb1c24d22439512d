#include "stages/multi_stage_text.hpp"

#include <algorithm>

#include "edits/copy_line.hpp"
#include "edits/run_edits.hpp"
#include "text/path.hpp"

namespace dockhew::inline stages {
namespace {

std::string newline(const Dockerfile& file) { return std::string(file.document().newline()); }

std::string whole_lines(const Dockerfile& file, Span span) {
  auto text = std::string(slice(file.source(), span));
  return text.ends_with('\n') ? text : text + newline(file);
}

std::string lines_of(const Dockerfile& file, std::size_t step) {
  return whole_lines(file, own_lines(file.document(), *file.final_stage().steps[step].instruction));
}

// The same with the comments and blank lines before them.
std::string chunk_of(const Dockerfile& file, std::size_t step) {
  const auto& stage = file.final_stage();
  const auto& before = step == 0 ? *stage.from : *stage.steps[step - 1].instruction;
  const auto& document = file.document();
  return whole_lines(file, {own_lines(document, before).end, own_lines(document, *stage.steps[step].instruction).end});
}

// What is shipped keeps the name of the stage: a Compose file, a bake file or a command line elsewhere may build it by
// that name.
// Nor may the new stage take a name that the file gives to an image or to a context from elsewhere.
std::string builder_name(const Dockerfile& file) {
  for (const auto* name : {"builder", "build", "build-stage"})
    if (file.final_stage().name != name && file.source().find("from=" + std::string(name)) == std::string_view::npos)
      return name;
  return "dockhew-builder";
}

// `AS NAME` as the file writes it.
std::string as_name(const Stage& stage, std::string_view name) {
  const auto& words = stage.from->arguments;
  return ' ' + (words.size() > 1 ? words[1].text : std::string("AS")) + ' ' + std::string(name);
}

// The image is for the platform that the file says.
std::string from_line(const Dockerfile& file, const RuntimeStage& runtime) {
  std::string text = "FROM ";
  for (const auto& flag : file.final_stage().from->flags) text.append(slice(file.source(), flag.span)).append(" ");
  const auto& words = file.final_stage().from->arguments;
  text += runtime.image;
  if (words.size() > 2) text += as_name(file.final_stage(), slice(file.source(), words[2].span));
  return text + newline(file);
}

std::string first_lines(const Dockerfile& file, const RuntimeStage& runtime) {
  const auto& stage = file.final_stage();
  auto text = newline(file) + from_line(file, runtime) + runtime.installation;
  // An image may start in a directory of its own, and what it starts would too.
  const auto first =
      std::ranges::find_if(stage.steps, [](const Step& step) { return step.instruction->keyword == Keyword::workdir; });
  const bool sets_workdir = first != stage.steps.end() && !first->instruction->arguments.empty() &&
                            first->instruction->arguments[0].text.find_first_of("/$\"'") == 0;
  const auto& start = stage.steps.empty() ? stage.workdir : stage.steps.front().workdir;
  if (!sets_workdir && start.is_known() && start.text != "/") text += "WORKDIR " + start.text + newline(file);
  return text;
}

// Files of one directory share a COPY; a directory needs a separate COPY that names it.
std::string artifact_lines(const Dockerfile& file, const RuntimeStage& runtime) {
  const auto flag = "--from=" + builder_name(file) + ' ';
  const auto& artifacts = runtime.artifacts;
  std::string text;
  for (const auto& command : runtime.before) text += "RUN " + command + newline(file);
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    std::vector<std::string> sources = {artifacts[i].from};
    auto to = artifacts[i].to;
    const auto directory = path_parent(artifacts[i].to);
    if (artifacts[i].is_file) to = std::string(directory) + (directory == "/" ? "" : "/");
    while (artifacts[i].is_file && i + 1 < artifacts.size() && artifacts[i + 1].is_file &&
           path_parent(artifacts[i + 1].to) == directory)
      sources.push_back(artifacts[++i].from);
    text += copy_line(flag, sources, to).value_or("") + newline(file);
  }
  for (const auto& command : runtime.after) text += "RUN " + command + newline(file);
  return text;
}

std::string repeated_line(const Dockerfile& file, const RuntimeStage& runtime, std::size_t step) {
  const auto found = runtime.repeats.find(step);
  if (found == runtime.repeats.end()) return {};
  std::string text;
  for (const auto& command : found->second) text += (text.empty() ? "RUN " : " && ") + command;
  return text + newline(file);
}

// Whether a step of the runtime stage that follows the build needs what comes from the builder to be there: a user must
// exist before files are given to it, and root's files come before the last USER.
bool needs_artifacts(Keyword keyword) {
  constexpr Keyword those[] = {Keyword::run,        Keyword::copy,        Keyword::add,    Keyword::user,  Keyword::cmd,
                               Keyword::entrypoint, Keyword::healthcheck, Keyword::expose, Keyword::volume};
  return std::ranges::find(those, keyword) != std::end(those);
}

// A WORKDIR of both stages that the builder may have to say, and that changes nothing.
bool says_nothing(const Stage& stage, const Place& place, std::size_t step) {
  return place.builder && stage.steps[step].instruction->keyword == Keyword::workdir && step + 1 < stage.steps.size() &&
         stage.steps[step].workdir == stage.steps[step + 1].workdir;
}

std::string builder_text(const Dockerfile& file, const Placement& placement, const BuilderStage& builder) {
  const auto& stage = file.final_stage();
  auto text = std::string(slice(file.source(), {stage.from->span.begin, stage.from->arguments[0].span.end}));
  text += as_name(stage, builder_name(file)) + newline(file);
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& place = placement.places[i];
    if (place.builder) text += chunk_of(file, i);
    else if (!place.runtime) text += comment_lines('\n' + chunk_of(file, i));  // what was said of a step that is gone
    if (i != builder.build) continue;
    for (const auto& command : builder.after_build) text += "RUN " + command + newline(file);
  }
  return text;
}

std::string runtime_text(const Dockerfile& file, const Placement& placement, const BuilderStage& builder,
                         const RuntimeStage& runtime) {
  const auto& stage = file.final_stage();
  auto text = first_lines(file, runtime);
  bool copied = false;
  const auto copy_artifacts = [&] {
    if (!copied) text += artifact_lines(file, runtime);
    copied = true;
  };
  for (std::size_t i = 0; i < stage.steps.size(); ++i) {
    const auto& place = placement.places[i];
    // Before what comes from the builder, which has its owners and modes already and would be stored twice.
    text += repeated_line(file, runtime, i);
    if (i == builder.build && builder.runs_source) copy_artifacts();
    if (!place.runtime || is_covered_later(file, stage, placement, i) || says_nothing(stage, place, i)) continue;
    if (i > builder.build && needs_artifacts(stage.steps[i].instruction->keyword)) copy_artifacts();
    text += place.builder ? lines_of(file, i) : chunk_of(file, i);
  }
  copy_artifacts();
  return text;
}

}  // namespace

bool can_be_written(const Artifact& artifact) { return copy_line("", {artifact.from}, artifact.to).has_value(); }

TextEdit write_stages(const Dockerfile& file, const Placement& placement, const BuilderStage& builder,
                      const RuntimeStage& runtime) {
  const auto& stage = file.final_stage();
  const auto& document = file.document();
  auto text = builder_text(file, placement, builder) + runtime_text(file, placement, builder, runtime);
  const auto from = own_lines(document, *stage.from);
  const auto end = stage.steps.empty() ? from.end : own_lines(document, *stage.steps.back().instruction).end;
  if (!file.source().ends_with('\n') && end == file.source().size() && text.ends_with('\n'))
    text.resize(text.size() - newline(file).size());
  return {{from.begin, end}, std::move(text)};
}

}  // namespace dockhew::inline stages
