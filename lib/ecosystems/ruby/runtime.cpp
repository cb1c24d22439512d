// Ruby programs in the slim form of their image: the directories of gems are taken from the builder, and the source is
// copied as before, or taken from the builder with what its tasks have made there.
#include "ecosystems/ruby/runtime.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/project_sources.hpp"
#include "ecosystems/ruby/gem_needs.hpp"
#include "ecosystems/ruby/gem_places.hpp"
#include "ecosystems/runtime_image.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "effects/unix_effects.hpp"
#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"gem", "bundler"};
constexpr std::string_view script_endings[] = {".gemspec", ".rake", ".rb", ".ru", "Rakefile"};
constexpr std::string_view template_endings[] = {".erb", ".yml"};
constexpr std::string_view prompts[] = {"irb", "pry"};
constexpr std::string_view starting_calls[] = {"%x",
                                               "`",
                                               ".capture2",
                                               ".capture2e",
                                               ".capture3",
                                               ".popen",
                                               ".popen2",
                                               ".popen2e",
                                               ".popen3",
                                               ".spawn",
                                               "ChildProcess.build",
                                               "ChildProcess.new",
                                               "Cocaine::CommandLine.new",
                                               "POSIX::Spawn?Child.new",
                                               "POSIX::Spawn?POSIX::Spawn::Child.new",
                                               "TTY::Command?.run",
                                               "TTY::Command?.run!",
                                               "Kernel.exec",
                                               "Kernel.system",
                                               "Process.exec",
                                               "Terrapin::CommandLine.new",
                                               "capture2 ",
                                               "capture2e ",
                                               "capture3 ",
                                               "exec",
                                               "exec ",
                                               "popen ",
                                               "popen2 ",
                                               "popen2e ",
                                               "popen3 ",
                                               "sh",
                                               "sh ",
                                               "spawn",
                                               "spawn ",
                                               "system",
                                               "system ",
                                               "system!",
                                               "system! "};

Outcome<RuntimeImage> image(const Facts& facts, const Stage& stage) {
  return slim_image(facts, stage, SlimPlace::before_release);
}

// ---- commands -------------------------------------------------------------------------------------------------------

bool is_bundle(const ShellCommand& command) { return command.name() == "bundle" || command.name() == "bundler"; }

// The words of a command behind `bundle exec`.
std::span<const ShellWord> own_words(const ShellCommand& command) {
  const std::span<const ShellWord> words = command.words;
  const bool launched = is_bundle(command) && words.size() > 2 && words[1].value.is("exec");
  return launched ? words.subspan(2) : words;
}

// As they are written.
std::string line_of(std::span<const ShellWord> words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + word.raw;
  return line;
}

// Of `rails` and `rake`, what writes into the project alone.
bool is_task_in_project(std::string_view task) {
  constexpr std::string_view tasks[] = {"assets:clean",     "assets:clobber",      "assets:precompile",
                                        "css:build",        "dartsass:build",      "i18n:js:export",
                                        "javascript:build", "js:routes",           "js:routes:typescript",
                                        "log:clear",        "shakapacker:compile", "tailwindcss:build",
                                        "tmp:clear",        "tmp:create",          "vite:build",
                                        "webpacker:compile"};
  return std::ranges::find(tasks, task) != std::end(tasks);
}

// Whether words run tasks of the project and nothing else: `bin/rails assets:precompile RAILS_ENV=production`.
bool runs_tasks(std::span<const ShellWord> words) {
  bool any = false;
  for (const auto& word : words.subspan(1)) {
    if (word.raw.starts_with('-') || word.raw.find('=') != word.raw.npos) continue;
    if (!is_task_in_project(word.raw)) return false;
    any = true;
  }
  return any;
}

