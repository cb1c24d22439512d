#include "stages/multi_stage.hpp"

#include <algorithm>
#include <map>

#include "ecosystems/installation.hpp"
#include "ecosystems/needed_packages.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "edits/run_edits.hpp"
#include "effects/manifest_copy.hpp"
#include "effects/outputs.hpp"
#include "effects/source_parts.hpp"
#include "model/start_command.hpp"
#include "model/tool_use.hpp"
#include "model/user.hpp"
#include "stages/built_programs.hpp"
#include "stages/copied_artifacts.hpp"
#include "stages/directory_owner.hpp"
#include "stages/installed_packages.hpp"
#include "stages/interpreted_program.hpp"
#include "stages/java_program.hpp"
#include "stages/other_tools.hpp"
#include "stages/package_installation.hpp"
#include "stages/repeated_commands.hpp"
#include "stages/runtime_files.hpp"
#include "stages/runtime_image.hpp"
#include "stages/runtime_users.hpp"
#include "stages/step_placement.hpp"
#include "syntax/instruction_errors.hpp"
#include "text/path.hpp"

namespace dockhew {
namespace {

class Converter {
 public:
  Converter(const Dockerfile& file, Builder builder) : file_(file), stage_(file.final_stage()), builder_(builder) {}

  MultiStagePlan run() {
    if (check_shape() && find_build() && place() && choose_runtime() && choose_artifacts() && add_copied_files() &&
        check_start() && repeat_commands() && choose_packages() && keep_owners())
      assemble();
    return std::move(plan_);
  }

 private:
  bool decline(std::string reason) {
    plan_.declined = std::move(reason);
    return false;
  }

  std::string_view language() const { return stage_.image->entry->language; }
  bool is_java() const { return language() == "java"; }
  bool is_compiled() const { return language() == "rust" || language() == "go" || is_java(); }
  // The tool that builds in this language, or one of those of Node and Java.
  std::string tool_id() const { return language() == "rust" ? "cargo" : language() == "go" ? "go" : "pip"; }
  bool is_builder_tool(const Tool& tool) const {
    if (is_java()) return tool.id == "maven" || tool.id == "gradle";
    return language() == "node" ? is_node_package_manager(tool.id) : tool.id == tool_id();
  }

  // ---- what the conversion is made for ------------------------------------------------------------------------------

  bool check_shape() {
    if (file_.stages().size() != 1) return decline("the file has more than one stage already");
    if (!file_.document().errors().empty() || !find_instruction_errors(file_.document()).empty())
      return decline("the file has syntax errors");
    if (!stage_.image || stage_.image->windows)
      return decline("the base image is not one whose toolchain and runtime form are known");
    if (!is_compiled() && language() != "node" && language() != "python")
      return decline("the base image is not one of a language whose runtime form is known");
    if (stage_.from->arguments.empty() || stage_.from->arguments[0].text.find('$') != std::string::npos)
      return decline("the base image comes from a build argument, so its runtime form cannot be named");
    if (!stage_.reference.digest.empty())
      return decline("the base image is pinned by digest, and the digest of its runtime form is not known");
    const bool starts = std::ranges::any_of(stage_.steps, [](const Step& step) {
      return step.instruction->keyword == Keyword::cmd || step.instruction->keyword == Keyword::entrypoint;
    });
    for (const auto& step : stage_.steps) {
      if (step.instruction->keyword == Keyword::onbuild)
        return decline("ONBUILD triggers belong to images that others build on");
      if (!starts) return decline("neither CMD nor ENTRYPOINT says what the image runs, so others may build on it");
      if (step.instruction->keyword == Keyword::unknown) return decline("the file has an unknown instruction");
      if (step.instruction->keyword != Keyword::run) continue;
      if (!step.script || step.script->opaque || step.script->from_heredoc)
        return decline("a RUN cannot be looked into");
      if (std::ranges::any_of(
              step.mounts, [](const Mount& mount) { return mount.type == Mount::Type::bind && !mount.from.empty(); }))
        return decline("a RUN mounts files of another image");
      for (const auto& command : step.script->commands) {
        if (command.words.empty()) continue;
        const auto name = command.name();
        if (name.empty()) return decline("the command `" + command.words[0].raw + "` is not known before the build");
        const bool known =
            command.use != nullptr || file_.facts().is_plain(name) || name == "rustup" || name == "dpkg-query";
        if (!known) return decline("what the command `" + name + "` does is not known");
      }
    }
    return true;
  }

