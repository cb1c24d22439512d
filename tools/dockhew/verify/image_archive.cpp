#include "verify/image_archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <xxhash.h>

#include <fmt/format.h>

#include <array>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>

#include "process.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t block = 1 << 16;
constexpr std::uint64_t most_elf_bytes = 1ull << 30;
constexpr std::size_t most_text_bytes = 1 << 16;
constexpr std::size_t most_source_bytes = 8 << 20, most_kept_bytes = 64 << 20;  // of one file, and of all
constexpr std::size_t most_program_bytes = 32 << 20;
constexpr std::size_t most_index_bytes = 64 << 20;
constexpr std::string_view whiteout = ".wh.", opaque_whiteout = ".wh..wh..opq";

struct Close {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, Close>;

// Ends the reading of this archive; caught in read_image.
[[noreturn]] void fail(archive* a, const std::string& what) {
  const char* why = archive_error_string(a);
  throw std::runtime_error(what + ": " + (why != nullptr ? why : "unknown error"));
}

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error(why); }

// What builders write: tar, plain or compressed with gzip or zstd. `archive_read_support_filter_all` would draw every
// filter of libarchive, and the libraries that they need, into a static executable.
Archive new_reader() {
  Archive a(archive_read_new());
  archive_read_support_filter_gzip(a.get());
  archive_read_support_filter_zstd(a.get());
  archive_read_support_format_tar(a.get());
  return a;
}

Archive open_file(const std::string& path) {
  auto a = new_reader();
  if (archive_read_open_filename(a.get(), path.c_str(), block) != ARCHIVE_OK)
    fail(a.get(), "its archive cannot be opened");
  return a;
}

bool next(archive* a, archive_entry*& entry) {
  if (interrupted()) refuse("interrupted");
  const int result = archive_read_next_header(a, &entry);
  if (result == ARCHIVE_EOF) return false;
  if (result < ARCHIVE_WARN) fail(a, "its archive is damaged");
  return true;
}

// Null in damaged archives, and where an archive names nothing.
std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

// The content of the current entry, block by block.
void read_content(archive* a, const std::function<void(std::string_view)>& on_bytes) {
  std::array<char, block> buffer;
  for (;;) {
    const auto size = archive_read_data(a, buffer.data(), buffer.size());
    if (size < 0) fail(a, "its archive is damaged");
    if (size == 0) return;
    on_bytes({buffer.data(), static_cast<std::size_t>(size)});
  }
}

// Small files of the archive itself, and the targets of its links.
struct Index {
  std::map<std::string, std::string> texts, links;

  std::string resolve(std::string name) const {
    name = clean_path(name);
    for (int i = 0; i < 8; ++i) {
      const auto link = links.find(name);
      if (link == links.end()) break;
      name = link->second;
    }
    return name;
  }
};

Index read_index(const std::string& path) {
  constexpr std::int64_t most = 16 << 20;
  std::size_t kept = 0;
  Index index;
  auto a = open_file(path);
  for (archive_entry* entry = nullptr; next(a.get(), entry);) {
    const auto name = clean_path(text_or_empty(archive_entry_pathname(entry)));
    if (const char* link = archive_entry_symlink(entry); link != nullptr) {
      index.links[name] = clean_path(std::string(path_parent(name)) + "/" + link);
    } else if (const char* same = archive_entry_hardlink(entry); same != nullptr) {
      index.links[name] = clean_path(same);
    } else if (archive_entry_size(entry) < most && (name.ends_with("json") || name.find("sha256") != name.npos)) {
      auto& text = index.texts[name];
      text.clear();
      read_content(a.get(), [&](std::string_view bytes) {
        if ((kept += bytes.size()) > most_index_bytes) refuse("its descriptions are larger than 64 MiB");
        text += bytes;
      });
    }
  }
  return index;
}

// A layer inside the archive: libarchive reads the inner one through the outer one.
struct Inner {
  archive* outer;
  std::array<char, block> buffer;
};

la_ssize_t read_inner(archive*, void* data, const void** buffer) {
  auto& inner = *static_cast<Inner*>(data);
  *buffer = inner.buffer.data();
  return archive_read_data(inner.outer, inner.buffer.data(), inner.buffer.size());
}

// Whose texts are kept, and how much of them there is already.
struct Kept {
  const KeepsText& keeps;
  std::size_t bytes = 0;
};

