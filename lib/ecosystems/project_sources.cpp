#include "ecosystems/project_sources.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/starting_calls.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 24;  // Java has a directory for each part of a package's name
constexpr std::size_t most_bytes = 16U << 20U;
constexpr std::size_t longest_line = 400;  // that is looked at for the sign of a comment

struct Walk {
  const BuildContext& context;
  const Runtime& runtime;
  const std::function<void(const std::string&, const std::string&)>& visit;
  std::size_t read = 0;

  void in(const std::string& directory, int depth) {
    for (const auto& name : context.entries(directory)) {
      if (read > most_bytes) return;
      const auto path = join_context_path(directory, name);
      const auto kind = context.kind(path);
      if (kind == PathKind::directory && depth < deepest && is_of_program(name)) in(path, depth + 1);
      const auto ends = [&](std::string_view ending) { return name.ends_with(ending); };
      const bool runs =
          (std::ranges::any_of(runtime.script_endings, ends) || std::ranges::any_of(runtime.source_endings, ends) ||
           std::ranges::any_of(runtime.template_endings, ends)) &&
          std::ranges::none_of(runtime.building_files, ends);
      if (kind != PathKind::file || !runs) continue;
      const auto text = context.read(path);
      if (!text) continue;
      read += text->size();
      if (runtime.is_of_other_program == nullptr || !runtime.is_of_other_program(path, *text)) visit(path, *text);
    }
  }
};

bool is_in_comment(std::string_view source, std::size_t at) {
  const auto window = source.substr(at - std::min(at, longest_line), std::min(at, longest_line));
  const auto line = trim_unicode(window.substr(window.rfind('\n') + 1));
  const bool behind = line.find("//") != line.npos && line.find("://") == line.npos;
  return behind || line.starts_with('#') || line.starts_with('*') || line.starts_with("/*");
}

bool has_mark(std::string_view source, std::string_view mark) {
  const bool open = mark.ends_with('*');
  if (open) mark.remove_suffix(1);
  for (auto at = source.find(mark); at != source.npos; at = source.find(mark, at + 1)) {
    const auto end = at + mark.size();
    const bool begins = !is_in_name(mark.front()) || at == 0 || !is_in_name(source[at - 1]);
    const bool ends = open || !is_in_name(mark.back()) || end == source.size() || !is_in_name(source[end]);
    if (begins && ends && !is_in_comment(source, at)) return true;
  }
  return false;
}

}  // namespace

bool is_of_program(std::string_view directory) {
  constexpr std::array<std::string_view, 13> others = {"__tests__",    "benches",       "buildSrc", "docs", "e2e",
                                                       "node_modules", "site-packages", "target",   "test", "testdata",
                                                       "tests",        "vendor",        "venv"};
  return !directory.starts_with('.') && std::ranges::find(others, directory) == others.end();
}

void for_each_source(const BuildContext& context, const std::string& root, const Runtime& runtime,
                     const std::function<void(const std::string& path, const std::string& text)>& visit) {
  if (context.is_known()) Walk{context, runtime, visit, 0}.in(root, 0);
}

std::string source_root(const Dockerfile& file, const Stage& stage) {
  if (!stage.workdir.is_known()) return ".";
  return project_in_context(file, stage, stage.steps.size(), stage.workdir.text).value_or(".");
}

std::optional<SourceMark> find_source_mark(const BuildContext& context, const std::string& root, const Runtime& runtime,
                                           Words marks) {
  std::optional<SourceMark> found;
  for_each_source(context, root, runtime, [&](const std::string& path, const std::string& text) {
    for (const auto mark : marks)
      if (!found && has_mark(text, mark)) found = {path, mark};
  });
  return found;
}

std::map<std::string_view, std::string> find_source_marks(const Dockerfile& file, const Stage& stage,
                                                          const Runtime& runtime, std::string_view table) {
  std::map<std::string_view, std::string> found;
  const auto marks = file.facts().needed_packages.find(table);
  if (marks == file.facts().needed_packages.end()) return found;
  for_each_source(file.context(), source_root(file, stage), runtime,
                  [&](const std::string& path, const std::string& text) {
                    if (path_basename(path) == "setup.py") return;  // it installs the project
                    for (const auto& [mark, needs] : marks->second)
                      if (!found.contains(needs) && has_mark(text, mark))
                        found.emplace(needs, '`' + std::string(mark) + "` in `" + path + '`');
                  });
  return found;
}

}  // namespace dockhew::inline ecosystems
