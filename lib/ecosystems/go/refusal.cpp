#include "ecosystems/go/refusal.hpp"

#include <optional>

#include "ecosystems/go/installed_tools.hpp"
#include "ecosystems/go/missing_sums.hpp"
#include "ecosystems/go/modules.hpp"
#include "ecosystems/installation.hpp"
#include "ecosystems/runtime_image.hpp"
#include "ecosystems/tag_versions.hpp"
#include "ecosystems/toolchain_changes.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {

namespace {

// go.mod asks for a later Go than the image has.
Refusal refusal_of_version(const Site& site, const ToolUse& use, const std::string& manifest, std::string_view text) {
  const auto& image = site.stage.image;
  const auto has = version_numbers(image->version);
  if (has.size() < 2 || !find_variable(site, *use.command, "GOTOOLCHAIN").value.is("local")) return {};
  const std::string wanted(value_in_go_mod(text, "go"));
  const auto wants = version_numbers(wanted);
  if (wants.size() < 2 || !tag_is_older(has, wants)) return {};
  constexpr std::string_view first_that_insists = "1.21";  // those before build what they can
  const bool insists = version_at_least(image->version, first_that_insists);
  if (!insists && wants.size() < 3) return {};
  return {"`" + manifest + "` asks for Go " + wanted + ", and `" + shown_base(site.stage) + "` has " + image->version +
              (insists ? " and `GOTOOLCHAIN=local`" : ", which does not know such a version") + ", so Go stops here",
          image->version, has.size() < 3 ? std::to_string(wants[0]) + '.' + std::to_string(wants[1]) : wanted};
}

}  // namespace

Refusal go_refusal(const Site& site, const ToolUse& use) {
  constexpr std::string_view other_go[] = {"-modfile",      "/usr/local/go", "asdf", "go.dev/dl", "goenv",
                                           "golang.org/dl", "gvm",           "mise", "mod edit"};
  const auto& image = site.stage.image;
  const auto& command = *use.command;
  if (use.tool->id != "go" || !command.directory.is_known() || use.action->kind == ActionKind::other) return {};
  if (!image || image->entry == nullptr || image->entry->language != "go" || !image->entry->is_compiler ||
      image->only_configured || site.stage.base_from_argument)
    return {};
  if (may_find_other(site, use, other_go)) return {};
  if (auto reason = refusal_of_installed_tool(site, use); !reason.empty()) return {std::move(reason)};
  if (names_versions(use)) return {};
  const auto directory = project_in_context(site.file, site.stage, site.earlier().size(), command.directory.text);
  const auto manifest = directory ? join_context_path(*directory, "go.mod") : std::string();
  const auto text = directory ? site.context().read(manifest) : std::nullopt;
  if (!text || site.context().exists(join_context_path(*directory, "go.work"))) return {};
  if (auto refusal = refusal_of_version(site, use, manifest, *text);
      !refusal.reason.empty() && finds_as_written(site, use, other_go, manifest))
    return refusal;
  return {missing_sums(site, use, *directory, *text)};
}

}  // namespace dockhew::inline ecosystems
