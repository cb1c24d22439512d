#include "ecosystems/dotnet/package_settings.hpp"

#include <algorithm>
#include <string>

#include "model/context_path.hpp"
#include "text/utf8.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t most_files = 20000;

bool is_feed(std::string_view source) {
  const auto small = to_lower_ascii(source);
  return small.starts_with("http://") || small.starts_with("https://");
}

bool is_build_file(std::string_view small) {
  return small.ends_with("proj") || small.ends_with(".props") || small.ends_with(".targets") || small.ends_with(".rsp");
}

Obstacle settings_obstacle(const std::string& path, const std::string& text) {
  if (to_lower_ascii(text).find("globalpackagesfolder") != std::string::npos)
    return Declined{"`" + path + "` says where NuGet keeps packages (`globalPackagesFolder`)"};
  if (const auto source = local_source_in(text); !source.empty())
    return Declined{"`" + path + "` takes packages from the directory `" + source +
                    "`, where another package may have the same version in the next build"};
  return std::nullopt;
}

Obstacle build_file_obstacle(const std::string& path, const std::string& text) {
  const auto small = to_lower_ascii(text);
  const auto has = [&](std::string_view part) { return small.find(part) != small.npos; };
  if (has("restorepackagespath"))
    return Declined{"`" + path + "` says where NuGet keeps packages (`RestorePackagesPath`)"};
  for (const std::string_view property : {"RestoreSources", "RestoreAdditionalProjectSources"})
    if (has(to_lower_ascii(property)))
      return Declined{"`" + path + "` names sources of packages (`" + std::string(property) +
                      "`), which may be directories whose packages change while their version stays"};
  if (has("symboliclinksfor") || has("symboliclinksifpossible"))
    return Declined{"`" + path + "` makes links to the packages, which would lead into the mount"};
  return std::nullopt;
}

Obstacle file_obstacle(const BuildContext& context, const std::string& path, std::string_view name) {
  const auto small = to_lower_ascii(name);
  if (small == "paket.dependencies")
    return Declined{"the project has its packages from Paket, which keeps them in NuGet's directory too"};
  const bool settings = small == "nuget.config";
  if (!settings && !is_build_file(small)) return std::nullopt;
  const auto text = context.read(path);
  if (!text) return Declined{"`" + path + "` cannot be read, and may say where NuGet keeps packages"};
  return settings ? settings_obstacle(path, *text) : build_file_obstacle(path, *text);
}

Obstacle search(const BuildContext& context, const std::string& directory, std::size_t& seen) {
  for (const auto& name : context.entries(directory)) {
    if (++seen > most_files) return Declined{"the build context is too large to be searched for NuGet's settings"};
    const auto path = directory == "." ? name : directory + '/' + name;
    const auto kind = context.kind(path);
    constexpr std::string_view passed_over[] = {".git", ".vs", "bin", "node_modules", "obj"};
    if (kind == PathKind::directory && std::ranges::find(passed_over, name) == std::end(passed_over)) {
      if (auto obstacle = search(context, path, seen)) return obstacle;
    } else if (kind == PathKind::file) {
      if (auto obstacle = file_obstacle(context, path, name)) return obstacle;
    }
  }
  return std::nullopt;
}

}  // namespace

// `<packageSources><add key="local" value="./packages" /></packageSources>`
std::string local_source_in(const std::string& settings) {
  const auto small = to_lower_ascii(settings);
  constexpr std::string_view value = "value=";
  for (auto at = small.find("<packagesources"); at != small.npos; at = small.find("<packagesources", at + 1)) {
    const auto end = std::min(small.find("</packagesources", at), small.size());
    for (auto next = small.find(value, at); next < end; next = small.find(value, next + 1)) {
      const auto begin = next + value.size() + 1;
      if (begin > small.size()) break;
      const auto source = settings.substr(begin, settings.find(settings[begin - 1], begin) - begin);
      if (!is_feed(source)) return source;
    }
  }
  return {};
}

Obstacle kept_packages_obstacle(const BuildContext& context) {
  return *context.answer("what speaks against keeping NuGet's packages", [&]() -> Obstacle {
    std::size_t seen = 0;
    return search(context, ".", seen);
  });
}

}  // namespace dockhew::inline ecosystems
