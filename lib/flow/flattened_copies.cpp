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

// Whether an import leads into one of the directories. What a file of the directory itself loads beside it comes along.
bool leads_into(const std::vector<std::string>& directories, const std::string& file, const LocalImport& import) {
  return std::ranges::any_of(directories, [&](const std::string& directory) {
    return std::ranges::any_of(import.places, [&](const std::string& place) {
      return path_is_under(place, directory) && (place == directory || !path_is_under(file, directory));
    });
  });
}

std::string needed_by_source(const Dockerfile& file, const Stage& stage, const std::vector<std::string>& directories) {
  const auto* ecosystem = ecosystem_of(stage);
  if (ecosystem == nullptr || ecosystem->runtime == nullptr || ecosystem->local_imports == nullptr) return {};
  std::string evidence;
  for_each_source(file.context(), ".", *ecosystem->runtime, [&](const std::string& path, const std::string& text) {
    if (!evidence.empty()) return;
    for (const auto& import : ecosystem->local_imports(file.context(), path, text))
      if (evidence.empty() && leads_into(directories, path, import))
        evidence = "`" + path + "` imports `" + import.name + "`";
  });
  return evidence;
}

// In the text of an instruction, the first path of something in a directory that would be at `place`; empty without
// one.
std::string path_into(const BuildContext& context, const Step& step, const std::string& directory,
                      const std::string& place) {
  const auto text = step.instruction->text.view();
  const auto name = std::string(path_basename(directory)) + '/';
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const auto begin = text.find_last_of(" \t\"'=[(", at) + 1;
    const auto path = text.substr(begin, text.find_first_of(" \t\"',;&|)]", at) - begin);
    const auto target = resolve_path(step.workdir.text, path);
    if (target == place || !path_is_under(target, place)) continue;
    if (context.exists(join_context_path(directory, relative_path(place, target)))) return std::string(path);
  }
  return {};
}

// A later instruction that names a path in one of the directories where it would be: `CMD ["node", "src/app.js"]`.
std::string needed_by_instruction(const Dockerfile& file, const Stage& stage, const Step& step,
                                  const std::vector<std::string>& directories) {
  if (!step.copy->destination.is_known()) return {};
  for (const auto& other : stage.steps) {
    const auto keyword = other.instruction->keyword;
    const bool runs = keyword == Keyword::run || keyword == Keyword::cmd || keyword == Keyword::entrypoint;
    if (other.index <= step.index || !runs || !other.workdir.is_known()) continue;
    for (const auto& directory : directories) {
      const auto place = resolve_path(step.copy->destination.text, path_basename(directory));
      if (const auto path = path_into(file.context(), other, directory, place); !path.empty())
        return "`" + std::string(keyword_name(keyword)) + "` names `" + path + "`, which will not be there";
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
