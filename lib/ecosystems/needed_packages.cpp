#include "ecosystems/needed_packages.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "ecosystems/ecosystem.hpp"
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
bool is_self_contained(std::string_view rest) {
  constexpr std::size_t longest_extras = 400;
  if (!rest.starts_with('[')) return false;
  rest = rest.substr(0, longest_extras);
  const auto extras = rest.substr(0, rest.find(']'));
  return extras.find("binary") != extras.npos;
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

struct ManifestTexts {
  std::string text;                  // concatenated, each once
  std::map<std::string, bool> seen;  // paths in the context, and whether they could be read
  std::set<std::string> lost;        // of these, those that another one includes and that could not be read
};

std::string_view quoted_value(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return {};
  line.remove_prefix(key.size());
  return line.substr(0, line.find('"'));
}

// The packages of poetry.lock or uv.lock, one a line: what their descriptions and extras name is not installed, nor are
// those that only extras bring. `psycopg-binary` has the libraries that `psycopg` would find in the system.
std::string packages_of_lock(std::string_view text) {
  std::set<std::string, std::less<>> found;
  std::string_view name;
  bool optional = false;
  const auto finish = [&] {
    if (!name.empty() && !optional) found.emplace(name);
    name = {}, optional = false;
  };
  bool inside = false;
  for (const auto line : split_lines(text)) {
    if (line.starts_with('[')) {
      if (inside) finish();
      inside = trim_unicode(line) == "[[package]]";
    }
    if (!inside) continue;
    if (const auto own = quoted_value(line, "name = \""); !own.empty()) name = own;
    optional |= line.starts_with("optional = true");
  }
  if (inside) finish();
  std::string names;
  for (const auto& each : found)
    if (!found.contains(each + "-binary")) names += each + '\n';
  return names;
}

// A file of the context with those that it includes (`-r base.txt`); whether it could be read.
bool add_file(const BuildContext& context, const std::string& path, const PackageNames& where, ManifestTexts& all,
              int depth = 0) {
  if (const auto known = all.seen.find(path); known != all.seen.end()) return known->second;
  const auto own = context.read(path);
  if (own && depth > deepest_inclusion) return true;
  all.seen.emplace(path, own.has_value());
  if (!own) return false;
  const auto name = path_basename(path);
  all.text += name == "poetry.lock" || name == "uv.lock" ? packages_of_lock(*own) : *own + '\n';
  for (const auto& option : where.including_options)
    for (auto at = own->find(option); at != own->npos; at = own->find(option, at + 1)) {
      if (at > 0 && (*own)[at - 1] != '\n') continue;
      const auto words = split_words(std::string_view(*own).substr(at, own->find('\n', at) - at));
      if (words.size() < 2 || words[0] != option) continue;
      const auto included = join_context_path(path_parent(path), words[1]);
      if (!add_file(context, included, where, all, depth + 1)) all.lost.insert(included);
    }
  return true;
}

// Where a bind mount of the step takes a file of the image from, in the context.
std::optional<std::string> bound_file(const Step& step, const std::string& path) {
  for (const auto& mount : step.mounts)
    if (mount.type == Mount::Type::bind && mount.from.empty() && mount.target.is_known() &&
        path_is_under(path, mount.target.text))
      return join_context_path("." + clean_path("/" + mount.source), relative_path(mount.target.text, path));
  return std::nullopt;
}

bool add_bound(const Site& site, const std::string& path, const PackageNames& where, ManifestTexts& all) {
  const auto bound = bound_file(site.step, path);
  return bound && add_file(site.context(), *bound, where, all);
}

// A manifest, by its path in the image, as the copies before a step bring it; whether it could be read.
bool add_copied(const Site& site, const std::string& path, const PackageNames& where, ManifestTexts& all) {
  bool read = false;
  if (const auto copied = file_in_context(site.file, site.stage, path))
    read |= add_file(site.context(), *copied, where, all);
  for (const auto& place : nearest(copies_of_context(site.file, site.stage, site.earlier().size()))) {
    const auto& copy = site.stage.steps[place.step].copy;
    if (const auto parent = context_directory(*copy, path_parent(path)))
      read |= add_file(site.context(), join_context_path(*parent, path_basename(path)), where, all);
    // `COPY requirements.txt /tmp/`, `COPY package*.json ./`
    for (const auto& source : copy->sources)
      if (const auto written = clean_path(source.text);
          source.known && glob_match(path_basename(written), path_basename(path)))
        read |= add_file(site.context(), join_context_path(path_parent(written), path_basename(path)), where, all);
  }
  return read;
}

bool is_made_of_others(const Site& site, const std::string& path) {
  const auto makes = [&](const Step& step) {
    return step.script && std::ranges::any_of(step.script->commands, [&](const ShellCommand& command) {
             return derives_manifest(command, path);
           });
  };
  return makes(site.step) || std::ranges::any_of(site.earlier(), makes);
}

// Those that uses name and that could not be read.
class Unread {
 public:
  explicit Unread(const PackageNames& where) : where_(where) {}

  void add(const Site& site, const ToolUse& use) {
    for (const auto i : use.manifests) {
      const auto& word = use.command->words[i];
      const auto path = word.raw.find("://") == word.raw.npos ? path_of(*use.command, word) : std::nullopt;
      if (!path || !is_read(site, *path)) found_.insert(word.raw);
    }
  }

  std::vector<std::string> take() {
    found_.merge(all_.lost);
    return {found_.begin(), found_.end()};
  }

 private:
  // What the first use that names it has, every later one has as well, unless only a mount brings it.
  bool is_read(const Site& site, const std::string& path) {
    if (add_bound(site, path, where_, all_)) return true;
    const auto [known, is_new] = copied_.try_emplace(path);
    if (is_new) known->second = is_made_of_others(site, path) || add_copied(site, path, where_, all_);
    return known->second;
  }

  const PackageNames& where_;
  ManifestTexts all_;
  std::map<std::string, bool> copied_;
  std::set<std::string> found_;
};

template <typename Visit>
void for_each_installation(const Dockerfile& file, const Stage& stage, const Visit& visit) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses)
      if (!use.tool->packages.of_system && use.action->kind == ActionKind::install) visit(Site{file, stage, step}, use);
  }
}

