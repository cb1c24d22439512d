// Fires when a project is built or installed behind a COPY of its source and nothing before that COPY fetches, compiles
// or installs its dependencies. The fix puts a dependency layer in front of the COPY: `go mod download`, `uv sync
// --no-install-project`, or for Cargo a build of the dependencies against dummy crate roots, which the real build then
// touches.
#include <algorithm>
#include <span>

#include "caches/cache_directories.hpp"
#include "ecosystems/cargo/layout.hpp"
#include "ecosystems/dependency_command.hpp"
#include "ecosystems/manifests.hpp"
#include "ecosystems/settings_command.hpp"
#include "edits/copy_ahead.hpp"
#include "edits/run_edits.hpp"
#include "effects/independence.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "lint/rule.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/tool_use.hpp"
#include "model/user.hpp"
#include "text/path.hpp"

namespace dockhew::rules {
namespace {

bool installs_or_builds(const Step& step, const Tool& tool) {
  if (!step.script) return false;
  return std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
    return use.tool == &tool &&
           (use.action->kind == ActionKind::fetch || use.action->kind == ActionKind::build || installs_project(use));
  });
}

// An earlier step of the chain fetched or built with the same tool, or copied what another stage did into the project.
bool has_dependency_step(const Dockerfile& file, const Stage& stage, std::size_t before, const Tool& tool,
                         std::string_view project) {
  return any_earlier_step(file, stage, stage.steps[before], [&](const Step& earlier) {
    if (installs_or_builds(earlier, tool)) return true;
    const auto& copy = earlier.copy;
    return copy && copy->stage && copy->destination.is_known() && path_is_under(copy->destination.text, project) &&
           std::ranges::any_of(file.stages()[*copy->stage].steps,
                               [&](const Step& step) { return installs_or_builds(step, tool); });
  });
}

// The build's own directory is in a cache mount: dependencies survive there, and a layer would be hidden.
bool builds_in_mount(const Step& step, const ToolUse& use) {
  return use.tool->id == "cargo" && use.command->directory.is_known() &&
         std::ranges::any_of(step.mounts, [&](const Mount& mount) {
           return mount.type == Mount::Type::cache && mount.target.is_known() &&
                  path_is_under(mount.target.text, use.command->directory.text);
         });
}

constexpr const char* unusual_name = "a manifest has a name that COPY cannot take as a plain word";

struct Context {
  const Dockerfile& file;
  const Stage& stage;
  std::size_t copy_index, run_index;
  const ToolUse& use;
  std::string root;       // of the COPY in the build context
  std::string directory;  // of the project in the build context
  bool in_parts = false;  // the source comes by several COPYs, the first of them the one of `copy_index`

  Site build() const { return {file, stage, stage.steps[run_index]}; }
};

std::string newline(const Context& c) { return std::string(c.file.document().newline()); }

// The COPYs of the manifests, in front of the COPY of the source. Where the source comes in parts, some manifests may
// be there already, others have a COPY that can come ahead, and others are not wanted at all.
std::optional<std::string> manifest_copies(const Context& c, const std::vector<std::string>& paths, Fix& fix) {
  const auto& first = c.stage.steps[c.copy_index];
  const auto& project = c.use.command->directory;
  if (!c.in_parts) return copy_ahead(c.file, first, c.root, paths);
  std::vector<std::string> missing;
  for (const auto& path : paths)
    if (!is_brought(c.file, c.stage, c.copy_index, project.text, path) &&
        is_brought(c.file, c.stage, c.run_index, project.text, path))
      missing.push_back(path);
  std::string text;
  for (auto i = c.copy_index + 1; i < c.run_index; ++i) {
    const auto& step = c.stage.steps[i];
    if (!step.copy || !step.copy->from_context() || !copies_only_manifests(c.file, *step.copy) ||
        step.workdir != first.workdir || !path_is_under(step.copy->destination.text, project.text) ||
        std::erase_if(missing, [&](const auto& path) { return copy_brings(c.file, *step.copy, path); }) == 0)
      continue;
    const auto lines = instruction_lines(c.file.document(), *step.instruction);
    text += slice(c.file.source(), lines);
    fix.edits.push_back({lines, ""});
    fix.moves.push_back(lines);
  }
  const auto rest = copy_files(c.file, first, first.workdir == project ? "./" : project.text, c.root, missing);
  return rest ? std::optional(text + *rest) : std::nullopt;
}

