#include "ecosystems/needed_packages.hpp"

#include <algorithm>
#include <set>

#include "effects/source_copy.hpp"
#include "model/context_path.hpp"
#include "model/runs.hpp"
#include "model/site.hpp"
#include "model/tool_use.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool continues_name(char c) {
  return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/' || c == '@';
}

// `psycopg[binary]` brings the libraries that `psycopg` finds in the system.
bool is_self_contained(std::string_view behind) {
  const auto extras = behind.substr(0, behind.find(']'));
  return extras.starts_with('[') && extras.find("binary") != extras.npos;
}

// Whether a text in lower case contains the name of a package, and not as part of another name.
bool names(std::string_view text, std::string_view package) {
  for (auto at = text.find(package); at != text.npos; at = text.find(package, at + 1)) {
    const auto end = at + package.size();
    const bool whole =
        (end == text.size() || text[end] == '@' || !continues_name(text[end])) && !is_self_contained(text.substr(end));
    if (whole && (at == 0 || !continues_name(text[at - 1]))) return true;
  }
  return false;
}

constexpr int deepest_inclusion = 16;

// A file of the context with those that it includes (`-r base.txt`), as far as they are there.
void add_file(const BuildContext& context, const std::string& path, const PackageNames& where,
              std::set<std::string>& seen, std::string& text, int depth = 0) {
  if (depth > deepest_inclusion || !seen.insert(path).second) return;
  const auto own = context.read(path).value_or("");
  text += own + '\n';
  for (const auto& option : where.including_options)
    for (auto at = own.find(option); at != own.npos; at = own.find(option, at + 1)) {
      if (at > 0 && own[at - 1] != '\n') continue;
      const auto words = split_words(std::string_view(own).substr(at, own.find('\n', at) - at));
      if (words.size() > 1 && words[0] == option)
        add_file(context, join_context_path(path_parent(path), words[1]), where, seen, text, depth + 1);
    }
}

// The manifests that a use reads, as far as the context has them, concatenated and in lower case.
std::string manifests_text(const Site& site, const ToolUse& use, const PackageNames& where) {
  if (!use.command->directory.is_known()) return {};
  const auto& directory = use.command->directory.text;
  std::set<std::string> names;
  for (const auto i : use.manifests) names.insert(use.command->words[i].text());
  names.insert(where.manifests.begin(), where.manifests.end());
  std::string text;
  std::set<std::string> seen;
  for (const auto& earlier : site.earlier()) {
    const auto& copy = earlier.copy;
    if (!copy || !copy->from_context()) continue;
    for (const auto& name : names) {
      const auto path = resolve_path(directory, name);
      if (const auto parent = context_directory(*copy, path_parent(path)))
        add_file(site.context(), join_context_path(*parent, path_basename(path)), where, seen, text);
      // `COPY requirements.txt /tmp/`, `COPY package*.json ./`
      for (const auto& source : copy->sources)
        if (const auto written = clean_path(source.text);
            source.known && glob_match(path_basename(written), path_basename(path)))
          add_file(site.context(), join_context_path(path_parent(written), path_basename(path)), where, seen, text);
    }
  }
  return to_lower_ascii(text);
}

}  // namespace

std::vector<std::string> find_needed_packages(const Dockerfile& file, const Stage& stage, const PackageNames& where) {
  const auto table = file.facts().needed_packages.find(where.table);
  if (table == file.facts().needed_packages.end()) return {};
  std::set<std::string> needed;
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (use.tool->packages.of_system || use.action->kind != ActionKind::install) continue;
      auto text = manifests_text({file, stage, step}, use, where);
      for (const auto i : use.operands) text += ' ' + to_lower_ascii(use.command->words[i].text());
      for (const auto& [package, system] : table->second)
        if (names(text, package))
          for (const auto each : split_words(system)) needed.emplace(each);
    }
  }
  return {needed.begin(), needed.end()};
}

}  // namespace dockhew::inline ecosystems
