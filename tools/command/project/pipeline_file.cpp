#include "project/pipeline_file.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "facts/facts.hpp"
#include "facts/image_reference.hpp"
#include "files.hpp"
#include "project/circleci_orbs.hpp"
#include "project/docker_commands.hpp"
#include "project/image_runs.hpp"
#include "project/old_builders.hpp"
#include "project/repository_builds.hpp"
#include "project/task_files.hpp"
#include "text/limits.hpp"
#include "text/path.hpp"
#include "text/shebang.hpp"
#include "text/words.hpp"
#include "yaml_reader.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr int deepest = 12, most_levels = 5;

// Keys whose values are commands of a shell: one, several, or maps with one. Lists may be in lists: GitLab joins them.
constexpr std::string_view command_keys[] = {
    "after_script", "after_success", "bash", "before_install", "before_script", "command", "commands", "deploy",
    "inlineScript", "install",       "run",  "script",         "test"};

// As a person would write them.
std::string words_of(const YAML::Node& list) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,$";
  std::string text;
  for (std::size_t i = 0; list && list.IsSequence() && i < list.size(); ++i) {
    const auto word = scalar_of(list[i]);
    const bool quoted = word.empty() || word.find_first_not_of(plain) != word.npos;
    text += (text.empty() ? "" : " ") + (quoted ? quoted_for_shell(word) : word);
  }
  return text;
}

class Pipeline {
 public:
  Pipeline(const std::string& path, const std::string& text, const YAML::Node& root, Builds& result)
      : path_(path), root_(root), result_(result), says_buildkit_(text.find("DOCKER_BUILDKIT") != text.npos) {
    const auto name = path_basename(path);
    // It stands at the root of the repository, or in a directory of its own there.
    const auto directory = directory_of(path);
    const auto own = path_basename(directory);
    project_ =
        own.starts_with('.') && own.size() > 1 && !name.starts_with('.') ? joined_path(directory, "..") : directory;
    if (name.starts_with("bitbucket-pipelines.")) old_builder_ = "with the Docker of Bitbucket's pipelines";
    if (const auto release = scalar_of(root["dist"]); name.starts_with(".travis.") && has_old_docker(release))
      old_builder_ = "with the Docker of Travis CI's " + (release.empty() ? "usual machine" : '`' + release + '`');
    if (own == ".circleci") read_circleci_orbs(root, project_, says_buildkit_, result);
    hosted_ = name.starts_with(".travis.") || (own == ".circleci" && text.find("docker_layer_caching") == text.npos &&
                                               text.find("self-hosted") == text.npos);
    has_pools_ = name.starts_with("azure-pipelines");
    const auto defaults = root["default"];
    use_services(defaults && defaults.IsMap() ? defaults["services"] : YAML::Node(YAML::NodeType::Undefined));
    const auto options = root["options"];
    cloud_buildkit_ = options && options.IsMap() && has_buildkit(options["env"]);
  }

  void read(const YAML::Node& node, const std::string& image, const std::string& job, int depth) {
    if (depth == 0) return;
    if (node.IsSequence())
      for (const auto& each : node) read(each, image, job, depth - 1);
    if (!node.IsMap()) return;
    const auto own = image_of(node, most_levels);
    const auto& used = own.empty() ? image : own;
    read_cloud_build(node);
    read_docker_plugin(node, own);
    const auto outer = old_builder_;
    const bool outer_hosted = hosted_;
    use_services(node["services"]);
    use_pool(node["pool"]);
    if (const auto version = remote_docker_of(node["steps"]); is_old_docker_version(version))
      old_builder_ = "with Docker " + version;
    for (const auto& entry : node) {
      const auto key = scalar_of(entry.first);
      if (key == "services") continue;  // containers beside
      const auto& name = depth == deepest ? key : job;
      if (std::ranges::find(command_keys, key) != std::end(command_keys) && !entry.second.IsMap())
        read_commands(entry.second, used, name, depth - 1);
      else read(entry.second, used, name, depth - 1);
    }
    old_builder_ = outer;
    hosted_ = outer_hosted;
  }

 private:
  // Microsoft's own machines are new for every job, and are asked for by their image; others have the name of a pool.
  // https://learn.microsoft.com/en-us/azure/devops/pipelines/agents/hosted
  void use_pool(const YAML::Node& pool) {
    if (!has_pools_ || !pool) return;
    const auto name = pool.IsMap() ? scalar_of(pool["name"]) : std::string();
    hosted_ = pool.IsMap() && !scalar_of(pool["vmImage"]).empty() && (name.empty() || name == "Azure Pipelines");
  }