ImageFile read_entry(archive* a, archive_entry* entry, const std::string& path, Kept& all) {
  ImageFile file;
  file.mode = static_cast<std::uint32_t>(archive_entry_perm(entry)) & 07777;
  file.user = static_cast<std::uint32_t>(archive_entry_uid(entry));
  file.group = static_cast<std::uint32_t>(archive_entry_gid(entry));
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR: file.type = FileType::directory; return file;
    case AE_IFLNK:
      file.type = FileType::symbolic_link;
      file.link = text_or_empty(archive_entry_symlink(entry));
      if (file.link.empty()) refuse(fmt::format("its link `{}` leads nowhere", path));
      return file;
    case AE_IFIFO: file.type = FileType::fifo; return file;
    case AE_IFCHR:
    case AE_IFBLK: file.type = FileType::device; return file;
    default: break;
  }
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  XXH3_128bits_reset(state.get());
  std::string kept;
  bool keep = true;
  const bool loader_file = path.starts_with("/etc/ld");
  const bool source = all.bytes < most_kept_bytes &&
                      archive_entry_size(entry) < static_cast<la_int64_t>(most_source_bytes) && all.keeps(path);
  read_content(a, [&](std::string_view bytes) {
    XXH3_128bits_update(state.get(), bytes.data(), bytes.size());
    if (file.size == 0) {
      const bool elf = bytes.starts_with(
                           "\x7f"
                           "ELF") &&
                       archive_entry_size(entry) < static_cast<la_int64_t>(most_elf_bytes);
      keep = elf || loader_file || source || bytes.starts_with("#!");
    }
    file.size += bytes.size();
    const auto most = source ? most_source_bytes : most_text_bytes;
    if (keep && (kept.starts_with('\x7f') || kept.size() < most)) kept += bytes;
  });
  const auto digest = XXH3_128bits_digest(state.get());
  file.digest = {digest.low64, digest.high64};
  if (!keep) return file;
  file.elf = read_elf(kept);
  if (file.elf) {
    // What a program names may be looked for in it.
    if (kept.size() <= most_program_bytes && all.bytes < most_kept_bytes && all.keeps(path)) {
      all.bytes += kept.size();
      file.text = std::move(kept);
    }
    return file;
  }
  // Of other scripts only the first line, which names the interpreter.
  file.text = loader_file || source ? std::move(kept) : kept.substr(0, kept.find('\n'));
  all.bytes += file.text.size();
  return file;
}

void remove_below(Image& image, const std::string& directory) {
  const auto begin = image.files.lower_bound(directory + "/");
  auto end = begin;
  while (end != image.files.end() && end->first.starts_with(directory + "/")) ++end;
  image.files.erase(begin, end);
}

// The path that a whiteout removes.
std::string removed_path(const std::string& parent, std::string_view name) {
  const auto removed = name.substr(whiteout.size());
  if (removed.empty() || removed == "." || removed == "..")
    refuse(fmt::format("its whiteout `{}/{}` names nothing", parent, name));
  return clean_path(parent + "/" + std::string(removed));
}

void apply_layer(archive* outer, Image& image, Kept& kept) {
  const auto inner = std::make_unique<Inner>(Inner{outer, {}});
  auto layer = new_reader();
  archive_read_support_format_empty(layer.get());
  if (archive_read_open(layer.get(), inner.get(), nullptr, read_inner, nullptr) != ARCHIVE_OK)
    fail(layer.get(), "a layer cannot be opened");
  std::map<std::string, ImageFile> added;
  for (archive_entry* entry = nullptr; next(layer.get(), entry);) {
    const auto written = text_or_empty(archive_entry_pathname(entry));
    const auto path = clean_path("/" + written);
    // The root is in some layers, as a directory.
    if (written.empty() || (path == "/" && archive_entry_filetype(entry) != AE_IFDIR))
      refuse("a layer has an entry without a name");
    const auto name = path_basename(path);
    const std::string parent(path_parent(path));
    // What a layer removes was in the layers below it.
    if (name == opaque_whiteout) {
      remove_below(image, parent == "/" ? "" : parent);
    } else if (name.starts_with(whiteout)) {
      const auto removed = removed_path(parent, name);
      image.files.erase(removed);
      remove_below(image, removed);
    } else if (const char* same = archive_entry_hardlink(entry); same != nullptr) {
      const auto target = clean_path(std::string("/") + same);
      if (const auto here = added.find(target); here != added.end()) added[path] = here->second;
      else if (const auto below = image.files.find(target); below != image.files.end()) added[path] = below->second;
      else refuse(fmt::format("its link `{}` leads to `{}`, which is not there", path, target));
    } else if (path != "/") {
      added[path] = read_entry(layer.get(), entry, path, kept);
    }
  }
  for (auto& [path, file] : added) {
    if (file.type != FileType::directory) remove_below(image, path);
    image.files[path] = std::move(file);
  }
}

