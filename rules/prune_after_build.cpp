// Fires when the development dependencies are removed after the build, as by `npm prune`, so that every edit of the
// source repeats the pruning and writes all dependencies into a new layer. The fix prunes in a stage that only the
// manifests reach.
#include <algorithm>
#include <optional>

#include "ecosystems/ecosystem.hpp"
#include "edits/copy_line.hpp"
#include "edits/run_edits.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "lint/rule.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::rules {
namespace {

constexpr std::string_view installed_stage = "dependencies", pruned_stage = "production-dependencies";

// Who prunes with a command; null when nobody does.
const Pruning* find_pruning(const ShellCommand& command) {
  for (const auto* ecosystem : all_ecosystems())
    if (ecosystem->pruning != nullptr && ecosystem->pruning->prunes(command)) return ecosystem->pruning;
  return nullptr;
}

class Planner {
 public:
  Planner(const Dockerfile& file, const Stage& stage, std::size_t prune, const Pruning& pruning)
      : file_(file), stage_(stage), prune_(prune), pruning_(pruning) {}

  Fix plan() {
    fix_.title = "prune in a separate stage that does not depend on the source";
    auto obstacle = find_steps();
    if (!obstacle) obstacle = check_build();
    if (!obstacle) obstacle = check_names();
    if (!obstacle) obstacle = check_consumers();
    if (!obstacle) obstacle = write();
    if (obstacle) decline(fix_, std::move(obstacle->reason));
    return std::move(fix_);
  }

 private:
  const Step& step(std::size_t index) const { return stage_.steps[index]; }
  std::string newline() const { return std::string(file_.document().newline()); }
  std::string command() const {
    const auto& script = *step(prune_).script;
    const auto found = std::ranges::find_if(script.commands, pruning_.prunes);
    return '`' + first_words(script.text.view(found->span), 40) + '`';
  }
  // Of the project, in the image.
  std::string dependencies() const { return directory_ + '/' + std::string(pruning_.dependencies); }

  // `npm ci`, the COPY of the source, RUNs that build, and the pruning, in this order and with nothing in between.
  Obstacle find_steps() {
    const auto& script = *step(prune_).script;
    if (!script.is_straight() || script.chain.empty() || !pruning_.prunes(script.commands.back()) ||
        script.commands.back().nested || script.commands.back().conditional ||
        !script.commands.back().directory.is_known() || prune_ + 1 != stage_.steps.size())
      return Declined{command() + " is not the last command of the stage"};
    directory_ = script.commands.back().directory.text;
    copy_ = prune_;
    while (copy_ > 0 && step(copy_).instruction->keyword == Keyword::run) --copy_;
    const auto from_context = [&](std::size_t i) { return step(i).copy && step(i).copy->from_context(); };
    if (!from_context(copy_)) return Declined{"the source is not copied directly after the installation"};
    if (const auto parts = find_source_parts(file_, stage_, prune_, directory_)) {
      root_ = parts->directory;
      const auto last = copy_;
      while (copy_ > 0 && from_context(copy_ - 1)) --copy_;
      if (parts->parts.front().step != copy_ || parts->parts.back().step > last) copy_ = 0;
    } else if (find_source_copy(file_, stage_, prune_, directory_) == copy_) {
      root_ = context_directory(*step(copy_).copy, directory_);
    } else {
      copy_ = 0;
    }
    if (copy_ == 0 || !step(copy_ - 1).script)
      return Declined{"the source is not copied directly after the installation"};
    const auto installs = [&](const ToolUse& use) {
      return pruning_.installs(use) && use.command->directory.is(directory_);
    };
    if (std::ranges::none_of(step(copy_ - 1).script->uses, installs))
      return Declined{"the source is not copied directly after the installation"};
    for (std::size_t i = 0; i < copy_; ++i)
      if (step(i).instruction->keyword == Keyword::arg || step(i).instruction->keyword == Keyword::onbuild)
        return Declined{"a build argument would have to be declared in each stage"};
    return std::nullopt;
  }

  // What the build writes into the dependencies would be lost: a generated client, a patched package.
  Obstacle check_build() {
    if (auto obstacle = pruning_.find_obstacle(file_.context(), root_)) return obstacle;
    for (auto i = copy_ + 1; i <= prune_; ++i) {
      if (step(i).copy) continue;  // another part of the source
      if (!step(i).script || !step(i).script->is_straight())
        return Declined{"a RUN between the source and " + command() + " cannot be analyzed"};
      for (const auto& command : step(i).script->commands) {
        if (&command == &step(prune_).script->commands.back()) continue;
        auto script = pruning_.find_script(file_.context(), project(), command);
        if (!script) return script.declined();
        scripts_.push_back(std::move(*script));
      }
    }
    return std::nullopt;
  }