  // `yarn workspace api build`, `yarn tsc`: what the tables do not name runs a script or a program.
  static bool runs_something(const ToolUse& use) {
    const auto& words = use.action->words;
    return use.action->kind == ActionKind::other && !use.action->independent &&
           (words.empty() || (words[0] != "config" && words[0] != "set"));
  }

  bool find_build() {
    for (std::size_t i = 0; i < stage_.steps.size(); ++i) {
      if (stage_.steps[i].instruction->keyword != Keyword::run) continue;
      for (const auto& use : stage_.steps[i].script->uses) {
        if (!is_builder_tool(*use.tool) || installs_package_manager(use)) continue;
        if (language() == "node" && is_global(use))
          return decline("packages are installed globally, and which of them run in the container is not known");
        const bool builds = use.action->kind == ActionKind::build || (language() == "node" && runs_something(use));
        if (builds || use.action->kind == ActionKind::install) build_ = i;
        builds_source_ |= builds;
      }
    }
    const auto is_own = [&](const Tool& tool) { return is_builder_tool(tool); };
    if (auto other = find_result_of_other_tool(file_, stage_, is_own); !other.empty()) return decline(std::move(other));
    if (build_) return true;
    return decline("no step builds or installs with " + (language() == "node" ? "npm, Yarn or pnpm"
                                                         : is_java()          ? "Maven or Gradle"
                                                                              : tool_id()));
  }

  bool place() {
    placement_ = place_steps(stage_, *build_, !is_compiled() && !builds_source_);
    return placement_.declined.empty() || decline(placement_.declined);
  }

  // ---- the runtime image --------------------------------------------------------------------------------------------

  bool choose_runtime() {
    auto image = find_runtime_image(file_.facts(), stage_);
    if (!image.declined.empty()) return decline(std::move(image.declined));
    if (image.name == stage_.base.text && placement_.package_steps.empty())
      return decline("the base image is a runtime image already");
    plan_.runtime_image = std::move(image.name);
    other_distribution_ = image.other_distribution;
    if (other_distribution_)
      plan_.checklist.push_back("`" + plan_.runtime_image + "` is another build of Java than `" + stage_.base.text +
                                "`, on another distribution, with other values of `JAVA_HOME` and `LANG`");
    if (!image.lost_variables.empty())
      plan_.checklist.push_back("variables that `" + stage_.base.text + "` sets are not set in `" +
                                plan_.runtime_image + "`: " + image.lost_variables + ", and its directories in `PATH`");
    return true;
  }

  // ---- what the runtime stage takes from the builder ----------------------------------------------------------------

  bool choose_artifacts() {
    if (is_java()) return take(find_java_program(file_, stage_, builder_runs())) && add_runtime_files();
    if (is_compiled()) return choose_program();
    const auto& step = stage_.steps[*build_];
    if (!take(language() == "python" ? find_python_packages(file_, stage_, step)
                                     : find_node_project(file_, stage_, step, builds_source_)))
      return false;
    plan_.checklist.push_back(
        language() == "python" ? "libraries that Python packages link to, or load at run time (ctypes, NSS), are in `" +
                                     plan_.runtime_image + "` or among its packages"
                               : "native add-ons find their shared libraries in `" + plan_.runtime_image + "`");
    return true;
  }

  bool take(InterpretedProgram program) {
    artifacts_ = std::move(program.artifacts);
    prune_ = program.prune;
    std::ranges::move(program.checklist, std::back_inserter(plan_.checklist));
    return program.declined.empty() || decline(std::move(program.declined));
  }

  std::vector<const Step*> builder_runs() const {
    std::vector<const Step*> runs;
    for (std::size_t i = 0; i < stage_.steps.size(); ++i)
      if (placement_.places[i].builder && stage_.steps[i].script) runs.push_back(&stage_.steps[i]);
    return runs;
  }

