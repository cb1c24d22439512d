#include "ecosystems/go/time_zones.hpp"

#include <algorithm>

#include "effects/source_parts.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr int deepest = 12;
constexpr std::size_t most_bytes = 16U << 20U;

bool is_name_of_zone(std::string_view name) {
  return !name.empty() && name != "UTC" && name != "Local" && name != "GMT" && name.find("://") == name.npos;
}

// What begins a zone's name in the source: a call, and parts of the address of a database.
bool names_zone(std::string_view source) {
  for (auto at = source.find("time.LoadLocation("); at != source.npos; at = source.find("time.LoadLocation(", at + 1)) {
    auto given = source.substr(at + std::string_view("time.LoadLocation(").size(), 64);
    if (!given.starts_with('"')) return true;  // it depends
    given.remove_prefix(1);
    if (is_name_of_zone(given.substr(0, given.find('"')))) return true;
  }
  for (const std::string_view option : {"TimeZone=", "timezone=", "loc="})
    for (auto at = source.find(option); at != source.npos; at = source.find(option, at + 1)) {
      const auto zone = source.substr(at + option.size(), 64);
      const auto name = zone.substr(0, zone.find_first_of(" &\"'`;,)\n"));
      const bool begins = at == 0 || std::string_view(" &?\"'`").find(source[at - 1]) != std::string_view::npos;
      if (begins && is_name_of_zone(name) && (name.find('/') != name.npos || name.find("%2F") != name.npos))
        return true;
    }
  return false;
}

struct Search {
  const BuildContext& context;
  std::size_t read = 0;
  bool named = false;
  bool brought = false;  // the program has them in itself

  void in(const std::string& directory, int depth) {
    for (const auto& name : context.entries(directory)) {
      if (read > most_bytes) return;
      const auto path = join_context_path(directory, name);
      const auto kind = context.kind(path);
      const bool skipped = name.starts_with('.') || name == "vendor" || name == "testdata" || name == "node_modules";
      if (kind == PathKind::directory && depth < deepest && !skipped) in(path, depth + 1);
      if (kind != PathKind::file || !name.ends_with(".go") || name.ends_with("_test.go")) continue;
      const auto text = context.read(path);
      if (!text) continue;
      read += text->size();
      named |= names_zone(*text);
      brought |= text->find("\"time/tzdata\"") != text->npos;
    }
  }
};

bool built_with_zones(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && step.script->text.view().find("timetzdata") != std::string_view::npos;
  });
}

}  // namespace

std::vector<std::string> time_zones(const Dockerfile& file, const Stage& stage) {
  if (stage.image->distribution != "alpine" || built_with_zones(stage)) return {};
  const auto variable = file.lookup(stage, stage.environment.size(), "TZ");
  Search search{file.context()};
  if (file.context().is_known() && stage.workdir.is_known())
    search.in(project_in_context(file, stage, stage.steps.size(), stage.workdir.text).value_or("."), 0);
  const bool set = file.context().origin().environment.contains("TZ") || variable.is_unknown() ||
                   (variable.is_known() && is_name_of_zone(variable.text));
  if (search.brought || (!search.named && !set)) return {};
  return {"tzdata"};
}

}  // namespace dockhew::inline ecosystems
