#include "image/moving_files.hpp"

#include <algorithm>

#include "text/path.hpp"

namespace dockhew::inline image {
namespace {

const ImageFile* file_at(const Image& image, const std::string& path) {
  const auto found = image.files.find(path);
  return found == image.files.end() ? nullptr : &found->second;
}

// The directory above it that another image has not, or the path itself.
std::string absent_part(const Image& other, std::string path) {
  for (auto parent = std::string(path_parent(path)); parent.size() > 1 && !other.files.contains(parent);
       parent = path_parent(parent))
    path = parent;
  return path;
}

bool differs_in_content_alone(const ImageFile& a, const ImageFile& b) {
  if (a.type != b.type) return false;
  if (a.type == FileType::symbolic_link) return a.link != b.link;
  return a.type == FileType::regular && a.mode == b.mode && a.user == b.user && a.group == b.group &&
         (a.size != b.size || a.digest != b.digest);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The parts of a name between its signs, with those that hold digits, or lower and upper letters, made equal: what is
// made up anew is made of these. "yarn--1699-0.12" is "yarn--#-#.#".
std::string shape_of(std::string_view name) {
  std::string shape;
  while (!name.empty()) {
    std::size_t end = 0;
    bool digit = false, lower = false, upper = false;
    for (; end < name.size() && (is_digit(name[end]) || is_letter(name[end])); ++end) {
      digit |= is_digit(name[end]);
      lower |= name[end] >= 'a' && name[end] <= 'z';
      upper |= name[end] >= 'A' && name[end] <= 'Z';
    }
    const bool made_up = digit || (lower && upper && end > 5);
    shape += made_up ? "#" : name.substr(0, end);
    if (end < name.size()) shape += name[end++];
    name.remove_prefix(end);
  }
  return shape;
}

// Long names of random letters and signs have no shape.
bool is_random(std::string_view name) {
  constexpr std::size_t shortest = 16;
  return name.size() >= shortest && std::ranges::any_of(name, is_digit) && std::ranges::any_of(name, is_letter) &&
         name.find('.') == name.npos;
}

// Scratch files are not missed.
bool is_temporary(const std::string& directory) {
  return path_is_under(directory, "/tmp") || path_is_under(directory, "/var/tmp");
}

MadeUpNames names_in(const Image& image, const std::string& directory) {
  MadeUpNames names;
  const auto prefix = directory == "/" ? directory : directory + "/";
  for (auto at = image.files.lower_bound(prefix); at != image.files.end() && at->first.starts_with(prefix);) {
    const auto each = at->first.substr(prefix.size(), at->first.find('/', prefix.size()) - prefix.size());
    names.add(each);
    at = image.files.lower_bound(prefix + each + "0");  // the byte after a slash
  }
  return names;
}

// Where a difference is: a file that both have, or the part of a path that only one of them has.
struct Place {
  const ImageFile *before, *after;
  std::string directory, name;  // of what only one of the two has
};

Place place_of(const Image& original, const Image& optimized, const Difference& difference) {
  Place place{file_at(original, difference.what), file_at(optimized, difference.what), {}, {}};
  if (place.before != nullptr && place.after != nullptr) return place;
  const auto part = absent_part(place.before == nullptr ? original : optimized, difference.what);
  place.directory = path_parent(part);
  place.name = path_basename(part);
  return place;
}

bool moves(const Image& original, const Image& optimized, const Difference& difference, const MovingFiles& moving,
           Movable& may_move) {
  if (!may_move(difference)) return false;
  const auto place = place_of(original, optimized, difference);
  if (place.name.empty()) {
    const auto found = moving.contents.find(difference.what);
    // Emptied, or something else altogether.
    constexpr std::uint64_t slack = 256;
    return found != moving.contents.end() && (place.after->size > 0 || place.before->size == 0) &&
           place.after->size <= 2 * found->second + slack && place.before->size <= 2 * place.after->size + slack;
  }
  const auto names = moving.names.find(place.directory);
  return names != moving.names.end() && names->second.has_alike(place.name);
}

void add_names(const Image& image, const Image& other, MovingFiles& moving) {
  for (const auto& [path, file] : image.files) {
    if (other.files.contains(path)) continue;
    const auto part = absent_part(other, path);
    moving.names[std::string(path_parent(part))].add(path_basename(part));
  }
}

}  // namespace

MovingFiles find_moving_files(const Image& first, const Image& second) {
  MovingFiles moving;
  for (const auto& [path, file] : first.files) {
    const auto* other = file_at(second, path);
    if (other != nullptr && differs_in_content_alone(file, *other))
      moving.contents[path] = std::max(file.size, other->size);
  }
  add_names(first, second, moving);
  add_names(second, first, moving);
  return moving;
}

void MadeUpNames::add(std::string_view name) {
  shapes_.insert(shape_of(name));
  if (is_random(name)) random_.insert(name.size());
}

bool MadeUpNames::has_alike(std::string_view name) const {
  return shapes_.contains(shape_of(name)) || (is_random(name) && random_.contains(name.size()));
}

// A counterpart in a directory of the other image: it is there under a name like this one.
bool Movable::has_counterpart(const Image& other, const std::string& directory, std::string_view name) {
  const auto [found, is_new] = names_.try_emplace({&other, directory});
  if (is_new) found->second = names_in(other, directory);
  return found->second.has_alike(name);
}

bool Movable::operator()(const Difference& difference) {
  const auto place = place_of(original_, optimized_, difference);
  if (place.name.empty()) return differs_in_content_alone(*place.before, *place.after);
  if (place.before == nullptr && place.after == nullptr) return false;
  const auto& other = place.before == nullptr ? original_ : optimized_;
  return is_temporary(place.directory) || has_counterpart(other, place.directory, place.name);
}

void discount_moving_files(Comparison& comparison, const Image& original, const Image& optimized,
                           const MovingFiles& moving) {
  Movable may_move(original, optimized);
  std::erase_if(comparison.files, [&](const Difference& difference) {
    if (!moves(original, optimized, difference, moving, may_move)) return false;
    comparison.discounted.push_back(difference.what);
    return true;
  });
  // A directory says enough of what is in it.
  auto& names = comparison.discounted;
  std::ranges::sort(names);
  std::vector<std::string> shown;
  for (auto& name : names)
    if (shown.empty() || !path_is_under(name, shown.back())) shown.push_back(std::move(name));
  names = std::move(shown);
}

}  // namespace dockhew::inline image
