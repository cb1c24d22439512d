#include "registry/layer_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "registry/file_texts.hpp"
#include "registry/manifest.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/sha256.hpp"
#include "verify/archive_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_entries = 2'000'000;                 // of all layers
constexpr std::uint64_t most_bytes = std::uint64_t{32} << 30U;  // the same, unpacked
constexpr std::size_t largest_text = std::size_t{16} << 20U;    // dpkg's list of a large image has 5 MiB
constexpr std::size_t most_kept = 50'000;                       // programs and texts
constexpr std::chrono::seconds most_time{300};                  // for all layers of an image
constexpr std::string_view whiteout = ".wh.", opaque_whiteout = ".wh..wh..opq";

constexpr std::string_view os_release = "/etc/os-release", os_release_of_vendor = "/usr/lib/os-release";
constexpr std::string_view users = "/etc/passwd", apt = "/etc/apt/", apt_settings = "/etc/apt/apt.conf";
constexpr std::string_view packages = "/var/lib/dpkg/status", packages_apart = "/var/lib/dpkg/status.d/";
// The second where /lib is a link to /usr/lib.
constexpr std::string_view apk_packages = "/lib/apk/db/installed", apk_packages_of_usr = "/usr/lib/apk/db/installed";

// The text at a path, and everything below it, in a map or a set that is sorted by paths.
template <typename Sorted>
void erase_below(Sorted& sorted, const std::string& directory) {
  sorted.erase(sorted.lower_bound(directory + '/'), sorted.lower_bound(directory + '0'));  // the byte after a slash
}

// Homes are not far from the root: `/var/lib/postgresql`.
bool may_be_home(std::string_view path) { return std::ranges::count(path, '/') <= 3 && path != "/"; }

// Directories for programs are called so wherever they are: `/opt/app/bin`.
bool holds_programs(std::string_view directory) {
  constexpr std::array<std::string_view, 3> names = {"bin", "sbin", "games"};
  return std::ranges::find(names, path_basename(directory)) != names.end();
}

bool is_asked_library(std::string_view name) {
  return std::ranges::any_of(asked_libraries, [&](std::string_view library) { return name.starts_with(library); });
}

}  // namespace

LayerFiles::LayerFiles(const BaseImage& image) : deadline_(std::chrono::steady_clock::now() + most_time) {
  for (const auto& [name, value] : image.environment) {
    if (name != "PATH") continue;
    for (std::size_t begin = 0; begin <= value.size();) {
      const auto end = std::min(value.find(':', begin), value.size());
      if (end > begin) directories_.insert(clean_path(value.substr(begin, end - begin)));
      begin = end + 1;
    }
  }
}

bool LayerFiles::wants_text(const std::string& path) const {
  return path == os_release || path == os_release_of_vendor || path == users || path == packages ||
         path == apk_packages || path == apk_packages_of_usr || path.starts_with(apt_settings) ||
         path.starts_with(packages_apart);
}

bool LayerFiles::is_program(const std::string& path) const {
  const auto parent = path_parent(path);
  return holds_programs(parent) || directories_.contains(parent) || is_asked_library(path_basename(path));
}

void LayerFiles::remove(const std::string& path) {
  image_.texts.erase(path);
  image_.links.erase(path);
  image_.programs.erase(path);
  image_.owners.erase(path);
  remove_below(path);
}

void LayerFiles::remove_below(const std::string& directory) {
  erase_below(image_.texts, directory);
  erase_below(image_.links, directory);
  erase_below(image_.programs, directory);
  erase_below(image_.owners, directory);
}

std::size_t LayerFiles::weight(const Layer& layer) {
  return layer.programs.size() + layer.texts.size() + layer.owners.size();
}

void LayerFiles::add(const std::string& path) {
  ArchiveReader reader(path);
  Layer added;
  while (auto* entry = reader.next()) {
    if (++entries_ > most_entries) refuse("its layers have too many files");
    if (std::chrono::steady_clock::now() > deadline_) refuse("its layers take too long to read");
    const auto size = archive_entry_size(entry);
    if (size < 0 || (bytes_ += static_cast<std::uint64_t>(size)) > most_bytes)
      refuse("its layers have more than 32 GiB when they are unpacked");
    const auto file = clean_path('/' + text_or_empty(archive_entry_pathname(entry)));
    if (file.size() > limits::longest_path) refuse("a path in its layers is too long");
    const std::string parent(path_parent(file));
    const auto name = path_basename(file);
    const auto type = archive_entry_filetype(entry);
    const bool hard_link = archive_entry_hardlink(entry) != nullptr;
    has_apt_ |= file.starts_with(apt);
    // What a layer removes was in the layers below it.
    if (name == opaque_whiteout) {
      remove_below(parent == "/" ? "" : parent);
    } else if (name.starts_with(whiteout)) {
      remove(clean_path(parent + '/' + std::string(name.substr(whiteout.size()))));
    } else if (type == AE_IFDIR && !hard_link) {
      image_.texts.erase(file);
      image_.links.erase(file);
      image_.programs.erase(file);
      image_.owners.erase(file);
      if (may_be_home(file)) added.owners.insert_or_assign(file, std::to_string(archive_entry_uid(entry)));
    } else {
      // What is behind it was perhaps not looked at.
      if (type == AE_IFLNK && directories_.contains(file) &&
          !holds_programs(text_or_empty(archive_entry_symlink(entry))))
        refuse("its directory `" + file + "` for programs leads elsewhere");
      remove(file);
      added.owners.erase(file);
      if (is_program(file)) added.programs.insert(file);
      if (!wants_text(file)) continue;
      added.texts.erase(file);
      added.links.erase(file);
      // A file with two names is one that nobody makes of these; it counts as unread.
      if (type == AE_IFREG && !hard_link) added.texts[file] = reader.read_text(largest_text, "file " + file);
      else added.links[file] = hard_link ? "" : text_or_empty(archive_entry_symlink(entry));
    }
    if (weight(added) + weight(image_) > most_kept) refuse("its layers have too many programs");
  }
  image_.texts.merge(added.texts);
  image_.links.merge(added.links);
  image_.programs.merge(added.programs);
  image_.owners.merge(added.owners);
}

