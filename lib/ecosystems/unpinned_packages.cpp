#include "ecosystems/unpinned_packages.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ecosystems/installation.hpp"
#include "effects/source_copy.hpp"
#include "facts/facts.hpp"
#include "model/runs.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return text.find(part) != text.npos; });
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

// "." and "./lib[extra]": what an installer finds there has the version of the source.
bool is_path(std::string_view word) {
  word = word.substr(0, word.find('['));
  return word == "." || word == ".." || word.starts_with("./") || word.starts_with("../") || word.starts_with('/') ||
         word.starts_with("~/");
}

bool is_repository(std::string_view word) {
  return word.starts_with("git+") || word.starts_with("git://") || word.starts_with("hg+") ||
         word.starts_with("svn+") || word.starts_with("bzr+");
}

bool is_version(std::string_view text) {
  return !text.empty() && text != "latest" && text != "master" && text != "main" && text != "none";
}

// "name-1.2.3-4.el9", where the name itself may contain dashes.
bool has_rpm_version(std::string_view package) {
  for (auto dash = package.find('-'); dash != package.npos; dash = package.find('-', dash + 1))
    if (dash + 1 < package.size() && '0' <= package[dash + 1] && package[dash + 1] <= '9') return true;
  return package.ends_with(".rpm");
}

bool is_pinned_python(std::string_view package) {
  // A repository is pinned after the '@' of its path, not after the one of a user.
  if (is_repository(package)) return package.find('@', package.find('/', package.find("://") + 3)) != package.npos;
  return has_any(package, {"==", "~=", ">=", "<=", "!=", ">", "<", "@", "/"}) ||
         ends_with_any(package, {".whl", ".tar.gz", ".zip", ".txt"});
}

bool is_pinned_npm(std::string_view package) {
  if (is_repository(package)) return package.find('#') != package.npos;
  if (ends_with_any(package, {".tar", ".tar.gz", ".tgz"})) return true;
  const auto at = package.find('@', 1);
  if (at == package.npos) return package.find('/') != package.npos && !package.starts_with('@');
  return package.substr(at + 1) != "latest";
}

// The path of a package on some host; local packages have the version of this module.
bool is_pinned_go(const ToolUse& use, std::string_view package) {
  if (const auto at = package.find('@'); at != package.npos) return is_version(package.substr(at + 1));
  const bool tool = use.has_option("-tool");
  const bool remote =
      package.substr(0, package.find('/')).find('.') != package.npos && package.find('/') != package.npos;
  return !(remote || tool) || package.ends_with(".go") || package.ends_with("...");
}

bool is_pinned(const ToolUse& use, std::string_view package) {
  if (is_path(package)) return true;
  switch (use.tool->packages.pin.form) {
    case PinForm::apk: return has_any(package, {"=", "~", "<", ">"}) || package.ends_with(".apk");
    case PinForm::apt: return has_any(package, {"=", "/"}) || ends_with_any(package, {"-", ".deb"});
    case PinForm::at: return package.find('@') != package.npos;
    case PinForm::colon: return package.find(':') != package.npos || package.ends_with(".gem");
    case PinForm::go: return is_pinned_go(use, package);
    case PinForm::npm: return is_pinned_npm(package);
    case PinForm::python: return is_pinned_python(package);
    case PinForm::rpm:
      if (use.action->words.size() > 1) return package.find(':') != package.npos;  // a module
      return has_rpm_version(package) || package.find("://") != package.npos;
    case PinForm::zypper: return has_any(package, {"=", "<", ">"}) || package.ends_with(".rpm");
    case PinForm::unknown: return true;
  }
  return true;
}

// "name@${VERSION}": whoever builds, or the line that sets the variable, says which.
bool has_given_version(const ShellWord& word) {
  const auto sign = word.raw.find_first_of("@=:", 1);
  return sign != std::string::npos && word.raw.find('$', sign) != std::string::npos;
}

// For `go run`, only the first operand is a package.
std::vector<std::size_t> packages(const ToolUse& use) {
  auto operands = use.operands;
  if (use.tool->packages.pin.form == PinForm::go && use.action->words[0] == "run" && operands.size() > 1)
    operands.resize(1);
  // Options after "--" belong to the build.
  if (use.tool->packages.pin.form == PinForm::colon)
    std::erase_if(operands, [&](std::size_t i) {
      for (std::size_t w = use.first; w < i; ++w)
        if (use.command->words[w].raw == "--") return true;
      return false;
    });
  return operands;
}

// Modules since Go 1.16: `go install PACKAGE` takes the version of go.mod, and fails where that has none.
// https://go.dev/doc/go1.16#go-command
bool is_pinned_by_module(const Site& site, const ToolUse& use, std::string_view package) {
  if (use.tool->packages.pin.form != PinForm::go || use.action->words[0] == "get" || use.has_option("-tool"))
    return false;
  if (package.find('@') != package.npos) return false;
  const auto& image = site.stage.image;
  return !image || image->version.empty() || version_at_least(image->version, "1.16");
}

