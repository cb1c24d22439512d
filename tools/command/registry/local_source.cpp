#include "registry/local_source.hpp"

#include <sys/stat.h>
#include <algorithm>

#include <exception>
#include <filesystem>

#include "files.hpp"
#include "process.hpp"
#include "registry/layer_files.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "verify/archive_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_archive_entries = 20'000;
constexpr std::size_t longest_answer = std::size_t{4} << 20U;
constexpr std::chrono::seconds program_limit{20};

struct KindOfPlace {
  std::string_view name;
  ImagePlace::Kind kind;
};
constexpr KindOfPlace kinds[] = {{"oci-layout", ImagePlace::Kind::layout},
                                 {"docker-archive", ImagePlace::Kind::archive},
                                 {"docker-daemon", ImagePlace::Kind::docker},
                                 {"containers-storage", ImagePlace::Kind::podman}};
constexpr std::string_view name_annotation = "org.opencontainers.image.ref.name";

// Programs write the tag alone, or the whole name.
bool is_name_of(const ImageReference& image, const std::string& name) {
  return name == image.tag_or_digest() || parse_image_reference(name).canonical() == image.canonical();
}

Bytes blob(const std::string& layout, const std::string& digest, std::size_t most) {
  Bytes result;
  if (!is_verifiable(digest)) return result.absent = no_answer("a digest in its layout cannot be verified"), result;
  auto read = read_regular_file(layout + "/blobs/sha256/" + digest.substr(digest.find(':') + 1), most, Links::refused);
  if (!read.error.empty()) return result.absent = no_answer("its layout lacks a blob: " + read.error), result;
  if (!has_digest(read.text, digest)) {
    result.absent = no_answer("a blob of its layout does not have the digest that it is named by");
    return result;
  }
  result.text = std::move(read.text);
  result.digest = digest;
  return result;
}

// What the layout's index names: the only thing in it, or what is called so.
Outcome<std::string> digest_in_layout(const std::string& layout, const ImageReference& image) {
  const auto read = read_regular_file(layout + "/index.json", largest_manifest, Links::refused);
  if (!read.error.empty()) return Declined{"its layout has no index that can be read: " + read.error};
  const auto parsed = parse_json(read.text);
  if (!parsed.error.empty()) return Declined{"the index of its layout cannot be read: " + parsed.error};
  const auto& entries = parsed.value.elements_at("manifests");
  const auto found = std::ranges::find_if(entries, [&](const Json& entry) {
    const auto* annotations = entry.find("annotations");
    return annotations != nullptr && is_name_of(image, annotations->string_at(name_annotation));
  });
  if (found != entries.end()) return found->string_at("digest");
  if (entries.size() == 1) return entries[0].string_at("digest");
  return Declined{"its layout names " + std::to_string(entries.size()) + " images, and none of them so"};
}

// Where it is, if it has its digest.
Outcome<std::string> layer_in_layout(const std::string& layout, const Descriptor& layer) {
  auto path = layout + "/blobs/sha256/" + layer.digest.substr(layer.digest.find(':') + 1);
  struct ::stat status {};
  const bool regular = ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  if (!regular || status.st_size > largest_layers) return Declined{"its layout lacks a layer, or it is too large"};
  if (digest_of_file(path) != layer.digest)
    return Declined{"a layer of its layout does not have the digest that it is named by"};
  return path;
}

ResolvedImage in_layout(const std::string& layout, const ImageReference& image, const std::string& platform,
                        bool with_files) {
  const auto digest = digest_in_layout(layout, image);
  if (!digest) return no_answer(digest.reason());
  auto top = blob(layout, *digest, largest_manifest);
  if (top.digest.empty()) return top.absent;
  if (platform.empty()) return only_digest(*digest);
  Contents contents{[&](const std::string& wanted) { return blob(layout, wanted, largest_manifest); },
                    [&](const Descriptor& wanted) { return blob(layout, wanted.digest, largest_configuration); }};
  if (with_files)
    contents.files = [&](const Manifest& manifest, const std::string&, const BaseImage& configuration) {
      return read_files(manifest, configuration,
                        [&](const Descriptor& layer) { return layer_in_layout(layout, layer); });
    };
  return describe(std::move(top), platform, contents);
}

// One file of an archive; nothing where there is none.
std::optional<std::string> file_in(const std::string& archive, const std::string& name) {
  ArchiveReader reader(archive);
  std::size_t entries = 0;
  while (auto* entry = reader.next()) {
    if (++entries > most_archive_entries) refuse("its archive has too many entries");
    if (clean_path(text_or_empty(archive_entry_pathname(entry))) == name && archive_entry_filetype(entry) == AE_IFREG)
      return reader.read_text(largest_configuration, name);
  }
  return std::nullopt;
}

