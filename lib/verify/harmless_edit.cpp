#include "verify/harmless_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include "ecosystems/manifests.hpp"
#include "effects/manifest_copy.hpp"
#include "layers/cost.hpp"
#include "model/start_command.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"

namespace dockhew::inline verify {
namespace {

constexpr std::size_t most_files = 20000;  // examined in a context

struct Style {
  std::string_view names;  // extensions and whole names, with blanks around each
  std::string_view begin, end;
};

constexpr std::array styles = {
    Style{" .rs .go .mod .js .mjs .cjs .jsx .ts .tsx .c .cc .cpp .cxx .h .hpp .java .kt .kts .scala .groovy .gradle "
          ".swift .cs .php .proto .dart .zig .scss .mts .cts ",
          "// ", ""},
    Style{" .py .rb .sh .bash .pl .pm .ex .exs .toml .txt .yaml .yml .cmake .r .jl .tcl .conf .properties .cfg .in "
          ".lock Makefile Gemfile Rakefile Pipfile CMakeLists.txt GNUmakefile ",
          "# ", ""},
    Style{" .sql .lua .hs .elm ", "-- ", ""},
    Style{" .xml .html .htm .vue .svelte .csproj .fsproj .vbproj .props .md .svg ", "<!-- ", " -->"},
    Style{" .css .less ", "/* ", " */"},
    Style{" .erl .hrl .tex ", "% ", ""},
};

std::string extension(std::string_view path) {
  const auto name = path_basename(path);
  const auto dot = name.rfind('.');
  return dot == name.npos || dot == 0 ? std::string() : std::string(name.substr(dot));
}

const Style* style_of(std::string_view path) {
  const std::string ending = extension(path), name(path_basename(path));
  const auto found = std::ranges::find_if(styles, [&](const Style& style) {
    return style.names.find(" " + name + " ") != style.names.npos ||
           (!ending.empty() && style.names.find(" " + ending + " ") != style.names.npos);
  });
  return found == styles.end() ? nullptr : &*found;
}

bool is_copied(const Dockerfile& file, const std::string& path) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      for (const auto& mount : step.mounts)
        if (mount.type == Mount::Type::bind && mount.from.empty() &&
            path_is_under("/" + path, clean_path("/" + mount.source)))
          return true;
      if (!step.copy || !step.copy->from_context()) continue;
      for (const auto& source : step.copy->sources) {
        if (source.heredoc || !source.known) continue;
        for (const auto& named : file.context().expand(source.text))
          if (path_is_under("/" + path, clean_path("/" + named))) return true;
      }
    }
  return false;
}

// Directories with third-party code or build output.
bool is_foreign(std::string_view name) {
  constexpr std::string_view foreign[] = {"node_modules", "target", "vendor", "dist", "build", "__pycache__", "venv"};
  return name.starts_with('.') || std::ranges::find(foreign, name) != std::end(foreign);
}

void walk(const BuildContext& context, const std::string& directory, std::vector<std::string>& files) {
  for (const auto& name : context.entries(directory)) {
    if (files.size() >= most_files) return;
    const auto path = directory == "." ? name : directory + "/" + name;
    const auto kind = context.kind(path);
    if (kind == PathKind::file) files.push_back(path);
    else if (kind == PathKind::directory && !is_foreign(name)) walk(context, path, files);
  }
}

std::vector<std::string> copied_files(const Dockerfile& file) {
  std::vector<std::string> files;
  if (!file.context().is_known()) return files;
  walk(file.context(), ".", files);
  std::erase_if(files, [&](const std::string& path) { return !is_copied(file, path); });
  return files;
}

bool declares_dependencies(const Dockerfile& file, const std::string& path) {
  Copy copy;
  copy.sources.emplace_back().text = path;
  return copies_only_manifests(file, copy);
}

// Lock files, and the checksums beside them.
bool is_written_by_tools(std::string_view name) { return is_lock_file(name) || name.ends_with(".sum"); }

// Whether the tools that this file runs use this manifest; there may be others next to it.
bool is_of_used_tool(const Dockerfile& file, std::string_view name) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (!step.script) continue;
      for (const auto& use : step.script->uses)
        for (const auto& manifest : use.tool->project.manifests)
          if (glob_match(manifest, name)) return true;
    }
  return false;
}