const std::string* LayerFiles::text(const std::string& path) const {
  const auto found = image_.texts.find(path);
  return found == image_.texts.end() ? nullptr : &found->second;
}

ImageFiles LayerFiles::result() const {
  ImageFiles files;
  const auto* release = text(std::string(os_release));
  const auto link = image_.links.find(std::string(os_release));
  if (link != image_.links.end() && resolve_path("/etc", link->second) == os_release_of_vendor)
    release = text(std::string(os_release_of_vendor));
  if (release != nullptr) read_os_release(*release, files);
  const auto owner = [&](const std::string& directory) {
    const auto found = image_.owners.find(clean_path(directory));
    return found == image_.owners.end() ? std::string() : found->second;
  };
  if (const auto* list = text(std::string(users))) read_users(*list, owner, files);
  files.has_apt = has_apt_;
  for (const auto& [path, content] : image_.texts) {
    if (path.starts_with(apt_settings)) read_apt_settings(content, files);
    if (path == packages) read_packages(content, false, files);
    if (path == apk_packages || path == apk_packages_of_usr) read_apk_packages(content, files);
    // Beside the description of a package is the list of its files.
    if (path.starts_with(packages_apart) && !path.ends_with(".md5sums")) read_packages(content, true, files);
  }
  // What a link stands for was not read.
  for (const auto& [path, target] : image_.links) files.empties_apt_cache |= path.starts_with(apt_settings);
  for (const auto& path : image_.programs) {
    const auto name = path_basename(path);
    (is_asked_library(name) ? files.libraries : files.programs).emplace(name);
  }
  return files;
}

std::string digest_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 sum;
  for (std::array<char, 65536> buffer{}; file;) {
    file.read(buffer.data(), buffer.size());
    sum.add({buffer.data(), static_cast<std::size_t>(file.gcount())});
  }
  return file.eof() ? "sha256:" + sum.hex() : std::string();
}

Json json_of(const ImageFiles& files) {
  auto homes = Json::object(), users = Json::object(), packages = Json::array(), programs = Json::array(),
       libraries = Json::array();
  for (const auto& [user, home] : files.homes) homes[user] = home;
  for (const auto& [user, number] : files.users) users[user] = number;
  for (const auto& package : files.packages) packages.push_back(package);
  for (const auto& program : files.programs) programs.push_back(program);
  for (const auto& library : files.libraries) libraries.push_back(library);
  Json json = {{"apt", files.has_apt},
               {"empties_apt_cache", files.empties_apt_cache},
               {"homes", std::move(homes)},
               {"users", std::move(users)}};
  if (!files.release.empty()) json["release"] = files.distribution + ' ' + files.release;
  if (files.has_packages) json["packages"] = std::move(packages);
  json["programs"] = std::move(programs);
  json["libraries"] = std::move(libraries);
  return json;
}

ImageFiles files_of(const Json& json) {
  ImageFiles files;
  const auto is_true = [&](std::string_view name) {
    const auto* found = json.find(name);
    return found != nullptr && found->boolean() != nullptr && *found->boolean();
  };
  const auto read = [&](std::string_view name, auto& names) {
    for (const auto& element : json.elements_at(name))
      if (element.is_string()) names.insert(*element.string());
  };
  files.has_apt = is_true("apt");
  files.empties_apt_cache = is_true("empties_apt_cache");
  if (const auto* homes = json.find("homes"))
    for (const auto& [user, home] : homes->members())
      if (home.is_string()) files.homes.emplace(user, *home.string());
  if (const auto* users = json.find("users"))
    for (const auto& [user, number] : users->members())
      if (number.is_string()) files.users.emplace(user, *number.string());
  const auto release = json.string_at("release");
  if (const auto blank = release.find(' '); blank != std::string::npos) {
    files.distribution = release.substr(0, blank);
    files.release = release.substr(blank + 1);
  }
  files.has_packages = json.contains("packages");
  read("packages", files.packages);
  read("programs", files.programs);
  read("libraries", files.libraries);
  return files;
}

}  // namespace dockhew::cli
