#include "ecosystems/node/late_schema.hpp"

#include <algorithm>
#include <string_view>

#include "ecosystems/installation.hpp"
#include "ecosystems/node/project_place.hpp"
#include "effects/environment.hpp"
#include "effects/source_parts.hpp"
#include "model/context_path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr const char* usual_schema = "prisma/schema.prisma";

bool generates(const Json& manifest) {
  const auto* scripts = manifest.find("scripts");
  if (scripts == nullptr) return false;
  return std::ranges::any_of(std::initializer_list<std::string_view>{"install", "postinstall", "prepare"},
                             [&](std::string_view name) {
                               const auto line = scripts->string_at(std::string(name));
                               return line == "prisma generate" || line == "npx prisma generate";
                             });
}

// It may be told to look elsewhere, or bring its own.
bool may_look_elsewhere(const BuildContext& context, const std::string& root, const Json& manifest) {
  return manifest.find("prisma") != nullptr || context.exists(join_context_path(root, "schema.prisma")) ||
         context.exists(join_context_path(root, "prisma.config.ts")) ||
         context.exists(join_context_path(root, "prisma/schema")) || manifest.find("workspaces") != nullptr;
}

bool may_bring_it(const Site& site) {
  if (site.step.copy) return !site.step.copy->from_context();
  return site.step.instruction->keyword == Keyword::run &&
         (!site.step.script || site.step.script->opaque ||
          site.step.instruction->text.view().find("prisma") != std::string_view::npos ||
          site.step.instruction->text.view().find("ignore-scripts") != std::string_view::npos);
}

}  // namespace

// Source: https://www.prisma.io/docs/orm/reference/prisma-cli-reference#generate, which ends with "Could not find
// Prisma Schema" where there is none.
std::string late_schema(const Site& site, const ToolUse& use, const std::string& root, const Json& manifest) {
  const auto& context = site.context();
  const auto schema = join_context_path(root, usual_schema);
  const auto directory = directory_of_use(use);
  if (!directory.is_known() || !installs_own_manifest(use) || use.has_option("--ignore-scripts") ||
      environment(site, *use.command, "npm_config_ignore_scripts").is("true") || !site.step.mounts.empty() ||
      !generates(manifest) || may_look_elsewhere(context, root, manifest) || !context.exists(schema))
    return {};
  if (is_brought(site, directory.text, schema) || may_bring_it(site) ||
      site.any_earlier({"may bring a schema"}, may_bring_it))
    return {};
  return schema;
}

}  // namespace dockhew::inline ecosystems
