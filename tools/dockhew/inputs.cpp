// What all commands share: paths, tables, contexts and error messages.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>

#include "build_files.hpp"
#include "commands.hpp"
#include "files.hpp"
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

Inputs expand_paths(const std::vector<std::string>& operands) {
  Inputs inputs;
  if (operands.empty()) {
    complain("", "no path given; pass a Dockerfile, a directory, or `-` for standard input");
    inputs.failed = true;
  }
  for (const auto& operand : operands) {
    std::error_code error;
    if (is_build_file(operand)) {
      auto read = read_build_file(operand);
      if (!read.error.empty()) complain("", read.error);
      inputs.failed |= !read.error.empty();
      for (const auto& build : read.builds) {
        if (!build.dockerfile.empty() && inputs.contexts.try_emplace(build.dockerfile, build.context).second)
          inputs.paths.push_back(build.dockerfile);
        if (const auto note = cache_suggestion(operand, build); !note.empty())
          inputs.notes.push_back(operand + ":" + std::to_string(build.line) + ": note: " + note);
      }
      continue;
    }
    if (operand == "-" || !fs::is_directory(operand, error)) {
      inputs.paths.push_back(operand);
      continue;
    }
    const auto found = find_dockerfiles(operand);
    if (found.empty()) {
      complain(operand, "there are no Dockerfiles in this directory");
      inputs.failed = true;
    }
    inputs.paths.insert(inputs.paths.end(), found.begin(), found.end());
  }
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

namespace {

// Paths that the build context must contain for this file to build. Wildcards and "." reveal nothing.
std::vector<std::string> copied_paths(const Dockerfile& file) {
  std::vector<std::string> paths;
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps)
      if (step.copy && step.copy->from_context())
        for (const auto& source : step.copy->sources) {
          const bool remote = source.text.find("://") != std::string::npos || source.text.starts_with("git@");
          if (source.known && !source.heredoc && !remote && source.text.find_first_of("*?[") == std::string::npos)
            paths.push_back(source.text);
        }
  return paths;
}

// Empty when neither the command line nor another file says so.
std::string given_context(const Options& options, const Inputs& inputs, const std::string& path) {
  if (!options.context.empty()) return options.context;
  const auto found = inputs.contexts.find(path);
  return found == inputs.contexts.end() ? std::string() : found->second;
}

bool holds(const BuildContext& context, const std::vector<std::string>& paths) {
  return std::ranges::all_of(paths, [&](const std::string& path) { return !context.expand(path).empty(); });
}

}  // namespace

BuildContext default_context(const Options& options, const Inputs& inputs, const std::string& path) {
  if (const auto given = given_context(options, inputs, path); !given.empty()) return open_context(given, path);
  return open_context((path == "-" ? fs::path(".") : fs::path(path).parent_path()).string(), path);
}

std::string context_directory_of(const std::string& path, const Dockerfile& file) {
  const auto paths = copied_paths(file);
  std::error_code error;
  for (auto directory = fs::absolute(path, error).parent_path();; directory = directory.parent_path()) {
    if (holds(open_context(directory.string(), path), paths)) return directory.string();
    if (fs::exists(directory / ".git", error) || directory == directory.parent_path()) return {};
  }
}

BuildContext context_of(const Options& options, const Inputs& inputs, const std::string& path, const Dockerfile& file) {
  if (const auto given = given_context(options, inputs, path); !given.empty()) return open_context(given, path);
  if (path == "-") return {};
  const auto directory = context_directory_of(path, file);
  return directory.empty() ? BuildContext() : open_context(directory, path);
}

}  // namespace dockhew::cli
