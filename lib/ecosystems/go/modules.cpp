#include "ecosystems/go/modules.hpp"

#include <algorithm>

#include "ecosystems/project_sources.hpp"
#include "effects/environment.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view variable = "GO111MODULE";

// `go env -w GO111MODULE=off`. What else is written there cannot be told apart from it where a word is not known.
bool writes_off(const ShellCommand& command) {
  if (command.use == nullptr || command.use->tool->id != "go" || !command.has_word("env") || !command.has_word("-w"))
    return false;
  return std::ranges::any_of(command.words, [](const ShellWord& word) {
    const auto& text = word.value.is_known() ? word.text() : word.raw;
    return text.starts_with(variable) && !text.ends_with("=on") && !text.ends_with("=auto") && !text.ends_with('=');
  });
}

// Modules came with Go 1.11, and until 1.13 they were off below GOPATH unless asked for.
bool is_too_old(const Site& site, const ToolUse& use, const Value& setting) {
  const auto& image = site.stage.image;
  if (!image || image->entry == nullptr || !image->entry->is_compiler || image->entry->language != "go") return false;
  const auto below = [&](std::string_view minimum) {
    return version_numbers(image->version).size() > 1 && !version_at_least(image->version, minimum);
  };
  if (below("1.11")) return true;
  if (!below("1.13") || setting.is("on")) return false;
  const auto path = environment(site, *use.command, "GOPATH");
  return !path.is_known() || !use.command->directory.is_known() ||
         path_is_under(use.command->directory.text, path.text);
}

}  // namespace

bool is_written_off(const Site& site, const ShellCommand& until) {
  const auto writes = [](const ShellCommand& command) { return writes_off(command); };
  for (const auto& command : site.step.script->commands) {
    if (&command == &until) break;
    if (writes(command)) return true;
  }
  return site.any_earlier({"go env turns modules off"}, [&](const Site& earlier) {
    return earlier.step.script && std::ranges::any_of(earlier.step.script->commands, writes);
  });
}

bool may_lack_modules(const Site& site, const ToolUse& use) {
  const auto setting = find_variable(site, *use.command, variable);
  const bool may_be_off = setting.value.is_unknown() && setting.setter != Setter::nobody;
  if (setting.value.is("off") || may_be_off || is_too_old(site, use, setting.value)) return true;
  // A variable of the environment counts more than what is written.
  return setting.setter == Setter::nobody && site.step.script && is_written_off(site, *use.command);
}

std::string_view value_in_go_mod(std::string_view go_mod, std::string_view word) {
  for (const auto line : split_lines(go_mod))
    if (const auto words = split_words(trim_unicode(line)); words.size() > 1 && words[0] == word) return words[1];
  return {};
}

std::vector<LocalImport> go_local_imports(const BuildContext& context, const std::string& file, std::string_view text) {
  std::vector<LocalImport> imports;
  for (std::string directory(path_parent(file));; directory = path_parent(directory)) {
    const auto go_mod = context.read(join_context_path(directory, "go.mod"));
    if (!go_mod && directory != ".") continue;
    const auto module = std::string(value_in_go_mod(go_mod.value_or(""), "module"));
    const auto beginning = '"' + module + '/';
    for (auto at = module.empty() ? text.npos : text.find(beginning); at != text.npos;
         at = text.find(beginning, at + 1)) {
      const auto name = text.substr(at + 1, text.find_first_of("\"\n", at + 1) - at - 1);
      imports.push_back({std::string(name), {join_context_path(directory, name.substr(module.size() + 1))}});
    }
    return imports;
  }
}

std::string_view module_read_by_program(const Dockerfile& file, const Stage& stage) {
  // Dictionaries by `runtime.Caller`, and libraries that cgo's `-rpath,${SRCDIR}` names. Source: their repositories.
  constexpr std::string_view modules[] = {"github.com/CosmWasm/wasmvm", "github.com/go-ego/gse",
                                          "github.com/k2-fsa/sherpa-onnx-go", "github.com/wasmerio/wasmer-go",
                                          "github.com/yanyiwu/gojieba"};
  if (!file.context().is_known()) return {};
  for (const auto& directory : {source_root(file, stage), std::string(".")}) {
    const auto text = file.context().read(join_context_path(directory, "go.mod")).value_or("");
    for (const auto module : modules)
      if (text.find(module) != text.npos) return module;
  }
  return {};
}

}  // namespace dockhew::inline ecosystems
