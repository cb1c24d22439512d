#include "flow/flattened_copies.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/project_sources.hpp"
#include "effects/source_copy.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "syntax/keyword.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_entries = 2000;

bool has_wildcard(std::string_view text) { return text.find_first_of("*?[") != text.npos; }

// What one COPY brings, at the top of its destination.
struct Brought {
  std::vector<std::string> files, directories;  // in the context
};

Brought brought_by(const BuildContext& context, const CopySource& source) {
  Brought brought;
  if (!source.known || source.heredoc || source.text.find("://") != source.text.npos) return brought;
  for (auto& path : context.expand(source.text)) {
    if (path == ".") continue;
    if (context.kind(path) == PathKind::directory) brought.directories.push_back(std::move(path));
    else brought.files.push_back(std::move(path));
  }
  return brought;
}

// ---- two files with one name ----------------------------------------------------------------------------------------

// The first two that would be one in the destination: "`a/index.js` and `b/index.js`".
std::string collision_in(const BuildContext& context, const Brought& all) {
  std::map<std::string, std::string, std::less<>> by_name;
  std::size_t seen = 0;
  for (const auto& path : all.files) by_name.emplace(path_basename(path), path);
  for (const auto& directory : all.directories)
    for (const auto& name : context.entries(directory)) {
      if (++seen > most_entries) return {};
      auto path = join_context_path(directory, name);
      const auto [other, is_new] = by_name.emplace(name, path);
      const bool directories =
          !is_new && context.kind(path) == PathKind::directory && context.kind(other->second) == PathKind::directory;
      if (!is_new && !directories && !name.starts_with('.'))
        return "`" + other->second + "` and `" + path + "` would be one file";
    }
  return {};
}

// ---- who needs a directory ------------------------------------------------------------------------------------------

// The matched directory that a path is in; empty where it is in none.
std::string directory_of(const std::vector<std::string>& directories, const std::string& path) {
  const auto found =
      std::ranges::find_if(directories, [&](const std::string& directory) { return path_is_under(path, directory); });
  return found == directories.end() ? std::string() : *found;
}

// `import x from './routes/a'`, as it is written in a file of the context.
std::string relative_import(const std::string& file, const std::string& text,
                            const std::vector<std::string>& directories) {
  for (const char quote : {'"', '\''})
    for (auto at = text.find(std::string(1, quote) + '.'); at != text.npos;
         at = text.find(std::string(1, quote) + '.', at + 1)) {
      const auto name = text.substr(at + 1, text.find_first_of("\"'\n", at + 1) - at - 1);
      if (!name.starts_with("./") && !name.starts_with("../")) continue;
      const auto target = join_context_path(path_parent(file), name);
      const auto directory = directory_of(directories, target);
      if (!directory.empty() && !path_is_under(file, directory)) return name;
    }
  return {};
}

// `from routes import a`, `import routes.a`: a line that begins so.
std::string module_import(const std::string& text, const std::vector<std::string>& directories) {
  for (const auto line : split_lines(text)) {
    const auto words = split_words(line);
    if (words.size() < 2 || (words[0] != "from" && words[0] != "import")) continue;
    const auto module = words[1].substr(0, words[1].find_first_of(".,;"));
    for (const auto& directory : directories)
      if (module == path_basename(directory)) return std::string(words[1]);
  }
  return {};
}

// `"example.org/app/routes"`, with the name that the module at the root gives itself.
std::string path_import(const std::string& text, const std::string& module,
                        const std::vector<std::string>& directories) {
  if (module.empty()) return {};
  for (const auto& directory : directories) {
    const auto name = module + '/' + directory;
    const auto at = text.find('"' + name);
    if (at == text.npos) continue;
    const char next = at + name.size() + 1 < text.size() ? text[at + name.size() + 1] : '"';
    if (next == '"' || next == '/') return name;
  }
  return {};
}

// The name after `module` in a manifest of modules at the root of the context.
std::string module_name(const BuildContext& context) {
  const auto manifest = context.read("go.mod").value_or("");
  for (const auto line : split_lines(manifest)) {
    const auto words = split_words(line);
    if (words.size() == 2 && words[0] == "module") return std::string(words[1]);
  }
  return {};
}

