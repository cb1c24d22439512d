#include "ecosystems/ruby/gems.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/needed_packages.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

std::string gem_name(std::string_view written) {
  std::string name(written);
  std::ranges::replace(name, '_', '-');
  return name;
}

// ---- Gemfile.lock ---------------------------------------------------------------------------------------------------

// `    nokogiri (1.15.4-x86_64-linux)`
void add_locked(std::string_view line, Gems& gems, std::string& last) {
  const auto words = split_words(line);
  if (words.size() != 2 || words[1].size() < 3 || words[1].front() != '(') return;
  const auto version = words[1].substr(1, words[1].find(')') - 1);
  last = gem_name(words[0]);
  auto& gem = gems.locked[last];
  gem.written = words[0];
  gem.version = version.substr(0, version.find('-'));
  gem.compiled |= version.find('-') == version.npos;
}

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

bool is_heading(std::string_view line) {
  return std::ranges::all_of(line, [](char c) { return ('a' <= c && c <= 'z') || c == ' '; });
}

// The text of lock files, in lower case, among other lines. Whether there is a lock file in it.
bool read_lock(std::string_view text, Gems& gems) {
  constexpr std::string_view headings[] = {"bundled with", "checksums", "dependencies",  "gem",         "git",
                                           "path",         "platforms", "plugin source", "ruby version"};
  bool found = false, in_path = false;
  std::string last;
  for (auto line : split_lines(text)) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto indented = indentation(line);
    if (indented == line.size()) continue;
    if (indented == 0 && is_heading(line) && std::ranges::find(headings, line) != std::end(headings)) {
      found |= line == "platforms" || line == "dependencies";
      in_path = line == "path";
      last.clear();
    } else if (indented == 2 && in_path && line.starts_with("  remote: ")) {
      gems.local.emplace_back(line.substr(10));
    } else if (indented == 4 && !in_path) {
      add_locked(line, gems, last);
    } else if (indented == 6 && !last.empty()) {
      gems.locked[last].brings.push_back(gem_name(split_words(line)[0]));
    }
  }
  return found;
}

// ---- Gemfile --------------------------------------------------------------------------------------------------------

// The text between quotes at the beginning; empty where there is none.
std::string_view quoted(std::string_view text) {
  text = text.substr(std::min(text.size(), text.find_first_not_of(" (")));
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) return {};
  const auto end = text.find(text[0], 1);
  return end == text.npos ? std::string_view() : text.substr(1, end - 1);
}

// `gem "pg", "~> 1.5"`. What brings more than it names is not read.
void read_gemfile(std::string_view text, Gems& gems) {
  constexpr std::string_view others[] = {"eval_gemfile", "gemspec", "instance_eval"};
  for (const auto line : split_lines(text)) {
    const auto part = trim_unicode(line);
    if (part.starts_with('#')) continue;
    for (const auto other : others)
      if (part.starts_with(other)) gems.unread = "`" + std::string(other) + "` in the Gemfile";
    for (auto at = part.find("gem"); at != part.npos; at = part.find("gem", at + 1)) {
      const bool begins = at == 0 || part[at - 1] == ' ' || part[at - 1] == '{' || part[at - 1] == ';';
      const auto rest = part.substr(at + 3);
      if (!begins || rest.empty() || (rest[0] != ' ' && rest[0] != '(')) continue;
      if (const auto name = quoted(rest); !name.empty()) gems.named.push_back(gem_name(name));
      else gems.unread = "`" + std::string(part) + "` in the Gemfile";
    }
  }
}

// `gem install foreman:0.87`
void add_command_lines(const Stage& stage, Gems& gems) {
  for (const auto& step : stage.steps) {
    if (!step.script) continue;
    for (const auto& use : step.script->uses) {
      if (use.tool->id != "gem" || use.action->kind != ActionKind::install) continue;
      for (const auto i : use.operands) {
        const auto& word = use.command->words[i];
        const auto name = to_lower_ascii(word.text());
        if (word.value.is_known()) gems.named.push_back(gem_name(name.substr(0, name.find(':'))));
        else gems.unread = "`" + first_words(word.raw, 60) + "`";
      }
    }
  }
}

bool installs_bundle(const Stage& stage) {
  return std::ranges::any_of(stage.steps, [](const Step& step) {
    return step.script && std::ranges::any_of(step.script->uses, [](const ToolUse& use) {
             return use.tool->id == "bundler" && use.action->kind == ActionKind::install;
           });
  });
}

}  // namespace

Gems find_gems(const Dockerfile& file, const Stage& stage) {
  Gems gems;
  add_command_lines(stage, gems);
  const bool locked = read_lock(read_package_names(file, stage, {"bundler", {"Gemfile.lock"}, {}}), gems);
  if (locked || !installs_bundle(stage)) return gems;
  const auto gemfile = read_package_names(file, stage, {"bundler", {"Gemfile"}, {}});
  if (gemfile.find("gem") == gemfile.npos && gemfile.find("source") == gemfile.npos)
    gems.unread = file.context().is_known() ? "the Gemfile" : "the build context";
  read_gemfile(gemfile, gems);
  return gems;
}

}  // namespace dockhew::inline ecosystems
