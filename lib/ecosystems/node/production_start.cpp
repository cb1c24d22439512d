#include "ecosystems/node/production_start.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "ecosystems/node/project_place.hpp"
#include "facts/facts.hpp"
#include "model/runs.hpp"
#include "model/start_command.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// A program that serves what is built, or changes a database before that, and loads nothing for development.
struct Server {
  std::string_view program, package;
  std::string_view words = {};  // that follow it; empty: any
};

// Sources: the documentation of each on deployment. Next, Nuxt, Gatsby and Docusaurus load the project's settings too,
// which find_development_need reads.
constexpr Server servers[] = {
    {"docusaurus", "@docusaurus/core", "serve"},
    {"gatsby", "gatsby", "serve"},
    {"http-server", "http-server"},
    {"next", "next", "start"},
    {"nuxt", "nuxt", "start"},
    {"prisma", "prisma", "migrate deploy"},
    {"react-router-serve", "@react-router/serve"},
    {"remix-serve", "@remix-run/serve"},
    {"serve", "serve"},
    {"sirv", "sirv-cli"},
    {"strapi", "@strapi/strapi", "start"},
};

using WordList = std::span<const std::string_view>;

// Options of node that change nothing of what is loaded.
bool is_harmless_option(std::string_view word) {
  constexpr std::string_view options[] = {"--enable-source-maps",   "--harmony",        "--max-http-header-size",
                                          "--max-old-space-size",   "--no-deprecation", "--no-warnings",
                                          "--trace-deprecation",    "--trace-uncaught", "--trace-warnings",
                                          "--unhandled-rejections", "--use-openssl-ca"};
  return std::ranges::find(options, word.substr(0, word.find('='))) != std::end(options);
}

// A file of the project alone, not of its packages or its tests.
bool is_own_file(std::string_view path) {
  constexpr std::string_view others[] = {"__tests__", "cypress", "e2e", "node_modules", "test", "tests"};
  return !path.starts_with('-') && path.find('$') == path.npos &&
         std::ranges::none_of(others, [&](std::string_view other) {
           return ('/' + std::string(path)).find('/' + std::string(other) + '/') != std::string::npos;
         });
}

// `node dist/main.js`
bool starts_node(WordList words) {
  std::size_t i = 1;
  while (i < words.size() && is_harmless_option(words[i])) ++i;
  return words[0] == "node" && i < words.size() && is_own_file(words[i]);
}

bool is_of_production(const Json& package, std::string_view name) {
  const auto names = [&](std::string_view list) {
    const auto* packages = package.find(list);
    return packages != nullptr && packages->contains(name);
  };
  return names("dependencies") && !names("devDependencies");
}

// "next" of `next`, `node_modules/.bin/next`
std::string_view program_of(std::string_view word) {
  constexpr std::string_view place = "node_modules/.bin/";
  return word.find(place) == word.npos ? word : path_basename(word);
}

bool starts_server(WordList words, const Json& package) {
  const auto program = program_of(words[0]);
  return std::ranges::any_of(servers, [&](const Server& server) {
    const auto needed = split_words(server.words);
    return server.program == program && is_of_production(package, server.package) && words.size() > needed.size() &&
           std::ranges::equal(needed, words.subspan(1, needed.size()));
  });
}

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  return equals != word.npos && equals > 0 && word.substr(0, equals).find_first_of("/-.") == word.npos &&
         !word.starts_with("NODE_OPTIONS");
}

// Without the assignments before it, and without what looks a program up in the project: `npx`, `pnpm exec`.
WordList without_prefix(WordList words) {
  while (!words.empty() && is_assignment(words[0])) words = words.subspan(1);
  if (words.size() > 1 && words[0] == "npx") return words.subspan(words[1] == "--no-install" ? 2 : 1);
  if (words.size() < 2 || (words[0] != "npm" && words[0] != "pnpm" && words[0] != "yarn")) return words;
  if (words[1] == "exec") return words.subspan(2);
  return words[0] == "npm" ? words : words.subspan(1);  // `yarn next start`
}

