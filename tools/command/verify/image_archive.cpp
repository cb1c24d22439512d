#include "verify/image_archive.hpp"

#include <xxhash.h>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <optional>

#include "memory_limit.hpp"
#include "text/json.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "verify/archive_reader.hpp"
#include "verify/program_bytes.hpp"

namespace dockhew::cli {
namespace {

// Of one file, and of all. Two images are in memory at the same time, later three without their texts.
constexpr std::uint64_t most_elf_bytes = 1ULL << 30U, most_content_bytes = 1ULL << 40U;
constexpr std::size_t most_script_bytes = 1 << 12, most_loader_bytes = 1 << 16;
constexpr std::size_t most_source_bytes = 8 << 20, most_program_bytes = 32 << 20, most_text_bytes = 64 << 20;
constexpr std::size_t most_line_bytes = 8 << 20;    // first lines, where there is no room for texts
constexpr std::size_t most_tree_bytes = 112 << 20;  // paths, and what else is known of files
constexpr std::size_t most_description_bytes = 2 << 20;
constexpr std::size_t most_archive_entries = 20'000, most_link_bytes = 4 << 20, most_layers = 1'000;
constexpr std::size_t most_memory = 480 << 20;  // of all together; libarchive may want any amount for a sparse file
constexpr std::string_view whiteout = ".wh.", opaque_whiteout = ".wh..wh..opq";

// What an archive holds besides layers. Of two entries with the same name, the last one counts.
struct Outline {
  std::string manifest;
  bool has_manifest = false;
  std::map<std::string, std::string> links;  // names to targets

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

std::string name_of(archive_entry* entry) { return clean_path(text_or_empty(archive_entry_pathname(entry))); }

Outline read_outline(const std::string& path) {
  Outline outline;
  ArchiveReader reader(path);
  std::size_t entries = 0, link_bytes = 0;
  while (auto* entry = reader.next()) {
    if (++entries > most_archive_entries)
      refuse(fmt::format("its archive has more than {} entries", most_archive_entries));
    auto name = name_of(entry);
    std::string target;
    if (const char* link = archive_entry_symlink(entry); link != nullptr)
      target = clean_path(std::string(path_parent(name)) + "/" + link);
    else if (const char* same = archive_entry_hardlink(entry); same != nullptr) target = clean_path(same);
    if (!target.empty()) {
      if ((link_bytes += name.size() + target.size()) > most_link_bytes) refuse("its archive has too many links");
      outline.links[std::move(name)] = std::move(target);
    } else if (name == "manifest.json") {
      outline.manifest = reader.read_text(most_description_bytes, "manifest");
      outline.has_manifest = true;
    }
  }
  return outline;
}

std::optional<std::string> read_entry_named(const std::string& path, const std::string& name) {
  std::optional<std::string> text;
  ArchiveReader reader(path);
  while (auto* entry = reader.next())
    if (name_of(entry) == name) text = reader.read_text(most_description_bytes, "configuration");
  return text;
}

// An image while it is read: what it takes is counted, because nobody knows what an archive holds.
struct Tree {
  const KeepsText& keeps;
  const std::string& directory;  // for large programs
  Image image{};
  std::uint64_t content = 0;  // bytes read
  std::size_t texts = 0;      // bytes kept
  std::size_t bytes = 0;      // that paths and files take
};

// About what a file takes, but for its text.
std::size_t weight(const std::string& path, const ImageFile& file) {
  constexpr std::size_t overhead = 64;  // of a node in the tree, and of what is allocated for it
  auto result = overhead + sizeof(std::pair<std::string, ImageFile>) + path.size() + file.link.size();
  if (file.elf != nullptr) {
    result += sizeof(ElfNeeds) + file.elf->interpreter.size() + file.elf->search_path.size();
    for (const auto& library : file.elf->libraries) result += sizeof(std::string) + library.size();
  }
  return result;
}

using Files = std::map<std::string, ImageFile>;

void forget(Tree& tree, const Files::value_type& entry) {
  tree.bytes -= weight(entry.first, entry.second);
  tree.texts -= entry.second.text.size();
}

void remove(Tree& tree, Files::iterator begin, Files::iterator end) {
  std::for_each(begin, end, [&](const Files::value_type& entry) { forget(tree, entry); });
  tree.image.files.erase(begin, end);
}

// Of a regular file: its size, its hash, and what is kept of it.
void read_regular_file(ArchiveReader& reader, std::int64_t size, const std::string& path, Tree& tree, ImageFile& file) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
  XXH3_128bits_reset(state.get());
  const auto is_below = [&](std::uint64_t most) { return size >= 0 && static_cast<std::uint64_t>(size) < most; };
  const bool asked = is_below(most_text_bytes - std::min(most_text_bytes, tree.texts)) && tree.keeps(path);
  const bool source = asked && is_below(most_source_bytes), loader_file = path.starts_with("/etc/ld");
  const auto most = source ? most_source_bytes : loader_file ? most_loader_bytes : most_script_bytes;
  bool elf = false, keep = false;
  std::string kept;
  ProgramBytes program(tree.directory, most_program_bytes);
  reader.read([&](std::string_view bytes) {
    XXH3_128bits_update(state.get(), bytes.data(), bytes.size());
    if (file.size == 0) {
      elf = bytes.starts_with(
                "\x7f"
                "ELF") &&
            is_below(most_elf_bytes);
      keep = !elf && (loader_file || source || bytes.starts_with("#!"));
    }
    file.size += bytes.size();
    if ((tree.content += bytes.size()) > most_content_bytes)
      refuse(fmt::format("it holds more than {} TiB", most_content_bytes >> 40U));
    if (elf) program.add(bytes);
    else if (keep && kept.size() < most) kept += bytes.substr(0, most - kept.size());
  });
  const auto digest = XXH3_128bits_digest(state.get());
  file.digest = {digest.low64, digest.high64};
  if (elf) {
    const auto bytes = program.view();
    if (auto needs = read_elf(bytes)) {
      file.elf = std::make_shared<const ElfNeeds>(*std::move(needs));
      // What a program names may be looked for in it.
      if (asked && bytes.size() <= most_program_bytes) file.text = bytes;
      return;
    }
    kept = bytes.substr(0, most);
    keep = loader_file || source;
  }
  if (!keep) return;
  // Of other scripts only the first line, which names the interpreter.
  if (!loader_file && !source) kept.resize(std::min(kept.find('\n'), kept.size()));
  kept.shrink_to_fit();
  file.text = std::move(kept);
}

ImageFile read_entry(ArchiveReader& reader, archive_entry* entry, const std::string& path, Tree& tree) {
  ImageFile file;
  file.mode = static_cast<std::uint32_t>(archive_entry_perm(entry)) & 07777;
  file.user = static_cast<std::uint32_t>(archive_entry_uid(entry));
  file.group = static_cast<std::uint32_t>(archive_entry_gid(entry));
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR: file.type = FileType::directory; break;
    case AE_IFLNK:
      file.type = FileType::symbolic_link;
      file.link = text_or_empty(archive_entry_symlink(entry));
      if (file.link.empty()) refuse(fmt::format("its link `{}` leads nowhere", path));
      break;
    case AE_IFIFO: file.type = FileType::fifo; break;
    case AE_IFCHR:
    case AE_IFBLK: file.type = FileType::device; break;
    default: read_regular_file(reader, archive_entry_size(entry), path, tree, file);
  }
  return file;
}

void remove_below(Tree& tree, const std::string& directory) {
  auto& files = tree.image.files;
  remove(tree, files.lower_bound(directory + "/"), files.lower_bound(directory + "0"));  // the byte after a slash
}

// The path that a whiteout removes.
std::string removed_path(const std::string& parent, std::string_view name) {
  const auto removed = name.substr(whiteout.size());
  if (removed.empty() || removed == "." || removed == "..")
    refuse(fmt::format("its whiteout `{}/{}` names nothing", parent, name));
  return clean_path(parent + "/" + std::string(removed));
}

// A file that one layer brings twice, or that one below has, is replaced.
void add(Tree& tree, Files& added, const std::string& path, ImageFile file) {
  if (const auto old = added.find(path); old != added.end()) {
    forget(tree, *old);
    added.erase(old);
  }
  tree.texts += file.text.size();
  if ((tree.bytes += weight(path, file)) > most_tree_bytes || tree.texts > most_text_bytes + most_line_bytes)
    refuse(
        fmt::format("it has too many files: their names and properties take more than {} MiB", most_tree_bytes >> 20U));
  added.emplace(path, std::move(file));
}

// The file that a link is another name of.
ImageFile linked_file(const Tree& tree, const Files& added, const std::string& path, const std::string& target) {
  if (const auto here = added.find(target); here != added.end()) return here->second;
  const auto below = tree.image.files.find(target);
  if (below == tree.image.files.end())
    refuse(fmt::format("its link `{}` leads to `{}`, which is not there", path, target));
  return below->second;
}

void apply_layer(ArchiveReader& outer, Tree& tree) {
  ArchiveReader layer(outer);
  auto& files = tree.image.files;
  Files added;
  while (auto* entry = layer.next()) {
    const auto written = text_or_empty(archive_entry_pathname(entry));
    const auto path = clean_path("/" + written);
    // The root is in some layers, as a directory.
    if (written.empty() || (path == "/" && archive_entry_filetype(entry) != AE_IFDIR))
      refuse("a layer has an entry without a name");
    if (path.size() > limits::longest_path || std::ranges::count(path, '/') > limits::deepest_nesting)
      refuse(fmt::format("a path in it is too long, or too deep: {}…", path.substr(0, 80)));
    const auto name = path_basename(path);
    const std::string parent(path_parent(path));
    // What a layer removes was in the layers below it.
    if (name == opaque_whiteout) {
      remove_below(tree, parent == "/" ? "" : parent);
    } else if (name.starts_with(whiteout)) {
      const auto removed = removed_path(parent, name);
      remove(tree, files.lower_bound(removed), files.upper_bound(removed));
      remove_below(tree, removed);
    } else if (const char* same = archive_entry_hardlink(entry); same != nullptr) {
      add(tree, added, path, linked_file(tree, added, path, clean_path(std::string("/") + same)));
    } else if (path != "/") {
      add(tree, added, path, read_entry(layer, entry, path, tree));
    }
  }
  while (!added.empty()) {
    auto node = added.extract(added.begin());
    const auto& path = node.key();
    remove(tree, files.lower_bound(path), files.upper_bound(path));
    if (node.mapped().type != FileType::directory) remove_below(tree, path);
    files.insert(std::move(node));
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
Json read_manifest(const Outline& outline) {
  if (!outline.has_manifest) refuse("it has no manifest");
  const auto parsed = parse_json(outline.manifest);
  if (!parsed.error.empty()) refuse("its manifest is no JSON, or too deeply nested");
  if (parsed.value.elements().empty() || !parsed.value.elements()[0].is_object()) refuse("its manifest names no image");
  return parsed.value.elements()[0];
}

Image read(const std::string& path, const KeepsText& keeps) {
  const auto outline = read_outline(path);
  const auto first = read_manifest(outline);
  const auto named = first.string_at("Config");
  if (named.empty()) refuse("its manifest names no configuration");
  if (!first.contains("Layers")) refuse("its manifest names no layers");
  const auto layers = words(first, "Layers");
  if (layers.size() > most_layers) refuse(fmt::format("its manifest names more than {} layers", most_layers));
  const auto config = read_entry_named(path, outline.resolve(named));
  if (!config) refuse(fmt::format("its configuration `{}` is not there", named));
  const std::string directory(path_parent(path));
  Tree tree{keeps, directory};
  tree.image.configuration = read_configuration(*config);
  for (const auto& layer : layers) {
    const auto name = outline.resolve(layer);
    ArchiveReader reader(path);
    archive_entry* entry = nullptr;
    do entry = reader.next();
    while (entry != nullptr && name_of(entry) != name);
    if (entry == nullptr) refuse(fmt::format("its layer `{}` is not there", name));
    apply_layer(reader, tree);
  }
  return std::move(tree.image);
}

}  // namespace

ReadImage read_image(const std::string& archive, const KeepsText& keeps) {
  try {
    const MemoryLimit limit(most_memory);
    return {read(archive, keeps), ""};
  } catch (const std::bad_alloc&) {
    return {{}, "there is not enough memory for it"};
  } catch (const std::exception& error) {
    return {{}, escape_for_terminal(error.what())};  // names in the archive are its author's
  }
}

}  // namespace dockhew::cli