// What it throws is said by its caller.
ResolvedImage in_archive(const std::string& archive, const ImageReference& image, const std::string& platform) {
  const auto manifest = file_in(archive, "manifest.json");
  if (!manifest) return no_answer("its archive has no manifest.json");
  const auto parsed = parse_json(*manifest);
  if (!parsed.error.empty()) return no_answer("the manifest.json of its archive cannot be read: " + parsed.error);
  const auto& images = parsed.value.elements();
  const auto found = std::ranges::find_if(images, [&](const Json& each) {
    return std::ranges::any_of(each.elements_at("RepoTags"),
                               [&](const Json& tag) { return tag.is_string() && is_name_of(image, *tag.string()); });
  });
  if (found == images.end() && images.size() != 1)
    return no_answer("its archive has " + std::to_string(images.size()) + " images, and none of this name");
  const auto name = (found == images.end() ? images[0] : *found).string_at("Config");
  const auto configuration = file_in(archive, clean_path(name));
  if (!configuration) return no_answer("its archive lacks the configuration");
  // Of an image that no registry has, the digest of its configuration is what Docker shows.
  auto result = only_digest(digest_of(*configuration));
  if (platform.empty()) return result;
  auto values = read_configuration(*configuration);
  if (!values) return no_answer(values.reason());
  result.image = *std::move(values);
  return result;
}

// What `docker image inspect` and Podman's print: the configuration, with other names around it.
ResolvedImage of_program(const std::string& program, const std::string& name, const std::string& platform) {
  const auto path = find_program(program);
  if (path.empty()) return no_answer("the program `" + program + "` is not installed");
  const auto result = ask_process({{path, "image", "inspect", name}, {}, program_limit, {}}, longest_answer);
  if (!result.error.empty()) return no_answer("`" + program + "` was asked for it: " + result.error);
  if (result.status != 0) return no_answer("`" + program + "` does not have it, or does not answer");
  const auto parsed = parse_json(result.output);
  if (parsed.value.elements().size() != 1) return no_answer("what `" + program + "` says of it cannot be read");
  const auto& json = parsed.value.elements()[0];
  auto id = json.string_at("Id");
  if (!id.starts_with("sha256:")) id = "sha256:" + id;  // Podman's
  if (!is_verifiable(id)) return no_answer("what `" + program + "` says of it cannot be read");
  auto image = only_digest(std::move(id));
  if (platform.empty()) return image;
  const auto* configuration = json.find("Config");
  auto values = read_configuration(Json{{"os", json.string_at("Os")},
                                        {"architecture", json.string_at("Architecture")},
                                        {"variant", json.string_at("Variant")},
                                        {"config", configuration != nullptr ? *configuration : Json()}}
                                       .dump());
  if (!values) return no_answer(values.reason());
  image.image = *std::move(values);
  return image;
}

ResolvedImage in_place(const ImagePlace& place, const ImageReference& image, const std::string& platform,
                       bool with_files) {
  try {
    const auto without_files = [&](ResolvedImage answer) {
      if (with_files && answer.found == Found::image) answer.reason = "only those of registries and layouts are read";
      return answer;
    };
    switch (place.kind) {
      case ImagePlace::Kind::layout: return in_layout(place.path, image, platform, with_files);
      case ImagePlace::Kind::archive: return without_files(in_archive(place.path, image, platform));
      case ImagePlace::Kind::docker: return without_files(of_program("docker", place.path, platform));
      case ImagePlace::Kind::podman: return without_files(of_program("podman", place.path, platform));
    }
    return no_answer("it is nowhere");
  } catch (const std::exception& error) {
    return no_answer(error.what());
  }
}

}  // namespace

Outcome<std::map<std::string, ImagePlace>> image_places(const std::vector<std::string>& values) {
  std::map<std::string, ImagePlace> places;
  for (const auto& value : values) {
    const auto equals = value.find('=');
    const auto name = value.substr(0, equals), place = equals == std::string::npos ? "" : value.substr(equals + 1);
    const auto colon = place.find(':');
    const auto kind = std::ranges::find(kinds, std::string_view(place).substr(0, colon), &KindOfPlace::name);
    if (colon == std::string::npos || kind == std::end(kinds))
      return Declined{
          "--image takes NAME=oci-layout:DIR, NAME=docker-archive:FILE, NAME=docker-daemon: or "
          "NAME=containers-storage:, not `" +
          value + "`"};
    if (const auto error = image_reference_error(name); !error.empty())
      return Declined{"--image names no image: `" + name + "`"};
    auto where = place.substr(colon + 1);
    const bool by_name = kind->kind == ImagePlace::Kind::docker || kind->kind == ImagePlace::Kind::podman;
    if (by_name && where.empty()) where = name;
    // A word with a dash would be an option of the program.
    if (by_name && !image_reference_error(where).empty()) return Declined{"--image names no image: `" + where + "`"};
    places[parse_image_reference(name).canonical()] = {kind->kind, std::move(where)};
  }
  return places;
}

ResolvedImage LocalSource::digest(const ImageReference& image) {
  const auto found = places_.find(image.canonical());
  return found == places_.end() ? source_.digest(image) : in_place(found->second, image, "", false);
}

ResolvedImage LocalSource::image(const ImageReference& image, const std::string& platform) {
  const auto found = places_.find(image.canonical());
  return found == places_.end() ? source_.image(image, platform)
                                : in_place(found->second, image, platform, with_files_);
}

}  // namespace dockhew::cli
