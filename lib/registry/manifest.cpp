#include "registry/manifest.hpp"

#include <algorithm>
#include <set>

#include "facts/image_reference.hpp"
#include "registry/image_history.hpp"
#include "text/json.hpp"
#include "text/sha256.hpp"

namespace dockhew::inline registry {
namespace {

constexpr std::size_t most_entries = 1000;  // of an index, layers of an image, variables of a configuration

bool is_index_type(std::string_view type) {
  return type == "application/vnd.oci.image.index.v1+json" ||
         type == "application/vnd.docker.distribution.manifest.list.v2+json";
}

Outcome<Descriptor> read_descriptor(const Json& json) {
  Descriptor result{json.string_at("digest"), json.integer_at("size")};
  if (!is_verifiable(result.digest)) return Declined{"a digest in it is not one that can be verified"};
  if (result.size < 0) return Declined{"a size in it is negative"};
  return result;
}

// Beside images, indexes have attestations about them, whose platform is unknown.
bool is_image(const Json& entry, const Platform& platform) {
  const auto* annotations = entry.find("annotations");
  const bool attests = annotations != nullptr && annotations->contains("vnd.docker.reference.type");
  return !attests && platform.os != "unknown" && platform.architecture != "unknown";
}

Outcome<Manifest> read_index(const Json& json) {
  Manifest result;
  result.is_index = true;
  const auto& entries = json.elements_at("manifests");
  if (entries.size() > most_entries) return Declined{"the index names more than 1000 images"};
  for (const auto& entry : entries) {
    auto descriptor = read_descriptor(entry);
    if (!descriptor) return Declined{"the index is not one: " + descriptor.reason()};
    const auto* platform = entry.find("platform");
    IndexEntry image{*std::move(descriptor), {}, is_index_type(entry.string_at("mediaType"))};
    if (platform != nullptr)
      image.platform = normal_platform(platform->string_at("os"), platform->string_at("architecture"),
                                       platform->string_at("variant"));
    if (is_image(entry, image.platform)) result.images.push_back(std::move(image));
  }
  return result;
}

Outcome<Manifest> read_image(const Json& json) {
  Manifest result;
  const auto* configuration = json.find("config");
  if (configuration == nullptr) return Declined{"the manifest names no configuration"};
  auto descriptor = read_descriptor(*configuration);
  if (!descriptor) return Declined{"the manifest is not one: " + descriptor.reason()};
  result.configuration = *std::move(descriptor);
  const auto& layers = json.elements_at("layers");
  if (layers.size() > most_entries) return Declined{"the manifest names more than 1000 layers"};
  for (const auto& layer : layers) {
    auto read = read_descriptor(layer);
    if (!read) return Declined{"the manifest is not one: " + read.reason()};
    result.layers.push_back(*std::move(read));
  }
  return result;
}

// "v7" → 7; 0 without a number.
int number_of(std::string_view variant) {
  return variant.size() == 2 && variant[0] == 'v' && '0' <= variant[1] && variant[1] <= '9' ? variant[1] - '0' : 0;
}

Outcome<std::vector<std::string>> read_words(const Json& configuration, std::string_view name) {
  std::vector<std::string> words;
  for (const auto& element : configuration.elements_at(name)) {
    if (!element.is_string()) return Declined{"`" + std::string(name) + "` of its configuration is no list of texts"};
    words.push_back(*element.string());
  }
  if (words.size() > most_entries) return Declined{"`" + std::string(name) + "` of its configuration is too long"};
  return words;
}

Obstacle read_environment(const Json& configuration, BaseImage& image) {
  const auto lines = read_words(configuration, "Env");
  if (!lines) return lines.declined();
  for (const auto& line : *lines) {
    const auto equals = line.find('=');
    if (equals == 0 || equals == line.npos) return Declined{"`Env` of its configuration has an entry without a name"};
    image.environment.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> Manifest::platforms() const {
  std::set<std::string> all;
  for (const auto& image : images)
    if (!image.platform.os.empty()) all.insert(image.platform.text());
  return {all.begin(), all.end()};
}

bool is_verifiable(std::string_view digest) { return digest.starts_with("sha256:") && checksum_error(digest).empty(); }

std::string digest_of(std::string_view bytes) { return "sha256:" + sha256_hex(bytes); }

bool has_digest(std::string_view bytes, std::string_view digest) {
  return is_verifiable(digest) && digest_of(bytes) == digest;
}

Outcome<Manifest> read_manifest(std::string_view text, std::string_view media_type) {
  const auto parsed = parse_json(text);
  if (!parsed.error.empty()) return Declined{"the manifest cannot be read: " + parsed.error};
  const auto& json = parsed.value;
  if (json.integer_at("schemaVersion") == 1)
    return Declined{"its manifest has Docker's schema 1, which builders no longer read either"};
  if (json.integer_at("schemaVersion") != 2) return Declined{"the manifest is not one: it has no schemaVersion 2"};
  const auto own_type = json.string_at("mediaType");
  const bool index = is_index_type(own_type.empty() ? media_type : std::string_view(own_type)) ||
                     (own_type.empty() && json.contains("manifests"));
  // What is both would be read differently by different programs.
  if (json.contains("manifests") && (json.contains("config") || json.contains("layers")))
    return Declined{"the manifest is an index and an image at the same time"};
  return index ? read_index(json) : read_image(json);
}

bool runs_on(const Platform& image, const Platform& platform) {
  if (image.os != platform.os || image.architecture != platform.architecture) return false;
  if (image.variant == platform.variant || image.variant.empty()) return true;
  const auto have = number_of(image.variant), want = number_of(platform.variant);
  return have != 0 && have <= want;
}

const IndexEntry* image_for(const Manifest& index, const Platform& platform) {
  const IndexEntry* best = nullptr;
  for (const auto& image : index.images) {
    if (!runs_on(image.platform, platform)) continue;
    if (best == nullptr || number_of(image.platform.variant) > number_of(best->platform.variant)) best = &image;
  }
  return best;
}

std::int64_t layer_bytes(const Manifest& manifest) {
  constexpr std::int64_t most = std::int64_t{1} << 50U;
  std::int64_t sum = 0;
  for (const auto& layer : manifest.layers) {
    if (layer.size > most - sum) return 0;
    sum += layer.size;
  }
  return sum;
}

Outcome<BaseImage> read_configuration(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed.error.empty()) return Declined{"its configuration cannot be read: " + parsed.error};
  BaseImage image;
  image.platform = normal_platform(parsed.value.string_at("os"), parsed.value.string_at("architecture"),
                                   parsed.value.string_at("variant"))
                       .text();
  if (parsed.value.string_at("os").empty() || parsed.value.string_at("architecture").empty())
    return Declined{"its configuration is not one of an image: it names no platform"};
  read_release(parsed.value, image);
  const auto* configuration = parsed.value.find("config");
  if (configuration == nullptr) return image;
  image.user = configuration->string_at("User");
  image.workdir = configuration->string_at("WorkingDir");
  if (auto obstacle = read_environment(*configuration, image)) return *obstacle;
  for (const auto& [name, words] : {std::pair<std::string_view, std::vector<std::string>*>{"Cmd", &image.command},
                                    {"Entrypoint", &image.entrypoint},
                                    {"Shell", &image.shell},
                                    {"OnBuild", &image.triggers}}) {
    auto read = read_words(*configuration, name);
    if (!read) return read.declined();
    *words = *std::move(read);
  }
  return image;
}

}  // namespace dockhew::inline registry
