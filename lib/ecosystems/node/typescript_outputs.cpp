#include "ecosystems/node/typescript_outputs.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "ecosystems/node/package_scripts.hpp"
#include "model/context_path.hpp"
#include "text/json.hpp"
#include "text/path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

std::optional<Json> read_settings(const BuildContext& context, const std::string& path) {
  const auto text = context.read(path);
  if (!text) return std::nullopt;
  auto settings = parse_json(*text, JsonComments::ignored).value;
  return settings.is_object() ? std::optional(std::move(settings)) : std::nullopt;
}

class Reader {
 public:
  Reader(const BuildContext& context, const std::string& project) : context_(context), project_(project) {}

  std::optional<TypescriptOutputs> read(const std::vector<std::string>& commands) {
    for (const auto& command : commands)
      if (!add_command(split_words(command))) return std::nullopt;
    const auto is_output = [&](const std::string& path) { return result_.directories.contains(path); };
    const auto is_in_output = [&](const std::string& path) {
      return std::ranges::any_of(result_.directories, [&](const auto& output) { return path_is_under(path, output); });
    };
    if (!std::ranges::all_of(removed_, is_output) || !std::ranges::all_of(written_, is_in_output)) return std::nullopt;
    result_.cleared |= !removed_.empty();
    return std::move(result_);
  }

 private:
  bool add_command(const std::vector<std::string_view>& words) {
    const auto program = words[0];
    if (program == "tsc") return add_compiler(words);
    if (program == "nest") return words.size() == 2 && words[1] == "build" && add_nest();
    // It processes what the compiler has written.
    if (program == "tsc-alias") return words.size() == 1 || (words.size() == 3 && words[1] == "-p");
    if (program == "rimraf" || (program == "rm" && words.size() > 1 && words[1] == "-rf")) {
      for (std::size_t i = program == "rm" ? 2 : 1; i < words.size(); ++i) removed_.push_back(clean_path(words[i]));
      return true;
    }
    if ((program == "cp" || program == "copyfiles" || program == "mkdir") && words.size() > 1) {
      written_.push_back(clean_path(words.back()));
      return true;
    }
    return false;
  }

  bool add_compiler(const std::vector<std::string_view>& words) {
    std::string settings = "tsconfig.json", directory;
    bool writes = true;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto option = words[i];
      const bool valued = i + 1 < words.size();
      if ((option == "-p" || option == "--project") && valued) settings = words[++i];
      else if (option == "--outDir" && valued) directory = words[++i];
      else if (option == "--noEmit") writes = false;
      else if (option != "--skipLibCheck" && option != "--pretty") return false;
    }
    if (!writes) return true;
    const auto path = join_context_path(project_, settings);
    return add_settings(context_.kind(path) == PathKind::directory ? join_context_path(path, "tsconfig.json") : path,
                        directory);
  }

  bool add_nest() {
    std::string settings =
        context_.exists(join_context_path(project_, "tsconfig.build.json")) ? "tsconfig.build.json" : "tsconfig.json";
    if (!context_.exists(join_context_path(project_, "nest-cli.json")))
      return add_settings(join_context_path(project_, settings), "");
    const auto nest = read_settings(context_, join_context_path(project_, "nest-cli.json"));
    if (!nest || nest->contains("projects") || nest->contains("monorepo")) return false;
    if (const auto* options = nest->find("compilerOptions"); options != nullptr) {
      if (!options->is_object()) return false;
      for (const auto* other : {"webpack", "builder", "assets", "tsConfigPath", "webpackConfigPath"})
        if (options->contains(other)) return false;
      if (options->contains("deleteOutDir")) result_.cleared = true;
    }
    return add_settings(join_context_path(project_, settings), "");
  }

  // `directory`: from the command line, which takes precedence over the file.
  bool add_settings(const std::string& path, const std::string& directory) {
    Directories found;
    if (!read_directories(path, 0, found)) return false;
    if (!directory.empty()) found.output = join_context_path(project_, directory);
    if (found.output.empty()) return false;  // next to the sources
    return add_directory(found.output) && (found.declarations.empty() || add_directory(found.declarations));
  }

  struct Directories {
    std::string output, declarations;  // context paths
  };

  // A file takes precedence over the files that it extends.
  bool read_directories(const std::string& path, int depth, Directories& found) {
    constexpr int deepest = 4;
    const auto settings = depth < deepest ? read_settings(context_, path) : std::nullopt;
    if (!settings) return false;
    const auto* base = settings->find("extends");
    if (base != nullptr && !read_bases(*base, path, depth, found)) return false;
    const auto* options = settings->find("compilerOptions");
    if (options == nullptr) return true;
    if (!options->is_object()) return false;
    for (const auto* elsewhere :
         {"outFile", "out", "noEmit", "emitDeclarationOnly", "generateTrace", "generateCpuProfile"})
      if (options->contains(elsewhere)) return false;
    return take(*options, "outDir", path, found.output) && take(*options, "declarationDir", path, found.declarations);
  }

  bool read_bases(const Json& base, const std::string& path, int depth, Directories& found) {
    const auto single = Json::array(base);
    for (const auto& each : (base.is_array() ? base : single).elements()) {
      if (!each.is_string()) return false;
      auto name = *each.string();
      if (name.starts_with("@tsconfig/")) continue;  // they do not concern directories
      if (!name.starts_with('.')) return false;
      if (!name.ends_with(".json")) name += ".json";
      if (!read_directories(join_context_path(path_parent(path), name), depth + 1, found)) return false;
    }
    return true;
  }

  static bool take(const Json& options, const char* name, const std::string& path, std::string& directory) {
    const auto* option = options.find(name);
    if (option == nullptr) return true;
    if (!option->is_string()) return false;
    const auto& text = *option->string();
    if (text.empty() || text.starts_with('/') || text.find('$') != text.npos) return false;
    directory = join_context_path(path_parent(path), text);
    return true;
  }

  // Below the project, and not the project itself.
  bool add_directory(const std::string& path) {
    const auto cleaned = clean_path(path);
    const auto below = relative_path(clean_path(project_), cleaned);
    if (below == "." || below.starts_with("..")) return false;
    result_.directories.insert(below);
    return true;
  }

  const BuildContext& context_;
  const std::string& project_;
  TypescriptOutputs result_;
  std::vector<std::string> removed_, written_;  // paths used by other commands, which must be the compiler's
};

}  // namespace

std::optional<TypescriptOutputs> find_typescript_outputs(const BuildContext& context, const std::string& project,
                                                         const std::string& script) {
  const auto package = context.read(join_context_path(project, "package.json"));
  if (!package) return std::nullopt;
  const auto found = find_script_commands(*package, script);
  return found ? Reader(context, project).read(*found) : std::nullopt;
}

}  // namespace dockhew::inline ecosystems
