#include "yaml_reader.hpp"

#include "files.hpp"
#include "text/edit_distance.hpp"

namespace dockhew::cli {
namespace {

std::string place(const std::string& path, const YAML::Mark& mark) {
  if (mark.is_null()) return path + ": ";
  return path + ':' + std::to_string(mark.line + 1) + ':' + std::to_string(mark.column + 1) + ": ";
}

}  // namespace

void read_keys(const YAML::Node& map, const KeyReaders& readers) {
  if (!map.IsMap()) throw WrongValue(map.Mark(), "expected keys and values");
  for (const auto& entry : map) {
    const auto key = entry.first.as<std::string>();
    const auto reader = readers.find(key);
    if (reader != readers.end()) {
      reader->second(entry.second);
      continue;
    }
    std::string closest, all;
    std::size_t least = key.size() / 2 + 1;
    for (const auto& known : readers) {
      all += (all.empty() ? "" : ", ") + known.first;
      const auto distance = edit_distance(key, known.first);
      if (distance < least) least = distance, closest = known.first;
    }
    throw WrongValue(entry.first.Mark(), "unknown key `" + key + "`; " +
                                             (closest.empty() ? "the keys are " + all : "is `" + closest + "` meant?"));
  }
}

Severity severity_of(const YAML::Node& node) {
  Severity severity = Severity::off;
  const auto text = node.as<std::string>();
  for (const auto known : {Severity::off, Severity::style, Severity::info, Severity::warning, Severity::error})
    if (text == to_string(known)) return known;
  throw WrongValue(node.Mark(), "a severity must be off, style, info, warning or error, not `" + text + "`");
  return severity;
}

std::string read_yaml(const std::string& path, const std::function<void(const YAML::Node&)>& reader) {
  const auto file = read_file(path);
  if (!file.error.empty()) return path + ": " + file.error;
  try {
    const auto root = YAML::Load(file.text);
    if (!root.IsNull()) reader(root);
  } catch (const WrongValue& error) {
    return place(path, error.mark) + error.what();
  } catch (const YAML::Exception& error) {
    return place(path, error.mark) + error.msg;
  }
  return {};
}

}  // namespace dockhew::cli