  // `docker build -f $(Build.SourcesDirectory)/web/Dockerfile .`: Azure Pipelines puts the directory of the checkout
  // there, in which a script starts. https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
  static std::string in_checkout(std::string text) {
    for (const std::string_view name :
         {"$(Build.SourcesDirectory)", "$(System.DefaultWorkingDirectory)", "$(Build.Repository.LocalPath)"})
      for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) text.replace(at, name.size(), ".");
    return text;
  }

  // `services: [docker:19.03-dind]`, `services: [{name: docker:19.03-dind}]`: the daemon that builds. Those of a job
  // take the place of others. https://docs.gitlab.com/ci/services/
  void use_services(const YAML::Node& services) {
    constexpr std::string_view with_service = "with the service `";
    if (!services || !services.IsSequence()) return;
    if (old_builder_.starts_with(with_service)) old_builder_.clear();
    for (const auto& each : services) {
      const auto image = each.IsMap() ? scalar_of(each["name"]) : scalar_of(each);
      // Such a daemon lives as long as the job, and what it keeps does.
      hosted_ |= parse_image_reference(image).tag.find("dind") != std::string::npos;
      if (is_old_docker_daemon(image)) old_builder_ = std::string(with_service) + image + '`';
    }
  }

  // https://circleci.com/docs/building-docker-images/: `- setup_remote_docker: {version: 19.03.13}`
  static std::string remote_docker_of(const YAML::Node& steps) {
    if (!steps || !steps.IsSequence()) return {};
    for (const auto& step : steps) {
      const auto remote = step.IsMap() ? step["setup_remote_docker"] : YAML::Node(YAML::NodeType::Undefined);
      if (remote && remote.IsMap()) return scalar_of(remote["version"]);
    }
    return {};
  }

  // Releases of Ubuntu that Travis CI has with a Docker of that age: https://docs.travis-ci.com/user/docker/. Where
  // none is named it has been one of them for years; focal's Docker 20.10 takes no mounts by itself either.
  static bool has_old_docker(std::string_view release) {
    return release.empty() || release == "trusty" || release == "xenial" || release == "bionic" || release == "focal";
  }

  // `image: node`, `image: {name: node}`, `docker: [{image: node}]`, `container: node`; of what it extends, if it says
  // none itself. https://docs.gitlab.com/ci/yaml/#extends
  std::string image_of(const YAML::Node& node, int levels) const {
    for (const auto* key : {"image", "container"}) {
      const auto image = merged_value(node, key);
      if (!image) continue;
      if (image.IsScalar()) return image.Scalar();
      for (const auto* inner : {"name", "image"})
        if (image.IsMap() && image[inner] && image[inner].IsScalar()) return image[inner].Scalar();
    }
    const auto docker = merged_value(node, "docker");
    if (docker && docker.IsSequence() && docker.size() > 0 && docker[0].IsMap()) return scalar_of(docker[0]["image"]);
    const auto extended = merged_value(node, "extends");
    const auto names =
        extended && extended.IsSequence() && extended.size() > 0 ? extended[extended.size() - 1] : extended;
    if (levels == 0 || !names || !names.IsScalar()) return {};
    YamlBudget::look_at(root_.size());
    const auto base = root_[names.Scalar()];
    return base && base.IsMap() ? image_of(base, levels - 1) : std::string();
  }

  void read_commands(const YAML::Node& node, const std::string& image, const std::string& job, int depth) {
    if (depth == 0) return;
    if (node.IsSequence())
      for (const auto& each : node) read_commands(each, image, job, depth - 1);
    if (node.IsMap()) read(node, image, job, depth - 1);
    if (!node.IsScalar()) return;
    add_run(image, node.Scalar(), place_of(path_, node), result_);
    const auto first = result_.builds.size(), first_unplaced = result_.unplaced.size();
    read_docker_commands({has_pools_ ? in_checkout(node.Scalar()) : node.Scalar(), ".", project_, path_, line_of(node)},
                         job.substr(0, limits::longest_name), result_);
    for (auto i = first; i < result_.builds.size(); ++i) result_.builds[i].hosted |= hosted_;
    auto builder = old_builder_in(image);
    if (!builder && !old_builder_.empty())
      builder = OldBuilder{"builds it " + old_builder_ + ", whose `docker build` has no BuildKit, which mounts need"};
    if (!builder || (says_buildkit_ && !builder->of_podman)) return;
    refuse_mounts_of(*builder, result_, first, first_unplaced);
    read_started(node.Scalar(), *builder, line_of(node));
  }

  // `./deploy.sh`, `bash ci/build.sh`, `make image`: what these build, the same builder builds.
  void read_started(std::string text, const OldBuilder& builder, std::size_t line) {
    constexpr std::size_t most_files = 10;
    std::ranges::replace(text, '\n', ' ');
    std::size_t files = 0;
    std::string directory = ".";  // as far as `cd` says it
    bool moves = false;
    for (auto word : split_words(text)) {
      while (word.ends_with(';')) word.remove_suffix(1);
      if (std::exchange(moves, word == "cd") && word.find_first_of("$~`") == word.npos && !word.starts_with('/'))
        directory = joined_path(directory, std::string(word));
      const bool script = is_script(directory, word);
      if (word.starts_with("./")) word.remove_prefix(2);
      const auto name = script ? std::string(word) : file_of_tasks(word);
      if (name.empty()) continue;
      if (++files > most_files) return;
      const auto path = joined_path(script ? joined_path(project_, directory) : project_, name);
      if (!started_.insert(path + ' ' + builder.reason).second) continue;
      const auto file = read_regular_file(path, largest_companion, Links::refused);
      if (!file.error.empty() || file.text.find("DOCKER_BUILDKIT") != std::string::npos) continue;
      Builds found;
      if (script) read_docker_commands({file.text, directory, project_, path, 1}, name, found);
      else found = read_task_file(path, file.text);
      refuse_mounts_of(builder, found, 0, 0);
      for (auto& build : found.builds) {
        if (build.refuses_mounts.empty() || result_.named.size() >= most_builds) continue;
        build.line = line;
        result_.named.push_back(std::move(build));
      }
      for (auto& build : found.unplaced) {
        if (build.refuses_mounts.empty()) continue;
        build.place = path_ + ':' + std::to_string(line);
        result_.unplaced.push_back(std::move(build));
      }
    }
  }

  // `ci/build.sh`, and `./build`, where that is a shell script.
  bool is_script(const std::string& directory, std::string_view word) const {
    if (word.starts_with('/') || word.find("..") != word.npos || word.find('$') != word.npos) return false;
    if (word.ends_with(".sh") || word.ends_with(".bash")) return true;
    if (!word.starts_with("./") || word.find('.', 2) != word.npos) return false;
    const auto path = joined_path(joined_path(project_, directory), std::string(word));
    const auto file = read_regular_file(path, largest_companion, Links::refused);
    return file.error.empty() && shebang_program(file.text).ends_with("sh");
  }

  // Where the tasks of such a program are, as far as it is plain.
  std::string file_of_tasks(std::string_view program) const {
    struct Tasks {
      std::string_view program, file;
    };
    constexpr Tasks all[] = {{"make", "Makefile"},     {"make", "GNUmakefile"},  {"npm", "package.json"},
                             {"yarn", "package.json"}, {"pnpm", "package.json"}, {"just", "justfile"},
                             {"task", "Taskfile.yml"}, {"task", "Taskfile.yaml"}};
    std::error_code error;
    for (const auto& each : all)
      if (each.program == program && fs::is_regular_file(joined_path(project_, std::string(each.file)), error))
        return std::string(each.file);
    return {};
  }

  // https://cloud.google.com/build/docs/build-config-file-schema: a step is a container, by default with what its image
  // starts.
  void read_cloud_build(const YAML::Node& step) {
    const auto name = step["name"], arguments = step["args"];
    const auto script = scalar_of(step["script"]);
    if (!name || !name.IsScalar() || (!arguments && !step["entrypoint"] && script.empty())) return;
    const auto& image = name.Scalar();
    const auto entrypoint = scalar_of(step["entrypoint"]), words = words_of(arguments);
    auto text = entrypoint + (entrypoint.empty() || words.empty() ? "" : " ") + words;
    if (!script.empty()) text = script;
    const bool plain = entrypoint.empty() && script.empty();
    const bool compose = plain && image.find("docker/compose") != image.npos;
    const bool docker = plain && path_basename(image.substr(0, image.find('@'))).starts_with("docker");
    const std::string program = compose ? "docker-compose " : docker ? "docker " : "";
    Builds found;
    const auto directory = scalar_of(step["dir"]);
    read_docker_commands({program + text, directory.empty() ? "." : directory, ".", path_, line_of(step)},
                         scalar_of(step["id"]), found);
    if (compose || (image.find("cloud-builders/docker") != image.npos && !cloud_buildkit_ &&
                    !has_buildkit(step["env"]) && text.find("DOCKER_BUILDKIT=1") == text.npos))
      refuse_mounts(found);
    place_in_repository(found);
    add_run(image, text, place_of(path_, step), result_);
  }

  // Drone's plugin has the Docker of its release: https://github.com/drone-plugins/drone-docker
  void read_docker_plugin(const YAML::Node& step, const std::string& image) {
    constexpr int first_with_buildkit = 20;
    const auto reference = parse_image_reference(image);
    const auto numbers = version_numbers(reference.tag);
    const bool old = !numbers.empty() && numbers[0] < first_with_buildkit;
    if (!old || (reference.name() != "plugins/docker" && reference.name() != "plugins/ecr")) return;
    const auto settings = step["settings"];
    const auto value = [&](const char* key, const char* otherwise) {
      const auto text = settings && settings.IsMap() ? scalar_of(settings[key]) : std::string();
      return text.empty() ? std::string(otherwise) : text;
    };
    auto build = named_build({}, value("context", "."), value("dockerfile", "Dockerfile"), project_, line_of(step));
    build.refuses_mounts = "builds it with `" + image + "`, whose Docker has no BuildKit, which mounts need";
    if (!says_buildkit_ && result_.named.size() < most_builds) result_.named.push_back(std::move(build));
  }

  // https://docs.cloud.google.com/build/docs/building/build-containers
  static void refuse_mounts(Builds& found) {
    const std::string reason = "builds it without BuildKit, which mounts need; it takes `env: [DOCKER_BUILDKIT=1]`";
    for (auto& build : found.builds)
      if (build.by_docker) build.refuses_mounts = reason;
    for (auto& build : found.unplaced) build.refuses_mounts = reason;
  }

  // Steps run in the directory that is submitted: the root of the repository, or one between that and the file. The
  // first that has the Dockerfile is it, as far as one can tell.
  void place_in_repository(Builds& found) {
    std::ranges::move(found.runs, std::back_inserter(result_.runs));
    std::ranges::move(found.unplaced, std::back_inserter(result_.unplaced));
    auto directories = surroundings_of(path_).directories;
    if (surroundings_of(path_).repository.empty())
      std::erase_if(directories, [](const auto& each) { return each == "/"; });
    std::ranges::reverse(directories);
    std::error_code error;
    for (auto& build : found.builds) {
      bool placed = false;
      for (const auto& directory : directories) {
        auto there = build;
        there.context = joined_path(directory, build.context);
        there.dockerfile = joined_path(directory, build.dockerfile);
        if (!fs::is_regular_file(there.dockerfile, error)) continue;
        (placed ? result_.named : result_.builds).push_back(std::move(there));
        placed = true;
      }
    }
  }

  // `DOCKER_BUILDKIT=1` in a list.
  static bool has_buildkit(const YAML::Node& list) {
    if (!list || !list.IsSequence()) return false;
    return std::ranges::any_of(list, [](const YAML::Node& each) { return scalar_of(each) == "DOCKER_BUILDKIT=1"; });
  }

  const std::string& path_;
  const YAML::Node& root_;
  Builds& result_;
  std::string project_;
  std::set<std::string> started_;  // files that were read for what a builder builds, each with what is said of that
  std::string old_builder_;        // that has no BuildKit, as a clause; empty where none is known to be
  bool cloud_buildkit_ = false, says_buildkit_ = false;
  bool hosted_ = false;     // its machines are new for every run
  bool has_pools_ = false;  // it says of each job where it runs
};

}  // namespace

