#include "language_server/project_memory.hpp"

#include <filesystem>

#include "dockerfile_lint.hpp"
#include "ecosystems/context_needs.hpp"
#include "language_server/edited_file.hpp"
#include "model/runs.hpp"
#include "project/railway.hpp"

namespace dockhew::cli {
namespace {

// All that a choice between directories depends on, as a text.
std::string choice_of(const Dockerfile& file) {
  if (!takes_from_context(file)) return {};
  const auto needs = context_needs(file);
  std::string text = "needs";
  const auto add = [&](const std::vector<std::string>& paths) {
    text += '\n';
    for (const auto& path : paths) text.append(path).append(1, '\0');
  };
  add(needs.copied);
  for (const auto* lists : {&needs.read, &needs.expected}) {
    text += '\n';
    for (const auto& any_of : *lists) add(any_of);
  }
  for (const auto& project : needs.projects) {
    text += project.tool->id;
    add(project.directories);
  }
  return text;
}

// The context and all others of the file, where the Dockerfile is as it is in the editor.
BuildContext as_edited(const BuildContext& context, const OpenDocument& document) {
  if (!context.is_known()) return context;
  std::error_code error;
  const auto root = std::filesystem::absolute(context.origin().directory, error).lexically_normal();
  auto path = std::filesystem::path(document.path).lexically_relative(root).generic_string();
  auto files = std::make_shared<EditedFile>(context.shared_files(), std::move(path), document.text);
  std::vector<BuildContext> others;
  for (const auto& other : context.others()) others.push_back(as_edited(other, document));
  return context.with_files(std::move(files)).with_others(std::move(others));
}

}  // namespace

void ProjectMemory::forget() {
  forget_configurations();
  settings_.clear();
  contexts_.clear();
  inputs_ = {};
  since_ = std::chrono::steady_clock::now();
}

std::shared_ptr<const Settings> ProjectMemory::settings(const std::string& path) {
  if (settings_.size() > most_documents) settings_.clear();
  auto& known = settings_[path];
  if (!known) known = std::make_shared<const Settings>(settings_for(options_, path));
  return known;
}

BuildContext ProjectMemory::context(const std::string& path, const Dockerfile& file) {
  if (may_speak_of_railway(file.source())) return context_of(options_, inputs_, path, file);
  if (contexts_.size() > most_documents) contexts_.clear();
  auto choice = choice_of(file);
  const auto known = contexts_.find(path);
  if (known != contexts_.end() && known->second.chosen_by == choice) return known->second.context;
  auto context = context_of(options_, inputs_, path, file);
  contexts_.insert_or_assign(path, Remembered{std::move(choice), context});
  return context;
}

std::shared_ptr<const Dockerfile> ProjectMemory::read(const OpenDocument& document, const Settings& settings) {
  const auto& path = document.path;
  return read_dockerfile(document.text, facts_, settings,
                         {[&](const Dockerfile& file) { return as_edited(context(path, file), document); },
                          [&] { return default_context(options_, inputs_, path); }});
}

}  // namespace dockhew::cli
