#include "ecosystems/go/installed_tools.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "ecosystems/go/modules.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/tag_versions.hpp"
#include "effects/environment.hpp"
#include "facts/facts.hpp"
#include "model/runs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// The Go that the newest version of a module asks for, as `go list -m MODULE@latest` said on 2026-11-30. It only rises.
constexpr std::pair<std::string_view, std::string_view> needed_by_newest[] = {
    {"entgo.io/ent", "1.23"},
    {"github.com/99designs/gqlgen", "1.26.0"},
    {"github.com/a-h/templ", "1.26.0"},
    {"github.com/air-verse/air", "1.26.0"},
    {"github.com/bufbuild/buf", "1.26.7"},
    {"github.com/charmbracelet/gum", "1.23.0"},
    {"github.com/go-delve/delve", "1.25.0"},
    {"github.com/go-task/task/v3", "1.26.4"},
    {"github.com/golang-migrate/migrate/v4", "1.25.11"},
    {"github.com/golangci/golangci-lint", "1.23.0"},
    {"github.com/golangci/golangci-lint/v2", "1.26.0"},
    {"github.com/goreleaser/goreleaser/v2", "1.27.1"},
    {"github.com/grpc-ecosystem/grpc-gateway/v2", "1.26.0"},
    {"github.com/jackc/tern/v2", "1.24.0"},
    {"github.com/mikefarah/yq/v4", "1.26.0"},
    {"github.com/oapi-codegen/oapi-codegen/v2", "1.25.0"},
    {"github.com/onsi/ginkgo/v2", "1.25.0"},
    {"github.com/pressly/goose/v3", "1.26.0"},
    {"github.com/rakyll/hey", "1.24.0"},
    {"github.com/rubenv/sql-migrate", "1.24.0"},
    {"github.com/securego/gosec/v2", "1.26.0"},
    {"github.com/sqlc-dev/sqlc", "1.26.0"},
    {"github.com/vektra/mockery/v2", "1.25.0"},
    {"github.com/vektra/mockery/v3", "1.26.0"},
    {"go.uber.org/mock", "1.23.0"},
    {"golang.org/x/tools", "1.26.0"},
    {"golang.org/x/tools/gopls", "1.27.0"},
    {"golang.org/x/vuln", "1.26.0"},
    {"google.golang.org/grpc/cmd/protoc-gen-go-grpc", "1.25.0"},
    {"google.golang.org/protobuf", "1.23"},
    {"gotest.tools/gotestsum", "1.24.0"},
    {"honnef.co/go/tools", "1.26.0"},
    {"mvdan.cc/gofumpt", "1.26.0"},
    {"sigs.k8s.io/controller-tools", "1.26.0"},
};

// Source: https://github.com/air-verse/air/issues/621; its first version with the new path is 1.52.2.
constexpr std::pair<std::string_view, std::string_view> moved[] = {
    {"github.com/cosmtrek/air", "github.com/air-verse/air"}};

// The longest module of a table that a path is in; null where none is.
template <std::size_t N>
const std::pair<std::string_view, std::string_view>* module_of(
    const std::pair<std::string_view, std::string_view> (&table)[N], std::string_view path) {
  const std::pair<std::string_view, std::string_view>* found = nullptr;
  for (const auto& row : table)
    if (path_is_under(path, row.first) && (found == nullptr || row.first.size() > found->first.size())) found = &row;
  return found;
}

// A Go since 1.21 with GOTOOLCHAIN=local stops where a module asks for a newer one, and those before know no version of
// three numbers.
std::string refusal_of_newest(const Site& site, const ToolUse& use, std::string_view path) {
  const auto* module = module_of(needed_by_newest, path);
  const auto has = version_numbers(site.stage.image->version);
  if (module == nullptr || has.size() < 2) return {};
  const auto wanted = version_numbers(module->second);
  constexpr std::string_view first_that_insists = "1.21";
  const bool insists = version_at_least(site.stage.image->version, first_that_insists);
  if (!tag_is_older(has, wanted) || (insists && !find_variable(site, *use.command, "GOTOOLCHAIN").value.is("local")) ||
      (!insists && wanted.size() < 3))
    return {};
  return "the newest `" + std::string(module->first) + "` asks for Go " + std::string(module->second) + ", and `" +
         shown_base(site.stage) + "` has " + site.stage.image->version + (insists ? " and `GOTOOLCHAIN=local`" : "") +
         ", so this fails; name a version that it takes, or take a newer image";
}

// What may bring a go.mod, or say where packages are.
bool may_make_module(const Site& site) {
  if (site.step.copy || site.step.instruction->keyword == Keyword::add) return true;
  if (site.step.instruction->keyword != Keyword::run) return false;
  constexpr std::string_view signs[] = {"mod init", "go.mod", "clone",       "tar ",  "unzip",
                                        "curl",     "wget",   "GO111MODULE", "go env"};
  const auto text = site.step.instruction->text.view();
  return !site.step.script || site.step.script->opaque ||
         std::ranges::any_of(signs, [&](std::string_view sign) { return text.find(sign) != text.npos; });
}

// Since Go 1.18 `go get` only changes a go.mod, and since 1.16 the others take their version from one.
// https://go.dev/doc/go-get-install-deprecation https://go.dev/doc/go1.16#go-command
std::string refusal_outside_of_module(const Site& site, const ToolUse& use) {
  const auto& version = site.stage.image->version;
  const auto& action = use.action->words[0];
  const std::string_view first = action == "get" ? "1.18" : "1.16";
  if (!version.empty() && (version_numbers(version).size() < 2 || !version_at_least(version, first))) return {};
  const auto mode = site.variable("GO111MODULE");
  if (mode.is_known() || mode.is_unknown() || may_lack_modules(site, use)) return {};
  if (may_make_module(site) || site.any_earlier({"may make a module"}, may_make_module)) return {};
  if (action == "get")
    return "`go get` no longer installs programs outside of a module, so this fails; write `go install` with a version";
  return "`go " + std::string(action) + "` needs a version outside of a module, so this fails; write one after an `@`";
}

}  // namespace

std::string refusal_of_installed_tool(const Site& site, const ToolUse& use) {
  const auto& action = use.action->words[0];
  for (const auto i : use.operands) {
    if (action == "run" && i != use.operands.front()) break;  // what follows is for the program
    const auto& word = use.command->words[i];
    if (!word.value.is_known()) continue;
    const std::string_view text = word.text();
    if (text.starts_with('.') || text.find('.') == text.npos) continue;
    const auto path = text.substr(0, text.find('@'));
    const bool newest = text.ends_with("@latest");
    const auto* place = module_of(moved, path);
    if (place != nullptr && newest)
      return "`" + std::string(place->first) + "` is `" + std::string(place->second) +
             "` now, and Go refuses the old path, so this fails";
    if (newest)
      if (auto reason = refusal_of_newest(site, use, path); !reason.empty()) return reason;
    const bool names_file = text.ends_with(".go") || path.substr(0, path.find('/')).find('.') == path.npos;
    if (action == "get" || (path.size() == text.size() && !names_file)) return refusal_outside_of_module(site, use);
  }
  return {};
}

}  // namespace dockhew::inline ecosystems
