#include "ecosystems/node/programs_elsewhere.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "ecosystems/installation.hpp"
#include "effects/environment.hpp"
#include "model/context_path.hpp"
#include "model/site.hpp"
#include "text/json.hpp"

namespace dockhew::inline ecosystems {
namespace {

struct Download {
  std::string_view what, place;  // place: below the home directory
  Words packages;                // that download it, or depend on one which does
  Words unless;                  // settings with which they do not
  Words in_settings;             // the same, as words in files of the project
};

constexpr std::string_view puppeteer[] = {"puppeteer",      "@wppconnect-team/wppconnect", "html-pdf-node",
                                          "md-to-pdf",      "node-html-to-image",          "venom-bot",
                                          "whatsapp-web.js"};
constexpr std::string_view puppeteer_off[] = {"PUPPETEER_SKIP_DOWNLOAD", "PUPPETEER_SKIP_CHROMIUM_DOWNLOAD",
                                              "PUPPETEER_SKIP_CHROME_DOWNLOAD", "npm_config_puppeteer_skip_download",
                                              "npm_config_puppeteer_skip_chromium_download"};
constexpr std::string_view puppeteer_settings[] = {"skipDownload", "skipChromeDownload", "puppeteer_skip_"};
constexpr std::string_view playwright[] = {"playwright", "playwright-chromium", "playwright-firefox",
                                           "playwright-webkit"};
constexpr std::string_view playwright_off[] = {"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"};
constexpr std::string_view cypress[] = {"cypress"};
constexpr std::string_view mongodb[] = {"mongodb-memory-server"};
constexpr std::string_view mongodb_off[] = {"MONGOMS_DISABLE_POSTINSTALL"};

constexpr Download downloads[] = {
    {"a browser", ".cache/puppeteer", puppeteer, puppeteer_off, puppeteer_settings},
    {"browsers", ".cache/ms-playwright", playwright, playwright_off, {}},
    {"its program", ".cache/Cypress", cypress, {}, {}},
    {"a database server", ".cache/mongodb-binaries", mongodb, mongodb_off, {}},
};

class Project {
 public:
  Project(const Dockerfile& file, const Stage& stage, const std::string& root)
      : file_(file), stage_(stage), context_(file.context()), root_(root) {
    package_ = read_json("package.json");
    lock_ = read_json("package-lock.json");
  }

  // The first of the packages that is installed for more than development.
  std::optional<std::string> find(Words packages) const {
    for (const auto package : packages)
      if (is_declared(package) || is_in_lock(package)) return std::string(package);
    return std::nullopt;
  }

  bool is_switched_off(const Download& download) const {
    constexpr std::string_view no_scripts[] = {"ignore-scripts=true"};
    if (is_in_settings(no_scripts) || is_in_settings(download.in_settings)) return true;
    bool installs = false, all_off = true;
    for (const auto& step : stage_.steps) {
      if (!step.script) continue;
      const Site site{file_, stage_, step};
      for (const auto& use : step.script->uses) {
        if (use.tool->packages.of_system || use.action->kind != ActionKind::install || is_told_global(use)) continue;
        installs = true;
        all_off &=
            use.has_option("--ignore-scripts") || std::ranges::any_of(download.unless, [&](std::string_view name) {
              return is_switched_on(environment(site, *use.command, name));
            });
      }
    }
    return installs && all_off;
  }

 private:
  std::optional<std::string> read(std::string_view name) const { return context_.read(join_context_path(root_, name)); }
  Json read_json(std::string_view name) const { return parse_json(read(name).value_or("")).value; }

  bool is_declared(std::string_view package) const {
    return std::ranges::any_of(std::initializer_list<std::string_view>{"dependencies", "optionalDependencies"},
                               [&](std::string_view section) {
                                 const auto* names = package_.find(section);
                                 return names != nullptr && names->contains(package);
                               });
  }

  bool is_in_lock(std::string_view package) const {
    const auto* packages = lock_.find("packages");
    const auto* entry = packages == nullptr ? nullptr : packages->find("node_modules/" + std::string(package));
    return entry != nullptr && !entry->contains("dev") && !entry->contains("devOptional");
  }

  bool is_in_settings(Words words) const {
    for (const auto* name : {".npmrc", ".puppeteerrc", ".puppeteerrc.cjs", ".puppeteerrc.js", ".puppeteerrc.json",
                             "package.json", "puppeteer.config.cjs", "puppeteer.config.js"})
      if (const auto text = read(name))
        for (const auto word : words)
          if (text->find(word) != text->npos) return true;
    return false;
  }

  const Dockerfile& file_;
  const Stage& stage_;
  const BuildContext& context_;
  std::string root_;
  Json package_, lock_;
};

}  // namespace

Obstacle obstacle_of_programs_elsewhere(const Dockerfile& file, const Stage& stage, const std::string& root) {
  if (!file.context().is_known()) return std::nullopt;
  const Project read(file, stage, root);
  for (const auto& download : downloads)
    if (const auto package = read.find(download.packages); package && !read.is_switched_off(download))
      return Declined{"installing `" + *package + "` may download " + std::string(download.what) + " to `~/" +
                      std::string(download.place) + "`, which needs libraries of the full image"};
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
