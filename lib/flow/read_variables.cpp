#include "flow/read_variables.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "ecosystems/ecosystem.hpp"
#include "ecosystems/manifests.hpp"
#include "effects/source_copy.hpp"
#include "effects/source_parts.hpp"
#include "flow/project_tree.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

constexpr std::size_t most_files = 2000, most_bytes = std::size_t{4} << 20U;

bool is_name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_path_character(char c) {
  return is_name_character(c) || std::string_view("./-+@").find(c) != std::string_view::npos;
}

// The longest runs of such characters.
template <typename Visit>
void for_each_run(std::string_view text, bool (*belongs)(char), const Visit& visit) {
  while (!text.empty()) {
    const auto begin = std::ranges::find_if(text, belongs);
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    const auto end = std::ranges::find_if_not(text, belongs);
    const auto size = static_cast<std::size_t>(end - text.begin());
    if (size > 0) visit(text.substr(0, size));
    text.remove_prefix(size);
  }
}

// Words of all texts that a use reads, each with the first file that has it.
using ReadWords = std::map<std::string, std::string, std::less<>>;

std::size_t size_of(const ReadWords& words) {
  std::size_t bytes = 0;
  for (const auto& [word, file] : words) bytes += word.size() + file.size();
  return bytes;
}

// What of the build context a step can see.
class Brought {
 public:
  Brought(const Site& site, const Value& directory) : file_(site.file) {
    for (const auto* stage : chain_of(site.file, site.stage))
      for (const auto& step : stage == &site.stage ? site.earlier() : std::span<const Step>(stage->steps))
        if (step.copy) add(*step.copy, directory);
    for (const auto& mount : site.step.mounts)
      if (mount.type == Mount::Type::bind && mount.from.empty()) mounted_.push_back(clean_path('/' + mount.source));
  }

  bool has(const std::string& path) const {
    return all_ || std::ranges::any_of(mounted_, [&](const auto& each) { return path_is_under('/' + path, each); }) ||
           std::ranges::any_of(copies_, [&](const Copy* copy) { return copy_brings(file_, *copy, path); });
  }

 private:
  // What another stage gives may be any part of the context that it has.
  void add(const Copy& copy, const Value& directory) {
    const auto& place = copy.destination;
    const bool apart = directory.is_known() && place.is_known() && !path_is_under(place.text, directory.text) &&
                       !path_is_under(directory.text, place.text);
    if (copies_.size() >= limits::copies_before) all_ = true;
    else if (copy.from_context()) copies_.push_back(&copy);
    else if (!apart) all_ = true;
  }

  const Dockerfile& file_;
  std::vector<const Copy*> copies_;
  std::vector<std::string> mounted_;
  bool all_ = false;
};

class Search {
 public:
  Search(const Site& site, const ToolUse& use)
      : site_(site), use_(use), ecosystem_(find_ecosystem(*use.tool)), brought_(site, use.command->directory) {}

  ReadWords find() {
    for (const auto word : use_.manifests) add_named(use_.command->words[word]);
    add_manifests();
    for (std::size_t i = 0; i < waiting_.size() && i < most_files && bytes_ < most_bytes; ++i)
      read(std::string(waiting_[i]));
    return std::move(found_);
  }

 private:
  const BuildContext& context() const { return site_.context(); }

  void add(const std::string& path) {
    if (context().kind(path) != PathKind::file || !brought_.has(path) || !seen_.insert(path).second) return;
    waiting_.push_back(path);
  }

  // `-r requirements.txt`
  void add_named(const ShellWord& word) {
    if (!word.value.is_known() || !use_.command->directory.is_known()) return;
    if (const auto path = file_in_context(site_, resolve_path(use_.command->directory.text, word.text()))) add(*path);
  }

  void add_manifests() {
    const auto tree = project_tree(context());
    const auto& project = use_.tool->project;
    for (const auto& directory : tree->directories)
      for (const auto& patterns : {project.manifests, project.read_besides})
        for (const auto pattern : patterns) add_matching(directory, pattern);
  }

  // `.cargo/config.toml` is in a directory that the tree does not enter.
  void add_matching(const ProjectTree::Directory& directory, std::string_view pattern) {
    const auto slash = pattern.find('/');
    const auto first = pattern.substr(0, slash);
    if (slash == pattern.npos && is_lock_file(pattern)) return;
    for (const auto& name : directory.names) {
      if (!glob_match(first, name)) continue;
      const auto path = join_context_path(directory.path, name);
      if (slash == pattern.npos) add(path);
      else
        for (const auto& each : context().expand(path + std::string(pattern.substr(slash)))) add(each);
    }
  }

  void read(const std::string& path) {
    auto text = context().read(path);
    if (!text) return;
    bytes_ += text->size();
    const auto whole = text->size();
    if (ecosystem_ != nullptr && ecosystem_->text_at_installation != nullptr)
      *text = ecosystem_->text_at_installation(use_, path, *text);
    const bool commands = text->size() < whole;
    for_each_run(*text, is_name_character, [&](std::string_view word) { found_.try_emplace(std::string(word), path); });
    const auto directory = std::string(path_parent(path));
    for_each_run(*text, is_path_character, [&](std::string_view word) { follow(directory, word, commands); });
    if (ecosystem_ == nullptr || ecosystem_->local_imports == nullptr) return;
    for (const auto& import : ecosystem_->local_imports(context(), path, *text))
      for (const auto& place : import.places) add_module(place);
  }

  // A name of a file, as it seems from the directory of whoever names it. `node setup` leaves out the ending.
  void follow(const std::string& directory, std::string_view word, bool in_command) {
    const bool seems_path = word.find_first_of("./") != word.npos && word.find("//") == word.npos;
    if (word.size() > limits::longest_name || !(seems_path || in_command)) return;
    const auto path = join_context_path(directory, word);
    if (path == "." || path.starts_with("..")) return;
    if (context().kind(path) == PathKind::file) add(path);
    else if (in_command || word.find('/') != word.npos) add_module(path);
  }

  void add_module(const std::string& path) {
    if (path.starts_with("..") || context().kind(std::string(path_parent(path))) != PathKind::directory) return;
    if (context().kind(path) == PathKind::file) return add(path);
    const bool inside = context().kind(path) == PathKind::directory;
    for (const auto& each : context().expand(inside ? join_context_path(path, "index.*") : path + ".*")) add(each);
  }

  const Site& site_;
  const ToolUse& use_;
  const Ecosystem* ecosystem_;
  Brought brought_;
  std::set<std::string> seen_;
  std::vector<std::string> waiting_;
  std::size_t bytes_ = 0;
  ReadWords found_;
};

// Packages that are installed by name have nothing to do with the project.
bool reads_project(const ToolUse& use) {
  return use.action->kind != ActionKind::clean && use.action->kind != ActionKind::remove && !installs_by_name(use);
}

}  // namespace

std::string file_naming_variable(const Site& site, const ToolUse& use, std::string_view variable) {
  if (!site.context().is_known() || !reads_project(use)) return {};
  const auto place = use.command->span.begin;
  const auto question = "words that are read at " + std::to_string(site.stage.index) + ":" +
                        std::to_string(site.earlier().size()) + ":" + std::to_string(place);
  const auto words = site.file.answer(
      question, [&] { return Search(site, use).find(); }, size_of);
  const auto found = words->find(variable);
  return found != words->end() ? found->second : std::string();
}

}  // namespace dockhew::inline flow
