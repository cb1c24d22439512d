#include "stages/installation_text.hpp"

#include "caches/mount_plan.hpp"
#include "edits/mount_edits.hpp"
#include "edits/run_edits.hpp"

namespace dockhew::inline stages {
namespace {

std::string joined(const std::vector<std::string>& commands, const std::string& next) {
  std::string text;
  for (const auto& command : commands) text += (text.empty() ? "" : " &&" + next) + command;
  return text;
}

}  // namespace

std::string installation_text(const Dockerfile& file, const PackageInstallation& installation, Builder builder) {
  const auto newline = std::string(file.document().newline());
  const auto next = continued_line(file.document());
  auto commands = installation.commands;
  const auto* tool = file.facts().tool(installation.tool);
  if (tool == nullptr || !has_run_mounts(file, builder)) {
    commands.insert(commands.end(), installation.clean_up.begin(), installation.clean_up.end());
    return "RUN " + joined(commands, next) + newline;
  }
  std::string text = "RUN";
  for (const auto& cache : tool->caches)
    text += (text == "RUN" ? " " : next) + "--mount=type=cache,target=" + std::string(cache.path) +
            (must_be_locked(cache, builder) ? ",sharing=locked" : "");
  // `apt-get -o Dir::Cache::Archives=kept install`
  for (auto i = installation.first_install; i < commands.size(); ++i)
    commands[i].insert(commands[i].find(' '), " " + std::string(tool->cache_defeat.hook.keeping_option));
  return text + next + joined(commands, next) + newline;
}

}  // namespace dockhew::inline stages
