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

// Root does not care who owns a directory.
bool runs_as_root(const ImageConfiguration& configuration) {
  const auto user = configuration.user.substr(0, configuration.user.find(':'));
  return user.empty() || user == "root" || user == "0";
}

// If a program lacks something in both, the rewrite is not the cause.
std::vector<std::string> new_needs(const Image& original, const Image& optimized) {
  const auto lacked = missing_needs(original);
  auto needs = missing_needs(optimized);
  const std::set<std::string_view> known(lacked.begin(), lacked.end());
  std::erase_if(needs, [&](const std::string& each) { return known.contains(each); });
  return needs;
}

// Where a file that is gone would be, a directory that is gone with it counts: it says more than its files.
std::string gone_part(const Image& optimized, std::string path) {
  for (auto parent = std::string(path_parent(path)); parent.size() > 1 && !optimized.files.contains(parent);
       parent = path_parent(parent))
    path = parent;
  return path;
}

// What only the original has.
class Absent {
 public:
  Absent(const Image& optimized, const Own& own, const LeavesOut& leaves_out, Comparison& out)
      : optimized_(optimized), own_(own), leaves_out_(leaves_out), out_(out) {}

  void add(const std::string& path, const ImageFile& file) {
    if (file.type == FileType::directory) return;
    if (const auto name = ignorable_class(path); !name.empty()) return count(out_.dropped, name, file);
    const auto kind = leaves_out_(path);
    const auto part = gone_part(optimized_, path);
    if (kind.empty()) {
      auto& tally = lost_[part];
      ++tally.files;
      tally.bytes += file.size;
      if (part == path) descriptions_[part] = describe(file);
      return;
    }
    count(out_.dropped, kind, file);
    if (is_of_application(own_, path) || kind == other_files)
      out_.dropped[std::string(kind)].names.insert(part + (part == path ? "" : "/"));
  }

  void report() {
    for (const auto& [part, tally] : lost_) {
      const auto found = descriptions_.find(part);
      out_.files.push_back({part,
                            found != descriptions_.end()
                                ? found->second
                                : fmt::format("directory with {} file{}, {} bytes", tally.files,
                                              tally.files == 1 ? "" : "s", tally.bytes),
                            ""});
    }
  }

 private:
  const Image& optimized_;
  const Own& own_;
  const LeavesOut& leaves_out_;
  Comparison& out_;
  std::map<std::string, Tally> lost_;
  std::map<std::string, std::string> descriptions_;  // of what is no directory
};

}  // namespace

bool is_of_application(const Own& own, std::string_view path) {
  for (auto at = path; at.size() > 1; at = path_parent(at))
    if (own.places.contains(std::string(at))) return true;
  return false;
}

Comparison compare_images(const Image& original, const Image& optimized, const Own& own, const LeavesOut& leaves_out) {
  Comparison out;
  const auto &before = original.configuration, &after = optimized.configuration;
  out.configuration = compare_settings(before, after);
  compare_maps(out.configuration, "ENV ", before.environment, after.environment);
  compare_text(out.configuration, "ENTRYPOINT", quoted(before.entrypoint), quoted(after.entrypoint));
  compare_text(out.configuration, "CMD", quoted(before.command), quoted(after.command));
  Absent absent(optimized, own, leaves_out, out);
  for (const auto& [path, file] : original.files) {
    const auto other = optimized.files.find(path);
    const bool gone = other == optimized.files.end();
    const bool counts = file.type != FileType::directory && ignorable_class(path).empty();
    if (gone && counts && is_of_application(own, path)) absent.add(path, file);
    else if (gone) report(out, path, &file, nullptr);
    else if (!same(file, other->second)) report(out, path, &file, &other->second);
  }
  absent.report();
  for (const auto& [path, file] : optimized.files)
    if (!original.files.contains(path)) report(out, path, nullptr, &file);
  out.missing = new_needs(original, optimized);
  return out;
}

Comparison compare_converted(const Image& original, const Image& optimized, const Own& own,
                             const LeavesOut& leaves_out) {
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
  Absent absent(optimized, own, leaves_out, out);
  for (const auto& [path, file] : original.files) {
    const auto other = optimized.files.find(path);
    if (other == optimized.files.end()) {
      absent.add(path, file);
    } else if ((file.type != FileType::directory || (path == before.directory && !runs_as_root(before))) &&
               !same(file, other->second)) {
      // Packages that may be absent may also be others.
      const bool packages = kind_of_file(path) == packages_of_language;
      if (packages || !is_of_application(own, path) ? leaves_out(path).empty() : true)
        report(out, path, &file, &other->second);
    }
  }
  absent.report();
  out.missing = new_needs(original, optimized);
  return out;
}

}  // namespace dockhew::inline image
