#include "ecosystems/dotnet/project_file.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

std::string without_comments(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto begin = text.find("<!--");
    result += text.substr(0, begin);
    const auto end = begin == text.npos ? text.npos : text.find("-->", begin);
    text.remove_prefix(end == text.npos ? text.size() : end + 3);
  }
  return result;
}

bool ends_name(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '/' || c == '>'; }

// The tag of the next element with this name, from `at`, between its brackets.
std::optional<std::string_view> next_tag(std::string_view text, std::string_view name, std::size_t& at) {
  const auto opening = '<' + std::string(name);
  for (at = text.find(opening, at); at != text.npos; at = text.find(opening, at + 1)) {
    const auto behind = at + opening.size();
    if (behind >= text.size() || !ends_name(text[behind])) continue;
    const auto end = text.find('>', at);
    if (end == text.npos) break;
    const auto tag = text.substr(at, end - at);
    at = end;
    return tag;
  }
  return std::nullopt;
}

std::string_view attribute(std::string_view tag, std::string_view name) {
  for (auto at = tag.find(name); at != tag.npos; at = tag.find(name, at + 1)) {
    if (at == 0 || !ends_name(tag[at - 1])) continue;
    auto rest = tag.substr(at + name.size());
    const auto sign = rest.find_first_not_of(" \t\r\n");
    if (sign == rest.npos || rest[sign] != '=') continue;
    rest.remove_prefix(sign + 1);
    const auto quote = rest.find_first_not_of(" \t\r\n");
    if (quote == rest.npos || (rest[quote] != '"' && rest[quote] != '\'')) return {};
    const auto value = rest.substr(quote + 1);
    return value.substr(0, value.find(rest[quote]));
  }
  return {};
}

// Targets of NuGet's restore and those that it asks for packages. What a property names may be one.
bool is_of_restore(std::string_view targets) {
  const auto small = to_lower_ascii(targets);
  constexpr std::array<std::string_view, 5> parts = {"restore", "collectpackage", "collectframework",
                                                     "clitoolreference", "$("};
  return std::ranges::any_of(parts, [&](std::string_view part) { return small.find(part) != small.npos; });
}

bool runs_with_restore(std::string_view tag, std::string_view initial) {
  const auto name = attribute(tag, "Name");
  const bool begins = !initial.empty() && !name.empty() && initial.find(name) != initial.npos;
  return begins || is_of_restore(attribute(tag, "BeforeTargets")) || is_of_restore(attribute(tag, "AfterTargets")) ||
         name == "Restore" || name == "CollectPackageReferences";
}

// Without the elements that only give properties and items their values.
std::string without_values(std::string_view body) {
  std::string rest(body);
  for (const std::string_view group : {"PropertyGroup", "ItemGroup"}) {
    const auto closing_tag = "</" + std::string(group);
    std::string kept;
    std::size_t copied = 0;
    bool closed = true;  // some are, behind this one
    for (std::size_t at = 0; next_tag(rest, group, at);) {
      const bool empty = rest[at - 1] == '/';
      const auto closing = empty || !closed ? rest.npos : rest.find(closing_tag, at);
      closed &= empty || closing != rest.npos;
      kept.append(rest, copied, rest.rfind('<', at) - copied);
      at = copied = closing == rest.npos ? at + 1 : std::min(rest.find('>', closing), rest.size() - 1) + 1;
    }
    rest = kept.append(rest, std::min(copied, rest.size()));
  }
  return rest;
}

bool runs_tasks(std::string_view body) {
  const auto rest = without_values(body);
  for (auto at = rest.find('<'); at != rest.npos; at = rest.find('<', at + 1)) {
    const std::string_view element = std::string_view(rest).substr(at + 1);
    if (!element.starts_with('/') && !element.starts_with("Message") && !element.starts_with("Warning")) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> imports_in(std::string_view text) {
  const auto plain = without_comments(text);
  std::vector<std::string> imports;
  for (std::size_t at = 0; const auto tag = next_tag(plain, "Import", at);)
    if (attribute(*tag, "Sdk").empty()) imports.emplace_back(attribute(*tag, "Project"));
  return imports;
}

std::vector<std::string> project_references_in(std::string_view text) {
  const auto plain = without_comments(text);
  std::vector<std::string> references;
  for (std::size_t at = 0; const auto tag = next_tag(plain, "ProjectReference", at);) {
    std::string reference(attribute(*tag, "Include"));
    std::ranges::replace(reference, '\\', '/');
    if (!reference.empty()) references.push_back(std::move(reference));
  }
  return references;
}

std::string target_of_restore(std::string_view text) {
  const auto plain = without_comments(text);
  std::size_t begin = 0;
  const auto project = next_tag(plain, "Project", begin);
  const auto initial = project ? attribute(*project, "InitialTargets") : std::string_view();
  for (std::size_t at = 0; const auto tag = next_tag(plain, "Target", at);) {
    if (!runs_with_restore(*tag, initial)) continue;
    const bool is_empty = tag->ends_with('/'), others = !attribute(*tag, "DependsOnTargets").empty();
    const auto end = is_empty || others ? at : plain.find("</Target", at);
    if (end == plain.npos) return std::string(attribute(*tag, "Name"));  // it is not known where it ends
    if (others || (!is_empty && runs_tasks(std::string_view(plain).substr(at, end - at))))
      return std::string(attribute(*tag, "Name"));
    at = end;
  }
  return {};
}

}  // namespace dockhew::inline ecosystems