bool starts_production(std::string_view command, const Json& package) {
  const auto all = split_words(command);
  const auto words = without_prefix(all);
  return !words.empty() && (starts_node(words) || starts_server(words, package));
}

// "start" of `npm start`, `npm run start`, `yarn start:prod`; empty for other commands.
std::string_view script_of(std::string_view command) {
  const auto words = split_words(command);
  if (words.size() < 2 || words.size() > 3) return {};
  const bool npm = words[0] == "npm";
  if (!npm && words[0] != "yarn" && words[0] != "pnpm") return {};
  if (words.size() == 3) return words[1] == "run" ? words[2] : std::string_view();
  return !npm || words[1] == "start" ? words[1] : std::string_view();
}

// The line of the script that a command runs; nothing where it runs none, empty where other scripts come with it.
std::optional<std::string> line_of_script(std::string_view command, const Json& package) {
  const auto* scripts = package.find("scripts");
  const std::string name(script_of(command));
  if (name.empty() || scripts == nullptr || !scripts->contains(name)) return std::nullopt;
  const bool framed = scripts->contains("pre" + name) || scripts->contains("post" + name);
  return framed ? std::string() : scripts->string_at(name);
}

// Whether a line is made of plain commands that are joined by `&&`, and the question is true of all.
template <typename Question>
bool all_parts(std::string_view line, const Question& question) {
  while (true) {
    const auto end = line.find("&&");
    const auto part = line.substr(0, end);
    if (part.find_first_of("&|;`()<>") != part.npos || !question(part)) return false;
    if (end == line.npos) return true;
    line.remove_prefix(end + 2);
  }
}

// What the container starts without a word of the project, `CMD curl -f localhost`, or as above.
bool is_plain(const Facts& facts, std::string text, const Json& package) {
  std::erase(text, '\'');
  const auto words = split_words(text);
  return starts_with_production_packages(text, package) ||
         (!words.empty() && facts.unix_command(words.front()) != nullptr);
}

// A check that starts something else may start what only development has.
bool checks_plainly(const Dockerfile& file, const Stage& runner, const Json& package) {
  const auto* check = last_step(file, runner, Keyword::healthcheck);
  if (check == nullptr) return true;
  auto text = start_text(*check->instruction);
  const auto end = text.find("||");  // `curl … || exit 1`
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.empty() || text == "NONE" || is_plain(file.facts(), text.substr(0, end), package);
}

}  // namespace

bool starts_with_production_packages(std::string_view command, const Json& package) {
  return all_parts(command, [&](std::string_view part) {
    const auto line = line_of_script(part, package);
    return line ? all_parts(*line, [&](std::string_view each) { return starts_production(each, package); })
                : starts_production(part, package);
  });
}

bool starts_with_production_packages(const Dockerfile& file, const Stage& runner, const Stage& builder,
                                     const std::string& project) {
  const auto start = find_start_command(runner);
  const bool plain_options =
      !file.context().origin().environment.contains("NODE_OPTIONS") &&
      (runner.steps.empty() || file.lookup(runner, runner.steps.back(), "NODE_OPTIONS").text.empty());
  // `node-options=--require dotenv/config`
  const auto settings = read_project_file(file, builder, project, ".npmrc").value_or("");
  if (!start || !plain_options || settings.find("node-options") != settings.npos) return false;
  const auto package = parse_json(read_project_file(file, builder, project, "package.json").value_or("")).value;
  const auto starts_plainly = [&](const ContainerStart& other) { return is_plain(file.facts(), other.text, package); };
  if (!std::ranges::all_of(file.context().origin().starts, starts_plainly) || !checks_plainly(file, runner, package))
    return false;
  const auto& words = start->words;
  if (words.size() == 3 && words[0].ends_with("sh") && words[1] == "-c")
    return starts_with_production_packages(words[2], package);
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return starts_with_production_packages(text, package);
}

}  // namespace dockhew::inline ecosystems