  Obstacle check_names() {
    if (has_target_by_number(file_)) return Declined{"stages are referred to by number"};
    const auto from = slice(file_.source(), stage_.from->span);
    if (stage_.name.empty() || !from.ends_with(stage_.name) || stage_.name == installed_stage)
      return Declined{"the stage has no plain lower-case name"};
    for (const auto& other : file_.stages()) {
      if (other.name == installed_stage || other.name == pruned_stage)
        return Declined{"there is already a stage called `" + other.name + "` already"};
      if (other.parent == stage_.index) return Declined{"another stage is built on this one"};
      for (const auto& each : other.steps) {
        const auto is_number = [](std::string_view name) {
          return !name.empty() && name.find_first_not_of("0123456789") == name.npos;
        };
        if (each.copy && is_number(each.copy->from)) return Declined{"stages are referred to by number"};
        for (const auto& mount : each.mounts)
          if (mount.from == stage_.name || is_number(mount.from)) return Declined{"a RUN mounts this stage"};
      }
    }
    return std::nullopt;
  }

  // Who takes the dependencies from this stage takes them from the pruned one.
  Obstacle check_consumers() {
    const auto modules = dependencies();
    bool taken = false;
    for (const auto& other : file_.stages())
      for (const auto& each : other.steps) {
        if (!each.copy || each.copy->stage != stage_.index) continue;
        if (each.copy->sources.size() != 1 || !each.copy->sources[0].known ||
            each.instruction->flag("link") != nullptr || each.instruction->flag("exclude") != nullptr)
          return Declined{"a COPY of this stage names several files"};
        const auto source = resolve_path("/", each.copy->sources[0].text);
        if (path_is_under(source, modules)) {
          from_pruned_.push_back(&each);
          taken = true;
        } else if (source == directory_) {
          whole_.push_back(&each);
          taken = true;
        } else if (path_is_under(modules, source) || source.find_first_of("*?[") != source.npos) {
          return Declined{"a COPY takes more than the project's directory"};
        }
      }
    if (!taken) return Declined{"nothing is copied from this stage"};
    return std::nullopt;
  }

  TextEdit rename(const Step& each) const {
    const auto* from = each.instruction->flag("from");
    return {from->span, "--from=" + std::string(pruned_stage)};
  }

  Obstacle write() {
    const auto& document = file_.document();
    const auto from = stage_.from->span;
    const auto name = static_cast<std::uint32_t>(stage_.name.size());
    fix_.edits.push_back({{from.end - name, from.end}, std::string(installed_stage)});

    const auto& script = *step(prune_).script;
    const bool alone = script.commands.size() == 1;
    const auto lines = instruction_lines(document, *step(prune_).instruction);
    std::string prune = alone ? std::string(slice(file_.source(), lines))
                              : "RUN " + std::string(script.text.view(script.commands.back().span));
    if (!prune.ends_with('\n')) prune += newline();
    const auto at = instruction_lines(document, *step(copy_).instruction).begin;
    const bool blank = file_.source().substr(0, at).ends_with(newline() + newline());
    fix_.edits.push_back({{at, at},
                          (blank ? "" : newline()) + "FROM " + std::string(installed_stage) + " AS " +
                              std::string(pruned_stage) + newline() + prune + newline() + "FROM " +
                              std::string(installed_stage) + " AS " + stage_.name + newline()});

    const auto direct = find_direct_copies();
    const bool removes = !whole_.empty() && direct.empty();
    const auto removal = "rm -rf " + std::string(pruning_.dependencies);
    if (!alone) {
      const auto last = script.chain.size() - 1;
      if (removes) {
        fix_.edits.push_back({script.to_source(script.commands.back().span), removal});
      } else if (auto edits = remove_elements(document, script, {last})) {
        std::ranges::move(*edits, std::back_inserter(fix_.edits));
      } else {
        return Declined{command() + " cannot be taken out of its RUN"};
      }
    } else {
      if (removes) {
        if (prune_ == copy_ + 1) return Declined{"nothing is built"};
        const auto& build = *step(prune_ - 1).script;
        fix_.edits.push_back(append_command(document, build, removal));
      }
      fix_.edits.push_back({lines, ""});
    }
    for (const auto* each : from_pruned_) fix_.edits.push_back(rename(*each));
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      auto before = copy_before(*whole_[i]);
      if (!before) return Declined{"the place of the project cannot be written in another COPY"};
      fix_.edits.push_back(std::move(*before));
      fix_.moves.push_back(whole_[i]->instruction->span);  // a flag that it gets now would not be on both
      if (!removes) fix_.edits.push_back({whole_[i]->instruction->span, direct[i]});
    }
    fix_.applicability = Applicability::safe;
    return std::nullopt;
  }

