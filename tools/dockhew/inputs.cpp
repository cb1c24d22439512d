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
        if (!build.dockerfile.empty()) {
          if (!inputs.builds.contains(build.dockerfile)) inputs.paths.push_back(build.dockerfile);
          inputs.builds.emplace(build.dockerfile, NamedBuild{operand, build});
        }
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

}  // namespace dockhew::cli
