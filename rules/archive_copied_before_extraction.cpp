// Fires on a COPY of an archive from the build context that a later RUN of the stage unpacks. Both layers are shipped:
// the archive, and what was in it.
#include <algorithm>
#include <string_view>

#include "effects/unix_effects.hpp"
#include "lint/rule.hpp"
#include "model/added_source.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

std::string_view last_part(std::string_view path) { return path.substr(path.find_last_of("/\\") + 1); }

// Whether the command unpacks an archive of that name, into whatever directory.
bool unpacks(const Facts& facts, ShellCommand command, std::string_view name) {
  const auto* row = facts.unix_command(command.name());
  if (row == nullptr || row->operands != Operands::archived) return false;
  // The archive goes by its name, so where the command runs need not be known.
  if (!command.directory.is_known()) command.directory = Value::known("/");
  const auto effects = unix_effects(facts, command);
  const bool reads = std::ranges::any_of(effects.reads.paths,
                                         [&](const AffectedPath& archive) { return last_part(archive.path) == name; });
  return reads && !effects.only_prints();
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& step = stage.steps[i];
      if (step.instruction->keyword != Keyword::copy || !step.copy || !step.copy->from_context()) continue;
      for (const auto& source : step.copy->sources) {
        if (!source.known || !is_tar(source.text)) continue;
        const auto name = last_part(is_tar(step.copy->destination_text) ? std::string_view(step.copy->destination_text)
                                                                        : std::string_view(source.text));
        const bool unpacked = std::any_of(
            stage.steps.begin() + static_cast<std::ptrdiff_t>(i), stage.steps.end(), [&](const Step& later) {
              return later.script && std::ranges::any_of(later.script->commands, [&](const ShellCommand& command) {
                       return unpacks(file.facts(), command, name);
                     });
            });
        if (unpacked)
          report.add(source.span,
                     "this archive stays in its layer after it is unpacked; `ADD` would unpack it while copying",
                     {"DL3010"});
      }
    }
}

}  // namespace

extern constinit const Rule archive_copied_before_extraction = {
    .id = "archive-copied-before-extraction",
    .aliases = {"DL3010"},
    .category = Category::size,
    .severity = Severity::info,
    .summary = "an archive is copied, then unpacked",
    .rationale =
        R"(The layer of the `COPY` keeps the archive, even if a later step removes it. `ADD` unpacks a local tar archive
while it copies; a bind mount, `RUN --mount=type=bind,source=a.tar.gz,…`, shows it to one `RUN` only.

There is no fix, because the options of `tar` and the directory it runs in decide where the files go.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