// `go mod download` compiles nothing, so a mount on Go's build cache is of no use to it.
bool is_for_builds(const Context& c, const Flag& flag) {
  const auto& step = c.stage.steps[c.run_index];
  if (c.use.tool->id != "go") return false;
  for (const auto& directory : cache_directories(c.build(), c.use))
    for (const auto& mount : step.mounts)
      if (directory.cache->builds_only && mount.span.begin == flag.span.begin && mount.type == Mount::Type::cache &&
          directory.path == mount.target)
        return true;
  return false;
}

// The flags of the building RUN: the dependency step needs the same caches. When the build has no mounts yet the step
// has none either, so that what it fetches is in the layer where the build finds it.
std::string run_prefix(const Context& c) {
  const auto& step = c.stage.steps[c.run_index];
  std::string text = "RUN ";
  for (const auto& flag : step.instruction->flags)
    if (!is_for_builds(c, flag))
      text += std::string(slice(c.file.source(), flag.span)) + continued_line(c.file.document());
  return text;
}

// What makes the step run where the build runs: an instruction before it, or a command at its beginning.
struct Place {
  std::string instruction, command;
};

Place working_directory(const Context& c, Fix& fix) {
  const auto& copy_step = c.stage.steps[c.copy_index];
  const auto& directory = c.use.command->directory.text;
  if (copy_step.workdir.is(directory)) return {};
  const bool absolute = copy_step.copy->destination_text.starts_with('/');
  // `cd` in the RUN itself; the manifests have made the directory.
  if (copy_step.workdir.is_known() && c.stage.steps[c.run_index].workdir == copy_step.workdir) {
    const bool below = path_is_under(directory, copy_step.workdir.text);
    const auto path = below ? relative_path(copy_step.workdir.text, directory) : directory;
    if (below || absolute) return {{}, "cd " + path + " &&" + continued_line(c.file.document())};
  }
  // A WORKDIR that comes later may come now, unless a path before it is relative to another.
  const auto passed = std::span(c.stage.steps).subspan(c.copy_index, c.run_index - c.copy_index);
  const auto later =
      std::ranges::find_if(passed, [](const Step& step) { return step.instruction->keyword == Keyword::workdir; });
  const bool set_later = later != passed.end() && later->instruction->arguments[0].text.starts_with('/') &&
                         std::all_of(passed.begin(), later, [](const Step& step) {
                           return !step.copy || step.copy->destination_text.starts_with('/');
                         });
  if (set_later && absolute && c.stage.steps[c.run_index].workdir.is(directory) && may_be_root(copy_step.user))
    return {"WORKDIR " + directory + newline(c), {}};
  fix.declined = "the build does not run in the directory that the source is copied from";
  return {};
}

// The dependency step, in front of the COPY of the source. The manifests make the directory, because a WORKDIR would
// make it for another owner.
void add_step(const Context& c, const Place& place, const std::string& copies, const std::string& commands, Fix& fix) {
  const auto at = instruction_lines(c.file.document(), *c.stage.steps[c.copy_index].instruction).begin;
  fix.edits.push_back({{at, at}, copies + place.instruction + run_prefix(c) + place.command + commands + newline(c)});
}

// Variables that are set for the build alone and that its downloads need too: `GOPRIVATE=example.com `.
std::string settings_of_command(const Context& c, Fix& fix) {
  std::string text;
  for (const auto& assignment : c.use.command->assignments) {
    if (!changes_downloads(c.use.tool->id, assignment.name)) continue;
    if (assignment.value.raw.find('$') != std::string::npos)
      fix.declined = "`" + assignment.name + "` is set to what may not be known before the source";
    text += assignment.name + '=' + assignment.value.raw + ' ';
  }
  return text;
}

void plan_go(const Context& c, Fix& fix) {
  auto manifests = find_manifests(c.build(), c.use, c.directory, c.root);
  if (!manifests.declined.empty()) return void(fix.declined = std::move(manifests.declined));
  const auto place = working_directory(c, fix);
  if (!fix.declined.empty()) return;
  const auto copies = manifest_copies(c, manifests.paths, fix);
  if (!copies) return void(fix.declined = unusual_name);
  add_step(c, place, *copies, settings_of_command(c, fix) + "go mod download", fix);
  fix.assumptions = std::move(manifests.assumptions);
  fix.applicability = fix.assumptions.empty() ? Applicability::safe : Applicability::conditional;
}

