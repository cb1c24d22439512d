#include "context_hints.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

bool calls_builder(std::string_view line) {
  return line.starts_with("docker ") || line.starts_with("podman ") || line.starts_with("buildah ");
}

// What comments before the first instruction tell people to call: `# docker build -t app -f docker/Dockerfile .`
std::string commands_in_comments(std::string_view text) {
  std::string script;
  for (auto line : split_lines(text)) {
    line = trim_unicode(line);
    if (!line.empty() && !line.starts_with('#')) break;
    line.remove_prefix(std::min(line.find_first_not_of("# \t$>"), line.size()));
    // `# Build: docker build .`
    if (const auto colon = line.find(": "); colon != line.npos && calls_builder(line.substr(colon + 2)))
      line.remove_prefix(colon + 2);
    const bool command = calls_builder(line) || script.ends_with("\\\n");
    script.append(command ? line : std::string_view()).append("\n");
  }
  return script;
}

std::string canonical(const std::string& path) {
  std::error_code error;
  return std::filesystem::weakly_canonical(path, error).string();
}

}  // namespace

std::optional<HintedContext> hinted_context(const Inputs& inputs, const std::string& path, const Dockerfile& file,
                                            const ContextNeeds& needs, const std::vector<BuildContext>& candidates) {
  Builds commented, placed;
  read_docker_commands({commands_in_comments(file.source()), ".", ".", path, 1, true}, "comment", commented);
  for (const auto& build : commented.builds) add_named_anywhere(build, path, placed);
  std::vector<NamedBuild> hints;
  for (auto& build : placed.named) hints.push_back({path, std::move(build)});
  std::ranges::move(inputs.repositories->hints(path), std::back_inserter(hints));
  const auto own = canonical(path);
  const auto directories = inputs.repositories->around(path).directories;
  for (const auto& hint : hints) {
    if (canonical(hint.build.dockerfile) != own) continue;
    const auto place = canonical(hint.build.context);
    for (std::size_t i = 0; i < std::min(directories.size(), candidates.size()); ++i) {
      const auto has = [&](const std::string& each) { return candidates[i].exists(each); };
      if (canonical(directories[i]) == place && std::ranges::all_of(needs.copied, has))
        return HintedContext{i, hint.file + ':' + std::to_string(hint.build.line)};
    }
  }
  return std::nullopt;
}

}  // namespace dockhew::cli