  // The program that ENTRYPOINT or CMD starts must be what the build makes.
  bool choose_program() {
    const auto start = find_start_command(stage_);
    if (!start.declined.empty()) return decline(start.declined);
    const auto& word = start.words.front();
    if (starts_another(path_basename(word)))
      return decline("`" + word + "` starts another program, and which one is not known");
    init_ = start.init;
    if (!stage_.workdir.is_known()) return decline("the working directory is not known");
    std::vector<std::string> candidates;
    if (word.find('/') != std::string::npos) candidates.push_back(resolve_path(stage_.workdir.text, word));
    else
      for (const auto* directory : {"/usr/local/bin", "/usr/local/cargo/bin", "/go/bin", "/usr/bin", "/bin"})
        candidates.push_back(std::string(directory) + '/' + word);
    const auto builds = builder_runs();
    for (const auto& candidate : candidates) {
      const auto program = find_built_program(file_, stage_, tool_id(), builds, candidate);
      if (!program.known) continue;
      if (program.from_registry && brings_source(file_, stage_, stage_.steps.size(), stage_.workdir.text))
        return decline("`" + word + "` is not built from the source, and may need the toolchain at run time");
      // Found through PATH: the runtime image has /usr/local/bin there, but not the directories of the toolchain.
      const bool moves = word.find('/') == std::string::npos &&
                         (candidate.starts_with("/usr/local/cargo/") || candidate.starts_with("/go/"));
      artifacts_.push_back({candidate, moves ? "/usr/local/bin/" + word : candidate});
      const auto others = find_other_programs(file_, stage_, tool_id(), builds, candidate);
      if (!others.complete)
        plan_.checklist.push_back("of what the build makes the container needs no other program than `" + word + "`");
      for (const auto& other : others.paths) {
        const bool directory = other.ends_with('/');
        if (directory && path_is_under(candidate, clean_path(other))) artifacts_.clear();
        const std::string name(directory ? "" : path_basename(other));
        artifacts_.push_back({other, moves ? "/usr/local/bin/" + name : other});
      }
      return add_runtime_files();
    }
    return decline("`" + word + "`, which the container runs, is not what the build is known to make");
  }

  // A shell, a change of the user.
  bool starts_another(std::string_view name) const {
    constexpr std::string_view starters[] = {"env", "sh",      "bash", "dash",    "ash",  "busybox", "gosu",
                                             "su",  "su-exec", "sudo", "setpriv", "nice", "timeout", "xvfb-run"};
    return std::ranges::find(starters, name) != std::end(starters) || file_.facts().is_plain(name) ||
           file_.facts().is_bystander(name);
  }

  bool add_copied_files() {
    auto copied = find_copied_artifacts(stage_, copying_runs(), artifacts_);
    artifacts_.insert(artifacts_.end(), copied.artifacts.begin(), copied.artifacts.end());
    return copied.declined.empty() || decline(std::move(copied.declined));
  }

  // The RUNs whose results are in the builder alone.
  std::vector<const Step*> copying_runs() const {
    std::vector<const Step*> runs;
    for (std::size_t i = 0; i < stage_.steps.size(); ++i)
      if (const auto& place = placement_.places[i]; place.builder && !place.runtime && stage_.steps[i].script)
        runs.push_back(&stage_.steps[i]);
    return runs;
  }

  bool repeat_commands() {
    for (std::size_t i = 0; i < stage_.steps.size(); ++i) {
      if (!placement_.places[i].builder || placement_.places[i].runtime || !stage_.steps[i].script) continue;
      auto repeated = find_repeated_commands(stage_.steps[i], artifacts_);
      if (!repeated.declined.empty()) return decline(std::move(repeated.declined));
      for (const auto& command : repeated.commands) repeated_[i] += (repeated_[i].empty() ? "RUN " : " && ") + command;
    }
    return true;
  }