void plan_dotnet(const Context& c, Fix& fix) {
  auto manifests = find_manifests(c.build(), c.use, c.directory, c.root);
  if (!manifests.declined.empty()) return void(fix.declined = std::move(manifests.declined));
  const auto place = working_directory(c, fix);
  auto restore = dotnet_restore_command(c.use);
  if (fix.declined.empty()) fix.declined = std::move(restore.declined);
  if (!fix.declined.empty()) return;
  const auto copies = manifest_copies(c, manifests.paths, fix);
  if (!copies) return void(fix.declined = unusual_name);
  add_step(c, place, *copies, settings_of_command(c, fix) + restore.text, fix);
  fix.applicability = Applicability::safe;
}

void plan_cargo(const Context& c, Fix& fix) {
  const auto& step = c.stage.steps[c.run_index];
  if (!c.file.context().is_known())
    return void(fix.declined =
                    "compiling dependencies alone needs the layout of the crate, and the build context is not known");
  for (const auto* option : {"--manifest-path", "-C"})
    if (c.use.has_option(option))
      return void(fix.declined = "`" + std::string(option) + "` names another place for the manifests");
  const auto layout = read_cargo_layout(c.file.context(), c.directory, c.root);
  if (!layout.declined.empty()) return void(fix.declined = layout.declined);
  for (const auto* files : {&layout.manifests, &layout.programs, &layout.libraries})
    for (const auto& path : *files)
      if (c.in_parts && !is_brought(c.file, c.stage, c.run_index, c.use.command->directory.text, path))
        return void(fix.declined = "`" + path + "` is a part of the project that is not copied");
  if (c.file.context().exists(join_context_path(layout.workspace, "target")))
    return void(fix.declined =
                    "the build context holds a target directory, which the COPY would put over the compiled "
                    "dependencies; exclude it in .dockerignore");
  if (!step.script->is_straight() || step.script->chain.empty() || c.use.command->nested ||
      c.use.command->conditional || c.use.command->piped)
    return void(fix.declined = "the build is not a plain command of its RUN");
  if (c.use.command->has_word("test") || c.use.command->has_word("check") || c.use.command->has_word("clippy") ||
      c.use.command->has_word("doc"))
    return void(fix.declined = "`cargo " + c.use.command->words[1].text() + "` is not a build");
  const auto place = working_directory(c, fix);
  if (!fix.declined.empty()) return;

  const auto joint = " &&" + continued_line(c.file.document());
  const auto dummies = dummy_crate_roots(layout, c.directory, joint);
  if (!dummies.declined.empty()) return void(fix.declined = dummies.declined);
  const auto copies = manifest_copies(c, layout.manifests, fix);
  if (!copies) return void(fix.declined = unusual_name);
  add_step(c, place, *copies, dummies.making + cargo_dependency_command(c.use, *step.script), fix);
  // Cargo goes by modification times: the real source may be older than the dummy that was just compiled.
  const auto build = step.script->text.to_source(c.use.command->span.begin);
  fix.edits.push_back({{build, build}, dummies.touching});
  fix.applicability = Applicability::safe;
  if (c.file.ships(c.stage)) {
    fix.applicability = Applicability::conditional;
    fix.assumptions.push_back(
        {"build-directory-is-scratch",
         "nothing but the built programs is used from the `target` directory, which ends up in the image"});
  }
}

// What Composer runs while it installs packages: it would run before the source, or not at all.
std::string composer_obstacle(const Context& c) {
  const auto text = [&](const char* name) {
    return c.file.context().read(join_context_path(c.directory, name)).value_or("");
  };
  if (text("composer.lock").find("composer-plugin") != std::string::npos)
    return "a plugin of Composer's is installed, and may read the source";
  const auto manifest = text("composer.json");
  for (const auto* event : {"pre-install-cmd", "-package-install", "-package-update", "-operations-exec",
                            "-file-download", "-command-run", "-dependencies-solving", "-pool-create"})
    if (manifest.find(event) != manifest.npos)
      return std::string("composer.json has a script for `") + event + "`, which runs while packages are installed";
  return {};
}

