#include "stages/extension_stage.hpp"

#include <algorithm>

#include "ecosystems/extensions.hpp"
#include "ecosystems/system/installed_packages.hpp"
#include "ecosystems/system/runtime_packages.hpp"
#include "edits/copy_line.hpp"
#include "edits/run_edits.hpp"
#include "effects/source_copy.hpp"
#include "effects/unix_effects.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "model/user.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline stages {
namespace {

constexpr std::string_view stage_name = "extensions";
// What package managers go by, beside their caches.
constexpr std::string_view settings_of_system[] = {"/etc/apk", "/etc/apt", "/etc/ssl",
                                                   "/usr/local/share/ca-certificates", "/usr/share/keyrings"};

bool contains(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

// What a RUN is for.
enum class Part { other, packages, extensions };

class Planner {
 public:
  Planner(const Dockerfile& file, const ExtensionTools& tools)
      : file_(file), facts_(file.facts()), stage_(file.final_stage()), tools_(tools) {}

  Outcome<ExtensionStage> plan() {
    if (auto obstacle = obstacle_in_file()) return *obstacle;
    find_parts();
    for (std::size_t i = 0; i < stage_.steps.size(); ++i)
      if (auto obstacle = obstacle_in_step(i)) return *obstacle;
    if (auto obstacle = obstacle_in_start()) return *obstacle;
    if (auto obstacle = find_packages()) return *obstacle;
    ExtensionStage result;
    for (std::size_t i = 0; i <= last_; ++i)
      if (parts_[i] != Part::other)
        if (auto obstacle = edit_run(i, result.edits)) return *obstacle;
    const auto from = own_lines(file_.document(), *stage_.from);
    result.edits.push_back({{from.begin, from.begin}, builder_text()});
    result.checklist = {
        "the extensions load the same libraries: `php -m` in both images lists the same" +
            (libraries_.empty() ? "" : "; `" + stage_.base.text + "` must have " + joined(libraries_) + " to install"),
        "nothing needs a program that only came with the headers",
        "the build itself: run `docker build` on both files once, and start the result"};
    return result;
  }

 private:
  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
    return text;
  }

  Obstacle obstacle_in_file() const {
    if (!file_.document().errors().empty()) return Declined{"the file has syntax errors"};
    if (has_target_by_number(file_)) return Declined{"a build stops at a stage that it tells by its number"};
    if (stage_.base_from_argument || stage_.implicit)
      return Declined{"the base image comes from a build argument, so the libraries of its release are not known"};
    if (file_.find_stage(stage_name, stage_.index) || stage_.name == stage_name ||
        file_.source().find("from=" + std::string(stage_name)) != std::string_view::npos)
      return Declined{"a stage named `" + std::string(stage_name) + "` is there already"};
    return std::nullopt;
  }

  bool is_extension(const ShellCommand& command) const { return tools_.builds(command); }

  void find_parts() {
    for (std::size_t i = 0; i < stage_.steps.size(); ++i) {
      parts_.push_back(part_of(stage_.steps[i]));
      if (parts_.back() == Part::extensions) last_ = i;
    }
  }

  Part part_of(const Step& step) const {
    if (!step.script) return Part::other;
    const auto& commands = step.script->commands;
    if (std::ranges::any_of(commands, [&](const ShellCommand& each) { return is_extension(each); }))
      return Part::extensions;
    const auto of_system = [](const ToolUse& use) { return use.tool->packages.of_system; };
    return std::ranges::any_of(step.script->uses, of_system) ? Part::packages : Part::other;
  }

  Obstacle obstacle_in_step(std::size_t index) const {
    const auto& step = stage_.steps[index];
    const auto keyword = step.instruction->keyword;
    if (keyword == Keyword::onbuild || keyword == Keyword::unknown)
      return Declined{"the image has ONBUILD triggers, so it is meant as a base for other images"};
    if (step.copy && index < last_ && may_matter(*step.copy))
      return Declined{"a COPY before the extensions may bring what compiling or installing needs"};
    if (keyword != Keyword::run) return std::nullopt;
    if (!step.script || step.script->opaque || step.script->from_heredoc) return Declined{"a RUN cannot be analyzed"};
    if (index <= last_ && parts_[index] != Part::other) return obstacle_in_parts(step);
    if (index < last_ && names_place(step))
      return Declined{"a RUN before the last one that compiles extensions changes how they are set up"};
    if (index < last_ &&
        std::ranges::any_of(settings_of_system, [&](std::string_view place) { return mentions(step, place); }))
      return Declined{"a RUN before the last one that compiles extensions sets up where packages come from"};
    for (const auto& command : step.script->commands)
      if (auto obstacle = may_compile(step, command, index < last_)) return obstacle;
    return std::nullopt;
  }

  // Files among the extensions, and settings of the system that package managers read: their sources, whom they trust.
  bool may_matter(const Copy& copy) const {
    if (!copy.destination.is_known()) return true;
    const auto& place = copy.destination.text;
    const auto overlaps = [&](std::string_view directory) {
      return path_is_under(place, directory) || (place != "/" && path_is_under(directory, place));
    };
    return place == "/" || std::ranges::any_of(settings_of_system, overlaps) ||
           std::ranges::any_of(tools_.directories,
                               [&](std::string_view directory) { return overlaps(clean_path(directory)); });
  }

  // Of a RUN that goes to both stages.
  Obstacle obstacle_in_parts(const Step& step) const {
    if (!is_root(step.user) && step.user.is_known() && !step.user.text.empty())
      return Declined{"the extensions are compiled by another user than root"};
    for (const auto& mount : step.mounts)
      if (mount.type != Mount::Type::cache && mount.type != Mount::Type::tmpfs)
        return Declined{"the RUN that compiles the extensions mounts files"};
    if (!step.script->is_straight()) return Declined{"the commands of the RUN are not a plain chain"};
    for (const auto& command : step.script->commands) {
      if (command.words.empty()) continue;
      if ((command.conditional || command.nested) && !only_reads(facts_, command))  // `-j$(nproc)`
        return Declined{"`" + command.words[0].raw + "` is inside a compound command"};
      if (removes_packages(command))
        return Declined{"the RUN takes packages away again itself: `" + command.words[0].raw + "`"};
      if (is_extension(command)) continue;
      if (auto obstacle = may_compile(step, command, false)) return obstacle;
      if (!works_alone(command))
        return Declined{"`" + command.words[0].raw +
                        "`, in the RUN that compiles the extensions, may need other files"};
    }
    return std::nullopt;
  }

  // Whether the command needs nothing but the image, and leaves alone what the extensions are set up with, so that it
  // can run in both stages.
  bool works_alone(const ShellCommand& command) const {
    if (command.use != nullptr || contains(tools_.companions, command.name())) return true;
    const auto effects = unix_effects(facts_, command);
    constexpr std::string_view places[] = {"/dev",       "/etc/apt",     "/root/.pearrc", "/tmp",    "/usr/src",
                                           "/var/cache", "/var/lib/apt", "/var/log",      "/var/tmp"};
    const auto are_elsewhere = [&](const AffectedPaths& paths) {
      return !paths.may_be_anywhere() && std::ranges::all_of(paths.paths, [&](const AffectedPath& affected) {
        return std::ranges::any_of(places, [&](std::string_view place) { return path_is_under(affected.path, place); });
      });
    };
    return are_elsewhere(effects.reads) && are_elsewhere(effects.changes) && are_elsewhere(effects.removes) &&
           are_elsewhere(effects.modes) && are_elsewhere(effects.owners);
  }

  // Whether a RUN names a place where extensions are set up: `sed -i … conf.d/docker-php-ext-opcache.ini`.
  bool names_place(const Step& step) const {
    return std::ranges::any_of(tools_.directories, [&](std::string_view directory) {
      return mentions(step, '/' + std::string(path_basename(clean_path(directory))));
    });
  }

  // Why a command may need the headers, or the extensions where these are not there yet.
  Obstacle may_compile(const Step& step, const ShellCommand& command, bool before) const {
    if (command.words.empty()) return std::nullopt;
    if (const auto* use = command.use) {
      if (use->tool->packages.of_system) return std::nullopt;
      if (contains(tools_.tools, use->tool->id) && !before) return std::nullopt;
      return Declined{"`" + command.name() + "` may compile something with the headers, or need the extensions"};
    }
    const auto name = command.name();
    const auto* row = facts_.unix_command(name);
    if (row != nullptr && row->builds) return Declined{"`" + name + "` may compile something with the headers"};
    const bool known = row != nullptr || facts_.is_bystander(name) || facts_.is_printing(name) ||
                       facts_.is_plain(name) || contains(tools_.companions, name) ||
                       runs_read_commands(*step.script, command);
    if (!known || is_sourcing(command))
      return Declined{"it is not known what the command `" + command.words[0].raw + "` does"};
    return std::nullopt;
  }

  // A script that the container starts may compile more of them.
  Obstacle obstacle_in_start() const {
    const auto& last = stage_.steps.back();
    for (const auto* start : {find_start_instructions(stage_).entrypoint, find_start_instructions(stage_).arguments}) {
      if (start == nullptr) continue;
      auto text = start_text(*start);
      std::erase_if(text, [](char c) { return c == '\'' || c == '"'; });
      auto all = text;
      for (const auto word : split_words(text)) {
        const auto path = resolve_path(stage_.workdir.is_known() ? stage_.workdir.text : "/", word);
        if (const auto source = file_in_context({file_, stage_, last}, path))
          all += file_.context().read(*source).value_or("");
      }
      for (const auto mention : tools_.mentions)
        if (all.find(mention) != std::string::npos)
          return Declined{"what the container starts may compile extensions: `" + std::string(mention) + "`"};
    }
    return std::nullopt;
  }

  bool is_variable_of_builds(const ShellWord& word) const { return contains(tools_.build_variables, word.raw); }

  bool is_for_building(const ShellWord& word) const {
    return is_variable_of_builds(word) || (word.value.is_known() && is_build_package(facts_, word.text()));
  }

  // The libraries that take the place of the headers.
  Obstacle find_packages() {
    std::vector<std::string> headers;
    for (std::size_t i = 0; i <= last_; ++i) {
      if (parts_[i] == Part::other) continue;
      for (const auto& use : stage_.steps[i].script->uses) {
        if (!use.tool->packages.of_system || use.action->kind != ActionKind::install) continue;
        for (const auto operand : use.operands) {
          const auto& word = use.command->words[operand];
          if (is_variable_of_builds(word)) continue;
          if (!word.value.is_known())
            return Declined{"the package `" + word.raw + "` contains variables, so it is not known before the build"};
          if (is_build_package(facts_, word.text())) headers.push_back(word.text());
        }
      }
    }
    auto libraries = runtime_packages(facts_, headers, *stage_.image);
    if (!libraries) return libraries.declined();
    libraries_ = std::move(*libraries);
    return std::nullopt;
  }

  // Compilers leave files there, and their stage has them.
  bool removes_leftovers(const ShellCommand& command) const {
    if (!has_operands(facts_, command, {Operands::removed})) return false;
    return std::ranges::all_of(std::span(command.words).subspan(1), [](const ShellWord& word) {
      return word.raw.starts_with('-') || word.raw.starts_with("/tmp/") || word.raw.starts_with("/usr/src") ||
             word.raw.starts_with("~/.pearrc");
    });
  }

  // The RUN of the final stage: without what compiles, with libraries for headers.
  Obstacle edit_run(std::size_t index, std::vector<TextEdit>& edits) {
    const auto& step = stage_.steps[index];
    const auto& script = *step.script;
    std::vector<bool> removed(script.chain.size());
    std::vector<TextEdit> own;
    for (const auto& command : script.commands)
      if (is_extension(command) || (parts_[index] == Part::extensions && removes_leftovers(command)))
        removed[command.element] = true;
    bool installs = false;
    for (const auto& use : script.uses)
      if (use.tool->packages.of_system && use.action->kind == ActionKind::install)
        installs |= edit_packages(script, use, removed, own);
    drop_idle(script, installs, removed);
    const auto lines = own_lines(file_.document(), *step.instruction);
    const auto copies = index == last_ ? copy_lines() : std::string();
    std::vector<std::size_t> elements;
    for (std::size_t i = 0; i < removed.size(); ++i)
      if (removed[i]) elements.push_back(i);
    if (elements.size() == removed.size()) {
      if (copies.empty()) edits.push_back(remove_lines(file_.document(), lines));
      else edits.push_back({lines, copies});
      return std::nullopt;
    }
    if (!elements.empty()) {
      auto cut = remove_elements(file_.document(), script, elements);
      if (!cut) return Declined{"what compiles the extensions cannot be removed from this chain of commands"};
      std::ranges::move(*cut, std::back_inserter(own));
    }
    std::ranges::move(own, std::back_inserter(edits));
    if (!copies.empty()) edits.push_back(insert_lines_after(file_.document(), *step.instruction, copies));
    return std::nullopt;
  }

  // Whether the command still installs anything.
  bool edit_packages(const Script& script, const ToolUse& use, std::vector<bool>& removed,
                     std::vector<TextEdit>& edits) {
    std::vector<const ShellWord*> headers;
    for (const auto operand : use.operands)
      if (is_for_building(use.command->words[operand])) headers.push_back(&use.command->words[operand]);
    if (headers.empty()) return true;
    std::string libraries;
    for (const auto& name : libraries_) libraries += (libraries.empty() ? "" : " ") + name;
    const bool here = !placed_ && !libraries.empty();
    if (headers.size() == use.operands.size() && !here) {
      removed[use.command->element] = true;
      return false;
    }
    placed_ |= here;
    for (const auto* word : headers)
      if (here && word == headers.front()) edits.push_back({script.to_source(word->span), libraries});
      else edits.push_back(remove_word(script, *word));
    return true;
  }

  // `apt-get update` and the clean-up, where nothing is installed any more.
  void drop_idle(const Script& script, bool installs, std::vector<bool>& removed) const {
    if (installs || std::ranges::find(removed, true) == removed.end()) return;
    for (const auto& command : script.commands) {
      const bool of_system = command.use != nullptr && command.use->tool->packages.of_system;
      const bool cleans = has_operands(facts_, command, {Operands::removed});
      if (of_system || cleans) removed[command.element] = true;
    }
  }

  std::string newline() const { return std::string(file_.document().newline()); }

  std::string copy_lines() const {
    std::string text;
    for (const auto directory : tools_.directories)
      text += copy_line("--from=" + std::string(stage_name) + ' ', {std::string(directory)}, std::string(directory))
                  .value_or("") +
              newline();
    return text;
  }

  // The same RUNs on the same image, with what is set before them.
  std::string builder_text() const {
    const auto& source = file_.source();
    const auto& words = stage_.from->arguments;
    auto text = std::string(slice(source, {stage_.from->span.begin, words[0].span.end})) +
                (words.size() > 1 ? ' ' + words[1].text + ' ' : " AS ") + std::string(stage_name) + newline();
    for (std::size_t i = 0; i <= last_; ++i) {
      const auto& step = stage_.steps[i];
      const auto keyword = step.instruction->keyword;
      const bool sets = keyword == Keyword::env || keyword == Keyword::arg || keyword == Keyword::shell;
      if (!sets && parts_[i] == Part::other) continue;
      const auto lines = std::string(slice(source, own_lines(file_.document(), *step.instruction)));
      text += lines.ends_with('\n') ? lines : lines + newline();
    }
    return text + newline();
  }

  const Dockerfile& file_;
  const Facts& facts_;
  const Stage& stage_;
  const ExtensionTools& tools_;
  std::vector<Part> parts_;  // of each step
  std::size_t last_ = 0;     // the last step that compiles extensions
  std::vector<std::string> libraries_;
  bool placed_ = false;  // the libraries are installed by an edit
};

}  // namespace

bool builds_extensions(const Dockerfile& file) {
  const auto* tools = file.stages().empty() ? nullptr : extension_tools_of(file.final_stage());
  return tools != nullptr && std::ranges::any_of(file.final_stage().steps, [&](const Step& step) {
           return step.script && std::ranges::any_of(step.script->commands, tools->builds);
         });
}

Outcome<ExtensionStage> plan_extension_stage(const Dockerfile& file) {
  return Planner(file, *extension_tools_of(file.final_stage())).plan();
}

}  // namespace dockhew::inline stages
