#include "project/devcontainer_file.hpp"

#include <filesystem>

#include "text/path.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {

bool is_devcontainer_file(const std::string& path) {
  const auto name = path_basename(path);
  return name == "devcontainer.json" || name == ".devcontainer.json";
}

// https://containers.dev/implementors/json_reference: paths are relative to the file. The older keys stand at the top.
Builds read_devcontainer_file(const std::string& path) {
  Builds result;
  const auto directory = std::filesystem::path(path).parent_path().string();
  result.error = read_json_with_comments(path, [&](const YAML::Node& root) {
    if (!root.IsMap()) return;
    // The service of a Compose file in which a developer works, and so whatever he or she wants.
    if (const auto service = root["service"]; root["dockerComposeFile"] && service && service.IsScalar())
      result.runs.push_back({"", service.Scalar(), {"", path + ':' + std::to_string(line_of(service)), true}});
    const bool nested = root["build"] && root["build"].IsMap();
    const auto at = nested ? root["build"] : root;
    const auto file = at[nested ? "dockerfile" : "dockerFile"], context = at["context"];
    if (!file || !file.IsScalar()) return;
    auto build = local_build("devcontainer", context && context.IsScalar() ? context.Scalar() : ".", "Dockerfile",
                             directory, line_of(file));
    if (!build.dockerfile.empty())
      build.dockerfile = is_elsewhere(file.Scalar()) ? "" : joined_path(directory, file.Scalar());
    build.arguments = argument_names(at["args"]);
    build.starts.push_back({"", path + ':' + std::to_string(build.line)});  // whatever a developer wants
    result.builds.push_back(std::move(build));
  });
  return result;
}

}  // namespace dockhew::cli