  // A compiled program is looked for where it is chosen, and a source that is only copied is copied here too.
  bool check_start() {
    if (is_compiled() || !builds_source_) return true;
    std::vector<const Step*> runtime_steps;
    for (std::size_t i = 0; i < stage_.steps.size(); ++i)
      if (placement_.places[i].runtime) runtime_steps.push_back(&stage_.steps[i]);
    const auto missing = find_missing_start_file(stage_, artifacts_, runtime_steps);
    return missing.empty() ||
           decline("`" + missing + "`, which the container runs, is not what the build is known to make");
  }

  bool add_runtime_files() {
    auto files = find_runtime_files(file_, stage_, stage_.steps[*build_]);
    if (!files.declined.empty()) return decline(std::move(files.declined));
    std::ranges::move(files.artifacts, std::back_inserter(artifacts_));
    if (!files.checklist.empty()) plan_.checklist.push_back(std::move(files.checklist));
    return true;
  }

  // ---- packages -----------------------------------------------------------------------------------------------------

  bool choose_packages() {
    auto found = find_installed_packages(stage_, placement_.package_steps);
    if (!found.declined.empty()) return decline(std::move(found.declined));
    auto& installed = found.names;
    // What the container starts is `java`.
    if (is_java())
      std::erase_if(installed, [](const std::string& name) { return name == "maven" || name == "gradle"; });
    const bool same_image = plan_.runtime_image == stage_.base.text;
    if (!is_compiled() && !same_image) {
      std::ranges::move(find_needed_packages(file_, stage_, language()), std::back_inserter(installed));
      plan_.checklist.push_back("nothing starts a program that `" + stage_.base.text +
                                "` has and its slim form has not, such as git, curl or ImageMagick");
    }
    // An init process that is not in the runtime image must come with a package or a file of its own.
    const std::string init(path_basename(init_));
    if (!init_.empty() && std::ranges::find(installed, init) == installed.end() && !copies_in_runtime(init_))
      return decline("where `" + init_ + "` comes from is not known");
    auto packages = runtime_packages(file_.facts(), installed,
                                     stage_.image->distribution == "alpine" ? "alpine" : stage_.image->release);
    if (!packages.declined.empty()) return decline(std::move(packages.declined));
    packages_ = std::move(packages.names);
    recommended_ = std::ranges::any_of(
        packages_, [&](const std::string& package) { return found.with_recommended.contains(package); });
    // A health check brings its own needs: the full image has curl and wget, the runtime image has not.
    for (const auto& step : stage_.steps) {
      if (step.instruction->keyword != Keyword::healthcheck) continue;
      for (const auto& argument : step.instruction->arguments)
        for (const auto* tool : {"curl", "wget"})
          if (stage_.image->distribution != "alpine" && !is_java() &&
              (argument.text == tool || argument.text.starts_with(std::string(tool) + ' ')) && !same_image &&
              std::ranges::find(packages_, tool) == packages_.end())
            packages_.emplace_back(tool);
    }
    // Alpine's own image has the certificates, and a JRE has its own.
    if (stage_.image->distribution == "alpine") return check_user();
    if (is_java())
      return packages_.empty() || !other_distribution_
                 ? check_user()
                 : decline("what `" + packages_[0] + "` is called on the distribution of `" + plan_.runtime_image +
                           "` is not known");
    // Newer Debian images have `useradd`, but `adduser` is a package of its own.
    const bool has_adduser = stage_.image->release == "bullseye" || stage_.image->release == "bookworm";
    if (!has_adduser && runtime_runs("adduser", "addgroup")) packages_.emplace_back("adduser");
    if (is_compiled()) {
      if (packages_.empty())
        artifacts_.push_back({"/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/ca-certificates.crt"});
      else packages_.emplace_back("ca-certificates");
      plan_.checklist.emplace_back("shared libraries that the program loads at run time are in `" +
                                   plan_.runtime_image + "` or among its packages; `ldd` in the builder lists them");
    }
    std::ranges::sort(packages_);
    packages_.erase(std::unique(packages_.begin(), packages_.end()), packages_.end());
    if (!packages_.empty() && placement_.package_steps.empty() && !has_package_archive(file_.facts(), *stage_.image))
      return decline("`" + packages_[0] + "` would have to be installed in `" + plan_.runtime_image +
                     "`, and packages for its release of Debian may be served no more");
    return check_user();
  }