using Names = std::set<std::string, std::less<>>;

// The packages for which a package.json has a range.
Names declared_in(std::string_view manifest) {
  Names names;
  const auto package = parse_json(manifest).value;
  for (const auto* section : {"dependencies", "devDependencies", "optionalDependencies"})
    if (const auto* packages = package.find(section))
      for (const auto& member : packages->members()) names.insert(member.name);
  return names;
}

// `npm install prisma` takes the range that the project's package.json has for it. Null where it has none.
std::shared_ptr<const Names> declared_by_project(const Site& site, const ToolUse& use) {
  if (use.tool->packages.pin.form != PinForm::npm || installation_of(use).global) return nullptr;
  if (!use.command->directory.is_known() || use.tool->project.required_manifests.empty()) return nullptr;
  const std::string manifest(use.tool->project.required_manifests.front());
  const auto path = file_in_context(site, resolve_path(use.command->directory.text, manifest));
  if (!path) return nullptr;
  return site.context().answer("packages declared in " + *path,
                               [&] { return declared_in(site.context().read(*path).value_or("")); });
}

// Such packages of a command, in order.
struct UnpinnedPackages {
  std::vector<ShellWord> names;
  bool only_for_hadolint = false;  // all of them; then there is one
};

// Nothing when all packages have a version, or when the tables do not say how this tool's packages specify theirs.
std::optional<UnpinnedPackages> find_unpinned_packages(const Site& site, const ToolUse& use) {
  if (!use.action->packages || use.tool->packages.pin.form == PinForm::unknown) return std::nullopt;
  for (const auto& option : use.tool->packages.pin.options)
    if (use.has_option(option)) return std::nullopt;
  const auto declared = declared_by_project(site, use);
  UnpinnedPackages result;
  for (const auto i : packages(use)) {
    const auto& word = use.command->words[i];
    // An unknown word may have its version in a variable.
    if (!word.value.is_known() || word.text().empty() || is_pinned(use, word.text())) continue;
    if (word.text().starts_with('-') || has_given_version(word)) continue;  // an option in quotes
    if (declared != nullptr && declared->contains(word.text())) continue;
    const bool only_for_hadolint =
        std::ranges::find(use.tool->packages.pin.own, word.text()) != use.tool->packages.pin.own.end() ||
        is_pinned_by_module(site, use, word.text());
    if (only_for_hadolint && !result.names.empty()) continue;
    if (!only_for_hadolint && result.only_for_hadolint) result = {};
    result.only_for_hadolint = only_for_hadolint;
    result.names.push_back(word);
  }
  return result.names.empty() ? std::nullopt : std::optional(std::move(result));
}

// Those of all commands of a RUN that run one tool. What only hadolint reports counts only where nothing else does.
void add_packages(UnpinnedPackages& all, UnpinnedPackages more) {
  if (all.names.empty() || (all.only_for_hadolint && !more.only_for_hadolint)) all = std::move(more);
  else if (!more.only_for_hadolint) std::ranges::move(more.names, std::back_inserter(all.names));
}

}  // namespace

std::string UnpinnedInstall::message() const {
  constexpr std::size_t most_named = 2;
  std::vector<std::string> names;
  std::set<std::string_view> seen;
  for (const auto& package : packages)
    if (seen.insert(package).second) names.push_back(package);
  return list_quoted(names, most_named) + (names.size() == 1 ? " is" : " are") + " installed without a version";
}

std::vector<UnpinnedInstall> find_unpinned_installs(const Dockerfile& file) {
  std::vector<UnpinnedInstall> installs;
  for_each_script(file, [&](const Stage& stage, const Step& step) {
    std::vector<std::pair<const Tool*, UnpinnedPackages>> found;
    for (const auto& use : step.script->uses) {
      auto loose = find_unpinned_packages({file, stage, step}, use);
      if (!loose) continue;
      const auto same = std::ranges::find(found, use.tool, &decltype(found)::value_type::first);
      if (same == found.end()) found.emplace_back(use.tool, std::move(*loose));
      else add_packages(same->second, std::move(*loose));
    }
    for (const auto& [tool, packages] : found) {
      const auto code = tool->codes.find("unpinned");
      std::vector<std::string> names;
      for (const auto& name : packages.names) names.push_back(name.text());
      installs.push_back({tool, step.script->to_source(packages.names[0].span), std::move(names),
                          code == tool->codes.end() ? std::string() : std::string(code->second),
                          packages.only_for_hadolint});
    }
  });
  return installs;
}

}  // namespace dockhew::inline ecosystems
