#include "project/compose_services.hpp"

#include <algorithm>
#include <filesystem>

#include "files.hpp"
#include "project/build_files.hpp"
#include "project/repository_builds.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_levels = 10, most_services = 1000;
constexpr std::size_t least_part = 1024;  // that a file which is extended or included counts as
constexpr int deepest_include = 5;

using Use = std::function<void(const ComposeNode& name, const ComposeService&)>;

YAML::Node services_of(const YAML::Node& root) {
  YamlBudget::look_at(root.IsMap() ? root.size() : 0);
  const auto services = root.IsMap() ? root["services"] : YAML::Node(YAML::NodeType::Undefined);
  return services && services.IsMap() ? services : YAML::Node(YAML::NodeType::Undefined);
}

}  // namespace

std::string ComposeNode::place() const { return document->path + ':' + std::to_string(line_of(node)); }

// https://docs.docker.com/reference/compose-file/services/#extends
ComposeService::ComposeService(ComposeProject& project, const ComposeNode& own) : chain_{own} {
  while (chain_.size() < most_levels) {
    const auto& document = chain_.back().document;
    const auto extends = merged_value(chain_.back().node, "extends");
    const bool detailed = extends && extends.IsMap();
    auto name = detailed ? extends["service"] : extends;
    if (!name || !name.IsScalar()) return;
    auto from = document;
    if (const auto file = detailed ? extends["file"] : YAML::Node(); detailed && file) {
      const auto path = file.IsScalar() ? project.values().resolve(file.Scalar()) : ComposeValue{{}, {0}};
      from = path.unknown.empty() ? project.open(joined_path(document->directory, path.text), {}) : nullptr;
    }
    const auto services = from ? services_of(from->root) : YAML::Node(YAML::NodeType::Undefined);
    YamlBudget::look_at(services ? services.size() : 0);
    const auto base = services ? services[name.Scalar()] : YAML::Node(YAML::NodeType::Undefined);
    if (!base || !base.IsMap()) {
      unread_ = {extends, document};
      return;
    }
    chain_.push_back({base, from});
  }
}

ComposeNode ComposeService::value(const char* key) const {
  const auto all = values(key);
  return all.empty() ? ComposeNode() : all.front();
}

std::vector<ComposeNode> ComposeService::values(const char* key) const {
  std::vector<ComposeNode> found;
  for (const auto& each : chain_)
    if (const auto value = merged_value(each.node, key)) {
      // What another file says about it is taken back.
      // https://docs.docker.com/reference/compose-file/merge/#reset-value
      if (value.Tag() == "!reset") break;
      found.push_back({value, each.document});
    }
  return found;
}

ComposeProject::ComposeProject(const std::string& path, const YAML::Node& root,
                               std::shared_ptr<const ComposeValues> values, std::size_t& left)
    : values_(std::move(values)), left_(left), environment_left_(largest_companion) {
  documents_.push_back(
      std::make_shared<ComposeDocument>(ComposeDocument{path, fs::path(path).parent_path().string(), root}));
}

std::shared_ptr<const ComposeDocument> ComposeProject::open(const std::string& path, const std::string& directory) {
  const auto& own = documents_.front()->path;
  const auto base = directory.empty() ? fs::path(path).parent_path().string() : directory;
  for (const auto& known : documents_)
    if (known->path == path && known->directory == base) return known;
  if (left_ < least_part || is_elsewhere(path) || !is_of_project(path, own)) return nullptr;
  const auto read = read_regular_file(path, left_, Links::refused);
  left_ -= std::clamp(read.text.size(), least_part, left_);
  YAML::Node root(YAML::NodeType::Undefined);
  if (!read.error.empty() || !read_yaml_text(path, read.text, [&](const YAML::Node& node) { root = node; }).empty() ||
      !root || !root.IsMap())
    return nullptr;
  documents_.push_back(std::make_shared<ComposeDocument>(ComposeDocument{path, base, root}));
  return documents_.back();
}

const std::vector<std::string>& ComposeProject::environment_file(const std::string& path) {
  const auto [known, is_new] = environment_files_.try_emplace(path);
  if (!is_new || environment_left_ < least_part || !is_of_project(path, documents_.front()->path)) return known->second;
  const auto read = read_regular_file(path, environment_left_, Links::refused);
  environment_left_ -= std::clamp(read.text.size(), least_part, environment_left_);
  if (read.error.empty())
    for (const auto line : split_lines(read.text)) known->second.emplace_back(line);
  return known->second;
}

std::vector<std::string> ComposeProject::other_paths() const {
  std::vector<std::string> paths;
  for (std::size_t i = 1; i < documents_.size(); ++i) paths.push_back(documents_[i]->path);
  return paths;
}

void ComposeProject::each_service(const Use& use) {
  const auto own = documents_.front();  // others are added while it is read
  each_of(own, deepest_include, use);
}

void ComposeProject::each_of(const std::shared_ptr<const ComposeDocument>& document, int depth, const Use& use) {
  std::size_t count = 0;
  for (const auto& service : services_of(document->root)) {
    if (!service.first.IsScalar() || !service.second.IsMap()) continue;
    if (++count > most_services)
      throw WrongValue(service.first.Mark(), "more than " + std::to_string(most_services) + " services");
    use({service.first, document}, ComposeService(*this, {service.second, document}));
  }
  const auto included = document->root["include"];
  if (depth == 0 || !included || !included.IsSequence()) return;
  for (const auto& entry : included) include(document, entry, depth, use);
}

// https://docs.docker.com/reference/compose-file/include/: a path, or several whose services are merged. Of remote ones
// nothing is known.
void ComposeProject::include(const std::shared_ptr<const ComposeDocument>& document, const YAML::Node& entry, int depth,
                             const Use& use) {
  const auto paths = entry.IsMap() ? entry["path"] : entry;
  std::string directory;
  if (entry.IsMap())
    if (const auto project = entry["project_directory"]; project && project.IsScalar())
      directory = joined_path(document->directory, project.Scalar());
  const auto add = [&](const YAML::Node& path) {
    if (!path || !path.IsScalar()) return;
    const auto value = values_->resolve(path.Scalar());
    const auto found = value.unknown.empty() ? open(joined_path(document->directory, value.text), directory) : nullptr;
    // One that is known already is in a circle, or would be there twice.
    if (found && included_.insert(found.get()).second) each_of(found, depth - 1, use);
  };
  if (paths && paths.IsSequence())
    for (const auto& path : paths) add(path);
  else add(paths);
}

}  // namespace dockhew::cli
