// What all commands share: paths, tables, contexts and error messages.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <span>

#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "lint/rule.hpp"
#include "project/build_files.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;

std::string complaint(const std::string& path, const std::string& message) {
  return "dockhew: " + (path.empty() ? "" : escape_for_terminal(path) + ": ") + escape_for_terminal(message) + '\n';
}

void complain(const std::string& path, const std::string& message) { std::cerr << complaint(path, message); }

const Facts* load_facts(const Options& options) {
  if (options.data.empty()) return &builtin_facts();
  static Facts facts;  // lives as long as the process, like the built-in ones
  std::vector<std::string> texts;
  texts.reserve(options.data.size());
  std::vector<std::pair<std::string, std::string_view>> tables;
  for (const auto& path : options.data) {
    auto read = read_file(path);
    if (!read.error.empty()) return complain(path, read.error), nullptr;
    texts.push_back(std::move(read.text));
    tables.emplace_back(path, texts.back());
  }
  auto result = parse_facts(tables, builtin_facts());
  if (!result.error.empty()) return complain("", result.error), nullptr;
  facts = std::move(result.facts);
  return &facts;
}

static bool is_among(const std::string& file, const std::vector<std::string>& paths) {
  std::error_code error;
  return !file.empty() && std::ranges::any_of(paths, [&](const std::string& path) {
    return path != "-" && !path.empty() && fs::equivalent(path, file, error);
  });
}

std::string page_obstacle(const Options& options, const std::vector<std::string>& read) {
  if (!is_among(options.html, read)) return {};
  return "--html would replace this file, which is read, by a page; name another one";
}

std::string report_obstacle(const Options& options, const Inputs& inputs) {
  for (const auto& report : options.reports)
    if (is_among(report.file, inputs.paths) || is_among(report.file, inputs.build_files))
      return "the report would replace `" + report.file + "`, which is read; name another file";
  return {};
}

// Whether the Dockerfile that a build file names is read: what is read as a Dockerfile is shown. Outside of the project
// its name decides, where there is no repository.
static bool may_be_read(const std::string& dockerfile, const std::string& build_file) {
  if (is_of_project(dockerfile, build_file)) return true;
  std::error_code error;
  return surroundings_of(build_file).repository.empty() &&
         is_dockerfile_name(fs::weakly_canonical(dockerfile, error).filename().string());
}

// The builds that such a file names, as paths with what is known of them.
static void add_builds(const std::string& path, Inputs& inputs) {
  auto read = inputs.repositories->read_file(path);
  if (!read.error.empty()) complain("", read.error);
  inputs.failed |= !read.error.empty();
  for (const auto& build : read.builds) {
    std::error_code error;
    const auto place = path + ":" + std::to_string(build.line);
    if (fs::is_regular_file(build.dockerfile, error) && !may_be_read(build.dockerfile, path)) {
      complain(place, "the Dockerfile of `" + build.name +
                          "` is outside of the repository, so it is not read; name it " + "to have it read");
    } else if (!build.dockerfile.empty()) {
      if (!inputs.builds.contains(build.dockerfile)) inputs.paths.push_back(build.dockerfile);
      inputs.builds.emplace(build.dockerfile, NamedBuild{path, build});
    }
  }
  for (const auto& name : read.unread)
    inputs.notes.push_back(path + ": note: the Dockerfile of `" + name +
                           "` stands in this file (`dockerfile_inline`), and is left as it is");
}

std::string name_of(const Options& options, const std::string& path) {
  return path == "-" && !options.stdin_name.empty() ? options.stdin_name : path;
}

static bool is_other_yaml(const std::string& operand) {
  const auto name = path_basename(operand);
  return (name.ends_with(".yaml") || name.ends_with(".yml")) && !is_dockerfile_name(std::string(name));
}

Inputs expand_paths(const Options& options) {
  const auto& operands = options.operands;
  Inputs inputs;
  if (operands.empty()) {
    complain("", "no path given; pass a Dockerfile, a directory, or `-` for standard input");
    inputs.failed = true;
  }
  // One that lies in a directory which is searched, or that is named twice, is read once; hadolint reads it twice.
  std::set<fs::path> known;
  const auto is_new = [&](const std::string& path) {
    std::error_code error;
    return path == "-" || options.hadolint || known.insert(fs::absolute(path, error).lexically_normal()).second;
  };
  for (const auto& operand : operands) {
    std::error_code error;
    if (is_build_file(operand)) {
      inputs.build_files.push_back(operand);
      const auto before = inputs.paths.size();
      add_builds(operand, inputs);
      for (const auto& path : std::span(inputs.paths).subspan(before)) is_new(path);
      continue;
    }
    if (find_rule(operand) != nullptr && !fs::exists(operand, error)) {
      complain("", operand + " is a rule and not a file; several have commas between them: `--select A,B`");
      inputs.failed = true;
      continue;
    }
    if (is_other_yaml(operand)) {
      complain(operand,
               "not read: no Dockerfile has such a name; of YAML files, Compose files (`compose*.yaml`, "
               "`docker-compose*.yaml`) and GitHub's workflows can be named");
      inputs.failed = true;
      continue;
    }
    if (operand == "-" || !fs::is_directory(operand, error)) {
      if (is_new(operand)) inputs.paths.push_back(operand);
      continue;
    }
    auto found = find_dockerfiles(operand);
    for (const auto& link : found.links_out)
      complain(link,
               "a link that leads out of the directory that is searched, so it is not followed; name it to have it "
               "read");
    if (!found.unsearched.empty())
      complain(found.unsearched, "too many directories in each other; name this one to have it searched");
    if (!found.error.empty()) complain(operand, found.error);
    inputs.failed |= !found.unsearched.empty() || !found.error.empty();
    const auto has_dockerfiles = [&](const std::string& path) {
      return !inputs.repositories->read_file(path).inlines.empty();
    };
    const bool is_empty = found.paths.empty() && std::ranges::none_of(found.build_files, has_dockerfiles);
    for (auto* paths : {&found.paths, &found.build_files})
      std::erase_if(*paths, [&](const std::string& path) { return is_excluded(options, path); });
    if (is_empty) {
      const bool is_implied = std::ranges::find(options.words, operand) == options.words.end();
      complain(operand, std::string("there are no Dockerfiles in this directory") +
                            (is_implied ? "; name one, or `-` for standard input" : ""));
      inputs.failed = true;
    }
    std::ranges::copy_if(found.paths, std::back_inserter(inputs.paths), is_new);
    inputs.build_files.insert(inputs.build_files.end(), found.build_files.begin(), found.build_files.end());
  }
  std::set<fs::path> seen;
  std::erase_if(inputs.build_files, [&](const std::string& path) {
    std::error_code error;
    return !seen.insert(fs::weakly_canonical(path, error)).second;
  });
  return inputs;
}

std::size_t threads_for(const Options& options, const Inputs& inputs) {
  if (std::ranges::count(inputs.paths, "-") > 1) return 1;
  if (options.fix || options.write) {
    std::set<fs::path> written;
    std::error_code error;
    for (const auto& path : inputs.paths)
      if (!written.insert(fs::weakly_canonical(path, error)).second) return 1;
  }
  return std::clamp<std::size_t>(inputs.paths.size(), 1, options.jobs);
}

}  // namespace dockhew::cli
