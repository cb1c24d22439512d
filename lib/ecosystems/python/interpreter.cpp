#include "ecosystems/python/interpreter.hpp"

#include <algorithm>

#include "ecosystems/python/imports.hpp"
#include "image/program_needs.hpp"
#include "text/path.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view commands[] = {"python"};
constexpr std::string_view texts[] = {"*.py"};
constexpr std::string_view packages[] = {"site-packages", "dist-packages"};
constexpr std::string_view installation_files[] = {"requirements*.txt", "constraints*.txt", "Pipfile",
                                                   "Pipfile.lock",      "poetry.lock",      "poetry.toml",
                                                   "pdm.lock",          "uv.lock",          ".python-version"};

bool exists(const Image& image, const std::string& path) { return find_file(image, path) != nullptr; }

// Of an import within a directory: the module's file, or the directory of a package.
std::optional<std::string> find_in(const Image& image, const std::string& directory, std::string_view name) {
  auto path = directory;
  while (!name.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    path.append(path == "/" ? "" : "/").append(name.substr(0, dot));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  for (const auto* ending : {"/__init__.py", ".py"})
    if (exists(image, path + ending)) return path + ending;
  const auto* file = find_file(image, path);
  if (file != nullptr && file->type == FileType::directory) return path;
  return std::nullopt;
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto end = std::min(path.find(':'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

std::string variable(const Image& image, const std::string& name) {
  const auto found = image.configuration.environment.find(name);
  return found == image.configuration.environment.end() ? std::string() : found->second;
}

// Directories whose `lib/python3.11` belongs to the interpreter that PATH finds first: of an environment, of the image,
// or the distribution's, which looks at both of its own.
std::vector<std::string> prefixes(const Image& image) {
  const auto python = find_command(image, "python3", "/");
  const auto directory = std::string(path_parent(python));
  if (python.empty() || directory == "/usr/bin" || directory == "/bin") return {"/usr", "/usr/local"};
  return {std::string(path_parent(directory))};
}

std::vector<std::string> installation_directories(const Image& image) {
  std::vector<std::string> result;
  for (const auto& directory : prefixes(image)) {
    if (directory == "/usr") result.emplace_back("/usr/lib/python3/dist-packages");
    const auto prefix = directory + "/lib/python";
    for (auto at = image.files.lower_bound(prefix); at != image.files.end() && at->first.starts_with(prefix);) {
      const auto library = at->first.substr(0, at->first.find('/', prefix.size()));
      for (const auto each : packages) result.push_back(library + "/" + std::string(each));
      at = image.files.lower_bound(library + "0");  // the byte after a slash: what follows everything below it
    }
  }
  return result;
}

std::optional<std::string> find_module(const Image& image, const std::string& file, const std::string& name) {
  std::string_view rest = name;
  std::string directory(path_parent(file));
  if (rest.starts_with('.')) {
    for (rest.remove_prefix(1); rest.starts_with('.'); rest.remove_prefix(1)) directory = path_parent(directory);
    return rest.empty() ? std::nullopt : find_in(image, directory, rest);
  }
  // The directory of the script that was started is above that of a module in a package.
  for (std::string_view at = directory;; at = path_parent(at)) {
    if (auto found = find_in(image, std::string(at), rest)) return found;
    if (at == "/" || at == "." || !exists(image, std::string(at) + "/__init__.py")) break;
  }
  const auto& working = image.configuration.directory;
  std::vector<std::string> places = {working.empty() ? "/" : working};
  for (auto&& each : parts_of(variable(image, "PYTHONPATH"))) places.push_back(each);
  for (auto&& each : installation_directories(image)) places.push_back(each);
  for (const auto& place : places)
    if (auto found = find_in(image, place, rest)) return found;
  return std::nullopt;
}

// What the images bring themselves, in newer versions or not at all, is needed by no program.
bool is_installed(std::string_view path) {
  constexpr std::string_view of_image[] = {"pip",           "setuptools",      "wheel",
                                           "pkg_resources", "_distutils_hack", "distutils-precedence.pth"};
  if (path.starts_with("/usr/lib/")) return false;
  for (const auto directory : packages) {
    const auto at = path.find("/" + std::string(directory) + "/");
    if (at == path.npos) continue;
    auto name = path.substr(at + directory.size() + 2);
    name = name.substr(0, name.find('/'));
    return std::ranges::none_of(of_image, [&](std::string_view each) {
      return name == each || (name.starts_with(each) && name.substr(each.size()).starts_with('-'));
    });
  }
  return false;
}

// `gunicorn -w 4 shop.wsgi:application`: what is in front of the colon.
std::string module_of(std::string_view word) {
  const auto name = word.substr(0, word.find_first_of(":("));
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
  return plain && !name.empty() && !name.starts_with('.') ? std::string(name) : std::string();
}

StartedText start(const Image& image, const CommandLine& line) {
  StartedText result;
  const bool python = path_basename(line.words[0]).starts_with("python");
  for (std::size_t i = 1; i < line.words.size(); ++i) {
    const auto& word = line.words[i];
    const auto* value = i + 1 < line.words.size() ? &line.words[i + 1] : nullptr;
    if (python && (word == "-m" || word == "-c")) {
      if (value != nullptr) (word == "-m" ? result.modules.emplace_back() : result.text) = *value;
      if (word == "-c") return result;
      ++i;
    } else if (python && (word == "-W" || word == "-X")) {
      ++i;
    } else if (!word.starts_with('-')) {
      auto path = resolve_path(line.directory, word);
      if (exists(image, path + "/__main__.py")) path += "/__main__.py";
      if (exists(image, path)) result.files.push_back(std::move(path));
      else if (auto module = module_of(word); !module.empty()) result.modules.push_back(std::move(module));
      // Programs written in Python are given modules anywhere: `celery -A shop worker`.
      if (python && result.modules.empty()) return result;
    }
  }
  return result;
}

}  // namespace

extern constinit const Interpreter python_interpreter = {
    .commands = commands,
    .texts = texts,
    .packages = packages,
    .installation = installation_files,
    .start = start,
    .loads = find_imports,
    .find_module = find_module,
    .is_installed = is_installed,
};

}  // namespace dockhew::inline ecosystems
