#include "registry/named_images.hpp"

#include <algorithm>

#include "project/compose_file.hpp"
#include "project/said_in_file.hpp"
#include "project/workflow_file.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::string_view docker_action = "docker://";

class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text), lines_(text) {}

  // A scalar whose value, behind so many bytes, is the name of an image.
  void add(UseKind kind, const YAML::Node& node, std::size_t before = 0) {
    for (const auto& said : said_in(node, Variables::allowed)) {
      const auto place = place_in(lines_, text_, said);
      ImageUse use{place.span, said.text.substr(before), {}, place.span, {}, kind};
      use.written.begin += static_cast<std::uint32_t>(before);
      if (use.text.find('$') != std::string::npos) use.obstacle = "its name is put together of variables";
      else if (!image_reference_error(use.text).empty()) use.obstacle = "it is no name of an image";
      else if (!place.exact) use.obstacle = "it is not written as it is on one line";
      use.reference = parse_image_reference(use.text);
      // An alias stands for the same text again.
      const bool known = std::ranges::any_of(uses_, [&](const ImageUse& other) { return other.place == use.place; });
      if (!known) uses_.push_back(std::move(use));
    }
  }

  std::vector<ImageUse> take() && { return std::move(uses_); }

 private:
  std::string_view text_;
  LineIndex lines_;
  std::vector<ImageUse> uses_;
};

void add_services(const YAML::Node& root, Collector& collector) {
  if (!root.IsMap() || !root["services"].IsDefined() || !root["services"].IsMap()) return;
  for (const auto& service : root["services"]) {
    YamlBudget::look_at(1);
    if (!service.second.IsMap() || merged_value(service.second, "build").IsDefined()) continue;
    // Of a service that takes it over from an anchor, it stands with that one.
    if (const auto image = merged_value(service.second, "image"); image.IsDefined() && image.IsScalar())
      collector.add(UseKind::service, image);
  }
}

void add_actions(const YAML::Node& root, Collector& collector) {
  read_entries(root, [&](const std::string& key, const YAML::Node& value) {
    if (key != "uses" || !scalar_of(value).starts_with(docker_action)) return false;
    collector.add(UseKind::action, value, docker_action.size());
    return true;
  });
}

}  // namespace

NamedImages named_images(const std::string& path, std::string_view text) {
  Collector collector(text);
  const YamlBudget budget;
  const bool workflow = is_workflow(path);
  if (!workflow && !is_compose_file(path)) return {};
  auto error = read_yaml_text(path, std::string(text), [&](const YAML::Node& root) {
    if (workflow) add_actions(root, collector);
    else add_services(root, collector);
  });
  return {std::move(collector).take(), std::move(error)};
}

}  // namespace dockhew::cli