// `pip install uv && uv sync`: a tool that is installed before its use and in the same RUN.
bool moves_along(const Context& c, const ShellCommand& command) {
  const auto& script = *c.stage.steps[c.run_index].script;
  if (!script.is_straight() || command.nested || command.conditional || command.element >= c.use.command->element)
    return false;
  if (may_hold_settings(c.build(), c.use.command->directory.text)) return false;
  const auto& element = script.chain[command.element];
  const auto* use = command.use;
  return element.simple && element.joint == Joint::and_if && use && !use->tool->system_packages &&
         use->action->kind == ActionKind::install && installs_by_name(*use);
}

// The use's own command, told to leave the project itself out.
void plan_project(const Context& c, Fix& fix) {
  const auto& command = *c.use.command;
  if (!c.file.context().is_known())
    return void(fix.declined = "which files the dependencies need is not known without the build context");
  auto manifests = find_manifests(c.build(), c.use, c.directory, c.root);
  if (!manifests.declined.empty()) return void(fix.declined = std::move(manifests.declined));
  if (std::ranges::none_of(manifests.paths, [](const std::string& path) { return path.ends_with(".lock"); }))
    return void(fix.declined = "there is no lock file, so every installation may take other versions");
  for (const auto& path : manifests.paths)
    if (c.file.context().read(path).value_or("").find("dynamic") != std::string::npos &&
        path_basename(path) == "pyproject.toml")
      return void(fix.declined = "pyproject.toml has parts that are read from the source (`dynamic`)");
  if (c.use.tool->id == "composer")
    if (auto obstacle = composer_obstacle(c); !obstacle.empty()) return void(fix.declined = std::move(obstacle));
  if (command.nested || command.conditional || command.piped || !command.redirects.empty())
    return void(fix.declined = "the installation is not a plain command of its RUN");
  const auto place = working_directory(c, fix);
  const auto copies = manifest_copies(c, manifests.paths, fix);
  if (!fix.declined.empty()) return;
  if (!copies) return void(fix.declined = unusual_name);
  // What the package manager is told before, it is told here too; and when it is installed before, it is installed
  // here.
  const auto& script = *c.stage.steps[c.run_index].script;
  std::string before;
  for (const auto& earlier : script.commands) {
    if (earlier.span.begin >= command.span.begin) break;
    const bool moves = moves_along(c, earlier);
    if (!moves && !only_sets_settings(c.file, earlier, c.directory)) continue;
    before += std::string(script.text.view(earlier.span)) + " &&" + continued_line(c.file.document());
    const Span gone{script.chain[earlier.element].span.begin, script.chain[earlier.element + 1].span.begin};
    if (moves) fix.edits.push_back({script.to_source(gone), ""});
  }
  add_step(c, place, *copies,
           before + std::string(script.text.view(command.span)) + ' ' + options_for_dependencies(c.use), fix);
  fix.assumptions = std::move(manifests.assumptions);
  fix.applicability = fix.assumptions.empty() ? Applicability::safe : Applicability::conditional;
}

// The step writes beside the manifests: dummy sources, `target`, `obj`. COPY makes what it makes for root, unless told.
std::string obstacle_of_user(const Context& c) {
  const auto& user = c.stage.steps[c.run_index].user;
  if (may_be_root(user)) return {};
  const auto* chown = c.stage.steps[c.copy_index].instruction->flag("chown");
  if (chown != nullptr && chown->value.substr(0, chown->value.find(':')) == user.text) return {};
  return "the build runs as `" + user.text + "`, and what COPY makes for the manifests belongs to root";
}