  BuiltProject project() const { return {&stage_, prune_, directory_, *root_, scripts_}; }

  // What replaces each COPY of the whole directory if nothing has to be removed from it; nothing when one of them needs
  // that.
  std::vector<std::string> find_direct_copies() const {
    std::vector<std::string> texts;
    for (const auto* each : whole_) {
      const auto copies = pruning_.copies_of_project(file_, project(), *each);
      if (!copies) return {};
      std::string text;
      for (const auto& copy : *copies) text += (text.empty() ? "" : newline()) + copy;
      texts.push_back(std::move(text));
    }
    return texts;
  }

  // `COPY --from=builder /app ./` has a COPY of its dependencies alone before it, which stays cached.
  std::optional<TextEdit> copy_before(const Step& each) const {
    const auto at = own_lines(file_.document(), *each.instruction).begin;
    std::string flags;
    for (const auto& flag : each.instruction->flags)
      flags += (flag.name == "from" ? "--from=" + std::string(pruned_stage)
                                    : std::string(slice(file_.source(), flag.span))) +
               ' ';
    auto destination = each.copy->destination_text;
    while (destination.size() > 1 && destination.ends_with('/')) destination.pop_back();
    const auto line = copy_line(flags, {dependencies()}, destination + '/' + std::string(pruning_.dependencies));
    if (!line) return std::nullopt;
    return TextEdit{{at, at}, *line + newline()};
  }

  const Dockerfile& file_;
  const Stage& stage_;
  const std::size_t prune_;
  const Pruning& pruning_;
  std::size_t copy_ = 0;                  // of the source, or of its first part
  std::string directory_;                 // of the project in the image
  std::optional<std::string> root_;       // of the project in the context
  std::vector<std::string> scripts_;      // that build
  std::vector<const Step*> from_pruned_;  // that copy the dependencies or a part of them
  std::vector<const Step*> whole_;        // that copy the project's directory
  Fix fix_;
};

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages()) {
    if (file.ships(stage)) continue;
    for (std::size_t i = 0; i < stage.steps.size(); ++i) {
      const auto& script = stage.steps[i].script;
      if (!script) continue;
      const auto prune = std::ranges::find_if(script->commands, find_pruning);
      if (prune == script->commands.end() || !prune->directory.is_known() ||
          !brings_source(file, stage, i, prune->directory.text))
        continue;
      const auto& pruning = *find_pruning(*prune);
      auto& finding = report.add(script->to_source(prune->words[0].span),
                                 "every source change prunes the dependencies again, and writes all of `" +
                                     std::string(pruning.dependencies) + "` into a new layer");
      finding.fixes.push_back(Planner(file, stage, i, pruning).plan());
      // What stands in the way, as where the build writes into the directory, stands in everybody's.
      if (file.context().is_known() && !finding.fixes[0].declined.empty()) finding.severity = Severity::off;
    }
  }
}

}  // namespace

extern constinit const Rule prune_after_build = {
    .id = "prune-after-build",
    .aliases = {"prune-behind-build"},
    .category = Category::speed,
    .severity = Severity::info,
    .optimizes = true,
    .summary = "development dependencies are pruned after the build",
    .rationale =
        R"(`npm prune`, `pnpm prune --prod` or `yarn install --production --ignore-scripts` after the build runs whenever the source changes, although it depends only on the
manifests, and the layer with `node_modules` is rebuilt, pushed and pulled again although nothing in it changed.

A stage that is built on the installation and only prunes stays cached until the manifests change, and BuildKit runs it
in parallel with the compilation. The fix is offered when the build is known not to write into `node_modules`: a
generated Prisma client, for example, is written there and would be lost.

What the final stage copied as a whole is now copied without `node_modules`, which comes from the new stage. If
`tsconfig.json` says what the build writes, and `.dockerignore` excludes `node_modules`, the final stage copies the
source from the build context and only the output from the builder; otherwise the builder removes `node_modules` after
the build.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