// Programs that make files in the project.
bool builds_project(const ShellCommand& command) {
  const auto words = own_words(command);
  const auto name = path_basename(words[0].text());
  if (name == "rails" || name == "rake") return runs_tasks(words);
  if (words.size() < 2) return false;
  if (name == "bootsnap") return words[1].value.is("precompile");
  constexpr std::string_view elsewhere[] = {"-d", "--destination", "-o", "--output"};
  const bool builds_site =
      (name == "jekyll" || name == "middleman") && (words[1].value.is("build") || words[1].value.is("b"));
  return builds_site && std::ranges::none_of(words, [&](const ShellWord& word) {
           return std::ranges::any_of(elsewhere, [&](std::string_view option) { return word.raw.starts_with(option); });
         });
}

// Whether a command only tells, or changes what Bundler keeps beside its gems or in the lock file, both of which are
// taken from the builder.
bool sets_bundler(const ShellCommand& command) {
  if (command.words.size() < 2) return false;
  const auto& word = command.words[1].text();
  if (is_bundle(command)) {
    constexpr std::string_view words[] = {"--version", "-v",   "check", "clean",  "config",
                                          "env",       "list", "lock",  "version"};
    return std::ranges::find(words, word) != std::end(words);
  }
  return command.words.size() == 2 && (command.name() == "ruby" || command.name() == "gem") &&
         (word == "--version" || word == "-v");
}

std::optional<BuildPart> part_of_ruby_command(const ShellCommand& command) {
  if (command.words.empty()) return std::nullopt;
  if (builds_project(command)) return BuildPart::builds;
  return sets_bundler(command) ? std::optional(BuildPart::nothing) : std::nullopt;
}

Outcome<BuildPart> part(const ToolUse& use) {
  if (use.action->kind == ActionKind::install) return BuildPart::installs;
  if (const auto known = part_of_ruby_command(*use.command)) return *known;
  return Declined{"it is not known what `" + line_of(use.command->words) + "` makes"};
}

// Where the last command of a step that installs or builds runs.
Value project(const Stage&, const Step& build) {
  auto directory = build.workdir;
  for (const auto& command : build.script->commands) {
    const bool installs = command.use != nullptr && command.use->tool->id == "bundler" &&
                          command.use->action->kind == ActionKind::install;
    if (installs || part_of_ruby_command(command) == BuildPart::builds) directory = command.directory;
  }
  return directory;
}

// ---- what the container starts --------------------------------------------------------------------------------------

// `bundle exec puma` runs puma. `bundle` alone, and others of its commands, install; so does `bin/setup` of Rails.
std::vector<std::string> run_by(const Dockerfile& file, const Stage&, const ShellCommand& command) {
  const auto words = own_words(command);
  if (words.size() < command.words.size()) return {line_of(words)};
  const auto& name = command.name();
  const auto& programs = file.facts().needed_packages;
  if (const auto table = programs.find("bundler-programs"); table != programs.end())
    if (const auto found = table->second.find(name); found != table->second.end()) {
      std::vector<std::string> lines;
      for (const auto program : split_words(found->second)) lines.emplace_back(program);
      return lines;
    }
  if (command.use != nullptr && command.use->action->kind == ActionKind::install) return {};
  constexpr std::string_view installing[] = {"add", "binstubs", "cache", "package", "pristine", "update"};
  const bool is_alone = words.size() == 1 || words[1].text().starts_with('-');
  const bool installs = is_bundle(command) && (words.size() == 1 || (is_alone && !sets_bundler(command)) ||
                                               std::ranges::find(installing, words[1].text()) != std::end(installing));
  const bool sets_up = name == "setup" && words[0].text().ends_with("bin/setup");
  if (installs || sets_up) return {"bundle install"};
  return {};
}

