#include "project/cache_exporters.hpp"

#include <algorithm>
#include <string_view>

#include "facts/facts.hpp"
#include "facts/image_reference.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

// The first releases that know the cache service of today: https://docs.docker.com/build/cache/backends/gha/
constexpr std::string_view first_buildx = "0.21", first_buildkit = "0.20";

constexpr std::string_view setup = "docker/setup-buildx-action", build_action = "docker/build-push-action";

std::string input_of(const YAML::Node& step, const char* key) {
  const auto with = step["with"];
  return with && with.IsMap() ? scalar_of(with[key]) : std::string();
}

std::string_view without_v(std::string_view version) { return version.starts_with('v') ? version.substr(1) : version; }

bool is_new_buildx(std::string_view version) {
  return version.empty() || version == "latest" || version == "edge" ||
         version_at_least(without_v(version), first_buildx);
}

// What a tag of somebody's own image stands for is not known.
bool is_new_buildkit(const std::string& image) {
  const auto reference = parse_image_reference(image);
  constexpr std::string_view moving[] = {"buildx-stable", "latest", "master", "nightly", "rootless"};
  const bool moves = std::ranges::any_of(moving, [&](auto tag) { return reference.tag.starts_with(tag); });
  if (reference.tag.empty() || moves) return reference.digest.empty() && reference.name() == "moby/buildkit";
  return version_at_least(without_v(reference.tag), first_buildkit);
}

// `driver-opts`, by lines or, as older releases of the action had them, by commas: `image=moby/buildkit:v0.12.0`.
bool has_new_image(std::string options) {
  constexpr std::string_view key = "image=";
  std::ranges::replace(options, ',', '\n');
  return std::ranges::all_of(split_lines(options), [&](std::string_view line) {
    const auto option = trim_unicode(line);
    return !option.starts_with(key) || is_new_buildkit(std::string(option.substr(key.size())));
  });
}

// Where no version is asked for, the action takes the Buildx that it finds, and downloads the latest where there is
// none: in the images of Docker Hub itself that are not Docker's. Of others it is not known what they have.
// https://github.com/docker-library/docker has Buildx 0.20 in 27.5 and 0.21 in 28.0, and no longer makes `git`,
// `stable`.
bool has_new_buildx(const std::string& container) {
  constexpr int first_docker = 28;
  const auto reference = parse_image_reference(container);
  const auto name = std::string(reference.name());
  if (path_basename(name) != "docker") return name.find('/') == name.npos;
  if (reference.tag.starts_with("git") || reference.tag.starts_with("stable")) return false;
  const auto numbers = version_numbers(reference.tag);
  return numbers.empty() ? reference.digest.empty() : numbers[0] >= first_docker;
}

// https://github.com/docker/setup-buildx-action#inputs
bool can_export(const YAML::Node& step) {
  const auto driver = input_of(step, "driver");
  return (driver.empty() || driver == "docker-container") && is_new_buildx(input_of(step, "version")) &&
         has_new_image(input_of(step, "driver-opts"));
}

// `docker/build-push-action@v1`, which has no such inputs. A commit is one of a later release, as far as one can tell.
bool is_first_release(std::string_view uses) {
  const auto version = version_numbers(without_v(uses.substr(std::min(uses.find('@'), uses.size() - 1) + 1)));
  const bool commit = uses.size() - std::min(uses.find('@'), uses.size()) > 40;
  return !commit && !version.empty() && version[0] < 2;
}

}  // namespace

void CacheExporters::read(const YAML::Node& step) {
  // `docker buildx use default`
  if (scalar_of(step["run"]).find("buildx use") != std::string::npos) current_ = {};
  if (!scalar_of(step["uses"]).starts_with(setup)) return;
  Builder builder{can_export(step), scalar_of(step["if"])};
  if (builder.exports && input_of(step, "version").empty() && !container_.empty() && !has_new_buildx(container_)) {
    builder.exports = false;
    old_container_ = container_;
  }
  for (const auto& name : {scalar_of(step["id"]), input_of(step, "name")})
    if (!name.empty()) named_.insert_or_assign(name, builder);
  if (input_of(step, "use") != "false") current_ = builder;
}

bool CacheExporters::serve(const YAML::Node& build) const {
  const auto uses = scalar_of(build["uses"]);
  if (uses.starts_with(build_action) && is_first_release(uses)) return false;
  auto name = input_of(build, "builder");
  // `${{ steps.buildx.outputs.name }}`
  constexpr std::string_view steps = "steps.", output = ".outputs.name";
  const auto begin = name.find(steps), end = name.find(output);
  if (begin != name.npos && end != name.npos && end > begin)
    name = name.substr(begin + steps.size(), end - begin - steps.size());
  const auto found = named_.find(name);
  if (!name.empty() && found == named_.end()) return false;
  const auto& builder = name.empty() ? current_ : found->second;
  return builder.exports && (builder.condition.empty() || builder.condition == scalar_of(build["if"]));
}

}  // namespace dockhew::cli