  bool copies_in_runtime(const std::string& path) const {
    for (std::size_t i = 0; i < stage_.steps.size(); ++i)
      if (placement_.places[i].runtime && stage_.steps[i].copy && stage_.steps[i].copy->destination.is(path))
        return true;
    return false;
  }

  bool runtime_runs(std::string_view name, std::string_view other) const {
    for (std::size_t i = 0; i < stage_.steps.size(); ++i)
      if (placement_.places[i].runtime && stage_.steps[i].script)
        for (const auto& command : stage_.steps[i].script->commands)
          if (command.name() == name || command.name() == other) return true;
    return false;
  }

  // A named user must exist in the runtime image.
  bool check_user() {
    if (!stage_.user.is_known()) return decline("the user is not known");
    const auto& user = stage_.user.text;
    return has_runtime_user(stage_, placement_, stage_.steps.size(), !is_compiled(), user) ||
           decline("where the user `" + user + "` is created is not known");
  }

  // The directories in which the program works belong to whom they did. To root it does not matter.
  bool keep_owners() {
    if (is_root(stage_.user)) return true;
    std::vector<bool> copied;
    for (std::size_t i = 0; i < stage_.steps.size(); ++i)
      copied.push_back(placement_.places[i].builder && (!placement_.places[i].runtime || is_covered_later(i)));
    const auto& build = stage_.steps[*build_];
    for (const auto* directory : {&build.workdir, &stage_.workdir}) {
      if (!directory->is_known() || (directory == &stage_.workdir && build.workdir == stage_.workdir)) continue;
      auto found = find_directory_owner(stage_, copied, directory->text);
      const auto& owner = found.owner;
      const bool known = has_runtime_user(stage_, placement_, *build_, !is_compiled(), owner);
      if (!owner.empty() && found.declined.empty() && (!known || !is_root(build.user)))
        found.declined = "`" + owner + "`, who owns `" + directory->text + "`, may not be in the runtime image";
      if (!found.declined.empty()) return decline(std::move(found.declined));
      if (!owner.empty()) owners_ += "RUN chown " + owner + ' ' + directory->text + newline();
    }
    return true;
  }

  // ---- the text -----------------------------------------------------------------------------------------------------

  // An instruction with the comments and blank lines before it.
  std::string chunk(std::size_t index) const {
    const auto& document = file_.document();
    const auto begin = index == 0 ? own_lines(document, *stage_.from).end
                                  : own_lines(document, *stage_.steps[index - 1].instruction).end;
    auto text = std::string(slice(file_.source(), {begin, own_lines(document, *stage_.steps[index].instruction).end}));
    return text.ends_with('\n') ? text : text + newline();
  }

  std::string lines(std::size_t index) const {
    auto text = std::string(slice(file_.source(), own_lines(file_.document(), *stage_.steps[index].instruction)));
    return text.ends_with('\n') ? text : text + newline();
  }

  std::string newline() const { return std::string(file_.document().newline()); }

  std::string builder_name() const { return stage_.name.empty() ? "builder" : stage_.name; }

  std::string package_lines() const {
    if (packages_.empty()) return {};
    if (stage_.image->distribution == "alpine") return install_with_apk(file_, packages_);
    return install_with_apt(file_, packages_, recommended_, builder_);
  }

  std::string artifact_lines() const {
    std::string text;
    for (const auto& artifact : artifacts_)
      text += "COPY --from=" + builder_name() + ' ' + artifact.from + ' ' + artifact.to + newline();
    return text;
  }

  // Manifests that were copied for the installation come again with the whole source.
  bool is_covered_later(std::size_t index) const {
    const auto& copy = stage_.steps[index].copy;
    if (!placement_.places[index].builder || !copy || !copy->from_context() || !copies_only_manifests(file_, *copy) ||
        !copy->destination.is_known())
      return false;
    return std::any_of(
        stage_.steps.begin() + static_cast<std::ptrdiff_t>(index) + 1, stage_.steps.end(), [&](const Step& later) {
          return later.copy && later.copy->from_context() && later.copy->sources.size() == 1 &&
                 later.copy->destination == copy->destination && clean_path("/" + later.copy->sources[0].text) == "/";
        });
  }