// Commands of the RUN itself, before the build, that the dependency step would have to follow: a linker installed, a
// target added, a variable set.
std::string obstacle_in_run(const Context& c) {
  const bool sees_source = std::ranges::any_of(c.stage.steps[c.run_index].mounts, [](const Mount& mount) {
    return mount.type == Mount::Type::bind && mount.from.empty();
  });
  if (sees_source) return "the RUN mounts files of the build context, and runs again whenever they change";
  constexpr std::string_view harmless[] = {"cd", "date", "echo", "ls", "mkdir", "pwd", "set", "true"};
  for (const auto& command : c.stage.steps[c.run_index].script->commands) {
    if (command.span.begin >= c.use.command->span.begin) break;
    const auto* use = command.use;
    // Of Go only what changes the settings or the modules matters to `go mod download`.
    const bool same_go = use && use->tool->id == "go" && c.use.tool->id == "go" && !command.has_word("env") &&
                         !command.has_word("get") && !command.has_word("edit") && !command.has_word("tidy");
    const auto name = command.name();
    if (same_go || std::ranges::find(harmless, name) != std::end(harmless)) continue;
    if (installs_project(c.use) && (only_sets_settings(c.file, command, c.directory) || moves_along(c, command)))
      continue;
    const auto text = c.stage.steps[c.run_index].script->text.view(command.span);
    return "`" + std::string(text.substr(0, 40)) +
           "` before the build in its RUN may prepare what the dependencies need";
  }
  return {};
}

// Whether the dependency step would do something else without the variable.
bool matters(const Context& c, const std::string& name) {
  // The steps of Go and .NET have only the flags of the RUN, the others the command's own words too.
  const auto& run = *c.stage.steps[c.run_index].instruction;
  const bool own_words = c.use.tool->id != "go" && c.use.tool->id != "dotnet";
  const auto end = own_words ? run.span.end : run.arguments_text.to_source(std::uint32_t{0});
  const auto text = slice(c.file.source(), {run.span.begin, end});
  if (text.find('$' + name) != text.npos || text.find("${" + name) != text.npos) return true;
  if (own_words) return may_change_compilation(name);
  return changes_downloads(c.use.tool->id, name);
}

// Steps between the COPY and the build that the dependency step would have to follow.
std::string obstacle_between(const Context& c) {
  for (auto i = c.copy_index + 1; i < c.run_index; ++i) {
    const auto& step = c.stage.steps[i];
    if (step.instruction->keyword == Keyword::run)
      return "a RUN between the COPY and the build may prepare what the dependencies need";
    if (step.instruction->keyword == Keyword::shell || step.instruction->keyword == Keyword::user)
      return "SHELL or USER changes between the COPY and the build";
    if (step.instruction->keyword != Keyword::env && step.instruction->keyword != Keyword::arg) continue;
    for (std::size_t b = step.bindings; b < c.stage.steps[i + 1].bindings; ++b) {
      const auto& name = c.stage.environment[b].name;
      if (matters(c, name)) return "`" + name + "` is set between the COPY and the build";
    }
  }
  const auto& copy_step = c.stage.steps[c.copy_index];
  if (copy_step.instruction->flag("link") != nullptr || copy_step.instruction->flag("parents") != nullptr)
    return "the COPY has flags that the manifests cannot take over";
  return {};
}

// `COPY vendor ./vendor`
bool copies_vendor(const Stage& stage, std::size_t end) {
  return std::ranges::any_of(std::span(stage.steps).first(end), [](const Step& step) {
    return step.copy && std::ranges::any_of(step.copy->sources, [](const CopySource& source) {
             return path_basename(clean_path("/" + source.text)) == "vendor";
           });
  });
}