// What the installations of a stage name, and the texts of the manifests that they read, as far as the context has
// them, in lower case. Hundreds of them may read the same ones.
std::string read_names(const Dockerfile& file, const Stage& stage, const PackageNames& where) {
  ManifestTexts all;
  std::set<std::string> operands;
  std::map<std::string, const Step*> last;  // by the path of a manifest, the last step that reads it: it has all COPYs
  for_each_installation(file, stage, [&](const Site& site, const ToolUse& use) {
    for (const auto i : use.operands) operands.insert(to_lower_ascii(use.command->words[i].text()));
    if (!use.command->directory.is_known()) return;
    auto names = where.manifests;
    for (const auto i : use.manifests) names.push_back(use.command->words[i].text());
    for (const auto& name : names) {
      const auto path = resolve_path(use.command->directory.text, name);
      last[path] = &site.step;
      add_bound(site, path, where, all);
    }
  });
  for (const auto& [path, step] : last) add_copied({file, stage, *step}, path, where, all);
  auto text = to_lower_ascii(all.text) + '\n';
  for (const auto& operand : operands) text += operand + '\n';
  return text;
}

}  // namespace

std::vector<std::string> find_needed_packages(const Dockerfile& file, const Stage& stage, const PackageNames& where) {
  const auto table = file.facts().needed_packages.find(where.table);
  if (table == file.facts().needed_packages.end()) return {};
  std::set<std::string> needed;
  auto text = read_names(file, stage, where);
  if (where.underscores_are_hyphens) std::ranges::replace(text, '_', '-');
  for (const auto& [package, system] : table->second)
    if (names(text, package))
      for (const auto each : split_words(system)) needed.emplace(each);
  return {needed.begin(), needed.end()};
}

std::string read_package_names(const Dockerfile& file, const Stage& stage, const PackageNames& where) {
  return read_names(file, stage, where);
}

std::vector<std::string> find_unread_manifests(const Dockerfile& file, const Stage& stage, const PackageNames& where) {
  if (!file.context().is_known()) return {};
  Unread unread(where);
  for_each_installation(file, stage, [&](const Site& site, const ToolUse& use) { unread.add(site, use); });
  return unread.take();
}

}  // namespace dockhew::inline ecosystems
