#include "registry/image_source.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>

#include "facts/image_files.hpp"
#include "registry/layer_files.hpp"
#include "temporary_directory.hpp"
#include "text/json.hpp"

namespace dockhew::cli {
namespace {

constexpr int most_indexes = 3;  // an index may name others

ResolvedImage absent(Found found, std::string reason) {
  ResolvedImage result;
  result.found = found;
  result.reason = std::move(reason);
  return result;
}

ResolvedImage absent(const Fetched& fetched) {
  return absent(fetched.state == FetchState::missing ? Found::no_image : Found::no_answer, fetched.reason);
}

ResolvedImage not_asked() { return no_answer("it is not in the cache, and --offline asks nobody"); }

ImageReference by_digest(ImageReference image, std::string digest) {
  image.digest = std::move(digest);
  return image;
}

// "linux/amd64, linux/arm64"; not more than a person reads.
std::string joined(const std::vector<std::string>& platforms) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(platforms.size(), most); ++i) text += (i == 0 ? "" : ", ") + platforms[i];
  return platforms.size() > most ? text + " and others" : text;
}

}  // namespace

ResolvedImage no_answer(std::string reason) { return absent(Found::no_answer, std::move(reason)); }

ResolvedImage only_digest(std::string digest) { return {Found::image, std::move(digest), {}, {}, {}}; }

ResolvedImage without_platform(std::string digest, std::vector<std::string> platforms, const std::string& wanted) {
  auto result = absent(Found::no_platform, "there is no image for " + wanted + ", only for " + joined(platforms));
  result.digest = std::move(digest);
  result.platforms = std::move(platforms);
  return result;
}

ResolvedImage RegistrySource::digest(const ImageReference& image) {
  const auto name = image.canonical();
  ResolvedImage result;
  if (client_ == nullptr) {
    const auto known = cache_.digest_of(name);
    if (!known) return not_asked();
    result.digest = *known;
  } else {
    const auto fetched = client_->manifest_digest(image);
    if (fetched.state != FetchState::found) return absent(fetched);
    // Of a digest that nobody has verified yet, the manifest is needed too.
    const auto bytes =
        cache_.find(fetched.digest) ? Bytes{{}, {}, fetched.digest, {}} : manifest(by_digest(image, fetched.digest));
    if (bytes.digest.empty()) return bytes.absent;
    if (image.digest.empty()) cache_.keep_name(name, bytes.digest);
    result.digest = bytes.digest;
  }
  result.found = Found::image;
  return result;
}

// By digest it is in the cache or is fetched. By tag the registry is asked, at best only for the digest.
Bytes RegistrySource::manifest(const ImageReference& image) {
  const auto from_cache = [&](const std::string& digest) -> std::optional<Bytes> {
    if (auto text = cache_.find(digest)) return Bytes{*std::move(text), {}, digest, {}};
    return std::nullopt;
  };
  const auto name = image.canonical();
  const auto known = image.digest.empty() ? cache_.digest_of(name) : image.digest;
  if (known && (client_ == nullptr || !image.digest.empty()))
    if (auto kept = from_cache(*known)) return *std::move(kept);
  if (client_ == nullptr) return {{}, {}, {}, not_asked()};
  if (known && image.digest.empty() && cache_.find(*known)) {
    const auto now = client_->manifest_digest(image);
    if (now.state != FetchState::found) return {{}, {}, {}, absent(now)};
    auto bytes = manifest(by_digest(image, now.digest));
    if (!bytes.digest.empty()) cache_.keep_name(name, bytes.digest);
    return bytes;
  }
  auto fetched = client_->manifest(image);
  if (fetched.state != FetchState::found) return {{}, {}, {}, absent(fetched)};
  cache_.keep(fetched.digest, fetched.bytes);
  if (image.digest.empty()) cache_.keep_name(name, fetched.digest);
  return {std::move(fetched.bytes), std::move(fetched.media_type), fetched.digest, {}};
}

