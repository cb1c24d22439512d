#include "registry/mirrors.hpp"

#include <algorithm>
#include <optional>

#include "registry/address.hpp"
#include "text/json.hpp"
#include "text/toml.hpp"

namespace dockhew::inline registry {
namespace {

constexpr std::size_t most_mirrors = 20;  // each may be waited for

// "mirror.example.org:5000/hub/"
std::optional<std::string> place_of(std::string_view location) {
  const auto address = read_address("https://" + std::string(location));
  if (!address || address->path.find_first_of("?%") != std::string::npos) return std::nullopt;
  auto place = address->host + address->path;
  while (place.ends_with('/')) place.pop_back();
  return place;
}

bool begins_with(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) && (name.size() == prefix.size() || name[prefix.size()] == '/');
}

std::string_view string_at(const toml::table& table, std::string_view name) {
  return table[name].value_or(std::string_view());
}

// Either old or new words: `mirror-by-digest-only` of the registry, `pull-from-mirror` of each mirror.
std::optional<Mirror> mirror_of(const toml::table& table, bool digests_only) {
  auto place = place_of(string_at(table, "location"));
  if (!place) return std::nullopt;
  const auto pull = string_at(table, "pull-from-mirror");
  return Mirror{*std::move(place), !digests_only && pull != "digest-only", pull != "tag-only"};
}

// Where images of the registry really are, if that is elsewhere, is asked as the last mirror.
std::optional<MirroredPrefix> prefix_of(const toml::table& registry) {
  const auto location = place_of(string_at(registry, "location"));
  std::string prefix(string_at(registry, "prefix"));
  if (prefix.empty()) prefix = location.value_or("");
  while (prefix.ends_with('/')) prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  MirroredPrefix result{std::move(prefix), {}};
  const bool digests_only = registry["mirror-by-digest-only"].value_or(false);
  if (const auto* mirrors = registry["mirror"].as_array())
    for (const auto& each : *mirrors) {
      if (each.as_table() == nullptr || result.mirrors.size() == most_mirrors) continue;
      if (auto mirror = mirror_of(*each.as_table(), digests_only)) result.mirrors.push_back(*std::move(mirror));
    }
  if (location && *location != result.prefix) result.mirrors.push_back({*location});
  return result;
}

}  // namespace

// Docker has mirrors of Docker Hub alone, each an address without a path.
std::vector<MirroredPrefix> read_docker_mirrors(std::string_view json) {
  MirroredPrefix hub{"docker.io", {}};
  const auto parsed = parse_json(json);
  for (const auto& each : parsed.value.elements_at("registry-mirrors")) {
    if (!each.is_string() || hub.mirrors.size() == most_mirrors) continue;
    const auto address = read_address(*each.string());
    if (address && (address->secure || is_loopback(address->host)) && address->path == "/")
      hub.mirrors.push_back({address->host});
  }
  if (hub.mirrors.empty()) return {};
  return {std::move(hub)};
}

std::vector<MirroredPrefix> read_registries_conf(std::string_view toml) {
  std::vector<MirroredPrefix> prefixes;
  const auto parsed = parse_toml(toml);
  const auto* registries = parsed ? (*parsed)["registry"].as_array() : nullptr;
  if (registries == nullptr) return {};
  for (const auto& each : *registries)
    if (const auto* registry = each.as_table())
      if (auto prefix = prefix_of(*registry)) prefixes.push_back(*std::move(prefix));
  return prefixes;
}

std::vector<ImageReference> mirrored(const ImageReference& image, const std::vector<MirroredPrefix>& prefixes) {
  const auto name = image.host() + '/' + image.path();
  const MirroredPrefix* best = nullptr;
  for (const auto& each : prefixes)
    if (begins_with(name, each.prefix) && (best == nullptr || each.prefix.size() >= best->prefix.size())) best = &each;
  if (best == nullptr) return {};
  std::vector<ImageReference> images;
  for (const auto& mirror : best->mirrors) {
    if (image.digest.empty() ? !mirror.by_tag : !mirror.by_digest) continue;
    const auto whole = mirror.place + name.substr(best->prefix.size());
    const auto slash = whole.find('/');
    if (slash == whole.npos) continue;
    ImageReference other{whole.substr(0, slash), whole.substr(slash + 1), image.tag, image.digest};
    if (other.registry == "docker.io") other.registry.clear();
    if (other.canonical() != image.canonical()) images.push_back(std::move(other));
  }
  return images;
}

}  // namespace dockhew::inline registry