void check_run(const Dockerfile& file, const Stage& stage, std::size_t index, Report& report) {
  const auto& step = stage.steps[index];
  for (const auto& use : step.script->uses) {
    const auto& tool = use.tool->id;
    const bool compiled = tool == "cargo" || tool == "go" || (tool == "dotnet" && use.uses_cache());
    const bool project = installs_project(use) && !options_for_dependencies(use).empty();
    if (!project && (!compiled || use.action->kind != ActionKind::build)) continue;
    if (!use.command->directory.is_known()) continue;
    const auto parts = find_source_parts(file, stage, index, use.command->directory.text);
    const auto copy_index = parts ? std::optional(parts->parts.front().step)
                                  : find_source_copy(file, stage, index, use.command->directory.text);
    if (!copy_index || has_dependency_step(file, stage, index, *use.tool, use.command->directory.text) ||
        builds_in_mount(step, use))
      return;
    const auto fetched = std::ranges::any_of(step.script->uses, [&](const ToolUse& other) {
      return other.tool == use.tool && other.command != use.command &&
             (other.action->kind == ActionKind::fetch || installs_project(other));
    });
    if (fetched) return;
    const bool vendored =
        use.has_option("-mod=vendor") ||
        std::ranges::any_of(use.command->assignments, [](const ShellAssignment& assignment) {
          return assignment.name == "GOFLAGS" && assignment.value.raw.find("-mod=vendor") != std::string::npos;
        });
    if (vendored || file.lookup(stage, step, "GOFLAGS").text.find("-mod=vendor") != std::string::npos) return;
    const auto& copy_step = stage.steps[*copy_index];
    const auto root =
        parts ? std::optional(parts->directory) : context_directory(*copy_step.copy, copy_step.copy->destination.text);
    const auto directory = parts ? root : context_directory(*copy_step.copy, use.command->directory.text);
    // A context that is at hand tells whether this is a project with dependencies at all.
    if (file.context().is_known() && directory && !use.tool->required_manifests.empty()) {
      const auto& required = use.tool->required_manifests.front();
      if (!file.context().exists(join_context_path(*directory, required)) ||
          file.context().exists(join_context_path(*directory, "vendor")))
        return;
    }
    if (parts && copies_vendor(stage, index)) return;
    // Where the source comes in parts, one of them must bring what declares dependencies.
    const auto& required_manifests = use.tool->required_manifests;
    if (parts && !required_manifests.empty() &&
        std::ranges::none_of(required_manifests, [&](std::string_view manifest) {
          return is_brought(file, stage, index, use.command->directory.text,
                            join_context_path(parts->directory, manifest));
        }))
      return;
    auto& finding = report.add(
        copy_step.instruction->head_span(),
        "every change of the source fetches " + std::string(compiled && tool != "dotnet" ? "and compiles " : "") +
            "all dependencies again: `" + std::string(step.script->text.view(use.command->span)).substr(0, 60) +
            "` has no dependency layer before the source");
    Fix fix;
    fix.title = tool == "go"       ? "download the modules in a layer of their own"
                : tool == "dotnet" ? "restore the packages in a layer of their own"
                : project          ? "install the dependencies in a layer of their own"
                                   : "compile the dependencies in a layer of their own";
    if (!root || !directory) {
      fix.declined = "the COPY names several sources, so where the manifests come from is not clear";
    } else {
      const Context context{file, stage, *copy_index, index, use, *root, *directory, parts.has_value()};
      fix.declined = obstacle_between(context);
      if (fix.declined.empty()) fix.declined = obstacle_in_run(context);
      if (fix.declined.empty() && tool != "go") fix.declined = obstacle_of_user(context);
      if (fix.declined.empty() && tool == "go") plan_go(context, fix);
      else if (fix.declined.empty() && tool == "dotnet") plan_dotnet(context, fix);
      else if (fix.declined.empty() && project) plan_project(context, fix);
      else if (fix.declined.empty()) plan_cargo(context, fix);
    }
    if (!fix.declined.empty()) fix.edits.clear();
    finding.fixes.push_back(std::move(fix));
    return;
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (std::size_t i = 0; i < stage.steps.size(); ++i)
      if (stage.steps[i].script && !stage.steps[i].script->opaque) check_run(file, stage, i, report);
}

}  // namespace

extern constinit const Rule no_dependency_layer = {
    .id = "no-dependency-layer",
    .category = Category::speed,
    .severity = Severity::warning,
    .optimizes = true,
    .summary = "a project has no layer for its dependencies",
    .rationale = R"(Most of the time of a first build goes into dependencies, and they change seldom. When the source is
copied before anything is fetched, every edit pays for all of them again.

For Go the module files are copied first and `go mod download` gets a layer; for .NET the projects and
`dotnet restore`, when the build context shows which projects there are; for uv, Poetry, PDM and Composer, whose
command installs the project itself too, the same command with `--no-install-project`, `--no-root`,
`--no-self`, or `--no-scripts --no-autoloader`. For Cargo the manifests
are copied first and the build runs once against dummy crate roots (`fn main() {}`), which compiles
every dependency. The real build then touches the crate roots: Cargo goes by modification times, and
without the `touch` it would ship the dummy.

Cargo's layout is read from the build context; without it no fix is offered. A cache mount on the
target directory already keeps compiled dependencies and is not reported.)",
    .fix = Applicability::safe,
    .check = check,
};

}  // namespace dockhew::rules
