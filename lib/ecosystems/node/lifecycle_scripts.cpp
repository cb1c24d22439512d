#include "ecosystems/node/lifecycle_scripts.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "ecosystems/node/package_scripts.hpp"
#include "facts/facts.hpp"
#include "model/context_path.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

struct Part {
  std::vector<std::string_view> words;  // without `npx` and its options
  bool may_fail = false;                // `husky install || true`
  bool fetched = false;                 // by `npx`, where no package brings it
};

void drop_runner(Part& part) {
  auto& words = part.words;
  const bool npx = !words.empty() && (words[0] == "npx" || words[0] == "pnpx");
  const bool pnpm = words.size() > 1 && words[0] == "pnpm" && words[1] == "exec";
  if (!npx && !pnpm) return;
  part.fetched = npx;
  words.erase(words.begin(), words.begin() + (npx ? 1 : 2));
  while (!words.empty() && words[0].starts_with('-')) words.erase(words.begin());
}

// The commands between `&&`, `||` and `;`; nothing where the line has more of a shell's language.
std::optional<std::vector<Part>> read_parts(std::string_view line) {
  std::vector<Part> parts;
  if (line.find_first_of("$`()<>\\") != line.npos) return std::nullopt;
  while (!line.empty()) {
    const auto end = std::min(line.find_first_of("&|;"), line.size());
    const bool both = line.substr(end).starts_with("&&"), either = line.substr(end).starts_with("||");
    if (end < line.size() && line[end] != ';' && !both && !either) return std::nullopt;
    Part part{split_words(line.substr(0, end)), either};
    drop_runner(part);
    if (!part.words.empty()) parts.push_back(std::move(part));
    line.remove_prefix(std::min(end + (both || either ? 2 : 1), line.size()));
  }
  return parts;
}

// Husky 5 and 6 fail where there is no repository; others say so and succeed.
bool is_husky_strict(const Json& package) {
  for (const auto* section : {"devDependencies", "dependencies"})
    if (const auto* names = package.find(section); names != nullptr && names->contains("husky")) {
      const auto version = names->string_at("husky");
      const auto numbers =
          version_numbers(version.substr(std::min(version.find_first_of("0123456789"), version.size())));
      return !numbers.empty() && (numbers[0] == 5 || numbers[0] == 6);
    }
  return false;
}

bool is_nothing(const std::vector<std::string_view>& words) {
  return words[0] == "echo" || words[0] == "true" || words[0] == ":" ||
         (words[0] == "exit" && words.size() == 2 && words[1] == "0");
}

bool needs_no_package(const Part& part) {
  const auto& words = part.words;
  const bool sets_hooks = words[0] == "husky" || words[0] == "lefthook" || words[0] == "simple-git-hooks";
  return is_nothing(words) || (part.fetched && words[0] == "only-allow") || (part.may_fail && sets_hooks);
}

bool is_harmless(const Json& package, const Part& part, const ScriptFiles& files) {
  const auto& words = part.words;
  const bool alone = words.size() == 1;
  const bool installs = alone || (words.size() <= 3 && words[1] == "install");
  const bool without_git = part.may_fail || !files.git;
  if (is_nothing(words) || words[0] == "is-ci" || words[0] == "only-allow") return true;
  if (words[0] == "husky") return installs && (without_git || !is_husky_strict(package));
  if (words[0] == "lefthook") return installs && !alone && without_git;
  if (words[0] == "simple-git-hooks") return alone && without_git && package.contains("simple-git-hooks");
  if (words[0] == "patch-package") return alone && files.patches;
  if (words[0] == "prisma") {  // the schema is copied for the client, which reads it too
    const auto* dependencies = package.find("dependencies");
    return words.size() == 2 && words[1] == "generate" && dependencies != nullptr &&
           dependencies->contains("@prisma/client");
  }
  return false;
}

}  // namespace

ScriptFiles find_script_files(const BuildContext& context, const std::string& directory) {
  if (!context.is_known()) return {};
  return {context.exists(join_context_path(directory, ".git")) || context.exists(".git"),
          !context.expand(join_context_path(directory, usual_patches)).empty()};
}

bool scripts_need_no_packages(const Json& package) {
  const auto* scripts = package.find("scripts");
  return scripts == nullptr || std::ranges::all_of(lifecycle_scripts, [&](const char* name) {
           if (!scripts->contains(name)) return true;
           const auto line = scripts->string_at(name);
           const auto parts = read_parts(line);
           return parts && !parts->empty() && std::ranges::all_of(*parts, needs_no_package);
         });
}

bool applies_patches(const Json& package) {
  const auto* scripts = package.find("scripts");
  return scripts != nullptr && std::ranges::any_of(lifecycle_scripts, [&](const char* name) {
           return scripts->string_at(name).find("patch-package") != std::string::npos;
         });
}

Obstacle lifecycle_script_obstacle(const Json& package, const ScriptFiles& files) {
  const auto* scripts = package.find("scripts");
  if (scripts == nullptr) return std::nullopt;
  for (const auto* name : lifecycle_scripts) {
    if (!scripts->contains(name)) continue;
    const auto line = scripts->string_at(name);
    const auto parts = read_parts(line);
    if (parts && !parts->empty() &&
        std::ranges::all_of(*parts, [&](const Part& part) { return is_harmless(package, part, files); }))
      continue;
    return Declined{std::string("package.json has the install lifecycle script `") + name +
                    "`, which may read the source"};
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
