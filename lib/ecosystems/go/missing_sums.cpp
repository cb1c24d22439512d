#include "ecosystems/go/missing_sums.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "ecosystems/command_effects.hpp"
#include "ecosystems/go/modules.hpp"
#include "ecosystems/repository_files.hpp"
#include "ecosystems/system/absent_programs.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "model/ignored_by_git.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_directories = 200;

// What go.mod requires: paths of modules. None where a `replace` may stand for any of them. Those below the module's
// own path may be directories of it.
std::set<std::string, std::less<>> required_modules(std::string_view go_mod) {
  const auto own = std::string(value_in_go_mod(go_mod, "module")) + '/';
  std::set<std::string, std::less<>> modules;
  bool inside = false;
  for (const auto line : split_lines(go_mod)) {
    const auto code = line.substr(0, line.find("//"));
    if (code.find("=>") != code.npos) return {};
    const auto words = split_words(code);
    if (words.empty()) continue;
    const bool begins = words[0] == "require";
    if (begins && words.size() > 1 && words[1].starts_with('(')) {
      inside = true;
    } else if (words[0].starts_with(')')) {
      inside = false;
    } else if (begins || inside) {
      const auto at = begins ? 1U : 0U;
      if (words.size() > at + 1 && !unquoted(words[at]).starts_with(own)) modules.emplace(unquoted(words[at]));
    }
  }
  return modules;
}

// The part of a source file that has its imports: what is before the first declaration.
std::string_view head_of(std::string_view source) {
  for (const std::string_view keyword : {"\nfunc ", "\ntype ", "\nvar ", "\nconst ", "\nvar(", "\nconst("})
    source = source.substr(0, source.find(keyword));
  return source;
}

// Whether a text in quotes that begins there is imported: `import "example.org/m/package"`, or a line of a list.
bool is_imported(std::string_view source, std::size_t quote) {
  constexpr std::size_t longest_name = 200;
  const auto begin = quote - std::min(quote, longest_name);
  const auto written = source.substr(begin, quote - begin);
  const auto before = split_words(written.substr(written.rfind('\n') + 1));
  if (before.size() > 2 || (before.size() == 2 && before[0] != "import")) return false;
  return before.empty() || !before[0].starts_with("//");
}

using Modules = std::set<std::string, std::less<>>;

// The first of the modules that the head of a file imports a package of; empty where it imports none.
std::string imported_module(std::string_view head, const Modules& modules) {
  for (auto at = head.find('"'); at != head.npos; at = head.find('"', at + 1)) {
    const auto end = head.find_first_of("\"\n", at + 1);
    if (end == head.npos) return {};
    if (head[end] != '"') continue;
    for (auto path = head.substr(at + 1, end - at - 1);; path = path.substr(0, path.rfind('/'))) {
      const auto module = modules.find(path);
      if (module != modules.end() && is_imported(head, at)) return *module;
      if (path.find('/') == path.npos) break;
    }
    at = end;
  }
  return {};
}

// Whether a file belongs to every build of its package: no test, and none that is for one system.
bool is_always_built(std::string_view name, std::string_view source) {
  return name.ends_with(".go") && name.find('_') == name.npos && source.find("//go:build") == source.npos &&
         source.find("// +build") == source.npos && source.find("/*") == source.npos;
}

// The module that the package in a directory of the context takes from, or one of its own module that it imports;
// empty where none is found.
std::string module_needed_by(const BuildContext& context, const std::string& directory, const Modules& modules) {
  std::vector<std::string> directories = {directory};
  std::set<std::string, std::less<>> seen = {directory};
  for (std::size_t i = 0; i < directories.size() && i < most_directories; ++i) {
    const auto current = directories[i];
    for (const auto& name : context.entries(current)) {
      if (!name.ends_with(".go")) continue;
      const auto path = join_context_path(current, name);
      const auto source = context.read(path);
      if (!source || !is_always_built(name, *source)) continue;
      if (auto module = imported_module(head_of(*source), modules); !module.empty()) return module;
      for (const auto& local : go_local_imports(context, path, *source))
        for (const auto& place : local.places)
          if (seen.insert(place).second) directories.push_back(place);
    }
  }
  return {};
}

// The directory of the context with the package that the use builds; nothing where it names several, or none.
std::optional<std::string> package_directory(const ToolUse& use, const std::string& project) {
  if (use.operands.empty()) return project;
  const auto& word = use.command->words[use.operands.front()];
  if (!word.value.is_known()) return std::nullopt;
  std::string path = word.text();
  if (use.operands.size() > 1 && use.action->words.front() != "run") return std::nullopt;
  if (path.ends_with(".go")) path = std::string(path_parent(path));
  if (path == "./...") return project;
  if (path != "." && !path.starts_with("./")) return std::nullopt;
  if (path.find("...") != path.npos || path.find("..") != path.npos) return std::nullopt;
  return join_context_path(project, path);
}

