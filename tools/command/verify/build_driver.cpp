#include "verify/build_driver.hpp"

#include <algorithm>

#include "report/downloads.hpp"
#include "text/utf8.hpp"
#include "verify/drivers.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t tail_lines = 20;

struct Entry {
  std::string_view name;
  FoundDriver (*open)(const std::string& directory);
};

constexpr Entry entries[] = {
    {"docker", open_docker}, {"buildctl", open_buildctl}, {"podman", open_podman}, {"buildah", open_buildah}};

}  // namespace

std::string_view to_string(Variant variant) { return variant == Variant::original ? "original" : "optimized"; }

FoundDriver find_driver(const std::string& name, const std::string& directory) {
  std::string tried;
  for (const auto& entry : entries) {
    if (!name.empty() && entry.name != name) continue;
    auto found = entry.open(directory);
    if (found.driver != nullptr || !name.empty()) return found;
    tried += "\n  " + std::string(entry.name) + ": " + found.error;
  }
  return {nullptr,
          "no builder was found; install docker, buildctl, podman or buildah, or name one with `--builder`" + tried};
}

void BuildResult::read_download(std::string_view line) {
  if (const auto bytes = reported_download(line)) downloaded = downloaded.value_or(0) + *bytes;
}

RunResult run_in_image(const Process& process) {
  constexpr std::size_t most = std::size_t{4} << 20U;
  auto done = collect_process(process, most);
  RunResult result{done.status, {}, std::move(done.error)};
  for (std::string_view rest = done.output; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    result.output.append(line).append("\n");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

void LogTail::add(std::string_view line) {
  line.remove_prefix(line.rfind('\r') + 1);  // if a line was redrawn, its final state counts
  if (lines_.size() == tail_lines) lines_.erase(lines_.begin());
  lines_.push_back(escape_for_terminal(line));
}

std::string LogTail::text() const {
  std::string text;
  for (const auto& line : lines_) text += "\n  | " + line;
  return text;
}

}  // namespace dockhew::cli
