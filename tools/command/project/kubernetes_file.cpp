#include "project/kubernetes_file.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "files.hpp"
#include "project/image_runs.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_values = 200, longest_blank = 200;

class Manifest {
 public:
  Manifest(const std::string& path, Builds& result) : path_(path), result_(result) {}

  void read(const YAML::Node& root) {
    read_entries(root, [&](const std::string& key, const YAML::Node& value) {
      const bool containers = (key == "containers" || key == "initContainers") && value.IsSequence();
      for (std::size_t i = 0; containers && i < value.size(); ++i) read_container(value[i]);
      return containers;
    });
  }

 private:
  // https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
  void read_container(const YAML::Node& container) {
    if (!container.IsMap()) return;
    image_ = scalar_of(container["image"]);
    name_ = scalar_of(container["name"]);
    const auto command = shell_words(container["command"]), arguments = shell_words(container["args"]);
    add(command + (command.empty() || arguments.empty() ? "" : " ") + arguments, container);
    for (const auto* probe : {"livenessProbe", "readinessProbe", "startupProbe"}) read_handler(container[probe]);
    const auto lifecycle = container["lifecycle"];
    if (!lifecycle || !lifecycle.IsMap()) return;
    for (const auto* hook : {"postStart", "preStop"}) read_handler(lifecycle[hook]);
  }

  void read_handler(const YAML::Node& handler) {
    if (handler && handler.IsMap() && handler["exec"] && handler["exec"].IsMap())
      add(shell_words(handler["exec"]["command"]), handler);
  }

  // A patch names no image: its container is that of another file with this name.
  void add(std::string text, const YAML::Node& place) {
    if (text.empty()) return;
    const auto program = text.substr(0, text.find(' '));
    if (program.find(filled_in) != program.npos) text.clear();  // not known
    const ContainerStart start{std::move(text), place_of(path_, place), true};
    if (image_.empty()) add_run({{}, name_, start}, result_);
    else if (is_filled_in(image_)) add_run({{}, name_, start, false, true}, result_);
    else add_run({image_, {}, start, false, false, true}, result_);
  }

  const std::string& path_;
  Builds& result_;
  std::string image_, name_;
};

// The values that a chart of Helm gives its templates; those of another file, or of whoever installs it, are not known.
class ChartValues {
 public:
  explicit ChartValues(const std::string& path) {
    constexpr int most_levels = 4;
    auto directory = fs::path(path).parent_path();
    for (int level = 0; level < most_levels && !directory.empty(); ++level, directory = directory.parent_path()) {
      if (directory.filename() != "templates") continue;
      const auto file = (directory.parent_path() / "values.yaml").string();
      const auto read = read_regular_file(file, largest_companion, Links::refused);
      if (read.error.empty()) read_yaml_text(file, read.text, [&](const YAML::Node& root) { root_.reset(root); });
      return;
    }
  }

  // Of `.Values.image.repository`, with what is done to it: `.Values.a | quote`.
  std::string of(std::string_view expression) {
    if (++asked_ > most_values) return std::string(filled_in);
    constexpr std::string_view prefix = ".Values.";
    expression = expression.substr(0, expression.find('|'));
    while (!expression.empty() && (expression.front() == '-' || expression.front() == ' ')) expression.remove_prefix(1);
    while (!expression.empty() && (expression.back() == '-' || expression.back() == ' ')) expression.remove_suffix(1);
    if (!expression.starts_with(prefix)) return std::string(filled_in);
    expression.remove_prefix(prefix.size());
    YAML::Node at;
    at.reset(root_);
    while (!expression.empty()) {
      const auto dot = expression.find('.');
      if (!at.IsMap()) return std::string(filled_in);
      const YAML::Node& map = at;
      const auto next = map[std::string(expression.substr(0, dot))];
      if (!next) return std::string(filled_in);
      at.reset(next);
      expression.remove_prefix(dot == expression.npos ? expression.size() : dot + 1);
    }
    const bool plain = at.IsScalar() && !at.Scalar().empty() && at.Scalar().find('\n') == std::string::npos;
    return plain ? at.Scalar() : std::string(filled_in);
  }

 private:
  YAML::Node root_;
  std::size_t asked_ = 0;
};

// What is left of a template once a word stands for each expression, and lines that only control it are empty. What a
// condition chooses between is all there.
std::string without_templates(const std::string& path, std::string_view text) {
  ChartValues values(path);
  std::string result;
  while (!text.empty()) {
    const auto begin = text.find("{{");
    const auto end = begin == text.npos ? text.npos : text.find("}}", begin);
    if (end == text.npos) break;
    const auto line_begin = text.rfind('\n', begin);
    const auto before = text.substr(line_begin == text.npos ? 0 : line_begin + 1, begin - line_begin - 1);
    auto after = text.substr(end + 2, longest_blank);
    after = after.substr(0, after.find('\n'));
    const bool at_line_begin = line_begin != text.npos || result.empty() || result.ends_with('\n');
    const bool alone = at_line_begin && trim_unicode(before).empty() && trim_unicode(after).empty();
    const auto expression = text.substr(begin + 2, end - begin - 2);
    result.append(text.substr(0, begin));
    if (!alone) result.append(values.of(expression));
    result.append(static_cast<std::size_t>(std::ranges::count(expression, '\n')), '\n');
    text.remove_prefix(end + 2);
  }
  return result.append(text);
}

}  // namespace

bool has_containers(const std::string& text) {
  return text.find("containers:") != text.npos || text.find("initContainers:") != text.npos;
}

Builds read_kubernetes_file(const std::string& path, const std::string& text) {
  Builds result;
  const auto read = [&](const YAML::Node& root) { Manifest(path, result).read(root); };
  const bool is_template = text.find("{{") != text.npos;
  if (read_yaml_documents(path, is_template ? without_templates(path, text) : text, read).empty()) return result;
  // What it runs is there, but cannot be read.
  const auto command = is_template ? std::min(text.find(" command:"), text.find("exec:")) : text.npos;
  if (command != text.npos) {
    const auto line = 1 + std::ranges::count(std::string_view(text).substr(0, command), '\n');
    add_run({{}, {}, {{}, path + ':' + std::to_string(line), true}, false, true}, result);
  }
  return result;
}

}  // namespace dockhew::cli
