#include "ecosystems/node/package_scripts.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "text/json.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

// Programs that write only where they are told to, and never into `node_modules`.
bool is_known_program(std::string_view name) {
  constexpr std::string_view known[] = {"tsc",     "tsup",      "esbuild", "rollup", "swc",       "babel", "nest",
                                        "ncc",     "webpack",   "vite",    "rimraf", "copyfiles", "cpx",   "shx",
                                        "cpy-cli", "tsc-alias", "cp",      "mkdir",  "rm",        "echo"};
  return std::ranges::find(known, name) != std::end(known);
}

Declined not_known(const std::string& script) {
  return {"what the script `" + script + "` of package.json writes is not known"};
}

// The parts of a line between `&&`, trimmed; empty parts are dropped.
std::vector<std::string_view> parts_of(std::string_view line) {
  std::vector<std::string_view> parts;
  while (!line.empty()) {
    const auto end = line.find("&&");
    auto part = line.substr(0, end);
    line.remove_prefix(end == line.npos ? line.size() : end + 2);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    part = part.substr(0, part.find_last_not_of(' ') + 1);
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// `husky` of `npx --no-install husky`
std::string_view program_of(std::string_view part) {
  const auto words = split_words(part);
  std::size_t first = 0;
  if (!words.empty() && words[0] == "npx")
    for (first = 1; first < words.size() && words[first].starts_with('-');) ++first;
  return first < words.size() ? words[first] : "";
}

Obstacle add_commands(const Json& scripts, const std::string& name, int depth, std::vector<std::string>& commands) {
  constexpr int deepest = 4;
  for (const auto& hook : {"pre" + name, name, "post" + name}) {
    const auto* entry = scripts.find(hook);
    if (entry == nullptr) continue;
    if (!entry->is_string() || depth == deepest) return not_known(hook);
    const auto& line = *entry->string();
    if (line.find_first_of("|$`()<>'\"\\;") != line.npos) return not_known(hook);
    for (const auto part : parts_of(line)) {
      constexpr std::string_view run = "npm run ";
      if (part.find('&') != part.npos) return not_known(hook);
      if (!part.starts_with(run)) {
        commands.emplace_back(part);
        continue;
      }
      if (auto obstacle = add_commands(scripts, std::string(part.substr(run.size())), depth + 1, commands))
        return obstacle;
    }
  }
  if (!scripts.contains(name)) return Declined{"package.json has no script `" + name + "`"};
  return std::nullopt;
}

}  // namespace

Outcome<std::vector<std::string>> find_script_commands(const std::string& text, const std::string& script) {
  const auto package = parse_json(text).value;
  const auto* scripts = package.find("scripts");
  if (scripts == nullptr) return Declined{"package.json has no scripts"};
  std::vector<std::string> commands;
  if (auto obstacle = add_commands(*scripts, script, 0, commands)) return *obstacle;
  return commands;
}

std::vector<std::string> script_lines(const std::string& text, const ShellCommand& command) {
  const auto package = parse_json(text).value;
  const auto* scripts = package.find("scripts");
  std::vector<std::string> lines;
  if (scripts == nullptr) return lines;
  for (std::size_t i = 1; i < command.words.size(); ++i)
    for (const auto* prefix : {"pre", "", "post"})
      if (auto line = scripts->string_at(prefix + command.words[i].text()); !line.empty())
        lines.push_back(std::move(line));
  return lines;
}

std::string lines_at_installation(const std::string& text) {
  const auto package = parse_json(text).value;
  if (!package.is_object()) return text;
  const auto* scripts = package.find("scripts");
  if (scripts == nullptr) return {};
  std::string lines;
  std::vector<std::string> names(std::begin(lifecycle_scripts), std::end(lifecycle_scripts));
  std::set<std::string> seen;
  while (!names.empty()) {
    const auto name = names.back();
    names.pop_back();
    if (!scripts->contains(name) || !seen.insert(name).second) continue;
    const auto line = scripts->string_at(name);
    lines += line + '\n';
    for (const auto word : split_words(line))
      for (const auto* hook : {"pre", "", "post"}) names.push_back(hook + std::string(unquoted(word)));
  }
  return lines;
}

Obstacle package_script_obstacle(const std::string& text, const std::string& script) {
  const auto found = find_script_commands(text, script);
  if (!found) return found.declined();
  for (const auto& command : *found)
    if (command.find("node_modules") != command.npos || !is_known_program(command.substr(0, command.find(' '))))
      return not_known(script);
  return std::nullopt;
}

std::optional<std::string> script_writing_at_install(const std::string& text) {
  const auto package = parse_json(text).value;
  const auto* scripts = package.find("scripts");
  if (scripts == nullptr) return std::nullopt;
  for (const auto* name : lifecycle_scripts) {
    const auto* entry = scripts->find(name);
    if (entry == nullptr) continue;
    if (!entry->is_string()) return name;
    std::string_view rest = *entry->string();
    while (!rest.empty()) {
      const auto end = rest.find_first_of("&|;");
      auto part = rest.substr(0, end);
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
      part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
      const auto program = program_of(part);
      // They write into node_modules, into Git's settings, or not at all.
      constexpr std::string_view known[] = {"",     "husky", "prisma", "patch-package", "only-allow",      "is-ci",
                                            "echo", "true",  "exit",   "lefthook",      "simple-git-hooks"};
      if (std::ranges::find(known, program) == std::end(known)) return name;
    }
  }
  return std::nullopt;
}

bool takes_address(std::string_view option) {
  constexpr std::string_view options[] = {"--base",       "--base-href",  "--deploy-url", "--output-public-path",
                                          "--public-url", "--public-path"};
  return std::ranges::find(options, option) != std::end(options);
}

std::optional<std::string> script_path_outside(const std::string& text, const std::string& script) {
  const auto package = parse_json(text).value;
  const auto* scripts = package.find("scripts");
  if (scripts == nullptr) return std::nullopt;
  std::set<std::string> seen;
  std::vector<std::string> names = {script};
  while (!names.empty()) {
    const auto name = names.back();
    names.pop_back();
    for (const auto& hook : {"pre" + name, name, "post" + name}) {
      const auto* entry = scripts->find(hook);
      if (entry == nullptr || !entry->is_string() || !seen.insert(hook).second) continue;
      const auto& line = *entry->string();
      std::string before;
      for (std::size_t begin = 0, end = 0; begin < line.size(); begin = end + 1) {
        end = std::min(line.find_first_of(" \t\"'=;&|()<>", begin), line.size());
        auto word = line.substr(begin, end - begin);
        if (word.empty()) continue;
        if (takes_address(std::exchange(before, word))) continue;
        const bool outside = (word.starts_with('/') && word != "/dev/null") || word.starts_with("~/") ||
                             word.find("../") != word.npos || word == ".." || word.starts_with("$HOME");
        if (outside) return word;
        if (scripts->contains(word)) names.push_back(std::move(word));
      }
    }
  }
  return std::nullopt;
}

}  // namespace dockhew::inline ecosystems