// A test is never what is built or run.
bool is_test(std::string_view path) {
  const auto name = path_basename(path);
  for (const auto* part : {".spec.", ".test.", ".e2e-", ".stories.", "_test.", "_spec."})
    if (name.find(part) != name.npos) return true;
  if (name.starts_with("test_") || name.starts_with("conftest.")) return true;
  constexpr std::string_view directories[] = {"__tests__", "benches", "e2e", "examples", "spec", "test", "tests"};
  for (auto at = path_parent(path); at != "." && at != "/"; at = path_parent(at))
    if (std::ranges::find(directories, path_basename(at)) != std::end(directories)) return true;
  return false;
}

// The name without its last ending: "app.controller" of "app.controller.ts".
std::string stem_of(std::string_view path) {
  const auto name = path_basename(path);
  return std::string(name.substr(0, name.size() - extension(path).size()));
}

// The name of what the container starts, however it is written, where one of the files has it: "main" of
// `node dist/main.js`, "wsgi" of `gunicorn --config conf.py shop.wsgi:app`. Whether an option takes the next word is
// not known, so such words come last.
std::string started_stem(const Dockerfile& file, const std::vector<std::string>& paths) {
  const auto start = find_start_command(file.stages().back());
  if (!start) return {};
  const auto is_there = [&](std::string_view stem) {
    return !stem.empty() &&
           std::ranges::any_of(paths, [&](const std::string& path) { return !is_test(path) && stem_of(path) == stem; });
  };
  for (const bool after_options : {false, true})
    for (std::size_t i = 1; i < start->words.size(); ++i) {
      const std::string_view word = start->words[i], before = start->words[i - 1];
      if (word.starts_with('-') || (before.starts_with('-') && before != "-m" && !after_options)) continue;
      const auto name = path_basename(word.substr(0, word.find(':')));
      for (const auto& stem : {stem_of(name), std::string(name), std::string(name.substr(name.rfind('.') + 1))})
        if (is_there(stem)) return stem;
    }
  return {};
}

template <typename Key>
std::string first_by(const std::vector<std::string>& paths, const Key& key) {
  const auto found = std::ranges::min_element(paths, {}, key);
  return found == paths.end() ? std::string() : *found;
}

}  // namespace

std::string choose_source_file(const Dockerfile& file) {
  auto files = copied_files(file);
  constexpr std::string_view code =
      " .rs .go .js .mjs .cjs .jsx .ts .tsx .c .cc .cpp .cxx .java .kt .scala .swift .cs .php .py .rb .ex .erl .hs "
      ".dart ";
  std::erase_if(files, [&](const std::string& path) {
    return style_of(path) == nullptr || declares_dependencies(file, path) || is_written_by_tools(path_basename(path));
  });
  constexpr std::string_view entries[] = {"main", "index", "app", "server", "lib", "cli", "program", "mod", "__main__"};
  const auto started = started_stem(file, files);
  return first_by(files, [&](const std::string& path) {
    const auto stem = stem_of(path);
    const bool is_code = code.find(" " + extension(path) + " ") != code.npos;
    // All entries are as good as each other, except that those nearer the root, and then the earlier ones, come first.
    const auto rank = std::ranges::find(entries, stem) - std::begin(entries);
    return std::tuple(!is_code, is_test(path), started.empty() || stem != started, rank == std::ssize(entries),
                      std::ranges::count(path, '/'), rank, path);
  });
}

std::string choose_manifest(const Dockerfile& file) {
  auto files = copied_files(file);
  std::erase_if(files, [&](const std::string& path) {
    const bool json = extension(path) == ".json";
    return !declares_dependencies(file, path) || is_written_by_tools(path_basename(path)) ||
           (!json && style_of(path) == nullptr);
  });
  return first_by(files, [&](const std::string& path) {
    return std::tuple(!is_of_used_tool(file, path_basename(path)), std::ranges::count(path, '/'), path);
  });
}

std::string edited(std::string_view path, const std::string& text, const std::string& mark) {
  if (extension(path) == ".json") {
    const auto brace = text.find('{');
    if (brace == text.npos) return {};
    const auto next = text.find_first_not_of(" \t\r\n", brace + 1);
    const bool empty = next != text.npos && text[next] == '}';
    return text.substr(0, brace + 1) + fmt::format("\n  \"dockhew-verify\": \"{}\"{}", mark, empty ? "" : ",") +
           text.substr(brace + 1);
  }
  const auto* style = style_of(path);
  if (style == nullptr) return {};
  return text + (text.empty() || text.ends_with('\n') ? "" : "\n") +
         fmt::format("{}dockhew verify, change {}{}\n", style->begin, mark, style->end);
}

}  // namespace dockhew::inline verify