// What is absent or null is empty; anything but a list of strings is no image.
std::vector<std::string> words(const Json& object, const char* name) {
  std::vector<std::string> result;
  const auto* list = object.find(name);
  if (list == nullptr || list->is_null()) return result;
  if (!list->is_array()) refuse(fmt::format("`{}` is not a list", name));
  for (const auto& word : list->elements()) {
    if (!word.is_string()) refuse(fmt::format("`{}` holds something else than strings", name));
    result.push_back(*word.string());
  }
  return result;
}

std::set<std::string> keys(const Json& object, const char* name) {
  std::set<std::string> result;
  if (const auto* set = object.find(name))
    for (const auto& member : set->members()) result.insert(member.name);
  return result;
}

ImageConfiguration read_configuration(const std::string& document) {
  ImageConfiguration result;
  const auto parsed = parse_json(document);
  if (!parsed.error.empty()) refuse("its configuration is no JSON, or too deeply nested");
  if (!parsed.value.is_object()) refuse("its configuration is not an object");
  const auto* found = parsed.value.find("config");
  if (found == nullptr || found->is_null()) return result;
  if (!found->is_object()) refuse("its configuration is not an object");
  const auto& config = *found;
  for (const auto& variable : words(config, "Env")) {
    const auto equals = std::min(variable.find('='), variable.size());
    result.environment[variable.substr(0, equals)] = variable.substr(std::min(equals + 1, variable.size()));
  }
  if (const auto* labels = config.find("Labels"))
    for (const auto& [key, value] : labels->members())
      if (value.is_string()) result.labels[key] = *value.string();
  result.entrypoint = words(config, "Entrypoint");
  result.command = words(config, "Cmd");
  result.shell = words(config, "Shell");
  result.triggers = words(config, "OnBuild");
  result.ports = keys(config, "ExposedPorts");
  result.volumes = keys(config, "Volumes");
  result.user = config.string_at("User");
  result.directory = config.string_at("WorkingDir");
  result.stop_signal = config.string_at("StopSignal");
  if (const auto* check = config.find("Healthcheck"); check != nullptr && !check->is_null())
    result.health_check = check->dump();
  return result;
}

// The first image that the manifest names.
Json read_manifest(const Index& index) {
  const auto manifest = index.texts.find("manifest.json");
  if (manifest == index.texts.end()) refuse("it has no manifest");
  const auto parsed = parse_json(manifest->second);
  if (!parsed.error.empty()) refuse("its manifest is no JSON, or too deeply nested");
  if (parsed.value.elements().empty() || !parsed.value.elements()[0].is_object()) refuse("its manifest names no image");
  return parsed.value.elements()[0];
}

Image read(const std::string& path, const KeepsText& keeps) {
  const auto index = read_index(path);
  const auto first = read_manifest(index);
  const auto named = first.string_at("Config");
  if (named.empty()) refuse("its manifest names no configuration");
  if (!first.contains("Layers")) refuse("its manifest names no layers");
  const auto config = index.texts.find(index.resolve(named));
  if (config == index.texts.end()) refuse(fmt::format("its configuration `{}` is not there", named));
  Image image;
  image.configuration = read_configuration(config->second);
  Kept kept{keeps};
  for (const auto& layer : words(first, "Layers")) {
    const auto name = index.resolve(layer);
    auto a = open_file(path);
    archive_entry* entry = nullptr;
    bool found = false;
    while (!found && next(a.get(), entry)) found = clean_path(text_or_empty(archive_entry_pathname(entry))) == name;
    if (!found) refuse(fmt::format("its layer `{}` is not there", name));
    apply_layer(a.get(), image, kept);
  }
  return image;
}

}  // namespace

ReadImage read_image(const std::string& archive, const KeepsText& keeps) {
  try {
    return {read(archive, keeps), ""};
  } catch (const std::bad_alloc&) {
    return {{}, "there is not enough memory for it"};
  } catch (const std::exception& error) {
    return {{}, error.what()};
  }
}

}  // namespace dockhew::cli
