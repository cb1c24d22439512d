#include "ecosystems/python/loaded_libraries.hpp"

#include <algorithm>
#include <map>

#include "ecosystems/project_sources.hpp"
#include "ecosystems/python/runtime.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view loading_calls[] = {"CDLL(", "LoadLibrary(", "PyDLL(", "dlopen("};
constexpr std::string_view finding_call = "find_library(";
constexpr std::size_t longest_name = 120;

using Libraries = std::map<std::string, std::string>;  // name to the file that loads it

// The text that is the first argument of a call whose bracket ends before `at`; empty where it is none.
std::string_view argument_at(std::string_view source, std::size_t at) {
  at = source.find_first_not_of(" \t\r\n", at);
  if (at == source.npos || (source[at] != '"' && source[at] != '\'')) return {};
  const auto rest = source.substr(at + 1, longest_name);
  const auto end = rest.find(source[at]);
  return end == rest.npos ? std::string_view() : rest.substr(0, end);
}

// `xml2` of `libxml2.so.2` and of `/usr/lib/x86_64-linux-gnu/libxml2.so`; empty where the project has the file.
std::string name_of(std::string_view path) {
  const auto name = path_basename(path);
  const auto so = name.find(".so");
  if (so == name.npos || !name.starts_with("lib")) return {};
  const bool of_system = path == name || path.starts_with("/usr/lib/") || path.starts_with("/lib/");
  return of_system ? std::string(name.substr(3, so - 3)) : std::string();
}

void add_libraries(const std::string& path, std::string_view source, Libraries& libraries) {
  const auto add = [&](std::string_view call, const auto& name) {
    for (auto at = source.find(call); at != source.npos; at = source.find(call, at + 1))
      if (auto found = name(argument_at(source, at + call.size())); !found.empty())
        libraries.emplace(std::move(found), path);
  };
  for (const auto call : loading_calls) add(call, name_of);
  add(finding_call, [](std::string_view name) { return std::string(name); });
}

// Whether a RUN installs a package that is named as the library: `libvips42`, `libvips-dev`.
bool is_installed(const Stage& stage, const std::string& library) {
  return std::ranges::any_of(stage.steps, [&](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
             return use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                    std::ranges::any_of(use.operands, [&](std::size_t i) {
                      return use.command->words[i].raw.find(library) != std::string::npos;
                    });
           });
  });
}

}  // namespace

Obstacle obstacle_of_musl(const Dockerfile& file, const Stage& stage) {
  if (!stage.image || stage.image->distribution != "alpine") return std::nullopt;
  const std::string_view marks[] = {finding_call.substr(0, finding_call.size() - 1)};
  const auto mark = find_source_mark(file.context(), source_root(file, stage), python_runtime, marks);
  if (!mark) return std::nullopt;
  return Declined{"`" + mark->file + "` calls `find_library`, which on Alpine needs the compiler or binutils"};
}

Outcome<std::vector<std::string>> find_loaded_libraries(const Dockerfile& file, const Stage& stage) {
  Libraries libraries;
  for_each_source(file.context(), source_root(file, stage), python_runtime,
                  [&](const std::string& path, const std::string& text) { add_libraries(path, text, libraries); });
  std::vector<std::string> packages;
  const auto table = file.facts().needed_packages.find("pip-loaded-libraries");
  for (const auto& [library, path] : libraries) {
    const auto known = table->second.find(library);
    if (known != table->second.end()) {
      for (const auto package : split_words(known->second)) packages.emplace_back(package);
    } else if (!is_installed(stage, library) && file.context().expand("lib" + library + ".so*").empty()) {
      return Declined{"`" + path + "` loads the library `" + library +
                      "`, and which package has it is not known; install that in the Dockerfile"};
    }
  }
  return packages;
}

}  // namespace dockhew::inline ecosystems
