#include "project/task_templates.hpp"

#include <algorithm>

#include "project/image_runs.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_checks = 100, longest = 1000;  // of a file; of a command

std::string place_at(const std::string& path, std::string_view text, std::size_t at) {
  return path + ':' + std::to_string(1 + std::ranges::count(text.substr(0, at), '\n'));
}

// The value behind a key, in any of the forms `image = "…"`, `"image": "…"` and `Image: …`; empty without one.
std::string value_at(std::string_view rest) {
  rest = rest.substr(0, longest);
  while (!rest.empty() && std::string_view(" \t\n\r\"',:=-").find(rest.front()) != std::string_view::npos) {
    if (rest.front() == '"' || rest.front() == '\'') {
      // The quote that ends the key, or the one that begins the value.
      const auto next = rest.find_first_not_of(" \t\n\r,:=", 1);
      if (next != 1 && next != rest.npos) {
        rest.remove_prefix(next);
        continue;
      }
      const auto end = rest.find(rest.front(), 1);
      return std::string(rest.substr(1, end == rest.npos ? end : end - 1));
    }
    rest.remove_prefix(1);
  }
  return std::string(trim_unicode(rest.substr(0, rest.find_first_of("\n]"))));
}

// The image that is named last before a place, or else the first behind it: a container's keys have no order.
std::string image_near(std::string_view text, std::size_t at) {
  for (const std::string_view key : {"image\"", "image ", "image=", "Image=", "Image:", "image:"}) {
    auto found = text.rfind(key, at);
    if (found == text.npos) found = text.find(key, at);
    if (found != text.npos) return value_at(text.substr(found + key.size() - 1));
  }
  return {};
}

void add_check(const std::string& path, std::string_view text, std::size_t at, std::string command, Builds& result) {
  if (command.empty()) return;
  auto image = image_near(text, at);
  // Only the tag is filled in.
  if (const auto tag = image.rfind(':'); tag != image.npos && !is_filled_in(image.substr(0, tag))) image.resize(tag);
  const ContainerStart start{std::move(command), place_at(path, text, at), true};
  if (image.empty() || is_filled_in(image)) add_run({{}, {}, start, false, true}, result);
  else add_run({image, {}, start}, result);
}

}  // namespace

bool is_task_template(std::string_view name) {
  constexpr std::string_view endings[] = {".container", ".template", ".tf", ".tftpl", ".tpl"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

bool has_task_definition(std::string_view text) { return text.find("AWS::ECS::TaskDefinition") != text.npos; }

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html and
// https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html
Builds read_task_template(const std::string& path, std::string_view text) {
  Builds result;
  constexpr std::string_view shell = "CMD-SHELL", unit = "\nHealthCmd=";
  std::size_t count = 0;
  for (auto at = text.find(shell); at != text.npos && ++count <= most_checks; at = text.find(shell, at + 1))
    add_check(path, text, at, value_at(text.substr(at + shell.size())), result);
  if (const auto at = text.find(unit); at != text.npos)
    add_check(path, text, at, value_at(text.substr(at + unit.size() - 1)), result);
  return result;
}

}  // namespace dockhew::cli
