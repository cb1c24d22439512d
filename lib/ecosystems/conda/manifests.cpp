#include "ecosystems/conda/manifests.hpp"

#include "ecosystems/plain_manifest.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

Obstacle environment_yml_obstacle(std::string_view text) {
  constexpr std::string_view words[] = {"-e ",          "--editable", "-r ", "--requirement", "-c ",
                                        "--constraint", "file:",      "./",  "../",           ".whl"};
  return names_source("the environment", text, words);
}

Outcome<std::vector<std::string>> environment_files(const ToolUse& use) {
  std::vector<std::string> names;
  for (const auto i : use.manifests) {
    const auto& word = use.command->words[i];
    if (!word.value.is_known() || word.text().starts_with('/'))
      return Declined{"the path of the environment is not relative to the source"};
    names.push_back(word.text());
  }
  if (names.empty()) names.emplace_back("environment.yml");  // conda's default
  return names;
}

bool is_made_in_source(const ToolUse& use) {
  const auto& words = use.command->words;
  for (std::size_t i = use.first; i + 1 < words.size(); ++i)
    if ((words[i].raw == "-p" || words[i].raw == "--prefix") && !words[i + 1].text().starts_with('/')) return true;
  return false;
}

}  // namespace

Installation conda_installation(const ToolUse& use) {
  const bool from_file = use.action->kind == ActionKind::install && use.operands.empty() &&
                         (!use.manifests.empty() || use.action->words.front() == "env");
  if (from_file) return {Declares::manifest, false};
  return named_installation(use, true);
}

Outcome<Manifests> conda_manifests(const Site& site, const ToolUse& use, const Project& project) {
  const auto& context = site.context();
  const auto names = environment_files(use);
  if (!names) return names.declined();
  Manifests result;
  for (const auto& name : *names) {
    const auto path = join_context_path(project.directory, name);
    if (path.starts_with("..")) return Declined{"the environment is outside the source"};
    result.paths.push_back(path);
    if (!context.is_known()) continue;
    const auto text = context.read(path);
    if (!text) return Declined{"`" + path + "` is not in the build context"};
    if (auto obstacle = environment_yml_obstacle(*text)) return *obstacle;
  }
  if (is_made_in_source(use))
    return Declined{"the environment is created in the source, and a later COPY could overwrite it"};
  if (!context.is_known()) result.assumptions.push_back(no_other_files);
  return result;
}

}  // namespace dockhew::inline ecosystems