Bytes RegistrySource::configuration(const ImageReference& image, const Descriptor& descriptor) {
  if (auto kept = cache_.find(descriptor.digest)) return {*std::move(kept), {}, descriptor.digest, {}};
  if (client_ == nullptr) return {{}, {}, {}, not_asked()};
  auto fetched = client_->configuration(image, descriptor);
  if (fetched.state != FetchState::found)
    return {{}, {}, {}, no_answer("its configuration is missing: " + fetched.reason)};
  cache_.keep(descriptor.digest, fetched.bytes);
  return {std::move(fetched.bytes), {}, descriptor.digest, {}};
}

ResolvedImage describe(Bytes top, const std::string& platform, const Contents& contents) {
  const auto wanted = parse_platform(platform);
  auto result = only_digest(top.digest);
  for (int depth = 0; depth < most_indexes; ++depth) {
    const auto read = read_manifest(top.text, top.media_type);
    if (!read) return no_answer(read.reason());
    if (!read->is_index) {
      const auto configuration = contents.configuration(read->configuration);
      if (configuration.digest.empty()) return configuration.absent;
      auto values = read_configuration(configuration.text);
      if (!values) return no_answer(values.reason());
      result.image = *std::move(values);
      result.image.bytes = layer_bytes(*read);
      if (!contents.files) return result;
      auto files = contents.files(*read, top.digest, result.image);
      if (files) result.image.files = *std::move(files);
      else result.reason = files.reason();
      return result;
    }
    if (depth == 0) result.platforms = read->platforms();
    // An index inside of one need not say for which platform it is.
    const auto* entry = image_for(*read, wanted);
    if (entry == nullptr && read->images.size() == 1 && read->images[0].is_index) entry = &read->images[0];
    if (entry == nullptr) return without_platform(std::move(result.digest), std::move(result.platforms), platform);
    top = contents.manifest(entry->manifest.digest);
    if (top.digest.empty()) return no_answer("what its index names is missing: " + top.absent.reason);
  }
  return no_answer("it is an index of indexes of indexes");
}

FilesAnswer read_files(const Manifest& manifest, const BaseImage& image, const FetchLayer& fetch) {
  const auto bytes = layer_bytes(manifest);
  if (bytes == 0 || bytes > largest_layers)
    return Declined{"its layers have more than " + std::to_string(largest_layers >> 30U) + " GiB, or no size"};
  try {
    LayerFiles files(image);
    for (const auto& layer : manifest.layers) {
      const auto path = fetch(layer);
      if (!path) return path.declined();
      files.add(*path);
    }
    return std::make_shared<const ImageFiles>(files.result());
  } catch (const std::exception& error) {
    return Declined{error.what()};
  }
}

// What was read is kept under a name of its own, which stands for the text that has it.
FilesAnswer RegistrySource::files(const ImageReference& image, const Manifest& manifest, const std::string& digest,
                                  const BaseImage& configuration) {
  const auto name = "files of " + digest;
  if (const auto known = cache_.digest_of(name))
    if (const auto kept = cache_.find(*known))
      return std::make_shared<const ImageFiles>(files_of(parse_json(*kept).value));
  if (client_ == nullptr) return Declined{"they are not in the cache, and --offline asks nobody"};
  const std::scoped_lock lock(layers_);
  std::error_code error;
  const TemporaryDirectory directory(std::filesystem::temp_directory_path(error).string());
  const auto path = directory.path() + "/layer";
  auto files = read_files(manifest, configuration, [&](const Descriptor& layer) -> Outcome<std::string> {
    const auto fetched = client_->layer(image, layer, path);
    if (fetched.state != FetchState::found) return Declined{fetched.reason};
    return path;
  });
  if (!files) return files;
  const auto text = json_of(**files).dump();
  cache_.keep(digest_of(text), text);
  cache_.keep_name(name, digest_of(text));
  return files;
}

ResolvedImage RegistrySource::image(const ImageReference& image, const std::string& platform) {
  auto top = manifest(image);
  if (top.digest.empty()) return top.absent;
  Contents contents{[&](const std::string& digest) { return manifest(by_digest(image, digest)); },
                    [&](const Descriptor& descriptor) { return configuration(image, descriptor); }};
  if (with_files_)
    contents.files = [&](const Manifest& read, const std::string& digest, const BaseImage& configuration) {
      return files(image, read, digest, configuration);
    };
  return describe(std::move(top), platform, contents);
}

}  // namespace dockhew::cli
