#include "ecosystems/node/reading_packages.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "ecosystems/plain_manifest.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view usual_schema = "prisma/schema.prisma";
constexpr std::string_view other_schemas[] = {"prisma", "schema.prisma"};

// Where the installation finds settings that are programs, or whose fields are not read here.
constexpr std::string_view prisma_settings[] = {
    "prisma.config.cjs", "prisma.config.cts", "prisma.config.js",   "prisma.config.mjs",  "prisma.config.mts",
    "prisma.config.ts",  ".config/prisma.js", ".config/prisma.cjs", ".config/prisma.mjs", ".config/prisma.ts"};
constexpr std::string_view puppeteer_settings[] = {
    ".puppeteerrc",          ".puppeteerrc.cjs",     ".puppeteerrc.js",      ".puppeteerrc.json",
    ".puppeteerrc.ts",       ".puppeteerrc.yaml",    ".puppeteerrc.yml",     ".config/puppeteerrc",
    "puppeteer.config.js",   "puppeteer.config.cjs", "puppeteer.config.mjs", "puppeteer.config.ts",
    ".config/puppeteerrc.js"};

Declined reads(std::string_view package, std::string_view name) {
  return {"the installation of `" + std::string(package) + "` reads `" + std::string(name) + "`"};
}

Obstacle find_read(const BuildContext& context, const std::string& directory, std::string_view package,
                   std::span<const std::string_view> names) {
  const auto found = std::ranges::find_if(
      names, [&](std::string_view name) { return context.exists(join_context_path(directory, name)); });
  return found == names.end() ? Obstacle() : Obstacle(reads(package, *found));
}

// `"prisma": {"schema": "db/schema.prisma"}`
std::optional<std::string> named_schema(const std::string& package_json) {
  const auto package = parse_json(package_json).value;
  const auto* prisma = package.find("prisma");
  if (prisma == nullptr || !prisma->contains("schema")) return std::nullopt;
  return prisma->string_at("schema");
}

Obstacle add_schema(const BuildContext& context, const std::string& directory, const std::string& package_json,
                    std::vector<std::string>& paths) {
  constexpr std::string_view client = "@prisma/client";
  if (auto obstacle = find_read(context, directory, client, prisma_settings)) return obstacle;
  const auto named = named_schema(package_json);
  const auto name = named.value_or(std::string(usual_schema));
  const auto path = join_context_path(directory, name);
  if (!named && !context.exists(path)) return find_read(context, directory, client, other_schemas);
  const bool below = path.find("..") == path.npos && !name.starts_with('/');
  if (!below || context.kind(path) != PathKind::file || !path.ends_with(".prisma")) return reads(client, name);
  if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  constexpr std::string_view elsewhere[] = {"output", "\"./", "\"../", "\"node "};  // `provider = "node ./gen.js"`
  return names_source(name, context.read(path).value_or(""), elsewhere);
}

bool names(const std::string& package_json, std::string_view package) {
  return package_json.find('"' + std::string(package) + '"') != package_json.npos;
}

}  // namespace

Obstacle add_read_files(const BuildContext& context, const std::string& directory, const std::string& package_json,
                        std::vector<std::string>& paths) {
  // Its installation in a workspace works in the root, whichever package asks for it (postinstall.js of 5.22).
  const bool prisma =
      names(package_json, "@prisma/client") || std::ranges::any_of(paths, [&](const std::string& path) {
        return path_basename(path) == "package.json" && names(context.read(path).value_or(""), "@prisma/client");
      });
  if (!prisma || named_schema(package_json)) std::erase(paths, join_context_path(directory, usual_schema));
  if (prisma)
    if (auto obstacle = add_schema(context, directory, package_json, paths)) return obstacle;
  if (!names(package_json, "puppeteer")) return std::nullopt;
  return find_read(context, directory, "puppeteer", puppeteer_settings);
}

Obstacle add_read_files_of_member(const BuildContext& context, const std::string& directory,
                                  const std::string& package_json, std::vector<std::string>& paths) {
  if (auto obstacle = add_schema(context, directory, package_json, paths)) return obstacle;
  if (!names(package_json, "puppeteer")) return std::nullopt;
  return find_read(context, directory, "puppeteer", puppeteer_settings);
}

}  // namespace dockhew::inline ecosystems
