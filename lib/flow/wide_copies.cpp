#include "flow/wide_copies.hpp"

#include <algorithm>
#include <span>

#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline flow {
namespace {

std::string in_context(std::string_view source) {
  const auto rooted = clean_path("/" + std::string(source));
  return rooted == "/" ? "." : rooted.substr(1);
}

// Whether a COPY leaves something out by itself.
bool excludes(const Step& step) {
  return std::ranges::any_of(step.instruction->flags, [](const Flag& flag) { return flag.name == "exclude"; });
}

bool is_wide(const Dockerfile& file, const std::string& path) {
  return path == "." || (path.find_first_of("*?[") == path.npos && file.context().kind(path) == PathKind::directory);
}

}  // namespace

std::vector<WideCopy> find_wide_copies(const Dockerfile& file) {
  std::vector<WideCopy> found;
  for (const auto& stage : file.stages()) {
    for (const auto& step : stage.steps) {
      if (!step.copy || !step.copy->from_context() || step.in_child || excludes(step)) continue;
      for (const auto& source : step.copy->sources) {
        if (!source.known || source.heredoc || source.text.find("://") != std::string::npos) continue;
        auto path = in_context(source.text);
        if (!is_wide(file, path)) continue;
        const auto& destination = step.copy->destination;
        found.push_back({&stage, &step, std::move(path), destination.is_known() ? destination.text : "", source.span});
      }
    }
  }
  return found;
}

std::vector<std::string> named_paths(const Dockerfile& file, bool& all_known) {
  std::vector<std::string> named;
  for_each_copy(file, [&](const Stage&, const Step& step) {
    if (step.copy->stage) return;  // what is neither that nor an image may be a context with a name of its own
    for (const auto& source : step.copy->sources) {
      all_known &= source.known || !step.copy->from_context();
      if (!source.known || source.heredoc || source.text.find("://") != std::string::npos) continue;
      if (auto path = in_context(source.text); path != ".") named.push_back(std::move(path));
    }
  });
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      for (const auto& mount : step.mounts)
        if (mount.type == Mount::Type::bind && mount.from.empty() && in_context(mount.source) != ".")
          named.push_back(in_context(mount.source));
  return named;
}

std::vector<std::string> paths_taken_from_stages(const Dockerfile& file, const std::vector<WideCopy>& copies) {
  constexpr std::size_t most_taken = 200, most_copies = 20;
  std::vector<std::string> taken;
  for_each_copy(file, [&](const Stage&, const Step& step) {
    if (!step.copy->stage) return;
    const auto& from = file.stages()[*step.copy->stage];
    for (const auto& source : step.copy->sources) {
      if (!source.known) continue;
      const auto path = resolve_path("/", source.text);
      for (const auto& copy : std::span(copies).first(std::min(copies.size(), most_copies))) {
        const bool inside = !copy.image.empty() && path != copy.image && path_is_under(path, copy.image);
        if (inside && continues(file, from, *copy.stage) && taken.size() < most_taken)
          taken.push_back(join_context_path(copy.directory, relative_path(copy.image, path)));
      }
    }
  });
  return taken;
}

}  // namespace dockhew::inline flow
