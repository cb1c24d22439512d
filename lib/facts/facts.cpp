#include "facts/facts.hpp"
#include "facts/image_files.hpp"

#include <algorithm>

namespace dockhew::inline facts {
namespace {

// What a tag says of the image besides its version and its release.
constexpr std::string_view kinds_of_tags[] = {"apache", "cli", "fpm", "zts"};

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

bool contains(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

// The release that plain tags of a version stay on; empty where none is known.
std::string_view release_of(const ImageEntry& entry, std::string_view version) {
  std::string_view found;
  for (const auto& [since, release] : entry.codenames)
    if (version_at_least(version, since)) found = release;
  return found;
}

// Of a tag that names no release: what it stays on, or what it has got to so far.
void set_release(ImageFacts& facts, std::string_view tag) {
  const auto& entry = *facts.entry;
  const auto first = facts.version.empty() ? tag.substr(0, tag.find('-')) : facts.version;
  if (const auto moving = entry.moving.find(first.empty() ? "latest" : first); moving != entry.moving.end())
    facts.oldest_release = moving->second;
  else if (!facts.version.empty()) facts.release = release_of(entry, facts.version);
}

// Tags of MySQL went from Debian to Oracle Linux, and its words for that stand where others have a release: "oracle",
// "oraclelinux9", "debian".
void settle_distribution(ImageFacts& facts) {
  constexpr std::string_view oracle = "oracle", oracle_linux = "oraclelinux";
  if (facts.release.starts_with(oracle) || facts.oldest_release.starts_with(oracle)) {
    facts.distribution = "redhat";
    facts.release = facts.release.starts_with(oracle_linux) ? facts.release.substr(oracle_linux.size()) : std::string();
    facts.oldest_release = {};
  } else if (facts.release == facts.distribution) {
    facts.release.clear();
  }
}

}  // namespace

// Asked dozens of times of each command of a script; most of the names that are looked at differ in the first letter.
const UnixCommand* Facts::unix_command(std::string_view command) const {
  if (command.empty()) return nullptr;
  const auto first = static_cast<unsigned char>(command[0]);
  const auto is_before = [&](const auto& entry) {
    const auto letter = entry.first.empty() ? 0 : static_cast<unsigned char>(entry.first[0]);
    return letter != first ? letter < first : entry.first < command;
  };
  const auto found = std::partition_point(unix_commands.begin(), unix_commands.end(), is_before);
  return found == unix_commands.end() || found->first != command ? nullptr : &found->second;
}

bool Facts::is_printing(std::string_view command) const {
  const auto* row = unix_command(command);
  return (row != nullptr && row->printing) || contains(printing_commands, command);
}

bool Facts::is_plain(std::string_view command) const {
  const auto* row = unix_command(command);
  return (row != nullptr && row->plain) || contains(plain_commands, command);
}

bool Facts::is_bystander(std::string_view command) const {
  const auto* row = unix_command(command);
  return (row != nullptr && (row->plain || row->bystander)) || contains(plain_commands, command) ||
         contains(bystander_commands, command);
}

const Tool* Facts::tool(std::string_view id) const {
  const auto found = std::ranges::find(tools, id, &Tool::id);
  return found == tools.end() ? nullptr : &*found;
}

std::optional<ImageFacts> Facts::image(const ImageReference& reference, std::string_view platform) const {
  auto facts = image_of_tables(reference);
  if (!resolved) return facts;
  const auto* entry = resolved->entry(reference, platform);
  if (entry == nullptr) return facts;
  if (!facts) facts.emplace().only_configured = true;
  facts->entry = entry;
  facts->resolved = resolved->find(reference, platform);
  const auto& image = facts->resolved->image;
  if (facts->only_configured && image.files) {
    facts->distribution = image.files->distribution;
    // Of these a version is what tags name, and what decides where their tools keep caches.
    constexpr std::string_view by_version[] = {"amazon", "fedora", "redhat"};
    if (contains(by_version, facts->distribution)) facts->version = image.files->release;
  }
  // Where a private image gets its packages from is not known with its release.
  const auto take_release = [&](const std::string& distribution, const std::string& release) {
    if (facts->release.empty() && facts->distribution == distribution) facts->release = release;
  };
  if (image.files) take_release(image.files->distribution, image.files->release);
  take_release(image.distribution, image.release);
  facts->windows |= facts->resolved->image.platform.starts_with("windows");
  return facts;
}

std::optional<ImageFacts> Facts::image_of_tables(const ImageReference& reference) const {
  const auto written = reference.registry.empty() ? std::string() : reference.name();
  std::string_view name = reference.registry.empty() ? reference.repository : written, mirror;
  for (const auto& each : mirrors)
    if (name.starts_with(each)) mirror = each;
  name.remove_prefix(mirror.size());
  const auto found = image_names.find(name);
  if (found == image_names.end()) return std::nullopt;
  const auto* entry = found->second;
  ImageFacts facts;
  facts.entry = entry;
  facts.mirror = mirror;
  facts.distribution = entry->distribution;
  facts.compilers = entry->compilers;
  facts.windows = reference.names_windows();
  // The tag is a version followed by variants: 1.81.0-slim-bookworm, 22-alpine3.20, bookworm-slim.
  std::string_view rest = reference.tag;
  for (bool first = true; !rest.empty(); first = false) {
    const auto dash = rest.find('-');
    const auto part = rest.substr(0, dash);
    rest.remove_prefix(dash == rest.npos ? rest.size() : dash + 1);
    if (first && !part.empty() && '0' <= part[0] && part[0] <= '9') {
      facts.version = part;
    } else if (const auto digit = part.find_first_of("0123456789");
               first && entry->distribution == "redhat" && digit != part.npos) {
      facts.version = part.substr(digit);  // centos7, stream9
    } else if (const auto named = entry->version_names.find(part); named != entry->version_names.end()) {
      facts.version = named->second;
    } else if (part == "slim") {
      facts.slim = true;
      facts.compilers = false;
    } else if (part.starts_with("alpine")) {
      facts.distribution = "alpine";
      facts.release = part.substr(6);
      facts.compilers = false;
    } else if (facts.windows) {
      continue;
    } else if (!entry->codename_in_tag) {
      if (part.starts_with("ubi")) facts.distribution = "redhat";
    } else if (std::ranges::find(kinds_of_tags, part) != std::end(kinds_of_tags)) {
      continue;
    } else if (!entry->moving.contains(part) && part != "latest" && part != "lts" && !is_number(part) &&
               facts.distribution != "alpine") {
      facts.release = part;  // a codename: bookworm, jammy
    }
  }
  if (facts.version.empty()) facts.version = entry->version;
  if (!entry->since.empty() && !facts.version.empty() && !version_at_least(facts.version, entry->since))
    return std::nullopt;
  if (entry->is_compiler) facts.compilers = true;
  const bool is_distribution = entry->language.empty() && !entry->compilers && entry->codenames.empty();
  if (is_distribution && !facts.version.empty() && facts.release.empty()) {
    // A copy of Debian under another name has the same numbers.
    const auto debian = facts.distribution == "debian" ? image_names.find("debian") : image_names.end();
    facts.release =
        debian == image_names.end() ? facts.version : std::string(release_of(*debian->second, facts.version));
  }
  if (facts.release.empty() && facts.distribution == entry->distribution) set_release(facts, reference.tag);
  settle_distribution(facts);
  return facts;
}

std::vector<int> version_numbers(std::string_view text) {
  std::vector<int> numbers;
  while (!text.empty()) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 8 && '0' <= text[digits] && text[digits] <= '9')
      value = value * 10 + (text[digits++] - '0');
    if (digits == 0) break;
    numbers.push_back(value);
    text.remove_prefix(digits);
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return numbers;
}

bool version_at_least(std::string_view version, std::string_view minimum) {
  const auto a = version_numbers(version), b = version_numbers(minimum);
  return !a.empty() && !std::ranges::lexicographical_compare(a, b);
}

}  // namespace dockhew::inline facts