bool is_pipeline_file(const std::string& path) {
  const auto name = path_basename(path);
  if (!name.ends_with(".yml") && !name.ends_with(".yaml")) return false;
  constexpr std::string_view beginnings[] = {".drone.",   ".travis.",   ".woodpecker.",        "azure-pipelines",
                                             "buildspec", "cloudbuild", "bitbucket-pipelines."};
  const auto directory = std::string(path_basename(directory_of(path)));
  return name.find(".gitlab-ci.") != name.npos || name == ".gitlab-ci.yml" || directory == ".circleci" ||
         directory == ".gitlab" || directory == ".woodpecker" || directory == ".buildkite" ||
         std::ranges::any_of(beginnings, [&](std::string_view beginning) { return name.starts_with(beginning); });
}

bool builds_in_cloud(const std::string& text) {
  return text.find("steps") != text.npos &&
         (text.find("cloud-builders/docker") != text.npos || text.find("docker/compose") != text.npos);
}

Builds read_pipeline_file(const std::string& path, const std::string& text) {
  Builds result;
  read_yaml_text(path, text, [&](const YAML::Node& root) {
    if (!root.IsMap()) return;
    Pipeline pipeline(path, text, root, result);
    const auto defaults = root["default"];
    const auto image = defaults && defaults.IsMap() ? scalar_of(defaults["image"]) : std::string();
    pipeline.read(root, image, {}, deepest);
  });
  return result;
}

}  // namespace dockhew::cli
