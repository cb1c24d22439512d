#include "ecosystems/node/outside_project.hpp"

#include <algorithm>

#include "model/context_path.hpp"
#include "model/start_command.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

// A package that downloads something when it is installed. Source: their installation scripts.
struct Downloader {
  std::string_view package, what, place;
  std::string_view moved_by;            // a variable that says where
  std::string_view settings;            // the beginning of a file's name that may say it too
  std::string_view switched_off_by[2];  // variables that keep it from downloading
};
constexpr Downloader downloaders[] = {
    {"cypress", "its program", "~/.cache/Cypress", "CYPRESS_CACHE_FOLDER", "", {"CYPRESS_INSTALL_BINARY", ""}},
    {"playwright-chromium",
     "its browser",
     "~/.cache/ms-playwright",
     "PLAYWRIGHT_BROWSERS_PATH",
     "",
     {"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", ""}},
    {"playwright-firefox",
     "its browser",
     "~/.cache/ms-playwright",
     "PLAYWRIGHT_BROWSERS_PATH",
     "",
     {"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", ""}},
    {"playwright-webkit",
     "its browser",
     "~/.cache/ms-playwright",
     "PLAYWRIGHT_BROWSERS_PATH",
     "",
     {"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", ""}},
    {"puppeteer",
     "its browser",
     "~/.cache/puppeteer",
     "PUPPETEER_CACHE_DIR",
     ".puppeteerrc",
     {"PUPPETEER_SKIP_DOWNLOAD", "PUPPETEER_SKIP_CHROMIUM_DOWNLOAD"}},
};

bool lists(const Json& manifest, std::string_view section, std::string_view package) {
  const auto* names = manifest.find(section);
  return names != nullptr && names->contains(std::string(package));
}

// Whether a package is installed for the program, and not for its development alone.
bool is_installed(const BuildContext& context, const std::string& root, std::string_view package) {
  const auto read = [&](std::string_view name) { return context.read(join_context_path(root, name)).value_or(""); };
  const auto manifest = parse_json(read("package.json")).value;
  if (lists(manifest, "dependencies", package) || lists(manifest, "optionalDependencies", package)) return true;
  if (lists(manifest, "devDependencies", package)) return false;
  const auto lock = parse_json(read("package-lock.json")).value;
  if (const auto* packages = lock.find("packages")) {
    const auto* entry = packages->find("node_modules/" + std::string(package));
    const auto* dev = entry == nullptr ? nullptr : entry->find("dev");
    return entry != nullptr && (dev == nullptr || dev->dump() != "true");
  }
  const auto named = std::string(package) + '@';
  for (const auto* name : {"yarn.lock", "pnpm-lock.yaml"})
    for (const auto* before : {"\n", "\n  ", "\n  /", "\n  '", "\n\""})
      if (read(name).find(before + named) != std::string::npos) return true;
  return false;
}

bool keeps_in_project(const Conversion& conversion, const std::string& root, const Downloader& downloader) {
  const auto& workdir = conversion.build.workdir.text;
  const auto directory = conversion.builds_source ? workdir : workdir + "/node_modules";
  const Site site{conversion.file, conversion.stage, conversion.build};
  const auto moved = site.variable(downloader.moved_by);
  if (moved.is_known() && path_is_under(moved.text, directory)) return true;
  if (downloader.settings.empty() || !conversion.builds_source) return false;
  const auto names = conversion.file.context().entries(root);
  return std::ranges::any_of(names, [&](const auto& name) { return name.starts_with(downloader.settings); });
}

bool downloads(const Conversion& conversion, const std::string& root, const Downloader& downloader) {
  const Site site{conversion.file, conversion.stage, conversion.build};
  for (const auto variable : downloader.switched_off_by)
    if (!variable.empty() && site.variable(variable).is_known() && !site.variable(variable).text.empty()) return false;
  return is_installed(conversion.file.context(), root, downloader.package) &&
         !keeps_in_project(conversion, root, downloader);
}

// `npm link`, `yarn link`: a command in the directory of all programs.
Obstacle find_link(const Stage& stage) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& command : step.script->commands)
      if (command.use != nullptr && command.words.size() > 1 &&
          (command.words[1].value.is("link") || command.words[1].value.is("ln")))
        return Declined{"`" + command.name() + " " + command.words[1].text() +
                        "` makes programs outside the project, which the runtime stage would not have"};
  }
  return std::nullopt;
}

// A program by its name alone that neither Node's slim image nor the distribution brings.
Obstacle find_unknown_start(const Conversion& conversion) {
  constexpr std::string_view own[] = {"corepack", "node", "nodejs", "npm", "npx", "yarn", "yarnpkg"};
  const auto start = find_start_command(conversion.stage);
  if (!start) return std::nullopt;
  const auto& name = start->words.front();
  const auto& facts = conversion.file.facts();
  if (name.find('/') != name.npos || name.ends_with("sh") || facts.unix_command(name) != nullptr ||
      facts.is_bystander(name) || is_launcher(name) || facts.full_image_programs.contains(name) ||
      std::ranges::find(own, name) != std::end(own))
    return std::nullopt;
  // `PATH=/app/node_modules/.bin:$PATH`
  const auto path = conversion.file.lookup(conversion.stage, conversion.stage.environment.size(), "PATH");
  if (!path.is_known() || path.text.find(conversion.build.workdir.text + "/") != std::string::npos) return std::nullopt;
  const auto is_it = [&](std::string_view path) { return path_basename(path) == name; };
  for (const auto& step : conversion.stage.steps) {
    if (step.copy &&
        (is_it(step.copy->destination.text) ||
         std::ranges::any_of(step.copy->sources, is_it, [](const CopySource& source) { return source.text; })))
      return std::nullopt;
    if (!step.script) continue;
    for (const auto& command : step.script->commands)  // an installed package, a link, a download
      if (std::ranges::any_of(command.words, is_it, &ShellWord::raw)) return std::nullopt;
  }
  return Declined{"`" + name + "`, which the container runs, may not be in the runtime image"};
}

}  // namespace

Obstacle find_files_outside(const Conversion& conversion, const std::string& root) {
  if (auto obstacle = find_link(conversion.stage)) return obstacle;
  if (auto obstacle = find_unknown_start(conversion)) return obstacle;
  for (const auto& downloader : downloaders)
    if (downloads(conversion, root, downloader))
      return Declined{"`" + std::string(downloader.package) + "` puts " + std::string(downloader.what) + " into `" +
                      std::string(downloader.place) + "`, which the runtime stage would not have"};
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
