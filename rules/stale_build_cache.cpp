// Fires on a build directory in a cache mount whose tool compares time stamps. A source file that changed but is older
// than what was built from its previous version counts as unchanged, and the old program is shipped.
#include <algorithm>
#include <string>

#include "edits/run_edits.hpp"
#include "lint/rule.hpp"
#include "model/site.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool touches(const Step& step) {
  return std::ranges::any_of(step.script->commands, [](const ShellCommand& command) {
    return command.name() == "touch" || command.has_word("touch") || command.has_word("clean");
  });
}

// The first command that compiles into a directory and compares times: Cargo, Make and Ninja do; Go does not.
const ShellCommand* compiler_of(const Step& step) {
  for (const auto& command : step.script->commands) {
    const auto& name = command.name();
    const bool cargo = name == "cargo" && (command.has_word("build") || command.has_word("b") ||
                                           command.has_word("test") || command.has_word("rustc"));
    const bool cmake = name == "cmake" && command.has_word("--build");
    if (cargo || cmake || name == "make" || name == "ninja") return &command;
  }
  return nullptr;
}

// `target` for Cargo, otherwise a directory with a typical build name or one named by `-B`, `-C` or `--build`.
const Mount* build_directory(const Step& step, const ShellCommand& compiler) {
  for (const auto& mount : step.mounts) {
    if (mount.type != Mount::Type::cache || !mount.target.is_known()) continue;
    const auto name = path_basename(mount.target.text);
    if (compiler.name() == "cargo" ? name == "target" : name == "build" || name.starts_with("build-") || name == "obj")
      return &mount;
    for (const auto& command : step.script->commands)
      for (const auto& word : command.words)
        if (compiler.name() != "cargo" && word.value.is_known() && command.directory.is_known() &&
            !word.raw.starts_with('-') && resolve_path(command.directory.text, word.text()) == mount.target.text)
          return &mount;
  }
  return nullptr;
}

Fix touch_sources(const Site& site, const ShellCommand& compiler) {
  Fix fix;
  fix.title = "make the sources newer than earlier build results";
  fix.applicability = Applicability::safe;
  if (compiler.name() != "cargo") return decline(fix, "which files are sources is not known");
  if (site.file.ships(site.stage)) return decline(fix, "that would put a second copy of the sources into the image");
  const auto& script = *site.step.script;
  if (compiler.nested || !script.is_straight() || script.chain.empty() || !compiler.directory.is_known() ||
      compiler.directory != site.step.workdir)
    return decline(fix, "the commands of this RUN are not a plain chain in its working directory");
  fix.edits.push_back(
      prepend_command(site.file.document(), script, "find . -path ./target -prune -o -name '*.rs' -exec touch {} +"));
  return fix;
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script || step.mounts.empty() || touches(step)) continue;
      const auto* compiler = compiler_of(step);
      const auto* mount = compiler == nullptr ? nullptr : build_directory(step, *compiler);
      if (mount == nullptr) continue;
      auto& finding = report.add(mount->span, "`" + compiler->name() +
                                                  "` compares time stamps, so a changed source that is older than this "
                                                  "build directory counts as unchanged");
      finding.fixes.push_back(touch_sources({file, stage, step}, *compiler));
    }
}

}  // namespace

extern constinit const Rule stale_build_cache = {
    .id = "stale-build-cache",
    .category = Category::correctness,
    .severity = Severity::info,
    .by_default = false,
    .about_mounts = true,
    .summary = "a build directory in a cache mount may be newer than a changed source",
    .rationale =
        R"(Cargo, Make and Ninja recompile whatever is newer than its result. A build directory in a cache mount
outlives the source it was built from: the next build may use an older commit checked out with its original times,
another branch, an archive, or another machine. Its files are older than the results in the mount, so nothing is
compiled, and the image contains the previous program. Measured with Cargo 1.95.

`touch` on the sources before the build makes Cargo compile the project's own crates and nothing else. Go compares
contents and does not need this. The rule is off by default: where sources are always checked out afresh, they are
always newer.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
