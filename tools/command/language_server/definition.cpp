#include "language_server/definition.hpp"

#include "language_server/names.hpp"

namespace dockhew::cli {

Json definitions_at(const Snapshot& snapshot, std::uint32_t offset) {
  const auto& file = *snapshot.file;
  auto locations = Json::array();
  const auto add = [&](Span span) {
    locations.push_back({{"uri", snapshot.uri}, {"range", snapshot.positions.range(span)}});
  };
  if (const auto named = stage_name_at(file, offset)) {
    const auto& arguments = named->stage->from->arguments;
    if (named->stage->implicit) return locations;
    add(arguments.size() == 3 ? arguments[2].span : named->stage->from->keyword_span);
  } else if (const auto variable = variable_name_at(file, offset)) {
    for (const auto& definition : definitions_of(file, place_at(file, offset), *variable)) add(definition.span);
  }
  return locations;
}

}  // namespace dockhew::cli