// The just-in-time compiler of Ruby 2.6 to 3.2 runs a C compiler.
bool compiles_methods(const Dockerfile& file, const Stage& stage) {
  const auto compiles = [](std::string_view word) { return word.starts_with("--jit") || word.starts_with("--mjit"); };
  const auto options = file.lookup(stage, stage.environment.size(), "RUBYOPT");
  if (std::ranges::any_of(split_words(options.text), compiles)) return true;
  for (const auto& start : file.context().origin().starts)
    if (std::ranges::any_of(split_words(start.text), compiles)) return true;
  const auto own = find_start_command(stage);
  return own && std::ranges::any_of(own->words, compiles);
}

// Why the container may have other gems than the image, and compile them: Compose lays something over their directory
// or names another one, or the program installs some itself.
Obstacle other_gems(const Conversion& conversion, const std::vector<std::string>& directories) {
  const auto& origin = conversion.file.context().origin();
  for (const auto& directory : directories) {
    for (const auto& target : origin.mounted_over)
      if (path_is_under(directory, target))
        return Declined{"Compose mounts the source over `" + target + "`, so the container installs its own gems"};
    for (const auto& setting : origin.settings)
      if (setting.ends_with(':' + directory))
        return Declined{"Compose keeps `" + directory + "` in a volume, into which the container installs gems"};
  }
  for (const auto* variable : {"BUNDLE_APP_CONFIG", "BUNDLE_PATH", "GEM_HOME"})
    if (origin.environment.contains(variable))
      return Declined{'`' + std::string(variable) +
                      "` says elsewhere than in the file where the container has its gems"};
  constexpr std::string_view marks[] = {"bundler/inline", "Gem.install", "Gem::DependencyInstaller"};
  const auto root = source_root(conversion.file, conversion.stage);
  if (const auto mark = find_source_mark(conversion.file.context(), root, ruby_runtime, marks))
    return Declined{'`' + mark->file + "` installs gems when it runs, which may be compiled"};
  return std::nullopt;
}

// ---- gems -----------------------------------------------------------------------------------------------------------

bool is_of_ruby(const Stage& stage) {
  const auto* ecosystem = ecosystem_of(stage);
  return ecosystem != nullptr && ecosystem->id == "ruby";
}

Obstacle need_of_toolchain(const Dockerfile& file, std::string_view image) {
  for (const auto& stage : file.stages()) {
    if (!is_of_ruby(stage)) continue;
    if (compiles_methods(file, stage))
      return Declined{"an option of Ruby has it compile methods with a C compiler, which `" + std::string(image) +
                      "` does not have"};
    const auto needs = find_gem_needs(file, stage);
    if (!needs) return needs.declined();
  }
  return std::nullopt;
}

std::vector<std::string> needed_packages(const Dockerfile& file, const Stage& stage) {
  const auto needs = find_gem_needs(file, stage);
  return needs ? needs->packages : std::vector<std::string>();
}

// ---- the program ----------------------------------------------------------------------------------------------------

// Whether a step behind the build brings a file of the context to where the project is.
bool is_brought_later(const Conversion& conversion, const std::string& directory, const std::string& name) {
  const auto& stage = conversion.stage;
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.index > conversion.build.index && brings_into(conversion.file, step, directory, name);
  });
}

// The directory at or above that of an installation into which the build brings the Gemfile; nothing where none is
// known to be.
std::optional<std::string> gemfile_directory(const Conversion& conversion, std::string directory) {
  const auto has = [&](const Step& step) {
    if (step.index > conversion.build.index || !step.copy || !step.copy->from_context()) return false;
    const auto in_context = context_directory(*step.copy, directory);
    if (in_context && copy_brings(conversion.file, *step.copy, join_context_path(*in_context, "Gemfile"))) return true;
    return step.copy->destination.is_known() && std::ranges::any_of(step.copy->sources, [&](const CopySource& source) {
             const auto& to = step.copy->destination.text;
             const auto written = clean_path("/" + source.text);
             const auto place = step.copy->directory ? to : std::string(path_parent(to));
             return source.known && place == directory && glob_match(path_basename(written), "Gemfile");
           });
  };
  for (;; directory = path_parent(directory)) {
    if (std::ranges::any_of(conversion.stage.steps, has)) return directory;
    if (directory == "/") return std::nullopt;
  }
}