std::string needed_by_source(const Dockerfile& file, const Stage& stage, const std::vector<std::string>& directories) {
  const auto* runtime = runtime_of(stage);
  if (runtime == nullptr) return {};
  const auto& context = file.context();
  const auto module = module_name(context);
  std::string evidence;
  for_each_source(context, ".", *runtime, [&](const std::string& path, const std::string& text) {
    if (!evidence.empty()) return;
    auto name = relative_import(path, text, directories);
    if (name.empty()) name = path_import(text, module, directories);
    if (name.empty() && path.ends_with(".py")) name = module_import(text, directories);
    if (!name.empty()) evidence = "`" + path + "` imports `" + name + "`";
  });
  return evidence;
}

// A later instruction that names a path in one of the directories where it would be: `CMD ["node", "src/app.js"]`.
std::string needed_by_instruction(const Dockerfile& file, const Stage& stage, const Step& step,
                                  const std::vector<std::string>& directories) {
  for (const auto& other : stage.steps) {
    if (other.index <= step.index) continue;
    const auto keyword = other.instruction->keyword;
    if (keyword != Keyword::run && keyword != Keyword::cmd && keyword != Keyword::entrypoint) continue;
    const auto text = other.instruction->text.view();
    for (const auto& directory : directories) {
      const auto name = std::string(path_basename(directory)) + '/';
      for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const auto begin = text.find_last_of(" \t\"'=[(", at) + 1;
        const auto path = text.substr(begin, text.find_first_of(" \t\"',;&|)]", at) - begin);
        const auto& workdir = other.workdir;
        if (!workdir.is_known() || !step.copy->destination.is_known()) continue;
        const auto place = resolve_path(step.copy->destination.text, path_basename(directory));
        const auto target = resolve_path(workdir.text, path);
        const auto in_context = join_context_path(directory, relative_path(place, target));
        if (path_is_under(target, place) && target != place && file.context().exists(in_context))
          return "`" + std::string(keyword_name(keyword)) + "` names `" + std::string(path) +
                 "`, which will not be there";
      }
    }
  }
  return {};
}

// Another COPY brings the directory as it is.
bool is_brought_whole(const Stage& stage, const Step& step, const std::string& directory) {
  if (!step.copy->destination.is_known()) return true;
  const auto place = resolve_path(step.copy->destination.text, path_basename(directory));
  return std::ranges::any_of(stage.steps, [&](const Step& other) {
    if (&other == &step || !other.copy) return false;
    if (!other.copy->from_context()) return other.copy->destination.is_known() && other.copy->destination.is(place);
    const auto from = context_directory(*other.copy, place);
    return from && *from == directory;
  });
}

std::optional<FlattenedCopy> look_at(const Dockerfile& file, const Stage& stage, const Step& step) {
  const auto& context = file.context();
  FlattenedCopy found;
  found.stage = &stage;
  found.step = &step;
  Brought all;
  std::size_t by_wildcard = 0;
  for (std::size_t i = 0; i < step.copy->sources.size(); ++i) {
    auto brought = brought_by(context, step.copy->sources[i]);
    std::erase_if(brought.directories, [&](const std::string& path) {
      return context.entries(path).empty() || is_brought_whole(stage, step, path);
    });
    if (!brought.directories.empty()) found.sources.push_back(i);
    const bool wild = has_wildcard(step.copy->sources[i].text);
    if (wild && !brought.directories.empty()) by_wildcard += brought.directories.size() + brought.files.size();
    std::ranges::move(brought.files, std::back_inserter(all.files));
    std::ranges::move(brought.directories, std::back_inserter(all.directories));
  }
  if (all.directories.empty() || all.directories.size() + all.files.size() < 2) return std::nullopt;
  found.by_wildcard = by_wildcard > 1;
  found.evidence = needed_by_instruction(file, stage, step, all.directories);
  if (found.evidence.empty()) found.evidence = needed_by_source(file, stage, all.directories);
  found.is_needed = !found.evidence.empty();
  if (!found.is_needed) found.evidence = collision_in(context, all);
  found.directories = std::move(all.directories);
  return found;
}

}  // namespace

std::vector<FlattenedCopy> find_flattened_copies(const Dockerfile& file) {
  std::vector<FlattenedCopy> found;
  if (!file.context().is_known()) return found;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.copy && step.copy->from_context() && !step.in_child && !step.instruction->flag("parents"))
        if (auto flattened = look_at(file, stage, step)) found.push_back(*std::move(flattened));
  return found;
}

}  // namespace dockhew::inline flow
