#include "ecosystems/node/interpreter.hpp"

#include <algorithm>

#include "ecosystems/node/development_packages.hpp"
#include "ecosystems/node/required_modules.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view commands[] = {"node", "nodejs", "npm", "npx", "yarn", "pnpm"};
constexpr std::string_view managers[] = {"npm", "yarn", "pnpm"};
constexpr std::string_view texts[] = {"*.js", "*.cjs", "*.mjs", "*.ts", "*.cts", "*.mts", "*.jsx", "*.tsx"};
constexpr std::string_view manifest_names[] = {"package.json", ".package-lock.json", "package-lock.json",
                                               "npm-shrinkwrap.json"};
constexpr std::string_view packages[] = {"node_modules"};
constexpr std::string_view sources[] = {"*.ts",       "*.cts",          "*.mts",         "*.jsx",
                                        "*.tsx",      "*.vue",          "*.svelte",      "*.tsbuildinfo",
                                        "*.config.*", "tsconfig*.json", "nest-cli.json", "nodemon.json"};
constexpr std::string_view installation_files[] = {
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock",           "pnpm-lock.yaml", ".npmrc",
    ".yarnrc",           ".yarnrc.yml",         "pnpm-workspace.yaml", ".nvmrc",         ".node-version"};

bool is_one_of(std::string_view word, Words words) { return std::ranges::find(words, word) != words.end(); }

bool is_file(const Image& image, const std::string& path) {
  const auto* file = find_file(image, path);
  return file != nullptr && file->type == FileType::regular;
}

bool is_directory(const Image& image, const std::string& path) {
  const auto* file = find_file(image, path);
  return file != nullptr && file->type == FileType::directory;
}

// ---- modules --------------------------------------------------------------------------------------------------------

std::optional<std::string> as_file(const Image& image, const std::string& path) {
  for (const auto* ending : {"", ".js", ".json", ".node", ".cjs", ".mjs", ".ts", ".tsx"})
    if (is_file(image, path + ending)) return path + ending;
  // TypeScript's sources name what they will be compiled to.
  if (path.ends_with(".js") && is_file(image, path.substr(0, path.size() - 3) + ".ts"))
    return path.substr(0, path.size() - 3) + ".ts";
  return std::nullopt;
}

std::optional<std::string> as_path(const Image& image, const std::string& path) {
  if (auto file = as_file(image, path)) return file;
  if (!is_directory(image, path)) return std::nullopt;
  if (const auto* manifest = find_file(image, path + "/package.json"); manifest != nullptr) {
    const auto main = parse_json(manifest->text).value.string_at("main");
    if (!main.empty()) {
      const auto named = resolve_path(path, main);
      if (auto file = as_file(image, named)) return file;
      if (auto file = as_file(image, named + "/index")) return file;
    }
  }
  return as_file(image, path + "/index");
}

// A package is there with its manifest alone: which of its files a name means is for the package to say.
std::optional<std::string> find_module(const Image& image, const std::string& file, const std::string& name) {
  if (name[0] == '.' || name[0] == '/') return as_path(image, resolve_path(path_parent(file), name));
  const auto package = package_of_module(name);
  if (package.empty()) return std::nullopt;
  // A script may be a link, and its packages are beside what it leads to.
  const auto real = real_path(image, file).value_or(file);
  for (std::string_view at = path_parent(real);; at = path_parent(at)) {
    const auto place = (at == "/" ? "" : std::string(at)) + "/node_modules/" + package;
    if (is_file(image, place + "/package.json")) return place;
    if (at == "/" || at == ".") break;
  }
  const auto path = image.configuration.environment.find("NODE_PATH");
  if (path == image.configuration.environment.end()) return std::nullopt;
  for (std::string_view rest = path->second; !rest.empty();) {
    const auto end = std::min(rest.find(':'), rest.size());
    const auto place = std::string(rest.substr(0, end)) + "/" + package;
    if (is_file(image, place + "/package.json")) return place;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

// ---- command lines --------------------------------------------------------------------------------------------------

bool takes_value(std::string_view option) {
  constexpr std::string_view options[] = {"-C", "--conditions", "--env-file", "--title", "--watch-path"};
  return is_one_of(option, options);
}

StartedText start(const Image& image, const CommandLine& line) {
  StartedText result;
  if (is_one_of(path_basename(line.words[0]), managers)) return result;
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const auto& word = line.words[i];
    const auto* value = i + 1 < line.words.size() ? &line.words[i + 1] : nullptr;
    constexpr std::string_view loading[] = {"-r", "--require", "--import", "--loader", "--experimental-loader"};
    constexpr std::string_view evaluating[] = {"-e", "--eval", "-p", "--print", "-pe"};
    const auto option = std::string_view(word).substr(0, word.find('='));
    if (is_one_of(option, loading)) {
      if (option.size() < word.size()) result.modules.push_back(word.substr(option.size() + 1));
      else if (value != nullptr) result.modules.push_back(*value), ++i;
    } else if (is_one_of(word, evaluating)) {
      if (value != nullptr) result.text = *value;
      return result;
    } else if (takes_value(word)) {
      ++i;
    } else if (!word.starts_with('-')) {
      if (auto file = as_path(image, resolve_path(line.directory, word))) result.files.push_back(std::move(*file));
      return result;
    }
  }
  return result;
}

// The name of the script that a package manager is told to run; empty when it is told something else.
std::string script_name(std::span<const std::string> words) {
  std::vector<std::string> plain;
  for (const auto& word : words.subspan(1))
    if (!word.starts_with('-')) plain.push_back(word);
    else if (word == "--") break;
  if (plain.empty()) return {};
  constexpr std::string_view runs[] = {"run", "run-script"};
  if (is_one_of(plain[0], runs)) return plain.size() > 1 ? plain[1] : "";
  constexpr std::string_view own[] = {"start", "test", "restart"};
  if (is_one_of(plain[0], own)) return plain[0];
  constexpr std::string_view other[] = {"exec", "install", "ci", "config", "dlx", "x"};
  // Yarn and pnpm run a script by its name alone.
  return path_basename(words[0]) == "npm" || is_one_of(plain[0], other) ? "" : plain[0];
}

std::vector<std::string> scripts(const Image& image, const CommandLine& line) {
  std::vector<std::string> lines;
  if (!is_one_of(path_basename(line.words[0]), managers)) return lines;
  const auto name = script_name(line.words);
  const auto* manifest = find_file(image, resolve_path(line.directory, "package.json"));
  if (name.empty() || manifest == nullptr) return lines;
  const auto document = parse_json(manifest->text).value;
  const auto* found = document.find("scripts");
  for (const auto& each : {"pre" + name, name, "post" + name})
    if (found != nullptr && found->contains(each)) lines.push_back(found->string_at(each));
  if (lines.empty() && name == "start") lines.emplace_back("node server.js");
  return lines;
}

}  // namespace

extern constinit const Interpreter node_interpreter = {
    .commands = commands,
    .texts = texts,
    .manifests = manifest_names,
    .packages = packages,
    .sources = sources,
    .installation = installation_files,
    .start = start,
    .scripts = scripts,
    .loads = find_required_modules,
    .find_module = find_module,
    .development_packages = find_development_packages,
};

}  // namespace dockhew::inline ecosystems
