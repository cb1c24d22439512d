#include "image/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "image/path_classes.hpp"
#include "image/program_needs.hpp"
#include "text/path.hpp"

namespace dockhew::inline image {
namespace {

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "[\"" : ", \"") + word + '"';
  return text.empty() ? text : text + ']';
}

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

void compare_text(std::vector<Difference>& out, const char* what, std::string before, std::string after) {
  if (before != after) out.push_back({what, std::move(before), std::move(after)});
}

using Texts = std::map<std::string, std::string>;

void compare_maps(std::vector<Difference>& out, const std::string& what, const Texts& before, const Texts& after) {
  for (const auto& [name, value] : before) {
    const auto other = after.find(name);
    if (other == after.end()) out.push_back({what + name, value, ""});
    else if (other->second != value) out.push_back({what + name, value, other->second});
  }
  for (const auto& [name, value] : after)
    if (!before.contains(name)) out.push_back({what + name, "", value});
}

// Everything except what a base image may set: environment and start command.
std::vector<Difference> compare_settings(const ImageConfiguration& before, const ImageConfiguration& after) {
  std::vector<Difference> out;
  compare_maps(out, "LABEL ", before.labels, after.labels);
  compare_text(out, "USER", before.user, after.user);
  compare_text(out, "WORKDIR", before.directory.empty() ? "/" : before.directory,
               after.directory.empty() ? "/" : after.directory);
  compare_text(out, "EXPOSE", joined(before.ports), joined(after.ports));
  compare_text(out, "VOLUME", joined(before.volumes), joined(after.volumes));
  compare_text(out, "HEALTHCHECK", before.health_check, after.health_check);
  compare_text(out, "STOPSIGNAL", before.stop_signal, after.stop_signal);
  compare_text(out, "SHELL", quoted(before.shell), quoted(after.shell));
  compare_text(out, "ONBUILD", quoted(before.triggers), quoted(after.triggers));
  return out;
}

std::string describe(const ImageFile& file) {
  switch (file.type) {
    case FileType::directory:
      return fmt::format("directory, mode {:04o}, owner {}:{}", file.mode, file.user, file.group);
    case FileType::symbolic_link: return "link to " + file.link;
    case FileType::device: return "device";
    case FileType::fifo: return "fifo";
    case FileType::regular: break;
  }
  return fmt::format("{} bytes, mode {:04o}, owner {}:{}", file.size, file.mode, file.user, file.group);
}

bool same(const ImageFile& a, const ImageFile& b) {
  if (a.type != b.type) return false;
  if (a.type == FileType::symbolic_link) return a.link == b.link;
  return a.mode == b.mode && a.user == b.user && a.group == b.group &&
         (a.type != FileType::regular || (a.size == b.size && a.digest == b.digest));
}

void count(std::map<std::string, Tally>& tallies, std::string_view name, const ImageFile& file) {
  auto& tally = tallies[std::string(name)];
  ++tally.files;
  tally.bytes += file.size;
}

// One of the two may be null: the file does not exist.
void report(Comparison& out, const std::string& path, const ImageFile* before, const ImageFile* after) {
  const auto& file = before != nullptr ? *before : *after;
  if (const auto name = ignorable_class(path); !name.empty()) return count(out.ignored, name, file);
  Difference difference{path, before ? describe(*before) : "", after ? describe(*after) : ""};
  if (difference.before == difference.after) difference.after += ", other content";
  out.files.push_back(std::move(difference));
}

void compare_files(const Image& original, const Image& optimized, Comparison& out) {
  for (const auto& [path, file] : original.files) {
    const auto other = optimized.files.find(path);
    if (other == optimized.files.end()) report(out, path, &file, nullptr);
    else if (!same(file, other->second)) report(out, path, &file, &other->second);
  }
  for (const auto& [path, file] : optimized.files)
    if (!original.files.contains(path)) report(out, path, nullptr, &file);
}

// Root does not care who owns a directory.
bool runs_as_root(const ImageConfiguration& configuration) {
  const auto user = configuration.user.substr(0, configuration.user.find(':'));
  return user.empty() || user == "root" || user == "0";
}

// Files of the application that both images have: what is below its working directory, other than packages pruned
// there.
bool is_of_application(const Image& original, const std::string& path) {
  const auto& directory = original.configuration.directory;
  return directory.size() > 1 && path_is_under(path, directory) && kind_of_file(path) != "packages of the language";
}

}  // namespace

Comparison compare_images(const Image& original, const Image& optimized) {
  Comparison out;
  const auto &before = original.configuration, &after = optimized.configuration;
  out.configuration = compare_settings(before, after);
  compare_maps(out.configuration, "ENV ", before.environment, after.environment);
  compare_text(out.configuration, "ENTRYPOINT", quoted(before.entrypoint), quoted(after.entrypoint));
  compare_text(out.configuration, "CMD", quoted(before.command), quoted(after.command));
  compare_files(original, optimized, out);
  // If a program lacks something in both, the rewrite is not the cause.
  const auto lacked = missing_needs(original);
  for (auto& sentence : missing_needs(optimized))
    if (std::ranges::find(lacked, sentence) == lacked.end()) out.missing.push_back(std::move(sentence));
  return out;
}

Comparison compare_converted(const Image& original, const Image& optimized, const OwnConfiguration& own) {
  Comparison out;
  const auto &before = original.configuration, &after = optimized.configuration;
  out.configuration = compare_settings(before, after);
  const auto of_own = [&](const Texts& environment) {
    Texts result;
    for (const auto& [name, value] : environment)
      if (own.environment.contains(name)) result[name] = value;
    return result;
  };
  compare_maps(out.configuration, "ENV ", of_own(before.environment), of_own(after.environment));
  if (own.entrypoint)
    compare_text(out.configuration, "ENTRYPOINT", quoted(before.entrypoint), quoted(after.entrypoint));
  if (own.command) compare_text(out.configuration, "CMD", quoted(before.command), quoted(after.command));
  for (const auto& [path, file] : original.files) {
    const auto other = optimized.files.find(path);
    if (other == optimized.files.end()) {
      const auto name = ignorable_class(path);
      if (file.type != FileType::directory) count(out.dropped, name.empty() ? kind_of_file(path) : name, file);
    } else if ((file.type != FileType::directory || (path == before.directory && !runs_as_root(before))) &&
               is_of_application(original, path) && !same(file, other->second)) {
      report(out, path, &file, &other->second);
    }
  }
  out.missing = missing_needs(optimized);
  return out;
}

}  // namespace dockhew::inline image
