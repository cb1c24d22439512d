#include "project/ansible_file.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "project/image_runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace {

constexpr std::string_view module = "docker_image";
constexpr std::string_view reason =
    "builds it with Ansible's docker_image, through an API that has no BuildKit, which mounts need";

// `{{ playbook_dir }}/../app` without the expression, from beside the playbook or from the directory of the role;
// nothing where it is another alone. What follows another is looked for from beside the file and above.
std::optional<std::string> place_of_value(std::string_view value, const std::string& file) {
  constexpr std::string_view open = "{{", close = "}}";
  if (!value.starts_with(open)) return std::nullopt;
  const auto end = value.find(close);
  if (end == value.npos) return std::nullopt;
  const auto name = trim_unicode(value.substr(open.size(), end - open.size()));
  auto directory = directory_of(file);
  if (name == "role_path") directory = joined_path(directory, "..");
  const auto rest = std::string(value.substr(end + close.size()));
  if (name != "role_path" && name != "playbook_dir") {
    if (rest.size() < 2) return std::nullopt;
    directory = ".";
  }
  return rest.find(open) == rest.npos ? std::optional(joined_path(directory, "./" + rest)) : std::nullopt;
}

class Playbook {
 public:
  Playbook(const std::string& path, Builds& result) : path_(path), result_(result) {}

  void read(const YAML::Node& root) {
    read_entries(root, [&](const std::string& key, const YAML::Node& value) {
      const bool calls = (key == module || key.ends_with(".docker_image")) && value.IsMap();
      if (calls) read_call(value);
      return calls;
    });
  }

 private:
  // https://docs.ansible.com/ansible/latest/collections/community/docker/docker_image_module.html: the Dockerfile is
  // relative to `path`. Before Ansible 2.8 both stood beside the name.
  void read_call(const YAML::Node& call) {
    const auto own = call["build"];
    const YAML::Node& build = own && own.IsMap() ? own : call;
    const auto path = scalar_of(build["path"]);
    if (path.empty()) return;
    auto dockerfile = scalar_of(build["dockerfile"]);
    if (dockerfile.empty()) dockerfile = "Dockerfile";
    const auto line = line_of(call);
    const auto place = place_of_value(path, path_);
    const bool plain = path.find("{{") == path.npos;
    if (dockerfile.find("{{") == dockerfile.npos && (place || plain)) {
      auto each = local_build({}, place.value_or(path), dockerfile, ".", line);
      each.refuses_mounts = reason;
      if (add_named_anywhere(each, path_, result_)) return;
    }
    result_.unplaced.push_back({path_ + ':' + std::to_string(line), false, true, std::string(reason)});
  }

  const std::string& path_;
  Builds& result_;
};

}  // namespace

void mark_builds_by_ansible(const std::string& path, const std::string& text, Builds& result) {
  if (text.find("docker_image:") == text.npos) return;
  read_yaml_text(path, text, [&](const YAML::Node& root) { Playbook(path, result).read(root); });
}

}  // namespace dockhew::cli
