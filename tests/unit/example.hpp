// One command in a small Dockerfile, for tests of what an ecosystem says about it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ecosystems/ecosystem.hpp"

namespace dockhew {

using Files = std::map<std::string, std::string>;

// `RUN command` after `lines`, in a context of these files; without files the context is not known.
class Example {
 public:
  explicit Example(const std::string& command, Files files = {}, const std::string& lines = "")
      : file_("FROM scratch\nWORKDIR /app\n" + lines + "RUN " + command + "\n", builtin_facts(), context(files)) {}

  Site site() const { return {file_, file_.stages()[0], file_.stages()[0].steps.back()}; }
  const ToolUse& use() const { return site().uses().front(); }
  Installation installation() const { return installation_of(use()); }

  // Paths with blanks between them, and after `|` the assumptions; or the reason why there are none.
  std::string manifests(const Project& project = {".", "."}) const {
    const auto found = find_manifests(site(), use(), project);
    if (!found) return found.reason();
    return joined(found->paths) + ids(found->assumptions);
  }
  // The commands of the dependency step, and after `>` those before the build; or the reason why there is none.
  std::string step() const {
    const auto found = find_ecosystem(*use().tool)->dependency_step(site(), use(), {".", "."});
    if (!found) return found.reason();
    return joined(found->commands) + (found->before_build.empty() ? "" : " > " + joined(found->before_build));
  }
  bool has_layer() const { return find_ecosystem(*use().tool)->dependency_layer(site(), use()).has_value(); }

 private:
  static BuildContext context(const Files& files) {
    return files.empty() ? BuildContext() : BuildContext(std::make_shared<MemoryFiles>(files), {});
  }
  static std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : "; ") + part;
    return text;
  }
  static std::string ids(const std::vector<Assumption>& assumptions) {
    std::string text;
    for (const auto& assumption : assumptions) text += (text.empty() ? " | " : ", ") + assumption.id;
    return text;
  }

  Dockerfile file_;
};

inline bool installs(const std::string& command, Declares declares, bool global = false) {
  const auto installation = Example(command).installation();
  return installation.declares == declares && installation.global == global;
}

}  // namespace dockhew