// `bundle install` writes the lock file, which the context may not have, or not with this platform. What a later COPY
// brings is not changed by it. A path of Bundler that is not absolute starts at the Gemfile.
Obstacle add_lock_files(const Conversion& conversion, RuntimeProgram& program) {
  const auto& context = conversion.file.context();
  for (const auto& step : conversion.stage.steps) {
    if (!step.script || step.index > conversion.build.index) continue;
    for (const auto& use : step.script->uses) {
      if (use.tool->id != "bundler" || use.action->kind != ActionKind::install) continue;
      const auto& place = use.command->directory;
      const auto directory = place.is_known() ? gemfile_directory(conversion, place.text) : std::nullopt;
      if (!directory) return Declined{"where the Gemfile is that `" + use.command->name() + "` reads is not known"};
      const auto gems = bundle_path({conversion.file, conversion.stage, step}, *use.command);
      if (*directory != place.text && gems.is_known() && !gems.text.starts_with('/'))
        return Declined{"where `" + use.command->name() + "` puts gems is not known: the Gemfile is in `" + *directory +
                        "`"};
      const auto path = resolve_path(*directory, "Gemfile.lock");
      const auto lock = file_in_context(conversion.file, conversion.stage, path);
      const bool is_later = lock && context.exists(*lock) && is_brought_later(conversion, *directory, *lock);
      const auto is_it = [&](const Artifact& artifact) { return artifact.from == path; };
      if (!is_later && std::ranges::none_of(program.artifacts, is_it)) program.artifacts.push_back({path, path, true});
    }
  }
  return std::nullopt;
}

// What tasks have made is somewhere in the project.
Obstacle add_project(const Conversion& conversion, RuntimeProgram& program) {
  const auto directory = project(conversion.stage, conversion.build);
  if (!directory.is_known() || directory.text == "/")
    return Declined{"the directory of the project is not known, in which the build makes files"};
  std::erase_if(program.artifacts,
                [&](const Artifact& artifact) { return path_is_under(artifact.to, directory.text); });
  program.artifacts.push_back({directory.text, directory.text});
  return std::nullopt;
}

Outcome<RuntimeProgram> program(const Conversion& conversion) {
  auto places = find_gem_places(conversion);
  if (!places) return places.declined();
  if (auto obstacle = other_gems(conversion, places->directories)) return *obstacle;
  RuntimeProgram result;
  for (const auto& directory : places->directories) result.artifacts.push_back({directory, directory});
  result.after_copy = std::move(places->repeated);
  if (auto obstacle = add_lock_files(conversion, result)) return *obstacle;
  if (conversion.builds_source)
    if (auto obstacle = add_project(conversion, result)) return *obstacle;
  if (conversion.runtime_image == conversion.stage.base.text) return result;
  const auto needs = find_gem_needs(conversion.file, conversion.stage);
  if (!needs) return needs.declined();
  constexpr std::size_t most_named = 8;
  if (!needs->unknown.empty())
    result.checklist.push_back("gems that no table knows (" + list_quoted(needs->unknown, most_named) +
                               ") load no shared library and start no program that `" + conversion.runtime_image +
                               "` does not have");
  return result;
}

}  // namespace

extern constinit const Runtime ruby_runtime = {
    .any_version = true,
    .takes_project = true,
    .tools = tools,
    .titles = "RubyGems or Bundler",
    .script_endings = script_endings,
    .template_endings = template_endings,
    .prompts = prompts,
    .starting_calls = starting_calls,
    .part = part,
    .part_of_command = part_of_ruby_command,
    .project = project,
    .image = image,
    .need_of_toolchain = need_of_toolchain,
    .program = program,
    .run_by = run_by,
    .needed_packages = needed_packages,
};

}  // namespace dockhew::inline ecosystems
