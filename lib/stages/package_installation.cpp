#include "stages/package_installation.hpp"

#include "caches/cache_hooks.hpp"
#include "caches/mount_plan.hpp"
#include "edits/mount_edits.hpp"
#include "edits/run_edits.hpp"

namespace dockhew {
namespace {

std::string listed(const std::vector<std::string>& packages) {
  std::string text;
  for (const auto& package : packages) text += ' ' + package;
  return text;
}

}  // namespace

std::string install_with_apk(const Dockerfile& file, const std::vector<std::string>& packages) {
  return "RUN apk add --no-cache" + listed(packages) + std::string(file.document().newline());
}

std::string install_with_apt(const Dockerfile& file, const std::vector<std::string>& packages, bool recommended,
                             Builder builder) {
  const auto newline = std::string(file.document().newline());
  const auto next = continued_line(file.document());
  const auto install = "apt-get update &&" + next + "apt-get install -y" +
                       (recommended ? "" : " --no-install-recommends") + listed(packages);
  if (!has_run_mounts(file, builder)) return "RUN " + install + " &&" + next + "rm -rf /var/lib/apt/lists/*" + newline;
  const auto hook = set_hook_aside(file.facts().tool("apt")->cache_hook, true);
  std::string text = "RUN";
  for (const auto& cache : file.facts().tool("apt")->caches)
    text += (text == "RUN" ? " " : next) + "--mount=type=cache,target=" + std::string(cache.path) +
            (must_be_locked(cache, builder) ? ",sharing=locked" : "");
  return text + next + hook.before + " &&" + next + install + " &&" + next + hook.after + newline;
}

}  // namespace dockhew
