#include "ecosystems/go/manifests.hpp"

#include <algorithm>
#include <array>

#include "ecosystems/go/modules.hpp"
#include "ecosystems/go/vendoring.hpp"
#include "ecosystems/plain_manifest.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

const Assumption no_local_modules{
    "no-local-modules",
    "go.mod does not replace any module with a directory, and there is neither go.work nor vendor/"};

// `go mod download` reads what is about modules and how to get at them, and nothing of the machine that is built for.
bool reads_variable(std::string_view variable) {
  constexpr std::string_view read[] = {"GIT", "GO", "NETRC", "SSH"};
  constexpr std::string_view target[] = {"GOARCH", "GOARM", "GOOS"};
  return changes_downloads(variable) || (starts_with_any(variable, read) && !starts_with_any(variable, target));
}

// Only what changes the settings or the modules matters to the download.
bool ignores(const ToolUse& earlier) {
  constexpr std::array<std::string_view, 4> changes = {"edit", "env", "get", "tidy"};
  return std::ranges::none_of(changes, [&](std::string_view word) { return earlier.command->has_word(word); });
}

}  // namespace

// `go get` writes to go.mod, which a later COPY would overwrite.
Installation go_installation(const ToolUse& use) {
  const bool fetches = use.action->kind == ActionKind::fetch && !use.action->reads_source;
  if (fetches && use.action->words.front() == "mod") return {Declares::manifest, false};
  return named_installation(use, false);
}

Outcome<Manifests> go_manifests(const Site& site, const ToolUse&, const Project& project) {
  const auto& context = site.context();
  const auto in_project = [&](std::string_view name) { return join_context_path(project.directory, name); };
  if (!context.is_known()) {
    // Go's tools look for go.mod in parent directories, and a program is often in a directory below it.
    if (project.directory != project.root)
      return Declined{"without the build context, it is not known whether go.mod is where the command runs or above"};
    Manifests assumed{{in_project("go.mod"), in_project("go.sum*")}, {no_local_modules}};
    add_assumed_manifest(site, in_project("go.mod"), assumed);
    return assumed;
  }
  const auto text = context.read(in_project("go.mod"));
  if (!text) return Declined{"`" + in_project("go.mod") + "` is not in the build context"};
  if (context.exists(in_project("go.work"))) return Declined{"go.work combines modules from several directories"};
  if (context.exists(in_project("vendor"))) return Declined{"the modules are vendored"};
  if (text->find("=> .") != text->npos) return Declined{"go.mod replaces a module with a directory"};
  return Manifests{present(context, project.directory, std::array<std::string_view, 2>{"go.mod", "go.sum"}), {}};
}

namespace {

bool declares(std::string_view go_mod) {
  return go_mod.starts_with("require") || go_mod.find("\nrequire") != go_mod.npos;
}

}  // namespace

std::optional<DependencyLayer> go_dependency_layer(const Site& site, const ToolUse& use) {
  if (use.action->kind != ActionKind::build || may_lack_modules(site, use)) return std::nullopt;
  if (std::ranges::any_of(site.uses(), is_told_to_use_vendor) ||
      site.variable("GOFLAGS").text.find("-mod=vendor") != std::string::npos)
    return std::nullopt;
  return DependencyLayer{.title = "download the modules in a separate layer",
                         .finds_manifests_above = true,
                         .reads = reads_variable,
                         .declares = declares,
                         .ignores = ignores};
}

Outcome<DependencyStep> go_dependency_step(const Site& site, const ToolUse& use, const Project& project) {
  auto manifests = find_manifests(site, use, project);
  if (!manifests) return manifests.declined();
  DependencyStep step;
  step.manifests = std::move(manifests->paths);
  step.commands = {"go mod download"};
  step.assumptions = std::move(manifests->assumptions);
  return step;
}

}  // namespace dockhew::inline ecosystems
