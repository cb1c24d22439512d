#include "effects/source_copy.hpp"

#include <algorithm>
#include <iterator>

#include "effects/manifest_copy.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"

namespace dockhew::inline effects {
namespace {

std::optional<std::string> brought_by(const BuildContext& context, const Copy& copy, const std::string& path) {
  if (!copy.from_context() || !copy.destination.is_known()) return std::nullopt;
  const auto& destination = copy.destination.text;
  if (!path_is_under(path, destination)) return std::nullopt;
  const auto if_file = [&](std::string candidate) {
    return context.kind(candidate) == PathKind::file ? std::optional(std::move(candidate)) : std::nullopt;
  };
  for (const auto& source : copy.sources) {
    if (!source.known || source.heredoc) continue;
    for (const auto& each : context.expand(clean_path("/" + source.text).substr(1))) {
      const auto kind = context.kind(each.empty() ? "." : each);
      if (kind == PathKind::directory) {
        if (auto found = if_file(join_context_path(each.empty() ? "." : each, relative_path(destination, path))))
          return found;
      } else if (kind == PathKind::file) {
        const bool is_it = path == destination || path == resolve_path(destination, path_basename(each));
        if (is_it) return each;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::span<const StepPlace> copies_of_context(const Dockerfile& file, const Stage& stage, std::size_t before) {
  const auto copies = [](const Site& site) { return site.step.copy && site.step.copy->from_context(); };
  const auto places = file.answers({"copies from the context"}, copies).in_stage(stage);
  const auto end = std::ranges::lower_bound(places, before, {}, &StepPlace::step);
  return places.first(static_cast<std::size_t>(end - places.begin()));
}

std::span<const StepPlace> nearest(std::span<const StepPlace> copies) {
  return copies.last(std::min(copies.size(), limits::copies_before));
}

std::optional<std::string> file_in_context(const Dockerfile& file, const Stage& stage, const std::string& path) {
  if (!file.context().is_known()) return std::nullopt;
  const auto copies = nearest(copies_of_context(file, stage, stage.steps.size()));
  for (auto place = copies.rbegin(); place != copies.rend(); ++place)
    if (auto found = brought_by(file.context(), *stage.steps[place->step].copy, path)) return found;
  return std::nullopt;
}

namespace {

// Asked for RUN after RUN, and each COPY looks at the disk, so all COPYs are asked once for a path.
const std::vector<StepPlace>& bringers_of(const Dockerfile& file, const std::string& path) {
  const auto brings = [&](const Site& other) {
    return other.step.copy && brought_by(other.context(), *other.step.copy, path).has_value();
  };
  return file.answers({"brings ", path}, brings).places();
}

}  // namespace

std::optional<BroughtFile> find_brought_file(const Site& site, const std::string& path) {
  if (!site.context().is_known()) return std::nullopt;
  const auto& places = bringers_of(site.file, path);
  for (const auto* stage : chain_of(site.file, site.stage)) {
    const auto end = stage == &site.stage ? site.earlier().size() : stage->steps.size();
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
      if (place->stage != stage->index || place->step >= end) continue;
      auto source = brought_by(site.context(), *stage->steps[place->step].copy, path);
      return source ? std::optional(BroughtFile{*std::move(source), stage, place->step}) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::string> file_in_context(const Site& site, const std::string& path) {
  if (!site.context().is_known()) return std::nullopt;
  const auto& places = bringers_of(site.file, path);
  for (const auto* stage : chain_of(site.file, site.stage)) {
    const auto end = std::ranges::upper_bound(places, stage->index, {}, &StepPlace::stage);
    if (end != places.begin() && std::prev(end)->stage == stage->index)
      return brought_by(site.context(), *stage->steps[std::prev(end)->step].copy, path);
  }
  return std::nullopt;
}

std::optional<std::size_t> find_source_copy(const Dockerfile& file, const Stage& stage, std::size_t before,
                                            std::string_view directory) {
  const auto copies_source = [](const Site& site) {
    const auto& copy = site.step.copy;
    return copy && copy->from_context() && copy->destination.is_known() && !copy->sources.empty() &&
           !copies_only_manifests(site.file, *copy);
  };
  const auto all = file.answers({"copies source"}, copies_source).in_stage(stage);
  const auto end = std::ranges::lower_bound(all, before, {}, &StepPlace::step);
  const auto places = nearest(all.first(static_cast<std::size_t>(end - all.begin())));
  for (auto place = places.rbegin(); place != places.rend(); ++place)
    if (path_is_under(directory, stage.steps[place->step].copy->destination.text)) return place->step;
  return std::nullopt;
}

std::optional<std::string> context_directory(const Copy& copy, std::string_view directory) {
  if (!copy.from_context() || copy.sources.size() != 1 || !copy.sources[0].known || copy.sources[0].heredoc)
    return std::nullopt;
  if (!copy.destination.is_known() || !path_is_under(directory, copy.destination.text)) return std::nullopt;
  if (copy.sources[0].text.find_first_of("*?[") != std::string::npos) return std::nullopt;
  const auto source = clean_path("/" + copy.sources[0].text);  // sources are rooted at the context
  const auto root = source == "/" ? std::string(".") : source.substr(1);
  const auto below = directory == copy.destination.text ? std::string_view(".")
                     : copy.destination.text == "/"     ? directory.substr(1)
                                                        : directory.substr(copy.destination.text.size() + 1);
  return clean_path(root + '/' + std::string(below));
}

}  // namespace dockhew::inline effects
