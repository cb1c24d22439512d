#include "registry/image_source.hpp"

#include <algorithm>

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

ResolvedImage RegistrySource::image(const ImageReference& image, const std::string& platform) {
  auto top = manifest(image);
  if (top.digest.empty()) return top.absent;
  return describe(std::move(top), platform,
                  {[&](const std::string& digest) { return manifest(by_digest(image, digest)); },
                   [&](const Descriptor& descriptor) { return configuration(image, descriptor); }});
}

}  // namespace dockhew::cli