  void assemble() {
    const auto& document = file_.document();
    const auto from = own_lines(document, *stage_.from);
    auto from_line = std::string(slice(file_.source(), stage_.from->span));
    if (stage_.name.empty()) from_line += " AS builder";
    std::string builder = from_line + newline();
    std::string runtime = newline() + "FROM " + plan_.runtime_image + newline() + package_lines();
    // Go's image starts in /go, and what it starts would too.
    const bool sets_workdir = std::ranges::any_of(
        stage_.steps, [](const Step& step) { return step.instruction->keyword == Keyword::workdir; });
    if (!sets_workdir && stage_.workdir.is_known() && stage_.workdir.text != "/")
      runtime += "WORKDIR " + stage_.workdir.text + newline();
    const bool artifacts_at_build = !is_compiled() && !builds_source_;
    bool copied = false;
    const auto copy_artifacts = [&] {
      if (!copied) runtime += artifact_lines() + owners_;
      copied = true;
    };
    for (std::size_t i = 0; i < stage_.steps.size(); ++i) {
      const auto& place = placement_.places[i];
      if (place.builder) builder += chunk(i);
      if (i == *build_ && prune_) builder += "RUN npm prune --omit=dev --no-save" + newline();
      if (i == *build_ && artifacts_at_build) copy_artifacts();
      if (const auto repeated = repeated_.find(i); repeated != repeated_.end()) runtime += repeated->second + newline();
      const auto keyword = stage_.steps[i].instruction->keyword;
      // The builder may have one ahead that says the same.
      const bool says_nothing = keyword == Keyword::workdir && i + 1 < stage_.steps.size() &&
                                stage_.steps[i].workdir == stage_.steps[i + 1].workdir && place.builder;
      if (!place.runtime || is_covered_later(i) || says_nothing) continue;
      const bool needs_files = i > *build_ && (keyword == Keyword::run || keyword == Keyword::copy ||
                                               keyword == Keyword::add || keyword == Keyword::user);
      const bool starts = keyword == Keyword::cmd || keyword == Keyword::entrypoint ||
                          keyword == Keyword::healthcheck || keyword == Keyword::expose || keyword == Keyword::volume;
      // A user must exist before files are given to it; root's files come before the last USER.
      if ((needs_files || (i > *build_ && starts)) && !artifacts_at_build) copy_artifacts();
      runtime += place.builder ? lines(i) : chunk(i);
    }
    copy_artifacts();
    const auto end = stage_.steps.empty() ? from.end : own_lines(document, *stage_.steps.back().instruction).end;
    std::string text = builder + runtime;
    if (!file_.source().ends_with('\n') && end == file_.source().size() && text.ends_with('\n'))
      text.resize(text.size() - newline().size());
    plan_.edits.push_back({{from.begin, end}, std::move(text)});
    plan_.checklist.emplace_back("the build itself: `docker build` both files once and run the result");
  }

  const Dockerfile& file_;
  const Stage& stage_;
  Builder builder_;
  Placement placement_;
  MultiStagePlan plan_;
  std::optional<std::size_t> build_;  // the last step that builds or installs
  bool builds_source_ = false;
  bool prune_ = false;
  bool other_distribution_ = false;  // in the runtime image
  std::string owners_;               // RUNs of the runtime stage
  std::string init_;                 // in front of the program that the container runs
  std::vector<Artifact> artifacts_;
  std::map<std::size_t, std::string> repeated_;  // for the runtime stage, what RUNs of the builder do besides
  std::vector<std::string> packages_;
  bool recommended_ = false;  // what they recommend was in the image
};

}  // namespace

MultiStagePlan plan_multi_stage(const Dockerfile& file, Builder builder) { return Converter(file, builder).run(); }

}  // namespace dockhew
