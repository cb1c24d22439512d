#include "analysis/cache_directories.hpp"

#include <algorithm>

#include "syntax/word_lexer.hpp"
#include "text/path.hpp"

namespace dockhew {

std::vector<CacheDirectory> cache_directories(const Dockerfile& file, const Stage& stage, const Step& step,
                                              const ToolUse& use) {
  std::vector<CacheDirectory> result;
  for (const auto& cache : use.tool->caches) {
    CacheDirectory directory;
    directory.cache = &cache;
    bool unknown = false;
    const auto variable = [&](std::string_view name) -> std::optional<std::string> {
      for (const auto& assignment : use.command->assignments) {
        if (assignment.name != name) continue;
        if (!assignment.value.value.is_known()) unknown = true;
        return assignment.value.value.text;
      }
      bool set = false;
      for (std::size_t i = 0; i < step.bindings; ++i) set |= stage.environment[i].name == name;
      const auto value = file.lookup(stage, step, name);
      if (value.is_known()) return value.text;
      if (value.is_unknown() && set) unknown = true;
      if (value.is_unknown() && !set) {
        // Nothing in the file sets it, so only a base image that was never seen could.
        directory.assumed = true;
        if (name == "HOME") {
          if (step.user.is_unknown()) return "/root";
          unknown = true;
        }
      }
      return std::nullopt;
    };
    const auto* path = &cache.path;
    for (const auto& alternative : cache.alternatives) {
      const bool root = step.user.is("root") || step.user.is("0") || step.user.is_unknown();
      const bool holds = alternative.if_set.empty() ? alternative.user == "root" && root
                                                    : !variable(alternative.if_set).value_or("").empty();
      if (!holds) continue;
      directory.assumed |= alternative.if_set.empty() && step.user.is_unknown();
      path = &alternative.path;
      break;
    }
    const auto expanded = lex_word(*path, variable);
    // A list of directories, as GOPATH may be, does not name one.
    const bool usable = !unknown && expanded.error.empty() && expanded.text.starts_with('/') &&
                        expanded.text.find(':') == std::string::npos;
    directory.path = usable ? Value::known(clean_path(expanded.text)) : Value::unknown();
    result.push_back(std::move(directory));
  }
  return result;
}

const Mount* mount_over(const Step& step, std::string_view path) {
  for (const auto& mount : step.mounts)
    if (mount.hides_writes() && mount.target.is_known() && path_is_under(path, mount.target.text)) return &mount;
  return nullptr;
}

}  // namespace dockhew
