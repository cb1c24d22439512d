#include "language_server/workspace_edits.hpp"

#include <algorithm>

#include "text/diff.hpp"

namespace dockhew::cli {

Json text_edits(const Positions& positions, std::vector<TextEdit> edits, std::string_view annotation) {
  std::ranges::stable_sort(edits, {}, [](const TextEdit& edit) { return edit.span.begin; });
  auto list = Json::array();
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (i > 0 && edits[i] == edits[i - 1]) continue;  // of two equal ones, one is made
    Json edit = {{"range", positions.range(edits[i].span)}, {"newText", edits[i].text}};
    if (!annotation.empty()) edit["annotationId"] = annotation;
    list.push_back(std::move(edit));
  }
  return list;
}

Json workspace_edit(const Snapshot& snapshot, std::vector<TextEdit> edits, const Client& client,
                    std::string_view annotation) {
  auto list = text_edits(snapshot.positions, std::move(edits), annotation);
  if (!client.versioned_edits) {
    Json changes = Json::object();
    changes[snapshot.uri] = std::move(list);
    return {{"changes", std::move(changes)}};
  }
  return {{"documentChanges", Json::array(Json{{"textDocument", {{"uri", snapshot.uri}, {"version", snapshot.version}}},
                                               {"edits", std::move(list)}})}};
}

std::vector<TextEdit> edits_between(std::string_view before, std::string_view after) {
  std::vector<TextEdit> edits;
  const auto place_of = [&](const DiffLine& line) {
    return static_cast<std::uint32_t>(line.text.data() - before.data());
  };
  for (const auto& hunk : diff_lines(before, after)) {
    std::uint32_t at = 0;  // of the old text; only a hunk of an empty one has no line to tell
    for (const auto& line : hunk.lines)
      if (line.kind != DiffLine::Kind::added) {
        at = place_of(line);
        break;
      }
    bool joined = false;  // the last edit goes on
    for (const auto& line : hunk.lines) {
      const auto size = static_cast<std::uint32_t>(line.text.size());
      if (line.kind == DiffLine::Kind::context) {
        at = place_of(line) + size;
        joined = false;
        continue;
      }
      if (!joined) edits.push_back({{at, at}, ""});
      joined = true;
      if (line.kind == DiffLine::Kind::added) {
        edits.back().text += line.text;
      } else {
        at = place_of(line) + size;
        edits.back().span.end = at;
      }
    }
  }
  return edits;
}

}  // namespace dockhew::cli