bool is_option_of_module(const ShellWord& word) {
  return !word.value.is_known() || word.text().starts_with("-mod") || word.text().starts_with("--mod") ||
         word.text().starts_with("-C") || word.text().starts_with("-overlay") || word.text().starts_with("-tags");
}

// Of a command before the use, whether it may write go.sum, or bring the modules in another way.
bool may_bring_sums(const Site& site, const ShellCommand& command, const std::string& file, bool downloads_save) {
  if (command.words.empty()) return false;
  if (may_bring_anything(site.file.facts(), command)) return true;
  if (command.use == nullptr || command.use->tool->id != "go") return may_write_file(site, command, file);
  const auto& words = command.use->action->words;
  if (words.empty() || std::ranges::any_of(command.words, is_option_of_module)) return true;
  if (words.front() == "mod") {
    const bool plain = words.size() > 1 && (words[1] == "verify" || (words[1] == "download" && !downloads_save));
    return !plain || !command.use->operands.empty();
  }
  constexpr std::string_view readers[] = {"build", "vet", "test", "clean"};
  return std::ranges::find(readers, words.front()) == std::end(readers);
}

// Whether a step names a variable that may change what Go does with modules.
bool names_settings(const Step& step) {
  constexpr std::string_view settings[] = {"GO111MODULE", "GOENV", "GOFLAGS", "GONO", "GOWORK", "go env"};
  const auto text = step.instruction->text.view();
  return std::ranges::any_of(settings, [&](std::string_view word) { return text.find(word) != text.npos; });
}

// Of a whole step, whether it may bring go.sum or the modules.
bool may_bring_sums(const Site& site, const std::string& file, bool downloads_save) {
  const auto& step = site.step;
  if (names_settings(step)) return true;
  if (step.copy) {
    const auto& destination = step.copy->destination;
    const bool elsewhere = destination.is_known() && !path_is_under(file, destination.text) &&
                           !path_is_under(destination.text, path_parent(file));
    return !step.copy->from_context() && !elsewhere;
  }
  if (step.instruction->keyword != Keyword::run) return false;
  if (!step.script || step.script->opaque) return true;
  return std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
    return may_bring_sums(site, command, file, downloads_save);
  });
}

// A tag without a version is that of the newest Go.
bool is_newest(const Stage& stage) {
  constexpr std::string_view tags[] = {"", "1", "1-alpine", "alpine", "latest"};
  return stage.reference.digest.empty() && std::ranges::find(tags, stage.reference.tag) != std::end(tags);
}

// Whether nobody has go.sum: neither the build context nor, where that is a guess, the repository.
bool is_certainly_absent(const BuildContext& context, const std::string& sums) {
  const auto& origin = context.origin();
  return context.is_known() && context.kind_if_not_ignored(sums) == PathKind::absent && !origin.prepared &&
         !is_ignored_by_git(context, sums) && (!origin.guess || is_nowhere(context, "go.sum"));
}

}  // namespace

std::string missing_sums(const Site& site, const ToolUse& use, const std::string& project, std::string_view go_mod) {
  constexpr std::string_view builders[] = {"build", "install", "run", "test", "vet"};
  constexpr std::string_view first_that_insists = "1.16", first_that_saves_none = "1.18";
  const auto& command = *use.command;
  const auto& context = site.context();
  const auto& words = use.action->words;
  if (words.empty() || std::ranges::find(builders, words.front()) == std::end(builders)) return {};
  if (std::ranges::any_of(command.words, is_option_of_module) || may_lack_modules(site, use)) return {};
  const auto& version = site.stage.image->version;
  const bool newest = is_newest(site.stage);
  if (!newest && (version_numbers(version).size() < 2 || !version_at_least(version, first_that_insists))) return {};
  if (!is_certainly_absent(context, join_context_path(project, "go.sum"))) return {};
  for (const auto* other : {"vendor", "go.work"})
    if (context.exists(join_context_path(project, other)) || context.exists(other)) return {};
  if (names_settings(site.step) || has_bind_mount(site.step)) return {};

  const auto file = resolve_path(command.directory.text, "go.sum");
  const bool downloads_save = !newest && !version_at_least(version, first_that_saves_none);
  const auto brings = [&](const Site& earlier) { return may_bring_sums(earlier, file, downloads_save); };
  if (site.any_earlier({"may bring checksums of modules to ", file}, brings)) return {};
  for (const auto& other : site.step.script->commands) {
    if (&other == &command) break;
    if (may_bring_sums(site, other, file, downloads_save)) return {};
  }

  const auto modules = required_modules(go_mod);
  const auto directory = modules.empty() ? std::nullopt : package_directory(use, project);
  const auto module = directory ? module_needed_by(context, *directory, modules) : std::string();
  if (module.empty()) return {};
  return "the source imports `" + module + "`, and there is no `" + join_context_path(project, "go.sum") +
         "` with its checksum, so Go stops here with \"missing go.sum entry\"; run `go mod tidy` and commit `go.sum`";
}

}  // namespace dockhew::inline ecosystems
